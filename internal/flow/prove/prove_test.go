package prove_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"entrada/internal/app"
	"entrada/internal/app/apptest"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/administer"
	"entrada/internal/flow/flowtest"
	"entrada/internal/flow/prove"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is somebody's computer, with a journey that has come to the test.
type desk struct {
	*flowtest.Player
	*practicetest.Organisation
	app     app.App
	journey *journey.Journey
}

// newDesk registers a vendor's app, and comes to its test by a route.
func newDesk(t *testing.T, vendor string, route journey.Route) *desk {
	t.Helper()
	d := &desk{Player: flowtest.New(t), Organisation: practicetest.Start(t, practice.Options{})}
	d.app = apptest.New(t, d.Cloud())
	d.app.Now = time.Now
	d.sits("alex")
	for _, g := range guides.BuiltIn() {
		if strings.HasPrefix(g.ID, vendor) {
			vendor = g.ID
		}
	}
	made := d.begin(vendor, journey.DoForMe)
	s, err := administer.Register(d.app, made)
	if err != nil {
		t.Fatal(err)
	}
	d.Go(d.Settle(s), "as-it-should-be", "sign in", "do it")
	if d.journey = made; route == journey.ShowMe {
		d.journey = d.begin(vendor, route)
		a := made.Answers()
		d.journey.PasteClientID(a.ClientID)
		d.journey.PasteSecret(made.Secret().Reveal())
		d.journey.PasteSecretID(a.SecretID)
		d.journey.SetSecretExpiry(a.SecretExpires)
		d.journey.SetProbed(true)
	}
	for d.journey.Page().ID != journey.PageTest {
		if err := d.journey.Next(); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func (d *desk) begin(vendor string, route journey.Route) *journey.Journey {
	j := journey.New(d.app)
	j.ChooseVendor(guides.ByID(vendor))
	j.TypeOrganisation("alex@contoso.example")
	j.UseTenant(entra.Tenant{ID: d.Tenant, Domain: d.Domain, Cloud: d.Cloud()})
	for _, in := range j.Guide().Inputs {
		if j.Answers().Inputs[in.ID] == "" {
			j.SetInput(in.ID, map[guides.InputKind]string{
				guides.InputRedirectURL: "https://vendor.example/callback", guides.InputHost: "machine.vendor.example",
				guides.InputMailbox: "megan@contoso.example",
			}[in.Kind])
		}
	}
	j.ChooseRoute(route)
	return j
}

// sits puts somebody else before the browser.
func (d *desk) sits(name string) { d.app.Browser = d.Browser(name).Open }

func (d *desk) test() *flow.Screen { return d.Settle(prove.Journey(d.app, d.journey)) }

// saved is the journey's connection in the keychain.
func (d *desk) saved() connections.Record {
	d.T.Helper()
	r, err := d.app.Connections.Save(d.T.Context(), d.journey.Record(), d.journey.Secret())
	if err != nil {
		d.T.Fatal(err)
	}
	return r
}

func has(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in\n%s", part, text)
		}
	}
}

// A test that passes proves one person's sign-in, and what was registered by hand
// is looked at next; from then on it proves everybody's.
func TestPassed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "oxfordiq", journey.ShowMe)
	s := d.test()
	has(t, flowtest.Words(s), "send a mail, create a calendar event, read it and delete it and stay connected.",
		"What stays behind: Words:one short mail.")
	s = d.Go(s, "is-this-you", "test")
	if n := len(d.State().Mails); n != 0 {
		t.Errorf("%d mails were sent before anybody agreed", n)
	}
	s = d.Go(s, "passed", "yes")
	has(t, flowtest.Words(s), "It works for alex@contoso.example", "6 of 6 checks passed in ",
		"Not yet known: Words:whether it works for your colleagues")
	has(t, s.Choice("report").Copy, "passed    Mail to yourself sent", "\n\nIt works for alex@contoso.example.\n\n",
		"signed in as alex@contoso.example")
	if strings.Contains(flowtest.Words(s)+d.Told(), d.journey.Secret().Reveal()) {
		t.Error("the secret is said")
	}
	if a := d.journey.Answers(); a.TestedAs != "alex@contoso.example" || a.TenantName == "" {
		t.Errorf("%+v", a)
	}
	if words := d.journey.Record().LastHeadline; words == "Everything works" {
		t.Error(words)
	}

	// Later: it worked, and Enter goes on, to the check and back, or past it.
	s = d.test()
	has(t, flowtest.Words(s), "It worked", "with alex@contoso.example on ")
	s = d.Go(s, "check", "go on")
	if back := d.Settle(s.Back()); back.ID != "test" {
		t.Error(back.ID)
	}
	if end := d.Take(s, "skip"); end.Exit != flow.Done {
		t.Errorf("%+v", end)
	}
	s = d.Go(s, "as-it-should-be", "sign in")
	if end := d.Take(s, "go on"); end.Exit != flow.Done {
		t.Errorf("%+v", end)
	}
	s = d.Go(d.test(), "passed", "again", "yes")
	has(t, flowtest.Words(s), "Everything works")
	if end := d.Take(s, "go on"); end.Exit != flow.Done || strings.Contains(flowtest.Words(s), "Not yet known") {
		t.Errorf("%+v", end)
	}
}

