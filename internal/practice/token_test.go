package practice_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"entrada/internal/practice"
	"entrada/internal/practice/directory"
)

// platforms registers one app with a redirect URI on every platform.
func platforms() map[string]any {
	return map[string]any{
		"web":          map[string]any{"redirectUris": []string{"http://localhost/callback"}},
		"spa":          map[string]any{"redirectUris": []string{"http://localhost/spa"}},
		"publicClient": map[string]any{"redirectUris": []string{"http://localhost/native"}},
	}
}

// Which client may redeem what: learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow.
func TestRedeemingByPlatform(t *testing.T) {
	s := start(t, practice.Options{})
	v := register(t, s, platforms(), "User.Read Mail.Send")
	const web, spa, native = "http://localhost:1234/callback", "http://localhost:1234/spa",
		"http://localhost:1234/native"
	for name, c := range map[string]struct {
		redirect string
		change   []string
		origin   string
		want     int
	}{
		"web with its secret":         {web, nil, "", 0},
		"web without a secret":        {web, []string{"client_secret", ""}, "", 7000218},
		"web with the Secret ID":      {web, []string{"client_secret", v.keyID}, "", 7000215},
		"web from a page's script":    {web, nil, "https://spa.example", 9002326},
		"web, other redirect URI":     {web, []string{"redirect_uri", native}, "", 500112},
		"web, wrong verifier":         {web, []string{"code_verifier", verifier + "x"}, "", 501481},
		"web, no verifier":            {web, []string{"code_verifier", ""}, "", 900144},
		"web, other client":           {web, []string{"client_id", s.Info().AdminApp.ClientID}, "", 70000},
		"web, code of our own making": {web, []string{"code", "1.AXYZ"}, "", 70000},
		"web, assertion":              {web, []string{"client_secret", "", "client_assertion", "a.b.c"}, "", 700027},
		"native without a secret":     {native, []string{"client_secret", "", "redirect_uri", native}, "", 0},
		"native with a secret":        {native, []string{"redirect_uri", native}, "", 700025},
		"native from a page's script": {native, []string{"client_secret", "", "redirect_uri", native},
			"https://spa.example", 9002326},
		"page with its script": {spa, []string{"client_secret", "", "redirect_uri", spa}, "https://spa.example", 0},
		"page from a server":   {spa, []string{"client_secret", "", "redirect_uri", spa}, "", 9002327},
		"page with a secret":   {spa, []string{"redirect_uri", spa}, "https://spa.example", 700025},
	} {
		t.Run(name, func(t *testing.T) {
			reply := newBrowser(t).signIn(v.authorizeURL(s, "redirect_uri", c.redirect), "megan@contoso.example")
			var header []string
			if c.origin != "" {
				header = []string{"Origin", c.origin}
			}
			got := token(t, s, v.tenant, v.redeem(reply.Get("code"), c.change...), header...)
			if got.code() != c.want || (got.status == http.StatusOK) != (c.want == 0) {
				t.Errorf("want %d: %d %s", c.want, got.status, got.raw)
			}
		})
	}
}

func TestTokenEndpointRefusals(t *testing.T) {
	s := start(t, practice.Options{})
	v := register(t, s, nil, "")
	multi := register(t, s, map[string]any{"signInAudience": "AzureADMultipleOrgs"}, "")
	app := func(change ...string) url.Values {
		q := url.Values{"grant_type": {"client_credentials"}, "client_id": {v.clientID}, "client_secret": {v.secret},
			"scope": {"https://graph.microsoft.com/.default"}}
		for i := 0; i+1 < len(change); i += 2 {
			q.Set(change[i], change[i+1])
		}
		return q
	}
	const unknown = "11111111-2222-3333-4444-555555555555"
	for name, c := range map[string]struct {
		tenant string
		form   url.Values
		status int
		oauth  string
		want   int
	}{
		"well":             {v.tenant, app(), 200, "", 0},
		"well, by domain":  {"contoso.example", app(), 200, "", 0},
		"no such tenant":   {unknown, app(), 400, "invalid_request", 90002},
		"no such domain":   {"nobody.example", app(), 400, "invalid_request", 90002},
		"no tenant at all": {"not a tenant", app(), 400, "invalid_request", 900023},
		"common":           {"common", app("client_id", multi.clientID), 400, "invalid_request", 9001023},
		"organizations": {"organizations", app("client_id", multi.clientID), 400, "invalid_request",
			9001023},
		"no such client":        {v.tenant, app("client_id", unknown), 400, "unauthorized_client", 700016},
		"object ID as client":   {v.tenant, app("client_id", v.objectID), 400, "unauthorized_client", 700016},
		"no client":             {v.tenant, app("client_id", ""), 400, "invalid_request", 900144},
		"wrong secret":          {v.tenant, app("client_secret", "wrong"), 401, "invalid_client", 7000215},
		"no secret":             {v.tenant, app("client_secret", ""), 401, "invalid_client", 7000216},
		"secret of another app": {v.tenant, app("client_secret", multi.secret), 401, "invalid_client", 7000215},
		"named scope": {v.tenant, app("scope", "https://graph.microsoft.com/Mail.Send"), 400,
			"invalid_scope", 1002012},
		"no scope": {v.tenant, app("scope", ""), 400, "invalid_request", 900144},
		"unknown resource": {v.tenant, app("scope", "https://nowhere.example/.default"), 400,
			"invalid_resource", 500011},
		"password":      {v.tenant, app("grant_type", "password"), 400, "interaction_required", 50076},
		"unknown grant": {v.tenant, app("grant_type", "magic"), 400, "unsupported_grant_type", 70003},
		"no grant":      {v.tenant, app("grant_type", ""), 400, "invalid_request", 900144},
		"refresh token of nobody": {v.tenant, app("grant_type", "refresh_token", "refresh_token", "1.Ax"), 400,
			"invalid_grant", 70000},
		"code of nobody": {v.tenant, app("grant_type", "authorization_code", "code", "1.Ax"), 400,
			"invalid_grant", 70000},
		"device code, confidental": {v.tenant,
			app("grant_type", "device_code", "client_secret", "", "device_code", "x"), 401, "invalid_client", 7000218},
	} {
		got := token(t, s, url.PathEscape(c.tenant), c.form)
		if got.status != c.status || got.code() != c.want || got.text("error") != c.oauth {
			t.Errorf("%s: want %d %s %d, got %d %s", name, c.status, c.oauth, c.want, got.status, got.raw)
		}
	}
}

