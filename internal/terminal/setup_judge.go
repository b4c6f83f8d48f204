package terminal

import (
	"context"

	"entrada/internal/connections"
	"entrada/internal/flow/administer"
	"entrada/internal/journey"
	"entrada/internal/registration"
)

// look holds what is wanted against what is there.
func (a *administration) look(clientID string) stage {
	return func(ctx context.Context) (stage, error) {
		a.out.line("Looking at the registration …")
		return a.judge(a.engine.Verify(ctx, a.reg.Wanted, clientID, false)), nil
	}
}

// judge shows each requirement in one of three states, and the ways on.
func (a *administration) judge(list []registration.Requirement) stage {
	return func(ctx context.Context) (stage, error) {
		if !a.onRequest {
			note, err := a.j.SetChecked(list)
			a.p.sayCorrected(a.out, note, err)
		}
		clientID := a.clientID()
		name := a.reg.Wanted.AppName
		for _, r := range list {
			if a.onRequest && r.ID == registration.Registered && r.State == registration.OK {
				name = r.Have // as it is really called
			}
		}
		record := connections.Record{Name: name, VendorName: a.reg.Wanted.Vendor, TenantID: a.reg.TenantID, ClientID: clientID}
		a.out.blank()
		a.p.printVerified(verifiedOf(list, a.reg.Cloud, record, a.account.Username))
		a.out.blank()
		app := registration.App{ClientID: clientID}
		if !a.onRequest {
			app = a.j.App()
		}
		goOn := to(a.over, "go on", "Go on", "")
		var choices []choice
		switch verdict := registration.Verdict(list); {
		case !a.onRequest && a.j.Missing(journey.PageDoIt) != nil:
			// The app is there and its secret is not: only a new one can be handed over.
			a.out.say("", "The client secret of this app is not here. Only a new one can be handed over.")
			choices = append(choices, to(a.prepare(app), "secret", "Make a plan for a new secret", ""))
		case len(a.others.Changes) > 0:
			a.out.say("", "Your part is done. What is still different takes somebody with another role.")
			rest := a.others
			rest.ClientID = clientID
			a.others = registration.Plan{}
			choices = append(choices, to(a.saveRequest(rest, a.judge(list)), "request", "Save the rest as a request", "for the person who has the role"), goOn)
		case verdict == registration.Differs && administer.Mendable(list) && !a.onRequest:
			goOn.title = "Leave it and go on"
			choices = append(choices, to(a.prepare(app), "mend", "Make a plan to mend it", ""), goOn)
		case verdict == registration.CouldNotCheck:
			choices = append(choices, to(a.look(clientID), "again", "Look again", ""), goOn)
		default:
			choices = append(choices, goOn)
		}
		if a.onRequest {
			a.out.say("", "The client secret is made by whoever asked, at their own computer: here it would be lost.")
		}
		if a.runID != "" {
			choices = append(choices, to(a.undo, "undo", "Take it back", "you see first what that is"))
		}
		return a.pick(ctx, "How do you want to go on", choices...)
	}
}

// undo lists what would be taken back, asks, and takes it back.
func (a *administration) undo(ctx context.Context) (stage, error) {
	run := a.reg.Run(a.runID)
	if run == nil {
		a.out.line("There is nothing to take back.")
		a.runID = ""
		return a.askHow, nil
	}
	items := a.engine.Preview(ctx, run)
	if len(run.Entries) == 0 {
		// Nothing was done: it only ends there.
		a.out.line("There is nothing to take back.")
		a.runID = ""
		return a.askHow, a.engine.Undo(ctx, run, nil)
	}
	a.out.blank()
	a.out.line("This would be taken back:")
	for _, item := range items {
		words := item.Words
		if item.Perhaps {
			words += " (if it was made at all)"
		}
		a.out.say("  ", "- "+words)
		if item.Warning != "" {
			a.out.say("  ", "  Careful: "+item.Warning)
		}
	}
	i, err := a.choose(ctx, "Take it back", []option{{id: "keep", title: "Keep it"}, {id: "undo", title: "Take it back"}}, 0)
	switch {
	case err != nil:
		return nil, err
	case i == 0:
		return a.askHow, nil
	}
	a.p.err.line("Taking it back …")
	told := false
	err = a.engine.Undo(ctx, run, func(item registration.UndoItem) {
		if item.Wait > 0 && !told {
			told = true
			a.p.err.line("  It may not have got around at Microsoft yet. We look for it for a minute, at most.")
		}
	})
	if ctx.Err() != nil {
		return nil, err
	}
	if err != nil {
		a.wrong(err)
		a.out.say("", "It could not all be taken back. You can try again; what is gone already stays gone.")
		return a.pick(ctx, "How do you want to go on", to(a.undo, "again", "Try again", ""), to(a.askHow, "account", "Use another account", ""))
	}
	a.out.line("It is taken back.")
	a.runID = ""
	switch {
	case a.onRequest:
		return nil, nil
	case a.purpose != nil:
		return a.purpose, nil // the app was there before
	}
	a.j.Unregistered()
	return a.askHow, nil
}
