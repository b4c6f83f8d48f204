package administer_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"entrada/internal/app"
	"entrada/internal/app/apptest"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/flow"
	"entrada/internal/flow/administer"
	"entrada/internal/flow/flowtest"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
	"entrada/internal/registration"
	"entrada/internal/secret"
)

// desk is somebody's computer, with a journey that has come to the registration.
type desk struct {
	*flowtest.Player
	*practicetest.Organisation
	app     app.App
	journey *journey.Journey
}

func newDesk(t *testing.T, name, vendor string) *desk {
	t.Helper()
	d := &desk{Player: flowtest.New(t), Organisation: practicetest.Start(t, practice.Options{})}
	d.app = apptest.New(t, d.Cloud())
	d.app.Now = time.Now
	d.sits(name)
	d.journey = journey.New(d.app)
	d.journey.ChooseVendor(guides.ByID(vendor))
	d.journey.UseTenant(entra.Tenant{ID: d.Tenant, Domain: d.Domain, Cloud: d.Cloud()})
	d.journey.ChooseRoute(journey.DoForMe)
	return d
}

// sits puts somebody else before the browser.
func (d *desk) sits(name string) { d.app.Browser = d.Browser(name).Open }

func (d *desk) register(t *testing.T) *flow.Screen {
	t.Helper()
	s, err := administer.Register(d.app, d.journey)
	if err != nil {
		t.Fatal(err)
	}
	return d.Settle(s)
}

const appName = "OxfordIQ Outlook Integration"

// What was registered can be taken back at any time: at once, and by a new
// conversation on another day.
func TestRegisteredAndTakenBackOnAnotherDay(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "alex", "oxfordiq")
	s := d.Go(d.register(t), "plan", "sign in")
	if len(d.Apps(appName)) != 0 {
		t.Error("something was registered before anybody agreed")
	}
	s = d.Go(s, "as-it-should-be", "do it")
	secret := d.journey.Secret()
	if secret.IsEmpty() || strings.Contains(flowtest.Words(s)+d.Told(), secret.Reveal()) {
		t.Error("the secret is missing, or is said")
	}
	if end := d.Take(s, "go on"); end.Exit != flow.Done {
		t.Errorf("%+v", end)
	}

	s = d.Go(d.register(t), "as-it-should-be", "sign in")
	s = d.Go(s, "undo", "undo")
	if s.Choices[0].ID != "keep" {
		t.Error("Enter takes it back")
	}
	s = d.Go(s, "undone", "undo")
	if len(d.Apps(appName)) != 0 || d.journey.HasSecret() || d.journey.Answers().ClientID != "" {
		t.Error("something of it is left")
	}
	d.Go(s, "register", "go on")
}

// Whoever lacks the role does the own part. The rest is a request, for which
// somebody else makes no secret.
func TestTheRestIsARequest(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "dana", "oxfordiq")
	s := d.Go(d.register(t), "differs", "sign in", "part")
	s = d.Go(s, "save-request", "request")
	folder := t.TempDir()
	d.Type(s, "folder", folder)
	s = d.Go(s, "request-saved", "save")
	d.Go(s, "differs", "back")

	plan, err := administer.ReadRequest(filepath.Join(folder, "Request-OxfordIQ.json"))
	if err != nil {
		t.Fatal(err)
	}
	d.sits("chris")
	s, err = administer.Request(d.app, plan)
	if err != nil {
		t.Fatal(err)
	}
	s = d.Go(d.Settle(s), "enough", "sign in", "do it")
	if !strings.Contains(flowtest.Words(s), "The owner Dana Swope") {
		t.Errorf("it is not said that a colleague owns the app:\n%s", flowtest.Words(s))
	}
	if apps := d.Apps(appName); len(apps) != 1 || len(apps[0].Secrets) != 1 {
		t.Errorf("%+v", apps)
	}
}

// A request that finds an app of its name makes no secret for it either: at the
// desk of who carries it out it would be lost.
func TestARequestTakesAnAppThatIsThere(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "alex", "oxfordiq")
	d.Go(d.register(t), "as-it-should-be", "sign in", "do it")
	wanted, err := registration.For(guides.ByID("oxfordiq"), guides.Choices{Audience: guides.SingleTenant}, "")
	if err != nil {
		t.Fatal(err)
	}
	plan := registration.Plan{CloudID: d.app.Cloud.ID, TenantID: d.journey.Answers().TenantID, Made: time.Now(),
		Wanted: wanted}
	s, err := administer.Request(d.app, plan)
	if err != nil {
		t.Fatal(err)
	}
	s = d.Go(d.Settle(s), "which-app", "sign in")
	d.Take(s, d.Apps(appName)[0].AppID)
	if n := len(d.Apps(appName)[0].Secrets); n != 1 {
		t.Errorf("%d secrets", n)
	}
}

// A run that was stopped is gone on with, and then there is one app.
func TestStoppedAndGoneOnWith(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "alex", "oxfordiq")
	plan := d.Go(d.register(t), "plan", "sign in")
	s := d.Stop(plan.Choice("do it").Next())
	if s.ID != "unfinished" || !strings.Contains(flowtest.Words(s), "You stopped it.") {
		t.Fatalf("%s", flowtest.Words(s))
	}
	s = d.Go(d.register(t), "interrupted", "sign in")
	d.Go(s, "as-it-should-be", "go on")
	if apps := d.Apps(appName); len(apps) != 1 || len(apps[0].Secrets) != 1 {
		t.Errorf("%+v", apps)
	}
}

