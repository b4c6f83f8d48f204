package pages

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"entrada/internal/checks"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow/prove"
	"entrada/internal/graph"
	"entrada/internal/journey"
	"entrada/internal/signin"
	"entrada/internal/ui/parts"
)

// testPage signs in and tries out what was granted. As a step of the journey it
// has an introduction and an end of its own; on the page “Test a connection” the
// helpdesk's.
type testPage struct {
	*Window
	ctx     context.Context
	subject prove.Subject
	session *signin.Session
	title   string
	domain  string // of the organisation; "" where it is not known
	hint    string // the account to offer first
	shared  string // a shared mailbox to try as well

	lookOnly bool          // send and create nothing
	before   []parts.Check // what was found out already, shown above what is tried

	begin func()                                                               // shows where the test begins; a sign-in that was given up ends there
	end   func(as signin.Account, results []checks.Result, took time.Duration) // shows how the test went

	// passed and failed are told how a finished test went.
	passed func(mailbox string)
	failed func(checks.Verdict)

	// refused hears why a sign-in did not work, in the place of the page that
	// says so; may be nil.
	refused func(error)

	frame func(parts.Page) parts.Page // what all stages of the page share
}

func (w *Window) showJourneyTest() {
	page := w.journey.Page()
	p := &testPage{
		Window: w, ctx: w.enter(), subject: prove.FromJourney(w.journey), title: page.Title,
		passed: w.journey.TestPassed, failed: func(v checks.Verdict) { prove.Failed(w.app, w.journey, v) },
	}
	p.begin, p.end = p.intro, p.finished
	p.frame = func(f parts.Page) parts.Page {
		f.Back, f.Others = w.back, append(f.Others, w.closeAction())
		return f
	}
	if a := w.journey.Answers(); strings.Contains(a.Organisation, "@") {
		p.hint = strings.TrimSpace(a.Organisation)
	}
	p.intro()
}

// intro says what will happen, before anything does.
func (p *testPage) intro() {
	page := p.delegatedIntro()
	if p.subject.Guide.AppOnly() {
		page = p.appIntro()
	}
	for _, n := range p.subject.Guide.NotesFor("test") {
		page.Body = append(page.Body, callout(n))
	}
	page.Title, page.Gap = p.title, 16
	if !p.journey.Answers().TestedAt.IsZero() {
		a := p.journey.Answers()
		worked := parts.NewCallout(parts.ToneGood, "It worked", "with "+a.TestedAs+" on "+a.TestedAt.Local().Format(journey.DateLayout+", 15:04")+".")
		page.Body = append([]fyne.CanvasObject{worked}, page.Body...)
		page.Links = []parts.Action{{Label: "Test again", Do: page.Primary.Do}}
		page.Primary = parts.Action{Label: "Next", Do: p.afterTest}
	}
	p.show(p.frame(page))
}

// afterTest goes on. What was registered by hand is held against what the vendor
// needs first, which Entrada's own route has done already; whoever may not look
// at registrations skips that.
func (p *testPage) afterTest() {
	if p.journey.Checked() || p.journey.Route() == journey.DoForMe {
		p.next()
		return
	}
	p.check()
}

// goOnUnproven saves the connection before its test has passed: the portal shows
// the secret once, and what is wrong may take somebody else to mend.
func (p *testPage) goOnUnproven() parts.Action {
	return parts.Action{Label: "Save it untested", Do: func() { p.journey.GoOnUnproven(); p.next() }}
}

// checkFirst is the check before the test has passed: it leads back to the test.
func (p *testPage) checkFirst() {
	p.showCheck("Back to the test", p.showCurrent)
}

func (p *testPage) check() {
	p.showCheck("Next", p.next)
}

