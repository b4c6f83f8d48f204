package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/flow/administer"
	"entrada/internal/flow/prove"
	"entrada/internal/journey"
	"entrada/internal/registration"
	"entrada/internal/signin"
	"entrada/internal/ui/parts"
)

// doItPage works on a registration with an administrator's sign-in: the plan
// first, then the work, then the proof; and all of it can be taken back. It
// serves the wizard's second route, and the check of a registration that exists.
type doItPage struct {
	*Window
	ctx    context.Context
	reg    app.Registration
	by     *administrator
	engine *registration.Engine // nil until an administrator has signed in
	admin  signin.Account
	runID  string            // of what was made last
	chosen string            // client ID of an app that was there and is to be used
	others registration.Plan // what is left for somebody with the role

	checkOnly bool                // look first; make a plan only to mend something
	onRequest bool                // carry out what a colleague asks for
	saved     *connections.Record // the connection whose registration it is, nil in the wizard
	frame     func(parts.Page) parts.Page
	leave     parts.Action // the way on, or back to where this began
}

func (w *Window) showDoIt() {
	p := &doItPage{Window: w, ctx: w.enter(), leave: parts.Action{Label: "Next", Do: w.next}}
	reg, err := w.journey.Registration()
	if err != nil {
		w.goTo(journey.PageNeeds)
		w.tell("Something is missing", err)
		return
	}
	p.reg = reg
	p.frame = func(f parts.Page) parts.Page {
		f.Back, f.Others = w.back, append(f.Others, w.closeAction())
		return f
	}
	p.asAdministrator(parts.Action{Label: "Show me how instead", Do: p.showMeInstead})
	p.intro()
}

// showCheck looks whether the registration of the journey is what the vendor
// needs, after it was made by hand. leave is the way on afterwards, back the way
// to where it began.
func (w *Window) showCheck(leave parts.Action, back func()) {
	reg, err := w.journey.Registration()
	if err != nil {
		w.tell("Something is missing", err)
		return
	}
	p := &doItPage{Window: w, ctx: w.enter(), reg: reg, checkOnly: true, leave: leave}
	p.frame = func(f parts.Page) parts.Page {
		f.Back, f.Others = back, append(f.Others, w.closeAction())
		return f
	}
	p.asAdministrator(parts.Action{Label: "Skip the check", Do: leave.Do})
	p.intro()
}

// checkSaved looks whether the registration of a saved connection still is what
// the vendor needs.
func (w *Window) checkSaved(r connections.Record) {
	reg, err := w.app.SavedRegistration(r)
	if err != nil {
		w.tell("It cannot be checked", err)
		return
	}
	w.journey = nil
	p := &doItPage{Window: w, ctx: w.enter(), reg: reg, checkOnly: true, leave: parts.Action{Label: "Done", Do: w.ShowHome}}
	p.frame = func(f parts.Page) parts.Page {
		f.Back, f.Wide = w.ShowHome, true
		if f.Cancel == nil {
			f.Cancel = w.ShowHome
		}
		return f
	}
	p.asAdministrator()
	p.saved = &r
	p.intro()
}

// intro says what will happen, and whose program asks for the sign-in.
func (p *doItPage) intro() {
	if p.checkOnly {
		p.checkIntro()
		return
	}
	body := []fyne.CanvasObject{
		parts.NewNumberedStep(1, parts.Body("Your browser opens at Microsoft. Sign in as an administrator of your organisation.")),
		parts.NewNumberedStep(2, parts.Body("We read what is there and show you the **plan**: each change, and what it lets "+p.reg.Wanted.Vendor+" do. Nothing has been changed up to then.")),
		parts.NewNumberedStep(3, parts.Body("When you agree, we carry it out, and look again whether everything is as it should be. You can take all of it back.")),
		p.by.note(),
	}
	page := parts.Page{
		Title: p.journey.Page().Title, Lead: "You need not open the portal at all.", Body: body, Gap: 16,
		Links:   append([]parts.Action{p.by.another()}, p.by.instead...),
		Primary: parts.Action{Label: "Sign in as an administrator", External: true, Do: p.by.signIn},
	}
	if p.journey.Missing(journey.PageDoIt) == nil {
		page.Body = append([]fyne.CanvasObject{parts.NewCallout(parts.ToneGood, "The app is registered.", "Its client ID is "+p.journey.Answers().ClientID+".")}, body...)
		page.Links = []parts.Action{{Label: "Look at it again", External: true, Do: p.by.signIn}}
		page.Primary = parts.Action{Label: "Next", Do: p.next}
	}
	p.show(p.frame(page))
}

