package registration

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"entrada/internal/fault"
)

// errNotVisible: the answer does not show yet what was just written.
var errNotVisible = errors.New("the change is not visible yet")

// awaitReplication repeats a request until all of Microsoft's servers know a new object.
// It repeats only failures of that kind, and gives up after the engine's patience. It
// tells waiting of each pause.
func (e *Engine) awaitReplication(ctx context.Context, waiting func(time.Duration), try func() error) error {
	limit := e.Patience
	if limit == 0 {
		limit = patience
	}
	return e.awaitReplicationFor(ctx, limit, waiting, try)
}

func (e *Engine) awaitReplicationFor(
	ctx context.Context, limit time.Duration, waiting func(time.Duration), try func() error,
) error {
	pause, waited := time.Second, time.Duration(0)
	for {
		err := try()
		if err == nil || !isPropagating(err) || waited+pause > limit {
			return err
		}
		if waiting != nil {
			waiting(pause)
		}
		if err := e.wait(ctx, pause); err != nil {
			return fault.New(fault.KindOf(err), "wait for Microsoft", err)
		}
		waited += pause
		pause = min(2*pause, 8*time.Second)
	}
}

// isPropagating reports whether waiting may help. Graph has no code for it: a new object
// is "not found", and a new app is no "valid application object". Azure's command line
// waits on the same words.
func isPropagating(err error) bool {
	var f *fault.Error
	switch {
	case errors.Is(err, errNotVisible):
		return true
	case !errors.As(err, &f):
		return false
	case f.Status == http.StatusNotFound:
		return true
	case f.Status != http.StatusBadRequest:
		return false
	}
	return strings.Contains(f.Detail, "does not reference") || strings.Contains(f.Detail, "does not exist") ||
		strings.Contains(f.Detail, "must in the local tenant")
}

// outcomeUnknown reports whether Microsoft may have carried out a request that failed.
func outcomeUnknown(err error) bool {
	return fault.Is(
		err, fault.Offline, fault.TimedOut, fault.Unavailable, fault.BadAnswer, fault.CaptivePortal, fault.Unknown)
}