func (p *testPage) delegatedIntro() parts.Page {
	vendor, asked := p.subject.Guide.Vendor, p.subject.Asked()
	body := []fyne.CanvasObject{
		parts.NewNumberedStep(1, parts.Body("Your browser opens at Microsoft. Sign in with a work account that has a mailbox.")),
		parts.NewNumberedStep(2, parts.Body("You see here who signed in, before anything else happens.")),
		parts.NewNumberedStep(3, parts.Body("Then we try out what "+vendor+" will do: "+whatIsTried(asked, false)+".")),
	}
	if slices.ContainsFunc(asked, func(name string) bool { return strings.HasSuffix(name, ".Shared") }) {
		field := parts.NewField(parts.FieldOptions{Label: "A shared mailbox to try (you may leave this empty)", Placeholder: "info@yourcompany.com",
			Hint: vendor + " asks for shared mailboxes, too.", Changed: func(text string) { p.shared = strings.TrimSpace(text) }})
		field.SetText(p.shared)
		body = append(body, field)
	}
	if stays := whatStays(asked); stays != "" {
		body = append(body, parts.NewCallout(parts.ToneInfo, "What stays behind:", stays))
	}
	return parts.Page{
		Lead: "This proves that the connection works, the very way " + vendor + " will use it.", Body: body,
		Primary: parts.Action{Label: "Sign in and test", External: true, Do: p.signIn},
	}
}

// appIntro is for an app that works with nobody there.
func (p *testPage) appIntro() parts.Page {
	vendor, asked := p.subject.Guide.Vendor, p.subject.AppAsked()
	body := []fyne.CanvasObject{
		parts.NewNumberedStep(1, parts.Body("Nobody signs in: the app does so by itself, with its client secret, as "+vendor+" will.")),
		parts.NewNumberedStep(2, parts.Body("Then we try out what "+vendor+" will do, in the mailbox **"+p.subject.Mailbox+"** alone: "+whatIsTried(asked, false)+".")),
	}
	if stays := whatStays(asked); stays != "" {
		body = append(body, parts.NewCallout(parts.ToneInfo, "What stays behind:", stays))
	}
	return parts.Page{
		Lead: "This proves that the connection works, the very way " + vendor + " will use it.", Body: body,
		Primary: parts.Action{Label: "Run the test", Do: p.runApp},
	}
}

// signIn opens the browser and waits.
func (p *testPage) signIn() {
	request := p.subject.SignInRequest(p.hint)
	request.Client = p.app.HTTP
	p.waitForSignIn(signInWait{page: p.ctx, request: request, frame: p.frame, about: p.subject.Context(""), cancelled: p.begin, done: func(s *signin.Session, err error) {
		if err != nil {
			p.couldNotSignIn(err)
			return
		}
		p.session = s
		p.confirm()
	}})
}

func (p *testPage) couldNotSignIn(err error) {
	if fault.Is(err, fault.Cancelled) {
		p.begin()
		return
	}
	if p.refused != nil {
		p.refused(err)
		return
	}
	verdict := checks.Judge([]checks.Result{{State: checks.Failed, Err: err}}, p.subject.Context(""))
	p.failed(verdict)
	can := canRetry(p.signIn)
	if p.journey != nil {
		can[explain.PasteAgain] = func() { p.goTo(journey.PagePaste) }
	}
	page := parts.Page{
		Title: "The sign-in did not work", Lead: "Nothing was changed.",
		Body:    []fyne.CanvasObject{parts.NewFaultBox(p.faultView(explain.Error(err, p.explainContext()), can))},
		Primary: parts.Action{Label: "Try again", External: true, Do: p.signIn},
	}
	if p.journey != nil {
		page.Links = append(p.toMend(verdict), parts.Action{Label: "Check the registration", Do: p.checkFirst}, p.goOnUnproven())
	}
	p.show(p.frame(page))
}

