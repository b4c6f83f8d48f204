package practice_test

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"entrada/internal/practice"
	"entrada/internal/practice/directory"
)

// admin is a token of the ready-made administrator app.
func admin(t *testing.T, s *practice.Server) string {
	t.Helper()
	app := s.Info().AdminApp
	a := token(t, s, app.TenantID, url.Values{"grant_type": {"client_credentials"}, "client_id": {app.ClientID},
		"client_secret": {app.ClientSecret}, "scope": {s.Cloud().GraphScope(".default")}})
	if a.status != http.StatusOK {
		t.Fatalf("administrator app: %d %s", a.status, a.raw)
	}
	return a.text("access_token")
}

// vendor is an app registered for a test.
type vendor struct {
	objectID, clientID, secret, keyID, tenant string
	spID, graphID                             string
}

func permission(t *testing.T, name string, role bool) map[string]any {
	t.Helper()
	p, ok := directory.PermissionNamed(name)
	if !ok {
		t.Fatalf("no permission %q", name)
	}
	if role {
		return map[string]any{"id": p.RoleID, "type": "Role"}
	}
	return map[string]any{"id": p.DelegatedID, "type": "Scope"}
}

// register makes an app through Graph: with a secret, a service principal and,
// for everybody, consent to the scopes given.
func register(t *testing.T, s *practice.Server, app map[string]any, consent string) vendor {
	t.Helper()
	g, bearer := s.Cloud().Graph+"/v1.0", admin(t, s)
	v := vendor{tenant: s.Info().Tenants[0].ID}
	body := map[string]any{"displayName": "Vendor", "signInAudience": "AzureADMyOrg",
		"web": map[string]any{"redirectUris": []string{"http://localhost/callback"}}}
	for k, val := range app {
		body[k] = val
	}
	made := send(t, "POST", g+"/applications", bearer, body)
	if made.status != http.StatusCreated {
		t.Fatalf("register: %d %s", made.status, made.raw)
	}
	v.objectID, v.clientID = made.text("id"), made.text("appId")
	secret := send(t, "POST", g+"/applications/"+v.objectID+"/addPassword", bearer,
		map[string]any{"passwordCredential": map[string]any{"displayName": "test"}})
	v.secret, v.keyID = secret.text("secretText"), secret.text("keyId")
	sp := send(t, "POST", g+"/servicePrincipals", bearer, map[string]any{"appId": v.clientID})
	v.spID = sp.text("id")
	v.graphID = send(t, "GET", g+"/servicePrincipals(appId='"+directory.GraphAppID+"')?$select=id", bearer,
		nil).text("id")
	if consent != "" {
		granted := send(t, "POST", g+"/oauth2PermissionGrants", bearer, map[string]any{
			"clientId": v.spID, "consentType": "AllPrincipals", "resourceId": v.graphID, "scope": consent})
		if granted.status != http.StatusCreated {
			t.Fatalf("consent: %d %s", granted.status, granted.raw)
		}
	}
	return v
}

const verifier = "a-code-verifier-that-is-longer-than-forty-three-characters"

func challenge() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// request is an authorization request as a vendor would make it.
func (v vendor) request(change ...string) url.Values {
	q := url.Values{
		"client_id": {v.clientID}, "response_type": {"code"}, "redirect_uri": {"http://localhost:1234/callback"},
		"response_mode": {"form_post"}, "scope": {"openid profile email offline_access User.Read Mail.Send"},
		"state": {"the state & more"},
		"nonce": {"the-nonce"}, "code_challenge": {challenge()}, "code_challenge_method": {"S256"},
		"prompt": {"select_account"},
	}
	for i := 0; i+1 < len(change); i += 2 {
		if change[i+1] == "" {
			q.Del(change[i])
			continue
		}
		q.Set(change[i], change[i+1])
	}
	return q
}

func (v vendor) authorizeURL(s *practice.Server, change ...string) string {
	return s.Cloud().AuthorizeURL(v.tenant) + "?" + v.request(change...).Encode()
}

func (v vendor) redeem(code string, change ...string) url.Values {
	q := url.Values{"grant_type": {"authorization_code"}, "client_id": {v.clientID}, "client_secret": {v.secret},
		"code":         {code},
		"redirect_uri": {"http://localhost:1234/callback"}, "code_verifier": {verifier}}
	for i := 0; i+1 < len(change); i += 2 {
		if change[i+1] == "" {
			q.Del(change[i])
			continue
		}
		q.Set(change[i], change[i+1])
	}
	return q
}

