package practice_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"entrada/internal/entra"
	"entrada/internal/practice"
	"entrada/internal/practice/directory"
)

// cli signs an account in with the Azure CLI's client, as a wizard may.
func cli(t *testing.T, s *practice.Server, account string) string {
	t.Helper()
	v := vendor{clientID: directory.AzureCLIAppID, tenant: s.Info().Tenants[0].ID}
	reply := newBrowser(t).signIn(
		v.authorizeURL(s, "redirect_uri", "http://localhost:1234", "scope",
			"https://graph.microsoft.com/Application.ReadWrite.All openid"), account)
	got := token(t, s, v.tenant,
		v.redeem(reply.Get("code"), "redirect_uri", "http://localhost:1234", "client_secret", ""))
	if got.status != http.StatusOK {
		t.Fatalf("%s: %s", account, got.raw)
	}
	return got.text("access_token")
}

func TestWhoMayDoWhatToRegistrations(t *testing.T) {
	s := start(t, practice.Options{})
	g := s.Cloud().Graph + "/v1.0"
	v := register(t, s, nil, "")
	mail, _ := directory.PermissionNamed("Mail.Read")
	grant := map[string]any{"clientId": v.spID, "consentType": "AllPrincipals", "resourceId": v.graphID,
		"scope": "Mail.Send"}
	role := map[string]any{"principalId": v.spID, "resourceId": v.graphID, "appRoleId": mail.RoleID}
	tokens := map[string]string{}
	for _, name := range []string{"megan", "dana", "chris", "alex"} {
		tokens[name] = cli(t, s, name+"@contoso.example")
	}
	for _, c := range []struct {
		who, method, path string
		body              any
		status            int
	}{
		{"megan", "POST", "/applications", map[string]any{"displayName": "Megan's", "signInAudience": "AzureADMyOrg"},
			201},
		{"megan", "PATCH", "/applications/" + v.objectID, map[string]any{"displayName": "Stolen"}, 403},
		{"megan", "POST", "/applications/" + v.objectID + "/addPassword", map[string]any{}, 403},
		{"dana", "POST", "/oauth2PermissionGrants", grant, 403},
		{"chris", "POST", "/oauth2PermissionGrants", grant, 201},
		{"chris", "POST", "/oauth2PermissionGrants", grant, 409},
		{"chris", "POST", "/servicePrincipals/" + v.graphID + "/appRoleAssignedTo", role, 403},
		{"alex", "POST", "/servicePrincipals/" + v.graphID + "/appRoleAssignedTo", role, 201},
		{"alex", "POST", "/servicePrincipals/" + v.spID + "/appRoleAssignments", role, 400}, // already there
		// not among the CLI's permissions
		{"alex", "GET", "/policies/authorizationPolicy", nil, 403},
		{"chris", "DELETE", "/applications/" + v.objectID, nil, 204},
		{"chris", "GET", "/applications/" + v.objectID, nil, 404},
	} {
		if got := send(t, c.method, g+c.path, tokens[c.who], c.body); got.status != c.status {
			t.Errorf("%s: %s %s: want %d, got %d %s", c.who, c.method, c.path, c.status, got.status, got.raw)
		}
	}
	if err := s.SetFault("users-cannot-register", true); err != nil {
		t.Fatal(err)
	}
	for who, want := range map[string]int{"megan": 403, "dana": 201} {
		if got := send(t, "POST", g+"/applications", tokens[who],
			map[string]any{"displayName": "x", "signInAudience": "AzureADMyOrg"}); got.status != want {
			t.Errorf("%s registers although users may not: %d", who, got.status)
		}
	}
	// Who creates an app owns it, and may go on with it.
	mine := send(t, "POST", g+"/applications", tokens["dana"],
		map[string]any{"displayName": "Dana's", "signInAudience": "AzureADMyOrg"})
	if got := send(t, "POST", g+"/applications/"+mine.text("id")+"/addPassword", tokens["dana"],
		map[string]any{"passwordCredential": map[string]any{"displayName": "d"}}); got.status != http.StatusOK {
		t.Errorf("own app: %s", got.raw)
	}
}

