package prove

import (
	"context"
	"slices"
	"sync"
	"time"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/secret"
)

// Batch tests many connections: a few at once, the outcomes in the order of the
// list as soon as they are known, and never more in memory than that takes.
type Batch struct {
	App  app.App
	List []connections.Record
	// Unsaved is the secret, which may be empty, of the one connection that is
	// tested without being saved.
	Unsaved  *secret.Value
	Parallel int           // how many at once; at least 1
	Timeout  time.Duration // for one of them
	TooLong  string        // said of one that took longer
	// Then goes on with one that is well so far; nil where nobody signs in.
	Then func(context.Context, Subject, Outcome) Outcome

	keys keyring
}

// job is one connection on its way to be tested.
type job struct {
	position int
	key      prefetched
}

// finished is one outcome on its way to be told.
type finished struct {
	position int
	outcome  Outcome
}

// Run tests until the end of the list or of the context. It calls tell from one
// goroutine, with the outcomes in order, and arrived after each that came.
func (b *Batch) Run(ctx context.Context, tell func(position int, o Outcome), arrived func()) {
	b.keys.store = b.App.Connections
	// The workers may run ahead of the slowest, but not without bound: what is
	// finished out of turn waits in memory.
	// The next secrets are read while the workers test: as many as are tested at
	// once, and as many again wait for their turn.
	jobs, outcomes := make(chan job, b.Parallel), make(chan finished, b.Parallel)
	window := make(chan struct{}, 16*b.Parallel)
	go func() {
		defer close(jobs)
		position := 0
		for group := range slices.Chunk(b.List, b.Parallel) {
			for _, key := range b.prefetch(ctx, group) {
				select {
				case window <- struct{}{}:
				case <-ctx.Done():
					return
				}
				select {
				case jobs <- job{position, key}:
				case <-ctx.Done():
					return
				}
				position++
			}
		}
	}()
	var workers sync.WaitGroup
	for range min(b.Parallel, len(b.List)) {
		workers.Go(func() {
			for next := range jobs {
				outcomes <- finished{next.position, b.one(ctx, next)}
			}
		})
	}
	go func() { workers.Wait(); close(outcomes) }()

	waiting := map[int]Outcome{}
	next := 0
	for f := range outcomes {
		waiting[f.position] = f.outcome
		for {
			o, ok := waiting[next]
			if !ok {
				break
			}
			delete(waiting, next)
			tell(next, o)
			next++
			<-window
		}
		arrived()
	}
}

// prefetch reads the secrets of a group ahead of its tests.
func (b *Batch) prefetch(ctx context.Context, group []connections.Record) []prefetched {
	if b.Unsaved != nil {
		return make([]prefetched, len(group))
	}
	return b.keys.prefetch(ctx, group)
}

// one tests one connection.
func (b *Batch) one(ctx context.Context, next job) Outcome {
	r := b.List[next.position]
	limited, cancel := context.WithTimeout(ctx, b.Timeout)
	defer cancel()
	var v secret.Value
	var fromKeychain checks.Result
	if b.Unsaved != nil {
		v = *b.Unsaved
	} else {
		v, fromKeychain = b.keys.secret(limited, r.ID, next.key)
	}
	subject := Plain(b.App, r, v)
	probe := subject.light(b.App, r)
	if b.Then != nil {
		probe = subject.Probe(b.App) // what follows tries it out
	}
	results := checks.Run(limited, probe, nil)
	if b.Unsaved == nil {
		results = checks.AfterKeychain(fromKeychain, results)
	}
	if limited.Err() != nil && ctx.Err() == nil {
		checks.OutOfTime(results, b.TooLong)
	}
	o := subject.Judge(b.App, results)
	o.Unread = unreadable(results)
	if b.Then != nil && o.OK {
		whole, _ := FromRecord(b.App, r, v)
		o = b.Then(ctx, whole, o)
	}
	return o
}
