package pages

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// K05: a locked keychain can be unlocked and tried again; another way is there,
// but not pressed on anybody.
func TestALockedKeychainSaysSoAndCanBeTriedAgain(t *testing.T) {
	r := newRig(t, fyne.NewSize(1080, 720), fynetheme.VariantLight)
	store, err := connections.Open(r.app.Home, brokenKeychain{fault.KeychainLocked})
	if err != nil {
		t.Fatal(err)
	}
	r.app.Connections = store
	r.fillTo("oxfordiq", journey.PageSave)
	r.pressPrimary()
	r.until("the words", func() bool { return strings.Contains(strings.ToLower(texts(r)), "locked") })
	r.snap("fault-keychain-locked")
	if r.shell.Primary().Disabled() || strings.Contains(texts(r), "Where shall the secret go?") {
		t.Error("there is no way on")
	}
	r.press("Keep it another way")
	r.sees("Where shall the secret go?")
	if !r.journey.HasSecret() {
		t.Error("the secret is lost")
	}
}

func TestABrowserThatDoesNotOpenLeavesALinkToCopy(t *testing.T) {
	r, _ := practiceRig(t, "alex")
	r.onNeeds("oxfordiq")
	r.app.Browser = func(context.Context, string) error { return errors.New("no browser here") }
	r.press("Do it for me")
	r.pressPrimary()
	r.until("the link", func() bool { return strings.Contains(texts(r), "No browser opened by itself") })
	r.snap("fault-no-browser")
	r.press("Copy the sign-in link")
	if link := fyne.CurrentApp().Clipboard().Content(); !strings.HasPrefix(link, r.app.Cloud.Login) ||
		strings.Contains(link, "secret") {
		t.Errorf("copied %q", link)
	}
	r.press("Cancel sign-in")
	r.untilTitle("Let Entrada register the app")
}

func TestAFolderThatCannotBeWrittenAsksForAnotherPlace(t *testing.T) {
	r := newRig(t, fyne.NewSize(1080, 720), fynetheme.VariantLight)
	r.fillTo("oxfordiq", journey.PageExport)
	field := r.field("Save as")
	// Not even root can make a file there.
	field.SetText("/proc/entrada/settings.json")
	r.pressPrimary()
	r.until("the words", func() bool { return strings.Contains(texts(r), "There is no folder /proc/entrada") })
	r.snap("fault-folder")
	// A folder that is there and takes no file, of root either.
	field.SetText("/dev/pts/settings.json")
	r.pressPrimary()
	r.until("the fault", func() bool { return strings.Contains(texts(r), "Who can fix it") })
	field.SetText("/proc/entrada/settings.json")
	if field.Text() != "/proc/entrada/settings.json" {
		t.Error("what was typed is lost")
	}
	if r.shell.Primary().Disabled() {
		t.Error("there is no way on")
	}
}

// TestWhatTheBrowserAloneShowsCanBeExplained: some refusals of Microsoft never
// come back to us.
func TestWhatTheBrowserAloneShowsCanBeExplained(t *testing.T) {
	r := newRig(t, fyne.NewSize(1080, 720), fynetheme.VariantLight)
	showLookUp(r.nav)
	test.Type(r.window.Canvas().Focused(),
		"AADSTS50011: The redirect URI 'http://localhost' specified in the request does not match")
	r.until("the answer", func() bool { return strings.Contains(texts(r), "Who can fix it") })
	r.snap("look-up")
	if !strings.Contains(strings.ToLower(texts(r)), "address") {
		t.Error(texts(r))
	}
}

// field finds a field of the page by its label.
func (r *rig) field(label string) *parts.Field {
	r.t.Helper()
	for _, o := range objects(r.shell) {
		if f, ok := o.(*parts.Field); ok && f.Label() == label {
			return f
		}
	}
	r.t.Fatalf("%q has no field %q", r.window.Title(), label)
	return nil
}