// What failed is mended on the page that is to blame, or at the registration.
func TestFailedAndMended(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "oxfordiq", journey.ShowMe)
	d.Break("consent-missing")
	s := d.Go(d.test(), "refused", "test")
	if d.journey.Record().LastResult != connections.ResultFailed {
		t.Error("the failure is forgotten")
	}
	if back := d.Go(s, "check", "check"); d.Take(back, "skip").ID != "test" {
		t.Error("the check does not lead back to the test")
	}
	has(t, flowtest.Words(s), "Go to “Admin consent”")
	if end := d.Take(s, "page"); end.Exit != flow.Moved || d.journey.Page().ID != journey.PageID(guides.StepConsent) {
		t.Errorf("%+v, %s", end, d.journey.Page().ID)
	}
	if d.journey.Answers().Attention == nil {
		t.Error("the page is not marked")
	}
	d.Mend("consent-missing")
	d.Go(s, "passed", "again", "yes")
	if a := d.journey.Answers(); a.Attention != nil || !a.FailedAt.IsZero() {
		t.Errorf("%+v", a)
	}
}

// An unlicensed mailbox fails after the sign-in: the fault stands above what was
// tried, another mailbox can be used, and the secret can be saved meanwhile.
func TestSavedUntested(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "oxfordiq", journey.ShowMe)
	d.sits("uma")
	s := d.Go(d.test(), "failed", "test", "yes")
	f, _ := s.Blocks[0].(flow.Fault)
	if f.Culprit != explain.Mailbox || f.Can[explain.UseAnotherMailbox] == nil || s.Choices[0].ID != "again" {
		t.Errorf("%s", flowtest.Words(s))
	}
	if end := d.Take(s, "save"); end.Exit != flow.Done || d.journey.Missing(journey.PageTest) != nil {
		t.Errorf("%+v", end)
	}
	const said = "One thing is wrong: the mailbox"
	if r := d.journey.Record(); r.LastResult != connections.ResultFailed || r.LastHeadline != said {
		t.Errorf("%+v", r)
	}
	d.sits("megan")
	d.Go(s, "test", string(explain.UseAnotherMailbox))
}

// A secret that has expired is pasted anew, or made anew where Entrada made it.
func TestTheSecretHasExpired(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		route journey.Route
		says  string
		page  journey.PageID
	}{
		{journey.ShowMe, "Go to “Paste the values”", journey.PagePaste},
		{journey.DoForMe, "Make a new secret for me", journey.PageDoIt},
	} {
		d := newDesk(t, "cxt", c.route)
		d.Break("secret-expired")
		s := d.Go(d.test(), "failed", "test")
		has(t, flowtest.Words(s), c.says)
		choice, anew := "page", c.route == journey.DoForMe
		if anew {
			choice = string(explain.NewSecret)
		}
		end := d.Take(s, choice)
		if at := d.journey.Page().ID; end.Exit != flow.Moved || at != c.page || d.journey.Replacing() != anew {
			t.Errorf("%q: %+v, %s", c.says, end, at)
		}
	}
}

// Nobody signs in where the vendor's software does so by itself.
func TestByItself(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "cxt", journey.DoForMe)
	d.app.Browser = func(context.Context, string) error { t.Error("a browser was opened"); return nil }
	s := d.Go(d.test(), "passed", "test")
	has(t, flowtest.Words(s), "Everything works")
	has(t, s.Choice("report").Copy, "signed in as the app · mailbox megan@contoso.example")
	if end := d.Take(s, "go on"); end.Exit != flow.Done || d.journey.Answers().TestedAs != "megan@contoso.example" {
		t.Errorf("%+v", end)
	}
}

