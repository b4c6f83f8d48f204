package parts

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

// All work beside the user interface starts and comes back here, and this is
// the only file that calls fyne.Do.

var (
	running sync.WaitGroup

	deliverMu sync.Mutex
	deliver   = fyne.Do
)

func deliverer() func(func()) {
	deliverMu.Lock()
	defer deliverMu.Unlock()
	return deliver
}

// DeliverWith replaces the way back to the user interface until restore is
// called. Fyne's test driver runs what it is given on the goroutine that gives
// it; a test that wants no race hands in a queue and empties it itself.
func DeliverWith(d func(func())) (restore func()) {
	deliverMu.Lock()
	defer deliverMu.Unlock()
	old := deliver
	deliver = d
	return func() {
		deliverMu.Lock()
		defer deliverMu.Unlock()
		deliver = old
	}
}

// Run does work beside the user interface and hands its result to done on the
// user interface. After ctx was cancelled done is not called: the page that
// asked is gone. work must not touch widgets; what it needs of them is read
// before.
func Run[T any](ctx context.Context, work func(context.Context) (T, error), done func(T, error)) {
	if ctx.Err() != nil {
		return
	}
	post := deliverer()
	running.Add(1)
	go func() {
		defer running.Done()
		v, err := work(ctx)
		if ctx.Err() != nil {
			return
		}
		post(func() {
			if ctx.Err() == nil {
				done(v, err)
			}
		})
	}()
}

// Post does f on the user interface, soon: for progress out of work.
func Post(f func()) { deliverer()(f) }

// PostWhile is Post that drops f once ctx is cancelled.
func PostWhile(ctx context.Context, f func()) {
	Post(func() {
		if ctx.Err() == nil {
			f()
		}
	})
}

// After does f on the user interface once d has passed, unless stop is called
// before.
func After(d time.Duration, f func()) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	post := deliverer()
	t := time.AfterFunc(d, func() {
		post(func() {
			if ctx.Err() == nil {
				f()
			}
		})
	})
	return func() {
		cancel()
		t.Stop()
	}
}

// Settle waits until no work is under way, at most d: cancel first, then call
// it before the program ends, since results that come after the end would
// arrive on a foreign goroutine.
func Settle(d time.Duration) bool {
	idle := make(chan struct{})
	go func() {
		running.Wait()
		close(idle)
	}()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-idle:
		return true
	case <-t.C:
		return false
	}
}
