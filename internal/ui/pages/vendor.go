package pages

import (
	"fyne.io/fyne/v2"

	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/prepare"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// begin starts a new journey, with a vendor if its name is known. Where another one
// is unfinished, it asks first: there is one place to remember.
func begin(w *nav, vendorID string) {
	unfinished, _ := journey.Resume(w.app) // that it cannot be read stands on the first page
	if w.journey != nil || unfinished == nil {
		beginAnew(w, vendorID)
		return
	}
	name := unfinished.Guide().Vendor
	parts.NewDialog(parts.DialogOptions{
		Title: "You were setting up " + name,
		Body: parts.Body("You can go on at “" + unfinished.Page().Title +
			"”. If you begin anew, that place is forgotten; what was done in the portal stays."),
		Others:  []parts.Action{{Label: "Begin anew", Do: func() { beginAnew(w, vendorID) }}},
		Primary: parts.Action{Label: "Go on there", Do: func() { goOnWith(w, unfinished) }},
	}).Open(w.window.Canvas())
}

func goOnWith(w *nav, unfinished *journey.Journey) {
	w.journey = unfinished
	w.showCurrent()
}

func beginAnew(w *nav, vendor string) {
	w.journey = journey.New(w.app)
	if g := w.app.GuideNamed(vendor); g != nil {
		w.journey.ChooseVendor(g)
		w.next()
		return
	}
	w.showCurrent()
}

func showVendor(w *nav) {
	w.enter()
	all := w.app.EveryGuide()
	choices := make([]parts.Choice, len(all))
	chosen := -1
	for i, g := range all {
		choices[i] = parts.Choice{Title: g.Label(), Text: g.Summary}
		if w.journey.Guide() != nil && w.journey.Guide().ID == g.ID {
			chosen = i
		}
	}
	missing := parts.NewSlot()
	list := parts.NewChoiceCards("Vendor", choices, chosen, func(i int) {
		w.journey.ChooseVendor(all[i])
		missing.Clear()
		w.shell.EnablePrimary(true)
		w.updateRail()
	})
	w.show(parts.Page{
		Title: w.journey.Page().Title,
		Lead:  prepare.VendorQuestion,
		Body:  []fyne.CanvasObject{missing, list},
		Back:  w.ShowHome,
		Links: []parts.Action{
			{Label: prepare.NotListed, Do: func() { showBuildGuide(w) }},
			{Label: "Open a guide file", Do: func() { showOpenGuide(w, "") }},
			{Label: "Open a request", Do: func() { showOpenRequest(w) }},
		},
		Primary: parts.Action{Label: "Next", Do: w.next, Disabled: chosen < 0, Missing: func() {
			missing.Fill(parts.NewCallout(parts.ToneBad, "", fault.Sentence(w.journey.Missing(journey.PageVendor))))
		}},
	})
}

// showNeeds says what is needed before the portal is opened, and asks for what
// the vendor gives first.
func showNeeds(w *nav) {
	talk(w, prepare.Needs(w.journey), nil, w.back, func(flow.Exit) { w.next() })
}
