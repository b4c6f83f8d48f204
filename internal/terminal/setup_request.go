package terminal

import (
	"context"
	"fmt"
	"strings"

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
		words, file, err := a.reg.SaveRequest(plan, a.account.Username, strings.TrimSpace(folder))
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
	plan, err := journey.ReadRequest(file)
	if err != nil {
		return notReady{err}
	}
	if err := p.open(ctx); err != nil {
		return err
	}
	reg, err := p.world.RequestedRegistration(plan)
	if err != nil {
		return notReady{err}
	}
	w := &wizard{p: p, out: p.out, j: journey.New(p.world)}
	a := &administration{wizard: w, reg: reg, onRequest: true}
	a.out.heading("A request for " + plan.Wanted.Vendor)
	a.out.say("", "The app “"+oneLine(plan.Wanted.AppName)+"”, tenant ID "+plan.TenantID+", made on "+plan.Made.Local().Format(journey.DateLayout)+".")
	a.out.say("", "**Is this what you expect?** A file can come from anybody. Carry it out only if you know who sent it, and why.")
	a.sayReach(plan.Wanted, 0) // counted when the plan is made anew
	a.out.blank()
	a.out.line("What it asks for:")
	for i, c := range plan.Changes {
		a.out.say("   ", fmt.Sprintf("%d. %s", i+1, c.Words))
	}
	a.out.blank()
	a.out.say("", "You sign in as an administrator and see a plan, made anew from what is really there, before anything happens.")
	if err := a.run(ctx, a.askHow); err != nil {
		return w.leave(ctx, err)
	}
	a.out.line("Done.")
	return nil
}
