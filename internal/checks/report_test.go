package checks

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
)

const reportKey = "abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789a"

// somebody is a test that failed, with everything in it that must not get out.
func somebody() (results []Result, h Header) {
	h = Header{
		Context: explain.Context{Cloud: entra.Global(), TenantID: "11111111-2222-4333-8444-555555555555",
			ClientID: "66666666-7777-4888-8999-000000000000", VendorName: "Gathr"},
		Name: "Gathr · contoso.example", ID: "0123",
		When: time.Date(2026, 11, 20, 10, 12, 0, 0, time.FixedZone("", 3600)), SignedInAs: "alex@contoso.example",
		PersonName: "Alex Wilber",
	}
	return []Result{
		{ID: CheckSignedIn, Title: "Signed in", State: Passed, Detail: "alex@contoso.example", Personal: true},
		{ID: CheckProfile, Title: "Profile read", State: Passed, Detail: "Alexander W.", Personal: true},
		{ID: CheckMail, Title: "Mail to yourself sent", State: Passed,
			Detail: "“Entrada test 7F3A” arrived at alex@contoso.example, client_secret=" + reportKey,
			Took:   1500 * time.Millisecond},
		{ID: CheckMailRead, Title: "Newest mail read", State: Failed,
			Err: &fault.Error{Kind: fault.GraphRefused, Op: "read mail", Code: "ErrorAccessDenied",
				CorrelationID: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
				Detail:        "Alex Wilber <alex_gmail.com#EXT#@contoso.example> was denied with " + reportKey}},
		{ID: "contacts", Title: "Contacts", State: NotAsked, Detail: "Gathr did not ask for it"},
	}, h
}

func forms(t *testing.T, r Report) map[string]string {
	t.Helper()
	asJSON, err := r.JSON("")
	if err != nil {
		t.Fatal(err)
	}
	asHTML, err := r.HTML()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"text": r.Text(), "JSON": asJSON, "HTML": asHTML}
}

func TestReportSaysWhatATicketNeeds(t *testing.T) {
	results, h := somebody()
	r := NewReport(results, Judge(results, h.Context), h)
	for name, form := range forms(t, r) {
		for _, part := range []string{"One thing is wrong: the consent", "66666666-7777-4888-8999-000000000000",
			"11111111-2222-4333-8444-555555555555",
			"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "ErrorAccessDenied", "alex@contoso.example",
			"Gathr did not ask for it"} {
			if !strings.Contains(form, part) {
				t.Errorf("%s: %q is missing:\n%s", name, part, form)
			}
		}
		if strings.Contains(form, reportKey) {
			t.Errorf("%s: the secret is in it:\n%s", name, form)
		}
	}
	text := r.Text()
	want := "Entrada connection test, 2026-11-20 09:12 UTC\nGathr · tenant 11111111-2222-4333-8444-555555555555 · " +
		"client ID 66666666-7777-4888-8999-000000000000 · signed in as alex@contoso.example\n\nOne thing is wrong: " +
		"the consent.\n\npassed    Signed in ("
	if !strings.HasPrefix(text, want) ||
		!strings.Contains(text, "\nfailed    Newest mail read\n          What happened: ") ||
		!strings.HasSuffix(text, "\nnot-asked Contacts (Gathr did not ask for it)\n") {
		t.Errorf("%s", text)
	}
	h.SignedInAs, h.Mailbox, h.ByItself = "", "post@contoso.example", true
	if text := NewReport(nil, Judge(nil, h.Context), h).Text(); !strings.Contains(text,
		" · signed in as the app · mailbox post@contoso.example\n") {
		t.Errorf("%s", text)
	}
}

// TestReportWithoutPeople: what is listed as personal is all that there is, and
// none of it is left.
func TestReportWithoutPeople(t *testing.T) {
	results, h := somebody()
	h.Mailbox, h.Name = "vip@contoso.example", "For o'neill@contoso.example"
	r := NewReport(results, Judge(results, h.Context), h)
	people := strings.Join(r.People(), "|")
	for _, one := range []string{"alex@contoso.example", "Alex Wilber", "Alexander W.",
		"alex_gmail.com#EXT#@contoso.example", "vip@contoso.example"} {
		if !strings.Contains(people, one) {
			t.Errorf("%q is not shown as personal: %s", one, people)
		}
	}
	bare := r.WithoutPeople()
	if left := bare.People(); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
	for name, form := range forms(t, bare) {
		for _, one := range []string{"@", "Alex", "Wilber", "#EXT#"} {
			if strings.Contains(strings.ReplaceAll(form, "@media", ""), one) {
				t.Errorf("%s: %q is left:\n%s", name, one, form)
			}
		}
		if !strings.Contains(form, "[address]") || !strings.Contains(form, "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee") {
			t.Errorf("%s: too much was taken out:\n%s", name, form)
		}
	}
	if !strings.Contains(r.Text(), "vip@contoso.example") {
		t.Error("the report itself was changed")
	}
}

// TestReportTakesHostileText: what comes from a directory or a server neither
// runs in the page nor makes lines of its own in the text.
func TestReportTakesHostileText(t *testing.T) {
	const nasty = "</script><script>alert(1)</script>\nfailed    Forged line\x1b[2J"
	results := []Result{
		{ID: "a", Title: nasty, State: Passed, Detail: nasty},
		{ID: "b", Title: "B", State: Failed,
			Err: &fault.Error{Kind: fault.Refused, Code: "AADSTS50011", Detail: nasty}},
	}
	h := Header{Context: explain.Context{VendorName: nasty}, Name: nasty, SignedInAs: nasty, Mailbox: nasty}
	r := NewReport(results, Judge(results, h.Context), h)
	for name, form := range forms(t, r) {
		switch name {
		case "HTML":
			if strings.Contains(form, "<script") || strings.Contains(form, "src=") ||
				strings.Contains(form, "href=") || !strings.Contains(form, "default-src 'none'") {
				t.Errorf("the page runs or loads something:\n%s", form)
			}
		case "JSON":
			if !json.Valid([]byte(form)) {
				t.Errorf("no JSON:\n%s", form)
			}
		case "text":
			if strings.Contains(form, "\nfailed    Forged") || strings.Contains(form, "\x1b") {
				t.Errorf("a line was forged:\n%s", form)
			}
		}
	}
}
