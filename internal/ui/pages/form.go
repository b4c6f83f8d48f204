package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/explain"
	"entrada/internal/flow"
	"entrada/internal/ui/parts"
)

// form is what is typed and ticked on a screen.
type form struct{ fields []drawn }

// drawn is a field of a flow, and what shows it.
type drawn struct {
	*flow.Field
	text *parts.Field // nil for one to choose in
	said *parts.Slot  // what is wrong with a choice
}

func (c *painter) form(b flow.Form, f *form) (objects []fyne.CanvasObject) {
	for _, field := range b.Fields {
		d := drawn{Field: field}
		if len(field.Options) > 0 {
			d.said = parts.NewSlot()
			objects = append(objects, parts.SubHeading(field.Label), chooser(field), d.said)
		} else {
			d.text = d.entry()
			objects = append(objects, d.text)
			if field.Files != nil {
				objects = append(objects, parts.Wrap(0, c.browse(d.text, field.Files...)))
			}
			if field.Try != nil {
				objects = append(objects, d.try(c.ctx))
			}
		}
		f.fields = append(f.fields, d)
	}
	return objects
}

func chooser(f *flow.Field) fyne.CanvasObject {
	choices, on, chosen := make([]parts.Choice, len(f.Options)), make([]bool, len(f.Options)), 0
	for i, o := range f.Options {
		choices[i], on[i] = parts.Choice{Title: o.Label, Text: o.Text}, o.On
		if o.On {
			chosen = i
		}
	}
	if f.Many {
		return parts.NewCheckList(f.Label, choices, on, func(i int, ticked bool) {
			on[i] = ticked
			f.Choose(on)
		})
	}
	return parts.NewRadioList(f.Label, choices, chosen, func(i int) {
		clear(on)
		on[i] = true
		f.Choose(on)
	})
}

func (d drawn) entry() *parts.Field {
	var field *parts.Field
	field = parts.NewField(parts.FieldOptions{
		Label: d.Question(), Hint: d.Hint, Mono: d.Mono, Secret: d.Hidden, Paste: !d.Hidden,
		Changed: func(text string) {
			d.Type(text)
			switch err := d.Judge(text); {
			case text == "":
				field.SetStatus(parts.StatusNeutral, "")
			case err != nil:
				field.SetStatus(parts.StatusBad, explain.Sentence(err))
			case d.Good != "":
				field.SetStatus(parts.StatusGood, d.Good)
			default:
				field.SetStatus(parts.StatusNeutral, "")
			}
		},
	})
	wrong := d.Wrong
	if d.Value != "" {
		field.SetText(d.Value)
	}
	if wrong != "" {
		field.SetStatus(parts.StatusBad, wrong)
	}
	return field
}

// try is a button that tries something out with what was typed.
func (d drawn) try(ctx context.Context) fyne.CanvasObject {
	answer := parts.Caption(d.Try.Hint)
	var button *parts.Button
	button = parts.Small(d.Try.Label, func() {
		text := d.Value
		if err := d.Judge(text); err != nil {
			d.text.SetStatus(parts.StatusBad, explain.Sentence(err))
			return
		}
		button.SetEnabled(false)
		answer.SetText("Trying …")
		parts.Run(ctx, func(ctx context.Context) (string, error) { return d.Try.Do(ctx, text), nil },
			func(words string, _ error) {
				button.SetEnabled(true)
				answer.SetText(words)
			})
	})
	return parts.Column(4, parts.Wrap(0, button), answer)
}

// right goes to the first entry that has to be looked at before the screen can
// be left, and says there what is missing.
func (f *form) right() bool {
	for _, d := range f.fields {
		err := d.Judge(d.Text())
		if err == nil {
			continue
		}
		if d.text == nil {
			d.said.Fill(parts.NewCallout(parts.ToneBad, "", explain.Sentence(err)))
			return false
		}
		d.text.SetStatus(parts.StatusBad, explain.Sentence(err))
		d.text.Replace()
		return false
	}
	return true
}
