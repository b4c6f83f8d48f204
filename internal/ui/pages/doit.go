package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
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
	reg    journey.Registration
	engine *registration.Engine // nil until an administrator has signed in
	admin  signin.Account
	runID  string // of what was made last
	stop   context.CancelFunc
	own    string            // client ID of the organisation's own program, "" for Microsoft's
	other  bool              // sign in with the second of Microsoft's programs
	others registration.Plan // what is left for somebody with the role

	checkOnly bool // look first; make a plan only to mend something
	onRequest bool // carry out what a colleague asks for
	frame     func(parts.Page) parts.Page
	leave     parts.Action // the way on, or back to where this began
}

func (w *Window) showDoIt() {
	p := &doItPage{Window: w, ctx: w.enter(), stop: func() {}, leave: parts.Action{Label: "Next", Do: w.next}}
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
	p.intro()
}

// showCheck looks whether the registration of the journey is what the vendor
// needs, after it was made by hand.
func (w *Window) showCheck() {
	reg, err := w.journey.Registration()
	if err != nil {
		w.tell("Something is missing", err)
		return
	}
	p := &doItPage{Window: w, ctx: w.enter(), stop: func() {}, reg: reg, checkOnly: true, leave: parts.Action{Label: "Go on", Do: w.showCurrent}}
	p.frame = func(f parts.Page) parts.Page {
		f.Back, f.Others = w.showCurrent, append(f.Others, w.closeAction())
		return f
	}
	p.intro()
}

// checkSaved looks whether the registration of a saved connection still is what
// the vendor needs.
func (w *Window) checkSaved(r connections.Record) {
	reg, err := w.world.SavedRegistration(r)
	if err != nil {
		w.tell("It cannot be checked", err)
		return
	}
	w.journey = nil
	p := &doItPage{Window: w, ctx: w.enter(), stop: func() {}, reg: reg, checkOnly: true, leave: parts.Action{Label: "Done", Do: w.ShowHome}}
	p.frame = func(f parts.Page) parts.Page {
		f.Back, f.Wide = w.ShowHome, true
		if f.Cancel == nil {
			f.Cancel = w.ShowHome
		}
		return f
	}
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
		borrowedName(), p.ownProgram(),
	}
	page := parts.Page{
		Title: p.journey.Page().Title, Lead: "You need not open the portal at all.", Body: body, Gap: 16,
		Links:   []parts.Action{{Label: "Show me how instead", Do: p.showMeInstead}},
		Primary: parts.Action{Label: "Sign in as an administrator", External: true, Do: p.signIn},
	}
	if p.journey.Missing(journey.PageDoIt) == nil {
		page.Body = append([]fyne.CanvasObject{parts.NewCallout(parts.ToneGood, "The app is registered.", "Its client ID is "+p.journey.Answers().ClientID+".")}, body...)
		page.Links = append(page.Links, parts.Action{Label: "Look at it again", External: true, Do: p.signIn})
		page.Primary = parts.Action{Label: "Next", Do: p.next}
	}
	p.show(p.frame(page))
	p.window.Canvas().Focus(p.shell.Primary()) // the fold is for few
}

// borrowedName says plainly whose program the sign-in names.
func borrowedName() fyne.CanvasObject {
	return parts.NewCallout(parts.ToneInfo, "The sign-in names “Microsoft Azure CLI”.", "That is a program of Microsoft's own. We use its name for this one sign-in, because Entrada is not registered in your organisation. The sign-in is forgotten afterwards.")
}

// ownProgram is for an organisation that keeps Microsoft's programs out and has
// registered one of its own for such work.
func (p *doItPage) ownProgram() fyne.CanvasObject {
	var field *parts.Field
	field = parts.NewField(parts.FieldOptions{Label: "Client ID of your own program", Mono: true, Paste: true,
		Hint: "A public client with the address http://localhost and the Microsoft Graph permissions for registering apps.",
		Changed: func(text string) {
			v := entra.CheckClientID(text, entra.Known{TenantID: p.reg.TenantID})
			p.own = ""
			if v.State == entra.Good {
				p.own = v.Clean
			}
			if text == "" {
				field.SetStatus(parts.StatusNeutral, "")
				return
			}
			showVerdict(field, v, "The sign-in will name this program.")
		}})
	if p.own != "" {
		field.SetText(p.own)
	}
	return parts.NewFold("Sign in with a program of your own organisation", field)
}

