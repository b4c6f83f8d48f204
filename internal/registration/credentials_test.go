package registration_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/registration"
)

// planted is an app that an employee without a role has registered under the
// vendor's name, with ways in of their own.
func (w *world) planted(want registration.Wanted) (clientID string) {
	w.T.Helper()
	mallory := w.engine("megan", nil).Graph
	theirs := []string{"https://evil.example/cb"}
	a, _, err := mallory.UpsertApplication(w.T.Context(), "entrada-0badc0de",
		graph.ApplicationChange{DisplayName: &want.AppName, SignInAudience: new("AzureADMyOrg"),
			Web: &graph.WebChange{RedirectURIs: &theirs}})
	if err != nil {
		w.T.Fatal(err)
	}
	if _, _, err := mallory.AddPassword(w.T.Context(), a.ID, "OxfordIQ (Entrada 0BADC0DE)",
		time.Now().AddDate(1, 0, 0)); err != nil {
		w.T.Fatal(err)
	}
	w.as("megan", "PATCH", "/applications/"+a.ID,
		map[string]any{"keyCredentials": []any{map[string]any{"type": "AsymmetricX509Cert", "usage": "Verify",
			"displayName": "CN=mine", "key": "MIIB"}}})
	w.as("megan", "POST", "/applications/"+a.ID+"/federatedIdentityCredentials",
		map[string]any{"name": "build", "issuer": "https://token.actions.githubusercontent.com",
			"subject": "repo:mallory/x:ref:refs/heads/main", "audiences": []string{"api://AzureADTokenExchange"}})
	return a.ClientID
}

// ways in to a planted app that have to be told.
var ways = []string{"https://evil.example/cb", "OxfordIQ (Entrada 0BADC0DE)", "CN=mine",
	"repo:mallory/x:ref:refs/heads/main", "Megan Bowen"}

func listed(items []registration.Item) string {
	var said []string
	for _, i := range items {
		said = append(said, i.Name+": "+i.Note)
	}
	return strings.Join(said, "\n")
}

// A name proves nothing: an app that somebody has planted is not taken for
// Entrada's own, and all ways into it are told, before and after.
func TestAnAppThatSomebodyPlanted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := wanted(t, "oxfordiq", "")
	planted := w.planted(want)
	admin := w.engine("alex", nil)
	p, err := admin.Prepare(t.Context(), want, registration.App{})
	if err != nil || p.Choice == nil || len(p.Choice.Same) != 1 {
		t.Fatalf("%+v, %v", p.Choice, err)
	}
	if p.Choice.Same[0].Ours {
		t.Error("it is said that Entrada made it")
	}
	p, err = admin.Prepare(t.Context(), want, registration.App{ClientID: planted, NewSecret: true})
	if err != nil {
		t.Fatal(err)
	}
	if !p.Existing.NotOurs() {
		t.Error("it counts as our own")
	}
	for _, way := range ways {
		if !strings.Contains(listed(p.Existing.Others), way) {
			t.Errorf("the plan does not tell of %q:\n%s", way, listed(p.Existing.Others))
		}
	}
	res, err := admin.Apply(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.allWell(res.Requirements, registration.Others)
	w.allWell(admin.Verify(t.Context(), want, planted, false), registration.Others)
	for _, list := range [][]registration.Requirement{res.Requirements,
		admin.Verify(t.Context(), want, planted, false)} {
		r := requirement(list, registration.Others)
		for _, way := range ways {
			if !strings.Contains(listed(r.Items), way) {
				t.Errorf("afterwards it does not tell of %q:\n%s", way, listed(r.Items))
			}
		}
		if len(r.Items) != len(ways) {
			t.Errorf("it tells of more than there is:\n%s", listed(r.Items))
		}
	}
	// What Entrada has made itself is its own, whatever others call theirs.
	ours := w.register(admin, wanted(t, "oxfordiq", "Ours"))
	if p, err = admin.Prepare(t.Context(), wanted(t, "oxfordiq", "Ours"), registration.App{}); err != nil ||
		len(p.Choice.Same) != 1 || !p.Choice.Same[0].Ours || p.Choice.Same[0].ClientID != ours.ClientID {
		t.Errorf("%+v, %v", p.Choice, err)
	}
}

