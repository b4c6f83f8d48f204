package registration_test

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entrada/internal/guides"
	"entrada/internal/registration"
	"entrada/internal/signin"
)

// Each vendor's registration, done by the program: all as wanted, by what the
// answers said and by what is there, within the budget of requests; and the
// secret works.
func TestEveryVendor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, g := range guides.BuiltIn() {
		t.Run(g.ID, func(t *testing.T) {
			w.T = t
			var n atomic.Int64
			e := w.engine("alex", counting(&n))
			want := wanted(t, g.ID, "")
			p, err := e.Prepare(t.Context(), want, registration.App{})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range p.Changes {
				if p.May(c) != registration.Yes || c.Words == "" {
					t.Errorf("%s: %q, may %d", c.Kind, c.Words, p.May(c))
				}
			}
			var ticked []registration.ChangeKind
			res, err := e.Apply(t.Context(), p, func(p registration.Progress) {
				if p.Stage == registration.Made {
					ticked = append(ticked, p.Change.Kind)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d changes, %d requests", len(p.Changes), n.Load())
			if int(n.Load()) > len(p.Changes)+4 {
				t.Errorf("%d requests for %d changes", n.Load(), len(p.Changes))
			}
			if len(ticked) != len(p.Changes) || len(res.Notes) > 0 {
				t.Errorf("ticked off %v, notes %q", ticked, res.Notes)
			}
			w.allWell(res.Requirements)
			w.allWell(e.Verify(t.Context(), want, res.ClientID, false))
			if err := e.Keep(res.RunID); err != nil {
				t.Fatal(err)
			}
			r := signin.Request{Cloud: w.Cloud(), Tenant: w.Tenant, ClientID: res.ClientID, ClientSecret: res.Secret}
			if !want.AppOnly() {
				// The very sign-in that the test page makes next.
				r.Scopes = []string{"openid", "profile"}
				for _, perm := range want.Permissions {
					r.Scopes = append(r.Scopes, perm.Name)
				}
				s, err := signin.Interactive(t.Context(), r, w.Browser("megan").Open, nil)
				if err != nil || len(s.Missing) > 0 {
					t.Errorf("%v, missing %v", err, s)
				}
			} else if _, err := signin.AppOnly(t.Context(), r); err != nil {
				t.Error(err)
			}
			if left := res.SecretEnd.Sub(p.Made).Hours() / 24; left < 360 || left > 367 {
				t.Errorf("the secret lasts %.0f days", left)
			}
			if p, err := e.Prepare(t.Context(), want, registration.App{ClientID: res.ClientID}); err != nil ||
				len(p.Changes) != 0 {
				t.Errorf("a second plan for the same app: %+v, %v", p.Changes, err)
			}
		})
	}
	w.T = t
	w.noSecretOnDisk()
}

// hand registers an app in the portal's pages, as the guided route tells.
type hand struct {
	w      *world
	client *http.Client
}

func newHand(w *world, account string) *hand {
	jar, _ := cookiejar.New(nil)
	h := &hand{w, &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}}
	h.post("/portal/signin", url.Values{"account": {w.Address(account)}})
	return h
}

func (h *hand) post(path string, form url.Values) string {
	h.w.T.Helper()
	resp, err := h.client.PostForm(h.w.Cloud().Portal+path, form)
	if err != nil {
		h.w.T.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		h.w.T.Fatalf("%s: %s", path, resp.Status)
	}
	return resp.Request.URL.Path
}

func (h *hand) register(want registration.Wanted) (clientID string) {
	h.w.T.Helper()
	audience := map[guides.Audience]string{guides.SingleTenant: "AzureADMyOrg",
		guides.MultiTenant: "AzureADMultipleOrgs", guides.MultiTenantPersonal: "AzureADandPersonalMicrosoftAccount"}
	list := "/portal/" + h.w.Tenant + "/apps"
	page := h.post(list+"/new", url.Values{"name": {want.AppName}, "audience": {audience[want.Audience]}})
	app := strings.TrimSuffix(page, "overview")
	for _, r := range want.Redirects {
		h.post(app+"authentication/add", url.Values{"platform": {"web"}, "redirectUri": {r.URI}})
	}
	if s := want.Switches; s != (registration.Switches{}) {
		yes := map[bool]string{true: "true", false: "false"}
		h.post(app+"authentication/settings",
			url.Values{"publicClient": {yes[s.PublicClient]}, "accessTokens": {yes[s.AccessTokens]},
				"idTokens": {yes[s.IDTokens]}})
	}
	for _, kind := range []guides.Kind{guides.Delegated, guides.Application} {
		form := url.Values{"type": {string(kind)}}
		for _, p := range want.Permissions {
			if p.Kind == kind {
				form.Add("permission", p.ID())
			}
		}
		if len(form["permission"]) > 0 {
			h.post(app+"permissions/add", form)
		}
	}
	h.post(app+"permissions/consent", nil)
	clientID = strings.Split(strings.TrimPrefix(app, list+"/"), "/")[0]
	for i, s := range want.Exposed {
		if i == 0 {
			h.post(app+"expose/uri", url.Values{"identifierUri": {"api://" + clientID}})
		}
		h.post(app+"expose/scope",
			url.Values{"scopeName": {s}, "who": {"users"}, "adminTitle": {s}, "adminDescription": {s}})
	}
	h.post(app+"secrets/add", url.Values{"description": {want.Secret.Description}, "expires": {"365"}})
	return clientID
}

// picture is all that the tenant holds of an app, without what no two apps have
// in common (IDs, times, values) and without the marks by which Entrada knows
// what it made (the unique name, the run in the secret's name). The portal alone
// puts User.Read into each list, and makes the person an owner.
func (w *world) picture(clientID string) map[string]any {
	w.T.Helper()
	app := w.App(clientID)
	data, _ := json.Marshal(app)
	var m map[string]any
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(data), clientID, "CLIENT")), &m); err != nil {
		w.T.Fatal(err)
	}
	for _, name := range []string{"id", "appId", "createdDateTime", "uniqueName", "owners", "secrets",
		"passwordCredentials"} {
		delete(m, name)
	}
	if m["isFallbackPublicClient"] == nil {
		m["isFallbackPublicClient"] = false // not set means no
	}
	for _, s := range m["api"].(map[string]any)["oauth2PermissionScopes"].([]any) {
		scope := s.(map[string]any)
		delete(scope, "id")
		for _, name := range []string{"userConsentDisplayName", "userConsentDescription"} {
			if scope[name] == "" {
				scope[name] = nil
			}
		}
	}
	m["requiredResourceAccess"] = asked(w, clientID)
	m["liveSecrets"] = len(app.Secrets)
	st := w.State()
	for _, p := range st.ServicePrincipals {
		if p.AppID == clientID && p.TenantID == w.Tenant {
			m["principal"] = []any{p.AccountEnabled, p.AppRoleAssignmentRequired, p.Tags, p.DisplayName}
		}
	}
	var grants, roles []string
	for _, g := range st.Grants {
		if g.ClientAppID == clientID {
			names := strings.Fields(g.Scope)
			names = slices.DeleteFunc(names, func(n string) bool { return n == "User.Read" })
			slices.Sort(names)
			if len(names) > 0 {
				grants = append(grants, g.ConsentType+" "+g.ResourceAppID+": "+strings.Join(names, " "))
			}
		}
	}
	for _, a := range st.AppRoleAssignments {
		if a.PrincipalAppID == clientID {
			roles = append(roles, a.ResourceAppID+": "+a.Role)
		}
	}
	slices.Sort(roles)
	m["grants"], m["roles"] = grants, roles
	return m
}

func asked(w *world, clientID string) []string {
	userRead := registration.Permission{Name: "User.Read", Kind: guides.Delegated}.ID()
	var list []string
	for _, r := range w.App(clientID).RequiredResourceAccess {
		for _, p := range r.ResourceAccess {
			if p.ID != userRead {
				list = append(list, r.ResourceAppID+" "+p.Type+" "+p.ID)
			}
		}
	}
	slices.Sort(list)
	return list
}

// Both routes end in the same state.
func TestBothRoutesEndAlike(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.engine("alex", nil)
	for _, g := range guides.BuiltIn() {
		t.Run(g.ID, func(t *testing.T) {
			w.T = t
			want := wanted(t, g.ID, "")
			byHand := newHand(w, "alex").register(want)
			w.allWell(e.Verify(t.Context(), want, byHand, false))
			p, err := e.Prepare(t.Context(), want, registration.App{AnotherOne: true})
			if err != nil {
				t.Fatal(err)
			}
			res, err := e.Apply(t.Context(), p, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(w.picture(byHand), w.picture(res.ClientID)); diff != "" {
				t.Errorf("by hand (-) and by the program (+):\n%s", diff)
			}
		})
	}
}

func diffOf(a, b map[string]any) string { return cmp.Diff(a, b) }
