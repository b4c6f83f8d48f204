package pages

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/connections"
	"entrada/internal/fault"
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

func (r *rig) chooseIn(group string, i int) {
	r.t.Helper()
	for _, o := range objects(r.shell) {
		if c, ok := o.(*parts.Choices); ok && strings.HasPrefix(c.AccessibilityLabel(), group) {
			c.Choose(i)
			return
		}
	}
	r.t.Fatalf("no choice %q", group)
}

// fold opens a fold or presses a link of the page.
func (r *rig) link(label string) {
	r.t.Helper()
	for _, o := range objects(r.shell) {
		if l, ok := o.(*parts.Link); ok && l.Label() == label {
			l.Press()
			return
		}
	}
	r.t.Fatalf("no link %q", label)
}

func (r *rig) confirm(title string) {
	r.t.Helper()
	d, ok := r.window.Canvas().Overlays().Top().(*parts.Dialog)
	if !ok || d.AccessibilityLabel() != title {
		r.t.Fatalf("the dialog is not %q", title)
	}
	d.Primary().Press()
}

func TestThePairIsSavedAndSentThreeWays(t *testing.T) {
	r, dir := onExport(t, "oxfordiq")
	r.link("See what will be written")
	r.snap("export-preview")
	if text := markup(r); !strings.Contains(text, "(hidden)") || !strings.Contains(text, "not on this sheet") {
		t.Error("the preview does not show both files")
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Error("something was written before anybody agreed")
	}
	pass := r.passphrase()
	r.shell.Primary().Press()
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
	r.field("Save as").SetText(filepath.Join(dir, "all.settings.age"))
	r.shell.Primary().Press()
	r.until("the question", func() bool { return r.window.Canvas().Overlays().Top() != nil })
	r.snap("export-replace")
	if again, _ := os.ReadFile(filepath.Join(dir, "all.settings.age")); string(again) != string(data) {
		t.Error("the file was replaced without asking")
	}
	pass = r.passphrase()
	r.confirm("Replace what is there?")
	r.until("both files", func() bool { return strings.Contains(texts(r), "Saved.") })

	r.shell.Primary().Press()
	r.untilTitle("Send it to OxfordIQ")
	r.snap("hand-over")
	if text := texts(r); strings.Contains(text, pass.Reveal()) || strings.Contains(text, value) {
		t.Error("the passphrase shows before anybody asked for it")
	}
	for _, l := range []string{"Read the mail", "Read the message", "What to say on the phone"} {
		r.link(l)
	}
	r.snap("hand-over-open")
	for _, button := range []string{"Copy the mail", "Copy the message", "Copy the subject"} {
		r.pressOnPage(button)
		got := fyne.CurrentApp().Clipboard().Content()
		if got == "" || strings.Contains(got, pass.Reveal()) || strings.Contains(got, value) {
			t.Errorf("%s copies %q", button, got)
		}
	}
	r.hold(true)
	if !strings.Contains(texts(r), pass.Reveal()) {
		t.Error("the passphrase cannot be read for the phone")
	}
	r.hold(false)

	// Marked, and then the local copy goes.
	r.shell.Primary().Press()
	if status, _ := r.field("Who has it now?").Status(); status != parts.StatusBad {
		t.Error("nobody has it, and it is marked")
	}
	r.field("Who has it now?").SetText("  Sam at   OxfordIQ ")
	r.shell.Primary().Press()
	r.until("the note", func() bool { return strings.Contains(texts(r), "Handed over.") })
	r.snap("hand-over-marked")
	id := r.journey.Answers().ConnectionID
	saved, _ := r.world.Connections.Get(id)
	if saved.HandedOver == nil || saved.HandedOver.To != "Sam at OxfordIQ" || !saved.HandedOver.When.Equal(r.world.Now()) {
		t.Errorf("%+v", saved.HandedOver)
	}
	r.link("Delete my local copy")
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
	if _, err := r.world.Connections.Secret(t.Context(), id); !fault.Is(err, fault.KeychainMissing) {
		t.Error("the secret is still there", err)
	}
}

