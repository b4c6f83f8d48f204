package terminal

import (
	"context"
	"errors"

	"entrada/internal/flow"
	"entrada/internal/flow/administer"
	"entrada/internal/journey"
)

// doIt lets Entrada register the app, without the portal.
func (w *wizard) doIt(ctx context.Context) error {
	s, err := administer.Register(w.p.app, w.j)
	if err != nil {
		w.fault(err)
		return w.j.GoTo(journey.PageNeeds)
	}
	_, err = w.converse(ctx, s)
	return err
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
	s, err := administer.Request(p.app, plan)
	if err != nil {
		return err
	}
	w := &wizard{p: p, out: p.out}
	if _, err := w.converse(ctx, s); err != nil {
		return w.leave(ctx, err)
	}
	p.out.line("Done.")
	return nil
}

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
// which Entrada's own route has done already.
func (w *wizard) offerCheck(ctx context.Context) error {
	if w.j.Checked() || w.j.Route() == journey.DoForMe {
		return nil
	}
	over := flow.Over(flow.Done)
	s, err := administer.Check(w.p.app, w.j, flow.Choice{ID: "skip", Label: "Skip the check", Next: over}, flow.Choice{ID: "go on", Label: "Go on", Next: over})
	if err != nil {
		w.fault(err)
		return nil
	}
	_, err = w.converse(ctx, s)
	return err
}
