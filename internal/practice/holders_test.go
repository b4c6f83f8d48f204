package practice_test

import (
	"net/http"
	"strings"
	"testing"

	"entrada/internal/practice"
)

// Who else can sign in as an app is there for everybody who may read apps, and
// only an owner or an administrator may change it.
func TestWhoElseCanUseAnApp(t *testing.T) {
	s := start(t, practice.Options{})
	g := s.Cloud().Graph + "/v1.0"
	megan, dana := cli(t, s, "megan@contoso.example"), cli(t, s, "dana@contoso.example")
	made := send(t, http.MethodPost, g+"/applications", megan,
		map[string]any{"displayName": "Megan's", "signInAudience": "AzureADMyOrg"})
	app := "/applications/" + made.text("id")
	byClient := "/applications(appId='" + made.text("appId") + "')"
	trust := func(name, subject string) map[string]any {
		return map[string]any{"name": name, "issuer": "https://issuer.example", "subject": subject,
			"audiences": []string{"api://AzureADTokenExchange"}}
	}
	key := func(kind string) map[string]any {
		return map[string]any{"keyCredentials": []any{map[string]any{"type": kind, "usage": "Verify",
			"displayName": "CN=x", "key": "MIIB"}}}
	}
	for _, c := range []struct {
		token, method, path string
		body                any
		status              int
	}{
		{dana, "POST", app + "/federatedIdentityCredentials", trust("x", "x"), 403},
		{megan, "POST", app + "/federatedIdentityCredentials", trust("build", "main"), 201},
		{megan, "POST", app + "/federatedIdentityCredentials", trust("build", "other"), 409},
		{megan, "POST", app + "/federatedIdentityCredentials", trust("other", "main"), 409},
		{megan, "POST", byClient + "/federatedIdentityCredentials", trust("not a name", "x"), 400},
		{dana, "PATCH", app, key("AsymmetricX509Cert"), 403},
		{megan, "PATCH", app, key("Symmetric"), 400},
		{megan, "PATCH", app, key("AsymmetricX509Cert"), 204},
		{megan, "PATCH", app, map[string]any{"displayName": "Still Megan's"}, 204},
	} {
		if got := send(t, c.method, g+c.path, c.token, c.body); got.status != c.status {
			t.Errorf("%s %s %v: want %d, got %d %s", c.method, c.path, c.body, c.status, got.status, got.raw)
		}
	}
	for path, words := range map[string][]string{
		byClient + "/owners?$select=id,displayName,userPrincipalName": {"Megan Bowen", "megan@contoso.example",
			"#microsoft.graph.user"},
		app + "/federatedIdentityCredentials":   {`"build"`, `"main"`, "https://issuer.example"},
		byClient + "?$select=id,keyCredentials": {"CN=x", `"key":null`},
	} {
		got := send(t, http.MethodGet, g+path, dana, nil)
		for _, w := range words {
			if got.status != http.StatusOK || !strings.Contains(got.raw, w) {
				t.Errorf("%s lacks %s: %d %s", path, w, got.status, got.raw)
			}
		}
		if bare := send(t, http.MethodGet, g+path, "", nil); bare.status != http.StatusUnauthorized {
			t.Errorf("%s without a token: %d", path, bare.status)
		}
	}
}
