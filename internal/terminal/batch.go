package terminal

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/console"
	"entrada/internal/explain"
	"entrada/internal/flow/prove"
	"entrada/internal/secret"
)

// batch tests many connections: a few at once, the results in the order of the
// list as soon as they are known, and never more in memory than that takes.
type batch struct {
	p    *program
	o    testOptions
	list []connections.Record
	keys *keyring
	// unsaved is the secret, which may be empty, of the one connection that is
	// tested without being saved.
	unsaved *secret.Value
	width   int
	began   time.Time

	printed, failed, unfinished int
	keychainErr                 error // why secrets could not be read; see unreadable
	reached                     int   // well as far as it went, and nobody signed in
	noSecret                    bool
	told                        time.Time // when progress was last told
	remember                    []connections.Tested
}

// job is one connection on its way to be tested.
type job struct {
	position int
	key      prefetched
}

// result is one outcome on its way to be printed.
type result struct {
	position int
	verdict  verdict
}

func (b *batch) run(ctx context.Context) error {
	// The workers may run ahead of the slowest, but not without bound: what is
	// finished out of turn waits in memory.
	// The next secrets are read while the workers test: as many as are tested at
	// once, and as many again wait for their turn.
	jobs, outcomes := make(chan job, b.o.parallel), make(chan result, b.o.parallel)
	window := make(chan struct{}, 16*b.o.parallel)
	go func() {
		defer close(jobs)
		position := 0
		for group := range slices.Chunk(b.list, b.o.parallel) {
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
	for range min(b.o.parallel, len(b.list)) {
		workers.Go(func() {
			for next := range jobs {
				outcomes <- result{next.position, b.one(ctx, next)}
			}
		})
	}
	go func() { workers.Wait(); close(outcomes) }()

	if b.o.json {
		b.p.out.Raw("[")
	}
	waiting := map[int]verdict{}
	next := 0
	for d := range outcomes {
		waiting[d.position] = d.verdict
		for {
			v, ok := waiting[next]
			if !ok {
				break
			}
			delete(waiting, next)
			b.finished(next, v)
			next++
			<-window
		}
		b.progress()
	}
	if b.o.json {
		if b.printed > 0 {
			b.p.out.Blank()
		}
		b.p.out.Raw("]\n")
	}
	return b.conclude(ctx)
}

// prefetch reads the secrets of a group ahead of its tests.
func (b *batch) prefetch(ctx context.Context, group []connections.Record) []prefetched {
	if b.unsaved != nil {
		return make([]prefetched, len(group))
	}
	return b.keys.prefetch(b.p.quietly(ctx), group)
}

// one tests one connection.
func (b *batch) one(ctx context.Context, next job) verdict {
	r := b.list[next.position]
	limited, cancel := context.WithTimeout(ctx, b.o.timeout)
	defer cancel()
	var v secret.Value
	var fromKeychain checks.Result
	if b.unsaved != nil {
		v = *b.unsaved
	} else {
		v, fromKeychain = b.keys.secret(b.p.quietly(limited), r.ID, next.key)
	}
	subject := prove.Plain(b.p.app, r, v)
	results := checks.Run(limited, subject.Probe(b.p.app), nil)
	if b.unsaved == nil {
		results = checks.AfterKeychain(fromKeychain, results)
	}
	if limited.Err() != nil && ctx.Err() == nil {
		checks.OutOfTime(results, fmt.Sprintf("It was given %s. --timeout gives it longer.", b.o.timeout))
	}
	verdict := verdict{subject.Judge(b.p.app, results), unreadable(results)}
	if b.o.signIn && verdict.OK {
		whole, _ := prove.FromRecord(b.p.app, r, v)
		verdict.Outcome = b.p.testSignedIn(ctx, whole, b.o.readOnly, verdict.Outcome)
	}
	return verdict
}

// finished prints one outcome and keeps what is to be remembered.
func (b *batch) finished(position int, v verdict) {
	b.printed++
	switch {
	case v.keychainErr != nil:
		b.unfinished++
		b.keychainErr = cmp.Or(b.keychainErr, v.keychainErr)
	case v.Cancelled:
		b.unfinished++
	case v.NoSecret && v.First == nil:
		b.noSecret = true
	case !v.OK:
		b.failed++
	case v.Reached:
		b.reached++
	}
	if b.o.json {
		b.printJSON(v)
	} else {
		b.print(v)
	}
	if t, ok := v.Tested(b.list[position], b.p.app.Now()); ok && b.unsaved == nil {
		b.remember = append(b.remember, t)
	}
}

func (b *batch) printJSON(v verdict) {
	text, err := v.Report.JSON("  ")
	if err != nil {
		return
	}
	separator := "\n  "
	if b.printed > 1 {
		separator = ",\n  "
	}
	b.p.out.Raw(separator + console.Visible(text))
}

func (b *batch) print(v verdict) {
	word, style, headline := "ok", console.Green, v.Headline
	switch {
	case v.keychainErr != nil:
		word, style, headline = "not tested", console.Yellow, "its secret could not be read"
	case v.Cancelled:
		word, style = "cancelled", console.Yellow
	case v.NoSecret && v.First == nil:
		word, style = "partly", console.Yellow
	case !v.OK:
		word, style = "failed", console.Red
	}
	out, name := b.p.out, console.OneLine(v.Report.Name)
	if out.Terminal {
		out.Raw(out.Mark(style, word, 11) + padded(name, b.width) + "  " + console.OneLine(headline) + "\n")
	} else {
		out.Line(word + "\t" + name + "\t" + console.OneLine(headline))
	}
	if v.First != nil && !v.Cancelled && v.keychainErr == nil {
		for _, text := range strings.Split(strings.TrimRight(v.Explanation.Report(), "\n"), "\n") {
			out.Line("    " + console.OneLine(text))
		}
	}
}

// progressPause is how often a long run says where it is.
const progressPause = 3 * time.Second

func (b *batch) progress() {
	if time.Since(b.told) < progressPause {
		return
	}
	b.told = time.Now()
	b.p.err.Line(fmt.Sprintf("%d of %d tested, %d failed", b.printed, len(b.list), b.failed))
}

func (b *batch) conclude(ctx context.Context) error {
	remember := b.p.app.Connections.Remember(b.remember...)
	if len(b.list) > 1 || ctx.Err() != nil {
		b.p.err.Line(
			fmt.Sprintf("%d of %d tested in %.1f seconds, %d failed.", b.printed-b.unfinished, len(b.list),
				time.Since(b.began).Seconds(), b.failed))
	}
	b.goFurther()
	if remember != nil {
		b.p.err.Line("The results could not be remembered:")
		b.p.explain(b.p.err, remember, explain.Context{})
	}
	switch {
	case ctx.Err() != nil:
		b.p.err.Line("Cancelled.")
		return status(exitUsage)
	case b.keychainErr != nil:
		b.p.sayUnread(b.keychainErr)
		return status(exitUsage)
	case b.o.all && b.p.incomplete():
		return status(exitUsage)
	case b.failed+b.unfinished > 0:
		return status(exitFailed)
	case b.noSecret:
		return status(exitUsage)
	}
	return nil
}

// goFurther says how to try what was not tried.
func (b *batch) goFurther() {
	switch {
	case b.o.json:
	case b.noSecret:
		b.p.err.Line("Give the secret with --secret-fd, and it is tried as well.")
	case b.reached == 0 || b.o.signIn:
	case b.unsaved != nil:
		b.p.err.Line(
			"Sign-in and permissions can be tried once the connection is saved: entrada-cli test NAME --sign-in")
	default:
		b.p.err.Line("To try sign-in and permissions too, add --sign-in.")
	}
}

type testOptions struct {
	all      bool
	parallel int
	json     bool
	readOnly bool
	signIn   bool
	given    givenValues
	timeout  time.Duration
}

// verdict is the outcome for one connection.
type verdict struct {
	prove.Outcome
	keychainErr error // why the saved secret could not be read, where that alone kept it from being tested
}
