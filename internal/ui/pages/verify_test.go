package pages

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/connections"
	"entrada/internal/journey"
	"entrada/internal/practice/practicetest"
	"entrada/internal/registration"
)

// crooked changes a saved registration behind the wizard's back in many ways.
func crooked(t *testing.T, r *rig, server *practicetest.Organisation, saved connections.Record) {
	t.Helper()
	server.Graph(http.MethodPatch, "/applications(appId='"+saved.ClientID+"')", json.RawMessage(`{
		"signInAudience":"AzureADMultipleOrgs", "requiredResourceAccess":[],
		"web":{"redirectUris":["http://localhost/"],"implicitGrantSettings":{"enableIdTokenIssuance":true}}}`))
	server.Graph(http.MethodPatch, "/servicePrincipals(appId='"+saved.ClientID+"')",
		json.RawMessage(`{"accountEnabled":false,"appRoleAssignmentRequired":true}`))
}

// TestEachDifferenceIsMendedByItself: beside what differs stands what mends that
// alone, and where the portal shows it.
func TestEachDifferenceIsMendedByItself(t *testing.T) {
	for name, c := range map[string]struct {
		size    fyne.Size
		variant fyne.ThemeVariant
	}{"large": {fyne.NewSize(1080, 720), fynetheme.VariantLight},
		"small": {fyne.NewSize(900, 620), fynetheme.VariantDark}} {
		t.Run(name, func(t *testing.T) {
			r, server := practiceRigOf(t, "alex", 0, c.size, c.variant)
			saved := r.saveOxfordIQ()
			crooked(t, r, server, saved)
			checkSaved(r.nav, saved)
			r.snap("verify-" + name + "-1-intro")
			r.pressPrimary()
			r.untilTitle("Something is different")
			r.snap("verify-" + name + "-2-differs")
			r.scrollDown(420)
			r.snap("verify-" + name + "-3-differs-below")
			for _, words := range []string{"What differs", "What is as it should be",
				"A slash at the end is too much."} {
				if !strings.Contains(texts(r), words) {
					t.Errorf("the page does not say %q: %s", words, texts(r))
				}
			}
			r.press("Fix it for me: Whose accounts can connect")
			r.untilTitle("The plan")
			if text := texts(r); !strings.Contains(text, "Single tenant only instead of Multiple Entra ID tenants") ||
				strings.Contains(text, "Ask for:") || strings.Contains(text, "Let people sign in") {
				t.Errorf("the plan is about more than the accounts: %s", text)
			}
			r.snap("verify-" + name + "-4-plan")
			r.pressPrimary()
			r.untilTitle("Something is different")
			for _, a := range server.State().Applications {
				if a.AppID == saved.ClientID &&
					(a.SignInAudience != "AzureADMyOrg" || len(a.RequiredResourceAccess) != 0 || len(a.Secrets) != 1) {
					t.Errorf("%+v", a)
				}
			}
			r.press("Fix all of it for me")
			r.untilTitle("The plan")
			r.pressPrimary()
			r.untilTitle("Everything needed is there") // assignment and ID tokens are somebody's decision
			r.snap("verify-" + name + "-5-mended")
			if reg, err := r.app.SavedRegistration(saved); err != nil || reg.Interrupted() != nil {
				t.Error("what was mended counts as interrupted", err)
			}
		})
	}
}

// scrollDown moves the page's content.
func (r *rig) scrollDown(by float32) {
	for _, o := range objects(r.shell) {
		if s, ok := o.(interface{ ScrollToOffset(fyne.Position) }); ok {
			s.ScrollToOffset(fyne.NewPos(0, by))
			return
		}
	}
}

func TestShowMeWhereOpensThatPageOfThePortal(t *testing.T) {
	r, server, saved := savedOxfordIQ(t)
	crooked(t, r, server, saved)
	checkSaved(r.nav, saved)
	r.pressPrimary()
	r.untilTitle("Something is different")
	opened := make(chan string, 1)
	r.app.Browser = func(_ context.Context, link string) error { opened <- link; return nil }
	for spoken, blade := range map[string]string{
		"Show me where: Whose accounts can connect":                  "/~/Authentication/appId/" + saved.ClientID,
		"Show me where: Sign-in addresses":                           "/~/Authentication/appId/" + saved.ClientID,
		"Show me where: Permissions that the app asks for":           "/~/CallAnAPI/appId/" + saved.ClientID,
		"Show me where: The app is switched on in your organisation": "ManagedAppMenuBlade/~/Properties/objectId/",
		"Show me where: Who may use it":                              "ManagedAppMenuBlade/~/Properties/objectId/",
	} {
		r.press(spoken)
		if link := <-opened; !strings.Contains(link, blade) || !strings.Contains(link, saved.TenantID) ||
			!strings.Contains(link, saved.ClientID) {
			t.Errorf("%s opened %s", spoken, link)
		}
	}
}

