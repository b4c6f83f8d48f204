package graph

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// FairLimiter limits how many requests run at the same time, over all clients that
// share it; see [Client.WithLimiter]. A client that waits because Microsoft throttles
// it does not count.
type FairLimiter struct {
	mu          sync.Mutex
	free        int
	waiting     []*waiter // in order of arrival
	dispatching bool      // dispatch has started its timer
}

// coalesce is how long dispatch waits before it admits requests. Requests that began
// together end together, and their followers arrive together: they are to be compared.
const coalesce = 2 * time.Millisecond

// waiter is a request that waits for admission.
type waiter struct {
	served   int           // requests of its client that were admitted before
	admitted chan struct{} // closed on admission
}

// NewFairLimiter allows n requests at once.
func NewFairLimiter(n int) *FairLimiter { return &FairLimiter{free: n} }

// WithLimiter returns a copy of the client whose requests wait for admission. The copy
// stands for one chain of requests. The client with the fewest admitted requests goes
// first, so that no chain ends long after the others.
func (c *Client) WithLimiter(l *FairLimiter) *Client {
	mine := *c
	mine.limiter, mine.served = l, new(requestCount)
	return &mine
}

// requestCount counts the admitted requests of a client and of its copies with other
// headers.
type requestCount struct{ n int }

// acquire waits for admission. The caller then calls release.
func (l *FairLimiter) acquire(ctx context.Context, had *requestCount) error {
	l.mu.Lock()
	w := &waiter{had.n, make(chan struct{})}
	had.n++
	l.waiting = append(l.waiting, w)
	l.dispatch()
	l.mu.Unlock()
	select {
	case <-w.admitted:
		return nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.waiting, w); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	} else { // it was admitted meanwhile
		l.free++
		l.dispatch()
	}
	return ctx.Err()
}

func (l *FairLimiter) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free++
	l.dispatch()
}

// dispatch admits waiting requests after a short delay. It is called with mu held.
func (l *FairLimiter) dispatch() {
	if l.dispatching || l.free == 0 || len(l.waiting) == 0 {
		return
	}
	l.dispatching = true
	time.AfterFunc(coalesce, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.dispatching = false
		for l.free > 0 && len(l.waiting) > 0 {
			first := slices.MinFunc(l.waiting, func(a, b *waiter) int { return cmp.Compare(a.served, b.served) })
			l.waiting = slices.DeleteFunc(l.waiting, func(w *waiter) bool { return w == first })
			l.free--
			close(first.admitted)
		}
	})
}
