package identity

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"entrada/internal/practice/directory"
	"entrada/internal/practice/faults"
	"entrada/internal/practice/tokens"
)

// stand is an identity service whose clock the test turns.
type stand struct {
	*Server
	now time.Time
	app *directory.Application
}

func newStand(t *testing.T) *stand {
	t.Helper()
	st := &stand{now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return st.now }
	keys, err := tokens.New()
	if err != nil {
		t.Fatal(err)
	}
	board, err := faults.New()
	if err != nil {
		t.Fatal(err)
	}
	d := directory.New(directory.Rules{Now: clock})
	if _, err := directory.Seed(d, 1); err != nil {
		t.Fatal(err)
	}
	st.Server = New(
		Config{Directory: d, Keys: keys, Faults: board, Clock: clock,
			GraphBase: func(*http.Request) string { return "http://graph.invalid" }})
	yes := true
	st.app, err = d.AddApp(d.Tenants()[0].ID, "",
		directory.Application{DisplayName: "Desktop", SignInAudience: "AzureADMyOrg", IsFallbackPublicClient: &yes,
			PublicClient: directory.RedirectURIs{RedirectURIs: []string{"http://localhost"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Consent(d.Tenants()[0].ID, st.app.AppID, directory.GraphAppID, "",
		[]string{"Mail.Send", "offline_access"}, false); err != nil {
		t.Fatal(err)
	}
	return st
}

func (st *stand) post(path string, v url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	st.ServeHTTP(w, r)
	return w
}

var flowField = regexp.MustCompile(`name="flow" value="([^"]+)"`)

// code signs megan in and returns what the redirect carries.
func (st *stand) code(t *testing.T) string {
	t.Helper()
	q := url.Values{"client_id": {st.app.AppID}, "response_type": {"code"}, "redirect_uri": {"http://localhost:5000"},
		"scope": {"openid offline_access Mail.Send"}}
	w := httptest.NewRecorder()
	st.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/contoso.example/oauth2/v2.0/authorize?"+q.Encode(), nil))
	flow := flowField.FindStringSubmatch(w.Body.String())
	if flow == nil {
		t.Fatal(w.Body.String())
	}
	w = st.post("/practice/account", url.Values{"flow": {flow[1]}, "account": {"megan@contoso.example"}})
	u, err := url.Parse(w.Header().Get("Location"))
	if err != nil || u.Query().Get("code") == "" {
		t.Fatalf("%d %s %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	if u.Path != "/" { // documented: without a path, a slash is added
		t.Errorf("answer at %s", u)
	}
	return u.Query().Get("code")
}

func (st *stand) redeem(code string) *httptest.ResponseRecorder {
	return st.post("/contoso.example/oauth2/v2.0/token",
		url.Values{"grant_type": {"authorization_code"}, "client_id": {st.app.AppID}, "code": {code},
			"redirect_uri": {"http://localhost:5000"}})
}

func TestCodeLivesOneMinute(t *testing.T) {
	st := newStand(t)
	code := st.code(t)
	st.now = st.now.Add(time.Minute)
	if w := st.redeem(code); w.Code != http.StatusOK {
		t.Errorf("after 60 s: %s", w.Body)
	}
	code = st.code(t)
	st.now = st.now.Add(61 * time.Second)
	if w := st.redeem(code); !strings.Contains(w.Body.String(), "AADSTS70008") {
		t.Errorf("after 61 s: %s", w.Body)
	}
	st.now = st.now.Add(time.Hour)
	if w := st.redeem(code); !strings.Contains(w.Body.String(), "AADSTS70000") {
		t.Errorf("after an hour: %s", w.Body)
	}
}

var refreshToken = regexp.MustCompile(`"refresh_token":"([^"]+)"`)

func TestRefreshTokenLivesNinetyDays(t *testing.T) {
	st := newStand(t)
	got := refreshToken.FindStringSubmatch(st.redeem(st.code(t)).Body.String())
	if got == nil {
		t.Fatal("no refresh token")
	}
	ask := func() *httptest.ResponseRecorder {
		return st.post("/organizations/oauth2/v2.0/token",
			url.Values{"grant_type": {"refresh_token"}, "client_id": {st.app.AppID}, "refresh_token": {got[1]}})
	}
	// A single-tenant app has no business at organizations.
	if w := ask(); !strings.Contains(w.Body.String(), "AADSTS50194") {
		t.Errorf("at organizations: %s", w.Body)
	}
	again := func() *httptest.ResponseRecorder {
		return st.post("/contoso.example/oauth2/v2.0/token",
			url.Values{"grant_type": {"refresh_token"}, "client_id": {st.app.AppID}, "refresh_token": {got[1]}})
	}
	st.now = st.now.Add(refreshLife)
	if w := again(); w.Code != http.StatusOK {
		t.Errorf("after 90 days: %s", w.Body)
	}
	st.now = st.now.Add(time.Second)
	if w := again(); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "AADSTS700082") {
		t.Errorf("later: %s", w.Body)
	}
}

func TestDeviceCode(t *testing.T) {
	st := newStand(t)
	begin := func() (device, user string) {
		w := st.post("/contoso.example/oauth2/v2.0/devicecode",
			url.Values{"client_id": {st.app.AppID}, "scope": {"Mail.Send offline_access"}})
		d := regexp.MustCompile(`"device_code":"([^"]+)"`).FindStringSubmatch(w.Body.String())
		u := regexp.MustCompile(`"user_code":"([^"]+)"`).FindStringSubmatch(w.Body.String())
		if d == nil || u == nil {
			t.Fatal(w.Body.String())
		}
		return d[1], u[1]
	}
	poll := func(code string) string {
		return st.post("/contoso.example/oauth2/v2.0/token",
			url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "client_id": {st.app.AppID},
				"device_code": {code}}).Body.String()
	}
	device, user := begin()
	if got := poll(device); !strings.Contains(got, "authorization_pending") || !strings.Contains(got, "AADSTS70016") {
		t.Errorf("before: %s", got)
	}
	if got := poll("nonsense"); !strings.Contains(got, "AADSTS70018") {
		t.Errorf("unknown code: %s", got)
	}
	page := st.post("/common/oauth2/deviceauth", url.Values{"otc": {"WRONGCODE"}})
	if !strings.Contains(page.Body.String(), "That code didn&#39;t work") {
		t.Error("a wrong code is taken")
	}
	page = st.post("/common/oauth2/deviceauth", url.Values{"otc": {strings.ToLower(user)}})
	flow := flowField.FindStringSubmatch(page.Body.String())
	if flow == nil {
		t.Fatal(page.Body.String())
	}
	page = st.post("/practice/account", url.Values{"flow": {flow[1]}, "account": {"megan@contoso.example"}})
	if !strings.Contains(page.Body.String(), "You have signed in") {
		t.Fatal(page.Body.String())
	}
	if got := poll(device); !strings.Contains(got, "refresh_token") {
		t.Errorf("after: %s", got)
	}
	if got := poll(device); !strings.Contains(got, "AADSTS54005") {
		t.Errorf("a second time: %s", got)
	}
	device, _ = begin()
	st.now = st.now.Add(deviceLife + time.Second)
	if got := poll(device); !strings.Contains(got, "AADSTS70019") {
		t.Errorf("too late: %s", got)
	}
}
