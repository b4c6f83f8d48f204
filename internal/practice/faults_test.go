package practice_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"entrada/internal/practice"
	"entrada/internal/practice/faults"
)

// Every fault of the table strikes, and only while it is on.
func TestFaultsInGraph(t *testing.T) {
	s := start(t, practice.Options{})
	me := s.Cloud().Graph + "/v1.0/me"
	megan := delegated(t, s, "megan@contoso.example", "User.Read Mail.Read Mail.Send Calendars.ReadWrite")
	for fault, c := range map[string]struct {
		path   string
		status int
		code   string
		header string // Retry-After
	}{
		"mailbox-unlicensed*1":        {"/messages", 404, "MailboxNotEnabledForRESTAPI", ""},
		"mailbox-on-premises*1":       {"/messages", 404, "MailboxNotEnabledForRESTAPI", ""},
		"throttle-seconds=7*1":        {"", 429, "TooManyRequests", "7"},
		"throttle-missing*1":          {"", 429, "TooManyRequests", ""},
		"throttle-huge*1":             {"", 429, "TooManyRequests", "999999"},
		"throttle-huge=-5*1":          {"", 429, "TooManyRequests", "-5"},
		"throttle-huge=soon*1":        {"", 429, "TooManyRequests", "soon"},
		"claims-challenge*1":          {"", 401, "InvalidAuthenticationToken", ""},
		"unavailable*1":               {"", 503, "ServiceUnavailable", ""},
		"redirect-foreign=/else%20*1": {"", 307, "", ""},
	} {
		set(t, s, fault)
		r, _ := http.NewRequest("GET", me+c.path, nil)
		r.Header.Set("Authorization", "Bearer "+megan)
		transport := &http.Transport{DisableKeepAlives: true}
		res, err := transport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body := readAll(t, res)
		_ = res.Body.Close()
		if res.StatusCode != c.status || !strings.Contains(body, c.code) || res.Header.Get("Retry-After") != c.header {
			t.Errorf("%s: %d %v %s", fault, res.StatusCode, res.Header, body)
		}
		if got := send(t, "GET", me+c.path, megan, nil); got.status != http.StatusOK {
			t.Errorf("%s strikes a second time: %d", fault, got.status)
		}
	}
	set(t, s, "throttle-date=90*1")
	got := send(t, "GET", me, megan, nil)
	if at, err := http.ParseTime(got.header.Get("Retry-After")); err != nil || time.Until(at) < time.Minute {
		t.Errorf("throttle-date: %v", got.header)
	}
	set(t, s, "html-answer*1")
	if got := send(t, "GET", me, megan, nil); got.status != http.StatusOK ||
		!strings.Contains(got.raw, "guest network") {
		t.Errorf("html-answer: %s", got.raw)
	}
	set(t, s, "nextlink-foreign")
	if got := send(t, "GET", s.Cloud().Graph+"/v1.0/users?$top=1", admin(t, s), nil); !strings.Contains(got.raw,
		`"@odata.nextLink":"https://graph.invalid/`) {
		t.Errorf("nextlink-foreign: %s", got.raw)
	}
}

func set(t *testing.T, s *practice.Server, fault string) {
	t.Helper()
	if err := s.SetFault(fault, true); err != nil {
		t.Fatal(err)
	}
}

