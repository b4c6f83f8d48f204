package checks

import (
	"strings"
	"testing"
	"time"

	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
)

func failed(id ID, kind fault.Kind, code string) Result {
	return Result{ID: id, Title: "Check " + string(id), State: Failed, Err: &fault.Error{Kind: kind, Op: "try", Code: code}}
}

func TestJudge(t *testing.T) {
	passed, skipped := Result{State: Passed}, Result{State: Skipped, Detail: "not tried, because of “A”"}
	cancelled, notAsked := Result{State: Skipped, Detail: "cancelled"}, Result{State: NotAsked}
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
		"nothing":          {nil, "Everything works", true, false, 0, 0, "", ""},
		"all well":         {[]Result{passed, passed, notAsked}, "Everything works", true, false, 2, 2, "", ""},
		"cancelled":        {[]Result{passed, cancelled}, "The test was cancelled", false, true, 1, 1, "", ""},
		"one":              {[]Result{passed, failed("b", fault.GraphRefused, "MailboxNotEnabledForRESTAPI"), skipped}, "One thing is wrong: the mailbox", false, false, 1, 2, "b", explain.Mailbox},
		"one and stopped":  {[]Result{failed("a", fault.GraphRefused, "MailboxNotEnabledForRESTAPI"), cancelled}, "One thing is wrong: the mailbox", false, true, 0, 1, "a", explain.Mailbox},
		"same link twice":  {[]Result{failed("a", fault.ScopeMissing, ""), failed("b", fault.GraphRefused, "ErrorAccessDenied")}, "One thing is wrong: the consent", false, false, 0, 2, "a", explain.Consent},
		"two links":        {[]Result{failed("a", fault.ScopeMissing, ""), failed("b", fault.GraphRefused, "MailboxNotEnabledForRESTAPI")}, "2 things are wrong", false, false, 0, 2, "a", explain.Consent},
		"upstream is last": {[]Result{failed("a", fault.LeftBehind, ""), failed("b", fault.ScopeMissing, ""), failed("c", fault.CaptivePortal, "")}, "3 things are wrong", false, false, 0, 3, "c", explain.Network},
		"a leftover last":  {[]Result{failed("a", fault.LeftBehind, ""), failed("b", fault.ScopeMissing, "")}, "2 things are wrong", false, false, 0, 2, "b", explain.Consent},
		"Microsoft":        {[]Result{failed("a", fault.Unavailable, "")}, "One thing is wrong: Microsoft's service", false, false, 0, 1, "a", explain.Microsoft},
		"this computer":    {[]Result{failed("a", fault.ClockWrong, "")}, "One thing is wrong: this computer", false, false, 0, 1, "a", explain.ThisComputer},
		"nobody knows":     {[]Result{failed("a", fault.Unknown, "")}, "One thing did not work", false, false, 0, 1, "a", explain.Nobody},
	} {
		v := Judge(c.results, explain.Context{})
		first := ID("")
		if v.First != nil {
			first = v.First.ID
		}
		if v.Headline != c.headline || v.OK != c.ok || v.Cancelled != c.stopped || v.Passed != c.passed || v.Tried != c.tried || first != c.first || v.Culprit != c.culprit || v.Explanation.Culprit != c.culprit {
			t.Errorf("%s: first %q of %+v", name, first, v)
		}
	}
}

func TestReport(t *testing.T) {
	h := Header{
		Context: explain.Context{Cloud: entra.Global(), TenantID: "11111111-2222-4333-8444-555555555555", ClientID: "66666666-7777-4888-8999-000000000000", VendorName: "Gathr"},
		When:    time.Date(2026, 11, 20, 10, 12, 0, 0, time.FixedZone("", 3600)), SignedInAs: "alex@contoso.example",
	}
	const key = "abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789a"
	results := []Result{
		{Title: "Signed in", State: Passed, Detail: "client_secret=" + key},
		{Title: "Newest mail read", State: Failed, Err: &fault.Error{Kind: fault.GraphRefused, Op: "read mail", Code: "ErrorAccessDenied", Detail: "Denied with " + key}},
		{Title: "Contacts", State: NotAsked, Detail: "Gathr did not ask for it"},
	}
	text := Report(results, h)
	want := "Entrada connection test, 2026-11-20 09:12 UTC\nGathr · tenant 11111111-2222-4333-8444-555555555555 · client ID 66666666-7777-4888-8999-000000000000 · signed in as alex@contoso.example\n\npassed    Signed in ("
	if !strings.HasPrefix(text, want) || !strings.Contains(text, "\nfailed    Newest mail read\n          What happened: ") || !strings.HasSuffix(text, "\nnot-asked Contacts (Gathr did not ask for it)\n") {
		t.Errorf("%s", text)
	}
	if strings.Contains(text, key) {
		t.Errorf("the secret is in it: %s", text)
	}
	h.SignedInAs, h.Mailbox = "", "post@contoso.example"
	if text := Report(nil, h); !strings.Contains(text, " · signed in as the app · mailbox post@contoso.example\n") {
		t.Errorf("%s", text)
	}
}
