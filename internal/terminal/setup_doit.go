package terminal

import (
	"context"
	"errors"
	"fmt"

	"entrada/internal/app"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow/administer"
	"entrada/internal/journey"
	"entrada/internal/registration"
	"entrada/internal/signin"
)

// administration works on a registration with an administrator's sign-in: the
// plan first, then the work, then the proof; and all of it can be taken back.
type administration struct {
	*wizard
	reg     app.Registration
	program administer.Program   // whose name the sign-in shows
	code    bool                 // sign in on another device
	engine  *registration.Engine // nil until an administrator has signed in
	account signin.Account
	inside  bool              // beyond the first question, so that back leads there
	runID   string            // of what was made last
	chosen  string            // client ID of an app that was there and is to be used
	others  registration.Plan // what is left for somebody with the role

	onRequest bool // carry out what a colleague asks for

	// For another purpose than to register an app:
	purpose stage  // what the sign-in is for
	instead option // the way on without it
}

// stage is one question or piece of work; it says what comes next, nil for the
// end.
type stage func(context.Context) (stage, error)

func (a *administration) run(ctx context.Context, next stage) error {
	for next != nil {
		then, err := next(ctx)
		switch {
		case ctx.Err() != nil:
			return fault.New(fault.Cancelled, "register the app", ctx.Err())
		case errors.Is(err, errBack) && a.inside:
			then = a.askHow
		case err != nil:
			return err
		}
		next = then
	}
	return nil
}

// choice is an option and where it leads.
type choice struct {
	option
	to stage
}

// pick asks for one of the choices; Enter is the first.
func (a *administration) pick(ctx context.Context, question string, list ...choice) (stage, error) {
	options := make([]option, len(list))
	for i, c := range list {
		options[i] = c.option
	}
	i, err := a.choose(ctx, question, options, 0)
	if err != nil {
		return nil, err
	}
	return list[i].to, nil
}

func to(where stage, id, title, text string) choice { return choice{option{id, title, text}, where} }

// over ends the work on this page.
func (a *administration) over(context.Context) (stage, error) { return nil, nil }

// doIt lets Entrada register the app, without the portal.
func (w *wizard) doIt(ctx context.Context) error {
	reg, err := w.j.Registration()
	if err != nil {
		w.fault(err)
		return w.j.GoTo(journey.PageNeeds)
	}
	a := &administration{wizard: w, reg: reg}
	return a.run(ctx, a.intro)
}

// intro says what will happen.
func (a *administration) intro(context.Context) (stage, error) {
	a.out.say("", "You need not open the portal at all.")
	a.out.say("   ", "1. You sign in at Microsoft as an administrator of your organisation.")
	a.out.say("   ", "2. We read what is there and show you the **plan**: each change, and what it lets "+a.reg.Wanted.Vendor+" do. Nothing has been changed up to then.")
	a.out.say("   ", "3. When you agree, we carry it out, and look again whether everything is as it should be. You can take all of it back.")
	a.out.blank()
	return a.askHow, nil
}

// askHow asks how to sign in, and says whose program asks for it.
func (a *administration) askHow(ctx context.Context) (stage, error) {
	a.inside = false
	choices := []choice{
		to(a.withBrowser, "sign in", "Sign in as an administrator", "in the browser of this computer"),
		to(a.withCode, "code", "Sign in on another device", "with a code, where this computer has no browser. Many organisations block that"),
		to(a.askProgram, "program", "Let the sign-in name another program", "where your organisation keeps this one out"),
	}
	switch {
	case a.onRequest:
	case a.purpose != nil:
		choices = append([]choice{{a.instead, a.over}}, choices...)
	default:
		choices = append(choices, to(a.showMe, "show", "Show me how instead", ""))
		if a.j.Missing(journey.PageDoIt) == nil {
			a.out.say("", "The app is registered. Its client ID is **"+oneLine(a.j.Answers().ClientID)+"**. To look at it again, or to take it back, sign in.")
			choices = append([]choice{to(a.over, "go on", "Go on", "")}, choices...)
		}
	}
	a.sayProgram()
	a.out.blank()
	return a.pick(ctx, "How do you want to go on", choices...)
}

// sayProgram says plainly whose program the sign-in names.
func (a *administration) sayProgram() {
	if a.program.Own != "" {
		a.out.say("", "The sign-in names "+a.program.Name()+", with the client ID **"+a.program.Own+"**.")
		return
	}
	a.out.say("", "The sign-in names **"+a.program.Name()+"**, a program of Microsoft's own. We use its name for this one sign-in, because Entrada is not registered in your organisation. The sign-in is forgotten afterwards.")
}

