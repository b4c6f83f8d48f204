package pages

import (
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/journey"
	"entrada/internal/practice/practicetest"
	"entrada/internal/registration"
	"entrada/internal/ui/parts"
)

// keptOut are the ways in which an organisation keeps the Azure CLI out, and
// nothing else.
var keptOut = []struct {
	name  string
	code  string
	shut  func(t *testing.T, r *rig, server *practicetest.Organisation)
	says  []string
	comes bool // the refusal comes back to Entrada, and is not shown in the browser alone
}{
	{"disabled", "AADSTS7000112", func(t *testing.T, r *rig, server *practicetest.Organisation) {
		server.Graph(http.MethodPatch, "/servicePrincipals(appId='"+registration.AzureCLI+"')",
			json.RawMessage(`{"accountEnabled":false}`))
	}, []string{"Your organisation has switched off Microsoft Azure CLI.", "Enabled for users to sign in",
		"Cloud Application Administrator", "Open Enterprise apps"}, false},
	{"assignment", "AADSTS50105", func(t *testing.T, r *rig, server *practicetest.Organisation) {
		server.Graph(http.MethodPatch, "/servicePrincipals(appId='"+registration.AzureCLI+"')",
			json.RawMessage(`{"appRoleAssignmentRequired":true}`))
	}, []string{"not among the people who may use Microsoft Azure CLI", "Assignment required", "Users and groups",
		"Open Enterprise apps"}, false},
	{"conditional-access", "AADSTS53003", func(t *testing.T, _ *rig, server *practicetest.Organisation) {
		if err := server.SetFault("conditional-access="+registration.AzureCLI, true); err != nil {
			t.Fatal(err)
		}
	}, []string{"A sign-in rule of your organisation has blocked this.", "Microsoft Azure CLI",
		"Conditional Access Administrator", "Open the sign-in logs"}, false},
	{"preauthorization", "AADSTS65002", func(t *testing.T, _ *rig, server *practicetest.Organisation) {
		server.Break("preauthorization-missing")
	}, []string{"Microsoft does not let Microsoft Azure CLI ask for what is needed here.",
		"Nothing is wrong with your account", "with another program"}, true},
}

// refusedHere waits until the page tells why the sign-in was refused: by itself,
// or after the words of the browser's page were pasted.
func (r *rig) refusedHere(saw <-chan string, comes bool) {
	r.t.Helper()
	if comes {
		r.untilTitle("The sign-in did not work")
		return
	}
	var words string
	r.until("the browser's page", func() bool {
		select {
		case words = <-saw:
		default:
		}
		return words != "" || len(r.queue) > 0
	})
	for words == "" {
		words = <-saw
	}
	r.openFold("The browser shows an error")
	r.field("The message").SetText(words)
}

var markupTag = regexp.MustCompile(`(?s)<(style|script).*?</(style|script)>|<[^>]*>`)

// wordsOf is what a person copies of a page.
func wordsOf(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(markupTag.ReplaceAllString(page, " "))), " ")
}

// openFold opens a part of the page that is folded away.
func (r *rig) openFold(label string) {
	r.t.Helper()
	for _, o := range objects(r.shell) {
		if f, ok := o.(*parts.Fold); ok && f.Label() == label {
			f.Toggle()
			return
		}
	}
	r.t.Fatalf("%q has no fold %q", r.window.Title(), label)
}

// choose chooses one of the page's cards.
func (r *rig) choose(which int) {
	r.t.Helper()
	for _, o := range objects(r.shell) {
		if c, ok := o.(*parts.Choices); ok {
			c.Choose(which)
			return
		}
	}
	r.t.Fatalf("%q has no choice", r.window.Title())
}

// chooseCalled chooses a card by its heading.
func (r *rig) chooseCalled(title string) {
	r.t.Helper()
	for i, offered := range []string{"Microsoft Graph Command Line Tools", "A program of your own organisation",
		"Microsoft Azure CLI", "On another device, with a code"} {
		if offered == title {
			r.choose(i)
			return
		}
	}
	r.t.Fatalf("%q offers no %q", r.window.Title(), title)
}

// TestTheAzureCLIIsKeptOut: each refusal is told in four parts, and leads on to
// another program, and to the other route with nothing lost.
func TestTheAzureCLIIsKeptOut(t *testing.T) {
	for i, c := range keptOut {
		t.Run(c.name, func(t *testing.T) {
			size, variant := fyne.NewSize(1080, 720), fynetheme.VariantLight
			if i%2 == 1 {
				size, variant = fyne.NewSize(900, 620), fynetheme.VariantDark
			}
			r, server := practiceRigOf(t, "", 0, size, variant)
			c.shut(t, r, server)
			saw := make(chan string, 5)
			alex := server.Browser("alex")
			alex.Saw = func(page string) { saw <- wordsOf(page) }
			r.app.Browser = alex.Open
			r.onNeeds("xkit")
			before := r.journey.Answers()
			r.press("Do it for me")
			r.pressPrimary()
			r.refusedHere(saw, c.comes)
			r.snap("kept-out-" + c.name)
			shown := texts(r)
			for _, words := range append(c.says, "Who can fix it:", "Sign in another way", "Show me how instead") {
				if !strings.Contains(shown, words) && !strings.Contains(markup(r), words) && !r.offers(words) {
					t.Errorf("the page does not say %q: %s", words, shown)
				}
			}
			if strings.Contains(shown, "Xkit uses a client ID") || r.shell.Primary() != nil &&
				r.shell.Primary().Disabled() {
				t.Error("the vendor is blamed, or there is no way on")
			}

			// The other route, with nothing lost, and back.
			r.press("Show me how instead")
			if now := r.journey.Answers(); now.Inputs["callback-url"] != before.Inputs["callback-url"] ||
				len(now.Features) != len(before.Features) || now.TenantID != before.TenantID {
				t.Errorf("answers are lost: %+v", now)
			}
			if p := r.journey.Page(); p.Step == nil {
				t.Fatalf("show me how leads to %s", p.ID)
			}
			r.goTo(journey.PageNeeds)
			r.press("Do it for me")

			// The other program.
			r.press("Sign in another way")
			r.untilTitle("Sign in another way")
			r.chooseCalled("Microsoft Graph Command Line Tools")
			r.snap("kept-out-" + c.name + "-choose")
			r.pressPrimary()
			r.untilTitle("The plan")
			r.pressPrimary()
			r.untilTitle("Everything is as it should be")
		})
	}
}