func TestApplicationsThroughGraph(t *testing.T) {
	s := start(t, practice.Options{})
	g, bearer := s.Cloud().Graph+"/v1.0", admin(t, s)
	one := g + "/applications(uniqueName='entrada-1')"
	body := map[string]any{"displayName": "Upsert", "signInAudience": "AzureADMyOrg"}
	if got := send(t, "PATCH", one, bearer, body); got.status != http.StatusNotFound {
		t.Errorf("without Prefer: %d", got.status)
	}
	made := send(t, "PATCH", one, bearer, body, "Prefer", "create-if-missing")
	if made.status != http.StatusCreated || made.text("uniqueName") != "entrada-1" {
		t.Fatalf("upsert: %d %s", made.status, made.raw)
	}
	if got := send(t, "PATCH", one, bearer,
		map[string]any{"web": map[string]any{"redirectUris": []string{"https://a.example"}}}, "Prefer",
		"create-if-missing"); got.status != http.StatusNoContent {
		t.Errorf("second upsert: %d %s", got.status, got.raw)
	}
	byApp := g + "/applications(appId='" + made.text("appId") + "')"
	// Objects merge, lists are replaced.
	send(t, "PATCH", byApp, bearer,
		map[string]any{"web": map[string]any{"implicitGrantSettings": map[string]any{"enableIdTokenIssuance": true}}})
	got := send(t, "GET", byApp+"?$select=web,appId", bearer, nil)
	if !strings.Contains(got.raw, "https://a.example") || !strings.Contains(got.raw, `"enableIdTokenIssuance":true`) ||
		strings.Contains(got.raw, "displayName") {
		t.Errorf("after changes: %s", got.raw)
	}
	for name, bad := range map[string]map[string]any{
		"unknown property": {"displayNam": "x"},
		"a secret by hand": {"passwordCredentials": []any{map[string]any{"secretText": "x"}}},
		"wrong type":       {"web": map[string]any{"redirectUris": "https://a.example"}},
	} {
		if got := send(t, "PATCH", byApp, bearer, bad); got.status != http.StatusBadRequest ||
			got.graphCode() != "Request_BadRequest" {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
	secret := send(t, "POST", g+"/applications/"+made.text("id")+"/addPassword", bearer,
		map[string]any{"passwordCredential": map[string]any{"displayName": "s"}})
	if text := secret.text("secretText"); len(text) < 16 || !strings.HasPrefix(text, secret.text("hint")) {
		t.Errorf("secret: %s", secret.raw)
	}
	if got := send(t, "GET", byApp, bearer, nil); strings.Contains(got.raw, secret.text("secretText")) ||
		!strings.Contains(got.raw, secret.text("keyId")) {
		t.Errorf("the secret afterwards: %s", got.raw)
	}
	for filter, want := range map[string]int{
		"displayName eq 'Upsert'": 1, "appId eq '" + made.text("appId") + "'": 1, "uniqueName eq 'entrada-1'": 1,
		"displayName eq 'No''body'": 0, "startswith(displayName,'ups')": 1,
	} {
		got := send(t, "GET", g+"/applications?$count=true&$filter="+url.QueryEscape(filter), bearer, nil)
		if list, _ := got.json["value"].([]any); len(list) != want {
			t.Errorf("%s: %s", filter, got.raw)
		}
	}
	if got := send(t, "GET", g+"/applications?$filter=magic", bearer, nil); got.status != http.StatusBadRequest {
		t.Errorf("nonsense filter: %d", got.status)
	}
	graph := send(t, "GET",
		g+"/servicePrincipals(appId='"+directory.GraphAppID+"')?$select=id,oauth2PermissionScopes,appRoles", bearer,
		nil)
	// Mail.Send, both forms
	for _, id := range []string{"e383f46e-2787-4529-855e-0e479a3ffac0", "b633e1c5-b582-4048-a93e-9f11b44c7e96"} {
		if !strings.Contains(graph.raw, id) {
			t.Errorf("Microsoft Graph lacks %s", id)
		}
	}
	if got := send(t, "POST", g+"/servicePrincipals", bearer,
		map[string]any{"appId": entra.NewGUID()}); got.status != http.StatusBadRequest ||
		!strings.Contains(got.raw, "does not reference a valid application object") {
		t.Errorf("service principal of no app: %s", got.raw)
	}
}

func TestPoliciesTellWhatHolds(t *testing.T) {
	s := start(t, practice.Options{})
	g, bearer := s.Cloud().Graph+"/v1.0/policies", admin(t, s)
	if got := send(t, "GET", g+"/authorizationPolicy", bearer, nil); !strings.Contains(got.raw,
		"microsoft-user-default-recommended") || !strings.Contains(got.raw, `"allowedToCreateApps":true`) {
		t.Errorf("authorization policy: %s", got.raw)
	}
	if got := send(t, "GET", g+"/defaultAppManagementPolicy", bearer, nil); strings.Contains(got.raw,
		"passwordAddition") {
		t.Errorf("app management policy: %s", got.raw)
	}
	for fault, want := range map[string]string{"secret-policy": "passwordAddition", "secret-policy=90": "P90D"} {
		if err := s.SetFault(fault, true); err != nil {
			t.Fatal(err)
		}
		if got := send(t, "GET", g+"/defaultAppManagementPolicy", bearer, nil); !strings.Contains(got.raw, want) {
			t.Errorf("%s: %s", fault, got.raw)
		}
	}
}

// Microsoft Graph Command Line Tools asks for consent, unlike the Azure CLI.
func TestFirstPartyClientWithDynamicConsent(t *testing.T) {
	s := start(t, practice.Options{})
	v := vendor{clientID: directory.GraphCommandAppID, tenant: s.Info().Tenants[0].ID}
	address := v.authorizeURL(s, "redirect_uri", "http://localhost:1234", "scope",
		"openid Application.ReadWrite.All Policy.Read.All")
	b := newBrowser(t)
	b.open(address)
	b.submit("account-picker", map[string]string{"account": "dana@contoso.example"})
	b.sees("Need admin approval", "Microsoft Graph Command Line Tools")
	b = newBrowser(t)
	b.open(address)
	b.submit("account-picker", map[string]string{"account": "alex@contoso.example"})
	b.sees("Permissions requested", "Read and write all applications", "Microsoft Corporation")
	b.submit("consent-form", map[string]string{"decision": "accept"})
	got := token(t, s, v.tenant,
		v.redeem(b.reply().Get("code"), "redirect_uri", "http://localhost:1234", "client_secret", ""))
	if got.status != http.StatusOK {
		t.Fatal(got.raw)
	}
	g := s.Cloud().Graph + "/v1.0"
	if policy := send(t, "GET", g+"/policies/authorizationPolicy", got.text("access_token"),
		nil); policy.status != http.StatusOK {
		t.Errorf("policy: %s", policy.raw)
	}
	if apps := send(t, "GET", g+"/myorganization/applications", got.text("access_token"),
		nil); apps.status != http.StatusOK {
		t.Errorf("alias: %s", apps.raw)
	}
}

// TestWhatCommandLinesAsk are requests that CLI for Microsoft 365 makes: one
// property as a path segment, and relationships with $expand.
func TestWhatCommandLinesAsk(t *testing.T) {
	s := start(t, practice.Options{})
	g, bearer := s.Cloud().Graph+"/v1.0", admin(t, s)
	v := register(t, s, nil, "Mail.Read")
	mail, _ := directory.PermissionNamed("Mail.Send")
	send(t, "POST", g+"/servicePrincipals/"+v.graphID+"/appRoleAssignedTo", bearer,
		map[string]any{"principalId": v.spID, "resourceId": v.graphID, "appRoleId": mail.RoleID})

	// A scope of which nothing else is said is enabled, and so is a role.
	id := entra.NewGUID()
	patch := send(t, "PATCH", g+"/applications/"+v.objectID, bearer, map[string]any{
		"api": map[string]any{"oauth2PermissionScopes": []any{map[string]any{"id": id, "value": "Access",
			"type": "Admin", "adminConsentDisplayName": "x", "adminConsentDescription": "y"}}},
		"appRoles": []any{map[string]any{"id": entra.NewGUID(), "value": "Reader", "displayName": "x",
			"description": "y", "allowedMemberTypes": []any{"User"}}}})
	if patch.status != http.StatusNoContent {
		t.Fatal(patch.raw)
	}
	for path, want := range map[string]string{
		"/applications/" + v.objectID +
			"/appRoles": `"isEnabled":true`,
		"/applications/" + v.objectID +
			"/api": `"isEnabled":true`,
		"/applications(appId='" + v.clientID + "')/displayName": `"value":"`,
		"/servicePrincipals/" + v.graphID +
			"/oauth2PermissionScopes": `"value":"Mail.Read"`,
		"/servicePrincipals(appId='" + directory.GraphAppID + "')/appRoles": `"` +
			mail.RoleID + `"`,
		"/servicePrincipals?$expand=appRoleAssignments&$filter=appId%20eq%20'" + v.clientID +
			"'": `"appRoleId":"` + mail.RoleID + `"`,
		"/servicePrincipals/" + v.spID +
			"?$select=id&$expand=oauth2PermissionGrants": `"scope":"Mail.Read"`,
		"/servicePrincipals/" + v.graphID +
			"?$select=id&$expand=appRoleAssignedTo,appRoleAssignments": `"principalId":"` + v.spID + `"`,
	} {
		if got := send(t, "GET", g+path, bearer, nil); got.status != http.StatusOK || !strings.Contains(got.raw, want) {
			t.Errorf("GET %s: %d, no %s in %.300s", path, got.status, want, got.raw)
		}
	}
	for path, status := range map[string]int{
		"/applications/" + v.objectID + "/nothing":          http.StatusBadRequest,
		"/applications/" + v.objectID + "/uniqueName":       http.StatusNoContent, // there is none
		"/servicePrincipals/" + v.spID + "/nothing":         http.StatusBadRequest,
		"/servicePrincipals/" + v.spID + "?$expand=nothing": http.StatusBadRequest,
		"/servicePrincipals/" + entra.NewGUID() + "/appId":  http.StatusNotFound,
	} {
		if got := send(t, "GET", g+path, bearer, nil); got.status != status {
			t.Errorf("GET %s: %d %s", path, got.status, got.raw)
		}
	}
}