// faultView has Entrada make the new secret where it made the first one: there
// the person never sees any, and has no field to paste it into.
func (p *testPage) faultView(e explain.Explanation, can map[explain.Action]func()) parts.FaultView {
	secret := e.Next.Action == explain.NewSecret || e.Next.Action == explain.PasteAgain
	if secret && p.journey != nil && p.journey.Route() == journey.DoForMe && p.journey.Answers().ConnectionID == "" {
		e.Next.Label = "Make a new secret for me"
		can[e.Next.Action] = func() { p.journey.ForgetSecret(); p.goTo(journey.PageDoIt) }
	}
	return p.view(e, can)
}

// toMend leads to the page that has to be looked at again, if there is one.
func (p *testPage) toMend(v checks.Verdict) []parts.Action {
	page, ok := p.journey.Blame(v)
	if !ok {
		return nil
	}
	return []parts.Action{{Label: "Go to “" + page.Rail + "”", Do: func() { p.goTo(page.ID) }}}
}

// confirm shows who signed in before anything is tried.
func (p *testPage) confirm() {
	a := p.session.Account
	where := p.subject.TenantID
	if p.domain != "" {
		where = p.domain
	}
	if p.journey != nil {
		where = p.journey.Answers().TenantDomain
	}
	rows := []parts.Check{
		{State: parts.CheckDone, Title: a.Name, Detail: a.Username},
		{State: parts.CheckDone, Title: "Organisation " + where, Detail: "Tenant ID " + a.TenantID},
	}
	p.show(p.frame(parts.Page{
		Title: "Is this you?", Lead: p.whatComes(),
		Body:    []fyne.CanvasObject{parts.Surface(parts.NewChecklist(rows...))},
		Links:   []parts.Action{{Label: "Use another account", External: true, Do: func() { p.hint = ""; p.signIn() }}},
		Primary: parts.Action{Label: "Yes, run the test", Do: p.run},
	}))
}

// whatComes says what is about to be done in the mailbox of whoever signed in.
func (p *testPage) whatComes() string {
	asked := p.subject.Asked()
	text := "In this mailbox the test will " + whatIsTried(asked, p.lookOnly) + "."
	if p.lookOnly {
		return text + " It only looks: nothing is sent, and nothing is created."
	}
	if stays := whatStays(asked); stays != "" {
		text += " What stays behind: " + stays
	}
	return text
}

// run tries everything out in the name of whoever signed in.
func (p *testPage) run() {
	session, cloud, client := p.session, p.subject.Cloud, p.app.HTTP
	p.try(session.Account, func(onWait func(time.Duration)) prove.Trial {
		return p.subject.Test(p.app, session, prove.TrialOptions{SharedMailbox: p.shared, ReadOnly: p.lookOnly, OnWait: onWait})
	}, func(ctx context.Context) string {
		org, err := graph.New(cloud, session.AccessToken, client).Organization(ctx)
		if err != nil {
			return "" // only a name; the test has said what is wrong
		}
		return org.DisplayName
	})
}

// runApp tries everything out as the app itself.
func (p *testPage) runApp() {
	p.try(signin.Account{}, func(onWait func(time.Duration)) prove.Trial {
		return p.subject.AppTest(p.app, prove.TrialOptions{ReadOnly: p.lookOnly, OnWait: onWait})
	},
		func(context.Context) string { return "" })
}

