package pages

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/flow/prove"
	"entrada/internal/ui/parts"
)

// run is one test: what is asked before anybody signs in, and then the mailbox.
type run struct {
	prove.Outcome
	try   *prove.Try // the mailbox; nil where it cannot be tried
	noted bool       // something of it is remembered
}

// results is how the outcome of a test is drawn, with the ways on from it.
type results struct {
	*nav
	run    *run
	name   string              // of what was tested
	record *connections.Record // nil for what is not saved
	report *report

	again, signIn func()
	edit          func() // changes what was tested; nil where that is not here
}

// asPage says what came out, who can mend it, and offers the next click.
func (p *results) asPage() parts.Page {
	r := p.run
	page := parts.Page{Title: r.Headline, Lead: p.name + ": " + r.Counted(), Gap: 16}
	again := parts.Action{Label: "Test again", Do: p.again}
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
		page.Lead, page.Primary, links = p.name+". "+prove.TidiedUp, again, nil
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
	page.Body = append(page.Body, p.report.part())
	page.Links = links
	page.Others = []parts.Action{{Label: "Copy report", Copy: p.report.text}}
	return page
}

// rows are the results: those before the sign-in folded away where they are
// well and others matter more.
func (p *results) rows() []fyne.CanvasObject {
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
func (p *results) expiry() fyne.CanvasObject {
	if p.record == nil {
		return nil
	}
	left := p.record.DaysLeft(p.app.Now())
	if left > connections.SoonDays {
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
func (p *results) renewal(a explain.Action) (label string, do func()) {
	if p.record == nil || !p.run.Subject.Tries() || a != explain.NewSecret && a != explain.PasteAgain {
		return "", nil
	}
	record := *p.record
	return "Renew the secret", func() { renew(p.nav, record) }
}

// can is what this page is able to do about a failure.
func (p *results) can() map[explain.Action]func() {
	can := canRetry(p.again)
	can[explain.Unlock] = p.again
	if p.run.try != nil && !p.run.Subject.Guide.AppOnly() {
		can[explain.SignInAgain], can[explain.ChooseAccount], can[explain.UseAnotherMailbox] = p.signIn, p.signIn,
			p.signIn
	}
	if p.edit != nil {
		can[explain.Edit] = p.edit
		if p.run.Subject.Guide.AppOnly() {
			can[explain.UseAnotherMailbox] = p.edit
		}
		if p.record == nil {
			can[explain.PasteAgain] = p.edit
		}
	}
	send := func() {
		fyne.CurrentApp().Clipboard().SetContent(p.report.text())
		p.shell.SetPrimary(parts.Action{Label: "Copied", Disabled: true})
		parts.After(copiedFor, func() {
			if p.report.ctx.Err() == nil && p.shell.Primary() != nil && p.shell.Primary().Label() == "Copied" {
				p.shell.SetPrimary(parts.Action{Label: "Test again", Do: p.again})
			}
		})
	}
	can[explain.SendToAdmin], can[explain.SendToVendor], can[explain.CopyDetails] = send, send, send
	return can
}

// copiedFor is how long a button says that it copied.
const copiedFor = 1500 * time.Millisecond
