package pages

import (
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/app"
	"entrada/internal/explain"
	"entrada/internal/flow"
	"entrada/internal/flow/prepare"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// showBuildGuide makes a guide for a vendor that is not listed, by asking.
func showBuildGuide(w *nav) { bring(w, prepare.NewGuide(bringing(w))) }

// bring draws the conversation about a guide that is not built in.
func bring(w *nav, s *flow.Screen) {
	talk(w, s, nil, w.showCurrent, func(e flow.Exit) {
		if e == flow.Done {
			w.next()
			return
		}
		w.showCurrent()
	})
}

func bringing(w *nav) prepare.Bringing { return prepare.Bringing{App: w.app, Journey: w.journey} }

// showOpenGuide opens a guide file. path is filled in where it is known.
func showOpenGuide(w *nav, path string) {
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
			problem.Fill(
				parts.NewFaultBox(
					w.explained(err,
						map[explain.Action]func(){explain.ChooseFile: func() {
							w.window.Canvas().Focus(
								field.Entry())
						}})))
			return
		}
		bring(w, prepare.Bring(bringing(w), g))
	}
	field = parts.NewField(
		parts.FieldOptions{Label: "Guide file", Paste: true,
			Hint: "A file that ends in .toml, from your vendor or from a colleague.", Submit: open})
	w.show(parts.Page{
		Title: "Open a guide file",
		Lead:  prepare.GuideFileLead,
		Body:  []fyne.CanvasObject{field, parts.Wrap(0, w.browse(field, ".toml")), problem},
		Back:  w.showCurrent, Primary: parts.Action{Label: "Open", Do: open},
	})
	if path != "" {
		field.SetText(path)
	}
}
