package pages

import (
	"time"

	"entrada/internal/checks"
	"entrada/internal/flow"
	"entrada/internal/flow/deliver"
	"entrada/internal/signin"
	"entrada/internal/ui/parts"
)

// tryReceived is the part of a hand-over's test that somebody signs in for, or
// in which the app tries out the mailbox by itself.
func (w *Window) tryReceived(r deliver.Received, then func([]checks.Result) *flow.Screen) *flow.Screen {
	back := func(results []checks.Result) { w.talkFromHome(then(results), nil, "") }
	t := &testPage{
		Window: w, ctx: w.enter(), subject: r.Subject(), title: r.Record().Name, domain: r.Package.TenantDomain,
		begin: func() { back(nil) },
		end:   func(_ signin.Account, results []checks.Result, _ time.Duration) { back(results) },
		refused: func(err error) {
			back([]checks.Result{{ID: checks.CheckSignedIn, Title: "Signed in", State: checks.Failed, Err: err}})
		},
		passed: func(string) {}, failed: func(checks.Verdict) {},
	}
	t.frame = func(f parts.Page) parts.Page {
		f.Back, f.Wide = t.begin, true
		if f.Cancel == nil {
			f.Cancel = t.begin
		}
		return f
	}
	if t.subject.Guide.AppOnly() {
		t.runApp()
	} else {
		t.signIn()
	}
	return flow.End(flow.Moved)
}
