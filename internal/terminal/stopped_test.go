package terminal

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/connections"
	"entrada/internal/guides"
	"entrada/internal/practice"
	"entrada/internal/registration"
	"entrada/internal/secret"
)

// photographed is a keychain that keeps what the files were when it was asked to
// keep a secret.
type photographed struct {
	connections.Keychain
	home  string
	files map[string][]byte // by path, as they were then
}

func (k *photographed) Set(ctx context.Context, account string, v secret.Value) error {
	k.files = map[string][]byte{}
	for _, pattern := range []string{"*.json", "registrations/registration-*.json"} {
		paths, _ := filepath.Glob(filepath.Join(k.home, pattern))
		for _, path := range paths {
			if data, err := os.ReadFile(path); err == nil {
				k.files[path] = data
			}
		}
	}
	return k.Keychain.Set(ctx, account, v)
}

// putBack undoes what was written to the files of a name since the picture.
func (k *photographed) putBack(t *testing.T, name string) {
	t.Helper()
	n := 0
	for path, data := range k.files {
		if strings.HasPrefix(filepath.Base(path), name) {
			n++
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n != 1 {
		t.Fatalf("%d files %s*", n, name)
	}
}

// TestStoppedAroundTheSave: the program ends right after the connection was
// saved, before or after its registration is marked as kept. Whatever comes next,
// the secret that was saved goes on working.
func TestStoppedAroundTheSave(t *testing.T) {
	t.Parallel()
	const marked, remembered = "registration-", "journey.json"
	for name, lost := range map[string][]string{
		"before the mark":            {marked, remembered},
		"after the mark":             {remembered},
		"remembered and not marked":  {marked},
		"marked and then remembered": nil,
	} {
		for _, then := range []string{"go on", "anew"} {
			t.Run(name+", "+then, func(t *testing.T) {
				t.Parallel()
				n := startTenant(t, practice.Options{})
				d := n.desk("alex")
				keychain := &photographed{Keychain: d.keychain, home: d.home}
				d.keychain = keychain
				code, out, errOut := d.talk(t, t.Context(),
					doneForMe("oxfordiq", map[string][]string{"What now": {"save", "quit"}}), "setup", "--practice",
					"--vendor", "oxfordiq")
				if code != exitOK {
					t.Fatalf("exit code %d\n%s%s", code, out, errOut)
				}
				for _, name := range lost {
					keychain.putBack(t, name)
				}
				made := n.Apps(guides.ByID("oxfordiq").AppName)[0].Secrets[0].KeyID

				answers := map[string][]string{"What now": {"go on", "go on"}}
				if then == "anew" {
					answers = doneForMe("oxfordiq", map[string][]string{"What now": {"anew"}, "Which app": {"quit"}})
				}
				code, out, errOut = d.talk(t, t.Context(), answers, "setup", "--practice", "--vendor", "oxfordiq")
				if code != exitOK || strings.Contains(out, "This was interrupted") {
					t.Errorf("exit code %d\n%s%s", code, out, errOut)
				}
				if then == "go on" {
					has(t, out, "Export for OxfordIQ", "Done.")
				} else {
					has(t, out, "is in your organisation already")
				}
				if apps := n.Apps(guides.ByID("oxfordiq").AppName); len(apps) != 1 || len(apps[0].Secrets) != 1 ||
					apps[0].Secrets[0].KeyID != made {
					t.Errorf("%+v; %s was saved", apps, made)
				}
				if runs := d.runs(t); len(runs) != 1 || runs[0].State != registration.RunKept {
					t.Errorf("%+v", runs)
				}
				if code, out, errOut := d.run(t, t.Context(), "", "test", "--all", "--practice"); code != exitOK {
					t.Errorf("test: %d\n%s%s", code, out, errOut)
				}
			})
		}
	}
}

// TestStoppedBeforeTheSave: nothing was saved, so the secret is lost, and a new
// one takes its place.
func TestStoppedBeforeTheSave(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	d := n.desk("alex")
	keychain := &photographed{Keychain: d.keychain, home: d.home}
	d.keychain = keychain
	if code, out,
		errOut := d.talk(t, t.Context(), doneForMe("oxfordiq", map[string][]string{"What now": {"save", "quit"}}),
		"setup", "--practice", "--vendor", "oxfordiq"); code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	for _, name := range []string{"registration-", "journey.json", "connections.json"} {
		keychain.putBack(t, name)
	}
	d.keychain = connections.MemoryKeychain()
	lost := n.Apps(guides.ByID("oxfordiq").AppName)[0].Secrets[0].KeyID
	code, out, errOut := d.talk(t, t.Context(), map[string][]string{"What now": {"go on", "save", "go on"}}, "setup",
		"--practice")
	if code != exitOK {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "This was interrupted", "Done.")
	if apps := n.Apps(guides.ByID("oxfordiq").AppName); len(apps) != 1 || len(apps[0].Secrets) != 1 ||
		apps[0].Secrets[0].KeyID == lost {
		t.Errorf("%+v; %s was lost", apps, lost)
	}
}

// TestAnExportKeepsTheRegistration: the vendor may have the secret from the
// moment on at which it leaves, so no later try replaces it.
func TestAnExportKeepsTheRegistration(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	d := n.desk("alex")
	keychain := &photographed{Keychain: d.keychain, home: d.home}
	d.keychain = keychain
	if code, out,
		errOut := d.talk(t, t.Context(), doneForMe("oxfordiq", map[string][]string{"What now": {"save", "quit"}}),
		"setup", "--practice", "--vendor", "oxfordiq"); code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	keychain.putBack(t, "registration-") // as if it had not been marked
	for _, c := range []struct {
		more []string
		want registration.RunState
	}{{[]string{"--format", "json"}, registration.RunOpen},
		{[]string{"--format", "age", "--passphrase-fd", "0", "--out", filepath.Join(t.TempDir(), "all.age")},
			registration.RunKept}} {
		if code, _, errOut := d.run(t, t.Context(), "lomu-tiga-bena-rudo-kilu-fema\n",
			append([]string{"export", "OxfordIQ", "--practice"}, c.more...)...); code != exitOK {
			t.Fatal(errOut)
		}
		if runs := d.runs(t); len(runs) != 1 || runs[0].State != c.want {
			t.Errorf("%v: %+v", c.more, runs[0].State)
		}
	}
}

// TestSetupEndsAnInterruptedSave: the program ended when the secret was in the
// keychain and the connection not yet in the list.
func TestSetupEndsAnInterruptedSave(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	d := n.desk("alex")
	keychain := &photographed{Keychain: d.keychain, home: d.home}
	d.keychain = keychain
	if code, out,
		errOut := d.talk(t, t.Context(), doneForMe("oxfordiq", map[string][]string{"What now": {"save", "quit"}}),
		"setup", "--practice", "--vendor", "oxfordiq"); code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	keychain.putBack(t, "connections.json")
	saved := func() int {
		store, err := connections.Open(d.home, d.keychain)
		if err != nil {
			t.Fatal(err)
		}
		return len(store.List())
	}
	if saved() != 0 {
		t.Fatal("the save was not interrupted")
	}
	if code, out,
		errOut := d.talk(t, t.Context(), map[string][]string{"What now": {"quit"}}, "setup",
		"--practice"); code != exitOK || saved() != 1 {
		t.Errorf("exit code %d, %d saved\n%s%s", code, saved(), out, errOut)
	}
}
