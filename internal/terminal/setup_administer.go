package terminal

import (
	"context"

	"entrada/internal/flow"
	"entrada/internal/flow/administer"
	"entrada/internal/flow/prove"
	"entrada/internal/journey"
)

// doIt lets Entrada register the app, without the portal.
func (w *wizard) doIt(ctx context.Context) error {
	s, err := administer.Register(w.p.app, w.j)
	if err != nil {
		w.fault(err)
		return w.moveTo(journey.PageNeeds)
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
	p.out.Line("Done.")
	return nil
}

// proveIt tests the connection, and then offers to check the registration.
func (w *wizard) proveIt(ctx context.Context) error {
	exit, err := w.converse(ctx, prove.Journey(w.p.app, w.j))
	if err == nil && exit == flow.Moved {
		return errMoved
	}
	return err
}