// checkIntro is for a registration that exists.
func (p *doItPage) checkIntro() {
	body := []fyne.CanvasObject{
		parts.NewNumberedStep(1, parts.Body("Your browser opens at Microsoft. Sign in as somebody who may look at app registrations; an administrator may.")),
		parts.NewNumberedStep(2, parts.Body("You see each requirement: as it should be, different, or not to be checked. What differs can be mended here, after you have seen a plan.")),
		p.by.note(),
	}
	lead := "We read the app, its permissions and what was granted, and hold it against what " + p.reg.Wanted.Vendor + " needs. Nothing is changed by that."
	if p.journey != nil && !p.journey.Answers().TestedAt.IsZero() {
		lead = "The test has passed. Now we look whether the app itself is what " + p.reg.Wanted.Vendor + " needs, and not more than that. Nothing is changed by that."
	}
	if p.journey != nil {
		skip := "Nobody at hand who may do this? Skip it. **Check the registration** stays on the first page, in the menu of the saved connection."
		if p.journey.ProvesOneOnly() {
			skip += " Until somebody has looked, it is not known " + prove.OthersUnknown
		}
		body = append(body, parts.Muted(skip))
	}
	p.show(p.frame(parts.Page{
		Title: "Check the registration", Gap: 16,
		Lead: lead,
		Body: body, Links: append([]parts.Action{p.by.another()}, p.by.instead...),
		Primary: parts.Action{Label: "Sign in as an administrator", External: true, Do: p.by.signIn},
	}))
}

func (p *doItPage) showMeInstead() {
	p.journey.ChooseRoute(journey.ShowMe)
	p.goTo(journey.PageNeeds)
	p.next()
}

// asAdministrator prepares the sign-in.
func (p *doItPage) asAdministrator(instead ...parts.Action) {
	p.by = &administrator{Window: p.Window, ctx: p.ctx, reg: p.reg, frame: p.frame, start: p.intro, instead: instead, looking: p.checkOnly && !p.onRequest, done: func(s *signin.Session) {
		p.engine, p.admin = p.reg.Engine(s), s.Account
		p.others = registration.Plan{} // whoever signs in now may be the one with the role
		p.signedIn()
	}}
}

// signedIn goes on with an administrator.
func (p *doItPage) signedIn() {
	run := p.reg.Interrupted()
	switch {
	case p.onRequest:
		p.prepare(p.wantedApp())
	case p.checkOnly:
		p.verify(p.reg.ClientID)
	case run != nil && p.journey.Missing(journey.PageDoIt) != nil && !p.journey.Replacing():
		p.goOnWith(run)
	default:
		p.prepare(p.wantedApp())
	}
}

// app says which app the plan is about.
func (p *doItPage) wantedApp() registration.App {
	if p.checkOnly {
		return registration.App{ClientID: p.reg.ClientID}
	}
	return p.journey.App()
}

// prepare reads what is there and makes the plan.
func (p *doItPage) prepare(app registration.App) {
	ctx, cancel := context.WithCancel(p.ctx)
	p.show(p.frame(parts.Page{Title: "Making the plan", Lead: "Nothing is changed by this.",
		Body: []fyne.CanvasObject{parts.NewBusy("Reading what is there …", func() { cancel(); p.intro() })}}))
	engine, wanted := p.engine, p.reg.Wanted
	parts.Run(ctx, func(ctx context.Context) (registration.Plan, error) {
		return engine.Prepare(ctx, wanted, app)
	}, func(plan registration.Plan, err error) {
		if p.onRequest || p.saved != nil {
			plan = administer.WithoutSecret(plan) // renewing is where the new one is kept
		}
		switch {
		case err != nil:
			p.failed("The plan could not be made", "Nothing was changed.", err, parts.Action{Label: "Try again", Do: func() { p.prepare(app) }})
		case plan.Choice != nil:
			p.askWhichApp(plan)
		case len(plan.Changes) == 0:
			p.verify(plan.ClientID)
		default:
			p.showPlan(plan)
		}
	})
}

