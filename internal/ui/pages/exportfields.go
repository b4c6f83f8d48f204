package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/flow/deliver"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// exportFields shows what the vendor gets, and copies the secret where somebody
// enters it by hand.
type exportFields struct {
	*nav
	ctx    context.Context
	record connections.Record
	guide  *guides.Guide
}

// list shows the vendor's fields as they will stand in the file.
func (p *exportFields) list(pkg handover.Package) fyne.CanvasObject {
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
func (p *exportFields) secretRow(label string) fyne.CanvasObject {
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
