package practice_test

import (
	"net/http"
	"strings"
	"testing"

	"entrada/internal/practice"
)

// Counting and "ne" are advanced queries of the directory
// (learn.microsoft.com/graph/aad-advanced-queries).
func TestAdvancedQueries(t *testing.T) {
	s := start(t, practice.Options{})
	bearer := admin(t, s)
	ask := func(path string, eventual bool) answer {
		t.Helper()
		r, _ := http.NewRequest("GET", s.Cloud().Graph+"/v1.0"+path, nil)
		r.Header.Set("Authorization", "Bearer "+bearer)
		if eventual {
			r.Header.Set("ConsistencyLevel", "eventual")
		}
		return receive(t, r)
	}
	if got := ask("/users/$count", false); got.status != http.StatusBadRequest ||
		got.graphCode() != "Request_BadRequest" || !strings.Contains(got.raw, "$count is not currently supported.") {
		t.Errorf("without the header: %d %s", got.status, got.raw)
	}
	if got := ask("/users/$count", true); got.status != http.StatusOK || got.raw != "8" ||
		!strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") {
		t.Errorf("$count: %d %q %v", got.status, got.raw, got.header)
	}
	const withMail = "/users?$filter=mail%20ne%20null%20and%20userType%20eq%20'Member'&$select=id&$top=1"
	for _, c := range []struct {
		path     string
		eventual bool
		status   int
		has      string
	}{
		{"/users?$count=true&$top=1", false, 200, ""},
		{"/users?$count=true&$top=1", true, 200, `"@odata.count":8`},
		{withMail + "&$count=true", true, 200, `"@odata.count":7`},
		{withMail, true, 400, "Request_UnsupportedQuery"},
		{withMail + "&$count=true", false, 400, "Request_UnsupportedQuery"},
	} {
		got := ask(c.path, c.eventual)
		if got.status != c.status || !strings.Contains(got.raw, c.has) || c.has == "" &&
			strings.Contains(got.raw, "@odata.count") {
			t.Errorf("%s, header %v: %d %s", c.path, c.eventual, got.status, got.raw)
		}
	}
}

