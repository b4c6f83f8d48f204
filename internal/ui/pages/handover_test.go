package pages

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/handover"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

func TestThePairIsSavedAndSentThreeWays(t *testing.T) {
	r, dir := onExport(t, "oxfordiq")
	r.press("See what will be written")
	r.snap("export-preview")
	if text := markup(r); !strings.Contains(text, "(hidden)") || !strings.Contains(text, "not on this sheet") {
		t.Error("the preview does not show both files")
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Error("something was written before anybody agreed")
	}
	pass := r.passphrase()
	r.pressPrimary()
	r.until("both files", func() bool { return strings.Contains(texts(r), "Saved.") })
	r.snap("export-saved")
	data, err := os.ReadFile(filepath.Join(dir, "all.settings.age"))
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := handover.Open(data, pass)
	if err != nil || pkg.ClientSecret.Reveal() != value {
		t.Fatal("the file does not hold the secret", err)
	}
	sheet, err := os.ReadFile(filepath.Join(dir, "all.sheet.pdf"))
	if err != nil || !strings.HasPrefix(string(sheet), "%PDF-") || strings.Contains(string(sheet), value) {
		t.Fatal("the sheet is not there", err)
	}

	// E05: a second time asks.
	r.showCurrent()
	r.press("Make new files")
	r.field("Save as").SetText(filepath.Join(dir, "all.settings.age"))
	r.pressPrimary()
	r.until("the question", func() bool { return r.window.Canvas().Overlays().Top() != nil })
	r.snap("export-replace")
	if again, _ := os.ReadFile(filepath.Join(dir, "all.settings.age")); string(again) != string(data) {
		t.Error("the file was replaced without asking")
	}
	pass = r.passphrase()
	r.confirm("Replace what is there?")
	r.until("both files", func() bool { return strings.Contains(texts(r), "Saved.") })

	r.pressPrimary()
	r.untilTitle("Send it to OxfordIQ")
	r.snap("hand-over")
	if text := texts(r); strings.Contains(text, pass.Reveal()) || strings.Contains(text, value) {
		t.Error("the passphrase shows before anybody asked for it")
	}
	for _, l := range []string{"Read the mail", "Read the message", "What to say on the phone"} {
		r.press(l)
	}
	r.snap("hand-over-open")
	for _, button := range []string{"Copy the mail", "Copy the message", "Copy the subject"} {
		r.press(button)
		got := fyne.CurrentApp().Clipboard().Content()
		if got == "" || strings.Contains(got, pass.Reveal()) || strings.Contains(got, value) {
			t.Errorf("%s copies %q", button, got)
		}
	}
	r.press("Show the passphrase")
	r.scrollDown(900)
	r.snap("hand-over-passphrase")
	if !strings.Contains(strings.Join(strings.Fields(texts(r)), ""), pass.Reveal()) {
		t.Error("the passphrase cannot be read for the phone")
	}
	r.press("Hide the passphrase")
	if strings.Contains(strings.Join(strings.Fields(texts(r)), ""), pass.Reveal()) {
		t.Error("the passphrase cannot be hidden again")
	}

	// Marked, and then the local copy goes.
	r.pressPrimary()
	if status, _ := r.field("Who has it now?").Status(); status != parts.StatusBad {
		t.Error("nobody has it, and it is marked")
	}
	r.field("Who has it now?").SetText("  Sam at   OxfordIQ ")
	r.pressPrimary()
	r.until("the note", func() bool { return strings.Contains(texts(r), "Handed over.") })
	r.snap("hand-over-marked")
	id := r.journey.Answers().ConnectionID
	saved, _ := r.app.Connections.Get(id)
	if saved.HandedOver == nil || saved.HandedOver.To != "Sam at OxfordIQ" ||
		!saved.HandedOver.When.Equal(r.app.Now()) {
		t.Errorf("%+v", saved.HandedOver)
	}
	r.press("Delete my local copy")
	r.snap("hand-over-delete")
	r.confirm("Delete the secret here?")
	r.until("the copy to go", func() bool { return strings.Contains(texts(r), "not on this computer any more") })
	r.snap("hand-over-deleted")
	if _, err := os.Stat(filepath.Join(dir, "all.settings.age")); !os.IsNotExist(err) {
		t.Error("the encrypted file is still there", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "all.sheet.pdf")); err != nil {
		t.Error("the sheet is gone", err)
	}
	if _, err := r.app.Connections.Secret(t.Context(), id); !fault.Is(err, fault.KeychainMissing) {
		t.Error("the secret is still there", err)
	}
}

// A connection whose secret was deleted on request stays in the list without
// alarm, and every page says in words why it cannot be tested or exported.
func TestTheRestCopesWithoutTheSecret(t *testing.T) {
	r, _, before := savedOxfordIQ(t)
	if _, err := r.app.Connections.ForgetSecret(t.Context(), before.ID); err != nil {
		t.Fatal(err)
	}
	id, when := before.ID, time.Now().UTC().Format(journey.DateLayout)
	saved, ok := r.app.Connections.Get(id)
	if !ok || saved.Attention(r.app.Now()) == connections.SecretMissing {
		r.t.Errorf("%v %+v", ok, saved)
	}
	if _, err := r.app.Connections.Reconcile(r.t.Context()); err != nil {
		r.t.Error(err)
	}
	r.ShowHome()
	r.snap("home-secret-deleted")
	if text := texts(r); !strings.Contains(text, "was deleted here on "+when) {
		r.t.Errorf("the first page says %s", text)
	}
	showHelpdesk(r.nav, saved.ID).start()
	r.until("the words", func() bool { return strings.Contains(texts(r), "Who can fix it") })
	r.snap("test-secret-deleted")
	if text := texts(r); !strings.Contains(text, "It was deleted here on "+when) {
		r.t.Errorf("the test says %s", text)
	}
	showSavedExport(r.nav, saved, r.app.GuideByID(saved.VendorID))
	r.field("Save as").SetText(filepath.Join(r.t.TempDir(), "x.settings.age"))
	r.pressPrimary()
	r.until("the words", func() bool { return strings.Contains(texts(r), "Who can fix it") })
}
