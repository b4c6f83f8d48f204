package prove

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/entra/entratest"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/secret"
	"entrada/internal/signin"
)

// refuses is Microsoft, which knows nothing of what was made a moment ago.
type refuses struct {
	code  string
	asked []time.Time
}

func (m *refuses) RoundTrip(r *http.Request) (*http.Response, error) {
	const login = "https://login.example/" + entratest.TenantID
	status, body := http.StatusOK, `{"issuer":"`+login+`/v2.0","token_endpoint":"`+login+`/oauth2/v2.0/token"}`
	if r.Method == http.MethodPost {
		m.asked = append(m.asked, time.Now())
		status, body = http.StatusUnauthorized, `{"error":"invalid_client","error_description":"`+m.code+`: no"}`
	}
	return &http.Response{StatusCode: status, Request: r, Body: io.NopCloser(strings.NewReader(body)),
			Header: http.Header{"Content-Type": {"application/json"},
				"Date": {time.Now().UTC().Format(http.TimeFormat)}}},
		nil
}

func (m *refuses) fresh() Fresh {
	cloud := entra.Cloud{ID: "x", Name: "X", Login: "https://login.example", Graph: "https://graph.example"}
	return Fresh{
		App: app.App{Cloud: cloud, HTTP: &http.Client{Transport: m}},
		Subject: Subject{
			Cloud: cloud, TenantID: entratest.TenantID, ClientID: entratest.ClientID,
			Secret: secret.New("8xK8Q~some-secret-of-a-length"),
		},
	}
}

// inSeconds are the pauses, in seconds.
var inSeconds = []time.Duration{3, 6, 12, 24}

// TestPatience: 3, 6, 12 and 24 seconds, and then it is enough.
func TestPatience(t *testing.T) {
	for code, aboutID := range map[string]bool{"AADSTS700016": true, "AADSTS7000215": false, "AADSTS7000229": false} {
		synctest.Test(t, func(t *testing.T) {
			m := &refuses{code: code}
			a := m.fresh().Ask(t.Context())
			var pauses []time.Duration
			for i := range m.asked[1:] {
				pauses = append(pauses, m.asked[i+1].Sub(m.asked[i])/time.Second)
			}
			if !slices.Equal(pauses, inSeconds) || a.Again != 0 || a.Accepted {
				t.Errorf("%s: %v, %+v", code, pauses, a)
			}
			if a.ClientID != aboutID || !a.TooNew || fault.CodeOf(a.Err) != code {
				t.Errorf("%s: %v, %+v", code, pauses, a)
			}
		})
	}
}

// TestPatienceEnds with the context at once, or as soon as somebody has enough.
func TestPatienceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &refuses{code: "AADSTS7000215"}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		err := Secret(ctx, m.fresh().App, m.fresh().Subject, nil)
		if took := time.Since(began); took != 5*time.Second || !fault.Is(err, fault.Cancelled) || len(m.asked) != 2 {
			t.Errorf("after %v and %d questions: %v", took, len(m.asked), err)
		}
		var told []time.Duration
		hears := func(d time.Duration) { told = append(told, d/time.Second) }
		err = Secret(t.Context(), m.fresh().App, m.fresh().Subject, hears)
		if fault.CodeOf(err) != m.code || !slices.Equal(told, inSeconds) {
			t.Errorf("%v, %v", err, told)
		}
		f, n := m.fresh(), len(m.asked)
		f.Between = func(context.Context, Answer) error { return io.EOF }
		if a := f.Ask(t.Context()); a.Again != 0 || len(m.asked) != n+1 {
			t.Errorf("%+v after %d questions", a, len(m.asked)-n)
		}
	})
}