// offers reports whether a button of the page or its footer has these words.
func (r *rig) offers(label string) bool {
	page := r.shell.Page()
	for _, a := range append(append([]parts.Action{page.Primary}, page.Others...), page.Links...) {
		if a.Label == label {
			return true
		}
	}
	return false
}

// TestAProgramOfTheOrganisationsOwn: both programs of Microsoft's are kept out,
// and the organisation has registered one for such work.
func TestAProgramOfTheOrganisationsOwn(t *testing.T) {
	r, server := practiceRig(t, "alex")
	for _, id := range []string{registration.AzureCLI, registration.GraphCommandLine} {
		server.Graph(http.MethodPatch, "/servicePrincipals(appId='"+id+"')",
			json.RawMessage(`{"accountEnabled":false}`))
	}
	own := server.OwnProgram()
	r.onNeeds("cxt")
	r.press("Do it for me")
	r.press("Sign in another way")
	r.chooseCalled("A program of your own organisation")
	r.pressPrimary()
	r.pressPrimary()
	if status, _ := r.field("Client ID of your own program").Status(); status != parts.StatusBad {
		t.Error("the sign-in can begin without a client ID")
	}
	r.snap("own-program-1-empty")
	field := r.field("Client ID of your own program")
	field.SetText(r.journey.Answers().TenantID)
	r.pressPrimary()
	if status, _ := field.Status(); status != parts.StatusBad ||
		!strings.HasPrefix(r.window.Title(), "A program of your own") {
		t.Error("the tenant ID passes for a client ID")
	}
	field.SetText(own)
	r.snap("own-program-2-filled")
	r.pressPrimary()
	r.untilTitle("The plan")
	if text := texts(r); !strings.Contains(text, "Global Administrator") || !strings.Contains(text, "about 7 of them") {
		t.Errorf("with a program of one's own, roles and mailboxes are not known: %s", text)
	}
	r.snap("own-program-3-plan")
	r.pressPrimary()
	r.untilTitle("Everything is as it should be")
}

// TestAProgramThatIsNotKnown: the client ID of the own program has a mistake.
func TestAProgramThatIsNotKnown(t *testing.T) {
	r, server := practiceRig(t, "")
	saw := make(chan string, 5)
	alex := server.Browser("alex")
	alex.Saw = func(page string) { saw <- wordsOf(page) }
	r.app.Browser = alex.Open
	r.onNeeds("oxfordiq")
	r.press("Do it for me")
	r.press("Sign in another way")
	r.chooseCalled("A program of your own organisation")
	r.pressPrimary()
	r.field("Client ID of your own program").SetText(clientID)
	r.pressPrimary()
	r.refusedHere(saw, false)
	r.snap("own-program-unknown")
	if text := texts(r); !strings.Contains(text, "does not know a program of your own organisation") {
		t.Error(text)
	}
}

// TestTheOtherProgramTakesAnAdministrator: somebody without a role signs in with the program
// that asks for agreement.
func TestTheOtherProgramTakesAnAdministrator(t *testing.T) {
	r, _ := practiceRig(t, "dana")
	r.onNeeds("oxfordiq")
	r.press("Do it for me")
	r.press("Sign in another way")
	r.chooseCalled("Microsoft Graph Command Line Tools")
	r.pressPrimary()
	r.untilTitle("The sign-in did not work")
	r.snap("other-program-approval")
	if text := texts(r); !strings.Contains(text,
		"What Microsoft Graph Command Line Tools asks for was not agreed to.") {
		t.Error(text)
	}
	r.press("Sign in another way")
	r.chooseCalled("Microsoft Azure CLI")
	r.pressPrimary()
	r.untilTitle("The plan")
}

// TestAProgramThatMayNotDoEnough: the own program lacks a permission. That is
// said before anything is planned, and looking needs less.
func TestAProgramThatMayNotDoEnough(t *testing.T) {
	r, server := practiceRig(t, "alex")
	own := server.OwnProgram()
	server.Break("scope-dropped=DelegatedPermissionGrant.ReadWrite.All*1")
	r.onNeeds("oxfordiq")
	r.press("Do it for me")
	r.press("Sign in another way")
	r.chooseCalled("A program of your own organisation")
	r.pressPrimary()
	r.field("Client ID of your own program").SetText(own)
	r.pressPrimary()
	r.untilTitle("The sign-in did not work")
	r.snap("own-program-may-not")
	text := texts(r)
	for _, words := range []string{"not all that is needed may be done with a program of your own organisation",
		"DelegatedPermissionGrant.ReadWrite.All", "Who can fix it:"} {
		if !strings.Contains(text, words) {
			t.Errorf("the page does not say %q: %s", words, text)
		}
	}
	if r.shell.Page().Primary.Label != "Sign in another way" {
		t.Errorf("the way on is %q", r.shell.Page().Primary.Label)
	}
}
