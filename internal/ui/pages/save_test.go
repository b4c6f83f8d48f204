package pages

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/journey"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// onBrokenKeychain is the Save page on a computer whose keychain answers so.
func onBrokenKeychain(t *testing.T, size fyne.Size, variant fyne.ThemeVariant, kind fault.Kind) *rig {
	t.Helper()
	r := newRig(t, size, variant)
	r.reopen(kind)
	r.fillTo("oxfordiq", journey.PageSave)
	return r
}

// reopen is the next start of the program, as far as the store is concerned.
func (r *rig) reopen(kind fault.Kind) {
	r.t.Helper()
	store, err := connections.Open(r.app.Home, brokenKeychain{kind})
	if err != nil {
		r.t.Fatal(err)
	}
	store.AskPassphrase(
		func(ctx context.Context, again bool) (secret.Value, error) { return askPassphrase(ctx, r.nav, again) })
	r.app.Connections = store
}

func large() fyne.Size { return fyne.NewSize(1080, 720) }

func (r *rig) sees(words string) {
	r.t.Helper()
	r.until("“"+words+"”", func() bool { return strings.Contains(texts(r), words) })
}

func (r *rig) noSecretOnDisk() {
	r.t.Helper()
	_ = filepath.WalkDir(r.app.Home, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if data, _ := os.ReadFile(path); strings.Contains(string(data), value) {
				r.t.Errorf("the secret can be read in %s", path)
			}
		}
		return nil
	})
}

// K07: without a keychain the page says so by itself, and the session is one
// way on. Nothing is on the disk.
func TestWithoutAKeychainForThisSession(t *testing.T) {
	r := onBrokenKeychain(t, large(), fynetheme.VariantLight, fault.KeychainUnavailable)
	r.sees("Where shall the secret go?")
	r.snap("save-without-keychain-session")
	r.pressPrimary()
	r.until("saving", func() bool { return len(r.app.Connections.List()) == 1 })
	if l := r.app.Connections.List(); !l[0].SessionOnly {
		t.Errorf("%+v", l)
	}
	r.noSecretOnDisk()
}

// K07: the other way is a file behind a passphrase, which is asked for once by
// the next start.
func TestWithoutAKeychainBehindAPassphrase(t *testing.T) {
	r := onBrokenKeychain(t, fyne.NewSize(900, 620), fynetheme.VariantDark, fault.KeychainUnavailable)
	r.sees("Where shall the secret go?")
	r.window.Canvas().Focused().(*parts.Choices).Choose(1)
	r.pressPrimary()
	r.untilTitle("Save it behind a passphrase")
	r.snap("save-behind-passphrase")
	r.window.Canvas().Focused().(*parts.Button).Press() // Copy
	passphrase := fyne.CurrentApp().Clipboard().Content()
	r.snap("save-behind-passphrase-copied")
	r.pressPrimary()
	r.until("saving", func() bool { return len(r.app.Connections.List()) == 1 })
	saved := r.app.Connections.List()[0]
	if saved.SecretIn != connections.InFile || saved.SessionOnly {
		t.Errorf("%+v", saved)
	}
	r.until("the next page", func() bool { return r.journey.Page().ID != journey.PageSave })
	r.back()
	r.sees("behind your passphrase")
	r.noSecretOnDisk()

	r.reopen(fault.KeychainUnavailable)
	tested := func() bool { return !strings.HasPrefix(r.window.Title(), "Testing") }
	showHelpdesk(r.nav, saved.ID).start()
	type answer struct{ typed, then string }
	for _, a := range []answer{{"wrong, whatever it was", "did not open"}, {passphrase, ""}} {
		r.until("the question", func() bool { return r.window.Canvas().Overlays().Top() != nil })
		if a.then != "" {
			r.snap("passphrase-asked")
		}
		dialog := r.window.Canvas().Overlays().Top()
		test.Type(r.window.Canvas().Focused(), a.typed)
		r.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if a.then != "" {
			r.until("the second question", func() bool {
				top := r.window.Canvas().Overlays().Top()
				return top != nil && top != dialog
			})
		}
	}
	r.until("the test", tested)
	if strings.Contains(texts(r), "passphrase") {
		t.Error(texts(r))
	}
	showHelpdesk(r.nav, saved.ID).start() // nobody is asked again
	r.until("the test again", tested)
	if r.window.Canvas().Overlays().Top() != nil {
		t.Error("it is asked again")
	}
}

// K08: who said no has said no. Nothing is tried again by itself, nothing is
// written, and the keychain is asked again only on request.
func TestADeclinedKeychainIsNotAskedAgain(t *testing.T) {
	r := newRig(t, large(), fynetheme.VariantLight)
	kc := &countingKeychain{brokenKeychain: brokenKeychain{fault.KeychainDeclined}}
	store, err := connections.Open(r.app.Home, kc)
	if err != nil {
		t.Fatal(err)
	}
	r.app.Connections = store
	r.fillTo("oxfordiq", journey.PageSave)
	r.pressPrimary()
	r.sees("Where shall the secret go?")
	r.snap("save-declined")
	if kc.sets.Load() != 1 {
		t.Errorf("the keychain was asked %d times", kc.sets.Load())
	}
	r.chooseIn("Where shall the secret go", 2) // the keychain again
	r.pressPrimary()
	r.until("the second answer", func() bool { return kc.sets.Load() == 2 })
	r.untilTitle("Where shall the secret go?")
	if len(store.List()) != 0 {
		t.Error("something was saved")
	}
	r.noSecretOnDisk()
}

// countingKeychain counts how often it is asked to keep something.
type countingKeychain struct {
	brokenKeychain
	sets atomic.Int32
}

func (c *countingKeychain) Set(ctx context.Context, account string, v secret.Value) error {
	c.sets.Add(1)
	return c.brokenKeychain.Set(ctx, account, v)
}

// K07: who was sent a file has the same ways as who made the connection.
func TestAHandOverIsKeptWithoutAKeychain(t *testing.T) {
	for name, way := range map[string]int{"session": 0, "file": 1} {
		r, file, key, write := forKey(t, fyne.NewSize(900, 620), fynetheme.VariantLight)
		r.app.Home = t.TempDir() // another computer
		r.reopen(fault.KeychainUnavailable)
		showReceive(r.nav, file)
		r.opens("This file opens with a key")
		r.field("Your key file").SetText(write("key.txt", key.String()))
		r.opens("A hand-over for OxfordIQ")
		r.pressPrimary()
		r.untilTitle("Where shall the secret go?")
		r.window.Canvas().Focused().(*parts.Choices).Choose(way)
		r.snap("received-without-keychain-" + name)
		if way == 1 {
			r.pressPrimary()
			r.untilTitle("Save it behind a passphrase")
			r.field("Your own passphrase (you may leave this empty)").SetText("short")
			if s, _ := r.field("Your own passphrase (you may leave this empty)").Status(); s != parts.StatusBad {
				t.Error("a short passphrase is good enough")
			}
			r.field("Your own passphrase (you may leave this empty)").SetText("a passphrase for all of them")
		}
		r.pressPrimary()
		r.untilTitle("It is kept")
		list := r.app.Connections.List()
		if len(list) != 1 || list[0].SessionOnly != (way == 0) ||
			(list[0].SecretIn == connections.InFile) != (way == 1) {
			t.Fatalf("%+v", list)
		}
		if v, err := r.app.Connections.Secret(t.Context(), list[0].ID); err != nil || v.Reveal() != value {
			t.Error("the secret was not kept", err)
		}
		r.noSecretOnDisk()
	}
}
