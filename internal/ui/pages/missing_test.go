package pages

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/entra/entratest"
	"entrada/internal/journey"
)

// Whoever clicks on a grey button is told what is missing, and led there.
func TestAGreyButtonLeadsToWhatIsMissing(t *testing.T) {
	r := newRig(t, large(), fynetheme.VariantLight)
	click := func(words string) {
		t.Helper()
		b := r.shell.Primary()
		if b == nil || !b.Disabled() {
			t.Fatalf("the button of %q is not grey", r.window.Title())
		}
		r.window.Canvas().Unfocus()
		test.Tap(b)
		r.reads(words)
		if r.shell.Primary() != b {
			t.Errorf("%q was left", words)
		}
	}
	begin(r.nav, "")
	click("Choose the vendor who asked you")
	r.snap("grey-vendor")

	begin(r.nav, "oxfordiq")
	click("Type your work e-mail address")
	test.Type(r.window.Canvas().Focused(), "alex@gmail.com")
	click("This is a personal address")
	r.snap("grey-organisation")

	r.fillTo("oxfordiq", journey.PagePaste)
	for _, step := range []struct{ typed, words string }{
		{"", "The Application (client) ID is missing."},
		{clientID[:30], "characters"},
		{clientID, "The client secret's Value is missing."},
		{entratest.SecretID, "Secret ID"},
	} {
		if step.typed != "" {
			r.window.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
			test.Type(r.window.Canvas().Focused(), step.typed)
		}
		click(step.words)
	}

	showHelpdesk(r.nav, "").chooseValues(&unsaved{})
	click("Fill in Organisation first.")
	test.Type(r.window.Canvas().Focused(), "contoso.example")
	click("Fill in Application (client) ID first.")
	test.Type(r.window.Canvas().Focused(), clientID)
	click("Fill in Client secret value first.")
}

// What is wrong with an organisation is said without a key or a click, once the
// typing has paused.
func TestAWrongOrganisationIsSaidByItself(t *testing.T) {
	r := newRig(t, large(), fynetheme.VariantLight)
	begin(r.nav, "oxfordiq")
	test.Type(r.window.Canvas().Focused(), "alex@hotmail.com")
	r.until("the sentence", func() bool { return strings.Contains(texts(r), "This is a personal address") })
}