// showMe leaves for the other route.
func (a *administration) showMe(context.Context) (stage, error) {
	a.j.ChooseRoute(journey.ShowMe)
	return nil, a.j.GoTo(journey.PageNeeds)
}

// askProgram is for an organisation that keeps the first of Microsoft's
// programs out.
func (a *administration) askProgram(ctx context.Context) (stage, error) {
	second := administer.Program{Second: true}
	i, err := a.choose(ctx, "Which program", []option{
		{id: "second", title: second.Name(), text: "Microsoft's own as well. The first time, an administrator has to allow it what it asks for"},
		{id: "own", title: "A program of your own organisation", text: "a public client with the address http://localhost and the Microsoft Graph permissions for registering apps"},
		{id: "first", title: administer.Program{}.Name()},
	}, 0)
	switch {
	case err != nil:
		return nil, err
	case i == 1:
		err = a.until(ctx, "Client ID of your own program", a.program.Own, func(text string) string {
			v := administer.CheckProgram(a.reg, text)
			if v.State != entra.Good {
				return v.Sentence
			}
			a.program = administer.Program{Own: v.Clean}
			return ""
		})
		return a.askHow, err
	}
	a.program = administer.Program{Second: i == 0}
	return a.askHow, nil
}

func (a *administration) withBrowser(ctx context.Context) (stage, error) {
	a.code = false
	return a.signIn(ctx)
}

func (a *administration) withCode(ctx context.Context) (stage, error) {
	a.code = true
	return a.signIn(ctx)
}

func (a *administration) signIn(ctx context.Context) (stage, error) {
	a.inside = true
	request := a.program.SignIn(a.reg)
	signIn := a.p.signIn
	if a.code {
		signIn = a.p.signInElsewhere
	} else {
		// Microsoft shows some refusals to the person alone.
		a.out.say("", "Should Microsoft's page say that your organisation keeps this program out: press Ctrl+C, start again, and let the sign-in name another program.")
	}
	session, err := signIn(ctx, a.out, request)
	if err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		a.wrongWith(err, explain.Context{Cloud: a.reg.Cloud, TenantID: a.reg.TenantID, ClientID: request.ClientID, VendorName: a.program.Name()})
		a.out.line("Nothing was changed.")
		return a.askHow, nil
	}
	a.engine, a.account = a.reg.Engine(session), session.Account
	a.others = registration.Plan{} // whoever signs in now may be the one with the role
	a.out.blank()
	a.p.showAccount(a.out, session.Account)
	if a.onRequest {
		return a.prepare(registration.App{ClientID: a.reg.ClientID}), nil
	}
	if a.purpose != nil {
		return a.purpose, nil
	}
	if a.j.Missing(journey.PageDoIt) != nil {
		if run := a.reg.Interrupted(); run != nil {
			return a.goOnWith(run), nil
		}
	} else if run := a.reg.Made(a.j.Answers().ClientID); run != nil {
		a.runID = run.Plan.RunID
	}
	return a.prepare(a.j.App()), nil
}

// wrong says what went wrong with the work itself.
func (a *administration) wrong(err error) {
	a.wrongWith(err, explain.Context{Cloud: a.reg.Cloud, TenantID: a.reg.TenantID, ClientID: a.clientID(), VendorName: a.reg.Wanted.Vendor, Account: a.account.Username})
}

func (a *administration) wrongWith(err error, c explain.Context) {
	a.out.blank()
	a.p.explain(a.out, err, c)
	a.out.blank()
}

func (a *administration) clientID() string {
	if a.reg.ClientID == "" && !a.onRequest {
		return a.j.Answers().ClientID
	}
	return a.reg.ClientID
}

// goOnWith an interrupted run: finish it, or take it back; never a second app.
func (a *administration) goOnWith(run *registration.Journal) stage {
	return func(ctx context.Context) (stage, error) {
		a.runID = run.Plan.RunID
		a.out.blank()
		a.out.say("", "On "+run.Started.Local().Format(journey.DateLayout+", 15:04")+" we were registering “"+oneLine(run.AppName())+"”, and were interrupted. What was made is written down.")
		return a.pick(ctx, "Go on or take it back",
			to(a.apply(run.Plan), "go on", "Go on where it stopped", ""),
			to(a.undo, "undo", "Take everything back", "you see first what that is"))
	}
}

