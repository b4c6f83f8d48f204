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

// nav is what every page has: what the program has, the journey that is under
// way, and the few verbs with which one page leads to another. It knows no page.
type nav struct {
	app     app.App
	window  fyne.Window
	shell   *parts.Shell
	journey *journey.Journey // nil on the home page

	home      bool // the home page is shown
	wholeList bool // all connections stand on the home page

	asking   *parts.Dialog // asks before something is lost; nil before
	practise func() error  // starts the program on the practice organisation; nil there

	parcels deliver.Parcels // what was exported in this run

	program context.Context
	page    context.Context // ends when the page is left
	leave   context.CancelFunc

	current func() // shows the page that the journey is on
	toHome  func() // shows the first page
	toStop  func() // asks whether to stop here for now
	toEnd   func() // closes the window
}

// showCurrent shows the page that the journey is on.
func (w *nav) showCurrent() { w.current() }

// ShowHome shows the first page.
func (w *nav) ShowHome() { w.toHome() }

// setTitle names the window after its page: screen readers read it.
func (w *nav) setTitle(page string) {
	title := page
	if w.journey != nil && w.journey.Guide() != nil {
		title += " · " + w.journey.Guide().Vendor
	}
	if w.app.Cloud.IsPractice() {
		title += " · Practice"
	}
	w.window.SetTitle(title + " · Entrada")
}

// enter ends what the page before had under way and returns the context of the
// next one.
func (w *nav) enter() context.Context {
	w.leave()
	w.home = false
	w.page, w.leave = context.WithCancel(w.program)
	return w.page
}

// show shows a page of the journey in its frame.
func (w *nav) show(p parts.Page) {
	if p.Cancel == nil {
		p.Cancel = w.toStop
	}
	if p.Help == nil {
		p.Help = w.showHelp
	}
	w.shell.ShowPage(p)
	w.updateRail()
}

// next goes on. What is missing is said by the page itself, so here only a
// place that could not be remembered is told.
func (w *nav) next() {
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

func (w *nav) back() {
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

func (w *nav) updateRail() {
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

func (w *nav) goTo(id journey.PageID) {
	err := w.journey.GoTo(id)
	w.showCurrent()
	if err != nil {
		w.tell("Your place could not be remembered", err)
	}
}

// explained turns an error into the four parts, in the words of the one
// explainer. can says what this page is able to do; what it cannot is advice.
func (w *nav) explained(err error, can map[explain.Action]func()) parts.FaultView {
	return w.view(explain.Error(err, w.explainContext()), can)
}

// explainContext is what is known around an error.
func (w *nav) explainContext() explain.Context {
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

func (w *nav) view(e explain.Explanation, can map[explain.Action]func()) parts.FaultView {
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
func (w *nav) tell(title string, err error) {
	var body fyne.CanvasObject
	if f := fieldFault(err); f != nil {
		body = parts.Body(f.Detail)
	} else {
		body = parts.NewFaultBox(w.explained(err, nil))
	}
	parts.NewDialog(parts.DialogOptions{Title: title, Body: body, Cancel: "Close"}).Open(w.window.Canvas())
}

// say tells something in a dialog.
func (w *nav) say(title, text string) {
	parts.NewDialog(parts.DialogOptions{Title: title, Body: parts.Body(text), Cancel: "Close"}).Open(w.window.Canvas())
}

// browse is a button that has a file chosen for a field. What comes next is the blue
// button.
func (w *nav) browse(field *parts.Field, endings ...string) *parts.Button {
	return parts.NewBrowseButton(w.window, field, func() fyne.Focusable {
		if b := w.shell.Primary(); b != nil && !b.Disabled() {
			return b
		}
		return field.Entry()
	}, endings...)
}

// openLink opens a page in the browser, and shows the address if that fails.
func (w *nav) openLink(url string) {
	parts.Run(w.program, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, w.app.Browser(ctx, url)
	}, func(_ struct{}, err error) {
		if err == nil {
			return
		}
		parts.NewDialog(parts.DialogOptions{
			Title: "No browser opened",
			Body: parts.Column(12, parts.Body("Copy this address and open it in your browser:"),
				parts.NewCopyRow(url, "")),
			Cancel: "Close",
		}).Open(w.window.Canvas())
	})
}

func (w *nav) showHelp() {
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