// checkIntro is for a registration that exists.
func (p *doItPage) checkIntro() {
	p.show(p.frame(parts.Page{
		Title: "Check the registration", Gap: 16,
		Lead: "We read the app, its permissions and what was granted, and hold it against what " + p.reg.Wanted.Vendor + " needs. Nothing is changed by that.",
		Body: []fyne.CanvasObject{
			parts.NewNumberedStep(1, parts.Body("Your browser opens at Microsoft. Sign in as an administrator of your organisation.")),
			parts.NewNumberedStep(2, parts.Body("You see each requirement: as it should be, different, or not to be checked. What differs can be mended here, after you have seen a plan.")),
			borrowedName(), p.ownProgram(),
		},
		Primary: parts.Action{Label: "Sign in as an administrator", External: true, Do: p.signIn},
	}))
}

func (p *doItPage) showMeInstead() {
	p.journey.ChooseRoute(journey.ShowMe)
	p.goTo(journey.PageNeeds)
	p.next()
}

func (p *doItPage) signIn() {
	request := p.reg.SignInTo(journey.Program{Second: p.other, Own: p.own})
	p.stop = p.waitForSignIn(p.ctx, request, p.frame, p.intro, func(s *signin.Session, err error) {
		switch {
		case fault.Is(err, fault.Cancelled):
			p.intro()
		case err != nil:
			p.failed("The sign-in did not work", "Nothing was changed.", err, parts.Action{Label: "Try again", External: true, Do: p.signIn},
				parts.Action{Label: "Use Microsoft Graph Command Line Tools", External: true, Do: func() { p.other = true; p.signIn() }})
		default:
			p.engine, p.admin = p.reg.Engine(s), s.Account
			p.signedIn()
		}
	})
}

// signedIn goes on with an administrator.
func (p *doItPage) signedIn() {
	run := p.reg.Interrupted()
	switch {
	case p.onRequest:
		p.prepare(p.app())
	case p.checkOnly:
		p.verify(p.reg.ClientID)
	case run != nil && p.journey.Missing(journey.PageDoIt) != nil:
		p.goOnWith(run)
	default:
		p.prepare(p.app())
	}
}

// goOnWith an interrupted run: finish it, or take it back; never a second app.
func (p *doItPage) goOnWith(run *registration.Journal) {
	p.runID = run.Plan.RunID
	p.show(p.frame(parts.Page{
		Title: "This was interrupted", Lead: "On " + run.Started.Local().Format(journey.DateLayout+", 15:04") + " we were registering “" + run.Plan.Wanted.AppName + "”. What was made is written down.",
		Body:    []fyne.CanvasObject{parts.Body("We can go on where it stopped, or take everything back.")},
		Links:   []parts.Action{{Label: "Take it back", Do: p.askToUndo}},
		Primary: parts.Action{Label: "Go on", Do: func() { p.apply(run.Plan) }},
	}))
}

// app says which app the plan is about.
func (p *doItPage) app() registration.App {
	if p.checkOnly {
		return registration.App{ClientID: p.reg.ClientID}
	}
	return p.journey.App()
}

