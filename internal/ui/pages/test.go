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
	"entrada/internal/graph"
	"entrada/internal/journey"
	"entrada/internal/signin"
	"entrada/internal/ui/parts"
)

// testPage signs in and tries out what was granted: for the journey, and for a
// saved connection.
type testPage struct {
	*Window
	ctx     context.Context
	subject journey.Subject
	session *signin.Session
	title   string
	hint    string // the account to offer first

	stop context.CancelFunc // of the sign-in or test under way

	// passed and failed are told how a finished test went.
	passed func(signin.Account)
	failed func(headline string)

	frame func(parts.Page) parts.Page // what all stages of the page share
}

func (w *Window) showJourneyTest() {
	page := w.journey.Page()
	p := &testPage{
		Window: w, ctx: w.enter(), subject: w.journey.Subject(), title: page.Title,
		passed: func(a signin.Account) { w.journey.TestPassed(a) },
		failed: func(string) {},
	}
	p.frame = func(f parts.Page) parts.Page {
		f.Back, f.Others = w.back, append(f.Others, w.closeAction())
		return f
	}
	if a := w.journey.Answers(); strings.Contains(a.Organisation, "@") {
		p.hint = strings.TrimSpace(a.Organisation)
	}
	p.intro()
}

func (p *testPage) intro() {
	p.stop = func() {}
	vendor := p.subject.Guide.Vendor
	body := []fyne.CanvasObject{
		parts.NewNumberedStep(1, parts.Body("Your browser opens at Microsoft. Sign in with a work account that has a mailbox.")),
		parts.NewNumberedStep(2, parts.Body("You see here who signed in, before anything else happens.")),
		parts.NewNumberedStep(3, parts.Body("Then we try out what "+vendor+" will do: "+whatIsTried(p.subject.Asked())+".")),
		parts.NewCallout(parts.ToneInfo, "What stays behind:", "one short mail to yourself. The calendar event is deleted again, and the sign-in is forgotten afterwards."),
	}
	page := parts.Page{
		Title: p.title, Lead: "This proves that the connection works, the very way " + vendor + " will use it.", Body: body, Gap: 16,
		Primary: parts.Action{Label: "Sign in and test", External: true, Do: p.signIn},
	}
	if p.journey != nil && !p.journey.Answers().TestedAt.IsZero() {
		a := p.journey.Answers()
		page.Body = append([]fyne.CanvasObject{parts.NewCallout(parts.ToneGood, "It worked", "as "+a.TestedAs+" on "+a.TestedAt.Local().Format(journey.DateLayout+", 15:04")+".")}, body...)
		page.Primary = parts.Action{Label: "Next", Do: p.next}
		page.Links = []parts.Action{{Label: "Test again", Do: p.signIn}}
	}
	p.show(p.frame(page))
}

