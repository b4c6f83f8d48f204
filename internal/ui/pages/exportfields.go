package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/explain"
	"entrada/internal/flow/deliver"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// fieldRows shows the vendor's fields as they will stand in the file.
func (p *exportPage) fieldRows(pkg handover.Package) fyne.CanvasObject {
	column := parts.Column(12)
	for i, f := range pkg.Fields {
		label, words := parts.Strong(f.Label), deliver.FieldWords(pkg, f, p.guide.Fields[i].From)
		switch {
		case p.guide.Fields[i].From == guides.FromSecretValue && p.guide.EnterYourself:
			column.Objects = append(column.Objects, parts.Column(4, label, p.secretRow(f.Label)))
			continue
		case words != "":
			column.Objects = append(column.Objects, parts.Column(4, label, parts.Muted(words)))
			continue
		}
		row := parts.Column(4, label, parts.NewCopyRow(f.Value, ""))
		if f.Note != "" {
			row.Objects = append(row.Objects, parts.Caption(f.Note))
		}
		column.Objects = append(column.Objects, row)
	}
	return column
}

// secretRow copies the secret for who enters it into the vendor's software. One
// that is not in memory is taken from where it is kept, when somebody wants it.
func (p *exportPage) secretRow(label string) fyne.CanvasObject {
	spoken := "the " + label
	if p.journey != nil && p.journey.HasSecret() {
		return parts.NewSecretRow(spoken, p.journey.Secret())
	}
	slot := parts.NewSlot()
	store, id := p.app.Connections, p.record.ID
	var take func()
	link := parts.NewLink("Get it to copy", func() { take() })
	take = func() {
		parts.Run(p.ctx, func(ctx context.Context) (secret.Value, error) { return store.Secret(ctx, id) },
			func(v secret.Value, err error) {
				if err != nil {
					can := canRetry(take)
					can[explain.Unlock] = take
					slot.Fill(parts.NewFaultBox(p.explained(err, can)))
					return
				}
				row := parts.NewSecretRow(spoken, v)
				slot.Put(row)
				p.window.Canvas().Focus(row.Button())
			})
	}
	slot.Put(parts.Wrap(0, link))
	return slot
}

// pasted goes on. The vendor has the secret now, so that no later try may replace
// it.
func (p *exportPage) pasted() {
	err := p.app.KeepRegistration(p.record)
	p.entered()
	if err != nil {
		p.tell("The registration could not be marked as finished", err)
	}
}

// ways asks how the vendor gets the values.
func (p *exportPage) ways() []fyne.CanvasObject {
	title, pair := "What to save", "Two files, which we recommend"
	var choices []parts.Choice
	first := thePair
	if p.guide.EnterYourself {
		title, pair = "How "+p.guide.Vendor+" gets the values", "Two files, for somebody else who enters them"
		choices, first = []parts.Choice{{Title: "I paste them into " + p.guide.Vendor + " myself",
			Text: "Copy each value from above. No file is needed, and nothing has to be sent."}}, noFile
	}
	choices = append(choices,
		parts.Choice{Title: pair,
			Text: "An encrypted file with everything in it, and a sheet about it without the secret."},
		parts.Choice{Title: "Another kind of file", Text: "A reminder for your calendar, or a file for developers."})
	cards := parts.NewChoiceCards(title, choices, p.way-first, func(i int) { p.chooseWay(i + first) })
	return []fyne.CanvasObject{parts.SubHeading(title), cards}
}
