package pages

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/fault"
	"entrada/internal/flow/prove"
	"entrada/internal/ui/parts"
)

// reportWishes are how the report is wanted. Names and addresses stay out until
// somebody wants them in: a ticket is read by more people than one thinks, and
// the IDs in it are enough to find the sign-in at Microsoft.
type reportWishes struct {
	withPeople bool
	format     int
}

// The formats of a report, in the order of the choices.
const (
	asText = iota
	asJSON
	asPage
)

var (
	reportFormats = []string{"Text", "JSON", "Web page (HTML)"}
	reportSuffix  = []string{"txt", "json", "html"}
)

// report is what to send to whoever can mend it.
type report struct {
	*nav
	ctx    context.Context
	tested prove.Outcome
	name   string // of what was tested
	wishes *reportWishes
}

func newReport(w *nav, ctx context.Context, tested prove.Outcome, name string, wishes *reportWishes) *report {
	return &report{w, ctx, tested, name, wishes}
}

// text is the report as it is wanted.
func (p *report) text() string {
	r := p.tested.Report
	if !p.wishes.withPeople {
		r = r.WithoutPeople()
	}
	switch p.wishes.format {
	case asJSON:
		text, err := r.JSON("")
		if err == nil {
			return text + "\n"
		}
	case asPage:
		text, err := r.HTML()
		if err == nil {
			return text
		}
	}
	return r.Text() // made without anything that could fail
}

// part is what to send to whom can mend it: who is named in it, in which
// form, and what it says.
func (p *report) part() fyne.CanvasObject {
	column := parts.Column(8, parts.SubHeading("Report for a ticket"))
	preview := parts.Column(0)
	open := false
	show := func() {
		preview.Objects = nil
		if open {
			preview.Objects = []fyne.CanvasObject{parts.Selectable(p.text())}
		}
		preview.Refresh()
	}
	if people := p.tested.Report.People(); len(people) > 0 {
		// What is personal is seen before it is copied.
		column.Objects = append(column.Objects,
			parts.NewCheckBox("Leave out names and addresses", !p.wishes.withPeople, func(on bool) {
				p.wishes.withPeople = !on
				p.reshow(show)
			}),
			parts.Caption("With them, it would name: "+strings.ReplaceAll(strings.Join(people, ", "), "**", "")+"."))
	} else {
		column.Objects = append(column.Objects, parts.Caption("It names nobody, and holds no secret."))
	}
	format := parts.NewSelect("Form of the report", reportFormats, p.wishes.format, func(i int) {
		p.wishes.format = i
		p.reshow(show)
	})
	column.Objects = append(column.Objects,
		parts.Wrap(12, format, parts.NewCopyButton("Copy", p.text), parts.Small("Save as a file …", p.askWhere)))
	fold := parts.NewFold("See what it says", preview)
	fold.Opened = func(on bool) {
		open = on
		p.reshow(show)
	}
	column.Objects = append(column.Objects, fold)
	return column
}

// reshow changes the preview and gives the page its new height.
func (p *report) reshow(show func()) {
	show()
	p.shell.Refresh()
}

// askWhere asks where the report is to be saved.
func (p *report) askWhere() {
	p.askPath(prove.ReportPath(p.app, p.name, p.app.Now(), reportSuffix[p.wishes.format]), "")
}

func (p *report) askPath(path, problem string) {
	var field *parts.Field
	var dialog *parts.Dialog
	save := func() {
		dialog.Close()
		p.save(strings.TrimSpace(field.Text()), false)
	}
	field = parts.NewField(parts.FieldOptions{Label: "Save as", Submit: save})
	field.SetText(path)
	if problem != "" {
		field.SetStatus(parts.StatusBad, problem)
	}
	dialog = parts.NewDialog(parts.DialogOptions{
		Title: "Save the report", Body: field, First: field.Entry(),
		Primary: parts.Action{Label: "Save", Do: func() { p.save(strings.TrimSpace(field.Text()), false) }},
	})
	dialog.Open(p.window.Canvas())
}

func (p *report) save(path string, overwrite bool) {
	if !filepath.IsAbs(path) {
		p.askPath(path, "Type the whole path, with the folder.")
		return
	}
	text := p.text()
	parts.Run(p.ctx, func(context.Context) (struct{}, error) {
		return struct{}{}, prove.SaveReport(path, text, overwrite)
	}, func(_ struct{}, err error) {
		switch {
		case fault.Is(err, fault.FileExists):
			parts.NewDialog(parts.DialogOptions{
				Title: "Replace the file?", Body: parts.Body("There is a file of this name already: " + path),
				Danger:  true,
				Primary: parts.Action{Label: "Replace it", Do: func() { p.save(path, true) }},
			}).Open(p.window.Canvas())
		case fault.Is(err, fault.FolderNotFound):
			p.askPath(path, "There is no folder "+filepath.Dir(path)+". Choose another place.")
		case err != nil:
			p.tell("The report could not be saved", err)
		default:
			p.say("The report is saved", path)
		}
	})
}
