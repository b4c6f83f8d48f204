package pages

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/flow/deliver"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/ui/parts"
)

// The ways to export.
const (
	noFile     = iota - 1 // the admin enters the values
	thePair               // the encrypted file, and the sheet beside it
	singleFile            // one of the formats
)

// exportChoice is what is exported, in which form and to where.
type exportChoice struct {
	running app.App
	record  connections.Record
	guide   *guides.Guide
	way     int
	single  handover.Format

	path      *parts.Field
	suggested string      // the path that we filled in
	risk      *parts.Slot // what speaks against the folder
}

func newExportChoice(a app.App, r connections.Record, g *guides.Guide, save func()) *exportChoice {
	c := &exportChoice{running: a, record: r, guide: g, risk: parts.NewSlot()}
	c.single, _ = handover.FormatByID(handover.FormatCalendar)
	c.path = parts.NewField(parts.FieldOptions{Label: "Save as", Changed: c.pathChanged, Submit: save})
	return c
}

// format is that of the file whose name is asked for.
func (c *exportChoice) format() handover.Format {
	if c.way == singleFile {
		return c.single
	}
	return deliver.Pair("")[0].Format
}

// outputs lists the files, the one whose name was asked for first.
func (c *exportChoice) outputs(path string) []deliver.Output {
	if c.way == thePair {
		return deliver.Pair(path)
	}
	return []deliver.Output{{Format: c.format(), Path: path}}
}

func (c *exportChoice) saveLabel() string {
	if c.way == thePair {
		return "Save the two files"
	}
	return "Save the file"
}

// preview is what would be written now.
func (c *exportChoice) preview() fyne.CanvasObject {
	pkg := deliver.Package(c.running, c.record, c.guide, deliver.Secrets{})
	column := parts.Column(12)
	for _, o := range c.outputs(c.path.Text()) {
		text, err := o.Format.Preview(pkg)
		if err != nil {
			column.Objects = append(column.Objects,
				parts.NewCallout(parts.ToneWarning, "There is nothing to write.", explain.Sentence(err)))
			continue
		}
		column.Objects = append(column.Objects, parts.Strong(o.Format.Title),
			parts.Selectable(strings.TrimRight(text, "\n")))
	}
	return column
}

// suggest fills in a file name, unless the person typed one.
func (c *exportChoice) suggest() {
	if text := c.path.Text(); text != "" && text != c.suggested {
		c.path.SetText(deliver.Renamed(text, c.format()))
		return
	}
	c.suggested = deliver.Suggest(c.running, c.record, c.guide, c.format())
	c.path.SetText(c.suggested)
}

func (c *exportChoice) pathChanged(text string) {
	c.risk.Clear()
	c.path.SetStatus(parts.StatusNeutral, "")
	if c.way == thePair {
		c.path.SetStatus(parts.StatusNeutral,
			"The sheet goes beside it: "+filepath.Base(c.outputs(strings.TrimSpace(text))[1].Path))
	}
	if words := deliver.FolderWarning(text, c.format().Sealed); words != "" {
		c.risk.Fill(parts.NewCallout(parts.ToneWarning, "", words))
	}
}

// ways asks how the vendor gets the values.
func (c *exportChoice) ways(choose func(way int)) []fyne.CanvasObject {
	title, pair := "What to save", "Two files, which we recommend"
	var choices []parts.Choice
	first := thePair
	if c.guide.EnterYourself {
		title, pair = "How "+c.guide.Vendor+" gets the values", "Two files, for somebody else who enters them"
		choices, first = []parts.Choice{{Title: "I paste them into " + c.guide.Vendor + " myself",
			Text: "Copy each value from above. No file is needed, and nothing has to be sent."}}, noFile
	}
	choices = append(choices,
		parts.Choice{Title: pair,
			Text: "An encrypted file with everything in it, and a sheet about it without the secret."},
		parts.Choice{Title: "Another kind of file", Text: "A reminder for your calendar, or a file for developers."})
	cards := parts.NewChoiceCards(title, choices, c.way-first, func(i int) { choose(i + first) })
	return []fyne.CanvasObject{parts.SubHeading(title), cards}
}

// kinds offers the formats of a single file.
func (c *exportChoice) kinds(changed func()) fyne.CanvasObject {
	formats := handover.Formats()
	choices, at := make([]parts.Choice, len(formats)), 0
	for i, f := range formats {
		choices[i] = parts.Choice{Title: f.Title, Text: f.For}
		if f.ID == c.single.ID {
			at = i
		}
	}
	return parts.NewRadioList("Kind of file", choices, at, func(i int) {
		c.single = formats[i]
		changed()
	})
}
