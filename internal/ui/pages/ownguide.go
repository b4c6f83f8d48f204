package pages

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"entrada/internal/app"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/safefile"
	"entrada/internal/ui/parts"
)

// showBuildGuide makes a guide for a vendor that is not listed, by asking.
func (w *Window) showBuildGuide() {
	w.enter()
	var wish guides.Wish
	abilities := guides.Abilities()
	ticked := make([]bool, len(abilities))
	choices := make([]parts.Choice, len(abilities))
	for i, a := range abilities {
		choices[i] = parts.Choice{Title: a.Label}
	}
	problem := parts.NewSlot()
	ready := func() { w.shell.EnablePrimary(wish.Vendor != "" && len(wish.Abilities) > 0) }
	name := parts.NewField(parts.FieldOptions{Label: "Name of the vendor", Hint: "As it is to stand in the portal and in your list.", Changed: func(text string) {
		wish.Vendor = strings.TrimSpace(text)
		ready()
	}})
	var redirect *parts.Field
	redirect = parts.NewField(parts.FieldOptions{Label: "Redirect URL (you may leave this empty)", Paste: true,
		Hint: "The vendor may call it callback URL or return URL. It starts with https://.", Changed: func(text string) {
			clean, _ := entra.CleanPaste(text)
			wish.RedirectURL = clean
			if clean == "" {
				redirect.SetStatus(parts.StatusNeutral, "")
			} else if s := entra.RedirectProblem(clean, false); s != "" {
				redirect.SetStatus(parts.StatusBad, s)
			} else {
				redirect.SetStatus(parts.StatusGood, "It has the right form.")
			}
		}})
	who := parts.NewRadioList("Who signs in?", []parts.Choice{
		{Title: "Each person signs in", Text: "The software works in the name of whoever connects. This is the usual way."},
		{Title: "The software works by itself", Text: "It reaches every mailbox of the organisation, unless it is limited afterwards."},
	}, 0, func(i int) { wish.ByItself = i == 1 })
	w.show(parts.Page{
		Title: "My vendor isn't listed",
		Lead:  "Tell us what the vendor's software is to do. The permissions follow from it.",
		Body: []fyne.CanvasObject{name,
			parts.SubHeading("What is it to do?"),
			parts.NewCheckList("What is it to do?", choices, ticked, func(i int, on bool) {
				ticked[i] = on
				wish.Abilities = nil
				for j, a := range abilities {
					if ticked[j] {
						wish.Abilities = append(wish.Abilities, a.ID)
					}
				}
				ready()
			}),
			parts.SubHeading("Who signs in?"), who, redirect, problem},
		Back: w.showCurrent,
		Primary: parts.Action{Label: "Next", Disabled: true, Do: func() {
			g, err := guides.Build(wish)
			if err != nil {
				problem.Fill(parts.NewCallout(parts.ToneBad, "This does not make a guide yet.", sentence(err)))
				return
			}
			w.showGuideSummary(g, w.showBuildGuide)
		}},
	})
}

// showOpenGuide opens a guide file. path is filled in where it is known.
func (w *Window) showOpenGuide(path string) {
	w.enter()
	if w.journey == nil {
		w.journey = journey.New(w.app)
	}
	problem := parts.NewSlot()
	var field *parts.Field
	open := func() {
		problem.Clear()
		name := strings.TrimSpace(field.Text())
		g, err := app.LoadGuide(name)
		if err != nil {
			field.SetStatus(parts.StatusBad, "This file cannot be used.")
			problem.Fill(parts.NewFaultBox(w.explained(err, map[explain.Action]func(){explain.ChooseFile: func() { w.window.Canvas().Focus(field.Entry()) }})))
			return
		}
		w.showGuideSummary(g, func() { w.showOpenGuide(name) })
	}
	field = parts.NewField(parts.FieldOptions{Label: "Guide file", Paste: true, Hint: "A file that ends in .toml, from your vendor or from a colleague.", Submit: open})
	browse := parts.Small("Browse …", func() {
		d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
			if err == nil && r != nil {
				field.SetText(r.URI().Path())
				_ = r.Close()
			}
		}, w.window)
		d.SetFilter(storage.NewExtensionFileFilter([]string{".toml"}))
		d.Show()
	})
	w.show(parts.Page{
		Title: "Open a guide file",
		Lead:  "You see what it asks for before anything happens. Reading it asks nobody anything.",
		Body:  []fyne.CanvasObject{field, parts.Wrap(0, browse), problem},
		Back:  w.showCurrent, Primary: parts.Action{Label: "Open", Do: open},
	})
	if path != "" {
		field.SetText(path)
	}
}

