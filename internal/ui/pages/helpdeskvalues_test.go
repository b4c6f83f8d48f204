package pages

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"entrada/internal/flow/deliver"
	"entrada/internal/handover"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// TestTypedValuesAreForgotten: they are tested, and nothing of them is left on
// this computer, in the keychain or on the page.
func TestTypedValuesAreForgotten(t *testing.T) {
	r, _, saved := savedFor(t, "oxfordiq")
	value, err := r.app.Connections.Secret(t.Context(), saved.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.app.Connections.RemoveEverything(t.Context()); err != nil {
		t.Fatal(err)
	}
	parts.Settle(5 * time.Second)
	_ = os.Remove(filepath.Join(r.app.Home, "journey.json"))
	_ = os.RemoveAll(filepath.Join(r.app.Home, "registrations"))
	before := files(t, r.app.Home)
	r.ShowHome()
	r.press("Test a connection")
	r.untilTitle("Test values that you type in")
	if !r.shell.Primary().Disabled() {
		t.Error("nothing is typed, and it can be tested")
	}
	r.field("Organisation").SetText("alex@contoso.example")
	r.field("Application (client) ID").SetText(saved.ClientID)
	r.field("Client secret value").SetText(value.Reveal())
	r.snap("helpdesk-typed")
	r.press("Test")
	r.untilTitle("All is well so far")
	r.snap("helpdesk-typed-passed")
	r.press("Copy report")
	if strings.Contains(r.clipboard()+markup(r), value.Reveal()) {
		t.Error("the secret got out")
	}
	r.press("Back")
	if after := files(t, r.app.Home); after != before {
		t.Errorf("something was stored:\n%s\nbefore:\n%s", after, before)
	}
	if _, err := r.app.Connections.Secret(t.Context(), saved.ID); err == nil || len(r.app.Connections.List()) != 0 {
		t.Error("something is saved")
	}
	r.press("Test a connection")
	for _, label := range []string{"Organisation", "Application (client) ID", "Client secret value"} {
		if text := r.field(label).Text(); text != "" {
			t.Errorf("%s still holds %q", label, text)
		}
	}
}

// files lists what lies in a folder, with sizes.
func files(t *testing.T, dir string) string {
	t.Helper()
	var all []string
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() && !strings.HasSuffix(path, ".lock") && !strings.HasSuffix(path, ".busy") {
			all = append(all, fmt.Sprint(path, " ", info.Size()))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}

// TestAnExportedFileIsTested: an encrypted one after its passphrase, and each
// readable one with the secret pasted. Nothing of them is stored.
func TestAnExportedFileIsTested(t *testing.T) {
	r, _, saved := savedFor(t, "oxfordiq")
	value, err := r.app.Connections.Secret(t.Context(), saved.ID)
	if err != nil {
		t.Fatal(err)
	}
	g := r.app.GuideByID(saved.VendorID)
	folder, passphrase := t.TempDir(), "moon lantern walnut gravel tuesday"
	for _, id := range []string{handover.FormatJSON, handover.FormatEnv, handover.FormatSealed} {
		format, _ := handover.FormatByID(id)
		name := "a." + format.Suffix
		pkg := deliver.Package(r.app, saved, g, secretsOf(value, format.Sealed))
		data, err := format.Write(pkg, handover.Lock{Passphrase: secret.New(passphrase)})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		showHelpdesk(r.nav, "")
		r.press("From an exported file …")
		r.field("Exported file").SetText(path)
		r.press("Open")
		if format.Sealed {
			r.until("the question", func() bool { return r.window.Canvas().Overlays().Top() != nil })
			r.snap("helpdesk-passphrase")
			r.inDialog("Passphrase").SetText("sun lantern walnut gravel tuesday")
			r.press("Open")
			r.until("the answer", func() bool {
				return r.window.Canvas().Overlays().Top() != nil &&
					strings.Contains(test.RenderObjectToMarkup(r.window.Canvas().Overlays().Top()), "does not open it")
			})
			r.snap("helpdesk-passphrase-wrong")
			r.inDialog("Passphrase").SetText(passphrase)
			r.press("Open")
		}
		r.until("the values", func() bool { return strings.Contains(texts(r), "the values in it are filled in below") })
		r.snap("helpdesk-file-" + name)
		if !format.Sealed {
			if !r.shell.Primary().Disabled() {
				t.Errorf("%s: without a secret it can be tested", name)
			}
			r.field("Client secret value").SetText(value.Reveal())
		}
		r.press("Test")
		r.untilTitle("All is well so far")
	}
	if n := len(r.app.Connections.List()); n != 1 {
		t.Errorf("%d connections are saved", n)
	}
	// What is no such file says so.
	path := filepath.Join(folder, "letter.txt")
	if err := os.WriteFile(path, []byte("Dear helpdesk"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.press("From an exported file …")
	r.field("Exported file").SetText(path)
	r.press("Open")
	r.until("the fault", func() bool { return strings.Contains(texts(r), "Who can fix it") })
}

// secretsOf are what an encrypted file holds.
func secretsOf(v secret.Value, sealed bool) deliver.Secrets {
	if !sealed {
		return deliver.Secrets{}
	}
	return deliver.Secrets{Client: v}
}

// TestAVendorOfNoGuide: what it may do is ticked.
func TestAVendorOfNoGuide(t *testing.T) {
	r, _, saved := savedByItself(t)
	value, err := r.app.Connections.Secret(t.Context(), saved.ID)
	if err != nil {
		t.Fatal(err)
	}
	d := showHelpdesk(r.nav, "")
	r.press("Values that I type in")
	r.field("Organisation").SetText("contoso.example")
	r.field("Application (client) ID").SetText(saved.ClientID)
	r.field("Client secret value").SetText(value.Reveal())
	labels, _ := d.values.kinds(r.app)
	onPage[*parts.Select](r).Choose(len(labels) - 1)
	if !r.shell.Primary().Disabled() {
		t.Error("nothing is ticked, and it can be tested")
	}
	var groups []*parts.Choices
	for _, o := range objects(r.shell) {
		if c, ok := o.(*parts.Choices); ok {
			groups = append(groups, c)
		}
	}
	groups[0].Choose(1) // read mail
	groups[1].Choose(1) // by itself
	if !r.shell.Primary().Disabled() {
		t.Error("no mailbox is named, and it can be tested")
	}
	r.field("Mailbox to test with").SetText("megan@contoso.example")
	r.snap("helpdesk-own-choice")
	r.press("Test")
	r.untilTitle("Everything works")
	if text := texts(r); !strings.Contains(text, "Newest mail read") ||
		strings.Contains(text, "Mail from the mailbox") {
		t.Error(text)
	}
}