// dropped makes a request whose connection must break.
func dropped(t *testing.T, method, address, token, body string) {
	t.Helper()
	r, _ := http.NewRequest(method, address, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	transport := &http.Transport{DisableKeepAlives: true}
	res, err := transport.RoundTrip(r)
	if err != nil {
		return
	}
	defer res.Body.Close()
	buf := make([]byte, 1<<20)
	for {
		if _, err := res.Body.Read(buf); err != nil {
			if err.Error() == "EOF" {
				t.Errorf("%s %s was answered whole: %d", method, address, res.StatusCode)
			}
			return
		}
	}
}

func TestFaultsThatBreakTheConnection(t *testing.T) {
	s := start(t, practice.Options{})
	me := s.Cloud().Graph + "/v1.0/me"
	megan := delegated(t, s, "megan@contoso.example", "User.Read Mail.Send Calendars.ReadWrite")
	set(t, s, "truncated=graph*1")
	dropped(t, "GET", me, megan, "")
	set(t, s, "mail-drop-after-accept*1")
	dropped(t, "POST", me+"/sendMail", megan,
		`{"message":{"subject":"once","toRecipients":[{"emailAddress":{"address":"megan@contoso.example"}}]}}`)
	set(t, s, "event-drop-after-accept*1")
	dropped(t, "POST", me+"/events", megan,
		`{"subject":"once","transactionId":"t","start":{"dateTime":"2026-12-01T09:00:00","timeZone":"UTC"},"end":{"dateTime":"2026-12-01T09:30:00","timeZone":"UTC"}}`)
	st := s.State()
	if len(st.Mails) != 1 || len(st.Events.Live) != 1 {
		t.Fatalf("%d mails, %d events", len(st.Mails), len(st.Events.Live))
	}
	set(t, s, "event-delete-fails*1")
	one := me + "/events/" + st.Events.Live[0].ID
	for _, want := range []int{500, 204} {
		if got := send(t, "DELETE", one, megan, nil); got.status != want {
			t.Errorf("deletion: %d", got.status)
		}
	}
}

func TestFaultsAtSignIn(t *testing.T) {
	s := start(t, practice.Options{})
	v := register(t, s, nil, "User.Read Mail.Send")
	for fault, page := range map[string]string{
		"account-foreign*1": "AADSTS50020", "app-disabled*1": "AADSTS7000112", "assignment-required*1": "AADSTS50105",
		"conditional-access*1": "AADSTS53003", "consent-missing": "Permissions requested",
	} {
		set(t, s, fault)
		b := newBrowser(t)
		b.open(v.authorizeURL(s))
		if !strings.Contains(b.body, page) {
			b.submit("account-picker", map[string]string{"account": "megan@contoso.example"})
		}
		b.sees(page)
		if err := s.SetFault(strings.TrimSuffix(fault, "*1"), false); err != nil {
			t.Error(err)
		}
	}
	set(t, s, "consent-admin-only")
	fresh := register(t, s, nil, "")
	b := newBrowser(t)
	b.open(fresh.authorizeURL(s, "scope", "User.Read"))
	b.submit("account-picker", map[string]string{"account": "megan@contoso.example"})
	b.sees("Need admin approval", "AADSTS90094")

	set(t, s, "query-instead-of-form-post*1")
	b = newBrowser(t)
	b.signIn(v.authorizeURL(s), "megan@contoso.example")
	if !strings.Contains(b.header.Get("Location"), "code=") {
		t.Errorf("query-instead-of-form-post: %s", b.body)
	}
}

func TestFaultsAtTheTokenEndpoint(t *testing.T) {
	s := start(t, practice.Options{})
	v := register(t, s, nil, "User.Read Mail.Send")
	redeem := func() answer {
		reply := newBrowser(t).signIn(v.authorizeURL(s), "megan@contoso.example")
		return token(t, s, v.tenant, v.redeem(reply.Get("code")))
	}
	for fault, want := range map[string]int{"secret-wrong*1": 7000215, "secret-expired*1": 7000222} {
		if set(t, s, fault); redeem().code() != want {
			t.Errorf("%s does not strike", fault)
		}
	}
	set(t, s, "no-refresh-token*1")
	if got := redeem(); got.status != http.StatusOK || got.text("refresh_token") != "" {
		t.Errorf("no-refresh-token: %s", got.raw)
	}
	set(t, s, "scope-dropped*1")
	if got := redeem(); strings.Contains(got.text("scope"), "Mail.Send") ||
		!strings.Contains(got.text("scope"), "User.Read") {
		t.Errorf("scope-dropped: %q", got.text("scope"))
	}
	set(t, s, "id-token-unsigned*1")
	if got := redeem(); !strings.HasSuffix(got.text("id_token"), ".") {
		t.Error("id-token-unsigned does not strike")
	}
	set(t, s, "unavailable=token*1")
	if got := redeem(); got.status != http.StatusServiceUnavailable {
		t.Errorf("unavailable=token: %d", got.status)
	}
	set(t, s, "html-answer=token*1")
	if got := redeem(); got.status != http.StatusOK || got.json != nil {
		t.Errorf("html-answer=token: %s", got.raw)
	}
	for _, fault := range []string{"nonce-wrong", "id-token-expired", "id-token-audience", "id-token-issuer",
		"id-token-tenant"} {
		set(t, s, fault+"*1")
		if bad := claims(t, redeem().text("id_token")); bad["nonce"] == "the-nonce" && bad["aud"] == v.clientID &&
			bad["tid"] == v.tenant &&
			bad["exp"].(float64) > float64(time.Now().Unix()) &&
			strings.HasPrefix(bad["iss"].(string), s.Cloud().Login) {
			t.Errorf("%s does not strike: %v", fault, bad)
		}
	}
	got := redeem()
	if good := claims(t, got.text("id_token")); good["nonce"] != "the-nonce" ||
		good["iss"] != s.Cloud().Issuer(v.tenant) || good["email"] != "megan@contoso.example" {
		t.Errorf("ID token: %v", good)
	}
	set(t, s, "refresh-token-expired*1")
	old := url.Values{"grant_type": {"refresh_token"}, "client_id": {v.clientID}, "client_secret": {v.secret},
		"refresh_token": {got.text("refresh_token")}}
	if r := token(t, s, v.tenant, old); r.code() != 700082 {
		t.Errorf("refresh-token-expired: %s", r.raw)
	}
	set(t, s, "consent-missing*9")
	if r := token(t, s, v.tenant, old); r.code() != 65001 {
		t.Errorf("consent-missing: %s", r.raw)
	}
}

func claims(t *testing.T, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("no token: %q", token)
	}
	data, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestFaultsOfTime(t *testing.T) {
	s := start(t, practice.Options{Faults: []string{"clock-skew=-2h"}})
	got := send(t, "GET", s.Cloud().MetadataURL("contoso.example"), "", nil)
	at, err := http.ParseTime(got.header.Get("Date"))
	if err != nil || time.Since(at) < time.Hour || time.Since(at) > 3*time.Hour {
		t.Errorf("clock-skew: %q", got.header.Get("Date"))
	}
	set(t, s, "latency=60ms*1")
	before := time.Now()
	send(t, "GET", s.Cloud().MetadataURL("contoso.example"), "", nil)
	if took := time.Since(before); took < 60*time.Millisecond {
		t.Errorf("latency: %v", took)
	}
	set(t, s, "slow-replication=1h")
	bearer, g := admin(t, s), s.Cloud().Graph+"/v1.0"
	made := send(t, "POST", g+"/applications", bearer,
		map[string]any{"displayName": "late", "signInAudience": "AzureADMyOrg"})
	if got := send(t, "GET", g+"/applications/"+made.text("id"), bearer, nil); got.status != http.StatusNotFound ||
		got.graphCode() != "Request_ResourceNotFound" {
		t.Errorf("slow-replication: %d %s", got.status, got.raw)
	}
	set(t, s, "secret-policy")
	admins := s.State().Applications[0]
	if got := send(t, "POST", g+"/applications/"+admins.ID+"/addPassword", bearer,
		map[string]any{}); got.graphCode() != "CredentialTypeNotAllowedAsPerAppPolicy" {
		t.Errorf("secret-policy: %s", got.raw)
	}
}

func TestFaultsAreSwitchedOnTheirPage(t *testing.T) {
	s := start(t, practice.Options{Faults: []string{"throttle-seconds=2*3"}})
	b := newBrowser(t)
	b.open(s.Cloud().Portal + "/_practice/faults")
	for _, f := range faults.Table() {
		b.sees(f.Name)
		if f.Description == "" {
			t.Errorf("%s has no description", f.Name)
		}
	}
	b.submit("form-conditional-access", map[string]string{"on": "true"})
	b.submit("form-throttle-seconds", map[string]string{"on": "false"})
	if got := strings.Join(s.Faults(), " "); got != "conditional-access" {
		t.Errorf("on: %q", got)
	}
	post := func(v url.Values) int {
		r, _ := http.NewRequest("POST", s.Cloud().Portal+"/_practice/faults", strings.NewReader(v.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return receive(t, r).status
	}
	if post(url.Values{"name": {"throttle-huge*2"}}) != http.StatusOK ||
		post(url.Values{"name": {"magic"}}) != http.StatusBadRequest {
		t.Error("a script cannot switch faults")
	}
	if got := strings.Join(s.Faults(), " "); got != "conditional-access throttle-huge*2" {
		t.Errorf("on: %q", got)
	}
}
