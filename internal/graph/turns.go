package graph

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// Turns bounds how many requests are under way at once, over all clients that
// take part; see [Client.InTurn]. Waiting because Microsoft asked for it is not
// under way.
type Turns struct {
	mu      sync.Mutex
	free    int
	waiting []*waiter // in the order in which they came
	soon    bool      // turns are about to be given
}

// together is how long a turn is kept before it is given to somebody: requests
// that began at the same moment end at the same moment, and those that follow
// them are to be weighed against each other.
const together = 2 * time.Millisecond

// waiter is a request that waits for its turn.
type waiter struct {
	had  int           // the turns that its client has had
	turn chan struct{} // closed when it may go
}

// NewTurns allows n requests at once.
func NewTurns(n int) *Turns { return &Turns{free: n} }

// InTurn is a client like this one whose requests wait for their turn. It stands
// for one chain of requests: whose client has had the fewest turns goes first, so
// that no chain ends long after the others.
func (c *Client) InTurn(t *Turns) *Client {
	mine := *c
	mine.turns, mine.had = t, new(counter)
	return &mine
}

// counter counts the turns of a client, copies of it with other headers included.
type counter struct{ n int }

// take waits for a turn. The caller gives it back with leave.
func (t *Turns) take(ctx context.Context, had *counter) error {
	t.mu.Lock()
	w := &waiter{had.n, make(chan struct{})}
	had.n++
	t.waiting = append(t.waiting, w)
	t.give()
	t.mu.Unlock()
	select {
	case <-w.turn:
		return nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.waiting, w); i >= 0 {
		t.waiting = slices.Delete(t.waiting, i, i+1)
	} else { // its turn came meanwhile
		t.free++
		t.give()
	}
	return ctx.Err()
}

func (t *Turns) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.free++
	t.give()
}

// give lets go who may, in a moment. It is called with mu held.
func (t *Turns) give() {
	if t.soon || t.free == 0 || len(t.waiting) == 0 {
		return
	}
	t.soon = true
	time.AfterFunc(together, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.soon = false
		for t.free > 0 && len(t.waiting) > 0 {
			first := slices.MinFunc(t.waiting, func(a, b *waiter) int { return cmp.Compare(a.had, b.had) })
			t.waiting = slices.DeleteFunc(t.waiting, func(w *waiter) bool { return w == first })
			t.free--
			close(first.turn)
		}
	})
}
