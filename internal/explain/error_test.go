package explain

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"entrada/internal/entra/entratest"
	"entrada/internal/fault"
)

func TestErrorChoosesItsWords(t *testing.T) {
	refused := func(code, detail string, status int) error {
		return &fault.Error{Kind: fault.Refused, Op: "get a token", Code: code, Detail: detail, Status: status}
	}
	graph := func(code, detail string, status int) error {
		return &fault.Error{Kind: fault.GraphRefused, Op: "send a mail", Code: code, Detail: detail, Status: status}
	}
	for name, c := range map[string]struct {
		err   error
		code  string
		what  string
		known bool
	}{
		"a code": {refused("AADSTS7000215", "Invalid client secret provided.", 401),
			"AADSTS7000215", "not the right one", true},
		"a code in small letters": {refused("aadsts65001", "", 400), "AADSTS65001", "Nobody has yet allowed",
			true},
		"a number": {refused("50011", "", 400), "AADSTS50011", "not on the app's list", true},
		"wrapped": {fmt.Errorf("probe: %w", refused("AADSTS90002", "", 400)), "AADSTS90002",
			"no organisation", true},
		"an unknown number": {refused("AADSTS987654", "New.", 400), "AADSTS987654", "no words for", false},
		"a short word": {refused("invalid_client", "", 401), "invalid_client", "could not prove",
			true},
		"wording alone": {refused("", "Need admin approval", 0), "AADSTS90094",
			"approval of an administrator", true},
		"nothing said": {refused("", "", 0), "refused", "refused the sign-in", true},
		"Graph": {graph("ErrorAccessDenied", "Access is denied.", 403), "ErrorAccessDenied",
			"does not carry the permission", true},
		"Graph, unknown with a status": {graph("ErrorBrandNew", "", 403), "ErrorBrandNew",
			"does not carry the right", true},
		"Graph, unknown":        {graph("ErrorBrandNew", "", 0), "ErrorBrandNew", "no words for", false},
		"Graph, general code":   {graph("BadRequest", "x", 400), "BadRequest", "did not accept", true},
		"Graph, a status alone": {graph("", "", 507), "HTTP 507", "mailbox is full", true},
		"the kind matters more": {&fault.Error{Kind: fault.MaybeSent, Code: "ServiceUnavailable",
			Status: 503}, "ServiceUnavailable", "may have gone out", true},
		"a hostile code": {refused("AADSTS\x1b[2J", "", 0), "refused", "refused the sign-in", true},
		"a kind": {&fault.Error{Kind: fault.TLSUntrusted, Subject: "Zscaler Root CA"},
			"tls-untrusted", "Zscaler Root CA", true},
		"a sentence for a field": {fault.Invalid("tenant", "There is a **space** in the middle."),
			"invalid-input", "There is a space in the middle.", true},
		"a delay": {&fault.Error{Kind: fault.Throttled, RetryAfter: 3 * time.Minute},
			"throttled", "too many requests", true},
		"cancelled": {context.Canceled, "cancelled", "was cancelled", true},
		"too slow":  {fmt.Errorf("x: %w", context.DeadlineExceeded), "timed-out", "in time", true},
		"foreign, with a code inside": {errors.New(`oauth2: "invalid_client" AADSTS7000222: expired`),
			"AADSTS7000222", "has expired", true},
		"foreign, network": {errors.New("dial tcp: lookup x: no such host"), "host-not-found",
			"could not be found", true},
		"foreign, anything":              {errors.New("kaboom client_secret=abc"), "unknown", "no words for", false},
		"a kind that nobody has written": {&fault.Error{Kind: "brand-new"}, "brand-new", "no words for", true},
	} {
		got := Error(c.err, Context{})
		if got.Code != c.code || !strings.Contains(got.What, c.what) || got.Known != c.known {
			t.Errorf("%s: code %q, known %v, %q", name, got.Code, got.Known, got.What)
		}
		if got.Why == "" || got.Who == "" || got.Next.Label == "" {
			t.Errorf("%s: a part is missing: %+v", name, got)
		}
		if strings.ContainsAny(got.Report(), "\x1b*") {
			t.Errorf("%s: %q", name, got.Report())
		}
	}
	if got := Error(nil, Context{}); got.What != "" {
		t.Errorf("nil: %+v", got)
	}
}

func TestErrorFillsIn(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 12, 33, 0, time.UTC)
	got := Error(&fault.Error{
		Kind: fault.Refused, Code: "AADSTS50011", CorrelationID: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", TraceID: "t",
		When:   at,
		Detail: "The redirect URI 'http://localhost:1234' specified in the request does not match client_secret=abcdef",
	}, Context{TenantID: "contoso.example", ClientID: entratest.ClientID})
	if !strings.Contains(got.What, "http://localhost:1234") {
		t.Errorf("the address is missing: %q", got.What)
	}
	if want := "AADSTS50011 · correlation ID aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee · trace ID t · 2026-11-20 " +
		"09:12 UTC"; got.Details() != want {
		t.Errorf("details: %q", got.Details())
	}
	if strings.Contains(got.Message, "abcdef") || !strings.Contains(got.Message, "does not match") {
		t.Errorf("message: %q", got.Message)
	}
	if !strings.Contains(got.Next.URL, "/contoso.example/#view/") ||
		!strings.Contains(got.Next.URL, "Authentication/appId/3f6b") {
		t.Errorf("link: %q", got.Next.URL)
	}
	report := got.Report()
	for _, part := range []string{"What happened: ", "Why: ", "Who can fix it: ",
		"Next: Open the app's Authentication page (https://", "Where: The app registration", "Details: AADSTS50011"} {
		if !strings.Contains(report, part) {
			t.Errorf("the report lacks %q:\n%s", part, report)
		}
	}
	host := Error(&fault.Error{Kind: fault.Refused, Code: "AADSTS50011", Subject: "login.microsoftonline.com"},
		Context{})
	if strings.Contains(host.What, "login.") {
		t.Errorf("the host passes for the address to return to: %q", host.What)
	}
	said := Error(&fault.Error{Kind: fault.KeychainDeclined, Detail: "The keychain kept an older secret instead."},
		Context{})
	if said.Why != "The keychain kept an older secret instead." || said.Message != "" {
		t.Errorf("the sentence of the part that failed is lost: %+v", said)
	}
	fragment := Error(&fault.Error{Kind: fault.FileCorrupt, Detail: "the checksum differs"}, Context{})
	if strings.Contains(fragment.Why, "checksum") || fragment.Message != "the checksum differs" {
		t.Errorf("a fragment is no sentence for people: %+v", fragment)
	}
	wait := Error(&fault.Error{Kind: fault.Throttled, RetryAfter: 3 * time.Minute}, Context{})
	if !strings.Contains(wait.Why, "after 3 minutes") {
		t.Errorf("the delay is missing: %q", wait.Why)
	}
}

func TestErrorNeverRepeatsASecret(t *testing.T) {
	for _, s := range secrets {
		for _, err := range []error{
			errors.New(s), errors.New("AADSTS7000215 " + s),
			&fault.Error{Kind: fault.GraphRefused, Detail: s, Subject: s, Code: s},
			&fault.Error{Kind: fault.WrongAccount, Detail: s, Subject: s, Code: s, CorrelationID: s, TraceID: s},
			&fault.Error{Kind: fault.InvalidInput, Detail: s},
		} {
			if got := Error(err, Context{}).Report(); strings.Contains(got, canary) {
				t.Errorf("%q: %s", s, got)
			}
		}
	}
}