// A secret that Microsoft does not take any more is replaced, and no
// interrupted run is asked about instead.
func TestALostSecretIsReplaced(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "alex", "oxfordiq")
	d.Go(d.register(t), "as-it-should-be", "sign in", "do it")
	old := d.journey.Secret()
	d.journey.ForgetSecret()
	s := d.Go(d.register(t), "plan", "sign in")
	d.Go(s, "as-it-should-be", "do it")
	if d.journey.Secret().IsEmpty() || d.journey.Secret().Equal(old) {
		t.Error("there is no new secret")
	}
}

// A token without the permissions to change anything is refused before a plan is
// made, and another way to sign in is proposed.
func TestATokenWithoutThePermissions(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "alex", "oxfordiq")
	d.Break("scope-dropped=DelegatedPermissionGrant.ReadWrite.All*1")
	s := d.Go(d.register(t), "sign-in-refused", "sign in")
	if s.Choices[0].ID != "program" || len(d.Apps(appName)) != 0 {
		t.Errorf("%s", flowtest.Words(s))
	}
	d.Go(s, "plan", "again")
}

// A clock that is off by two minutes and more is named at the sign-in, before it is so
// wrong that nobody can sign in.
func TestAClockThatIsOffIsNamed(t *testing.T) {
	t.Parallel()
	for skew, named := range map[string]bool{"3m": true, "-3m": true, "1m": false} {
		d := newDesk(t, "alex", "oxfordiq")
		d.Break("clock-skew=" + skew)
		words := flowtest.Words(d.Go(d.register(t), "plan", "sign in"))
		if got := strings.Contains(words, "this computer's clock is 3m"); got != named {
			t.Errorf("%s: named is %v\n%s", skew, got, words)
		}
	}
}

// The other ways to sign in, one after the other; back leads to where it began.
func TestSignInAnotherWay(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "alex", "cxt")
	s := d.Go(d.register(t), "other-sign-in", "program")
	own := d.Go(s, "own-program", "own")
	field := own.Blocks[0].(flow.Form).Fields[0]
	if field.Judge("not one") == nil || field.Judge("") == nil || field.Judge(registration.AzureCLI) != nil {
		t.Error("the client ID is not judged")
	}
	if back := d.Settle(own.Back()); back.ID != "other-sign-in" {
		t.Error(back.ID)
	}
	s = d.Go(s, "plan", "second")
	if !strings.Contains(flowtest.Words(s), "about 7 of them") {
		t.Errorf("%s", flowtest.Words(s))
	}
	if back := d.Settle(s.Back()); back.ID != "register" {
		t.Error(back.ID)
	}
}

// The registration of a saved connection is held against what is needed, and
// what was made here can be taken back from there, too.
func TestASavedConnectionIsChecked(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "alex", "oxfordiq")
	d.Go(d.register(t), "as-it-should-be", "sign in", "do it")
	saved, err := d.app.Connections.Save(t.Context(), d.journey.Record(), d.journey.Secret())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.app.KeepRegistration(saved); err != nil {
		t.Fatal(err)
	}
	renewed := false
	s, err := administer.CheckSaved(d.app, saved,
		func(connections.Record) *flow.Screen { renewed = true; return flow.End(flow.Moved) })
	if err != nil {
		t.Fatal(err)
	}
	s = d.Take(d.Settle(s), "sign in")
	if s.ID != "as-it-should-be" || renewed {
		t.Errorf("%s", flowtest.Words(s))
	}
	d.Go(s, "undo", "undo")
	if end := d.Take(s, "go on"); end.Exit != flow.Done {
		t.Errorf("%+v", end)
	}
}

// An app that is in the list of connections is one's own, whoever made it: it is called
// by its name, and proposed. Any other of the same name is not.
func TestAnAppInTheListOfConnectionsIsRecognised(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "alex", "oxfordiq")
	d.Go(d.register(t), "as-it-should-be", "sign in", "do it")
	made := d.Apps(appName)[0].AppID

	elsewhere := apptest.New(t, d.Cloud())
	elsewhere.Now, elsewhere.Browser = time.Now, d.Browser("alex").Open
	d.app = elsewhere
	again := journey.New(elsewhere)
	again.ChooseVendor(guides.ByID("oxfordiq"))
	again.UseTenant(entra.Tenant{ID: d.Tenant, Domain: d.Domain, Cloud: d.Cloud()})
	again.ChooseRoute(journey.DoForMe)
	d.journey = again
	if s := d.Go(d.register(t), "which-app", "sign in"); s.Choices[0].ID != "another" {
		t.Errorf("a stranger's app is proposed: %+v", s.Choices[0])
	}
	ours := connections.Record{Name: "Ours in Berlin", VendorID: "oxfordiq", CloudID: d.Cloud().ID,
		TenantID: d.Tenant, ClientID: strings.ToUpper(made)}
	if _, err := elsewhere.Connections.Save(t.Context(), ours, secret.New("abc8Q~x")); err != nil {
		t.Fatal(err)
	}
	s := d.Go(d.register(t), "which-app", "sign in")
	if first := s.Choices[0]; first.ID != made ||
		!strings.Contains(first.Text, "It is your connection “Ours in Berlin”, not tested yet. If you choose it,") {
		t.Errorf("%+v", first)
	}
}