// TestWhatCouldNotBeCheckedSaysWhatToDo: never as well, and with a click of its
// own.
func TestWhatCouldNotBeCheckedSaysWhatToDo(t *testing.T) {
	r, _, saved := savedOxfordIQ(t)
	real := r.app.HTTP
	deny := func(status int, code string) {
		r.app.HTTP = &http.Client{Transport: tampered(func(q *http.Request) (*http.Response, error) {
			if strings.Contains(q.URL.Path, "oauth2PermissionGrants") {
				return &http.Response{StatusCode: status, Request: q,
					Header: http.Header{"Content-Type": {"application/json"}},
					Body:   io.NopCloser(strings.NewReader(`{"error":{"code":"` + code + `","message":"no"}}`))}, nil
			}
			return real.Transport.RoundTrip(q)
		})}
	}
	deny(http.StatusForbidden, "Authorization_RequestDenied")
	checkSaved(r.nav, saved)
	r.pressPrimary()
	r.untilTitle("Not everything could be checked")
	r.snap("verify-unknown-forbidden")
	if text := texts(r); !strings.Contains(text,
		"Could not be checked. The account that is signed in may not see it.") {
		t.Error(text)
	}
	// Somebody who may look signs in.
	r.app.HTTP = real
	checkSaved(r.nav, saved)
	deny(http.StatusBadRequest, "Request_BadRequest")
	checkSaved(r.nav, saved)
	r.pressPrimary()
	r.untilTitle("Not everything could be checked")
	r.snap("verify-unknown-failed")
	if text := texts(r); !strings.Contains(text, "Could not be checked. It could not be looked up.") {
		t.Error(text)
	}
	r.press("Look again: Permissions that are granted")
	r.untilTitle("Looking at the registration")
	r.untilTitle("Not everything could be checked")
}

type tampered func(*http.Request) (*http.Response, error)

func (f tampered) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestASecretThatIsGoneIsRenewedWhereItIsKept: mending a saved connection never
// makes a secret that nobody keeps.
func TestASecretThatIsGoneIsRenewedWhereItIsKept(t *testing.T) {
	r, server, saved := savedOxfordIQ(t)
	server.Graph(http.MethodPost, "/applications(appId='"+saved.ClientID+"')/removePassword",
		json.RawMessage(`{"keyId":"`+saved.SecretID+`"}`))
	server.Graph(http.MethodPatch, "/applications(appId='"+saved.ClientID+"')",
		json.RawMessage(`{"signInAudience":"AzureADMultipleOrgs"}`))
	checkSaved(r.nav, saved)
	r.pressPrimary()
	r.untilTitle("Something is different")
	r.press("Fix all of it for me")
	r.untilTitle("The plan")
	if strings.Contains(texts(r), "Make a client secret") {
		t.Error("a secret would be made that nobody keeps")
	}
	r.pressPrimary()
	r.untilTitle("Something is different")
	r.press("Fix it for me: Client secret")
	r.untilTitle("Renew the secret")
	r.pressPrimary()
	r.untilTitle("The new secret is ready")
	if kept, err := r.app.Connections.Secret(t.Context(), saved.ID); err != nil || kept.IsEmpty() {
		t.Error("the new secret is not kept")
	}
}

// TestTheDriftOfASavedConnectionIsSeenFromHome: the check is in the menu of each
// saved connection.
func TestTheDriftOfASavedConnectionIsSeenFromHome(t *testing.T) {
	r, server, saved := savedOxfordIQ(t)
	crooked(t, r, server, saved)
	r.ShowHome()
	r.snap("verify-home")
	r.press("More for " + saved.Name)
	r.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) // the first of the menu
	r.untilTitle("Check the registration")
	r.pressPrimary()
	r.untilTitle("Something is different")
}

// TestTheCheckIsAStepAfterTheGuidedRoute: after the test comes the check, which
// somebody without the right to look may skip; skipped is not the same as well.
func TestTheCheckIsAStepAfterTheGuidedRoute(t *testing.T) {
	for name, c := range map[string]struct {
		vendor  string
		size    fyne.Size
		variant fyne.ThemeVariant
	}{"large": {"oxfordiq", fyne.NewSize(1080, 720), fynetheme.VariantLight},
		"small": {"cxt", fyne.NewSize(900, 620), fynetheme.VariantDark}} {
		t.Run(name, func(t *testing.T) {
			r, server := practiceRigOf(t, "alex", 0, c.size, c.variant)
			r.guidedToTest(c.vendor)
			r.testIt()
			r.snap("step-" + name + "-1-tested")
			r.press("Next")
			r.untilTitle("Check the registration")
			r.snap("step-" + name + "-2-check")
			r.press("Skip the check")
			r.untilTitle("Save the connection")
			if r.journey.Checked() {
				t.Error("skipped counts as checked")
			}
			r.goTo(journey.PageTest)
			r.press("Next")
			r.untilTitle("Check the registration")

			// Something differs although the test passed: nobody removed it.
			server.Graph(http.MethodPatch, "/applications(appId='"+r.journey.Answers().ClientID+"')", json.RawMessage(`{
				"web":{"implicitGrantSettings":{"enableIdTokenIssuance":false,"enableAccessTokenIssuance":false}},
				"requiredResourceAccess":[]}`))
			r.pressPrimary()
			r.untilTitle("Something is different")
			r.snap("step-" + name + "-3-differs")
			r.pressPrimary() // fix it for me
			r.untilTitle("The plan")
			r.pressPrimary()
			r.untilTitle("Everything is as it should be")
			r.press("Next")
			r.untilTitle("Save the connection")
			if r.journey.Answers().Check != registration.OK || !r.journey.HasSecret() {
				t.Errorf("%s", r.journey.Answers().Check)
			}
			// Once is enough.
			r.goTo(journey.PageTest)
			r.press("Next")
			r.untilTitle("Save the connection")
		})
	}
}

