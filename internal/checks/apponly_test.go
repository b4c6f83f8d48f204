package checks

import (
	"slices"
	"strings"
	"testing"
	"time"

	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/practice/practicetest"
	"entrada/internal/secret"
)

// appOnly is the test of the organisation's app in somebody's mailbox.
func (o *organisation) appOnly(who string) AppOnly {
	r := o.request()
	r.Scopes = nil
	return AppOnly{
		Request: r, Asked: o.asked, Mailbox: o.Address(who), Vendor: "CXT Software", HTTP: o.http, Journal: o.journal,
		RunID: NewRunID(), Now: time.Now, arrival: []time.Duration{time.Millisecond},
	}
}

// TestAppOnlyAsCXT: an app that reads and sends mail by itself.
func TestAppOnlyAsCXT(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, practicetest.Application, "Mail.Read", "Mail.Send")
	a := o.appOnly("megan")
	// A token comes all the same; only trying shows that nobody has consented.
	results := Run(t.Context(), a.Checks(), nil)
	v := Judge(results, o.context())
	if r := result(t, results, CheckSignedIn); r.State != Passed {
		t.Errorf("%+v", r)
	}
	if r := result(t, results, CheckGranted); r.State != Skipped ||
		!strings.Contains(r.Detail, "not in the whole organisation: Mail.Read, Mail.Send;") {
		t.Errorf("%+v", r)
	}
	if v.OK || v.Culprit != explain.Consent || v.Explanation.Code != "ErrorAccessDenied" ||
		v.Explanation.Message != deniedDetail {
		t.Errorf("%+v", v)
	}
	o.Consent(o.clientID, practicetest.Application, "Mail.Read")
	results = Run(t.Context(), a.Checks(), nil)
	if result(t, results, CheckMailRead).State != Passed || result(t, results, CheckMail).State != Failed {
		t.Errorf("%+v", results)
	}
	o.Consent(o.clientID, practicetest.Application, "Mail.Send")
	results = Run(t.Context(), a.Checks(), nil)
	if v := Judge(results, o.context()); !v.OK || v.Passed != 4 {
		t.Errorf("%+v\n%+v", v, results)
	}
	if r := result(t, results, CheckMail); !strings.HasSuffix(r.Detail, "arrived at "+o.Address("megan")) ||
		r.Title != "Mail from the mailbox to itself sent" {
		t.Errorf("%+v", r)
	}
	mails := o.State().Mails
	if len(mails) != 1 || mails[0].From != a.Mailbox || !slices.Equal(mails[0].To, []string{a.Mailbox}) {
		t.Errorf("%+v", mails)
	}
	var rows []string
	for _, r := range results {
		if r.State == NotAsked {
			rows = append(rows, r.Title)
		}
	}
	if !slices.Equal(rows, []string{"Calendar", "Contacts", "Tasks", "Mailbox settings"}) {
		t.Errorf("%q", rows)
	}
	o.clean(t, 1)
	o.journalled(t, 0)
}

func TestAppOnlyWithEverything(t *testing.T) {
	t.Parallel()
	names := []string{"Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite", "Contacts.ReadWrite",
		"Tasks.ReadWrite.All", "MailboxSettings.Read"}
	o := newOrganisation(t, practicetest.Application, names...)
	o.Consent(o.clientID, practicetest.Application, names...)
	a := o.appOnly("alex")
	results := Run(t.Context(), a.Checks(), nil)
	if v := Judge(results, o.context()); !v.OK || v.Passed != 8 {
		t.Errorf("%+v\n%+v", v, results)
	}
	o.clean(t, 0)
	o.journalled(t, 0)

	a.ReadOnly = true
	results = Run(t.Context(), a.Checks(), nil)
	if v := Judge(results, o.context()); !v.OK || v.Passed != 7 {
		t.Errorf("%+v\n%+v", v, results)
	}
	if n := len(o.State().Mails); n != 1 {
		t.Errorf("%d mails", n)
	}

	a.ReadOnly, a.Mailbox = false, ""
	results = Run(t.Context(), a.Checks(), nil)
	if r := result(t, results, CheckMail); r.State != NotAsked || r.Detail != "tell us a mailbox to try this" {
		t.Errorf("%+v", r)
	}
}

func TestAppOnlyRefusals(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, practicetest.Application, "Mail.Read")
	o.Consent(o.clientID, practicetest.Application, "Mail.Read")
	for name, c := range map[string]struct {
		fault   string
		change  func(*AppOnly)
		id      ID
		code    string
		culprit explain.Culprit
	}{
		"wrong secret": {"", func(a *AppOnly) { a.Request.ClientSecret = secret.New("wrong") }, CheckSignedIn,
			"AADSTS7000215", explain.Secret},
		"expired secret": {"secret-expired", nil, CheckSignedIn, "AADSTS7000222", explain.Secret},
		"app disabled":   {"app-disabled", nil, CheckSignedIn, "AADSTS7000112", ""},
		"no such person": {"", func(a *AppOnly) { a.Mailbox = o.Address("nobody") }, CheckMailRead, "ErrorInvalidUser",
			""},
		"no mailbox": {"", func(a *AppOnly) { a.Mailbox = o.Address("uma") }, CheckMailRead,
			"MailboxNotEnabledForRESTAPI", explain.Mailbox},
		"on premises": {"", func(a *AppOnly) { a.Mailbox = o.Address("otto") }, CheckMailRead,
			"MailboxNotEnabledForRESTAPI", explain.Mailbox},
	} {
		a := o.appOnly("alex")
		if c.change != nil {
			c.change(&a)
		}
		if c.fault != "" {
			o.Break(c.fault)
		}
		results := Run(t.Context(), a.Checks(), nil)
		o.Mend()
		v := Judge(results, o.context())
		if v.First == nil || v.First.ID != c.id || fault.CodeOf(v.First.Err) != c.code || c.culprit != "" &&
			v.Culprit != c.culprit || v.Explanation.Who == "" {
			t.Errorf("%s: %+v\n%+v", name, v, results)
		}
		if c.id == CheckSignedIn && result(t, results, CheckMailRead).State != Skipped {
			t.Errorf("%s: the mailbox was tried without a token", name)
		}
		if strings.Contains(NewReport(results, v, Header{Context: o.context()}).Text(), o.secret.Reveal()) {
			t.Errorf("%s: the report shows the secret", name)
		}
	}
}
