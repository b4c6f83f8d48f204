package pages

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/connections"
	"entrada/internal/flow/deliver"
	"entrada/internal/guides"
)

// Whoever goes back to look the passphrase up finds the one of the file, not
// another one.
func TestTheExportKeepsThePassphraseOfItsFile(t *testing.T) {
	r, dir := onExport(t, "oxfordiq")
	pass := r.passphrase().Reveal()
	r.pressPrimary()
	r.sees("Saved.")
	r.pressPrimary()
	r.untilTitle("Send it to OxfordIQ")
	file := filepath.Join(dir, "all.settings.age")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r.back()
	r.untilTitle("Export for OxfordIQ")
	r.snap("export-again")
	if got := r.passphrase().Reveal(); got != pass {
		t.Error("the page shows another passphrase than that of the file")
	}
	if text := texts(r); !strings.Contains(text, "Already saved with this passphrase") ||
		!strings.Contains(text, "all.settings.age") {
		t.Error(text)
	}
	r.pressPrimary()
	r.untilTitle("Send it to OxfordIQ")
	if again, _ := os.ReadFile(file); string(again) != string(data) {
		t.Error("the file was made anew")
	}

	r.back()
	r.press("Make new files")
	if got := r.passphrase().Reveal(); got == pass {
		t.Error("the new files have the old passphrase")
	}
	r.pressPrimary()
	r.until("the question", func() bool { return r.window.Canvas().Overlays().Top() != nil })
	r.snap("export-anew")
	if _, said := r.asked("Replace what is there?"); !strings.Contains(said, "The passphrase that you told them") {
		t.Error(said)
	}
}

// A file that is not there any more is made again.
func TestTheExportNoticesThatItsFileIsGone(t *testing.T) {
	r, dir := onExport(t, "oxfordiq")
	r.pressPrimary()
	r.sees("Saved.")
	if err := os.Remove(filepath.Join(dir, "all.settings.age")); err != nil {
		t.Fatal(err)
	}
	r.showCurrent()
	if label := r.shell.Primary().Label(); label != "Save the two files" ||
		strings.Contains(texts(r), "Already saved") {
		t.Error(label)
	}
}

// The passphrase ends with the program, so it is asked about before; where the
// files lie is remembered.
func TestThePassphraseIsSpokenOfBeforeItIsForgotten(t *testing.T) {
	r, dir := onExport(t, "oxfordiq")
	r.pressPrimary()
	r.sees("Saved.")
	r.pressPrimary()
	r.untilTitle("Send it to OxfordIQ")
	r.press("Stop for now")
	_, said := r.asked("Write down the passphrase first")
	r.snap("stop-passphrase")
	if !r.harmless() || !strings.Contains(said, "forgets it when it closes") {
		t.Errorf("Enter would press %T: %s", r.window.Canvas().Focused(), said)
	}
	r.press("Stop for now")
	r.untilTitle("Connect an app to Outlook")

	// The next start.
	store, err := connections.Open(r.app.Home, connections.MemoryKeychain())
	if err != nil {
		t.Fatal(err)
	}
	r.app.Connections, r.parcels = store, deliver.Parcels{}
	showSavedHandOver(r.nav, store.List()[0], guides.ByID("oxfordiq"), nil)
	r.snap("hand-over-next-start")
	for _, name := range []string{"all.settings.age", "all.sheet.pdf"} {
		if !strings.Contains(texts(r), filepath.Join(dir, name)) {
			t.Errorf("%s is forgotten: %s", name, texts(r))
		}
	}
}

// Who has it needs no passphrase any more.
func TestNobodyIsAskedAboutAPassphraseThatWasTold(t *testing.T) {
	r, _ := onExport(t, "oxfordiq")
	r.pressPrimary()
	r.sees("Saved.")
	r.pressPrimary()
	r.untilTitle("Send it to OxfordIQ")
	r.field("Who has it now?").SetText("Sam")
	r.pressPrimary()
	r.sees("Handed over.")
	r.press("Stop for now")
	r.untilTitle("Connect an app to Outlook")
}
