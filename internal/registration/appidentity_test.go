package registration_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"entrada/internal/graph"
	"entrada/internal/registration"
)

// everything is all that a plan says of what it changes.
func everything(p registration.Plan) string {
	var said []string
	for _, c := range p.Changes {
		said = append(append(said, c.Words), c.Details...)
	}
	return strings.Join(said, "\n")
}

// A request names the app of a vendor and holds the client ID of another one:
// what is said of the plan goes by what is there.
func TestARequestForAnotherApp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.engine("alex", nil)
	payroll := w.register(admin, wanted(t, "oxfordiq", "HR Payroll"))

	lie := wanted(t, "oxfordiq", "")
	lie.Redirects = append(lie.Redirects, registration.Redirect{URI: "https://oxfordiq-login.example/cb"})
	lie.Switches.AccessTokens = true
	crafted := registration.Plan{Format: 1, RunID: "0BADC0DE", CloudID: w.Cloud().ID, TenantID: w.Tenant,
		Made: time.Now(), Wanted: lie, ClientID: payroll.ClientID,
		Changes: []registration.Change{{Kind: registration.UpdateApp, Details: []string{"Nothing to speak of"}}}}
	data, err := crafted.JSON()
	if err != nil {
		t.Fatal(err)
	}
	read, err := registration.ReadPlan(data)
	if err != nil {
		t.Fatal(err)
	}
	seen := everything(read)
	if strings.Contains(seen, lie.AppName) || strings.Contains(seen, "Nothing to speak of") ||
		!strings.Contains(seen, payroll.ClientID) || !strings.Contains(seen, "oxfordiq-login.example") {
		t.Errorf("before anything was looked up, the request says:\n%s", seen)
	}
	if hosts := read.Wanted.UnknownHosts(); !slices.Equal(hosts, []string{"oxfordiq-login.example"}) {
		t.Errorf("not known: %v", hosts)
	}

	p, err := admin.Prepare(t.Context(), read.Wanted, registration.App{ClientID: read.ClientID})
	if err != nil {
		t.Fatal(err)
	}
	if seen := everything(p); !strings.Contains(seen, "Change the app HR Payroll.") ||
		strings.Contains(seen, lie.AppName) {
		t.Errorf("the plan says:\n%s", seen)
	}
	if !p.Misnamed() || !strings.Contains(p.MisnamedWords(), "HR Payroll") ||
		!strings.Contains(p.MisnamedWords(), lie.AppName) {
		t.Errorf("that it is another app is not said: %q", p.MisnamedWords())
	}
	for _, fact := range []string{"Client ID: " + payroll.ClientID, "Created on ", "http://localhost (Web)"} {
		if !strings.Contains(strings.Join(p.Existing.Facts(), "\n"), fact) {
			t.Errorf("%q does not say %q", p.Existing.Facts(), fact)
		}
	}
	if sheet := p.Sheet("", ""); !strings.Contains(sheet, "App: HR Payroll\n") {
		t.Errorf("the sheet:\n%s", sheet)
	}
	if _, err := admin.Apply(t.Context(), p, nil); err != nil {
		t.Fatal(err)
	}
	if items := admin.Preview(t.Context(), w.journalOf(p.RunID)); len(items) != 1 ||
		!strings.Contains(items[0].Words, "HR Payroll") {
		t.Errorf("what would be taken back: %+v", items)
	}
}

// The name of an app that exists was chosen by somebody: it must not act on a
// terminal or look like a part of the page.
func TestAnAppWithAHostileName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.engine("alex", nil)
	name := "OxfordIQ\u202e **Verified** \u200b\u2028 by Microsoft"
	a, _, err := admin.Graph.UpsertApplication(t.Context(), "theirs",
		graph.ApplicationChange{DisplayName: &name, SignInAudience: new("AzureADMyOrg")})
	if err != nil {
		t.Fatal(err)
	}
	p, err := admin.Prepare(t.Context(), wanted(t, "oxfordiq", ""), registration.App{ClientID: a.ClientID})
	if err != nil {
		t.Fatal(err)
	}
	if p.Existing.Name != "OxfordIQ *Verified* by Microsoft" || strings.Contains(everything(p), "\u202e") ||
		!p.Misnamed() {
		t.Errorf("%q\n%s", p.Existing.Name, everything(p))
	}
}

func TestUnknownHosts(t *testing.T) {
	for name, c := range map[string]struct {
		guide, uri string
		hosts      []string
	}{
		"in the vendor's document": {"aurinko", "https://API.aurinko.io/v1/auth/callback", nil},
		"in another vendor's document": {"oxfordiq", "https://api.aurinko.io/v1/auth/callback",
			[]string{"api.aurinko.io"}},
		"in no document": {"aurinko", "https://api.aurinko.io.example/cb",
			[]string{"api.aurinko.io.example"}},
		"of a guide that is not built in":  {"acme", "https://acme.example/cb", []string{"acme.example"}},
		"the computer of whoever signs in": {"acme", "https://localhost:44321/cb", nil},
	} {
		want := small()
		want.GuideID, want.Redirects = c.guide, []registration.Redirect{{URI: c.uri}}
		if hosts := want.UnknownHosts(); !slices.Equal(hosts, c.hosts) {
			t.Errorf("%s: %v", name, hosts)
		}
	}
	evil := small()
	evil.Redirects[0].Test = true
	if evil.Check() == nil {
		t.Error("any address may pass for the one of Entrada's own test")
	}
}
