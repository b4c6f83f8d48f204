package pages

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// TestTheClientIDIsAskedForBeforeTheNextStep: without it the next pages cannot
// open the app.
func TestTheClientIDIsAskedForBeforeTheNextStep(t *testing.T) {
	r := newRig(t, fyne.NewSize(900, 620), fynetheme.VariantLight)
	register := journey.PageID(guides.StepRegister)
	r.fillTo("oxfordiq", register)
	r.pressPrimary()
	over, asked := r.window.Canvas().Overlays().Top().(*parts.Dialog)
	if !asked || r.journey.Page().ID != register {
		t.Fatal("the step counts as done")
	}
	r.snap("register-no-client-id")
	r.pressPart(over.Primary())
	test.Type(r.window.Canvas().Focused(), clientID) // the keyboard is in the field
	if r.journey.Answers().ClientID != clientID {
		t.Error("the question does not lead to the field")
	}
	r.pressPrimary()
	if r.journey.Page().ID == register {
		t.Error("with the client ID it does not go on")
	}

	r.fillTo("oxfordiq", register)
	r.pressPrimary()
	r.press("Go on without it")
	if r.journey.Page().ID == register || r.window.Canvas().Overlays().Top() != nil {
		t.Error("there is no way on without it")
	}
}

// TestAnObjectIDIsNotTakenForTheClientID: it has the same form, and stands on the
// same page of the portal.
func TestAnObjectIDIsNotTakenForTheClientID(t *testing.T) {
	r, server := practiceRigOf(t, "alex", 0, fyne.NewSize(1080, 720), fynetheme.VariantLight)
	r.guidedToTest("oxfordiq")
	r.goTo(journey.PageID(guides.StepRegister))
	field := r.field("Application (client) ID")
	says := func(words string) bool { _, said := field.Status(); return strings.Contains(said, words) }
	r.until("Microsoft's answer", func() bool { return says("This app exists in contoso.example.") })
	field.Replace()
	test.Type(r.window.Canvas().Focused(), server.State().Applications[0].ID)
	if says("can open") {
		t.Error("it promises what it does not know")
	}
	r.until("Microsoft's answer", func() bool { return says("Is it the Object ID?") })
	r.snap("register-object-id")
}

// TestAFailedTestMarksTheStepThatIsToBlame, and leads there; done again, it is
// well.
func TestAFailedTestMarksTheStepThatIsToBlame(t *testing.T) {
	r, server := practiceRigOf(t, "alex", 0, fyne.NewSize(900, 620), fynetheme.VariantDark)
	r.guidedToTest("cxt")
	consent := journey.PageID(guides.StepConsent)
	if s := r.journey.Status(consent); s != journey.Done {
		t.Fatal(s)
	}
	server.Revoke(r.journey.Answers().ClientID)
	r.pressPrimary()
	r.until("the end of the test", func() bool { return r.offers("Check the registration") })
	r.snap("test-blames-consent")
	if s := r.journey.Status(consent); s != journey.NeedsAttention {
		t.Errorf("the step is %s", s)
	}
	r.press("Go to “Admin consent”")
	if again, err := journey.Resume(r.app); err != nil || again.GoTo(journey.PageTest) != nil ||
		again.Status(consent) != journey.NeedsAttention {
		t.Error("the mark is forgotten with the program's end", err)
	}
	r.pressPrimary()
	if s := r.journey.Status(consent); s != journey.Done {
		t.Errorf("done again, the step is %s", s)
	}
}

// TestThePastedIDLosesItsSpaces, which nobody sees, and fits its field.
func TestThePastedIDLosesItsSpaces(t *testing.T) {
	r := newRig(t, fyne.NewSize(1080, 720), fynetheme.VariantLight)
	r.fillTo("oxfordiq", journey.PageID(guides.StepRegister))
	field := r.field("Application (client) ID")
	field.SetText("  " + clientID + " ")
	if field.Text() != clientID {
		t.Errorf("%q", field.Text())
	}
	r.snap("register-id-fits")
	wide := fyne.MeasureText(clientID, fynetheme.TextSize(), fyne.TextStyle{Monospace: true}).Width
	for _, o := range objects(field) {
		if e, ok := o.(fyne.Focusable); ok && e == field.Entry() && o.Size().Width < wide+2*fynetheme.InnerPadding() {
			t.Errorf("%v of the %v that the ID takes", o.Size().Width, wide)
		}
	}
}

// TestAnEmptyFieldIsNamed by both ways on, and gets the keyboard.
func TestAnEmptyFieldIsNamed(t *testing.T) {
	for _, way := range []string{"Show me how", "Do it for me"} {
		r := newRig(t, fyne.NewSize(900, 620), fynetheme.VariantLight)
		r.fillTo("cxt", journey.PageNeeds)
		in := r.journey.Guide().Inputs[0]
		r.field(in.Label).SetText("")
		r.window.Canvas().Unfocus()
		if r.shell.Primary().Disabled() {
			t.Error("the button says nothing")
		}
		r.press(way)
		if status, said := r.field(in.Label).Status(); status != parts.StatusBad ||
			said != "Fill in "+in.Label+" first." {
			t.Errorf("%s: %q", way, said)
		}
		if r.journey.Page().ID != journey.PageNeeds || r.window.Canvas().Focused() != r.field(in.Label).Entry() ||
			r.window.Canvas().Overlays().Top() != nil {
			t.Errorf("%s: the field has not the keyboard", way)
		}
		r.snap("needs-empty")
	}
}

// TestTheMessageOfTheBrowserIsTypedAtOnce: opening the fold leads into its field.
func TestTheMessageOfTheBrowserIsTypedAtOnce(t *testing.T) {
	r := newRig(t, fyne.NewSize(900, 620), fynetheme.VariantLight)
	r.fillTo("oxfordiq", journey.PageTest)
	r.pressPrimary()
	r.untilTitle("Waiting for your sign-in")
	for _, o := range objects(r.shell) {
		if f, ok := o.(*parts.Fold); ok && f.Label() == "The browser shows an error" {
			f.Toggle()
		}
	}
	test.Type(r.window.Canvas().Focused(), "AADSTS65001")
	if got := r.field("The message").Text(); got != "AADSTS65001" {
		t.Errorf("%q arrived", got)
	}
	r.snap("waiting-message")
	r.press("Paste The message")
}

// TestANewSecretIsMadeWhereTheFirstOneWas: who let Entrada register the app has
// never seen a secret, and has no field to paste one into.
func TestANewSecretIsMadeWhereTheFirstOneWas(t *testing.T) {
	r, server := practiceRig(t, "alex")
	r.onNeeds("cxt")
	r.press("Do it for me")
	r.pressPrimary()
	r.untilTitle("The plan")
	r.pressPrimary()
	r.untilTitle("Everything is as it should be")
	r.press("Next")
	server.Break("secret-expired*1")
	r.pressPrimary()
	r.until("the end of the test", func() bool { return r.offers("Check the registration") })
	r.snap("doit-secret-expired")
	r.press("Make a new secret for me")
	r.untilTitle("Let Entrada register the app")
	if r.journey.HasSecret() {
		t.Error("the secret that has expired is still there")
	}
}
