package graph

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"entrada/internal/fault"
)

func TestAnAppIsCreatedUnderItsUniqueName(t *testing.T) {
	existed := false
	var path, prefer, body string
	client, _ := serve(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		path, prefer, body = r.Method+" "+r.URL.Path, r.Header.Get("Prefer"), string(data)
		if existed {
			w.WriteHeader(204)
			return
		}
		w.WriteHeader(201)
		_, _ = fmt.Fprint(w,
			`{"id":"object","appId":"client","isFallbackPublicClient":null,"uniqueName":"entrada-1","api":{"requestedAccessTokenVersion":null,"oauth2PermissionScopes":[]},"surprise":1}`)
	})
	change := ApplicationChange{DisplayName: new("X"), FallbackPublicClient: new(false),
		Web: &WebChange{RedirectURIs: new([]string{})}}
	a, created, err := client.UpsertApplication(t.Context(), "entrada-1", change)
	if err != nil || !created || a.ID != "object" || a.ClientID != "client" {
		t.Errorf("%+v, %v, %v", a, created, err)
	}
	if path != "PATCH /v1.0/applications(uniqueName='entrada-1')" || prefer != "create-if-missing" {
		t.Errorf("%s, Prefer: %s", path, prefer)
	}
	// Empty lists and false are said, what is not set is not.
	if body != `{"displayName":"X","isFallbackPublicClient":false,"web":{"redirectUris":[]}}` {
		t.Error(body)
	}
	existed = true
	if a, created,
		err := client.UpsertApplication(t.Context(), "entrada-1", change); err != nil || created || a.ID != "" {
		t.Errorf("%+v, %v, %v", a, created, err)
	}
	// The header is for this request alone.
	if err := client.UpdateApplication(t.Context(), "object", change); err != nil || prefer != "" {
		t.Errorf("%v, Prefer: %s", err, prefer)
	}
}

func TestNamesCannotLeaveTheirPlace(t *testing.T) {
	var uri, filter string
	client, _ := serve(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
		uri, filter = r.RequestURI, r.URL.Query().Get("$filter")
		_, _ = fmt.Fprint(w, `{"value":[],"id":"x"}`)
	})
	if _, err := client.ApplicationsNamed(t.Context(), "O'Neil & Sons"); err != nil ||
		filter != "displayName eq 'O''Neil & Sons'" {
		t.Errorf("%q, %v", filter, err)
	}
	if _, err := client.PrincipalByClientID(t.Context(), "x')/../users?a='"); err != nil ||
		!strings.HasPrefix(uri, "/v1.0/servicePrincipals(appId='x''%29%2F..%2Fusers%3Fa=''')?$select=") {
		t.Errorf("%q, %v", uri, err)
	}
	if err := client.DeleteApplication(t.Context(), "../users/x"); err != nil ||
		uri != "/v1.0/applications/..%2Fusers%2Fx" {
		t.Errorf("%q, %v", uri, err)
	}
}

func TestASecretIsAskedForOnce(t *testing.T) {
	end := time.Date(2027, 11, 20, 8, 0, 0, 0, time.FixedZone("", 3600))
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter)
		kind   fault.Kind
	}{
		"made": {func(w http.ResponseWriter) {
			_, _ = fmt.Fprint(w, `{"keyId":"k","secretText":"abc8Q~marker","endDateTime":"2027-11-20T07:00:00Z"}`)
		}, ""},
		"no value": {func(w http.ResponseWriter) { _, _ = fmt.Fprint(w, `{"keyId":"k"}`) }, fault.BadAnswer},
		"outage":   {func(w http.ResponseWriter) { refuse(w, 503, "ServiceUnavailable") }, fault.Unavailable},
		"not allowed": {func(w http.ResponseWriter) { refuse(w, 400, "CredentialTypeNotAllowedAsPerAppPolicy") },
			fault.GraphRefused},
		"dropped": {func(w http.ResponseWriter) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			_ = conn.Close()
		}, fault.BadAnswer},
	} {
		type request struct {
			PasswordCredential struct{ DisplayName, EndDateTime string }
		}
		requests := make(chan request, 10)
		client, count := serve(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
			var sent request
			_ = json.NewDecoder(r.Body).Decode(&sent)
			requests <- sent
			c.answer(w)
		})
		p, value, err := client.AddPassword(t.Context(), "object", "name", end)
		if count.Load() != 1 {
			t.Errorf("%s: %d requests for one secret", name, count.Load())
		}
		if sent := <-requests; sent.PasswordCredential.EndDateTime != "2027-11-20T07:00:00Z" ||
			sent.PasswordCredential.DisplayName != "name" {
			t.Errorf("%s: sent %+v", name, sent)
		}
		switch {
		case c.kind == "" && (err != nil || value.Reveal() != "abc8Q~marker" || p.KeyID != "k" || !p.End.Equal(end)):
			t.Errorf("%s: %+v, %v", name, p, err)
		case c.kind != "" && (err == nil || !value.IsEmpty()):
			t.Errorf("%s: %+v, %v", name, p, err)
		case c.kind != "" && c.kind != fault.BadAnswer && !fault.Is(err, c.kind):
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(fmt.Sprintf("%+v %#v", p, value), "marker") {
			t.Errorf("%s: the secret shows", name)
		}
	}
}

func TestPoliciesAndRoles(t *testing.T) {
	enabled, nameless := "true", ""
	client, _ := serve(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/authorizationPolicy"):
			_, _ = fmt.Fprint(w,
				`{"defaultUserRolePermissions":{"allowedToCreateApps":true,"permissionGrantPoliciesAssigned":["ManagePermissionGrantsForSelf.x"]}}`)
		case strings.HasSuffix(r.URL.Path, "/defaultAppManagementPolicy"):
			_, _ = fmt.Fprint(w,
				`{"isEnabled":`+enabled+
					`,"applicationRestrictions":{"passwordCredentials":[{"restrictionType":"passwordLifetime","state":"enabled","maxLifetime":"P90D","restrictForAppsCreatedAfterDateTime":null}]}}`)
		default:
			_, _ = fmt.Fprint(w, `{"value":[{"roleTemplateId":"a"},{"roleTemplateId":"b"}`+nameless+`]}`)
		}
	})
	if p, err := client.ConsentPolicy(t.Context()); err != nil || !p.UsersMayRegister || len(p.Assigned) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
	if r, err := client.SecretRules(t.Context()); err != nil || len(r) != 1 || r[0].MaxLifetime != "P90D" {
		t.Errorf("%+v, %v", r, err)
	}
	enabled = "false"
	if r, err := client.SecretRules(t.Context()); err != nil || len(r) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if roles, err := client.MyRoles(t.Context()); err != nil || strings.Join(roles, " ") != "a b" {
		t.Errorf("%v, %v", roles, err)
	}
	// A role whose kind the token may not read is no reason to say that there is none.
	nameless = `,{"@odata.type":"#microsoft.graph.directoryRole","id":"1","roleTemplateId":null}`
	if roles, err := client.MyRoles(t.Context()); !fault.Is(err, fault.GraphRefused) {
		t.Errorf("%v, %v", roles, err)
	}
}
