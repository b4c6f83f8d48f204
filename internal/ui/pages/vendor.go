package pages

import (
	"fyne.io/fyne/v2"

	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// begin starts a new journey, with a vendor if its ID is known.
func (w *Window) begin(vendorID string) {
	w.journey = journey.New(w.world)
	if g := guides.ByID(vendorID); g != nil {
		w.journey.ChooseVendor(g)
		w.next()
		return
	}
	w.showCurrent()
}

func (w *Window) showVendor() {
	w.enter()
	all := guides.BuiltIn()
	choices := make([]parts.Choice, len(all))
	chosen := -1
	for i, g := range all {
		choices[i] = parts.Choice{Title: g.Vendor, Text: g.Summary}
		if w.journey.Guide() == g {
			chosen = i
		}
	}
	list := parts.NewChoiceCards("Vendor", choices, chosen, func(i int) {
		w.journey.ChooseVendor(all[i])
		w.shell.EnablePrimary(true)
		w.updateRail()
	})
	w.show(parts.Page{
		Title:   w.journey.Page().Title,
		Lead:    "Somebody asked you for a Client ID and a Client Secret for Outlook. Whose software is it for?",
		Body:    []fyne.CanvasObject{list},
		Back:    w.ShowHome,
		Primary: parts.Action{Label: "Next", Do: w.next, Disabled: chosen < 0},
	})
}
