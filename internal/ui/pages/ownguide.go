package pages

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

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
		w.journey = journey.New(w.world)
	}
	problem := parts.NewSlot()
	var field *parts.Field
	open := func() {
		problem.Clear()
		name := strings.TrimSpace(field.Text())
		g, err := journey.LoadGuide(name)
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

// showGuideSummary says what a guide asks for and what that allows.
func (w *Window) showGuideSummary(g *guides.Guide, back func()) {
	w.enter()
	body := []fyne.CanvasObject{
		parts.NewCallout(parts.ToneWarning, "Nobody vouches for this guide.", "It was not made by us. Go on only if you know where it comes from, and if what stands below is what you expect."),
	}
	reach := "In the mailbox of each person who connects, and never beyond"
	if g.AppOnly() {
		reach = "In **every mailbox of the organisation**, unless you limit it afterwards"
	}
	can := parts.Column(8)
	for _, p := range g.Wanted(g.DefaultFeatures()) {
		known, _ := entra.PermissionByName(p.Name)
		does := known.Does
		if p.Kind == guides.Application {
			does = known.DoesAll
		}
		can.Objects = append(can.Objects, parts.Column(0, parts.Body(strings.ToUpper(does[:1])+does[1:]), parts.Caption("Microsoft calls it "+p.Name+".")))
	}
	var labels []string
	for _, f := range g.Fields {
		labels = append(labels, f.Label)
	}
	for _, r := range g.Redirects {
		if r.URL != "" {
			body = append(body, parts.Body("People are sent back to **"+r.URL+"** after the sign-in."))
		}
	}
	body = append(body, parts.SubHeading("What "+g.Vendor+" could do"), parts.Body(reach+":"), parts.Surface(can),
		parts.Body("You hand over: **"+strings.Join(labels, "**, **")+"**."))
	outcome := parts.NewSlot()
	body = append(body, outcome)
	w.show(parts.Page{
		Title: "A guide for " + g.Vendor, Lead: g.Summary, Body: body, Back: back,
		Links:   []parts.Action{{Label: "Save a copy as a file", Do: func() { w.saveGuideCopy(g, outcome) }}},
		Primary: parts.Action{Label: "Use this guide", Do: func() { w.useGuide(g) }},
	})
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