// TestRows: a check as a line, with nothing secret in it.
func TestRows(t *testing.T) {
	broken := &fault.Error{Kind: fault.Offline, Op: "ask"}
	for _, c := range []struct {
		state checks.State
		took  time.Duration
		want  flow.State
		time  string
	}{
		{checks.Passed, 1500 * time.Millisecond, flow.Well, "1.5 s"},
		{checks.NotAsked, 0, flow.NotAsked, ""},
		{checks.Skipped, time.Millisecond, flow.Skipped, "< 0.1 s"},
		{checks.Running, 0, flow.Running, ""},
		{checks.Waiting, 0, flow.Waiting, ""},
	} {
		got := row(checks.Result{Title: "A", Detail: "b", State: c.state, Took: c.took})
		if got.State != c.want || got.Time != c.time || got.Title != "A" || got.Detail != "b" {
			t.Errorf("%s: %+v", c.state, got)
		}
	}
	if got := row(checks.Result{State: checks.Failed, Err: broken}); got.State != flow.Failed || got.Detail == "" {
		t.Errorf("%+v", got)
	}
	leak := checks.Result{State: checks.Passed, Detail: "client_secret=8xK8Q~abcdefghijklmnopqrstuvwxyz0123456789"}
	if got := row(leak); strings.Contains(got.Detail, "8xK8Q") {
		t.Errorf("%+v", got)
	}
}

// TestWhatIsTriedAndStays follows from the permissions.
func TestWhatIsTriedAndStays(t *testing.T) {
	for _, c := range []struct {
		asked                string
		does, looks, remains string
	}{
		{"User.Read", "read what it may read", "read what it may read", ""},
		{"Mail.Send offline_access", "send a mail and stay connected", "stay connected", "one short mail."},
		{"Mail.Send Mail.ReadWrite", "send a mail and make a draft and delete it", "read mail",
			"nothing. The test mail"},
		{"Mail.Read Calendars.Read MailboxSettings.Read", "read mail, read the calendar and read the mailbox settings",
			"read mail, read the calendar and read the mailbox settings", ""},
		{"Contacts.ReadWrite Contacts.Read Tasks.ReadWrite",
			"create a contact and delete it and create a task and delete it", "read contacts and read tasks",
			"nothing. Whatever is created"},
	} {
		var list []guides.Permission
		for _, name := range strings.Fields(c.asked) {
			list = append(list, guides.Permission{Name: name, Kind: guides.Delegated})
		}
		s := Subject{Guide: GuideOf("Acme", list...)}
		stays := s.WhatStays()
		if s.WhatIsTried(false) != c.does || s.WhatIsTried(true) != c.looks {
			t.Errorf("%s: %q, %q", c.asked, s.WhatIsTried(false), s.WhatIsTried(true))
		}
		if !strings.HasPrefix(stays, c.remains) || (stays == "") != (c.remains == "") {
			t.Errorf("%s: %q stays", c.asked, stays)
		}
	}
}

// TestWhatIsClaimed: no more than was tried, and of no more people.
func TestWhatIsClaimed(t *testing.T) {
	a := app.App{Home: t.TempDir(), Now: time.Now}
	var err error
	if a.Connections, err = connections.Open(a.Home, connections.MemoryKeychain()); err != nil {
		t.Fatal(err)
	}
	j := journey.New(a)
	j.ChooseVendor(guides.ByID("oxfordiq"))
	passed := checks.Result{State: checks.Passed}
	skipped := checks.Result{State: checks.Skipped, Detail: "it does not tell"}
	as := &signin.Account{Username: "alex@contoso.example"}
	for want, results := range map[string][]checks.Result{
		"It works for alex@contoso.example":                        {passed},
		"Everything that was tried works for alex@contoso.example": {passed, skipped},
	} {
		o := judge(a, Outcome{Subject: FromJourney(j), Results: results, Whole: true, Account: as})
		if got := o.headline(j); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
	// A port that cannot be had is no fault of the connection.
	try := Try{App: a, Subject: FromJourney(j)}
	o := try.refused(fault.New(fault.PortUnavailable, "listen for the answer", nil))
	if o.remember(a, j); o.Culprit != explain.ThisComputer || !j.Answers().FailedAt.IsZero() {
		t.Errorf("%+v, %+v", o.Explanation, j.Answers())
	}
}
