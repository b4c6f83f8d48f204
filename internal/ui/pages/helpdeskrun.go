package pages

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/prove"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// noSecret stands in where only the rest of a connection matters.
var noSecret secret.Value

// run is one test: what is asked before anybody signs in, and then the mailbox.
type run struct {
	prove.Outcome
	try   *prove.Try // the mailbox; nil where it cannot be tried
	noted bool       // something of it is remembered
}

// talk draws what goes on within the page.
func (p *helpdesk) talk(s *flow.Screen) {
	p.busy(true)
	c := &conversation{win: p.nav, ctx: p.ctx, frame: p.frame, ended: func(flow.Exit) {}}
	c.show(s)
}

// start begins the test of what is chosen: first what needs nobody.
func (p *helpdesk) start() {
	from := prove.Saved(p.app, p.record, p.mailbox)
	if p.values != nil {
		from = p.values.Source(p.app)
	}
	p.talk(prove.Preflight(p.app, from, p.name(), p.quickIsOver))
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

// quickIsOver goes on where nobody has to sign in, and else says how far it is.
func (p *helpdesk) quickIsOver(o prove.Outcome, err error) *flow.Screen {
	switch {
	case fault.Is(err, fault.InvalidInput):
		p.gone(p.record)
		return flow.End(flow.Moved)
	case err != nil:
		p.note = parts.NewFaultBox(p.explained(err, canRetry(p.start)))
		p.idle()
		return flow.End(flow.Moved)
	}
	p.run = &run{Outcome: o}
	if now, ok := p.app.Connections.Get(p.record.ID); ok {
		p.record = now
	}
	if !o.OK || !o.Subject.Tries() {
		return p.finish(o)
	}
	p.run.try = &prove.Try{
		App: p.app, Subject: o.Subject, Shared: p.shared, LookOnly: p.lookOnly, Before: o.Results, Took: o.Took,
		Start: func() *flow.Screen {
			p.showResults()
			return flow.End(flow.Moved)
		},
		Done: p.finish,
	}
	if o.Subject.Guide.AppOnly() {
		return p.run.try.Begin()
	}
	return p.finish(o)
}

// signIn goes on with the mailbox.
func (p *helpdesk) signIn() {
	if p.run == nil || p.run.try == nil {
		p.start()
		return
	}
	p.talk(p.run.try.Begin())
}

// finish remembers what is known, and shows it.
func (p *helpdesk) finish(o prove.Outcome) *flow.Screen {
	p.run.Outcome = o
	p.remember()
	p.showResults()
	return flow.End(flow.Moved)
}

// showResults says what came out, who can mend it, and offers the next click.
func (p *helpdesk) showResults() {
	p.busy(false)
	r := p.run
	page := parts.Page{Title: r.Headline, Lead: p.name() + ": " + r.Counted(), Gap: 16}
	again := parts.Action{Label: "Test again", Do: p.start}
	links := []parts.Action{again}
	switch {
	case r.OK && !r.Whole:
		page.Title = "All is well so far"
		page.Primary = parts.Action{Label: "Sign in and test the mailbox", External: true, Do: p.signIn}
		page.Body = append(page.Body,
			parts.Body("Organisation, app and secret are right. Whether the mailbox can be used is known once "+
				"somebody signs in."))
		if r.try == nil {
			page.Body = []fyne.CanvasObject{parts.Body(
				"Organisation, app and secret are right. What the vendor may do in a mailbox is not known here, so " +
					"it was not tried.")}
			page.Primary, links = again, nil
		}
	case r.OK:
		page.Primary = parts.Action{Label: "Done", Do: p.ShowHome}
		if r.LookedOnly {
			page.Body = append(page.Body,
				parts.NewCallout(parts.ToneInfo, "It only looked.", "Sending and creating were not tried."))
		}
	case r.First == nil:
		page.Lead, page.Primary, links = p.name()+". "+prove.TidiedUp, again, nil
	default:
		view := p.view(r.Explanation, p.can())
		next := view.Next[0]
		if label, do := p.renewal(r.Explanation.Next.Action); do != nil {
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
	if box := p.expiry(); box != nil && r.First == nil {
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
	n, all := p.run.Before, checksOf(p.run.Rows())
	if len(all) == n {
		return []fyne.CanvasObject{parts.Surface(parts.NewResultList(all...))}
	}
	summary := rowOf(prove.Summary(p.run.Results[:n], p.run.try.Took))
	return []fyne.CanvasObject{
		parts.Surface(parts.NewResultList(append([]parts.Check{summary}, all[n:]...)...)),
		parts.NewFold(fmt.Sprintf("The %d checks that need no sign-in", n),
			parts.Surface(parts.NewChecklist(all[:n]...))),
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
	return parts.NewCallout(parts.ToneWarning, words, "Make a new one in good time, while this one still works.",
		link...)
}

// renewal is the way to another secret that the program has itself.
func (p *helpdesk) renewal(a explain.Action) (label string, do func()) {
	if p.values != nil || !p.run.Subject.Tries() || a != explain.NewSecret && a != explain.PasteAgain {
		return "", nil
	}
	record := p.record
	return "Renew the secret", func() { renew(p.nav, record) }
}

// can is what this page is able to do about a failure.
func (p *helpdesk) can() map[explain.Action]func() {
	can := canRetry(p.start)
	can[explain.Unlock] = p.start
	if p.run.try != nil && !p.run.Subject.Guide.AppOnly() {
		can[explain.SignInAgain], can[explain.ChooseAccount], can[explain.UseAnotherMailbox] = p.signIn, p.signIn,
			p.signIn
	}
	edit := func() { p.run = nil; p.idle() }
	if p.run.Subject.Guide.AppOnly() {
		can[explain.UseAnotherMailbox], can[explain.Edit] = edit, edit
	}
	if p.values != nil {
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
