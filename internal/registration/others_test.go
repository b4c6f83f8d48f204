package registration_test

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"entrada/internal/entra"
	"entrada/internal/registration"
)

// Another admin works on the same app at the same moment.
func TestAnotherAdmin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	graphID := w.Principal(entra.GraphAppID)

	t.Run("creates the enterprise app and consents", func(t *testing.T) {
		w.T = t
		want := wanted(t, "oxfordiq", t.Name())
		p := w.prepare("alex", want)
		e := w.engine("alex", before("POST", "/servicePrincipals", func() {
			sp := w.as("chris", "POST", "/servicePrincipals", map[string]any{"appId": w.Apps(want.AppName)[0].AppID})
			w.as("chris", "POST", "/oauth2PermissionGrants", map[string]any{"clientId": sp["id"],
				"consentType": "AllPrincipals", "resourceId": graphID, "scope": "Mail.Send Tasks.Read"})
		}))
		res, err := e.Apply(t.Context(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		if registration.Verdict(res.Requirements) != registration.OK ||
			requirement(res.Requirements, registration.Surplus).Have != "Tasks.Read" {
			t.Errorf("%+v", res.Requirements)
		}
	})
	t.Run("consents just before we do", func(t *testing.T) {
		w.T = t
		want := wanted(t, "oxfordiq", t.Name())
		p := w.prepare("alex", want)
		e := w.engine("alex", before("POST", "/oauth2PermissionGrants", func() {
			sp := w.Principal(w.Apps(want.AppName)[0].AppID)
			w.as("chris", "POST", "/oauth2PermissionGrants", map[string]any{"clientId": sp,
				"consentType": "AllPrincipals", "resourceId": graphID, "scope": "Mail.Send"})
		}))
		res, err := e.Apply(t.Context(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.exactlyOne(want, res)
	})
	t.Run("takes the consent back while we add to it", func(t *testing.T) {
		w.T = t
		want := wanted(t, "oxfordiq", t.Name())
		clientID := w.halfDone(t.Name())
		e := w.engine("alex", nil)
		p, err := e.Prepare(t.Context(), want, registration.App{ClientID: clientID})
		if err != nil {
			t.Fatal(err)
		}
		var once atomic.Bool
		e = w.engine("alex", func(next http.RoundTripper) http.RoundTripper {
			return tamper(func(r *http.Request) (*http.Response, error) {
				if r.Method == "PATCH" && strings.Contains(r.URL.Path, "/oauth2PermissionGrants/") && !once.Swap(true) {
					w.as("chris", "DELETE", strings.TrimPrefix(r.URL.Path, "/v1.0"), nil)
				}
				return next.RoundTrip(r)
			})
		})
		res, err := e.Apply(t.Context(), p, nil)
		if err != nil || !once.Load() || registration.Verdict(res.Requirements) != registration.OK {
			t.Fatalf("%v, %+v", err, res)
		}
	})
	t.Run("adds an address after the plan was made", func(t *testing.T) {
		w.T = t
		want := wanted(t, "gathr", t.Name())
		clientID := w.halfDone(t.Name())
		e := w.engine("alex", nil)
		p, err := e.Prepare(t.Context(), want, registration.App{ClientID: clientID})
		if err != nil {
			t.Fatal(err)
		}
		w.as("chris", "PATCH", "/applications/"+w.App(clientID).ID,
			map[string]any{"web": map[string]any{"redirectUris": []string{"https://theirs.example/cb",
				"https://new.example/cb"}}})
		if _, err := e.Apply(t.Context(), p, nil); err != nil {
			t.Fatal(err)
		}
		if uris := w.App(clientID).Web.RedirectURIs; len(uris) != 4 {
			t.Errorf("addresses: %v", uris)
		}
	})
	t.Run("grants the application permission first", func(t *testing.T) {
		w.T = t
		want := wanted(t, "cxt", t.Name())
		p := w.prepare("alex", want)
		var once atomic.Bool
		e := w.engine("alex", func(next http.RoundTripper) http.RoundTripper {
			return tamper(func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, "/appRoleAssignedTo") && !once.Swap(true) {
					sp := w.Principal(w.Apps(want.AppName)[0].AppID)
					w.as("alex", "POST", "/servicePrincipals/"+graphID+"/appRoleAssignedTo",
						map[string]any{"principalId": sp, "resourceId": graphID, "appRoleId": want.Permissions[0].ID()})
				}
				return next.RoundTrip(r)
			})
		})
		res, err := e.Apply(t.Context(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.exactlyOne(want, res)
	})
}

// A look-up that fails reads as "could not check", and nothing is planned on it.
func TestALookUpFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := wanted(t, "oxfordiq", "")
	res := w.register(w.engine("alex", nil), want)
	for _, c := range []struct {
		path string
		ids  []registration.RequirementID
	}{
		{"/applications(",
			[]registration.RequirementID{registration.Registered, registration.Audience, registration.Redirects,
				registration.Asked, registration.SecretLives, registration.Surplus, registration.Others}},
		{"')/oauth2PermissionGrants", []registration.RequirementID{registration.Granted, registration.Surplus}},
		{"')/appRoleAssignments", []registration.RequirementID{registration.Surplus}},
		{"/owners", []registration.RequirementID{registration.Others}},
		{"/federatedIdentityCredentials", []registration.RequirementID{registration.Others}},
		{"(appId='" + entra.GraphAppID + "')",
			[]registration.RequirementID{registration.Granted, registration.Surplus}},
		{"(appId='" + res.ClientID + "')?$select=id,appId,account",
			[]registration.RequirementID{registration.Enabled, registration.Assignment}},
	} {
		e := w.engine("alex", func(next http.RoundTripper) http.RoundTripper {
			return tamper(func(r *http.Request) (*http.Response, error) {
				// What is asked for together is asked for again by itself where it fails.
				if strings.Contains(r.URL.String(), c.path) || strings.HasSuffix(r.URL.Path, "/$batch") {
					return refused(r), nil
				}
				return next.RoundTrip(r)
			})
		})
		list := e.Verify(t.Context(), want, res.ClientID, false)
		for _, r := range list {
			expected := registration.OK
			for _, id := range c.ids {
				if r.ID == id || c.path == "/applications(" && r.ID == registration.SwitchesOn {
					expected = registration.CouldNotCheck
				}
			}
			if r.State != expected {
				t.Errorf("without %s: %s is %s", c.path, r.ID, r.State)
			}
			if r.State == registration.CouldNotCheck &&
				(r.Err == nil || r.Have != "The account that is signed in may not see it.") {
				t.Errorf("without %s: %s: %q, %v", c.path, r.ID, r.Have, r.Err)
			}
		}
		if len(c.ids) == 1 && c.ids[0] == registration.Others {
			continue // that much need not be known to make a plan
		}
		if _, err := e.Prepare(t.Context(), want, registration.App{ClientID: res.ClientID}); err == nil {
			t.Errorf("without %s: something was planned", c.path)
		}
	}
}

func refused(r *http.Request) *http.Response {
	return &http.Response{StatusCode: 403, Request: r, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(`{"error":{"code":"Authorization_RequestDenied","message":"no"}}`))}
}
