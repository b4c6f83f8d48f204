package checks

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"entrada/internal/fault"
)

func pass(context.Context) (string, error) { return "fine", nil }

func states(results []Result) map[ID]State {
	m := map[ID]State{}
	for _, r := range results {
		m[r.ID] = r.State
	}
	return m
}

func TestAFailureSkipsWhatDependsOnIt(t *testing.T) {
	broken := func(context.Context) (string, error) { return "", fault.New(fault.GraphRefused, "x", nil) }
	results := Run(t.Context(), []Check{
		{ID: "a", Title: "A", Run: pass},
		{ID: "b", Title: "B", Needs: []ID{"a"}, Run: broken},
		{ID: "c", Title: "C", Needs: []ID{"b"}, Run: pass},
		{ID: "d", Title: "D", Needs: []ID{"c"}, Run: pass},
		{ID: "e", Title: "E", Needs: []ID{"a"}, Run: pass},
		{ID: "f", Title: "F", NotAskedWhy: "the vendor did not ask"},
		{ID: "g", Title: "G", Needs: []ID{"f"}, Run: pass},
		{ID: "h", Title: "H", Run: func(context.Context) (string, error) { return "cancelled", errUndecided }},
		{ID: "i", Title: "I", Needs: []ID{"h"}, Run: pass},
		{ID: "j", Title: "J", NotAskedWhy: "it changes something", NotAskedFor: SkippedReadOnly},
	}, nil)
	want := map[ID]State{
		"a": Passed, "b": Failed, "c": Skipped, "d": Skipped, "e": Passed, "f": NotAsked, "g": Passed,
		"h": Skipped, "i": Skipped, "j": NotAsked,
	}
	for id, state := range states(results) {
		if want[id] != state {
			t.Errorf("%s is %s, want %s", id, state, want[id])
		}
	}
	reasons := map[ID]SkipReason{
		"c": SkippedUpstream, "d": SkippedUpstream, "f": SkippedNotNeeded,
		"h": SkippedUndecided, "i": SkippedUpstream, "j": SkippedReadOnly,
	}
	for _, r := range results {
		if r.Skipped != reasons[r.ID] {
			t.Errorf("%s was skipped for %q, want %q", r.ID, r.Skipped, reasons[r.ID])
		}
	}
	if !slices.IsSortedFunc(results, func(a, b Result) int { return int(a.ID[0]) - int(b.ID[0]) }) {
		t.Error("the results are not in the order of the checks")
	}
}

func TestIndependentChecksRunSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(context.Context) (string, error) {
			time.Sleep(time.Second) // virtual time
			return "", nil
		}
		var list []Check
		for _, id := range []ID{"1", "2", "3", "4", "5", "6"} {
			list = append(list, Check{ID: id, Run: slow})
		}
		list = append(list, Check{ID: "7", Needs: []ID{"1", "6"}, Run: slow})
		began := time.Now()
		Run(t.Context(), list, nil)
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("%v in all", took)
		}
	})
}

func TestCancelEndsTheRunAndSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	results := Run(ctx, []Check{
		{ID: "a", Run: func(ctx context.Context) (string, error) {
			cancel()
			<-ctx.Done()
			return "", fault.New(fault.Cancelled, "wait", ctx.Err())
		}},
		{ID: "b", Needs: []ID{"a"}, Run: pass},
	}, nil)
	for _, r := range results {
		// Nothing of it is blamed on the check that was cancelled first.
		if r.State != Skipped || r.Skipped != SkippedCancelled || r.Err != nil || r.Detail != "cancelled" {
			t.Errorf("%s: %s, %q, %v", r.ID, r.State, r.Detail, r.Err)
		}
	}
}

func TestWhatCouldNotBeTriedIsListedAllTheSame(t *testing.T) {
	broken := fault.New(fault.Refused, "sign in", nil)
	results := NotTried(
		[]Check{{ID: "a", Title: "A", Run: pass}, {ID: "b", Title: "B", Run: pass},
			{ID: "c", Title: "C", NotAskedWhy: "nobody asked"}},
		Result{ID: "a", Title: "A", State: Failed, Err: broken})
	if got := states(results); got["a"] != Failed || got["b"] != Skipped || got["c"] != NotAsked ||
		results[1].Detail != "not tried, because of “A”" || results[2].Detail != "nobody asked" {
		t.Errorf("%+v", results)
	}
}

func TestEveryChangeIsReportedInOrder(t *testing.T) {
	var seen []State
	Run(t.Context(), []Check{{ID: "a", Run: func(context.Context) (string, error) { return "", errors.New("x") }}},
		func(r Result) { seen = append(seen, r.State) })
	if !slices.Equal(seen, []State{Waiting, Running, Failed}) {
		t.Error(seen)
	}
}
