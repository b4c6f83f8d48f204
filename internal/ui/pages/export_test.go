package pages

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/handover"
	"entrada/internal/journey"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// onExport is a rig on the export page, with a folder to save in.
func onExport(t *testing.T, vendor string) (r *rig, dir string) {
	t.Helper()
	r = newRig(t, fyne.NewSize(1080, 720), fynetheme.VariantLight)
	r.fillTo(vendor, journey.PageExport)
	dir = t.TempDir()
	r.field("Save as").SetText(filepath.Join(dir, "all.settings.age"))
	return r, dir
}

// passphrase reads what the page shows for the phone.
func (r *rig) passphrase() secret.Value {
	r.t.Helper()
	m := regexp.MustCompile(`\b(?:[a-z]{4}-){9}[a-z]{4}\b`).FindString(texts(r))
	if m == "" {
		r.t.Fatalf("no passphrase is shown: %s", texts(r))
	}
	return secret.New(m)
}

// Every other format is one choice away, and asks for no passphrase.
func TestEveryOtherFormatIsSaved(t *testing.T) {
	r, dir := onExport(t, "cxt")
	r.chooseIn("What to save", 1)
	r.snap("export-other")
	for i, f := range handover.Formats() {
		if f.Sealed {
			continue
		}
		r.chooseIn("Kind of file", i)
		path := r.field("Save as").Text()
		if path != filepath.Join(dir, "all."+f.Suffix) {
			t.Errorf("%s: the name is %s", f.ID, path)
		}
		r.pressPrimary()
		r.until(f.ID,
			func() bool { return strings.Contains(texts(r), "Saved.") && strings.Contains(texts(r), f.Suffix) })
		data, err := os.ReadFile(path)
		if err != nil || len(data) == 0 || strings.Contains(string(data), value) {
			t.Errorf("%s: %v", f.ID, err)
		}
	}
}

// For the vendor's own key no passphrase is spoken of.
func TestLockedForTheVendorsKey(t *testing.T) {
	r, dir := onExport(t, "oxfordiq")
	r.press("OxfordIQ sent me a public key")
	key := r.field("OxfordIQ's public key")
	key.SetText("ssh-ed25519 AAAA")
	if status, said := key.Status(); status != parts.StatusBad || !strings.Contains(said, "age1") {
		t.Error(said)
	}
	r.pressPrimary()
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Error("something was written for a key that is none")
	}
	key.SetText("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
	r.snap("export-public-key")
	r.pressPrimary()
	r.until("the files", func() bool { return strings.Contains(texts(r), "Saved.") })
	data, err := os.ReadFile(filepath.Join(dir, "all.settings.age"))
	if k, keyErr := handover.KeyOf(data); err != nil || keyErr != nil || k != handover.KeyIdentity {
		t.Error(k, err, keyErr)
	}
	r.pressPrimary()
	r.untilTitle("Send it to OxfordIQ")
	if text := texts(r); strings.Contains(text, "passphrase") {
		t.Error(text)
	}
}
