package checks

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"entrada/internal/fault"
)

// ID names a check; it is stable and stands in reports.
type ID string

// State is how far a check has come.
type State string

// The states. NotAsked means that the vendor does not need it.
const (
	Waiting  State = "waiting"
	Running  State = "running"
	Passed   State = "passed"
	Failed   State = "failed"
	Skipped  State = "skipped"
	NotAsked State = "not-asked"
)

// Check is one thing to find out.
type Check struct {
	ID    ID
	Title string
	Needs []ID // these must have passed first

	// Run returns a short detail for the reader, such as what was found. A nil
	// Run makes the check NotAsked, with NotAskedWhy as its detail.
	Run         func(ctx context.Context) (detail string, err error)
	NotAskedWhy string
	NotAskedFor SkipReason // "" is SkippedNotNeeded

	Personal bool // the detail says who somebody is
}

// errUndecided is what Run returns, with a detail, if a check found neither success nor
// failure. It counts as skipped: what could not be checked is not OK.
var errUndecided = errors.New("checks: neither well nor wrong")

// SkipReason says why a check was not run, or found nothing. The verdict depends on
// it, and not on the detail that people read.
type SkipReason string

// The reasons.
const (
	SkippedNotNeeded SkipReason = "not-needed" // or something is not known that it needs
	SkippedReadOnly  SkipReason = "read-only"  // it would have changed something
	SkippedUpstream  SkipReason = "upstream"   // another check has to pass first
	SkippedCancelled SkipReason = "cancelled"
	SkippedUndecided SkipReason = "undecided" // it ran, and found neither well nor wrong
)

// Result is what is known of a check at a moment.
type Result struct {
	ID      ID
	Title   string
	State   State
	Skipped SkipReason // set when Skipped or NotAsked
	Detail  string
	Err     error // set when Failed
	Took    time.Duration

	Personal bool // the detail says who somebody is
}

// skip turns the result into one of a check that was not run.
func (r *Result) skip(why SkipReason, detail string) {
	r.State, r.Skipped, r.Detail, r.Err = Skipped, why, detail, nil
}

// cancel is skip for a test that somebody cancelled.
func (r *Result) cancel() { r.skip(SkippedCancelled, "cancelled") }

// skipBecauseOf is skip after a check of another title failed.
func (r *Result) skipBecauseOf(title string) {
	r.skip(SkippedUpstream, "not tried, because of “"+title+"”")
}

// notAsked is the result of a check without a Run.
func (c Check) notAsked() Result {
	return Result{
		ID: c.ID, Title: c.Title, Personal: c.Personal,
		State: NotAsked, Skipped: cmp.Or(c.NotAskedFor, SkippedNotNeeded), Detail: c.NotAskedWhy,
	}
}

// NotTried is the results of a list in which one check failed before the others ran.
func NotTried(list []Check, failed Result) []Result {
	results := make([]Result, len(list))
	for i, c := range list {
		switch {
		case c.ID == failed.ID:
			results[i] = failed
		case c.Run == nil:
			results[i] = c.notAsked()
		default:
			results[i] = Result{ID: c.ID, Title: c.Title}
			results[i].skipBecauseOf(failed.Title)
		}
	}
	return results
}

// Run runs the checks: independent ones in parallel, dependent ones after what they need.
// It skips checks that depend on a failed one. It calls report with every change, from
// one goroutine at a time, in order. The results have the order of the checks. When ctx
// ends, Run skips what has not begun, and lets running checks clean up.
func Run(ctx context.Context, list []Check, report func(Result)) []Result {
	r := &run{results: make([]Result, len(list)), done: make([]chan struct{}, len(list)), index: map[ID]int{},
		report: report}
	for i, c := range list {
		r.results[i] = Result{ID: c.ID, Title: c.Title, State: Waiting, Personal: c.Personal}
		r.done[i] = make(chan struct{})
		r.index[c.ID] = i
	}
	for i := range list {
		r.set(i, func(*Result) {})
	}
	var all sync.WaitGroup
	for i, c := range list {
		all.Go(func() {
			defer close(r.done[i])
			r.one(ctx, i, c)
		})
	}
	all.Wait()
	return slices.Clone(r.results)
}

type run struct {
	mu      sync.Mutex
	results []Result
	done    []chan struct{}
	index   map[ID]int
	report  func(Result)
}

func (r *run) set(i int, change func(*Result)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.results[i])
	if r.report != nil {
		r.report(r.results[i])
	}
}

func (r *run) one(ctx context.Context, i int, c Check) {
	if c.Run == nil {
		r.set(i, func(res *Result) { *res = c.notAsked() })
		return
	}
	for _, need := range c.Needs {
		j, ok := r.index[need]
		if !ok {
			continue
		}
		<-r.done[j]
		r.mu.Lock()
		before := r.results[j]
		r.mu.Unlock()
		if before.State != Passed && before.State != NotAsked {
			r.set(i, func(res *Result) {
				if before.Skipped == SkippedCancelled {
					res.cancel()
				} else {
					res.skipBecauseOf(before.Title)
				}
			})
			return
		}
	}
	if ctx.Err() != nil {
		r.set(i, (*Result).cancel)
		return
	}
	r.set(i, func(res *Result) { res.State = Running })
	began := time.Now()
	detail, err := c.Run(ctx)
	took := time.Since(began)
	r.set(i, func(res *Result) {
		res.Took, res.Detail, res.Err = took, detail, err
		switch {
		case err == nil:
			res.State = Passed
		case fault.Is(err, fault.Cancelled):
			res.cancel()
		case errors.Is(err, errUndecided):
			res.skip(SkippedUndecided, detail)
		default:
			res.State = Failed
		}
	})
}
