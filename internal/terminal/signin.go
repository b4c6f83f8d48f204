package terminal

import (
	"context"

	"entrada/internal/console"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/prove"
	"entrada/internal/signin"
)

// signIn signs a person in and says what is happening.
func (p *program) signIn(ctx context.Context, to *console.Output, how flow.SignIn) (
	session *signin.Session, err error) {
	how.App = p.app
	how.Cancelled = func() *flow.Screen {
		err = fault.New(fault.Cancelled, "sign in", ctx.Err())
		return flow.End(flow.Forgone)
	}
	how.Done = func(s *signin.Session, failed error) *flow.Screen {
		session, err = s, failed
		return flow.End(flow.Done)
	}
	w := &wizard{p: p, out: to}
	if _, stopped := w.converse(ctx, how.Screen()); stopped != nil {
		return nil, stopped
	}
	return session, err
}

// testSignedIn is the rest of a connection's test: as a person.
func (p *program) testSignedIn(
	ctx context.Context, subject prove.Subject, readOnly bool, before prove.Outcome,
) prove.Outcome {
	if !subject.Tries() {
		p.err.Line(console.OneLine(subject.Name) + ": " + guideGone + "; what it may do cannot be tried out.")
		return before
	}
	p.err.Heading(subject.Name)
	if subject.Guide.AppOnly() {
		p.err.Line(subject.Guide.Vendor + " signs in by itself, so no browser is needed. Mailbox: " +
			console.OneLine(subject.Mailbox))
	}
	try := prove.Try{App: p.app, Subject: subject, LookOnly: readOnly, Before: before.Results, Took: before.Took}
	outcome := try.Stopped()
	stop := flow.Over(flow.Forgone)
	try.Start, try.Ways = stop, []flow.Choice{{ID: "stop", Label: "Stop here", Next: stop}}
	try.Done = func(o prove.Outcome) *flow.Screen {
		outcome = o
		return flow.End(flow.Done)
	}
	w := &wizard{p: p, out: p.err}
	_, _ = w.converse(ctx, try.Agree()) // who leaves in the middle has stopped
	return outcome
}
