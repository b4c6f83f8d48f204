// Package pages holds the pages of the window: layout and words. What happens
// is decided in package journey; what things look like, in package parts.
//
// It must not talk to the network, the keychain or files by itself, and it
// must not know whether the cloud it is given is a real one.
package pages

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"entrada/internal/app"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/deliver"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// Window is the one window of the program: which page is shown, and the
// journey that is under way.
type Window struct {
	app     app.App
	window  fyne.Window
	shell   *parts.Shell
	journey *journey.Journey // nil on the home page

	home      bool // the home page is shown
	wholeList bool // all connections stand on the home page

	practise func() error // starts the program on the practice organisation; nil there

	parcels deliver.Parcels // what was exported in this run

	program context.Context
	page    context.Context // ends when the page is left
	leave   context.CancelFunc
}

// Open fills a window with the home page and returns it. ctx is the program's
// life; cancelling it ends whatever a page has under way. practise starts the
// program on the practice organisation; nil where that is not offered.
func Open(ctx context.Context, window fyne.Window, a app.App, practise func() error) *Window {
	w := &Window{app: a, window: window, practise: practise, parcels: deliver.Parcels{}, program: ctx, page: ctx, leave: func() {}}
	w.shell = parts.NewShell(window.Canvas(), parts.NewRail("Entrada"), w.setTitle)
	window.SetContent(w.shell)
	a.Connections.AskPassphrase(w.askPassphrase)
	w.ShowHome()
	return w
}

// Begin opens the page that the program was started for.
func (w *Window) Begin(wish app.Launch) {
	switch {
	case wish.Vendor != "":
		w.begin(wish.Vendor)
	case wish.Guide != "":
		w.showOpenGuide(wish.Guide)
	case wish.Test != "":
		w.beginTest(wish.Test)
	}
}

// Asked is for somebody who starts the program once more: the window comes to
// the front. Only from the first page it goes where that start wanted to; on any
// other, somebody is in the middle of something.
func (w *Window) Asked(wish app.Launch) {
	w.window.RequestFocus()
	switch {
	case w.window.Canvas().Overlays().Top() != nil:
	case w.home:
		w.Begin(wish)
	case wish != app.Launch{}:
		w.say("Entrada is open already", "You were here, in the middle of something. Finish it, or go back to the first page; then start what you wanted to once more.")
	}
}

// beginTest opens the page “Test a connection” with a saved connection chosen
// by its name or a part of it, and begins the test. An unknown name is said there.
func (w *Window) beginTest(name string) {
	found := w.app.Connections.Find(name)
	if len(found) == 0 {
		w.showHelpdesk("").notFound(name)
		return
	}
	w.showHelpdesk(found[0].ID).start()
}

// setTitle names the window after its page: screen readers read it.
func (w *Window) setTitle(page string) {
	title := page + " · Entrada"
	if w.journey != nil && w.journey.Guide() != nil {
		title = page + " · " + w.journey.Guide().Vendor + " · Entrada"
	}
	w.window.SetTitle(title)
}

// enter ends what the page before had under way and returns the context of the
// next one.
func (w *Window) enter() context.Context {
	w.leave()
	w.home = false
	w.page, w.leave = context.WithCancel(w.program)
	return w.page
}

// show shows a page of the journey in its frame.
func (w *Window) show(p parts.Page) {
	if p.Cancel == nil {
		p.Cancel = w.askToLeave
	}
	if p.Help == nil {
		p.Help = w.showHelp
	}
	w.shell.ShowPage(p)
	w.updateRail()
}

// showCurrent shows the page that the journey is on.
func (w *Window) showCurrent() {
	page := w.journey.Page()
	switch page.ID {
	case journey.PageVendor:
		w.showVendor()
	case journey.PageOrganisation:
		w.showOrganisation()
	case journey.PageNeeds:
		w.showNeeds()
	case journey.PageDoIt:
		w.showDoIt()
	case journey.PagePaste:
		w.showPaste()
	case journey.PageTest:
		w.showJourneyTest()
	case journey.PageSave:
		w.showSave()
	case journey.PageExport:
		w.showJourneyExport()
	case journey.PageHandOver:
		w.showJourneyHandOver()
	case journey.PageNextSteps:
		w.showNextSteps()
	default:
		w.showPortalStep(page)
	}
}

// next goes on. What is missing is said by the page itself, so here only a
// place that could not be remembered is told.
func (w *Window) next() {
	err := w.journey.Next()
	if fault.Is(err, fault.InvalidInput) {
		w.tell("Something is missing", err)
		return
	}
	w.showCurrent()
	if err != nil {
		w.tell("Your place could not be remembered", err)
	}
}

func (w *Window) back() {
	ok, err := w.journey.Back()
	if !ok {
		w.ShowHome()
		return
	}
	w.showCurrent()
	if err != nil {
		w.tell("Your place could not be remembered", err)
	}
}

