package checks

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/words"
)

// Verdict is a finished test in a few words.
type Verdict struct {
	Headline   string // "Everything works", "One thing is wrong: the mailbox"
	OK         bool   // nothing failed, nothing was cancelled, and the secret was there to be tried
	Cancelled  bool   // not tested to the end
	LookedOnly bool   // it would have changed something, and was told not to
	Reached    bool   // organisation and app were asked about, and nothing beyond them and the secret
	NoSecret   bool   // there was no secret to ask about
	Passed     int
	Tried      int

	// Culprits are those of all failures, each once, in the order of the checks.
	Culprits []explain.Culprit

	// Of the failure to begin with; without one, Culprit is "" and First nil.
	Culprit     explain.Culprit
	First       *Result
	Explanation explain.Explanation
}

// Judge sums up results. If several checks failed, the most upstream one is First: a
// failure that blocks the network, then the order of the checks, and last an object that
// a failure left behind.
func Judge(results []Result, c explain.Context) Verdict {
	var v Verdict
	broken := false // something failed for another reason than the cancelling
	untold := false // something could not be told
	asked, beyond := false, false
	for i := range results {
		switch results[i].ID {
		case CheckApp:
			asked = true
		case CheckSecret:
			v.NoSecret = results[i].State == NotAsked
		case CheckTenant, CheckKeychain, CheckReachLogin, CheckReachGraph, CheckClock:
		default:
			beyond = true
		}
		switch r := &results[i]; r.State {
		case Passed:
			v.Passed, v.Tried = v.Passed+1, v.Tried+1
		case NotAsked:
			v.LookedOnly = v.LookedOnly || r.Skipped == SkippedReadOnly
		case Skipped:
			v.Cancelled = v.Cancelled || r.Skipped == SkippedCancelled
			untold = true
		case Failed:
			v.Tried++
			broken = broken || !byCancelling(r.Err)
			e := explain.Error(r.Err, c)
			if !slices.Contains(v.Culprits, e.Culprit) {
				v.Culprits = append(v.Culprits, e.Culprit)
			}
			if v.First == nil || upstream(r.Err) < upstream(v.First.Err) {
				v.First, v.Culprit, v.Explanation = r, e.Culprit, e
			}
		}
	}
	v.Cancelled = v.Cancelled || v.First != nil && !broken
	v.Reached, v.NoSecret = asked && !beyond, v.NoSecret && !beyond
	v.OK = v.First == nil && !v.Cancelled && !v.NoSecret
	switch {
	case v.First == nil && !v.Cancelled && v.NoSecret:
		v.Headline = "The app exists; the secret was not given"
	case v.OK && v.Reached:
		v.Headline = "Organisation, app and secret are accepted; sign-in and permissions were not tried"
	case v.OK && (untold || v.LookedOnly):
		v.Headline = "Everything that was tried works"
	case v.OK:
		v.Headline = "Everything works"
	case !broken:
		v.Headline = "The test was cancelled"
	case len(v.Culprits) == 1 && isOutOfTime(v.First.Err):
		v.Headline = "The test timed out"
	case len(v.Culprits) > 1:
		v.Headline = fmt.Sprintf("%d things are wrong", len(v.Culprits))
	case v.Culprit == explain.Nobody:
		v.Headline = "One thing did not work"
	default:
		v.Headline = "One thing is wrong: " + inSentence(v.Culprit.Name())
	}
	return v
}

// OnlyCulprit is the culprit if one thing alone is wrong, else "".
func (v Verdict) OnlyCulprit() explain.Culprit {
	if len(v.Culprits) != 1 {
		return ""
	}
	return v.Culprits[0]
}

func isOutOfTime(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Op == opOutOfTime
}

// byCancelling reports whether a failure is only a consequence of cancelling the test,
// such as a mail that may have been sent.
func byCancelling(err error) bool {
	for err != nil {
		if fault.KindOf(err) == fault.Cancelled {
			return true
		}
		wrapped, ok := err.(interface{ Unwrap() error })
		if !ok {
			return false
		}
		err = wrapped.Unwrap()
	}
	return false
}

// upstream orders failures: a lower number explains a higher one.
func upstream(err error) int {
	switch fault.KindOf(err) {
	case fault.Offline, fault.HostNotFound, fault.TLSUntrusted, fault.ProxyRefused, fault.CaptivePortal,
		fault.ClockWrong:
		return 0
	case fault.MaybeSent, fault.LeftBehind:
		return 2
	}
	return 1
}

// inSentence begins a culprit's name in lower case, unless it is a proper name such as
// Microsoft's.
func inSentence(name string) string {
	for _, article := range []string{"The ", "A ", "This "} {
		if strings.HasPrefix(name, article) {
			return words.LowerFirst(name)
		}
	}
	return name
}