// whatIsTried says in words what the test will do.
func whatIsTried(asked []string) string {
	var list []string
	if slices.Contains(asked, "Mail.Send") {
		list = append(list, "send a mail to yourself")
	}
	if slices.Contains(asked, "Calendars.ReadWrite") {
		list = append(list, "create a calendar event, read it and delete it")
	}
	if slices.Contains(asked, "offline_access") {
		list = append(list, "stay connected")
	}
	if len(list) == 0 {
		return "read what it may read"
	}
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

// signIn opens the browser and waits.
func (p *testPage) signIn() {
	ctx, cancel := context.WithCancel(p.ctx)
	p.stop = cancel
	status := parts.NewChecklist(parts.Check{State: parts.CheckRunning, Title: "Opening your browser"})
	deadline := parts.Caption("")
	address := ""
	link := parts.NewCopyButton("Copy the sign-in link", func() string { return address })
	link.Hide()
	linkNote := parts.Body("")
	linkNote.Hide()
	p.show(p.frame(parts.Page{
		Title: "Waiting for your sign-in", Lead: "Go on in your browser. This page continues by itself.",
		Body: []fyne.CanvasObject{parts.Surface(status), deadline, linkNote, parts.Row(8, -1, link),
			// Some refusals are shown by Microsoft alone and never reach us.
			parts.NewFold("The browser shows an error", p.lookUp())},
		Cancel: p.cancelSignIn, Others: []parts.Action{{Label: "Cancel sign-in", Do: p.cancelSignIn}},
	}))
	request, open := p.subject.SignInRequest(p.hint), p.world.Browser
	request.Client = p.world.HTTP
	parts.Run(ctx, func(ctx context.Context) (*signin.Session, error) {
		return signin.Interactive(ctx, request, open, func(g signin.Progress) {
			parts.PostWhile(ctx, func() {
				status.Set(0, signInRow(g))
				address = g.Link
				link.Show()
				if !g.Deadline.IsZero() {
					deadline.SetText("We wait until " + g.Deadline.Local().Format("15:04") + ".")
				}
				if note := linkWords(g); note != "" {
					linkNote.SetText(note)
					linkNote.Show()
				}
			})
		})
	}, func(s *signin.Session, err error) {
		cancel()
		if err != nil {
			p.couldNotSignIn(err)
			return
		}
		p.session = s
		p.confirm()
	})
}

func signInRow(g signin.Progress) parts.Check {
	row := parts.Check{State: parts.CheckRunning}
	switch g.Stage {
	case signin.StageListening, signin.StageBrowserOpening:
		row.Title = "Opening your browser"
	case signin.StageWaiting:
		row.Title, row.Detail = "Waiting for you to sign in", "in the browser window that just opened"
	case signin.StageLinkNeeded:
		row.State, row.Title, row.Detail = parts.CheckWarned, "No browser opened by itself", "Please use the link below."
	case signin.StageExchanging:
		row.Title = "Signed in; asking Microsoft for access"
	case signin.StageChecking:
		row.Title = "Checking who signed in"
	}
	return row
}

func linkWords(g signin.Progress) string {
	switch {
	case g.InAddress:
		return "Microsoft answered in the page's address instead of a form. For your safety we do not use such an answer. Please cancel and try again."
	case g.Strange >= 20:
		return "Another program on this computer keeps knocking at our door. Your sign-in is not affected, but somebody should have a look."
	case g.Stage == signin.StageLinkNeeded:
		return "Copy the sign-in link and open it in a browser **on this computer**. On a remote session, use the browser there."
	}
	return ""
}

func (p *testPage) cancelSignIn() {
	p.stop()
	p.intro()
}

func (p *testPage) couldNotSignIn(err error) {
	if fault.Is(err, fault.Cancelled) {
		p.intro()
		return
	}
	p.failed(headline([]checks.Result{{State: checks.Failed, Err: err}}))
	can := canRetry(p.signIn)
	if p.journey != nil {
		can[explain.PasteAgain] = func() { p.goTo(journey.PagePaste) }
	}
	p.show(p.frame(parts.Page{
		Title: "The sign-in did not work", Lead: "Nothing was changed.",
		Body:    []fyne.CanvasObject{parts.NewFaultBox(p.explained(err, can))},
		Primary: parts.Action{Label: "Try again", External: true, Do: p.signIn},
	}))
}

// confirm shows who signed in before anything is tried.
func (p *testPage) confirm() {
	a := p.session.Account
	where := p.subject.TenantID
	if p.journey != nil {
		where = p.journey.Answers().TenantDomain
	}
	rows := []parts.Check{
		{State: parts.CheckDone, Title: a.Name, Detail: a.Username},
		{State: parts.CheckDone, Title: "Organisation " + where, Detail: "Tenant ID " + a.TenantID},
	}
	p.show(p.frame(parts.Page{
		Title: "Is this you?", Lead: "The test sends one mail from this mailbox to itself, and puts one event into its calendar for a moment.",
		Body:    []fyne.CanvasObject{parts.Surface(parts.NewChecklist(rows...))},
		Links:   []parts.Action{{Label: "Use another account", External: true, Do: func() { p.hint = ""; p.signIn() }}},
		Primary: parts.Action{Label: "Yes, run the test", Do: p.run},
	}))
}

// run tries everything out.
func (p *testPage) run() {
	ctx, cancel := context.WithCancel(p.ctx)
	p.stop = cancel
	test := p.subject.Test(p.world, p.session)
	list := test.Checks()
	position := map[checks.ID]int{}
	rows := make([]parts.Check, len(list))
	for i, c := range list {
		position[c.ID], rows[i] = i, parts.Check{Title: c.Title}
	}
	results := parts.NewResultList(rows...)
	waiting := parts.Caption("")
	waiting.Hide()
	test.OnWait = func(d time.Duration) {
		parts.PostWhile(ctx, func() {
			waiting.SetText(fmt.Sprintf("Microsoft asks us to wait %d seconds.", int(d.Seconds())))
			waiting.Show()
		})
	}
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
	world, session, cloud := p.world, p.session, p.subject.Cloud
	// The page's context, not the test's: a cancelled test still tidies up and
	// says what it did.
	parts.Run(p.ctx, func(context.Context) (outcome, error) {
		began := time.Now()
		_, _ = test.Sweep(ctx) // what an earlier run left is tried again at the next one
		o := outcome{results: checks.Run(ctx, list, func(r checks.Result) {
			parts.PostWhile(ctx, func() { results.Set(position[r.ID], checkRow(r)) })
		})}
		if org, err := graph.New(cloud, session.AccessToken, world.HTTP).Organization(ctx); err == nil {
			o.tenant = org.DisplayName
		}
		o.took = time.Since(began)
		return o, nil
	}, func(o outcome, _ error) {
		cancel()
		if o.tenant != "" && p.journey != nil {
			p.journey.SetTenantName(o.tenant)
		}
		p.finished(o.results, o.took)
	})
}

func (p *testPage) finished(results []checks.Result, took time.Duration) {
	account := p.session.Account
	p.session = nil // the sign-in is forgotten
	rows := make([]parts.Check, len(results))
	passed, failed, tried := 0, 0, 0
	var failure error
	cancelled := false
	for i, r := range results {
		rows[i] = checkRow(r)
		switch r.State {
		case checks.Passed:
			passed, tried = passed+1, tried+1
		case checks.Failed:
			failed, tried = failed+1, tried+1
			if failure == nil {
				failure = r.Err
			}
		case checks.Skipped:
			cancelled = cancelled || r.Detail == "cancelled"
		}
	}
	page := parts.Page{
		Body:   []fyne.CanvasObject{parts.Surface(parts.NewResultList(rows...))},
		Lead:   fmt.Sprintf("%d of %d checks passed in %s.", passed, tried, seconds(took)),
		Narrow: parts.AsideAbove,
		Links:  []parts.Action{{Label: "Copy report", Do: func() { copyText(report(p.subject, account, results)) }}},
	}
	again := parts.Action{Label: "Test again", External: true, Do: p.signIn}
	switch {
	case failed == 0 && !cancelled:
		p.passed(account)
		page.Title = "Everything works"
		page.Primary = parts.Action{Label: "Next", Do: p.next}
		if p.journey == nil {
			page.Primary = parts.Action{Label: "Done", Do: p.ShowHome}
		}
	case failed == 0:
		page.Title, page.Lead, page.Primary = "The test was cancelled", "What had begun was tidied up.", again
	default:
		page.Title, page.Primary = headline(results), again
		can := canRetry(p.signIn)
		can[explain.UseAnotherMailbox] = func() { p.hint = ""; p.signIn() }
		page.Aside = parts.NewFaultBox(p.explained(failure, can))
		p.failed(page.Title)
	}
	p.show(p.frame(page))
}

// headline says in a few words what is wrong.
func headline(results []checks.Result) string {
	var culprits []explain.Culprit
	for _, r := range results {
		if r.State == checks.Failed {
			if c := explain.Error(r.Err, explain.Context{}).Culprit; !slices.Contains(culprits, c) {
				culprits = append(culprits, c)
			}
		}
	}
	switch len(culprits) {
	case 0:
		return "Everything works"
	case 1:
		name := culprits[0].Name()
		if culprits[0] == explain.Nobody {
			return "One thing did not work"
		}
		if name != "Microsoft's service" {
			name = strings.ToLower(name[:1]) + name[1:]
		}
		return "One thing is wrong: " + name
	default:
		return fmt.Sprintf("%d things are wrong", len(culprits))
	}
}

// report is the test as plain text, for a ticket. It holds no secret and no
// token.
func report(s journey.Subject, account signin.Account, results []checks.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Entrada connection test, %s UTC\n%s · tenant %s · client ID %s · signed in as %s\n\n",
		time.Now().UTC().Format("2006-01-02 15:04"), s.Guide.Vendor, s.TenantID, s.ClientID, account.Username)
	for _, r := range results {
		fmt.Fprintf(&b, "%-9s %s", r.State, r.Title)
		if r.Detail != "" {
			fmt.Fprintf(&b, " (%s)", r.Detail)
		}
		b.WriteString("\n")
		if r.State == checks.Failed {
			e := explain.Error(r.Err, explain.Context{Cloud: s.Cloud, TenantID: s.TenantID, ClientID: s.ClientID, VendorName: s.Guide.Vendor})
			for _, line := range strings.Split(strings.TrimSpace(e.Report()), "\n") {
				b.WriteString("          " + line + "\n")
			}
		}
	}
	return b.String()
}

func copyText(text string) { fyne.CurrentApp().Clipboard().SetContent(text) }