// prepare reads what is there and makes the plan.
func (a *administration) prepare(app registration.App) stage {
	return func(ctx context.Context) (stage, error) {
		a.out.line("Reading what is there. Nothing is changed by that …")
		plan, err := a.engine.Prepare(ctx, a.reg.Wanted, app)
		if err != nil {
			a.wrong(err)
			a.out.line("The plan could not be made. Nothing was changed.")
			return a.pick(ctx, "How do you want to go on", to(a.prepare(app), "again", "Try again", ""), to(a.askHow, "account", "Use another account", ""))
		}
		if a.onRequest {
			plan = administer.WithoutSecret(plan)
		}
		switch {
		case plan.Choice != nil:
			return a.askWhichApp(plan), nil
		case len(plan.Changes) == 0:
			return a.look(plan.ClientID), nil
		}
		return a.showPlan(plan), nil
	}
}

// showPlan shows every change before anything happens.
func (a *administration) showPlan(plan registration.Plan) stage {
	return func(ctx context.Context) (stage, error) {
		a.out.heading("The plan")
		a.out.say("", "You are signed in as "+oneLine(a.account.Username)+" ("+plan.Held.Words()+"). Nothing has been changed yet.")
		a.saySubject(plan)
		if a.onRequest {
			a.sayUnknownHosts(plan.Wanted)
		}
		if mark := a.guideMark(); mark != "" {
			a.out.blank()
			a.out.say("", mark)
		}
		a.sayReach(plan.Wanted, plan.Mailboxes)
		a.out.blank()
		a.out.line("What is changed:")
		for i, c := range plan.Changes {
			a.out.say("   ", fmt.Sprintf("%d. %s", i+1, c.Words))
			for _, d := range c.Details {
				a.out.say("     ", "   - "+d)
			}
			if plan.May(c) == registration.No {
				a.out.say("   ", "   **Your account may not do this.**")
			}
		}
		a.out.blank()
		request := to(a.saveRequest(plan, a.showPlan(plan)), "request", "Save it as a request", "for the person who has the role")
		account := to(a.askHow, "account", "Use another account", "")
		lacking := administer.Lacking(plan)
		if lacking == nil {
			return a.pickDoIt(ctx, plan, "Do it", to(a.apply(plan), "do it", "Do it", ""), request, account)
		}
		a.out.say("", "**Somebody else has to do a part of this.** It takes the role "+registration.RoleNames(lacking)+".")
		mine, others := plan.Split()
		if len(mine.Changes) == 0 || a.onRequest {
			return a.pick(ctx, "How do you want to go on", request, account)
		}
		mineOnly := func(context.Context) (stage, error) {
			a.others = others
			return a.apply(mine), nil
		}
		return a.pickDoIt(ctx, plan, "How do you want to go on", to(mineOnly, "part", "Do my part", "and save the rest as a request afterwards"), request, account)
	}
}

// guideMark says whose guide the plan follows, unless that is built in.
func (a *administration) guideMark() string {
	if a.onRequest || a.j == nil || a.j.Guide() == nil {
		return ""
	}
	return a.p.app.GuideMark(a.j.Guide().ID)
}

// sayReach says what the permissions let the vendor do.
func (a *administration) sayReach(w registration.Wanted, mailboxes int) {
	for _, r := range w.Reach(mailboxes) {
		a.out.blank()
		a.out.line(oneLine(r.Heading) + ":")
		for _, does := range r.Does {
			a.out.say("  ", "- "+does)
		}
	}
}

// apply carries the plan out. Whatever interrupts it can be gone on with, or be
// taken back.
func (a *administration) apply(plan registration.Plan) stage {
	return func(ctx context.Context) (stage, error) {
		a.runID = plan.RunID
		a.p.err.line("Registering the app. Each change is written down before it is made …")
		result, err := a.engine.Apply(ctx, plan, a.showProgress())
		if ctx.Err() != nil {
			return nil, err
		}
		if err != nil {
			a.wrong(err)
			a.out.say("", "The plan is not finished. What was made so far is written down.")
			return a.pick(ctx, "Go on or take it back", to(a.apply(plan), "go on", "Go on", ""), to(a.undo, "undo", "Take it back", "you see first what that is"), to(a.askHow, "account", "Use another account", ""))
		}
		if a.onRequest {
			a.reg.ClientID = result.ClientID
		} else {
			a.j.Registered(result)
		}
		for _, n := range result.Notes {
			a.out.say("", "Note: "+n)
		}
		return a.judge(result.Requirements), nil
	}
}

// showProgress writes a line for each change that is made.
func (a *administration) showProgress() func(registration.Progress) {
	waited := -1
	return func(g registration.Progress) {
		line := func(style, word, text string) {
			a.p.err.raw("  " + a.p.err.mark(style, word, 11) + oneLine(text) + "\n")
		}
		switch {
		case g.Stage == registration.Made:
			line(green, "done", g.Change.Words)
		case g.Stage == registration.Waiting && waited != g.Index:
			waited = g.Index
			line(yellow, "waiting", "until all of Microsoft's servers know of it: "+g.Change.Words)
		}
	}
}