// TestAFailedTestLeadsToTheCheck: often the registration is what is wrong.
func TestAFailedTestLeadsToTheCheck(t *testing.T) {
	r, server := practiceRig(t, "alex")
	r.guidedToTest("cxt")
	server.Revoke(r.journey.Answers().ClientID)
	r.pressPrimary()
	r.until("the end of the test", func() bool { return r.offers("Check the registration") })
	r.snap("step-failed")
	r.press("Check the registration")
	r.pressPrimary()
	r.untilTitle("Something is different")
	r.press("Fix it for me: Permissions that are granted")
	r.untilTitle("The plan")
	r.pressPrimary()
	r.untilTitle("Everything is as it should be")
	r.press("Back to the test")
	r.untilTitle("Test the connection")
	r.testIt()
}

// guidedToTest walks the guided route up to the test, with an app that somebody
// has registered as it should be.
func (r *rig) guidedToTest(vendor string) {
	r.t.Helper()
	r.onNeeds(vendor)
	r.press("Do it for me")
	r.pressPrimary()
	r.untilTitle("The plan")
	r.pressPrimary()
	r.untilTitle("Everything is as it should be")
	a, value := r.journey.Answers(), r.journey.Secret()
	r.onNeeds(vendor)
	r.press("Show me how")
	j := r.journey
	for j.Page().ID != journey.PageTest {
		if j.Page().ID == journey.PagePaste {
			j.PasteClientID(a.ClientID)
			j.PasteSecret(value.Reveal())
			j.PasteSecretID(a.SecretID)
			j.SetSecretExpiry(a.SecretExpires)
			j.SetProbed(true)
		}
		if err := j.Next(); err != nil {
			r.t.Fatal(err)
		}
	}
	r.showCurrent()
}

// testIt runs the connection test until it has passed.
func (r *rig) testIt() {
	r.t.Helper()
	r.pressPrimary()
	if !r.journey.Guide().AppOnly() {
		r.untilTitle("Is this you?")
		r.pressPrimary()
	}
	if !r.journey.Guide().AppOnly() && !r.journey.Checked() {
		r.untilTitle("It works for alex@contoso.example")
		return
	}
	r.untilTitle("Everything works")
}

// TestATestProvesOnePersonOnly: whether colleagues get in, too, is not known
// before the registration was looked at, and nothing claims it.
func TestATestProvesOnePersonOnly(t *testing.T) {
	r, _ := practiceRigOf(t, "alex", 0, fyne.NewSize(900, 620), fynetheme.VariantLight)
	r.guidedToTest("oxfordiq")
	r.testIt()
	if text := texts(r); strings.Contains(text, "Everything works") ||
		!strings.Contains(text, "Not yet known: whether it works for your colleagues") {
		t.Error(text)
	}
	r.snap("test-one-person")
	if words := r.journey.Record().LastHeadline; strings.Contains(words, "Everything") || strings.Contains(words, "@") {
		t.Error(words)
	}
	r.press("Check that now")
	r.untilTitle("Check the registration")
	r.snap("test-one-person-check")
	if text := texts(r); !strings.Contains(text, "“Need admin approval”") {
		t.Errorf("skipping does not say what may be wrong: %s", text)
	}
}

// TestTheWorkIsShownWhileItGoesOn: what is done, what is being done, what is
// waited for, and how to stop.
func TestTheWorkIsShownWhileItGoesOn(t *testing.T) {
	for name, c := range map[string]struct {
		size    fyne.Size
		variant fyne.ThemeVariant
	}{"large": {fyne.NewSize(1080, 720), fynetheme.VariantLight},
		"small": {fyne.NewSize(900, 620), fynetheme.VariantDark}} {
		t.Run(name, func(t *testing.T) {
			r, server := practiceRigOf(t, "alex", 20*time.Millisecond, c.size, c.variant)
			r.onNeeds("gathr")
			r.press("Do it for me")
			r.pressPrimary()
			r.untilTitle("The plan")
			server.Break("slow-replication=2s")
			r.pressPrimary()
			r.untilTitle("Registering the app")
			r.until("the wait for Microsoft's servers",
				func() bool { return strings.Contains(texts(r), "Microsoft's servers") })
			r.snap("work-" + name)
			text := texts(r)
			for _, words := range []string{"1 of 5 done", "Stop here"} {
				if !strings.Contains(text, words) {
					t.Errorf("the page does not say %q: %s", words, text)
				}
			}
			r.press("Stop here")
			r.untilTitle("The plan is not finished")
			r.snap("work-" + name + "-stopped")
		})
	}
}
