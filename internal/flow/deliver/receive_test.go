package deliver

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"entrada/internal/agefile/agefiletest"
	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/handover"
	"entrada/internal/secret"
)

const told = "lomu-tiga-bena-rudo-kilu-fema"

// sent is a file that somebody with another computer made, and its secret.
func (d *desk) sent(l handover.Lock) (file string, v secret.Value) {
	d.t.Helper()
	r := d.saved()
	v, err := d.app.Connections.Secret(d.t.Context(), r.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	file = filepath.Join(d.t.TempDir(), "oxfordiq.settings.age")
	f, _ := handover.FormatByID(handover.FormatSealed)
	if err := Export(d.t.Context(), d.app, r, d.app.GuideByID(r.VendorID), l, secret.Value{}, false,
		[]Output{{Format: f, Path: file}}); err != nil {
		d.t.Fatal(err)
	}
	d.another()
	return file, v
}

func (d *desk) receiving() *Receiving { return &Receiving{App: d.app} }

// silent is a network that nobody may use.
type silent struct{ t *testing.T }

func (s silent) RoundTrip(r *http.Request) (*http.Response, error) {
	s.t.Errorf("%s was asked", r.URL.Host)
	return nil, errors.New("no network")
}

// What was handed over is opened, tested and kept; nothing is before anybody
// wants it.
func TestAHandOverIsOpenedTestedAndKept(t *testing.T) {
	d := newDesk(t)
	file, v := d.sent(handover.Lock{Passphrase: secret.New(told)})
	p := d.person().opens(d.receiving().Screen("")).is("hand-over").types("file", file).takes("open").is("passphrase")
	p.types("passphrase", "not the right one").takes("open").is("passphrase")
	if f := p.field("passphrase"); !strings.Contains(f.Wrong, "Small letters") || !f.Secret.IsEmpty() {
		t.Errorf("%+v", f)
	}
	p.types("passphrase", told).takes("open").is("opened")
	p.reads("Compare the fingerprint", v.Fingerprint(), "What OxfordIQ asked for", "Made by", "Does it work?")
	if strings.Contains(words(p.screen), v.Reveal()) || len(d.app.Connections.List()) != 0 {
		t.Error("the secret shows, or is kept already")
	}
	p.takes("test").is("opened").reads("All is well so far.",
		"What was tested").takes("try").is("is-this-you").takes("yes").is("opened").reads("It works.")
	p.takes("keep").is("kept").reads("Saved as", "in the keychain",
		"You can delete the file").takes("done").ends(flow.Done)
	if r := d.only(v); r.LastResult != connections.ResultOK || r.VendorID != "oxfordiq" {
		t.Errorf("%+v", r)
	}
}

// What a test said of one file is not believed of the next.
func TestATestIsOfOneFile(t *testing.T) {
	d := newDesk(t)
	file, _ := d.sent(handover.Lock{Passphrase: secret.New(told)})
	p := d.person().opens(d.receiving().Screen(file))
	for range 2 {
		p.takes("open").types("passphrase", told).takes("open").is("opened").reads("Does it work?")
		p.takes("test").is("opened").reads("All is well so far.").takes("back")
	}
}

// A test that fails says who can mend it, and it can be kept all the same.
func TestAHandOverThatDoesNotWork(t *testing.T) {
	d := newDesk(t)
	file, v := d.sent(handover.Lock{Passphrase: secret.New(told)})
	if err := d.SetFault("secret-wrong", true); err != nil {
		t.Fatal(err)
	}
	p := d.person().opens(d.receiving().Screen(file)).takes("open").types("passphrase", told).takes("open",
		"test").is("opened")
	p.reads("The client secret that was sent is not the right one.").takes("keep", "done").ends(flow.Done)
	if r := d.only(v); r.LastResult != connections.ResultFailed {
		t.Errorf("%+v", r)
	}
}

// Without a keychain there are the same ways as for who made the connection.
func TestAHandOverIsKeptElsewhere(t *testing.T) {
	d := newDesk(t)
	file, v := d.sent(handover.Lock{Passphrase: secret.New(told)})
	d.keychain.breaks(fault.KeychainUnavailable)
	opened := d.person().opens(d.receiving().Screen(file)).takes("open").types("passphrase",
		told).takes("open").is("opened").screen
	p := d.person().opens(opened).takes("keep").is("elsewhere").takes("session").is("kept").reads(
		"Do not delete the file")
	if r := d.only(v); !r.SessionOnly {
		t.Errorf("%+v", r)
	}
	p.opens(opened).takes("keep", "file").types("passphrase", chosen).takes("save").is("kept")
	if list := d.app.Connections.List(); list[0].SecretIn != connections.InFile &&
		list[len(list)-1].SecretIn != connections.InFile {
		t.Errorf("%+v", list)
	}
}

// Another secret for a connection that is saved here is not taken without asking.
func TestASavedSecretIsReplacedOnRequest(t *testing.T) {
	d := newDesk(t)
	file, v := d.sent(handover.Lock{Passphrase: secret.New(told)})
	open := func() *person {
		return d.person().opens(d.receiving().Screen(file)).takes("open").types("passphrase", told).takes("open")
	}
	open().takes("keep").is("kept")
	saved := d.only(v)
	older := secret.New("oldX8Q~an-old-secret-value-000000001")
	saved.Name = "Mine"
	if _, err := d.app.Connections.Save(t.Context(), saved, older); err != nil {
		t.Fatal(err)
	}
	p := open().takes("keep").is("replace").reads(older.Fingerprint(), v.Fingerprint())
	if p.screen.Choices[0].ID != "leave" {
		t.Error("a habitual Enter replaces it")
	}
	p.takes("leave").is("opened")
	d.only(older)
	p.takes("keep", "replace").is("kept")
	if r := d.only(v); r.Name != "Mine" || r.ID != saved.ID {
		t.Errorf("%+v", r)
	}
	open().takes("keep").is("kept") // what is saved already is no replacement
}

// What is locked with somebody's key opens with the key file, which may have a
// passphrase of its own.
func TestAHandOverForAKey(t *testing.T) {
	d := newDesk(t)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, _ := age.GenerateX25519Identity()
	file, _ := d.sent(handover.Lock{PublicKey: key.Recipient().String()})
	d.app.HTTP = &http.Client{Transport: silent{t}}
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	p := d.person().opens(d.receiving().Screen(file)).takes("open").is("key")
	if err := p.field("key").Judge(write("notes.txt", "no key at all")); err == nil ||
		!strings.Contains(explain.Sentence(err), "not a key file") {
		t.Error(err)
	}
	p.types("key", filepath.Join(dir, "nothing there")).takes("open").is("key")
	p.types("key", write("other.txt", other.String())).takes("open").is("key")
	if wrong := p.field("key").Wrong; !strings.Contains(wrong, "another key") || strings.Contains(wrong, "AGE-SECRET") {
		t.Error(wrong)
	}
	p.types("key", write("key.txt", key.String())).takes("open").is("opened").reads("anybody may have")
	p.takes("back", "open").types("key",
		write("key.age", agefiletest.Locked(key.String(), "horse battery"))).takes("open").is("key-passphrase")
	p.types("passphrase", "horse").takes("open").is("key-passphrase").types("passphrase",
		"horse battery").takes("open").is("opened")
}

// Whatever is wrong with a file is a sentence, and nobody is asked anything.
func TestHandOversThatDoNotOpen(t *testing.T) {
	d := newDesk(t)
	file, _ := d.sent(handover.Lock{Passphrase: secret.New(told)})
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d.app.HTTP = &http.Client{Transport: silent{t}}
	altered := bytes.Clone(data)
	altered[len(altered)-5] ^= 1
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"cut": {data[:len(data)-20], "damaged"}, "altered": {altered, "damaged"},
		"foreign": {[]byte("%PDF-1.7 something else"), "damaged"},
		"newer":   {[]byte(`{"format":"entrada-settings","version":2}`), "newer version"},
		"too big": {make([]byte, handover.MaxFile+1), "larger"},
	} {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		p := d.person().opens(d.receiving().Screen(path)).takes("open")
		if p.screen.ID == "passphrase" {
			p.types("passphrase", told).takes("open")
		}
		if p.is("not-opened"); !strings.Contains(words(p.screen), c.says) {
			t.Errorf("%s: %s", name, words(p.screen))
		}
		p.takes("another").is("hand-over")
	}
	d.person().opens(d.receiving().Screen(filepath.Join(t.TempDir(), "nothing"))).takes("open").is("not-opened")
}

// What cannot be kept here is only shown: a file without the secret, or of a
// real organisation while one practises.
func TestWhatIsOnlyLookedAt(t *testing.T) {
	d := newDesk(t)
	r := d.saved()
	p := Package(d.app, r, d.app.GuideByID("oxfordiq"), Secrets{})
	for cloud, says := range map[string]string{d.Cloud().ID: "The secret is not in this file.",
		"global": "belongs to a real organisation"} {
		if p.CloudID = cloud; cloud == "global" {
			p.AuthorityURL, p.TokenURL = "", ""
		}
		data, err := handover.JSON(p)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "x.settings.json")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s := d.person().opens(d.receiving().Screen(path)).takes("open").is("opened").reads(says)
		if s.screen.Choice("keep") != nil {
			t.Errorf("%s: it can be kept", cloud)
		}
		s.takes("done").ends(flow.Done)
	}
}
