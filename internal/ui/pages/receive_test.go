package pages

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/connections"
	"entrada/internal/flow/deliver"
	"entrada/internal/handover"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// received is a rig on the page that shows an opened file, made on another
// computer of the same practice organisation.
func received(t *testing.T) (r *rig, file string, pass secret.Value) {
	t.Helper()
	from, _, saved := savedOxfordIQ(t)
	file, pass = filepath.Join(t.TempDir(), "oxfordiq.settings.age"), handover.GeneratePassphrase()
	v, err := from.app.Connections.Secret(t.Context(), saved.ID)
	if err != nil {
		t.Fatal(err)
	}
	data, err := handover.Encrypted(
		deliver.Package(from.app, saved, from.app.GuideByID(saved.VendorID), deliver.Secrets{Client: v}), pass)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	r = from
	if r.app.Connections, err = connections.Open(t.TempDir(), connections.MemoryKeychain()); err != nil {
		t.Fatal(err)
	}
	r.ShowHome()
	return r, file, pass
}

// opens presses the blue button of a page that opens something, and waits for
// the next page.
func (r *rig) opens(next string) {
	r.t.Helper()
	if r.shell.Primary().Disabled() {
		r.t.Fatalf("%q cannot be opened yet", r.window.Title())
	}
	r.pressPrimary()
	r.untilTitle(next)
}

func TestAHandOverIsOpenedTestedAndKept(t *testing.T) {
	r, file, pass := received(t)
	r.press("Open a hand-over that somebody sent you")
	r.untilTitle("Open a hand-over")
	r.snap("receive")
	r.field("File").SetText(file)
	r.opens("This file opens with a passphrase")
	r.snap("receive-passphrase")
	r.field("Passphrase").SetText("another-passphrase-that-is-wrong")
	r.opens("The file did not open")
	r.snap("receive-wrong")
	if status, _ := r.field("Passphrase").Status(); status != parts.StatusBad || r.field("Passphrase").Text() != "" {
		t.Error("what was typed is still there")
	}
	r.field("Passphrase").SetText(pass.Reveal())
	r.opens("A hand-over for OxfordIQ")
	r.snap("received")
	var theSecret string
	r.hold(true)
	for _, word := range strings.Fields(texts(r)) {
		if strings.Contains(word, "8Q~") {
			theSecret = word
		}
	}
	r.hold(false)
	if theSecret == "" || strings.Contains(markup(r), theSecret) {
		t.Errorf("held: %q; let go: it shows %v", theSecret, strings.Contains(markup(r), theSecret))
	}
	if len(r.app.Connections.List()) != 0 {
		t.Error("something was kept before anybody agreed")
	}

	// Tested before it is kept, with the page of all tests.
	r.press("Test it")
	r.until("the quick answer", func() bool { return strings.Contains(texts(r), "All is well so far.") })
	r.snap("received-quick")
	r.press("Sign in and test the mailbox")
	r.untilTitle("Is this you?")
	r.pressPrimary()
	r.until("the whole answer", func() bool { return strings.Contains(texts(r), "It works.") })
	r.snap("received-tested")
	r.pressPrimary()
	r.untilTitle("It is kept")
	r.snap("received-kept")
	r.pressPrimary()
	r.untilTitle("Connect an app to Outlook")
	list := r.app.Connections.List()
	if len(list) != 1 || list[0].VendorID != "oxfordiq" || list[0].LastResult != connections.ResultOK {
		t.Fatalf("%+v", list)
	}
	if v, err := r.app.Connections.Secret(t.Context(), list[0].ID); err != nil || v.Reveal() != theSecret {
		t.Error("another secret is kept", err)
	}
}

// nobody is a network that nothing may use.
type nobody struct{ t *testing.T }

func (n nobody) RoundTrip(q *http.Request) (*http.Response, error) {
	n.t.Errorf("%s was asked", q.URL.Host)
	return nil, errors.New("no network")
}

