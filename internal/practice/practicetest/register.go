package practicetest

import (
	"net/http"
	"strings"

	"entrada/internal/entra"
)

// Kind says whether an app acts for somebody or by itself, in Graph's words.
type Kind string

const (
	Delegated   Kind = "Scope"
	Application Kind = "Role"
)

// App is what Register has made.
type App struct {
	ObjectID, ClientID string
	Secret, SecretID   string
}

// Register registers an app as the pages of the portal would: with one secret,
// and with permissions that it lists and nobody has agreed to.
func (o *Organisation) Register(name string, kind Kind, permissions ...string) App {
	o.T.Helper()
	access := []any{}
	for _, p := range permissions {
		access = append(access, map[string]any{"id": o.permission(kind, p), "type": kind})
	}
	app := o.Graph(http.MethodPost, "/applications", map[string]any{
		"displayName": name, "signInAudience": "AzureADMyOrg",
		"web":                    map[string]any{"redirectUris": []string{"http://localhost"}},
		"requiredResourceAccess": []any{map[string]any{"resourceAppId": entra.GraphAppID, "resourceAccess": access}},
	})
	password := o.Graph(http.MethodPost, "/applications/"+app.Text("id")+"/addPassword",
		map[string]any{"passwordCredential": map[string]any{"displayName": "test"}})
	o.Graph(http.MethodPost, "/servicePrincipals", map[string]any{"appId": app["appId"]})
	return App{ObjectID: app.Text("id"), ClientID: app.Text("appId"), Secret: password.Text("secretText"),
		SecretID: password.Text("keyId")}
}

// Consent grants an app permissions, for everybody.
func (o *Organisation) Consent(clientID string, kind Kind, permissions ...string) {
	o.T.Helper()
	client, graph := o.Principal(clientID), o.Principal(entra.GraphAppID)
	if kind == Delegated {
		o.Graph(http.MethodPost, "/oauth2PermissionGrants", map[string]any{
			"clientId": client, "resourceId": graph, "consentType": "AllPrincipals",
			"scope": strings.Join(permissions, " ")})
		return
	}
	for _, p := range permissions {
		o.Graph(http.MethodPost, "/servicePrincipals/"+graph+"/appRoleAssignedTo",
			map[string]any{"principalId": client, "resourceId": graph, "appRoleId": o.permission(kind, p)})
	}
}

// RegisterWithConsent is Register for an app that all have agreed to.
func (o *Organisation) RegisterWithConsent(name string, kind Kind, permissions ...string) App {
	o.T.Helper()
	app := o.Register(name, kind, permissions...)
	o.Consent(app.ClientID, kind, permissions...)
	return app
}

// Grants are the paths of what was granted to an app in people's name.
func (o *Organisation) Grants(clientID string) (paths []string) {
	o.T.Helper()
	for _, g := range o.State().Grants {
		if g.ClientAppID == clientID {
			paths = append(paths, "/oauth2PermissionGrants/"+g.ID)
		}
	}
	return paths
}

// Revoke takes back all that an app was granted.
func (o *Organisation) Revoke(clientID string) {
	o.T.Helper()
	for _, grant := range o.Grants(clientID) {
		o.Graph(http.MethodDelete, grant, nil)
	}
	for _, a := range o.State().AppRoleAssignments {
		if a.PrincipalAppID == clientID {
			o.Graph(http.MethodDelete, "/servicePrincipals/"+a.PrincipalID+"/appRoleAssignments/"+a.ID, nil)
		}
	}
}

// OwnProgram registers a program of the organisation's own for signing in, and
// returns its client ID.
func (o *Organisation) OwnProgram() string {
	o.T.Helper()
	app := o.Graph(http.MethodPost, "/applications", map[string]any{"displayName": "Our own tools",
		"signInAudience": "AzureADMyOrg",
		"publicClient":   map[string]any{"redirectUris": []string{"http://localhost"}}, "isFallbackPublicClient": true})
	o.Graph(http.MethodPost, "/servicePrincipals", map[string]any{"appId": app["appId"]})
	return app.Text("appId")
}

// Principal is the ID of an app's presence in the first tenant.
func (o *Organisation) Principal(clientID string) string {
	o.T.Helper()
	return o.Graph(http.MethodGet, "/servicePrincipals(appId='"+clientID+"')?$select=id", nil).Text("id")
}

func (o *Organisation) permission(kind Kind, name string) (id string) {
	o.T.Helper()
	p, ok := entra.PermissionByName(name)
	if !ok {
		o.T.Fatalf("there is no permission %s", name)
	}
	if kind == Application {
		return p.RoleID
	}
	return p.DelegatedID
}
