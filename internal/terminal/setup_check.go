package terminal

import (
	"context"
	"errors"

	"entrada/internal/flow/prove"
	"entrada/internal/journey"
)

// proveAndCheck is the test, and then the offer to check the registration; back
// from there leads to the test.
func (w *wizard) proveAndCheck(ctx context.Context) error {
	for {
		if err := w.proveIt(ctx); err != nil {
			return err
		}
		if err := w.offerCheck(ctx); !errors.Is(err, errBack) {
			return err
		}
	}
}

// offerCheck holds what was registered by hand against what the vendor needs,
// which Entrada's own route has done already. Whoever may not look at
// registrations skips it.
func (w *wizard) offerCheck(ctx context.Context) error {
	if w.j.Checked() || w.j.Route() == journey.DoForMe {
		return nil
	}
	reg, err := w.j.Registration()
	if err != nil {
		w.fault(err)
		return nil
	}
	a := &administration{wizard: w, reg: reg, instead: option{id: "skip", title: "Skip the check"}}
	a.purpose = a.look(reg.ClientID)
	return a.run(ctx, a.introToCheck)
}

func (a *administration) introToCheck(context.Context) (stage, error) {
	a.out.blank()
	a.out.heading("Check the registration")
	a.out.blank()
	how := "The test has passed."
	if a.j.Answers().TestedAt.IsZero() {
		how = "The test has not passed; often the registration is what is wrong."
	}
	a.out.say("", how+" Now we can look whether the app itself is what "+a.reg.Wanted.Vendor+" needs, and not more than that. Nothing is changed by that.")
	a.out.say("", "It takes somebody who may look at app registrations; an administrator may. Nobody at hand? Skip it: “entrada-cli verify” does the same at any time for a saved connection.")
	if a.j.ProvesOneOnly() {
		a.out.say("", "Until somebody has looked, it is not known "+prove.OthersUnknown)
	}
	a.out.blank()
	return a.askHow, nil
}