func (w *Window) updateRail() {
	if w.journey == nil {
		return
	}
	subtitle := ""
	if g := w.journey.Guide(); g != nil {
		subtitle = "for " + g.Vendor
		if d := w.journey.Answers().TenantDomain; d != "" {
			subtitle += " · " + d
		}
	}
	if w.app.Cloud.IsPractice() {
		if subtitle != "" {
			subtitle += "\n"
		}
		subtitle += "Practice"
	}
	var groups []parts.RailGroup
	for _, p := range w.journey.Pages() {
		if len(groups) == 0 || groups[len(groups)-1].Title != string(p.Group) {
			groups = append(groups, parts.RailGroup{Title: string(p.Group)})
		}
		step := parts.RailStep{Label: p.Rail}
		switch w.journey.Status(p.ID) {
		case journey.Current:
			step.State = parts.StepCurrent
		case journey.Done:
			step.State = parts.StepDone
		case journey.NeedsAttention:
			step.State = parts.StepAttention
		}
		if id := p.ID; w.journey.CanGoTo(id) && step.State != parts.StepCurrent {
			step.Do = func() { w.goTo(id) }
		}
		g := &groups[len(groups)-1]
		g.Steps = append(g.Steps, step)
	}
	w.shell.Rail().Set(subtitle, groups...)
}

func (w *Window) goTo(id journey.PageID) {
	err := w.journey.GoTo(id)
	w.showCurrent()
	if err != nil {
		w.tell("Your place could not be remembered", err)
	}
}

// explained turns an error into the four parts, in the words of the one
// explainer. can says what this page is able to do; what it cannot is advice.
func (w *Window) explained(err error, can map[explain.Action]func()) parts.FaultView {
	return w.view(explain.Error(err, w.explainContext()), can)
}

// explainContext is what is known around an error.
func (w *Window) explainContext() explain.Context {
	c := explain.Context{Cloud: w.app.Cloud}
	if w.journey != nil {
		a := w.journey.Answers()
		c.Cloud, c.TenantID, c.ClientID = w.journey.Cloud(), a.TenantID, a.ClientID
		if g := w.journey.Guide(); g != nil {
			c.VendorName = g.Vendor
		}
	}
	return c
}

// canRetry is what a page can do that can try again.
func canRetry(again func()) map[explain.Action]func() {
	can := map[explain.Action]func(){}
	for action := range flow.Retry(nil) {
		can[action] = again
	}
	return can
}

func (w *Window) view(e explain.Explanation, can map[explain.Action]func()) parts.FaultView {
	v := parts.FaultView{What: e.What, Why: e.Why, Who: e.Who, Details: e.Details()}
	if e.Message != "" {
		v.Details += "\n" + e.Message
	}
	next := parts.Action{Label: e.Next.Label, Do: can[e.Next.Action]}
	if next.Do == nil && e.Next.URL != "" {
		url := e.Next.URL
		next.External, next.Do = true, func() { w.openLink(url) }
	}
	if next.Do == nil && e.Next.Action == explain.CopyDetails {
		report := e.Report()
		next.Do = func() { fyne.CurrentApp().Clipboard().SetContent(report) }
	}
	v.Next = []parts.Action{next}
	return v
}

// fieldFault is err as a sentence for a field; nil if it is none.
func fieldFault(err error) *fault.Error {
	var f *fault.Error
	if errors.As(err, &f) && (f.Kind == fault.InvalidInput || f.Kind == fault.WeakPassphrase) {
		return f
	}
	return nil
}

// tell shows an error in a dialog: for what no place on the page is for.
func (w *Window) tell(title string, err error) {
	var body fyne.CanvasObject
	if f := fieldFault(err); f != nil {
		body = parts.Body(f.Detail)
	} else {
		body = parts.NewFaultBox(w.explained(err, nil))
	}
	parts.NewDialog(parts.DialogOptions{Title: title, Body: body, Cancel: "Close"}).Open(w.window.Canvas())
}

// say tells something in a dialog.
func (w *Window) say(title, text string) {
	parts.NewDialog(parts.DialogOptions{Title: title, Body: parts.Body(text), Cancel: "Close"}).Open(w.window.Canvas())
}

// openLink opens a page in the browser, and shows the address if that fails.
func (w *Window) openLink(url string) {
	parts.Run(w.program, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, w.app.Browser(ctx, url)
	}, func(_ struct{}, err error) {
		if err == nil {
			return
		}
		parts.NewDialog(parts.DialogOptions{
			Title:  "No browser opened",
			Body:   parts.Column(12, parts.Body("Copy this address and open it in your browser:"), parts.NewCopyRow(url, "")),
			Cancel: "Close",
		}).Open(w.window.Canvas())
	})
}

func (w *Window) showHelp() {
	page := w.shell.Page()
	parts.NewDialog(parts.DialogOptions{
		Title: "Keys on every page",
		Body: parts.Column(8,
			parts.Body("**Tab** goes to the next field or button, **Space** or **Enter** presses it."),
			parts.Body("**Ctrl+Enter** is the blue button, **Alt+Left** goes back, **Esc** stops for now."),
			parts.Muted("You are on “"+page.Title+"”.")),
		Cancel: "Close",
	}).Open(w.window.Canvas())
}