// prepare reads what is there and makes the plan.
func (p *doItPage) prepare(app registration.App) {
	ctx, cancel := context.WithCancel(p.ctx)
	p.stop = cancel
	p.show(p.frame(parts.Page{Title: "Making the plan", Lead: "Nothing is changed by this.",
		Body: []fyne.CanvasObject{parts.NewBusy("Reading what is there …", func() { cancel(); p.intro() })}}))
	engine, wanted := p.engine, p.reg.Wanted
	parts.Run(ctx, func(ctx context.Context) (registration.Plan, error) {
		return engine.Prepare(ctx, wanted, app)
	}, func(plan registration.Plan, err error) {
		if p.onRequest {
			plan = journey.WithoutSecret(plan)
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

// askWhichApp: apps of this name exist already.
func (p *doItPage) askWhichApp(plan registration.Plan) {
	choices := make([]parts.Choice, 0, len(plan.Choice.Same)+1)
	for _, s := range plan.Choice.Same {
		text := "Made on " + s.Created.Local().Format(journey.DateLayout) + ", client ID " + s.ClientID + "."
		if s.Ours {
			text += " Entrada made it."
		}
		choices = append(choices, parts.Choice{Title: "Use this app", Text: text})
	}
	choices = append(choices, parts.Choice{Title: "Make another one", Text: "Both then have the same name. That is allowed, and easily mistaken."})
	chosen := 0
	p.show(p.frame(parts.Page{
		Title: "An app of this name exists", Lead: "“" + plan.Wanted.AppName + "” is in your organisation already.",
		Body: []fyne.CanvasObject{parts.NewChoiceCards("Which app?", choices, 0, func(i int) { chosen = i })},
		Primary: parts.Action{Label: "Go on", Do: func() {
			if chosen < len(plan.Choice.Same) {
				p.prepare(registration.App{ClientID: plan.Choice.Same[chosen].ClientID, NewSecret: true})
				return
			}
			p.prepare(registration.App{AnotherOne: true})
		}},
	}))
}

// showPlan shows every change before anything happens.
func (p *doItPage) showPlan(plan registration.Plan) {
	var body []fyne.CanvasObject
	for _, r := range plan.Wanted.Reach(0) {
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
		Primary: parts.Action{Label: "Do it", Do: func() { p.apply(plan) }},
	}
	if lacking != nil {
		body = append([]fyne.CanvasObject{parts.NewCallout(parts.ToneWarning, "Somebody else has to do a part of this.",
			"It takes the role "+registration.RoleNames(lacking)+". Do your part first, then save the rest as a request for that person. Or sign in with another account.")}, body...)
		page.Links = append(page.Links, parts.Action{Label: "Use another account", External: true, Do: p.signIn})
		if mine, others := plan.Split(); len(mine.Changes) > 0 && !p.onRequest {
			page.Primary = parts.Action{Label: "Do my part", Do: func() { p.others = others; p.apply(mine) }}
		} else {
			page.Primary = parts.Action{Label: "Use another account", External: true, Do: p.signIn}
			page.Links = page.Links[:len(page.Links)-1]
		}
	}
	page.Body = append(body, outcome)
	p.show(p.frame(page))
}

// apply carries the plan out. Whatever interrupts it can be gone on with, or be
// taken back.
func (p *doItPage) apply(plan registration.Plan) {
	ctx, cancel := context.WithCancel(p.ctx)
	p.stop, p.runID = cancel, plan.RunID
	rows := make([]parts.Check, len(plan.Changes))
	for i, c := range plan.Changes {
		rows[i] = parts.Check{Title: c.Words}
	}
	list := parts.NewResultList(rows...)
	stop := func() { cancel(); p.shell.EnablePrimary(false) }
	p.show(p.frame(parts.Page{Title: "Registering the app", Lead: "Each change is written down before it is made, so that nothing gets lost.",
		Body: []fyne.CanvasObject{parts.Surface(list)}, Cancel: stop, Primary: parts.Action{Label: "Stop here", Do: stop}}))
	engine := p.engine
	parts.Run(p.ctx, func(context.Context) (*registration.Result, error) {
		return engine.Apply(ctx, plan, func(g registration.Progress) {
			parts.PostWhile(ctx, func() { list.Set(g.Index, changeRow(g)) })
		})
	}, func(r *registration.Result, err error) {
		cancel()
		if err != nil {
			p.failed("The plan is not finished", "What was made so far is written down. Go on, or take it back.", err,
				parts.Action{Label: "Go on", Do: func() { p.apply(plan) }}, parts.Action{Label: "Take it back", Do: p.askToUndo})
			return
		}
		if !p.checkOnly {
			p.journey.Registered(r)
		}
		p.showRequirements(r.Requirements, r.Notes)
	})
}

func changeRow(g registration.Progress) parts.Check {
	row := parts.Check{State: parts.CheckRunning, Title: g.Change.Words}
	switch g.Stage {
	case registration.Made:
		row.State = parts.CheckDone
	case registration.Waiting:
		row.Detail = "waiting until all of Microsoft's servers know of it"
	}
	return row
}

// failed shows what went wrong, and the ways on.
func (p *doItPage) failed(title, lead string, err error, primary parts.Action, links ...parts.Action) {
	can := canRetry(primary.Do)
	can[explain.SendToAdmin] = nil
	if !p.checkOnly {
		links = append(links, parts.Action{Label: "Show me how instead", Do: p.showMeInstead})
	}
	p.show(p.frame(parts.Page{Title: title, Lead: lead, Links: links,
		Body: []fyne.CanvasObject{parts.NewFaultBox(p.explained(err, can))}, Primary: primary}))
}
