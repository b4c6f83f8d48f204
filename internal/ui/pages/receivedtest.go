package pages

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/flow/deliver"
	"entrada/internal/flow/prove"
	"entrada/internal/signin"
	"entrada/internal/ui/parts"
)

// receivedTest is how far the test of an opened hand-over has come. Microsoft is
// asked only when the person wants it.
type receivedTest struct {
	running bool
	quick   []checks.Result // without a sign-in
	results []checks.Result // all of them
	whole   bool            // somebody signed in
}

func (t *receivedTest) begun() bool { return t.running || len(t.results) > 0 }

// part is what stands on the page: what came out, and what can be tried next.
func (t *receivedTest) part(p *receivedPage) []fyne.CanvasObject {
	subject := p.received.Subject()
	list := []fyne.CanvasObject{parts.SubHeading("Does it work?")}
	if t.running {
		return append(list, parts.NewBusy("Asking Microsoft …", nil))
	}
	if len(t.results) == 0 {
		return append(list, parts.Body("Microsoft can be asked at once whether organisation, app and secret fit."), parts.Wrap(8, parts.Small("Test it", func() { t.start(p) })))
	}
	rows := make([]parts.Check, len(t.results))
	for i, r := range t.results {
		rows[i] = checkRow(r)
	}
	verdict := checks.Judge(t.results, subject.Context(""))
	again := parts.Small("Test again", func() { t.start(p) })
	tries := len(subject.Asked())+len(subject.AppAsked()) > 0
	switch {
	case !verdict.OK && verdict.First != nil:
		list = append(list, parts.NewFaultBox(p.view(verdict.Explanation, canRetry(func() { t.start(p) }))), parts.Wrap(8, again))
	case !verdict.OK:
		list = append(list, parts.Muted("The test was stopped."), parts.Wrap(8, again))
	case t.whole || !tries:
		list = append(list, parts.NewCallout(parts.ToneGood, "It works.", "You can keep it."), parts.Wrap(8, again))
	case subject.Guide.AppOnly():
		list = append(list, parts.NewCallout(parts.ToneGood, "All is well so far.", "Organisation, app and secret fit. The mailbox has not been tried."), parts.Wrap(8, parts.Small("Test the mailbox", func() { t.trial(p).runApp() })))
	default:
		list = append(list, parts.NewCallout(parts.ToneGood, "All is well so far.", "Organisation, app and secret fit. Whether a mailbox can be used is known once somebody signs in."),
			parts.Wrap(8, parts.Small("Sign in and test the mailbox", func() { t.trial(p).signIn() }).External()))
	}
	return append(list, parts.NewFold("What was tested", parts.Surface(parts.NewResultList(rows...))))
}

// start asks what can be asked without anybody.
func (t *receivedTest) start(p *receivedPage) {
	*t = receivedTest{running: true}
	p.open()
	app, subject := p.app, p.received.Subject()
	parts.Run(p.ctx, func(ctx context.Context) ([]checks.Result, error) {
		return checks.Run(ctx, subject.Before(app), nil), nil
	}, func(results []checks.Result, _ error) {
		*t = receivedTest{quick: results, results: results}
		p.open()
	})
}

// trial is the part of the test that somebody signs in for.
func (t *receivedTest) trial(p *receivedPage) *testPage {
	p.ctx = p.enter()
	return &testPage{
		Window: p.Window, ctx: p.ctx, subject: p.received.Subject(), title: p.received.Record().Name, domain: p.received.Package.TenantDomain,
		frame: func(f parts.Page) parts.Page {
			f.Back, f.Wide = p.open, true
			if f.Cancel == nil {
				f.Cancel = p.open
			}
			return f
		},
		begin: p.open,
		end: func(_ signin.Account, results []checks.Result, _ time.Duration) {
			t.results, t.whole = append(slices.Clone(t.quick), results...), true
			p.open()
		},
		refused: func(err error) {
			t.results = append(slices.Clone(t.quick), checks.Result{ID: checks.CheckSignedIn, Title: "Signed in", State: checks.Failed, Err: err})
			p.open()
		},
		passed: func(string) {}, failed: func(checks.Verdict) {},
	}
}

// outcome is what the test said, for the connection that was kept.
func (t *receivedTest) outcome(received deliver.Received, r connections.Record, now time.Time) (connections.Tested, bool) {
	if len(t.results) == 0 {
		return connections.Tested{}, false
	}
	return prove.Outcome(r, checks.Judge(t.results, received.Subject().Context("")), t.whole, now)
}
