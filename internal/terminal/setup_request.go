package terminal

import (
	"context"
	"fmt"
	"strings"

	"entrada/internal/flow/administer"
	"entrada/internal/journey"
	"entrada/internal/registration"
	"entrada/internal/safefile"
)

// saveRequest writes what somebody with the role has to do, and goes on.
func (a *administration) saveRequest(plan registration.Plan, then stage) stage {
	return func(ctx context.Context) (stage, error) {
		folder, err := a.ask(ctx, "In which folder", safefile.Documents())
		if err != nil {
			return nil, err
		}
		words, file, err := administer.SaveRequest(a.reg, plan, a.account.Username, strings.TrimSpace(folder))
		if err != nil {
			a.wrong(err)
			return then, nil
		}
		a.out.line("Saved, to read: " + words)
		a.out.line("Saved, to open in Entrada: " + file)
		a.out.say("", "Neither holds a secret. Send both to the person who has the role. In a terminal they open it with: entrada-cli setup --request FILE")
		return then, nil
	}
}

// request carries out what a colleague without the role asks for.
func (p *program) request(ctx context.Context, file string) error {
	plan, err := administer.ReadRequest(file)
	if err != nil {
		return err
	}
	if err := p.open(ctx); err != nil {
		return err
	}
	reg, err := p.app.RequestedRegistration(plan)
	if err != nil {
		return err
	}
	w := &wizard{p: p, out: p.out, j: journey.New(p.app)}
	a := &administration{wizard: w, reg: reg, onRequest: true}
	a.out.heading("A request for " + plan.Wanted.Vendor)
	name, made := "“"+oneLine(plan.Wanted.AppName)+"”", plan.Made.Local().Format(journey.DateLayout)
	if plan.ClientID == "" {
		a.out.say("", "A new app, "+name+", tenant ID "+plan.TenantID+". The request was made on "+made+".")
	} else {
		a.out.say("", "It is about an app that exists, in the organisation with the tenant ID "+plan.TenantID+". The request was made on "+made+".")
		a.out.say("", "App: **"+name+"**, as the request calls it. Client ID: "+plan.ClientID+". After you have signed in, you see what the app with this client ID is really called, before anything happens.")
	}
	a.out.say("", "**Is this what you expect?** A file can come from anybody. Carry it out only if you know who sent it, and why.")
	a.sayUnknownHosts(plan.Wanted)
	a.sayReach(plan.Wanted, 0) // counted when the plan is made anew
	a.out.blank()
	a.out.line("What it asks for:")
	for i, c := range plan.Changes {
		a.out.say("   ", fmt.Sprintf("%d. %s", i+1, c.Words))
		for _, d := range c.Details {
			a.out.say("     ", "   - "+d)
		}
	}
	a.out.blank()
	a.out.say("", "You sign in as an administrator and see a plan, made anew from what is really there, before anything happens.")
	if err := a.run(ctx, a.askHow); err != nil {
		return w.leave(ctx, err)
	}
	a.out.line("Done.")
	return nil
}
