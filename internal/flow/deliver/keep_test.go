package deliver

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/journey"
	"entrada/internal/registration"
	"entrada/internal/secret"
)

const chosen = "vuno-hadi-lemo-tagu"

// only is the one connection of a computer, and its secret is nowhere readable.
func (d *desk) only(v secret.Value) connections.Record {
	d.t.Helper()
	list := d.app.Connections.List()
	if len(list) != 1 {
		d.t.Fatalf("%d connections", len(list))
	}
	if kept, err := d.app.Connections.Secret(d.t.Context(), list[0].ID); err != nil || !kept.Equal(v) {
		d.t.Errorf("another secret is kept: %v", err)
	}
	_ = filepath.WalkDir(d.app.Home, func(path string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			if data, _ := os.ReadFile(path); strings.Contains(string(data), v.Reveal()) {
				d.t.Errorf("the secret can be read in %s", path)
			}
		}
		return nil
	})
	return list[0]
}

// runState is how the registration is marked.
func (d *desk) runState() registration.RunState {
	d.t.Helper()
	list, err := registration.Journals(filepath.Join(d.app.Home, "registrations"))
	if err != nil || len(list) != 1 {
		d.t.Fatalf("%d runs, %v", len(list), err)
	}
	return list[0].State
}

func TestAConnectionIsSavedInTheKeychain(t *testing.T) {
	d := newDesk(t)
	j := d.registered()
	p := d.person().opens(Save(d.app, j, true)).is("save")
	if d.keychain.sets != 0 || len(d.app.Connections.List()) != 0 {
		t.Error("something was saved before anybody agreed")
	}
	p.takes("save").ends(flow.Done)
	r := d.only(j.Secret())
	if r.SecretIn != connections.InKeychain || r.SessionOnly || d.runState() != registration.RunKept ||
		j.Missing(journey.PageSave) != nil {
		t.Errorf("%+v, the run is %s", r, d.runState())
	}
	// Whoever comes back sees where it is.
	d.person().opens(Save(d.app, j, true)).is("saved").reads("Saved as",
		"in the keychain").takes("next").ends(flow.Done)
}

// Who has no keychain is told before trying, and has two other ways.
func TestWithoutAKeychain(t *testing.T) {
	for _, way := range []string{"session", "file"} {
		t.Run(way, func(t *testing.T) {
			d := newDesk(t)
			d.keychain.breaks(fault.KeychainUnavailable)
			j := d.registered()
			p := d.person().opens(Save(d.app, j, false)).is("elsewhere").reads("has no keychain").takes(way)
			if way == "file" {
				p.is("new-passphrase")
				if err := p.field("passphrase").Judge("short"); !fault.Is(err, fault.WeakPassphrase) {
					t.Error(err)
				}
				if err := p.field("passphrase").Judge(""); err == nil {
					t.Error("nobody can see one that is made up, and none is asked for")
				}
				p.types("passphrase", chosen).takes("save")
			}
			p.ends(flow.Done)
			r := d.only(j.Secret())
			if r.SessionOnly != (way == "session") || (r.SecretIn == connections.InFile) != (way == "file") {
				t.Errorf("%+v", r)
			}
			want := map[string]registration.RunState{"session": registration.RunOpen, "file": registration.RunKept}[way]
			if d.runState() != want {
				t.Errorf("the run is %s", d.runState())
			}
			if d.keychain.sets != 0 {
				t.Error("the keychain was asked")
			}
			d.person().opens(Save(d.app, j, false)).is("saved").reads(map[string]string{
				"session": "Kept for this session only.", "file": "behind your passphrase"}[way])
		})
	}
}

// A passphrase that is made up opens the file later, and another one does not.
func TestAPassphraseThatWasMadeUp(t *testing.T) {
	d := newDesk(t)
	j := d.registered()
	p := d.person().opens(Save(d.app, j, true)).takes("another", "file").is("new-passphrase")
	made := p.screen.Blocks[0].(flow.Value)
	if !made.Show || made.Secret.IsEmpty() || made.Text != "" {
		t.Errorf("%+v", made)
	}
	p.takes("back", "file") // the same one is offered again
	if again := p.screen.Blocks[0].(flow.Value).Secret; !again.Equal(made.Secret) {
		t.Error("another passphrase is offered")
	}
	p.takes("save").ends(flow.Done)
	d.restart()
	if err := d.app.Connections.Unlock(secret.New("another one, as long")); !fault.Is(err, fault.WrongPassphrase) {
		t.Error(err)
	}
	if err := d.app.Connections.Unlock(made.Secret); err != nil {
		t.Fatal(err)
	}
	d.only(j.Secret())
}

// The file that is there takes its own passphrase, and none once it is open.
func TestThePassphraseOfTheFileThatIsThere(t *testing.T) {
	d := newDesk(t)
	first := d.registered()
	d.person().opens(Save(d.app, first, false)).takes("another", "file").types("passphrase",
		chosen).takes("save").ends(flow.Done)
	d.restart()
	j := journey.New(d.app)
	*j = *first
	j.Kept("")
	p := d.person().opens(Save(d.app, j, false)).takes("another", "file").is("passphrase")
	p.types("passphrase", "not the right one").takes("save").is("passphrase")
	if f := p.field("passphrase"); f.Wrong == "" || !f.Secret.IsEmpty() {
		t.Errorf("%+v", f)
	}
	p.types("passphrase", chosen).takes("save").ends(flow.Done)
	d.only(first.Secret())
	j.Kept("")
	d.person().opens(Save(d.app, j, false)).takes("another").reads("It goes to your other secrets").takes("file").ends(
		flow.Done)
}

// Who said no has said no: the keychain is asked again only on request.
func TestADeclinedKeychainIsAskedOnRequest(t *testing.T) {
	d := newDesk(t)
	j := d.registered()
	d.keychain.breaks(fault.KeychainDeclined)
	p := d.person().opens(Save(d.app, j, true)).is("save").takes("save").is("elsewhere").reads("the answer was no")
	if d.keychain.sets != 1 {
		t.Errorf("it was asked %d times", d.keychain.sets)
	}
	p.takes("keychain").is("elsewhere")
	if d.keychain.sets != 2 || len(d.app.Connections.List()) != 0 {
		t.Errorf("it was asked %d times, %d are saved", d.keychain.sets, len(d.app.Connections.List()))
	}
	d.keychain.breaks("")
	p.takes("keychain").ends(flow.Done)
	d.only(j.Secret())
}

// A keychain that waits to be unlocked can be tried again, or done without.
func TestALockedKeychain(t *testing.T) {
	d := newDesk(t)
	j := d.registered()
	d.keychain.breaks(fault.KeychainLocked)
	p := d.person().opens(Save(d.app, j, true)).is("save").takes("save").is("not-saved").takes("again").is("not-saved")
	p.takes("another").is("elsewhere").takes("back").is("save").takes("save")
	d.keychain.breaks("")
	p.takes("again").ends(flow.Done)
	d.only(j.Secret())
}

// Whoever stops has saved nothing.
func TestASaveThatIsStopped(t *testing.T) {
	d := newDesk(t)
	j := d.registered()
	p := d.person()
	p.working = func(id string) context.Context {
		if id != "saving" {
			return t.Context()
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		return ctx
	}
	p.opens(Save(d.app, j, true)).takes("save").is("not-saved")
	if len(d.app.Connections.List()) != 0 {
		t.Error("it was saved")
	}
}
