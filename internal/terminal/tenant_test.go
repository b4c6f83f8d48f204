package terminal

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"entrada/internal/entra"
	"entrada/internal/practice"
)

// tenant is a practice organisation and what a script needs to set it up.
type tenant struct {
	*practice.Server
	t      *testing.T
	client *http.Client
	bearer string
}

func startTenant(t *testing.T, o practice.Options) *tenant {
	t.Helper()
	s, err := practice.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	n := &tenant{Server: s, t: t, client: &http.Client{Transport: transport}}
	t.Cleanup(func() { transport.CloseIdleConnections(); _ = s.Close() })
	app := s.Info().AdminApp
	answer := n.send(http.MethodPost, s.Cloud().TokenURL(app.TenantID), url.Values{"grant_type": {"client_credentials"}, "client_id": {app.ClientID},
		"client_secret": {app.ClientSecret}, "scope": {s.Cloud().GraphScope(".default")}})
	n.bearer = text(answer, "access_token")
	return n
}

// send posts a form, or JSON to Graph.
func (n *tenant) send(method, address string, body any) map[string]any {
	n.t.Helper()
	var in io.Reader
	kind := "application/json"
	switch b := body.(type) {
	case nil:
	case url.Values:
		in, kind = strings.NewReader(b.Encode()), "application/x-www-form-urlencoded"
	default:
		data, err := json.Marshal(b)
		if err != nil {
			n.t.Fatal(err)
		}
		in = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(n.t.Context(), method, address, in)
	if err != nil {
		n.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	if n.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+n.bearer)
	}
	res, err := n.client.Do(r)
	if err != nil {
		n.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	data, _ := io.ReadAll(res.Body)
	if res.StatusCode >= 300 {
		n.t.Fatalf("%s %s: %d %s", method, address, res.StatusCode, data)
	}
	var answer map[string]any
	_ = json.Unmarshal(data, &answer)
	return answer
}

func text(m map[string]any, name string) string { s, _ := m[name].(string); return s }

type registered struct{ clientID, secret, secretID string }

// register does what the portal pages ask for, with consent for everybody.
func (n *tenant) register(scopes ...string) registered {
	n.t.Helper()
	graph := n.Cloud().Graph + "/v1.0"
	var access []map[string]string
	for _, name := range scopes {
		p, ok := entra.PermissionByName(name)
		if !ok {
			n.t.Fatalf("no permission %q", name)
		}
		access = append(access, map[string]string{"id": p.DelegatedID, "type": "Scope"})
	}
	app := n.send(http.MethodPost, graph+"/applications", map[string]any{"displayName": "OxfordIQ", "signInAudience": "AzureADMyOrg",
		"web":                    map[string]any{"redirectUris": []string{"http://localhost"}},
		"requiredResourceAccess": []any{map[string]any{"resourceAppId": entra.GraphAppID, "resourceAccess": access}}})
	password := n.send(http.MethodPost, graph+"/applications/"+text(app, "id")+"/addPassword", map[string]any{"passwordCredential": map[string]any{"displayName": "test"}})
	principal := n.send(http.MethodPost, graph+"/servicePrincipals", map[string]any{"appId": text(app, "appId")})
	resource := n.send(http.MethodGet, graph+"/servicePrincipals(appId='"+entra.GraphAppID+"')?$select=id", nil)
	n.send(http.MethodPost, graph+"/oauth2PermissionGrants", map[string]any{"clientId": text(principal, "id"), "consentType": "AllPrincipals",
		"resourceId": text(resource, "id"), "scope": strings.Join(scopes, " ")})
	return registered{text(app, "appId"), text(password, "secretText"), text(password, "keyId")}
}

// registerAlone is register for a vendor whose software signs in by itself.
func (n *tenant) registerAlone(roles ...string) registered {
	n.t.Helper()
	app := n.register("User.Read")
	graph := n.Cloud().Graph + "/v1.0"
	resource := n.send(http.MethodGet, graph+"/servicePrincipals(appId='"+entra.GraphAppID+"')?$select=id", nil)
	principal := n.send(http.MethodGet, graph+"/servicePrincipals(appId='"+app.clientID+"')?$select=id", nil)
	for _, name := range roles {
		p, _ := entra.PermissionByName(name)
		n.send(http.MethodPost, graph+"/servicePrincipals/"+text(resource, "id")+"/appRoleAssignedTo",
			map[string]any{"principalId": text(principal, "id"), "resourceId": text(resource, "id"), "appRoleId": p.RoleID})
	}
	return app
}

func (n *tenant) desk(account string) *desk {
	d := newDesk(filepath.Join(n.t.TempDir(), "home"))
	d.cloud, d.browser, d.now = n.Cloud(), n.person(account), time.Now
	return d
}

// oxfordIQ is what that vendor asks for.
var oxfordIQ = []string{"Mail.Send", "Calendars.ReadWrite", "User.Read", "offline_access", "openid", "profile"}

// ownProgram is a program that the organisation has registered for such work.
func (n *tenant) ownProgram() (clientID string) {
	n.t.Helper()
	graph := n.Cloud().Graph + "/v1.0"
	app := n.send(http.MethodPost, graph+"/applications", map[string]any{"displayName": "Our own tools", "signInAudience": "AzureADMyOrg",
		"publicClient": map[string]any{"redirectUris": []string{"http://localhost"}}, "isFallbackPublicClient": true})
	n.send(http.MethodPost, graph+"/servicePrincipals", map[string]any{"appId": text(app, "appId")})
	return text(app, "appId")
}
