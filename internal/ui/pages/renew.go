package pages

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/journey"
	"entrada/internal/registration"
	"entrada/internal/signin"
	"entrada/internal/ui/parts"
)

// renewPage replaces a secret with an overlap: the new one is made, proved and
// kept while the old one still works; the old one goes when the vendor says so.
type renewPage struct {
	*Window
	ctx    context.Context
	record connections.Record
	reg    app.Registration
	engine *registration.Engine
	by     *administrator
	lost   []*registration.Renewal // to be rolled back first
}

func (w *Window) renew(r connections.Record) {
	reg, err := w.app.SavedRegistration(r)
	if err != nil {
		w.tell("It cannot be renewed", err)
		return
	}
	w.journey = nil
	p := &renewPage{Window: w, ctx: w.enter(), record: r, reg: reg}
	p.by = &administrator{Window: w, ctx: p.ctx, reg: reg, frame: p.frame}
	old, lost := w.app.Renewals(r)
	if old != nil {
		p.finishIntro(old)
		return
	}
	p.lost = lost
	p.intro()
}

func (p *renewPage) frame(f parts.Page) parts.Page {
	f.Back, f.Wide = p.ShowHome, true
	if f.Cancel == nil {
		f.Cancel = p.ShowHome
	}
	return f
}

func (p *renewPage) intro() {
	p.begin(p.intro, p.make)
	p.show(p.frame(parts.Page{
		Title: "Renew the secret", Lead: p.record.Name + p.ends(), Gap: 16,
		Body: []fyne.CanvasObject{
			parts.NewNumberedStep(1, parts.Body("Sign in as an administrator. We make a **second** secret. The old one goes on working.")),
			parts.NewNumberedStep(2, parts.Body("We try the new one out and save it here.")),
			parts.NewNumberedStep(3, parts.Body("You hand the new one to "+p.record.VendorName+".")),
			parts.NewNumberedStep(4, parts.Body("When "+p.record.VendorName+" says that it is in use, come back here and we remove the old one.")),
			p.by.note(),
		},
		Links:   []parts.Action{p.by.another()},
		Primary: parts.Action{Label: "Sign in and make a new secret", External: true, Do: p.by.signIn},
	}))
}

// ends says when the secret in use ends, if that is known.
func (p *renewPage) ends() string {
	switch t := p.record.SecretExpires; {
	case t.IsZero():
		return ""
	case t.Before(p.app.Now()):
		return ": its secret ended on " + t.Format(journey.DateLayout) + "."
	default:
		return ": its secret works until " + t.Format(journey.DateLayout) + "."
	}
}

// begin prepares the sign-in of an administrator, for what is to be done then.
func (p *renewPage) begin(start, then func()) {
	p.by.start, p.by.done = start, func(s *signin.Session) {
		p.engine = p.reg.Engine(s)
		then()
	}
}

// The steps of making a second secret, in order.
var renewSteps = []string{"A second secret is made", "Microsoft accepts it", "It is saved"}

// make adds the new secret, proves it and keeps it; if it cannot be kept, it is
// taken back.
func (p *renewPage) make() {
	rows := make([]parts.Check, len(renewSteps))
	for i, title := range renewSteps {
		rows[i] = parts.Check{Title: title}
	}
	list := parts.NewResultList(rows...)
	p.show(p.frame(parts.Page{Title: "Renewing", Lead: "The old secret goes on working.", Body: []fyne.CanvasObject{parts.Surface(list)}}))
	engine, app, record, reg, lost := p.engine, p.app, p.record, p.reg, p.lost
	at := func(step int, detail string) {
		parts.PostWhile(p.ctx, func() {
			for i, title := range renewSteps[:step] {
				list.Set(i, parts.Check{State: parts.CheckDone, Title: title})
			}
			list.Set(step, parts.Check{State: parts.CheckRunning, Title: renewSteps[step], Detail: detail})
		})
	}
	type renewed struct {
		record connections.Record
		notes  []string
	}
	parts.Run(p.ctx, func(ctx context.Context) (renewed, error) {
		at(0, "")
		for _, n := range lost {
			if err := engine.RollBackRenewal(ctx, n); err != nil {
				return renewed{record: record}, err
			}
		}
		n, err := engine.Renew(ctx, registration.RenewRequest{
			ClientID: record.ClientID, OldKeyID: record.SecretID, Description: reg.Wanted.Secret.Description, Months: reg.Wanted.Secret.Months,
		}, func(time.Duration) { at(0, "Microsoft's servers do not all know of it yet.") })
		if err != nil {
			return renewed{record: record}, err
		}
		at(1, "It takes a moment until every server knows it.")
		if err := proveSecret(ctx, app, reg, n); err != nil {
			return renewed{record: record}, takeBack(ctx, engine, n, err)
		}
		at(2, "")
		record.SecretID, record.SecretExpires, record.ExpiryTyped = n.NewKeyID, n.End, false
		kept, err := app.Connections.Save(ctx, record, n.Secret)
		if err != nil {
			return renewed{record: record}, takeBack(ctx, engine, n, err)
		}
		return renewed{kept, n.Notes}, engine.KeepRenewal(n)
	}, func(r renewed, err error) {
		if err != nil {
			p.failed("The secret was not renewed", "What was saved before is unchanged.", err, p.make)
			return
		}
		p.record = r.record
		p.ready(r.notes)
	})
}