// A connection whose secret was deleted on request stays in the list without
// alarm, and every page says in words why it cannot be tested or exported.
func TestTheRestCopesWithoutTheSecret(t *testing.T) {
	r, _, before := savedOxfordIQ(t)
	if _, err := r.world.Connections.ForgetSecret(t.Context(), before.ID); err != nil {
		t.Fatal(err)
	}
	id, when := before.ID, time.Now().UTC().Format(journey.DateLayout)
	saved, ok := r.world.Connections.Get(id)
	if !ok || saved.Attention(r.world.Now()) == connections.SecretMissing {
		r.t.Errorf("%v %+v", ok, saved)
	}
	if _, err := r.world.Connections.Reconcile(r.t.Context()); err != nil {
		r.t.Error(err)
	}
	r.ShowHome()
	r.snap("home-secret-deleted")
	if text := texts(r); !strings.Contains(text, "was deleted here on "+when) {
		r.t.Errorf("the first page says %s", text)
	}
	r.showHelpdesk(saved.ID).start()
	r.until("the words", func() bool { return strings.Contains(texts(r), "Who can fix it") })
	r.snap("test-secret-deleted")
	if text := texts(r); !strings.Contains(text, "It was deleted here on "+when) {
		r.t.Errorf("the test says %s", text)
	}
	r.showSavedExport(saved, r.world.GuideByID(saved.VendorID))
	r.field("Save as").SetText(filepath.Join(r.t.TempDir(), "x.settings.age"))
	r.shell.Primary().Press()
	r.until("the words", func() bool { return strings.Contains(texts(r), "Who can fix it") })
}

// hold holds the button of the page's secret down with the mouse, or lets it go.
// A page that has just come takes no click for a moment.
func (r *rig) hold(down bool) {
	r.t.Helper()
	for _, o := range objects(r.shell) {
		b, ok := o.(*parts.Button)
		if !ok || b.Label() != "Hold to show" {
			continue
		}
		if !down {
			b.MouseUp(&desktop.MouseEvent{})
			return
		}
		before := texts(r)
		for limit := time.Now().Add(5 * time.Second); texts(r) == before; {
			if time.Now().After(limit) {
				r.t.Fatal("nothing shows while the button is held")
			}
			b.MouseDown(&desktop.MouseEvent{})
		}
		return
	}
	r.t.Fatal("no secret on the page")
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
		r.shell.Primary().Press()
		r.until(f.ID, func() bool { return strings.Contains(texts(r), "Saved.") && strings.Contains(texts(r), f.Suffix) })
		data, err := os.ReadFile(path)
		if err != nil || len(data) == 0 || strings.Contains(string(data), value) {
			t.Errorf("%s: %v", f.ID, err)
		}
	}
}

// For the vendor's own key no passphrase is spoken of.
func TestLockedForTheVendorsKey(t *testing.T) {
	r, dir := onExport(t, "oxfordiq")
	r.link("OxfordIQ sent me a public key")
	key := r.field("OxfordIQ's public key")
	key.SetText("ssh-ed25519 AAAA")
	if status, said := key.Status(); status != parts.StatusBad || !strings.Contains(said, "age1") {
		t.Error(said)
	}
	r.shell.Primary().Press()
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Error("something was written for a key that is none")
	}
	key.SetText("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
	r.snap("export-public-key")
	r.shell.Primary().Press()
	r.until("the files", func() bool { return strings.Contains(texts(r), "Saved.") })
	data, err := os.ReadFile(filepath.Join(dir, "all.settings.age"))
	if k, keyErr := handover.KeyOf(data); err != nil || keyErr != nil || k != handover.KeyIdentity {
		t.Error(k, err, keyErr)
	}
	r.shell.Primary().Press()
	r.untilTitle("Send it to OxfordIQ")
	if text := texts(r); strings.Contains(text, "passphrase") {
		t.Error(text)
	}
}

// received is a rig on the page that shows an opened file, made on another
// computer of the same practice organisation.
func received(t *testing.T) (r *rig, file string, pass secret.Value) {
	t.Helper()
	from, _, saved := savedOxfordIQ(t)
	file, pass = filepath.Join(t.TempDir(), "oxfordiq.settings.age"), handover.GeneratePassphrase()
	v, err := from.world.Connections.Secret(t.Context(), saved.ID)
	if err != nil {
		t.Fatal(err)
	}
	data, err := handover.Encrypted(from.world.Package(saved, from.world.GuideByID(saved.VendorID), journey.Secrets{Client: v}), pass)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	r = from
	if r.world.Connections, err = connections.Open(t.TempDir(), connections.MemoryKeychain()); err != nil {
		t.Fatal(err)
	}
	r.ShowHome()
	return r, file, pass
}

