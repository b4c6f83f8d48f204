package pages

import (
	"context"
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow/prove"
	"entrada/internal/secret"
	"entrada/internal/signin"
	"entrada/internal/ui/parts"
)

// noSecret stands in where only the rest of a connection matters.
var noSecret secret.Value

// run is one test: what is asked before anybody signs in, and then the mailbox.
type run struct {
	subject prove.Subject
	known   bool // what the vendor may do is known
	quick   []checks.Result
	took    time.Duration // of the quick ones

	results []checks.Result // all of them, once it is over
	whole   bool            // somebody, or the app, signed in
	verdict checks.Verdict
	report  checks.Report
	test    *testPage
	noted   bool // something of it is remembered
}

// progress shows results as they come.
type progress struct {
	list     *parts.Checklist
	position map[checks.ID]int
}

func newProgress(first ...checks.Check) *progress {
	g := &progress{list: parts.NewResultList(), position: map[checks.ID]int{}}
	rows := make([]parts.Check, len(first))
	for i, c := range first {
		rows[i], g.position[c.ID] = parts.Check{Title: c.Title}, i
	}
	g.list.SetAll(rows...)
	return g
}

func (g *progress) set(r checks.Result) {
	if i, ok := g.position[r.ID]; ok {
		g.list.Set(i, checkRow(r))
	}
}

// start begins the test of what is chosen: first what needs nobody.
func (p *helpdesk) start() {
	ctx, cancel := context.WithCancel(p.ctx)
	prepare := p.prepare()
	// The rows are known before the values are.
	first := prove.Subject{Secret: secret.New("any")}.Before(p.app)
	if p.values == nil {
		first = append([]checks.Check{{ID: checks.CheckKeychain, Title: checks.FromKeychain(nil, 0).Title}}, first...)
	}
	shown := newProgress(first...)
	p.busy(true)
	stop := func() { cancel(); p.shell.EnablePrimary(false) }
	p.show(p.frame(parts.Page{
		Title: "Testing", Lead: p.name() + ". First what needs no sign-in.",
		Body:   []fyne.CanvasObject{parts.Surface(shown.list)},
		Cancel: stop, Primary: parts.Action{Label: "Cancel the test", Do: stop},
	}))
	app := p.app
	report := func(r checks.Result) { parts.PostWhile(p.ctx, func() { shown.set(r) }) }
	// The page's context, not the test's: a cancelled test still says so.
	parts.Run(p.ctx, func(context.Context) (*run, error) {
		began := time.Now()
		report(checks.Result{ID: checks.CheckKeychain, Title: checks.FromKeychain(nil, 0).Title, State: checks.Running})
		r, key, err := prepare(ctx)
		if err != nil {
			return nil, err
		}
		report(key)
		list := r.subject.Before(app)
		if key.ID == checks.CheckTenant {
			// It was looked for already, and what needs it is skipped.
			i := slices.IndexFunc(list, func(c checks.Check) bool { return c.ID == checks.CheckTenant })
			list[i].Run = func(context.Context) (string, error) { return "", key.Err }
		}
		r.quick = checks.Run(ctx, list, report)
		if key.ID == checks.CheckKeychain {
			r.quick = checks.AfterKeychain(key, r.quick)
		}
		r.took = time.Since(began)
		return r, nil
	}, func(r *run, err error) {
		cancel()
		switch {
		case fault.Is(err, fault.InvalidInput):
			p.gone(p.record)
		case err != nil:
			p.busy(false)
			p.note = parts.NewFaultBox(p.explained(err, canRetry(p.start)))
			p.idle()
		default:
			p.run = r
			p.quickIsOver()
		}
	})
}

// name is what is tested, for people.
func (p *helpdesk) name() string {
	switch {
	case p.values != nil:
		return p.values.name()
	case p.mailbox != "":
		return p.record.Name + ", mailbox " + p.mailbox
	}
	return p.record.Name
}

// prepare gets what the checks need: the secret from the keychain, or the
// organisation that was typed. The result is a check of its own; the error, that
// there is nothing to test.
func (p *helpdesk) prepare() func(context.Context) (*run, checks.Result, error) {
	app, record, mailbox := p.app, p.record, p.mailbox
	if p.values != nil {
		return p.values.prepare(app)
	}
	return func(ctx context.Context) (*run, checks.Result, error) {
		// Another Entrada may have changed it. If that cannot be read, what we
		// know has to do.
		_ = app.Connections.Reload()
		if now, ok := app.Connections.Get(record.ID); ok {
			record = now
		} else {
			return nil, checks.Result{}, fault.Invalid("connection", "This connection was removed meanwhile.")
		}
		began := time.Now()
		v, err := app.Connections.Secret(ctx, record.ID)
		key := checks.FromKeychain(err, time.Since(began))
		r := &run{}
		r.subject, r.known = prove.FromRecord(app, record, v)
		if mailbox != "" {
			r.subject.Mailbox = mailbox
		}
		return r, key, nil
	}
}

