package pages

import (
	"testing"

	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/app"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// Somebody starts the program once more: from the first page it goes where that
// start wanted to; in the middle of something it stays, and says why.
func TestStartedOnceMore(t *testing.T) {
	r := newRig(t, large(), fynetheme.VariantLight)
	r.OnSecondLaunch(app.Launch{})
	r.untilTitle("Connect an app to Outlook")
	r.OnSecondLaunch(app.Launch{Test: "nothing of the kind"})
	r.untilTitle("Test values that you type in")

	r.fillTo("oxfordiq", journey.PagePaste)
	was := r.window.Title()
	r.OnSecondLaunch(app.Launch{})
	if r.window.Canvas().Overlays().Top() != nil {
		t.Error("it says something where nothing was asked for")
	}
	for range 2 { // the second time the answer to the first is still there
		r.OnSecondLaunch(app.Launch{Vendor: "xkit"})
		if r.window.Title() != was || len(r.window.Canvas().Overlays().List()) != 1 {
			t.Errorf("%q, %d dialogs", r.window.Title(), len(r.window.Canvas().Overlays().List()))
		}
	}
	r.snap("asked-in-the-middle")
	r.window.Canvas().Overlays().Top().(*parts.Dialog).Close()
	r.ShowHome()
	r.OnSecondLaunch(app.Launch{Vendor: "xkit"})
	r.press("Begin anew") // OxfordIQ is unfinished
	r.untilTitle("Which organisation is it for?")
}
