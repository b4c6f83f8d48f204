package pages

import (
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/flow"
	"entrada/internal/flow/administer"
	"entrada/internal/flow/prove"
	"entrada/internal/ui/parts"
)

// showJourneyTest proves what the journey has come to.
func showJourneyTest(w *nav) {
	talk(w, prove.Journey(w.app, w.journey), nil, w.back, func(e flow.Exit) {
		if e == flow.Moved {
			w.showCurrent()
			return
		}
		w.next()
	})
}

// showDoIt lets Entrada register the app.
func showDoIt(w *nav) {
	s, err := administer.Register(w.app, w.journey)
	talk(w, s, err, w.back, func(flow.Exit) { w.next() })
}

// showCheck looks whether the registration of the journey is what the vendor
// needs. onward is what its last button says, and where it leads.
func showCheck(w *nav, label string, onward func()) {
	over := flow.Over(flow.Done)
	skip, on := flow.Choice{ID: "skip", Label: "Skip the check", Next: over},
		flow.Choice{ID: "go on", Label: label, Next: over}
	s, err := administer.Check(w.app, w.journey, nil, skip, on)
	talk(w, s, err, w.showCurrent, func(flow.Exit) { onward() })
}

// checkSaved looks whether the registration of a saved connection still is what
// the vendor needs.
func checkSaved(w *nav, r connections.Record) {
	s, err := administer.CheckSaved(w.app, r, func(r connections.Record) *flow.Screen { return renewal(w, r) })
	talkFromHome(w, s, err, "It cannot be checked")
}

// showOpenRequest opens a request that a colleague without the role has sent.
func showOpenRequest(w *nav) {
	w.enter()
	problem := parts.NewSlot()
	var field *parts.Field
	open := func() {
		problem.Clear()
		plan, err := administer.ReadRequest(strings.TrimSpace(field.Text()))
		if err != nil {
			field.SetStatus(parts.StatusBad, "This file cannot be used.")
			problem.Fill(parts.NewFaultBox(w.explained(err, nil)))
			return
		}
		s, err := administer.Request(w.app, plan)
		talkFromHome(w, s, err, "This request cannot be carried out here")
	}
	field = parts.NewField(parts.FieldOptions{
		Label: "Request file", Paste: true, Hint: "A file that ends in .json, from a colleague who uses Entrada.",
		Submit: open,
	})
	w.journey = nil
	w.show(parts.Page{
		Title: "Open a request", Lead: "You see what it asks for before anything happens.", Wide: true,
		Body: []fyne.CanvasObject{field, problem}, Back: w.ShowHome, Cancel: w.ShowHome,
		Primary: parts.Action{Label: "Open", Do: open},
	})
}