// An honest registration: the vendor's own second secret, an owner and our own
// loopback address change no verdict.
func TestWaysThatAreNobodyElses(t *testing.T) {
	for name, c := range map[string]struct {
		is   func(*registration.Actual)
		says string // "": all is well
	}{
		"the only secret": {is: func(*registration.Actual) {}},
		"another address of the vendor": {is: func(a *registration.Actual) {
			a.App.Value.Web.RedirectURIs = append(a.App.Value.Web.RedirectURIs, "https://vendor.example/second")
		}},
		"the computer itself": {is: func(a *registration.Actual) {
			a.App.Value.PublicClient.RedirectURIs = []string{"http://127.0.0.1:8080/", "http://localhost/x"}
		}},
		"an expired secret": {is: func(a *registration.Actual) {
			a.App.Value.Secrets = append(a.App.Value.Secrets,
				graph.Password{KeyID: "old", DisplayName: "old", End: now.AddDate(0, 0, -1)})
		}},
		"an expired certificate": {is: func(a *registration.Actual) {
			a.App.Value.Certificates = []graph.Certificate{{KeyID: "1", DisplayName: "old", End: now}}
		}},
		"a second secret": {is: func(a *registration.Actual) {
			a.App.Value.Secrets = append(a.App.Value.Secrets,
				graph.Password{KeyID: "two", DisplayName: "second", Start: now, End: now.AddDate(1, 0, 0)})
		}, says: "The client secret “second”: Made on 20 November 2026, valid until 20 November 2027."},
		"another address of another platform": {is: func(
			a *registration.Actual) {
			a.App.Value.SPA.RedirectURIs = []string{"https://evil.example/"}
		}, says: "https://evil.example/ (Single-page application)"},
		"a certificate": {is: func(
			a *registration.Actual) {
			a.App.Value.Certificates = []graph.Certificate{{KeyID: "1"}}
		}, says: "The certificate “1”: It has no end."},
		"an owner without a name": {is: func(a *registration.Actual) { a.Owners.Value = []graph.Owner{{ID: "77"}} },
			says: "may not see (ID 77)"},
		"a name that plays tricks": {is: func(
			a *registration.Actual) {
			a.Owners.Value = []graph.Owner{{ID: "77", Name: "**A**\u202eb"}}
		}, says: "The owner *A*b"},
		"one of two not known": {is: func(a *registration.Actual) {
			a.Owners.Value = []graph.Owner{{ID: "77", Name: "A"}}
			a.Federated = registration.Found[[]graph.FederatedCredential]{Err: fault.New(fault.Offline, "x", nil)}
		}, says: "Also: Its federated credentials could not be looked up."},
	} {
		a := good(small())
		c.is(&a)
		list := registration.Compare(small(), a, now)
		r := requirement(list, registration.Others)
		if want := map[bool]registration.State{true: registration.OK,
			false: registration.Differs}[c.says == ""]; r.State != want || !r.Advice ||
			!strings.Contains(listed(r.Items), c.says) {
			t.Errorf("%s: %s\n%s", name, r.State, listed(r.Items))
		}
		if v := registration.Verdict(list); v != registration.OK {
			t.Errorf("%s: verdict %s", name, v)
		}
	}
	a := good(small())
	a.Owners = registration.Found[[]graph.Owner]{}
	if r := requirement(registration.Compare(small(), a, now),
		registration.Others); r.State != registration.CouldNotCheck {
		t.Errorf("owners that were not looked up: %s", r.State)
	}
}

// Who owns the app need not be told that they do, and who may read no names sees
// that there is somebody.
func TestOwnersByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := wanted(t, "oxfordiq", "")
	planted := w.planted(want)
	r := requirement(w.engine("megan", nil).Verify(t.Context(), want, planted, false), registration.Others)
	if strings.Contains(listed(r.Items), "owner") {
		t.Errorf("they are told of themselves:\n%s", listed(r.Items))
	}
	blind := w.engine("alex", func(next http.RoundTripper) http.RoundTripper {
		return tamper(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/owners") || strings.HasSuffix(r.URL.Path, "/$batch") {
				return refused(r), nil
			}
			return next.RoundTrip(r)
		})
	})
	p, err := blind.Prepare(t.Context(), want, registration.App{ClientID: planted})
	if err != nil || !strings.Contains(listed(p.Existing.Others), "Its owners could not be looked up.") {
		t.Errorf("%v\n%s", err, listed(p.Existing.Others))
	}
}
