package checks

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/netclient"
	"entrada/internal/practice"
	"entrada/internal/practice/visitor"
	"entrada/internal/secret"
	"entrada/internal/signin"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// organisation is a practice tenant with an app in it that asks for certain
// permissions, and an auditor who sees every mailbox.
type organisation struct {
	t        *testing.T
	server   *practice.Server
	cloud    entra.Cloud
	tenant   string
	domain   string
	clientID string
	secret   secret.Value
	asked    []string
	http     *http.Client
	journal  *Journal
	auditor  *signin.Session
	admin    *signin.Session
}

// newOrganisation starts a practice tenant of a test's own. kind is "Scope" for
// delegated permissions and "Role" for application permissions.
func newOrganisation(t *testing.T, kind string, asked ...string) *organisation {
	t.Helper()
	server, err := practice.Start(context.Background(), practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	client := netclient.New(netclient.Options{MaxBody: netclient.GraphBody})
	t.Cleanup(func() {
		client.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	info := server.Info()
	o := &organisation{
		t: t, server: server, cloud: server.Cloud(), tenant: info.Tenants[0].ID, domain: info.Tenants[0].Domain, asked: asked,
		http: client, journal: &Journal{Path: filepath.Join(t.TempDir(), "leftovers.json")},
	}
	o.admin = o.appSession(info.AdminApp.ClientID, secret.New(info.AdminApp.ClientSecret))
	auditor, key := o.register("Auditor", "Role", "Mail.ReadWrite", "Contacts.ReadWrite", "Tasks.ReadWrite.All", "Calendars.ReadWrite")
	o.grantRoles(auditor, "Mail.ReadWrite", "Contacts.ReadWrite", "Tasks.ReadWrite.All", "Calendars.ReadWrite")
	o.auditor = o.appSession(auditor, key)
	o.clientID, o.secret = o.register("Vendor", kind, asked...)
	return o
}

func (o *organisation) appSession(id string, key secret.Value) *signin.Session {
	o.t.Helper()
	s, err := signin.AppOnly(o.t.Context(), signin.Request{Cloud: o.cloud, Tenant: o.tenant, ClientID: id, ClientSecret: key, Client: o.http})
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

// register makes an app that lists some permissions of Graph.
func (o *organisation) register(name, kind string, permissions ...string) (clientID string, key secret.Value) {
	o.t.Helper()
	var access []map[string]string
	for _, p := range permissions {
		found, ok := entra.PermissionByName(p)
		if !ok {
			o.t.Fatalf("no permission %s", p)
		}
		id := found.DelegatedID
		if kind == "Role" {
			id = found.RoleID
		}
		access = append(access, map[string]string{"id": id, "type": kind})
	}
	var app struct{ ID, AppID string }
	o.graph(o.admin, http.MethodPost, "/applications", map[string]any{
		"displayName": name, "signInAudience": "AzureADMyOrg", "web": map[string]any{"redirectUris": []string{"http://localhost"}},
		"requiredResourceAccess": []any{map[string]any{"resourceAppId": entra.GraphAppID, "resourceAccess": access}},
	}, &app)
	var password struct{ SecretText string }
	o.graph(o.admin, http.MethodPost, "/applications/"+app.ID+"/addPassword", map[string]any{"passwordCredential": map[string]any{"displayName": "test"}}, &password)
	o.graph(o.admin, http.MethodPost, "/servicePrincipals", map[string]any{"appId": app.AppID}, nil)
	return app.AppID, secret.New(password.SecretText)
}

// grantRoles consents to application permissions.
func (o *organisation) grantRoles(clientID string, permissions ...string) {
	o.t.Helper()
	var client, resource struct{ ID string }
	o.graph(o.admin, http.MethodGet, "/servicePrincipals(appId='"+clientID+"')", nil, &client)
	o.graph(o.admin, http.MethodGet, "/servicePrincipals(appId='"+entra.GraphAppID+"')", nil, &resource)
	for _, name := range permissions {
		p, _ := entra.PermissionByName(name)
		o.graph(o.admin, http.MethodPost, "/servicePrincipals/"+resource.ID+"/appRoleAssignedTo",
			map[string]string{"principalId": client.ID, "resourceId": resource.ID, "appRoleId": p.RoleID}, nil)
	}
}

// consentForAll consents to delegated permissions in everybody's name.
func (o *organisation) consentForAll(clientID string, permissions ...string) {
	o.t.Helper()
	var client, resource struct{ ID string }
	o.graph(o.admin, http.MethodGet, "/servicePrincipals(appId='"+clientID+"')", nil, &client)
	o.graph(o.admin, http.MethodGet, "/servicePrincipals(appId='"+entra.GraphAppID+"')", nil, &resource)
	o.graph(o.admin, http.MethodPost, "/oauth2PermissionGrants", map[string]string{
		"clientId": client.ID, "resourceId": resource.ID, "consentType": "AllPrincipals", "scope": strings.Join(permissions, " ")}, nil)
}

// graph asks Graph in plain HTTP, independent of our own client.
func (o *organisation) graph(s *signin.Session, method, path string, body, into any) {
	o.t.Helper()
	var payload io.Reader
	if body != nil {
		text, _ := json.Marshal(body)
		payload = bytes.NewReader(text)
	}
	// Not the test's own context: the books are looked at when it is over, too.
	req, err := http.NewRequestWithContext(context.Background(), method, o.cloud.Graph+"/v1.0"+path, payload)
	if err != nil {
		o.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", "Bearer "+s.AccessToken.Reveal())
	resp, err := o.http.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode/100 != 2 || into != nil && json.Unmarshal(answer, into) != nil {
		o.t.Fatalf("%s %s: %s %v: %s", method, path, resp.Status, err, answer)
	}
}

// stands lists what of ours stands in any mailbox, wherever it is.
func (o *organisation) stands() (found []string) {
	o.t.Helper()
	for _, e := range o.server.State().Events.Live {
		found = append(found, "event "+e.Subject)
	}
	for _, who := range []string{"alex", "megan", "shared"} {
		box := "/users/" + who + "@" + o.domain
		for path, title := range map[string]string{"/messages?$top=100": "subject", "/contacts?$top=100": "displayName", "/todo/lists?$top=100": "displayName"} {
			var page struct{ Value []map[string]any }
			o.graph(o.auditor, http.MethodGet, box+path, nil, &page)
			for _, item := range page.Value {
				if text, _ := item[title].(string); strings.HasPrefix(text, "Entrada") {
					found = append(found, who+path[:strings.IndexByte(path, '?')]+" "+text)
				}
			}
		}
	}
	return found
}

// clean fails unless nothing of ours is left but mails that were to stay.
func (o *organisation) clean(t *testing.T, mails int) {
	t.Helper()
	found := o.stands()
	if len(found) != mails {
		t.Errorf("left behind: %q", found)
	}
	for _, what := range found {
		if !strings.Contains(what, "/messages Entrada test ") {
			t.Errorf("left behind: %s", what)
		}
	}
}

// journalled fails unless so many leftovers are written down.
func (o *organisation) journalled(t *testing.T, want int) {
	t.Helper()
	if list, err := o.journal.List(); err != nil || len(list) != want {
		t.Errorf("%d leftovers in the journal, want %d: %+v, %v", len(list), want, list, err)
	}
}

// broken switches faults on.
func (o *organisation) broken(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := o.server.SetFault(name, true); err != nil {
			t.Fatal(err)
		}
	}
}

// mended switches all faults off.
func (o *organisation) mended(t *testing.T) {
	t.Helper()
	for _, name := range o.server.Faults() {
		if err := o.server.SetFault(name, false); err != nil {
			t.Fatal(err)
		}
	}
}

func (o *organisation) request() signin.Request {
	scopes := []string{"openid", "profile"}
	for _, name := range o.asked {
		if name != "offline_access" {
			name = o.cloud.GraphScope(name)
		}
		scopes = append(scopes, name)
	}
	return signin.Request{
		Cloud: o.cloud, Tenant: o.tenant, ClientID: o.clientID, ClientSecret: o.secret, Scopes: scopes, ExpectTenant: o.tenant, Client: o.http,
	}
}

// signedIn signs somebody in through the pages of the practice tenant.
func (o *organisation) signedIn(t *testing.T, who string) Delegated {
	t.Helper()
	r := o.request()
	s, err := signin.Interactive(t.Context(), r, visitor.Visitor{Account: who + "@" + o.domain}.Open, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Delegated{
		Request: r, Session: s, Asked: o.asked, Vendor: "Xkit", HTTP: o.http, Journal: o.journal,
		RunID: NewRunID(), Now: time.Now, arrival: []time.Duration{time.Millisecond},
	}
}

func (o *organisation) context() explain.Context {
	return explain.Context{Cloud: o.cloud, TenantID: o.tenant, ClientID: o.clientID, VendorName: "Xkit"}
}

// result finds a check's result.
func result(t *testing.T, results []Result, id ID) Result {
	t.Helper()
	for _, r := range results {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("no check %s in %+v", id, results)
	return Result{}
}