// ready says what to do with the new secret.
func (p *renewPage) ready(notes []string) {
	r := p.record
	rows := make([]parts.Check, len(renewSteps))
	for i, title := range renewSteps {
		rows[i] = parts.Check{State: parts.CheckDone, Title: title}
	}
	rows[1].Detail = "works until " + r.SecretExpires.Format(journey.DateLayout)
	body := []fyne.CanvasObject{parts.Surface(parts.NewResultList(rows...))}
	for _, n := range notes {
		body = append(body, parts.NewCallout(parts.ToneInfo, "", n))
	}
	body = append(body, parts.SubHeading("What comes next"),
		parts.NewNumberedStep(1, parts.Body("Hand the new secret to "+r.VendorName+". Until they use it, the old one goes on working, as long as it lasts.")),
		parts.NewNumberedStep(2, parts.Body("When they say that it is in use, choose **Renew secret** again on the first page. Then we remove the old one.")))
	p.show(p.frame(parts.Page{
		Title: "The new secret is ready", Lead: "Nothing was taken away.", Body: body, Gap: 16,
		Primary: parts.Action{Label: "Export for " + r.VendorName, Do: func() { p.showSavedExport(r, p.app.GuideByID(r.VendorID)) }},
	}))
}

// proveSecret asks Microsoft whether the new secret opens the app, patiently:
// it has to get around first.
func proveSecret(ctx context.Context, w app.App, reg app.Registration, n *registration.Renewal) error {
	var last error
	for try := 0; ; try++ {
		probe := checks.Probe{Cloud: reg.Cloud, TenantID: reg.TenantID, ClientID: reg.ClientID, Secret: n.Secret, HTTP: w.HTTP}
		last = nil
		for _, r := range checks.Run(ctx, probe.Checks(), nil) {
			if r.State == checks.Failed {
				last = r.Err
			}
		}
		if last == nil || !entra.TraitsOf(last).MayBeTooNew || try >= len(newlyMade) {
			return last
		}
		timer := time.NewTimer(newlyMade[try])
		select {
		case <-ctx.Done():
			timer.Stop()
			return fault.New(fault.Cancelled, "prove the new secret", ctx.Err())
		case <-timer.C:
		}
	}
}

// takeBack removes a new secret that could not be kept; the first error is the
// one that matters.
func takeBack(ctx context.Context, e *registration.Engine, n *registration.Renewal, cause error) error {
	_ = e.RollBackRenewal(context.WithoutCancel(ctx), n) // it stays in the list of renewals if this fails
	return cause
}

// finishIntro is the second half, days later.
func (p *renewPage) finishIntro(n *registration.Renewal) {
	p.begin(func() { p.finishIntro(n) }, func() { p.finish(n) })
	p.show(p.frame(parts.Page{
		Title: "Remove the old secret", Lead: p.record.Name,
		Body: []fyne.CanvasObject{
			parts.Body("A new secret was made, and the old one still works."),
			parts.NewCallout(parts.ToneWarning, "Only when "+p.record.VendorName+" uses the new one.", "As soon as the old secret is removed, nobody can connect with it any more."),
			p.by.note(),
		},
		Danger:  true,
		Links:   []parts.Action{p.by.another()},
		Primary: parts.Action{Label: "Sign in and remove the old secret", External: true, Do: p.by.signIn},
	}))
}

func (p *renewPage) finish(n *registration.Renewal) {
	p.show(p.frame(parts.Page{Title: "Removing the old secret", Body: []fyne.CanvasObject{parts.NewBusy("One moment …", nil)}}))
	engine := p.engine
	parts.Run(p.ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, engine.FinishRenewal(ctx, n) }, func(_ struct{}, err error) {
		if err != nil {
			p.failed("The old secret was not removed", "Both still work.", err, func() { p.finish(n) })
			return
		}
		p.show(p.frame(parts.Page{Title: "The old secret is gone", Lead: "Only the new one works now.",
			Body:    []fyne.CanvasObject{parts.NewCallout(parts.ToneGood, "Renewed.", p.record.Name+" lasts until "+p.record.SecretExpires.Format(journey.DateLayout)+".")},
			Primary: parts.Action{Label: "Done", Do: p.ShowHome}}))
	})
}

func (p *renewPage) failed(title, lead string, err error, again func()) {
	can := canRetry(again)
	can[explain.Unlock] = again
	c := p.explainContext()
	c.Cloud, c.TenantID, c.ClientID, c.VendorName = p.reg.Cloud, p.reg.TenantID, p.reg.ClientID, p.reg.Wanted.Vendor
	p.show(p.frame(parts.Page{Title: title, Lead: lead, Body: []fyne.CanvasObject{parts.NewFaultBox(p.view(explain.Error(err, c), can))},
		Primary: parts.Action{Label: "Try again", Do: again}}))
}
