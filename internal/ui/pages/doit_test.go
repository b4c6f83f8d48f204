package pages

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/entra"
	"entrada/internal/flow/administer"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
	"entrada/internal/registration"
)

// practiceRig is a rig whose app is a practice organisation, with a person
// at the browser.
func practiceRig(t *testing.T, name string) (*rig, *practicetest.Organisation) {
	t.Helper()
	return slowPracticeRig(t, name, 0)
}

// slowPracticeRig answers as late as a server far away.
func slowPracticeRig(t *testing.T, name string, latency time.Duration) (*rig, *practicetest.Organisation) {
	t.Helper()
	return practiceRigOf(t, name, latency, fyne.NewSize(1080, 720), fynetheme.VariantLight)
}

func practiceRigOf(t *testing.T, name string, latency time.Duration, size fyne.Size, variant fyne.ThemeVariant) (*rig,
	*practicetest.Organisation) {
	t.Helper()
	server := practicetest.Start(t, practice.Options{Latency: latency})
	r := newRig(t, size, variant)
	r.app.Cloud = server.Cloud()
	r.app.Browser = server.Browser(name).Open
	return r, server
}

// onNeeds answers everything up to the choice of the route.
func (r *rig) onNeeds(vendor string) {
	r.t.Helper()
	j := journey.New(r.app)
	r.journey = j
	j.ChooseVendor(r.app.GuideByID(vendor))
	j.TypeOrganisation("alex@contoso.example")
	tenant, err := entra.FindTenant(r.t.Context(), r.app.HTTP, r.app.Cloud, "contoso.example")
	if err != nil {
		r.t.Fatal(err)
	}
	j.UseTenant(tenant)
	for _, in := range j.Guide().Inputs {
		if j.Answers().Inputs[in.ID] == "" {
			j.SetInput(in.ID, map[guides.InputKind]string{
				guides.InputRedirectURL: "https://vendor.example/callback", guides.InputHost: "machine.vendor.example",
				guides.InputMailbox: "megan@contoso.example",
			}[in.Kind])
		}
	}
	for range 2 {
		if err := j.Next(); err != nil {
			r.t.Fatal(err)
		}
	}
	r.showCurrent()
}

func (r *rig) untilTitle(title string) {
	r.t.Helper()
	r.until("the page “"+title+"”", func() bool { return strings.HasPrefix(r.window.Title(), title) })
}

// TestDoItForMe registers each vendor's app without the portal, and proves it
// with the same test that the other route ends in.
func TestDoItForMe(t *testing.T) {
	for _, g := range guides.BuiltIn() {
		t.Run(g.ID, func(t *testing.T) {
			r, server := practiceRig(t, "alex")
			before := len(server.State().Applications)
			r.onNeeds(g.ID)
			r.press("Do it for me")
			r.snap("doit-" + g.ID + "-1-intro")
			r.pressPrimary()
			r.untilTitle("The plan")
			r.snap("doit-" + g.ID + "-2-plan")
			if n := len(server.State().Applications); n != before {
				t.Errorf("something was registered before anybody agreed: %d apps", n)
			}
			r.pressPrimary()
			r.untilTitle("Everything is as it should be")
			r.snap("doit-" + g.ID + "-3-verified")
			if !r.journey.HasSecret() || strings.Contains(markup(r), r.journey.Secret().Reveal()) {
				t.Error("the secret is missing, or can be read on the page")
			}
			r.press("Next")
			r.until("the test's page", func() bool { return r.journey.Page().ID == journey.PageTest })
			r.untilTitle(r.journey.Page().Title)
			r.pressPrimary()
			if !g.AppOnly() {
				r.untilTitle("Is this you?")
				r.pressPrimary()
			}
			r.untilTitle("Everything works")
			r.snap("doit-" + g.ID + "-4-tested")
		})
	}
}