func TestAHandOverIsOpenedTestedAndKept(t *testing.T) {
	r, file, pass := received(t)
	r.link("Open a hand-over that somebody sent you")
	r.untilTitle("Open a hand-over")
	r.snap("receive")
	r.field("File").SetText(file)
	r.snap("receive-passphrase")
	r.field("Passphrase").SetText("another-passphrase-that-is-wrong")
	r.shell.Primary().Press()
	r.until("the answer", func() bool { s, _ := r.field("Passphrase").Status(); return s == parts.StatusBad })
	r.snap("receive-wrong")
	r.field("Passphrase").SetText(pass.Reveal())
	r.shell.Primary().Press()
	r.untilTitle("A hand-over for OxfordIQ")
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
	if len(r.world.Connections.List()) != 0 {
		t.Error("something was kept before anybody agreed")
	}

	// Tested before it is kept, with the page of all tests.
	r.pressOnPage("Test it")
	r.until("the quick answer", func() bool { return strings.Contains(texts(r), "All is well so far.") })
	r.snap("received-quick")
	r.pressOnPage("Sign in and test the mailbox")
	r.untilTitle("Is this you?")
	r.shell.Primary().Press()
	r.until("the whole answer", func() bool { return strings.Contains(texts(r), "It works.") })
	r.snap("received-tested")
	r.shell.Primary().Press()
	r.untilTitle("Connect an app to Outlook")
	r.snap("received-kept")
	list := r.world.Connections.List()
	if len(list) != 1 || list[0].VendorID != "oxfordiq" || list[0].LastResult != connections.ResultOK {
		t.Fatalf("%+v", list)
	}
	if v, err := r.world.Connections.Secret(t.Context(), list[0].ID); err != nil || v.Reveal() != theSecret {
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
	r.world.HTTP = &http.Client{Transport: nobody{t}}
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
		"cut":      {data[:len(data)-20], "damaged"},
		"altered":  {altered, "damaged"},
		"foreign":  {[]byte("%PDF-1.7 something else"), "damaged"},
		"newer":    {newer, "newer version"},
		"too big":  {make([]byte, handover.MaxFile+1), "larger"},
		"hostile":  {[]byte("age-encryption.org/v1\n-> scrypt bGlicmFyeSBvZiBzYWx0 22\nbm9ib2R5IG9wZW5zIHRoaXMgYm94IGZvciBvdXJz\n--- aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n" + strings.Repeat("x", 64)), "damaged"},
		"of a key": {[]byte("age-encryption.org/v1\n-> X25519 aaaa\nbbbb\n--- cccc\n"), "opens with a key"},
	} {
		path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		r.showReceive(path)
		if strings.Contains(texts(r), "Passphrase") {
			r.field("Passphrase").SetText(pass.Reveal())
		}
		r.shell.Primary().Press()
		r.until(name, func() bool { return strings.Contains(texts(r), c.says) })
		if name == "cut" {
			r.snap("receive-damaged")
		}
	}
	r.showReceive(filepath.Join(dir, "nothing there"))
	r.shell.Primary().Press()
	r.until("no file", func() bool { return strings.Contains(texts(r), "Who can fix it") })
	if len(r.world.Connections.List()) != 0 {
		t.Error("something was kept")
	}
}

// I10: another secret for a connection that is saved here is not taken without
// asking, and the page says what to compare.
func TestAnotherSecretIsNotTakenSilently(t *testing.T) {
	r, file, pass := received(t)
	r.world.HTTP = &http.Client{Transport: nobody{t}}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := handover.Open(data, pass)
	if err != nil {
		t.Fatal(err)
	}
	old, err := r.world.Keep(context.Background(), r.world.Receive(pkg).Record(), secret.New(value))
	if err != nil {
		t.Fatal(err)
	}
	r.showReceive(file)
	r.field("Passphrase").SetText(pass.Reveal())
	r.shell.Primary().Press()
	r.untilTitle("A hand-over for OxfordIQ")
	if text := texts(r); !strings.Contains(text, "Compare the fingerprint") || !strings.Contains(text, pkg.Fingerprint) {
		t.Error(text)
	}
	r.shell.Primary().Press()
	r.snap("received-replace")
	if v, _ := r.world.Connections.Secret(t.Context(), old.ID); v.Reveal() != value {
		t.Error("it was replaced without asking")
	}
	r.confirm("Replace the secret of “" + old.Name + "”?")
	r.untilTitle("Connect an app to Outlook")
	if v, _ := r.world.Connections.Secret(t.Context(), old.ID); !v.Equal(pkg.ClientSecret) || len(r.world.Connections.List()) != 1 {
		t.Error("it was not replaced")
	}
}

// A file of a real organisation is only looked at while practising.
func TestARealHandOverIsNotTestedInPractice(t *testing.T) {
	r := newRig(t, fyne.NewSize(900, 620), fynetheme.VariantDark)
	p := r.world.Package(connections.Record{TenantID: tenantID, TenantDomain: "contoso.example", ClientID: clientID}, r.world.GuideByID("oxfordiq"), journey.Secrets{})
	p.CloudID, p.AuthorityURL, p.TokenURL = "global", "", ""
	data, err := handover.JSON(p)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.settings.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	r.showReceive(path)
	r.snap("receive-small")
	r.shell.Primary().Press()
	r.untilTitle("A hand-over for OxfordIQ")
	r.snap("received-elsewhere")
	if text := texts(r); !strings.Contains(text, "belongs to a real organisation") || r.shell.Primary().Label() != "Done" {
		t.Error(text)
	}
}