// A test that was cancelled says so, tidies up, and says nothing of the connection.
func TestCancelled(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "oxfordiq", journey.DoForMe)
	s := d.Go(d.test(), "is-this-you", "test")
	s = d.Stop(s.Choice("yes").Next())
	if s.ID != "cancelled" || s.Lead != prove.TidiedUp || s.Choices[0].ID != "again" || s.Choice("save") != nil {
		t.Errorf("%s", flowtest.Words(s))
	}
	if a := d.journey.Answers(); !a.FailedAt.IsZero() || !a.TestedAt.IsZero() {
		t.Errorf("%+v", a)
	}
	if left := d.State().Events.Live; len(left) > 0 {
		t.Errorf("%+v is left", left)
	}
	has(t, d.Told(), "note: The test was cancelled. "+prove.TidiedUp)
	d.Go(s, "passed", "again", "yes")
}

// Who has signed in with the wrong account takes another one.
func TestAnotherAccount(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "oxfordiq", journey.DoForMe)
	var links []string
	who := "alex"
	d.app.Browser = func(ctx context.Context, link string) error {
		links = append(links, link)
		return d.Browser(who).Open(ctx, link)
	}
	s := d.Go(d.test(), "is-this-you", "test")
	has(t, flowtest.Words(s), "Alex Wilber", "Organisation contoso.example")
	who = "megan"
	s = d.Go(s, "is-this-you", "other")
	has(t, flowtest.Words(s), "Megan Bowen")
	if !strings.Contains(links[0], "login_hint=alex") || strings.Contains(links[1], "login_hint") {
		t.Errorf("%q", links)
	}
	if back := d.Settle(s.Back()); back.ID != "test" || len(d.State().Mails) > 0 {
		t.Error(back.ID)
	}
}

// A shared mailbox is tried as well, if its address is one.
func TestASharedMailbox(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "gathr", journey.DoForMe)
	s := d.test()
	d.Type(s, "shared-mailbox", "not an address")
	d.Go(s, "test", "test")
	d.Type(s, "shared-mailbox", " shared@contoso.example ")
	s = d.Go(s, "passed", "test", "yes")
	has(t, d.Told(), fmt.Sprintf("%d Newest mail read in the shared mailbox", flow.Well))
	has(t, s.Choice("report").Copy, "mailbox shared@contoso.example")
}

// asks counts what a network is asked, and answers by itself.
type asks func(*http.Request) (*http.Response, error)

func (f asks) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// What Microsoft does not know yet is asked for again in the practice
// organisation, too.
func TestFreshValuesAreAccepted(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "oxfordiq", journey.ShowMe)
	d.Break("secret-wrong*2")
	var pauses []time.Duration
	var rows []string
	a := prove.Fresh{App: d.app, Subject: prove.FromJourney(d.journey),
		Row: func(_ int, r flow.Row) {
			if r.State == flow.Failed || r.State == flow.Well {
				rows = append(rows, r.Title)
			}
		},
		Between: func(_ context.Context, a prove.Answer) error {
			if a.Accepted || !a.App || !a.TooNew || a.ClientID || fault.CodeOf(a.Err) != "AADSTS7000215" {
				t.Errorf("%+v", a)
			}
			pauses = append(pauses, a.Again)
			return nil
		},
	}.Ask(t.Context())
	want := []time.Duration{3 * time.Second, 6 * time.Second}
	if !a.Accepted || a.Err != nil || a.Again != 0 || !slices.Equal(pauses, want) || len(rows) != 9 {
		t.Errorf("%+v, %v, %q", a, pauses, rows)
	}
	// Another refusal has nothing to do with newness.
	d.Break("secret-expired")
	asked := 0
	real := d.app.HTTP.Transport
	d.app.HTTP = &http.Client{Transport: asks(func(r *http.Request) (*http.Response, error) {
		asked++
		return real.RoundTrip(r)
	})}
	err := prove.Secret(t.Context(), d.app, prove.FromJourney(d.journey), nil)
	if fault.CodeOf(err) != "AADSTS7000222" || asked != 2 {
		t.Errorf("%v after %d requests", err, asked)
	}
}