// guideMark says whose guide the plan follows, unless that is built in.
func (p *doItPage) guideMark() string {
	switch {
	case p.onRequest:
		return "" // a request follows no guide of this computer
	case p.saved != nil:
		return p.app.GuideMark(p.saved.VendorID)
	case p.journey != nil && p.journey.Guide() != nil:
		return p.app.GuideMark(p.journey.Guide().ID)
	}
	return ""
}

// The words of the button that carries a plan out, or the own part of it.
const (
	doIt     = "Do it"
	doMyPart = "Do my part"
)

// showPlan shows every change before anything happens.
func (p *doItPage) showPlan(plan registration.Plan) {
	body := subject(plan)
	if p.onRequest {
		body = append(body, unknownHosts(plan.Wanted)...)
	}
	if mark := p.guideMark(); mark != "" {
		body = append(body, parts.NewCallout(parts.ToneInfo, "", mark))
	}
	for _, r := range plan.Wanted.Reach(plan.Mailboxes) {
		list := parts.Column(4, parts.Strong(r.Heading+":"))
		for _, does := range r.Does {
			list.Objects = append(list.Objects, parts.Body("· "+does))
		}
		body = append(body, parts.Surface(list))
	}
	body = append(body, parts.SubHeading("What is changed"))
	var lacking []registration.Role
	for i, c := range plan.Changes {
		var below []fyne.CanvasObject
		details := parts.Column(1)
		for _, d := range c.Details {
			details.Objects = append(details.Objects, parts.Caption(d))
		}
		if len(c.Details) > 0 {
			below = append(below, details)
		}
		if plan.May(c) == registration.No {
			lacking, _ = c.Roles()
			below = append(below, parts.Caption("**Your account may not do this.**"))
		}
		body = append(body, parts.NewNumberedStep(i+1, parts.Body(c.Words), below...))
	}
	outcome := parts.NewSlot()
	page := parts.Page{
		Title: "The plan", Lead: "You are signed in as " + p.admin.Username + " (" + plan.Held.Words() + "). Nothing has been changed yet.", Gap: 16,
		Links:   []parts.Action{{Label: "Save as a request", Do: func() { p.saveRequest(plan, outcome) }}},
		Primary: parts.Action{Label: doIt, Do: func() { p.apply(plan) }},
	}
	if lacking != nil {
		body = append([]fyne.CanvasObject{parts.NewCallout(parts.ToneWarning, "Somebody else has to do a part of this.",
			"It takes the role "+registration.RoleNames(lacking)+". Do your part first, then save the rest as a request for that person. Or sign in with another account.")}, body...)
		page.Links = append(page.Links, parts.Action{Label: "Use another account", External: true, Do: p.by.signIn})
		if mine, others := plan.Split(); len(mine.Changes) > 0 && !p.onRequest {
			page.Primary = parts.Action{Label: doMyPart, Do: func() { p.others = others; p.apply(mine) }}
		} else {
			page.Primary = parts.Action{Label: "Use another account", External: true, Do: p.by.signIn}
			page.Links = page.Links[:len(page.Links)-1]
		}
	}
	page.Body = append(body, outcome)
	p.guard(&page, plan)
	p.show(p.frame(page))
}

// explained puts an error of this registration into words.
func (p *doItPage) explained(err error, can map[explain.Action]func()) parts.FaultView {
	c := p.explainContext()
	c.Cloud, c.TenantID, c.ClientID, c.VendorName = p.reg.Cloud, p.reg.TenantID, p.clientID(), p.reg.Wanted.Vendor
	return p.view(explain.Error(err, c), can)
}

// failed shows what went wrong, and the ways on.
func (p *doItPage) failed(title, lead string, err error, primary parts.Action, links ...parts.Action) {
	p.show(p.frame(p.failure(title, lead, err, primary, links...)))
}

func (p *doItPage) failure(title, lead string, err error, primary parts.Action, links ...parts.Action) parts.Page {
	can := canRetry(primary.Do)
	can[explain.SendToAdmin] = nil
	if !p.checkOnly {
		links = append(links, parts.Action{Label: "Show me how instead", Do: p.showMeInstead})
	}
	return parts.Page{Title: title, Lead: lead, Links: links,
		Body: []fyne.CanvasObject{parts.NewFaultBox(p.explained(err, can))}, Primary: primary}
}
