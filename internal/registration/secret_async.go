package registration

import (
	"context"
	"errors"
	"slices"
	"time"

	"entrada/internal/graph"
	"entrada/internal/secret"
)

// pendingSecret is a secret that is made in parallel with the enterprise app and the
// consents. All of them need only the app, and each waits for Microsoft. The goroutine
// touches neither the journal nor the progress.
type pendingSecret struct {
	stop  context.CancelFunc
	done  chan struct{}
	waits chan time.Duration // pauses that the goroutine makes

	// To be read once done is closed.
	maker    secretMaker
	password graph.Password
	value    secret.Value
	app      Found[graph.Application] // with the secret in it
	err      error
}

// beginSecret starts to make the secret of an app that this run has just created. It
// does so only if the remaining changes do not touch the app. The journal has the change
// before.
func (r *run) beginSecret(ctx context.Context, rest []Change) error {
	elsewhere := func(c Change) bool {
		return c.Kind == CreatePrincipal || c.Kind == GrantDelegated || c.Kind == AssignRole
	}
	last := len(rest) - 1
	if last < 1 || rest[last].Kind != AddSecret || !r.actual.Grants.Known ||
		slices.ContainsFunc(rest[:last], func(c Change) bool { return !elsewhere(c) }) {
		return nil
	}
	if _, _, err := r.j.begin(rest[last]); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	s := &pendingSecret{stop: stop, done: make(chan struct{}), waits: make(chan time.Duration, 1),
		maker: r.secretMaker(r.app.Value)}
	s.maker.waiting = func(d time.Duration) {
		select {
		case s.waits <- d:
		default: // the pause before it was not reported yet
		}
	}
	r.pending = s
	go func() {
		defer close(s.done)
		if s.password, s.value, s.err = s.maker.make(ctx); s.err == nil {
			s.app = r.e.readBack(ctx, s.maker.app.ClientID, s.password.KeyID, s.maker.waiting)
		}
	}()
	return nil
}

// awaitSecret waits for the pending secret.
func (r *run) awaitSecret() (graph.Password, secret.Value, []string, error) {
	s := r.pending
	defer s.stop()
	for {
		select {
		case d := <-s.waits:
			r.waiting(d)
		case <-s.done:
			r.app = s.app
			return s.password, s.value, s.maker.notes, s.err
		}
	}
}

// revokeSecret removes the pending secret after another change failed: it would be
// useless. If that fails as well, the journal still has it, and Resume or Undo removes
// it.
func (r *run) revokeSecret(ctx context.Context) {
	const limit = 15 * time.Second
	s := r.pending
	if s == nil {
		return
	}
	s.stop()
	<-s.done
	if s.err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	if r.e.removeSecret(ctx, s.maker.app, s.password.KeyID) == nil {
		r.j.drop(r.j.entry(AddSecret))
		_ = r.j.save()
	}
}

// readBack reads the app until it contains the new secret; keep may be empty.
func (e *Engine) readBack(ctx context.Context, clientID, keep string, waiting func(time.Duration)) (
	app Found[graph.Application]) {
	err := e.awaitReplication(ctx, waiting, func() error {
		a, err := e.Graph.ApplicationByClientID(ctx, clientID)
		app = outcome(a, err)
		if err == nil && keep != "" && !hasKey(a.Secrets, keep) {
			return errNotVisible
		}
		return err
	})
	if err != nil && !errors.Is(err, errNotVisible) {
		app.Err = err
	}
	return app
}
