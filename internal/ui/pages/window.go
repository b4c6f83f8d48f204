package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/app"
	"entrada/internal/flow/deliver"
	"entrada/internal/journey"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// Window is the one window of the program.
type Window struct{ *nav }

// OpenWindow fills a window with the home page and returns it. ctx is the program's
// life; cancelling it ends whatever a page has under way. practise starts the
// program on the practice organisation; nil where that is not offered.
func OpenWindow(ctx context.Context, window fyne.Window, a app.App, practise func() error) *Window {
	f := &nav{app: a, window: window, practise: practise, parcels: deliver.Parcels{}, program: ctx, page: ctx,
		leave: func() {}}
	f.current, f.toHome, f.toStop = func() { showPage(f) }, func() { showHome(f) }, func() { askToLeave(f) }
	f.toEnd = window.Close
	w := &Window{f}
	w.shell = parts.NewShell(window.Canvas(), parts.NewRail("Entrada"), w.setTitle)
	if a.Cloud.IsPractice() {
		w.shell.SetBar(practiceBar(f))
	}
	window.SetContent(w.shell)
	window.SetCloseIntercept(func() { askToClose(f) })
	a.Connections.AskPassphrase(
		func(ctx context.Context, again bool) (secret.Value, error) { return askPassphrase(ctx, w.nav, again) })
	w.ShowHome()
	return w
}

// OnLaunch opens the page that the program was started for.
func (w *Window) OnLaunch(wish app.Launch) {
	switch {
	case wish.Vendor != "":
		begin(w.nav, wish.Vendor)
	case wish.Guide != "":
		showOpenGuide(w.nav, wish.Guide)
	case wish.Test != "":
		w.beginTest(wish.Test)
	}
}

// OnSecondLaunch is for somebody who starts the program once more: the window comes to
// the front. Only from the first page it goes where that start wanted to; on any
// other, somebody is in the middle of something.
func (w *Window) OnSecondLaunch(wish app.Launch) {
	w.window.RequestFocus()
	switch {
	case w.window.Canvas().Overlays().Top() != nil:
	case w.home:
		w.OnLaunch(wish)
	case wish != app.Launch{}:
		w.say("Entrada is open already",
			"You were here, in the middle of something. Finish it, or go back to the first page; then start what "+
				"you wanted to once more.")
	}
}

// beginTest opens the page “Test a connection” with a saved connection chosen
// by its name or a part of it, and begins the test. An unknown name is said there.
func (w *Window) beginTest(name string) {
	found := w.app.Connections.Find(name)
	if len(found) == 0 {
		showHelpdesk(w.nav, "").notFound(name)
		return
	}
	showHelpdesk(w.nav, found[0].ID).start()
}

// showPage shows the page that the journey is on.
func showPage(w *nav) {
	page := w.journey.Page()
	switch page.ID {
	case journey.PageVendor:
		showVendor(w)
	case journey.PageOrganisation:
		showOrganisation(w)
	case journey.PageNeeds:
		showNeeds(w)
	case journey.PageDoIt:
		showDoIt(w)
	case journey.PagePaste:
		showPaste(w)
	case journey.PageTest:
		showJourneyTest(w)
	case journey.PageSave:
		showSave(w)
	case journey.PageExport:
		showJourneyExport(w)
	case journey.PageHandOver:
		showJourneyHandOver(w)
	case journey.PageNextSteps:
		showNextSteps(w)
	default:
		showPortalStep(w, page)
	}
}