// quickIsOver goes on where nobody has to sign in, and else says how far it is.
func (p *helpdesk) quickIsOver() {
	r := p.run
	verdict := checks.Judge(r.quick, r.subject.Context(""))
	if p.values == nil {
		if now, ok := p.app.Connections.Get(p.record.ID); ok {
			p.record = now
		}
	}
	if !verdict.OK || !r.known || len(r.subject.Asked())+len(r.subject.AppAsked()) == 0 {
		p.finish(signin.Account{}, nil, 0, false)
		return
	}
	p.run.test = p.trial()
	if r.subject.Guide.AppOnly() {
		p.run.test.runApp()
		return
	}
	p.finish(signin.Account{}, nil, 0, false)
}

// trial is the part of the test that somebody signs in for.
func (p *helpdesk) trial() *testPage {
	n := len(p.run.quick)
	summary := parts.Check{State: parts.CheckDone, Title: "Computer, network, organisation, app and secret", Detail: fmt.Sprintf("%d checks passed", n), Time: seconds(p.run.took)}
	return &testPage{
		Window: p.Window, ctx: p.ctx, subject: p.run.subject, domain: p.record.TenantDomain, shared: p.shared, lookOnly: p.lookOnly, before: []parts.Check{summary},
		frame: func(f parts.Page) parts.Page { p.busy(true); return p.frame(f) },
		begin: func() { p.showResults(p.run.took) },
		end: func(as signin.Account, results []checks.Result, took time.Duration) {
			p.finish(as, results, took, true)
		},
		refused: func(err error) {
			nobody := p.run.subject.Test(p.app, &signin.Session{}, prove.TrialOptions{SharedMailbox: p.shared, ReadOnly: p.lookOnly})
			p.finish(signin.Account{}, checks.NotTried(nobody.Checks(), checks.Result{ID: checks.CheckSignedIn, Title: "Signed in", State: checks.Failed, Err: err}), 0, false)
		},
	}
}

// signIn goes on with the mailbox.
func (p *helpdesk) signIn() {
	if p.run == nil || p.run.test == nil {
		p.start()
		return
	}
	p.run.test.signIn()
}

// finish puts together what is known, and shows it.
func (p *helpdesk) finish(as signin.Account, results []checks.Result, took time.Duration, whole bool) {
	r := p.run
	r.whole = whole
	r.results = append(slices.Clone(r.quick), results...)
	r.verdict = checks.Judge(r.results, r.subject.Context(as.Username))
	h := checks.Header{
		Context: r.subject.Context(as.Username), When: p.app.Now(), SignedInAs: as.Username, PersonName: as.Name,
		Mailbox: r.subject.Mailbox, ByItself: whole && as.Username == "",
	}
	if p.values == nil {
		h.Name, h.ID = p.record.Name, p.record.ID
	}
	if p.shared != "" && whole {
		h.Mailbox = p.shared
	}
	r.report = checks.NewReport(r.results, r.verdict, h)
	p.remember(r.verdict, whole)
	p.showResults(r.took + took)
}

// showResults says what came out, who can mend it, and offers the next click.
func (p *helpdesk) showResults(took time.Duration) {
	p.busy(false)
	r, v := p.run, p.run.verdict
	page := parts.Page{Title: v.Headline, Lead: fmt.Sprintf("%s: %d of %d checks passed in %s.", p.name(), v.Passed, v.Tried, seconds(took)), Gap: 16}
	again := parts.Action{Label: "Test again", Do: p.start}
	links := []parts.Action{again}
	switch {
	case v.OK && !r.whole:
		page.Title = "All is well so far"
		page.Primary = parts.Action{Label: "Sign in and test the mailbox", External: true, Do: p.signIn}
		page.Body = append(page.Body, parts.Body("Organisation, app and secret are right. Whether the mailbox can be used is known once somebody signs in."))
		if r.test == nil {
			page.Body = []fyne.CanvasObject{parts.Body("Organisation, app and secret are right. What the vendor may do in a mailbox is not known here, so it was not tried.")}
			page.Primary, links = again, nil
		}
	case v.OK:
		page.Primary = parts.Action{Label: "Done", Do: p.ShowHome}
		if v.LookedOnly {
			page.Body = append(page.Body, parts.NewCallout(parts.ToneInfo, "It only looked.", "Sending and creating were not tried."))
		}
	case v.First == nil:
		page.Lead, page.Primary, links = p.name()+". What had begun was tidied up.", again, nil
	default:
		view := p.view(v.Explanation, p.can())
		next := view.Next[0]
		if label, do := p.renewal(v.Explanation.Next.Action); do != nil {
			next = parts.Action{Label: label, Do: do}
		}
		page.Primary = again
		if next.Do != nil {
			page.Primary, view.Next = next, nil
		} else {
			links = nil
		}
		page.Body = append(page.Body, parts.NewFaultBox(view))
	}
	if box := p.expiry(); box != nil && v.First == nil {
		page.Body = append(page.Body, box)
	}
	page.Body = append(page.Body, p.rows()...)
	page.Body = append(page.Body, p.reportPart())
	page.Links = links
	page.Others = []parts.Action{{Label: "Copy report", Copy: p.reportText}}
	p.show(p.frame(page))
}