// Whatever is wrong with a file is a sentence, and nothing is kept. I12: nobody
// is asked, whatever the file says.
func TestBadHandOversAreASentence(t *testing.T) {
	r, file, pass := received(t)
	r.app.HTTP = &http.Client{Transport: nobody{t}}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	altered := append([]byte{}, data...)
	altered[len(altered)-5] ^= 1
	newer := []byte(`{"format":"entrada-settings","version":2}`)
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"cut":     {data[:len(data)-20], "damaged"},
		"altered": {altered, "damaged"},
		"foreign": {[]byte("%PDF-1.7 something else"), "damaged"},
		"newer":   {newer, "newer version"},
		"too big": {make([]byte, handover.MaxFile+1), "larger"},
		"hostile": {[]byte(
			"age-encryption.org/v1\n-> scrypt bGlicmFyeSBvZiBzYWx0 " +
				"22\nbm9ib2R5IG9wZW5zIHRoaXMgYm94IGZvciBvdXJz\n--- aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n" +
				strings.Repeat("x", 64)), "damaged"},
		"of a key": {[]byte("age-encryption.org/v1\n-> X25519 aaaa\nbbbb\n--- cccc\n"), "opens with a key"},
	} {
		path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		showReceive(r.nav, path)
		r.pressPrimary()
		r.until("a look at the file", func() bool { return r.shell.Page().Title != "Opening the file" })
		if strings.Contains(texts(r), "Passphrase") {
			r.field("Passphrase").SetText(pass.Reveal())
			r.pressPrimary()
		}
		r.until(name, func() bool { return strings.Contains(texts(r), c.says) })
		if name == "cut" {
			r.snap("receive-damaged")
		}
	}
	showReceive(r.nav, filepath.Join(dir, "nothing there"))
	r.pressPrimary()
	r.until("no file", func() bool { return strings.Contains(texts(r), "Who can fix it") })
	if len(r.app.Connections.List()) != 0 {
		t.Error("something was kept")
	}
}

// I10: another secret for a connection that is saved here is not taken without
// asking, and the page says what to compare.
func TestAnotherSecretIsNotTakenSilently(t *testing.T) {
	r, file, pass := received(t)
	r.app.HTTP = &http.Client{Transport: nobody{t}}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := handover.Open(data, pass)
	if err != nil {
		t.Fatal(err)
	}
	old, err := r.app.Connections.Save(context.Background(), deliver.Receive(r.app, pkg).Record(), secret.New(value))
	if err != nil {
		t.Fatal(err)
	}
	showReceive(r.nav, file)
	r.opens("This file opens with a passphrase")
	r.field("Passphrase").SetText(pass.Reveal())
	r.opens("A hand-over for OxfordIQ")
	if text := texts(r); !strings.Contains(text, "Compare the fingerprint") ||
		!strings.Contains(text, pkg.Fingerprint) {
		t.Error(text)
	}
	r.opens("Replace the secret of “" + old.Name + "”?")
	r.snap("received-replace")
	if v, _ := r.app.Connections.Secret(t.Context(), old.ID); v.Reveal() != value {
		t.Error("it was replaced without asking")
	}
	r.press("Replace it")
	r.untilTitle("It is kept")
	if v, _ := r.app.Connections.Secret(t.Context(), old.ID); !v.Equal(pkg.ClientSecret) ||
		len(r.app.Connections.List()) != 1 {
		t.Error("it was not replaced")
	}
}

// A file of a real organisation is only looked at while practising.
func TestARealHandOverIsNotTestedInPractice(t *testing.T) {
	r := newRig(t, fyne.NewSize(900, 620), fynetheme.VariantDark)
	p := deliver.Package(r.app,
		connections.Record{TenantID: tenantID, TenantDomain: "contoso.example", ClientID: clientID},
		r.app.GuideByID("oxfordiq"), deliver.Secrets{})
	p.CloudID, p.AuthorityURL, p.TokenURL = "global", "", ""
	data, err := handover.JSON(p)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.settings.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	showReceive(r.nav, path)
	r.snap("receive-small")
	r.pressPrimary()
	r.untilTitle("A hand-over for OxfordIQ")
	r.snap("received-elsewhere")
	if text := texts(r); !strings.Contains(text, "belongs to a real organisation") ||
		r.shell.Primary().Label() != "Done" {
		t.Error(text)
	}
}