// Roles that come with a group are transitive, and what a token may not read is
// shown with its ID alone.
func TestRolesThroughAGroup(t *testing.T) {
	s := start(t, practice.Options{})
	const pat, cloudApps = "pat@contoso.example", "158c047a-c907-4556-b7ef-446551a6b5f7"
	me := s.Cloud().Graph + "/v1.0/me"
	reader := delegated(t, s, pat, "User.Read RoleManagement.Read.Directory")
	for path, want := range map[string]string{
		"/memberOf/microsoft.graph.directoryRole":           `"value":[]`,
		"/transitiveMemberOf/microsoft.graph.directoryRole": `"roleTemplateId":"` + cloudApps + `"`,
		"/memberOf": `"#microsoft.graph.group"`,
		"/transitiveMemberOf/microsoft.graph.group": `"displayName":null`,
	} {
		if got := send(t, "GET", me+path, reader, nil); got.status != http.StatusOK ||
			!strings.Contains(got.raw, want) {
			t.Errorf("%s: %d %s", path, got.status, got.raw)
		}
	}
	plain := delegated(t, s, pat, "User.Read")
	if got := send(t, "GET", me+"/transitiveMemberOf/microsoft.graph.directoryRole", plain,
		nil); !strings.Contains(got.raw, `"roleTemplateId":null`) {
		t.Errorf("limited information: %s", got.raw)
	}
	// And they work: the group's members manage apps that are not their own.
	theirs := s.Cloud().Graph + "/v1.0/applications/" + s.State().Applications[0].ID
	if got := send(t, "PATCH", theirs, delegated(t, s, pat, "Application.ReadWrite.All"),
		map[string]any{"notes": "by Pat"}); got.status != http.StatusNoContent {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

// One request for several: learn.microsoft.com/graph/json-batching.
func TestBatch(t *testing.T) {
	s := start(t, practice.Options{})
	bearer, address := admin(t, s), s.Cloud().Graph+"/v1.0/$batch"
	type m = map[string]any
	got := send(t, "POST", address, bearer, m{"requests": []m{
		{"id": "1", "method": "GET", "url": "/users?$top=1&$count=true", "headers": m{"ConsistencyLevel": "eventual"}},
		{"id": "2", "method": "GET", "url": "/users/nobody@contoso.example"},
		{"id": "3", "method": "POST", "url": "/applications", "headers": m{"Content-Type": "application/json"},
			"body": m{"displayName": "Batched", "signInAudience": "AzureADMyOrg"}},
		{"id": "4", "method": "GET", "url": "/organization", "dependsOn": []string{"2"}},
		{"id": "5", "method": "GET", "url": "/organization", "dependsOn": []string{"1"}},
		{"id": "6", "method": "GET", "url": "/users/$count", "headers": m{"ConsistencyLevel": "eventual"}},
		{"id": "7", "method": "POST", "url": "/$batch", "body": m{}},
	}})
	if got.status != http.StatusOK {
		t.Fatal(got.raw)
	}
	status := map[string]float64{}
	for _, r := range got.json["responses"].([]any) {
		one := r.(map[string]any)
		status[one["id"].(string)] = one["status"].(float64)
	}
	for id, want := range map[string]float64{"1": 200, "2": 404, "3": 201, "4": 424, "5": 200, "6": 200, "7": 400} {
		if status[id] != want {
			t.Errorf("request %s: %v", id, status[id])
		}
	}
	if !strings.Contains(got.raw, `"@odata.count":8`) || len(s.State().Applications) != 2 {
		t.Error(got.raw)
	}
	many := []m{}
	for range 21 {
		many = append(many, m{"id": string(rune('a' + len(many))), "method": "GET", "url": "/me"})
	}
	twice := []m{{"id": "1", "method": "GET", "url": "/organization"},
		{"id": "1", "method": "GET", "url": "/organization"}}
	for name, body := range map[string]m{"too many": {"requests": many}, "none": {},
		"twice the same": {"requests": twice}} {
		if got := send(t, "POST", address, bearer, body); got.status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	if got := send(t, "POST", address, "", m{"requests": many[:1]}); got.status != http.StatusUnauthorized {
		t.Errorf("without a token: %d", got.status)
	}
}

// Microsoft's own programs can be kept out one by one.
func TestOneProgramIsKeptOut(t *testing.T) {
	const cli, graphTools = "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "14d82eec-204b-4c2f-b7e8-296a70dab67e"
	for name, c := range map[string]struct {
		body map[string]any
		spec string
		page string
	}{
		"disabled":            {body: map[string]any{"accountEnabled": false}, page: "AADSTS7000112"},
		"assignment required": {body: map[string]any{"appRoleAssignmentRequired": true}, page: "AADSTS50105"},
		"Conditional Access":  {spec: "conditional-access=" + cli, page: "AADSTS53003"},
	} {
		s := start(t, practice.Options{})
		if c.spec != "" {
			set(t, s, c.spec)
		} else if got := send(t, "PATCH", s.Cloud().Graph+"/v1.0/servicePrincipals(appId='"+cli+"')", admin(t, s),
			c.body); got.status != http.StatusNoContent {
			t.Fatalf("%s: %s", name, got.raw)
		}
		open := func(client string) *browser {
			v := vendor{clientID: client, tenant: s.Info().Tenants[0].ID}
			b := newBrowser(t)
			b.open(v.authorizeURL(s, "redirect_uri", "http://localhost:1234", "scope",
				"openid Application.ReadWrite.All"))
			if !strings.Contains(b.body, c.page) {
				b.submit("account-picker", map[string]string{"account": "alex@contoso.example"})
			}
			return b
		}
		open(cli).sees(c.page)
		open(graphTools).sees("Permissions requested")
	}
}