// showGuideSummary says what a guide brings, before it is used.
func (w *Window) showGuideSummary(g *guides.Guide, back func()) {
	w.enter()
	tone := parts.ToneWarning
	if g.Origin != guides.OriginFile {
		tone = parts.ToneInfo
	}
	title, text := g.Origin.Caution()
	body := []fyne.CanvasObject{parts.NewCallout(tone, title, text)}
	replaces := w.app.Replaces(g)
	if replaces != nil {
		body = append(body, parts.NewCallout(parts.ToneWarning, replaces.Title(), "", replacement(replaces)...))
	}
	if g.Origin == guides.OriginFile && g.Summary != "" {
		body = append(body, parts.Body("It says of itself: “"+g.Summary+"”"))
	}
	for _, s := range g.Overview() {
		body = append(body, overviewSection(s)...)
	}
	outcome := parts.NewSlot()
	body = append(body, outcome)
	w.show(parts.Page{
		Title: "A guide for " + g.Vendor, Lead: "This is all that it brings. Nothing has happened yet.", Body: body, Back: back,
		Links: []parts.Action{{Label: "Save a copy as a file", Do: func() { w.saveGuideCopy(g, outcome) }}},
		Primary: parts.Action{Label: "Use this guide", Do: func() {
			if replaces != nil {
				w.askToReplace(g, replaces)
				return
			}
			w.useGuide(g, w.app.AddGuide)
		}},
	})
}

func overviewSection(s guides.Section) []fyne.CanvasObject {
	list := []fyne.CanvasObject{parts.SubHeading(s.Heading)}
	switch {
	case s.Risky:
		list = append(list, parts.NewCallout(parts.ToneWarning, "", s.Why))
	case s.Why != "":
		list = append(list, parts.Muted(s.Why))
	}
	return append(list, parts.Surface(parts.Column(8, lines(s.Lines)...)))
}

func lines(list []guides.Line) []fyne.CanvasObject {
	rows := make([]fyne.CanvasObject, len(list))
	for i, l := range list {
		detail := parts.Caption(l.Detail)
		detail.Hidden = l.Detail == ""
		rows[i] = parts.Column(0, parts.Body(l.Text), detail)
	}
	return rows
}

// replacement says whom a replacement concerns and what changes.
func replacement(r *app.Replacement) []fyne.CanvasObject {
	var body []fyne.CanvasObject
	for _, words := range r.Words() {
		body = append(body, parts.Body(words))
	}
	return append(body, lines(r.Changes)...)
}

// askToReplace asks before a guide takes the place of another.
func (w *Window) askToReplace(g *guides.Guide, r *app.Replacement) {
	question, yes, no := r.Question()
	parts.NewDialog(parts.DialogOptions{
		Title: question, Body: parts.Column(8, replacement(r)...), Danger: true, Cancel: no,
		Primary: parts.Action{Label: yes, Do: func() { w.useGuide(g, w.app.ReplaceGuide) }},
	}).Open(w.window.Canvas())
}

// saveGuideCopy writes the guide where a colleague can be given it.
func (w *Window) saveGuideCopy(g *guides.Guide, outcome *parts.Slot) {
	path := filepath.Join(safefile.Documents(), safefile.SafeName(g.Vendor)+".guide.toml")
	data, err := guides.Encode(g)
	if err == nil {
		err = safefile.Write(path, data, safefile.Options{AnyFolder: true})
	}
	if err != nil {
		outcome.Fill(parts.NewFaultBox(w.explained(err, nil)))
		return
	}
	outcome.Fill(parts.NewCallout(parts.ToneGood, "Saved.", path))
}