// rows are the results: those before the sign-in folded away where they are
// well and others matter more.
func (p *helpdesk) rows() []fyne.CanvasObject {
	r := p.run
	rows := make([]parts.Check, len(r.results))
	for i, res := range r.results {
		rows[i] = checkRow(res)
	}
	n := len(r.quick)
	if r.test == nil || len(rows) == n {
		return []fyne.CanvasObject{parts.Surface(parts.NewResultList(rows...))}
	}
	return []fyne.CanvasObject{
		parts.Surface(parts.NewResultList(append(slices.Clone(r.test.before), rows[n:]...)...)),
		parts.NewFold(fmt.Sprintf("The %d checks that need no sign-in", n), parts.Surface(parts.NewChecklist(rows[:n]...))),
	}
}

// expiry warns of a secret that works, and not for long.
func (p *helpdesk) expiry() fyne.CanvasObject {
	left := p.record.DaysLeft(p.app.Now())
	if p.values != nil || left > connections.SoonDays {
		return nil
	}
	words := fmt.Sprintf("The secret works for %d more days.", max(0, left))
	if left <= 1 {
		words = "The secret works until tomorrow at the latest."
	}
	var link []fyne.CanvasObject
	if label, do := p.renewal(explain.NewSecret); do != nil {
		link = append(link, parts.NewLink(label, do))
	}
	return parts.NewCallout(parts.ToneWarning, words, "Make a new one in good time, while this one still works.", link...)
}

// renewal is the way to another secret that the program has itself.
func (p *helpdesk) renewal(a explain.Action) (label string, do func()) {
	if p.values != nil || !p.run.known || a != explain.NewSecret && a != explain.PasteAgain {
		return "", nil
	}
	record := p.record
	return "Renew the secret", func() { p.renew(record) }
}

// can is what this page is able to do about a failure.
func (p *helpdesk) can() map[explain.Action]func() {
	can := canRetry(p.start)
	can[explain.Unlock] = p.start
	if p.run.test != nil && !p.run.subject.Guide.AppOnly() {
		can[explain.SignInAgain], can[explain.ChooseAccount], can[explain.UseAnotherMailbox] = p.signIn, p.signIn, p.signIn
	}
	if p.run.subject.Guide.AppOnly() {
		other := func() { p.run = nil; p.idle() }
		can[explain.UseAnotherMailbox], can[explain.Edit] = other, other
	}
	if p.values != nil {
		edit := func() { p.run = nil; p.idle() }
		can[explain.PasteAgain], can[explain.Edit] = edit, edit
	}
	send := func() {
		fyne.CurrentApp().Clipboard().SetContent(p.reportText())
		p.shell.SetPrimary(parts.Action{Label: "Copied", Disabled: true})
		parts.After(copiedFor, func() {
			if p.ctx.Err() == nil && p.shell.Primary() != nil && p.shell.Primary().Label() == "Copied" {
				p.shell.SetPrimary(parts.Action{Label: "Test again", Do: p.start})
			}
		})
	}
	can[explain.SendToAdmin], can[explain.SendToVendor], can[explain.CopyDetails] = send, send, send
	return can
}

// copiedFor is how long a button says that it copied.
const copiedFor = 1500 * time.Millisecond

// lookUpTenant finds the organisation that was typed.
func lookUpTenant(ctx context.Context, w app.App, text string) (entra.Tenant, error) {
	domain, err := entra.ParseOrganisation(text)
	if err != nil {
		return entra.Tenant{}, err
	}
	return entra.FindTenant(ctx, w.HTTP, w.Cloud, domain)
}
