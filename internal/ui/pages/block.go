package pages

import (
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/explain"
	"entrada/internal/flow"
	"entrada/internal/ui/parts"
	"entrada/internal/ui/theme"
)

// block draws a part of a screen. A form's fields are added to f.
func (c *painter) block(b flow.Block, f *form) []fyne.CanvasObject {
	switch b := b.(type) {
	case flow.Text:
		switch {
		case b.Plain:
			return []fyne.CanvasObject{parts.Selectable(b.Words)}
		case b.Quiet:
			return []fyne.CanvasObject{parts.Muted(b.Words)}
		}
		return []fyne.CanvasObject{parts.Body(b.Words)}
	case flow.Group:
		return c.group(b, f)
	case flow.Steps:
		return headed(b.Heading, numbered(b.Items)...)
	case flow.List:
		return []fyne.CanvasObject{listed(b)}
	case flow.Callout:
		return []fyne.CanvasObject{c.callout(b)}
	case flow.Rows:
		return headed(b.Heading, c.lines(b))
	case flow.Fault:
		return []fyne.CanvasObject{parts.NewFaultBox(c.view(b.Explanation, c.does(b.Can)))}
	case flow.Value:
		return []fyne.CanvasObject{valued(b)}
	case flow.Form:
		return c.form(b, f)
	}
	return nil
}

// does are the steps that an error's next click may be.
func (c *painter) does(can map[explain.Action]flow.Step) map[explain.Action]func() {
	does := map[explain.Action]func(){}
	for a, step := range can {
		does[a] = c.step(step)
	}
	return does
}

func (c *painter) group(g flow.Group, f *form) []fyne.CanvasObject {
	column := parts.Column(12)
	for _, b := range g.Blocks {
		column.Objects = append(column.Objects, c.block(b, f)...)
	}
	if g.Folded {
		return []fyne.CanvasObject{parts.NewFold(g.Heading, column)}
	}
	return headed(g.Heading, parts.Surface(column))
}

// valued is a value below its label, in which nothing is taken for markup.
func valued(v flow.Value) fyne.CanvasObject {
	label := parts.NewText(parts.Style{Size: theme.TextSize, Color: theme.ColorNameText, Bold: true},
		parts.Piece{Text: v.Label})
	column := parts.Column(4, label)
	switch {
	case v.Show:
		column.Objects = append(column.Objects, parts.NewPassphraseRow("the "+strings.ToLower(v.Label), v.Secret))
	case !v.Secret.IsEmpty():
		column.Objects = append(column.Objects, parts.NewSecretRow("the "+v.Label, v.Secret))
	case v.Text != "":
		column.Objects = append(column.Objects, parts.NewCopyRow(v.Text, ""))
	}
	if v.Note != "" {
		column.Objects = append(column.Objects, parts.Caption(v.Note))
	}
	return column
}

func headed(heading string, objects ...fyne.CanvasObject) []fyne.CanvasObject {
	if heading == "" {
		return objects
	}
	return append([]fyne.CanvasObject{parts.SubHeading(heading)}, objects...)
}

func numbered(items []flow.Item) []fyne.CanvasObject {
	list := make([]fyne.CanvasObject, len(items))
	for i, item := range items {
		var below []fyne.CanvasObject
		if len(item.Details) > 0 {
			details := parts.Column(1)
			for _, d := range item.Details {
				details.Objects = append(details.Objects, parts.Caption(d))
			}
			below = append(below, details)
		}
		if item.Warning != "" {
			below = append(below, parts.Caption("**"+item.Warning+"**"))
		}
		list[i] = parts.NewNumberedStep(i+1, parts.Body(item.Words), below...)
	}
	return list
}

func listed(l flow.List) fyne.CanvasObject {
	point, gap := "· ", float32(4)
	if l.Facts {
		point, gap = "", 2
	}
	column := parts.Column(gap, parts.Strong(l.Heading))
	if l.Note != "" {
		column.Objects = append(column.Objects, parts.Caption(l.Note))
	}
	for _, words := range l.Items {
		column.Objects = append(column.Objects, parts.Body(point+words))
	}
	return parts.Surface(column)
}

var tones = map[flow.Tone]parts.Tone{
	flow.Info: parts.ToneInfo, flow.Differs: parts.ToneDiffers, flow.Warning: parts.ToneWarning,
	flow.Good: parts.ToneGood, flow.Bad: parts.ToneBad,
}

func (c *painter) callout(b flow.Callout) fyne.CanvasObject {
	var below []fyne.CanvasObject
	if len(b.Items) > 0 {
		column := parts.Column(6)
		for _, words := range b.Items {
			column.Objects = append(column.Objects, parts.Body("· "+words))
		}
		below = append(below, column)
	}
	if len(b.Choices) > 0 {
		row := parts.Wrap(8)
		for _, a := range c.actions(b.Choices) {
			row.Objects = append(row.Objects, parts.Small(a.Label, a.Do))
		}
		below = append(below, row)
	}
	return parts.NewCallout(tones[b.Tone], b.Title, b.Words, below...)
}

var states = map[flow.State]parts.CheckState{
	flow.Waiting: parts.CheckWaiting, flow.Running: parts.CheckRunning, flow.Well: parts.CheckDone,
	flow.Failed: parts.CheckFailed,
	flow.Warned: parts.CheckWarned, flow.Unknown: parts.CheckUnknown,
	flow.Skipped: parts.CheckSkipped, flow.NotAsked: parts.CheckSkipped,
}

func rowOf(r flow.Row) parts.Check {
	return parts.Check{State: states[r.State], Title: r.Title, Detail: r.Detail, Time: r.Time}
}

func checksOf(rows []flow.Row) []parts.Check {
	list := make([]parts.Check, len(rows))
	for i, r := range rows {
		list[i] = rowOf(r)
	}
	return list
}

// lines draws rows; the first ones of a screen are what its work reports to.
func (c *painter) lines(b flow.Rows) fyne.CanvasObject {
	rows := checksOf(b.List)
	list := parts.NewResultList(rows...)
	if b.Quiet {
		list = parts.NewChecklist(rows...)
	}
	for i, r := range b.List {
		actions := c.actions(r.Choices)
		if r.Address != "" {
			actions = append(actions,
				parts.Action{Label: "Show me where", External: true, Do: func() { c.openLink(r.Address) }})
		}
		list.SetActions(i, actions...)
	}
	if c.rows == nil {
		c.rows = list
	}
	return parts.Surface(list)
}