var description = regexp.MustCompile(
	`^AADSTS7000215: .+\r\nTrace ID: [0-9a-f-]{36}\r\nCorrelation ID: 8b0c7d3e-1111-4222-8333-444455556666\r\nTimestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$`)

func TestShapeOfTokenErrors(t *testing.T) {
	s := start(t, practice.Options{})
	v := register(t, s, nil, "")
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {"https://graph.microsoft.com/.default"}}
	basic := "Basic " +
		base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(v.clientID)+":"+url.QueryEscape("wr%ng+secret")))
	got := token(t, s, v.tenant, form, "client-request-id", "8b0c7d3e-1111-4222-8333-444455556666", "Authorization",
		basic)
	if !description.MatchString(got.text("error_description")) {
		t.Errorf("description %q", got.text("error_description"))
	}
	for _, name := range []string{"timestamp", "trace_id", "correlation_id", "error_uri"} {
		if got.text(name) == "" {
			t.Errorf("%s is missing: %s", name, got.raw)
		}
	}
	if !strings.HasSuffix(got.text("error_uri"), "/error?code=7000215") {
		t.Errorf("error_uri %q", got.text("error_uri"))
	}
	good := "Basic " + base64.StdEncoding.EncodeToString([]byte(v.clientID+":"+url.QueryEscape(v.secret)))
	if got := token(t, s, v.tenant, form, "Authorization", good); got.status != http.StatusOK {
		t.Errorf("HTTP Basic: %s", got.raw)
	}
	get := send(t, "GET", s.Cloud().TokenURL(v.tenant), "", nil)
	if get.status != http.StatusBadRequest || !strings.Contains(get.raw, "AADSTS900561") {
		t.Errorf("GET: %d %s", get.status, get.raw)
	}
}

func TestAppWithoutServicePrincipal(t *testing.T) {
	s := start(t, practice.Options{Tenants: 2})
	g, bearer := s.Cloud().Graph+"/v1.0", admin(t, s)
	v := register(t, s, map[string]any{"signInAudience": "AzureADMultipleOrgs"}, "")
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {v.clientID}, "client_secret": {v.secret},
		"scope": {"https://graph.microsoft.com/.default"}}
	if got := token(t, s, s.Info().Tenants[1].ID, form); got.code() != 7000229 {
		t.Errorf("other tenant: %s", got.raw)
	}
	if a := send(t, "PATCH", g+"/servicePrincipals/"+v.spID, bearer,
		map[string]any{"accountEnabled": false}); a.status != http.StatusNoContent {
		t.Fatalf("disable: %s", a.raw)
	}
	if got := token(t, s, v.tenant, form); got.code() != 7000112 {
		t.Errorf("disabled: %s", got.raw)
	}
	send(t, "DELETE", g+"/servicePrincipals/"+v.spID, bearer, nil)
	if got := token(t, s, v.tenant, form); got.code() != 7000229 {
		t.Errorf("removed: %s", got.raw)
	}
	if _, ok := directory.PermissionNamed("mail.send"); !ok {
		t.Error("names of permissions mind case")
	}
}
