package checks

import (
	"testing"

	"entrada/internal/explain"
	"entrada/internal/fault"
)

func failed(id ID, kind fault.Kind, code string) Result {
	return Result{ID: id, Title: "Check " + string(id), State: Failed,
		Err: &fault.Error{Kind: kind, Op: "try", Code: code}}
}

func TestJudge(t *testing.T) {
	passed, skipped := Result{State: Passed}, Result{State: Skipped, Skipped: SkippedUpstream, Detail: "cancelled"}
	cancelled := Result{State: Skipped, Skipped: SkippedCancelled, Detail: "whatever it says"}
	notAsked := Result{State: NotAsked, Skipped: SkippedNotNeeded, Detail: "read-only test"}
	untold := Result{State: Skipped, Skipped: SkippedUndecided, Detail: "the token does not tell"}
	for name, c := range map[string]struct {
		results  []Result
		headline string
		ok       bool
		stopped  bool
		passed   int
		tried    int
		first    ID
		culprit  explain.Culprit
	}{
		"nothing":  {nil, "Everything works", true, false, 0, 0, "", ""},
		"all well": {[]Result{passed, passed, notAsked}, "Everything works", true, false, 2, 2, "", ""},
		"nobody signed in": {[]Result{{ID: CheckTenant, State: Passed}, {ID: CheckApp, State: Passed},
			{ID: CheckSecret, State: Passed}},
			"Organisation, app and secret are accepted; sign-in and permissions were not tried", true, false, 3, 3, "",
			""},
		"no secret": {[]Result{{ID: CheckTenant, State: Passed}, {ID: CheckApp, State: Passed},
			{ID: CheckSecret, State: NotAsked}},
			"The app exists; the secret was not given", false, false, 2, 2, "", ""},
		"no secret, signed in": {[]Result{{ID: CheckApp, State: Passed}, {ID: CheckSecret, State: NotAsked},
			{ID: CheckSignedIn, State: Passed}}, "Everything works", true, false, 2, 2, "", ""},
		"one is not told": {[]Result{passed, untold}, "Everything that was tried works", true, false, 1, 1, "", ""},
		"cancelled":       {[]Result{passed, cancelled}, "The test was cancelled", false, true, 1, 1, "", ""},
		"one": {[]Result{passed, failed("b", fault.GraphRefused, "MailboxNotEnabledForRESTAPI"), skipped},
			"One thing is wrong: the mailbox", false, false, 1, 2, "b", explain.Mailbox},
		"one and stopped": {[]Result{failed("a", fault.GraphRefused, "MailboxNotEnabledForRESTAPI"), cancelled},
			"One thing is wrong: the mailbox", false, true, 0, 1, "a", explain.Mailbox},
		"same link twice": {[]Result{failed("a", fault.ScopeMissing, ""),
			failed("b", fault.GraphRefused, "ErrorAccessDenied")}, "One thing is wrong: the consent", false, false, 0,
			2, "a", explain.Consent},
		"two links": {[]Result{failed("a", fault.ScopeMissing, ""),
			failed("b", fault.GraphRefused, "MailboxNotEnabledForRESTAPI")}, "2 things are wrong", false, false, 0, 2,
			"a", explain.Consent},
		"upstream is last": {[]Result{failed("a", fault.LeftBehind, ""), failed("b", fault.ScopeMissing, ""),
			failed("c", fault.CaptivePortal, "")}, "3 things are wrong", false, false, 0, 3, "c", explain.Network},
		"a leftover last": {[]Result{failed("a", fault.LeftBehind, ""), failed("b", fault.ScopeMissing, "")},
			"2 things are wrong", false, false, 0, 2, "b", explain.Consent},
		"Microsoft": {[]Result{failed("a", fault.Unavailable, "")}, "One thing is wrong: Microsoft's service",
			false, false, 0, 1, "a", explain.Microsoft},
		"this computer": {[]Result{failed("a", fault.ClockWrong, "")}, "One thing is wrong: this computer", false,
			false, 0, 1, "a", explain.ThisComputer},
		"nobody knows": {[]Result{failed("a", fault.Unknown, "")}, "One thing did not work", false, false, 0, 1, "a",
			explain.Nobody},
	} {
		v := Judge(c.results, explain.Context{})
		first := ID("")
		if v.First != nil {
			first = v.First.ID
		}
		if v.Headline != c.headline || v.OK != c.ok || v.Cancelled != c.stopped || v.Passed != c.passed ||
			v.Tried != c.tried || first != c.first || v.Culprit != c.culprit || v.Explanation.Culprit != c.culprit {
			t.Errorf("%s: first %q of %+v", name, first, v)
		}
		if only := v.OnlyCulprit(); only != "" && only != v.Culprit || (only == "") != (len(v.Culprits) != 1) {
			t.Errorf("%s: only %q of %v", name, only, v.Culprits)
		}
	}
}