// try runs a trial and shows how it goes. tenantName is asked for afterwards.
func (p *testPage) try(as signin.Account, makeTrial func(onWait func(time.Duration)) prove.Trial, tenantName func(context.Context) string) {
	ctx, cancel := context.WithCancel(p.ctx)
	waiting := parts.Caption("")
	waiting.Hide()
	trial := makeTrial(func(d time.Duration) {
		parts.PostWhile(ctx, func() {
			waiting.SetText(fmt.Sprintf("Microsoft asks us to wait %d seconds.", int(d.Seconds())))
			waiting.Show()
		})
	})
	list := trial.Checks()
	position := map[checks.ID]int{}
	rows := slices.Clone(p.before)
	for _, c := range list {
		position[c.ID] = len(rows)
		rows = append(rows, parts.Check{Title: c.Title})
	}
	results := parts.NewResultList(rows...)
	stop := func() { cancel(); p.shell.EnablePrimary(false) }
	p.show(p.frame(parts.Page{
		Title: "Testing", Lead: "This takes a few seconds.",
		Body:   []fyne.CanvasObject{parts.Surface(results), waiting},
		Cancel: stop, Primary: parts.Action{Label: "Cancel the test", Do: stop},
	}))
	type outcome struct {
		results []checks.Result
		tenant  string
		took    time.Duration
	}
	// The page's context, not the test's: a cancelled test still tidies up and
	// says what it did.
	parts.Run(p.ctx, func(context.Context) (outcome, error) {
		began := time.Now()
		_, _ = trial.Sweep(ctx) // what an earlier run left is tried again at the next one
		o := outcome{results: checks.Run(ctx, list, func(r checks.Result) {
			parts.PostWhile(ctx, func() { results.Set(position[r.ID], checkRow(r)) })
		})}
		o.took = time.Since(began)
		o.tenant = tenantName(ctx)
		return o, nil
	}, func(o outcome, _ error) {
		cancel()
		if o.tenant != "" && p.journey != nil {
			p.journey.SetTenantName(o.tenant)
		}
		p.session = nil // the sign-in is forgotten
		p.end(as, o.results, o.took)
	})
}

// finished shows how the test went. as is empty where the app signed in by
// itself.
func (p *testPage) finished(as signin.Account, results []checks.Result, took time.Duration) {
	account := as.Username
	rows := make([]parts.Check, len(results))
	for i, r := range results {
		rows[i] = checkRow(r)
	}
	verdict := checks.Judge(results, p.subject.Context(account))
	report := checks.NewReport(results, verdict, checks.Header{
		Context: p.subject.Context(account), When: p.app.Now(), SignedInAs: account, PersonName: as.Name, Mailbox: p.subject.Mailbox, ByItself: p.subject.Guide.AppOnly(),
	})
	page := parts.Page{
		Title:  prove.Headline(p.journey, verdict, account),
		Lead:   fmt.Sprintf("%d of %d checks passed in %s.", verdict.Passed, verdict.Tried, seconds(took)),
		Body:   []fyne.CanvasObject{parts.Surface(parts.NewResultList(rows...))},
		Narrow: parts.AsideAbove,
		Links:  []parts.Action{{Label: "Copy report", Do: func() { fyne.CurrentApp().Clipboard().SetContent(report.Text()) }}},
	}
	start, external := p.signIn, true
	if p.subject.Guide.AppOnly() {
		start, external = p.runApp, false
	}
	again := parts.Action{Label: "Test again", External: external, Do: start}
	switch {
	case verdict.OK:
		mailbox := account
		if mailbox == "" {
			mailbox = p.subject.Mailbox
		}
		p.passed(mailbox)
		page.Primary = parts.Action{Label: "Next", Do: p.afterTest}
		if p.journey.ProvesOneOnly() {
			open := parts.NewCallout(parts.ToneWarning, "Not yet known:", journey.OthersUnknown, parts.Wrap(0, parts.Small("Check that now", p.check)))
			page.Body = append([]fyne.CanvasObject{open}, page.Body...)
		}
	case verdict.First == nil:
		page.Lead, page.Primary = "What had begun was tidied up.", again
	default:
		page.Primary = again
		can := canRetry(start)
		can[explain.UseAnotherMailbox] = func() { p.hint = ""; p.intro() }
		page.Aside = parts.NewFaultBox(p.faultView(verdict.Explanation, can))
		p.failed(verdict)
		if p.journey != nil {
			page.Links = append(page.Links, p.toMend(verdict)...)
			// Often the registration is what is wrong.
			page.Links = append(page.Links, parts.Action{Label: "Check the registration", Do: p.checkFirst}, p.goOnUnproven())
		}
	}
	p.show(p.frame(page))
}
