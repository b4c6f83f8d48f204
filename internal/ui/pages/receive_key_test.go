package pages

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/agefile/agefiletest"
	"entrada/internal/flow/deliver"
	"entrada/internal/handover"
	"entrada/internal/journey"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// forKey is a rig of somebody who was sent a file that is locked with their
// public key, and write, which puts text into a file beside it.
func forKey(t *testing.T, size fyne.Size, variant fyne.ThemeVariant) (r *rig, file string, key *age.X25519Identity,
	write func(name, text string) string) {
	t.Helper()
	r = newRig(t, size, variant)
	r.app.HTTP = &http.Client{Transport: nobody{t}}
	r.fillTo("oxfordiq", journey.PageExport)
	saved, _ := r.app.Connections.Get(r.journey.Answers().ConnectionID)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	data, err := handover.EncryptedTo(
		deliver.Package(r.app, saved, r.app.GuideByID("oxfordiq"), deliver.Secrets{Client: secret.New(value)}),
		key.Recipient().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.app.Connections.Remove(t.Context(), saved.ID); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write = func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return r, write("oxfordiq.settings.age", string(data)), key, write
}

func (r *rig) untilBad(label string) string {
	r.t.Helper()
	r.until("words at "+label, func() bool { s, _ := r.field(label).Status(); return s == parts.StatusBad })
	_, said := r.field(label).Status()
	return said
}

// What a vendor with a key of its own is sent opens in the window, with the key
// file, and a wrong one is told apart from a foreign one.
func TestAFileForOnesOwnKeyOpensInTheWindow(t *testing.T) {
	r, file, key, write := forKey(t, fyne.NewSize(1080, 720), fynetheme.VariantLight)
	other, _ := age.GenerateX25519Identity()
	showReceive(r.nav, file)
	r.opens("This file opens with a key")
	r.snap("receive-key")
	if focused := r.window.Canvas().Focused(); focused != r.field("Your key file").Entry() {
		t.Errorf("the keyboard is at %T", focused)
	}
	r.field("Your key file").SetText(write("notes.txt", "no key at all"))
	if said := r.untilBad("Your key file"); !strings.Contains(said, "not a key file") {
		t.Error(said)
	}
	r.field("Your key file").SetText(write("other.txt", other.String()+"\n"))
	r.pressPrimary()
	r.untilTitle("Opening the file")
	r.untilTitle("This file opens with a key")
	if said := r.untilBad("Your key file"); !strings.Contains(said, "another key") ||
		strings.Contains(said, "AGE-SECRET") {
		t.Error(said)
	}
	r.snap("receive-key-foreign")
	r.field("Your key file").SetText(write("key.txt", "# created: today\n"+key.String()+"\n"))
	r.opens("A hand-over for OxfordIQ")
	r.snap("received-by-key")
	if text := texts(r); !strings.Contains(text, "anybody may have") || strings.Contains(text, key.String()) ||
		strings.Contains(text, value) {
		t.Error(text)
	}
}

// The key file may be behind a passphrase of its own.
func TestALockedKeyFileOpensInTheWindow(t *testing.T) {
	r, file, key, write := forKey(t, fyne.NewSize(900, 620), fynetheme.VariantDark)
	path := write("key.age", agefiletest.Locked(key.String(), "horse battery"))
	showReceive(r.nav, file)
	r.opens("This file opens with a key")
	r.field("Your key file").SetText(path)
	r.opens("Your key file has a passphrase of its own")
	r.snap("receive-key-locked")
	if focused := r.window.Canvas().Focused(); focused != r.field("Passphrase of your key file").Entry() {
		t.Errorf("the keyboard is at %T", focused)
	}
	r.field("Passphrase of your key file").SetText("horse")
	r.opens("The file did not open")
	if said := r.untilBad("Passphrase of your key file"); !strings.Contains(said, "does not open") {
		t.Error(said)
	}
	r.snap("receive-key-wrong")

	// E09: a key file that would take gigabytes is refused in words.
	r.shell.Page().Back()
	r.field("Your key file").SetText(
		write("hostile.age", strings.Replace(agefiletest.Locked(key.String(), "horse battery"), " 10\n", " 22\n", 1)))
	r.opens("Your key file has a passphrase of its own")
	r.field("Passphrase of your key file").SetText("horse battery")
	r.opens("This file opens with a key")
	if said := r.untilBad("Your key file"); !strings.Contains(said, "more memory") {
		t.Error(said)
	}
	r.field("Your key file").SetText(path)
	r.opens("Your key file has a passphrase of its own")
	r.field("Passphrase of your key file").SetText("horse battery")
	r.opens("A hand-over for OxfordIQ")
}

// The helpdesk's page asks for no passphrase that cannot open the file, and
// leads to where it opens.
func TestTheHelpdeskLeadsOnWithAFileForAKey(t *testing.T) {
	r, file, _, _ := forKey(t, fyne.NewSize(1080, 720), fynetheme.VariantLight)
	showHelpdesk(r.nav, "")
	r.press("From an exported file …")
	r.field("Exported file").SetText(file)
	r.pressPrimary()
	r.until("the answer", func() bool { return strings.Contains(texts(r), "opens with a key") })
	r.snap("helpdesk-file-for-key")
	r.press("Open it as a hand-over")
	r.untilTitle("Open a hand-over")
	if r.field("File").Text() != file {
		t.Error("the file is not taken along")
	}
	r.opens("This file opens with a key")
}
