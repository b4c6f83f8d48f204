package pages

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/guides"
	"entrada/internal/practice/practicetest"
	"entrada/internal/registration"
)

// TestARequestThatNamesAnotherApp: the file says OxfordIQ, and its client ID is
// that of something else.
func TestARequestThatNamesAnotherApp(t *testing.T) {
	for _, look := range looks {
		t.Run(look.name, func(t *testing.T) {
			r, server := practiceRigOf(t, "alex", 0, look.size, look.variant)
			payroll := register(t, r, server, `{"displayName":"HR Payroll","signInAudience":"AzureADMyOrg"}`)
			lie, err := registration.For(guides.ByID("oxfordiq"), guides.Choices{}, "")
			if err != nil {
				t.Fatal(err)
			}
			lie.Redirects = append(lie.Redirects, registration.Redirect{URI: "https://oxfordiq-login.example/cb"})
			data, err := registration.Plan{Format: 1, RunID: "0BADC0DE", CloudID: r.app.Cloud.ID,
				TenantID: server.Info().Tenants[0].ID, Made: time.Now(), Wanted: lie,
				ClientID: payroll, Changes: []registration.Change{{Kind: registration.UpdateApp}}}.JSON()
			if err != nil {
				t.Fatal(err)
			}
			plan, err := registration.ReadPlan(data)
			if err != nil {
				t.Fatal(err)
			}
			showRequest(r.nav, plan)
			if seen := texts(r); !strings.Contains(seen, payroll) || !strings.Contains(seen, "oxfordiq-login.example") {
				t.Errorf("the request shows neither app nor address:\n%s", seen)
			}
			r.snap("request-other-app-1-" + look.name)
			r.pressPrimary()
			r.untilTitle("The plan")
			r.snap("request-other-app-2-" + look.name)
			for _, words := range []string{"App: HR Payroll", payroll, "Created on", "may be another app",
				"oxfordiq-login.example"} {
				if seen := texts(r); !strings.Contains(seen, words) {
					t.Errorf("the plan does not say %q:\n%s", words, seen)
				}
			}
			r.pressPrimary()
			if a := server.App(payroll); len(a.Web.RedirectURIs) != 0 {
				t.Fatalf("Enter has changed it: %v", a.Web.RedirectURIs)
			}
			showRequest(r.nav, plan)
			r.pressPrimary()
			r.untilTitle("The plan")
			r.press("Change “HR Payroll” all the same")
			r.until("the change", func() bool { return len(server.App(payroll).Web.RedirectURIs) > 0 })
			r.untilTitle("Something is different") // it has no secret
		})
	}
}

// TestAnAppThatSomebodyPlanted: an employee has registered an app of the
// vendor's name, with an address and a secret of their own.
func TestAnAppThatSomebodyPlanted(t *testing.T) {
	for _, look := range looks {
		t.Run(look.name, func(t *testing.T) {
			r, server := practiceRigOf(t, "alex", 0, look.size, look.variant)
			planted := register(t, r, server,
				`{"displayName":"OxfordIQ Outlook Integration","uniqueName":"entrada-0badc0de","signInAudience":"AzureADMyOrg","web":{"redirectUris":["https://evil.example/cb"]}}`)
			server.Graph(http.MethodPost, "/applications(appId='"+planted+"')/addPassword",
				json.RawMessage(`{"passwordCredential":{"displayName":"mine"}}`))
			r.onNeeds("oxfordiq")
			r.press("Do it for me")
			r.pressPrimary()
			r.untilTitle("An app of this name exists")
			r.snap("planted-1-" + look.name)
			if seen := texts(r); strings.Contains(seen, registration.OursWords) || !strings.Contains(seen, planted) {
				t.Errorf("what is said of it: %s", seen)
			}
			r.pressPrimary()
			r.untilTitle("The plan")
			if seen := texts(r); !strings.Contains(seen, "Create the app") {
				t.Fatalf("Enter chooses the planted app: %s", seen)
			}
			showDoIt(r.nav)
			r.pressPrimary()
			r.untilTitle("An app of this name exists")
			r.choose(1)
			r.pressPrimary()
			r.untilTitle("The plan")
			r.snap("planted-2-" + look.name)
			for _, words := range []string{"https://evil.example/cb", "The client secret “mine”",
				"Somebody else can use this app as well"} {
				if seen := texts(r); !strings.Contains(seen, words) {
					t.Errorf("the plan does not say %q: %s", words, seen)
				}
			}
			r.pressPrimary()
			r.untilTitle("The plan")
			r.until("the plan of another app", func() bool { return strings.Contains(texts(r), "Create the app") })
			if a := server.App(planted); len(a.Secrets) != 1 {
				t.Fatal("Enter has changed the planted app")
			}
			showDoIt(r.nav)
			r.pressPrimary()
			r.untilTitle("An app of this name exists")
			r.choose(1)
			r.pressPrimary()
			r.untilTitle("The plan")
			r.press("Use this app all the same")
			r.untilTitle("Everything needed is there")
			r.snap("planted-3-" + look.name)
			if seen := texts(r); !strings.Contains(seen, "https://evil.example/cb") ||
				!strings.Contains(seen, "The client secret “mine”") {
				t.Errorf("afterwards it is not told: %s", seen)
			}
		})
	}
}

// looks are the sizes and colours in which a page is looked at.
var looks = []struct {
	name    string
	size    fyne.Size
	variant fyne.ThemeVariant
}{{"light", fyne.NewSize(1080, 720), fynetheme.VariantLight}, {"dark", fyne.NewSize(900, 620), fynetheme.VariantDark}}

// register registers an app as somebody else's program does; it returns its
// client ID.
func register(t *testing.T, r *rig, server *practicetest.Organisation, body string) (clientID string) {
	t.Helper()
	return server.Graph(http.MethodPost, "/applications", json.RawMessage(body)).Text("appId")
}
