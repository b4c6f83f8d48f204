package checks

import (
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

	Personal bool // the detail says who somebody is
}

// errUndecided is what Run returns, with a detail, for a check that found
// neither: it counts as skipped, for what nobody could look at is not well.
var errUndecided = errors.New("checks: neither well nor wrong")

// Result is what is known of a check at a moment.
type Result struct {
	ID     ID
	Title  string
	State  State
	Detail string
	Err    error // set when Failed
	Took   time.Duration

	Personal bool // the detail says who somebody is
}

// cancelledWords are the detail of a check that was skipped because somebody
// cancelled the test.
const cancelledWords = "cancelled"

// because is the detail of a check that was skipped after another one failed.
func because(title string) string { return "not tried, because of “" + title + "”" }

// NotTried is the results of a list of which one check failed before any of the
// others could be run.
func NotTried(list []Check, failed Result) []Result {
	results := make([]Result, len(list))
	for i, c := range list {
		switch {
		case c.ID == failed.ID:
			results[i] = failed
		case c.Run == nil:
			results[i] = Result{ID: c.ID, Title: c.Title, State: NotAsked, Detail: c.NotAskedWhy}
		default:
			results[i] = Result{ID: c.ID, Title: c.Title, State: Skipped, Detail: because(failed.Title)}
		}
	}
	return results
}

// Run works through the checks: independent ones side by side, dependent ones
// after what they need; what depends on a failed check is skipped. report is
// called with every change, from one goroutine at a time, in order. The results
// come back in the order of the checks. When ctx ends, what has not begun is
// skipped and what runs is given the chance to clean up.
func Run(ctx context.Context, list []Check, report func(Result)) []Result {
	r := &run{results: make([]Result, len(list)), done: make([]chan struct{}, len(list)), index: map[ID]int{}, report: report}
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
		r.set(i, func(res *Result) { res.State, res.Detail = NotAsked, c.NotAskedWhy })
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
			why := because(before.Title)
			if before.State == Skipped && before.Detail == cancelledWords {
				why = cancelledWords
			}
			r.set(i, func(res *Result) { res.State, res.Detail = Skipped, why })
			return
		}
	}
	if ctx.Err() != nil {
		r.set(i, func(res *Result) { res.State, res.Detail = Skipped, cancelledWords })
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
			res.State, res.Detail, res.Err = Skipped, cancelledWords, nil
		case errors.Is(err, errUndecided):
			res.State, res.Err = Skipped, nil
		default:
			res.State = Failed
		}
	})
}
