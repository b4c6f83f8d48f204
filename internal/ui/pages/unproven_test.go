package pages

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/connections"
	"entrada/internal/journey"
)

// A sign-in that does not work is no dead end: the secret, which the portal
// shows once, can be saved, and the last page does not say that all is ready.
func TestAConnectionCanBeSavedUntested(t *testing.T) {
	r, server := practiceRigOf(t, "alex", 0, fyne.NewSize(900, 620), fynetheme.VariantLight)
	r.guidedToTest("oxfordiq")
	server.Break("secret-expired")
	r.pressPrimary()
	r.untilTitle("The sign-in did not work")
	r.snap("test-refused")
	r.press("Save it untested")
	r.untilTitle("Save the connection")
	record := r.journey.Record()
	if record.LastResult != connections.ResultFailed || record.LastHeadline != "One thing is wrong: the client secret" {
		t.Errorf("%+v", record)
	}
	r.fillTo("oxfordiq", journey.PageTest)
	r.journey.GoOnUnproven()
	showNextSteps(r.nav)
	if text := texts(r); strings.Contains(text, "is ready") || !strings.Contains(text, "its test has not passed") {
		t.Error(text)
	}
}

// The first page says as long as a damaged list lies there that connections may
// be missing.
func TestTheFirstPageTellsOfADamagedList(t *testing.T) {
	r := newRig(t, large(), fynetheme.VariantLight)
	path := filepath.Join(r.app.Home, "connections.json.damaged-20261120-090000")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.ShowHome()
	r.snap("home-damaged")
	if text := texts(r); !strings.Contains(text, "Connections may be missing") || !strings.Contains(text, path) {
		t.Error(text)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	r.ShowHome()
	if strings.Contains(texts(r), "may be missing") {
		t.Error("it is still told")
	}
}