// signIn plays the person up to the answer that reaches the app.
func (b *browser) signIn(address, account string) url.Values {
	b.t.Helper()
	b.open(address)
	b.submit("account-picker", map[string]string{"account": account})
	return b.reply()
}

// reply is what the app would receive now.
func (b *browser) reply() url.Values {
	b.t.Helper()
	if location := b.header.Get("Location"); location != "" {
		u, err := url.Parse(location)
		if err != nil {
			b.t.Fatal(err)
		}
		if u.Fragment != "" {
			v, _ := url.ParseQuery(u.Fragment)
			return v
		}
		return u.Query()
	}
	if !strings.Contains(b.body, `id="hiddenform"`) {
		return nil
	}
	return b.form("hiddenform").fields
}

func TestSignInWithCodePKCEAndSecret(t *testing.T) {
	s := start(t, practice.Options{})
	v := register(t, s, nil, "User.Read Mail.Send openid profile offline_access")
	b := newBrowser(t)
	reply := b.signIn(v.authorizeURL(s), "megan@contoso.example")
	if reply.Get("state") != "the state & more" || reply.Get("code") == "" {
		t.Fatalf("reply %v on %s", reply, b.body)
	}
	if f := b.form("hiddenform"); f.action != "http://localhost:1234/callback" || f.method != "POST" {
		t.Errorf("posts to %s %s", f.method, f.action)
	}
	b.sees("Script is disabled") // the button for browsers without scripts
	got := token(t, s, v.tenant, v.redeem(reply.Get("code")))
	if got.status != http.StatusOK || got.text("id_token") == "" || got.text("refresh_token") == "" {
		t.Fatalf("token: %d %s", got.status, got.raw)
	}
	if scope := got.text("scope"); !strings.Contains(scope, "Mail.Send") || strings.Contains(scope, "offline_access") {
		t.Errorf("scope %q", scope)
	}
	me := send(t, "GET", s.Cloud().Graph+"/v1.0/me?$select=userPrincipalName", got.text("access_token"), nil)
	if me.text("userPrincipalName") != "megan@contoso.example" {
		t.Errorf("me: %d %s", me.status, me.raw)
	}

	again := token(t, s, v.tenant, v.redeem(reply.Get("code")))
	if again.code() != 54005 {
		t.Errorf("second redemption: %s", again.raw)
	}
	refresh := url.Values{"grant_type": {"refresh_token"}, "client_id": {v.clientID}, "client_secret": {v.secret},
		"refresh_token": {got.text("refresh_token")}}
	for range 2 { // the old one still works: that is documented
		if r := token(t, s, v.tenant, refresh); r.status != http.StatusOK ||
			r.text("refresh_token") == got.text("refresh_token") {
			t.Errorf("refresh: %d %s", r.status, r.raw)
		}
	}
	st := s.State()
	last := st.SignIns[len(st.SignIns)-1]
	if last.Account != "megan@contoso.example" || last.ResponseMode != "form_post" ||
		last.CodeChallengeMethod != "S256" || last.ResultCode != 0 {
		t.Errorf("sign-in log: %+v", last)
	}
}

var scriptTag = regexp.MustCompile(`<script`)

func TestPagesNeverRunWhatARequestBrings(t *testing.T) {
	s := start(t, practice.Options{})
	v := register(t, s, map[string]any{"displayName": `<script>alert(1)</script>`}, "")
	b := newBrowser(t)
	b.open(v.authorizeURL(s, "login_hint", `"><script>alert(2)</script>`, "redirect_uri", `http://localhost/<script>`))
	if scriptTag.MatchString(b.body) {
		t.Errorf("a script of the request's on the page:\n%s", b.body)
	}
	b.sees("AADSTS50011")
	b.open(v.authorizeURL(s, "state", `"><script>alert(3)</script>`))
	b.submit("account-picker", map[string]string{"account": "alex@contoso.example"})
	b.submit("consent-form", map[string]string{"decision": "accept"})
	if n := len(scriptTag.FindAllString(b.body, -1)); n != 1 { // our own that submits the form
		t.Errorf("%d scripts:\n%s", n, b.body)
	}
	if got := b.reply().Get("state"); got != html.UnescapeString(`&quot;><script>alert(3)</script>`) {
		t.Errorf("state came back as %q", got)
	}
}