func TestWhatWasRegisteredCanBeTakenBack(t *testing.T) {
	r, server := practiceRig(t, "alex")
	before := len(server.State().Applications)
	r.onNeeds("oxfordiq")
	r.press("Do it for me")
	r.pressPrimary()
	r.untilTitle("The plan")
	r.pressPrimary()
	r.untilTitle("Everything is as it should be")
	if len(server.State().Applications) != before+1 {
		t.Fatal("nothing was registered")
	}
	r.press("Take it back")
	r.untilTitle("Take it back?")
	r.snap("doit-undo")
	r.press("Take it back")
	r.untilTitle("It is taken back")
	r.pressPrimary()
	r.untilTitle("Let Entrada register the app")
	if n := len(server.State().Applications); n != before {
		t.Errorf("%d apps are left, %d were there before", n, before)
	}
	if r.journey.HasSecret() || r.journey.Answers().ClientID != "" {
		t.Error("the wizard still has the values of an app that is gone")
	}
}

// TestWithoutTheRoleTheRestBecomesARequest: who may register apps does so, and
// somebody with the role opens the request and finishes it.
func TestWithoutTheRoleTheRestBecomesARequest(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	r, server := practiceRig(t, "dana")
	before := len(server.State().Applications)
	r.onNeeds("oxfordiq")
	r.press("Do it for me")
	r.pressPrimary()
	r.untilTitle("The plan")
	if !strings.Contains(texts(r), "(Application Developer)") {
		t.Error("the roles of the account are not shown")
	}
	if !strings.Contains(texts(r), "Somebody else has to do a part of this") {
		t.Error("it is not said that the role is missing")
	}
	r.snap("request-1-plan")
	r.press("Do my part")
	r.untilTitle("Something is different")
	r.snap("request-2-my-part-done")
	if r.journey.Answers().ClientID == "" || !r.journey.HasSecret() {
		t.Fatal("the own part was not done")
	}
	r.press("Save the rest as a request")
	r.untilTitle("Save a request")
	r.pressPrimary()
	r.untilTitle("The request is saved")
	plan := filepath.Join(home, "Request-OxfordIQ.json")
	data, err := os.ReadFile(plan)
	if err != nil || strings.Contains(string(data), r.journey.Secret().Reveal()) {
		t.Fatalf("the request: %v", err)
	}

	// The person with the role, on another day.
	r.app.Browser = server.Browser("chris").Open
	request, err := administer.ReadRequest(plan)
	if err != nil {
		t.Fatal(err)
	}
	showRequest(r.nav, request)
	r.snap("request-3-opened")
	r.pressPrimary()
	r.untilTitle("The plan")
	r.pressPrimary()
	r.untilTitle("Everything needed is there")
	if n := len(server.State().Applications); n != before+1 {
		t.Errorf("%d apps", n)
	}
}

// TestAnInterruptedRunIsFinishedWithOneApp: the program ends in the middle of
// the work, and comes back.
func TestAnInterruptedRunIsFinishedWithOneApp(t *testing.T) {
	r, server := slowPracticeRig(t, "alex", 60*time.Millisecond)
	before := len(server.State().Applications)
	r.onNeeds("oxfordiq")
	r.press("Do it for me")
	r.pressPrimary()
	r.untilTitle("The plan")
	r.pressPrimary()
	r.until("the first change", func() bool { return len(server.State().Applications) > before || len(r.queue) > 0 })
	r.pressPrimary() // stop
	r.untilTitle("The plan is not finished")
	r.snap("doit-stopped")
	if err := r.journey.Save(); err != nil {
		t.Fatal(err)
	}

	again, err := journey.Resume(r.app)
	if err != nil || again == nil || again.Page().ID != journey.PageDoIt {
		t.Fatalf("came back to %v (%v)", again, err)
	}
	r.journey = again
	r.showCurrent()
	r.pressPrimary()
	r.untilTitle("This was interrupted")
	r.snap("doit-interrupted")
	r.pressPrimary()
	r.untilTitle("Everything is as it should be")
	state := server.State()
	if len(state.Applications) != before+1 {
		t.Errorf("%d apps, %d were there before", len(state.Applications), before)
	}
	for _, a := range state.Applications {
		if a.AppID == r.journey.Answers().ClientID && len(a.Secrets) != 1 {
			t.Errorf("%d secrets", len(a.Secrets))
		}
	}
}

// showRequest opens a request that was read before.
func showRequest(w *nav, plan registration.Plan) {
	s, err := administer.Request(w.app, plan)
	talkFromHome(w, s, err, "This request cannot be carried out here")
}
