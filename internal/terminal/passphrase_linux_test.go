package terminal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/practice"
)

const chosen = "vuno-hadi-lemo-tagu"

// behindPassphrase sets a connection up whose secret lies in a file.
func behindPassphrase(t *testing.T) *desk {
	t.Helper()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("megan")
	d.secrets = append(d.secrets, chosen)
	code, out, errOut := d.talk(t, t.Context(), map[string][]string{
		"e-mail address": {"alex@contoso.example"}, "client) ID": {app.ClientID}, "secret value": {app.Secret},
		"What now": {"another", "not now"}, "Where shall the secret go": {"file"},
		"for the new file": {"too short", chosen},
	}, "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "at least 12 characters",
		"Saved as “OxfordIQ · contoso.example”. Its secret is in the file behind your passphrase.")
	return d
}

// K07: no keychain, and no plaintext: the commands take the passphrase from an
// open file or do without the secret.
func TestSecretsBehindAPassphrase(t *testing.T) {
	t.Parallel()
	d := behindPassphrase(t)
	for _, name := range []string{"secrets.age", "connections.json"} {
		data, err := os.ReadFile(filepath.Join(d.home, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range d.secrets {
			if strings.Contains(string(data), s) {
				t.Errorf("a secret can be read in %s", name)
			}
		}
	}
	// What needs no secret asks for none.
	if code, out,
		errOut := d.run(t, t.Context(), "", "list", "--practice"); code != exitOK ||
		strings.Contains(errOut, "not known") {
		t.Errorf("list: %d\n%s%s", code, out, errOut)
	}
	file := filepath.Join(t.TempDir(), "all.age")
	export := []string{"export", "OxfordIQ", "--practice", "--format", "age", "--out", file, "--passphrase-fd", "0"}
	code, _, errOut := d.run(t, t.Context(), "some-words-for-the-vendor\n", export...)
	if code != exitUsage || !strings.Contains(errOut, "needs its passphrase") {
		t.Errorf("%d\n%s", code, errOut)
	}
	code, _, errOut = d.run(t, t.Context(), "another one, as long\n", append(export, "--unlock-fd", "0")...)
	if code != exitUsage || !strings.Contains(errOut, "did not open with this passphrase") {
		t.Errorf("%d\n%s", code, errOut)
	}
	code, _, errOut = d.run(t, t.Context(), chosen+"\nsome-words-for-the-vendor\n",
		append(export, "--unlock-fd", "0")...)
	if code != exitOK {
		t.Errorf("%d\n%s", code, errOut)
	}
	code, out, errOut := d.run(t, t.Context(), chosen+"\n", "test", "OxfordIQ", "--practice", "--unlock-fd", "0")
	if code != exitOK {
		t.Errorf("%d\n%s%s", code, out, errOut)
	}
	if code, _, _ := d.run(t, t.Context(), "", "forget", "--everything", "--practice", "--yes"); code != exitOK {
		t.Errorf("forget: %d", code)
	}
	if _, err := os.Stat(filepath.Join(d.home, "secrets.age")); err == nil {
		t.Error("the file is still there")
	}
	code, _, errOut = d.run(t, t.Context(), chosen+"\n", "list", "--unlock-fd", "0")
	if code != exitUsage || !strings.Contains(errOut, "no file with secrets") {
		t.Errorf("%d\n%s", code, errOut)
	}
}

// At a terminal the person is asked, unseen, and again after a mistake.
func TestThePassphraseIsAskedForAtATerminal(t *testing.T) {
	t.Parallel()
	d := behindPassphrase(t)
	p := newTypist(t)
	ended := p.start(d, "test", "OxfordIQ", "--practice")
	p.answer("Passphrase of your secrets", "mistyped, as people do")
	p.sees("did not open with this one")
	p.answer("Passphrase of your secrets", chosen)
	p.sees("secret are accepted")
	p.ends(ended, exitOK)
	if strings.Contains(p.shown(), chosen) {
		t.Error("the passphrase is shown")
	}
}
