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
	unread                      error // why secrets could not be read; see unreadable
	reached                     int   // well as far as it went, and nobody signed in
	noSecret                    bool
	told                        time.Time // when progress was last told
	remember                    []connections.Tested
}

// place is one connection on its way to be tested.
type place struct {
	position int
	key      early
}

// done is one outcome on its way to be printed.
type done struct {
	position int
	verdict  verdict
}

func (b *batch) run(ctx context.Context) error {
	// The workers may run ahead of the slowest, but not without bound: what is
	// finished out of turn waits in memory.
	// The next secrets are read while the workers test: as many as are tested at
	// once, and as many again wait for their turn.
	places, outcomes := make(chan place, b.o.parallel), make(chan done, b.o.parallel)
	ahead := make(chan struct{}, 16*b.o.parallel)
	go func() {
		defer close(places)
		position := 0
		for group := range slices.Chunk(b.list, b.o.parallel) {
			for _, key := range b.early(ctx, group) {
				select {
				case ahead <- struct{}{}:
				case <-ctx.Done():
					return
				}
				select {
				case places <- place{position, key}:
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
			for next := range places {
				outcomes <- done{next.position, b.one(ctx, next)}
			}
		})
	}
	go func() { workers.Wait(); close(outcomes) }()

	if b.o.json {
		b.p.out.raw("[")
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
			<-ahead
		}
		b.progress()
	}
	if b.o.json {
		if b.printed > 0 {
			b.p.out.blank()
		}
		b.p.out.raw("]\n")
	}
	return b.conclude(ctx)
}

// early reads the secrets of a group ahead of its tests.
func (b *batch) early(ctx context.Context, group []connections.Record) []early {
	if b.unsaved != nil {
		return make([]early, len(group))
	}
	return b.keys.ahead(b.p.quietly(ctx), group)
}

// one tests one connection.
func (b *batch) one(ctx context.Context, next place) verdict {
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
	case v.unread != nil:
		b.unfinished++
		b.unread = cmp.Or(b.unread, v.unread)
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
	b.p.out.raw(separator + visible(text))
}

func (b *batch) print(v verdict) {
	word, style, headline := "ok", green, v.Headline
	switch {
	case v.unread != nil:
		word, style, headline = "not tested", yellow, "its secret could not be read"
	case v.Cancelled:
		word, style = "cancelled", yellow
	case v.NoSecret && v.First == nil:
		word, style = "partly", yellow
	case !v.OK:
		word, style = "failed", red
	}
	out, name := b.p.out, oneLine(v.Report.Name)
	if out.terminal {
		out.raw(out.mark(style, word, 11) + padded(name, b.width) + "  " + oneLine(headline) + "\n")
	} else {
		out.line(word + "\t" + name + "\t" + oneLine(headline))
	}
	if v.First != nil && !v.Cancelled && v.unread == nil {
		for _, text := range strings.Split(strings.TrimRight(v.Explanation.Report(), "\n"), "\n") {
			out.line("    " + oneLine(text))
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
	b.p.err.line(fmt.Sprintf("%d of %d tested, %d failed", b.printed, len(b.list), b.failed))
}

func (b *batch) conclude(ctx context.Context) error {
	remember := b.p.app.Connections.Remember(b.remember...)
	if len(b.list) > 1 || ctx.Err() != nil {
		b.p.err.line(
			fmt.Sprintf("%d of %d tested in %.1f seconds, %d failed.", b.printed-b.unfinished, len(b.list),
				time.Since(b.began).Seconds(), b.failed))
	}
	b.goFurther()
	if remember != nil {
		b.p.err.line("The results could not be remembered:")
		b.p.explain(b.p.err, remember, explain.Context{})
	}
	switch {
	case ctx.Err() != nil:
		b.p.err.line("Cancelled.")
		return status(exitUsage)
	case b.unread != nil:
		b.p.sayUnread(b.unread)
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
		b.p.err.line("Give the secret with --secret-fd, and it is tried as well.")
	case b.reached == 0 || b.o.signIn:
	case b.unsaved != nil:
		b.p.err.line(
			"Sign-in and permissions can be tried once the connection is saved: entrada-cli test NAME --sign-in")
	default:
		b.p.err.line("To try sign-in and permissions too, add --sign-in.")
	}
}
