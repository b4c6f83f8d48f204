package terminal

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/practice"
)

// TestWhatWasHandedOverIsTestedAndKept goes from one computer to another: the
// second one opens the file, asks Microsoft, keeps it, and can work with it.
func TestWhatWasHandedOverIsTestedAndKept(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("megan")
	if err := d.save("OxfordIQ · contoso.example", "oxfordiq", 200, "client="+app.ClientID, "tenant="+n.Tenant,
		"secret="+app.Secret); err != nil {
		t.Fatal(err)
	}
	const passphrase = "lomu-tiga-bena-rudo-kilu-fema\n"
	file := filepath.Join(t.TempDir(), "all.age")
	if code, _, errOut := d.run(t, t.Context(), passphrase, "export", "OxfordIQ", "--practice", "--format", "age",
		"--passphrase-fd", "0", "--out", file); code != exitOK {
		t.Fatal(errOut)
	}

	other := n.desk("megan")
	open := func(more ...string) (int, string, string) {
		return other.run(t, t.Context(), passphrase,
			append([]string{"open", file, "--practice", "--passphrase-fd", "0"}, more...)...)
	}
	listed := func() []map[string]any {
		_, out, _ := other.run(t, t.Context(), "", "list", "--practice", "--json")
		var list []map[string]any
		if err := json.Unmarshal([]byte(out), &list); err != nil {
			t.Fatal(err)
		}
		return list
	}
	// Microsoft refuses: nothing is kept.
	n.Break("secret-wrong")
	code, out, _ := open("--test", "--save")
	if code != exitFailed || !strings.Contains(out, "failed\tOxfordIQ · contoso.example\t") || len(listed()) != 0 {
		t.Errorf("%d, %d kept\n%s", code, len(listed()), out)
	}
	n.Mend("secret-wrong")
	code, out, errOut := open("--test", "--save")
	if code != exitOK {
		t.Fatalf("%d\n%s%s", code, out, errOut)
	}
	has(t, out, "ok\tOxfordIQ · contoso.example\t", "Said on the phone: ")
	has(t, errOut, "Saved as “OxfordIQ · contoso.example”")
	if _, out, _ = other.run(t, t.Context(), "", "list", "--practice"); !strings.Contains(out,
		"the secret worked on ") {
		t.Errorf("what the test said is forgotten:\n%s", out)
	}
	if _, out, _ = other.run(t, t.Context(), passphrase, "export", "OxfordIQ", "--practice", "--format", "age",
		"--passphrase-fd", "0", "--preview"); !strings.Contains(out, "delegated, not checked") ||
		strings.Contains(out, "not granted") {
		t.Errorf("what nobody looked at reads as refused:\n%s", out)
	}
	list := listed()
	if len(list) != 1 || list[0]["client_id"] != app.ClientID || list[0]["vendor_id"] != "oxfordiq" ||
		list[0]["secret_expires"] == "" {
		t.Fatalf("%v", list)
	}
	// Once more, and it is still one.
	if code, _, errOut = open("--save"); code != exitOK || len(listed()) != 1 {
		t.Errorf("%d, %d kept\n%s", code, len(listed()), errOut)
	}
	if code, out, _ = other.run(t, t.Context(), "", "test", "OxfordIQ", "--practice"); code != exitOK {
		t.Errorf("what was kept does not work:\n%s", out)
	}
}

// Real organisations and practice ones do not mix, and a file without the
// secret is neither tested nor kept.
func TestWhatCannotBeKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t.TempDir())
	dir := t.TempDir()
	if err := d.save("OxfordIQ · contoso.example", "oxfordiq", 200); err != nil {
		t.Fatal(err)
	}
	readable := filepath.Join(dir, "settings.json")
	if code, _, errOut := d.run(t, t.Context(), "", "export", "OxfordIQ", "--practice", "--out",
		readable); code != exitOK {
		t.Fatal(errOut)
	}
	other := newDesk(t.TempDir())
	for _, flag := range []string{"--test", "--save"} {
		code, _, errOut := other.run(t, t.Context(), "", "open", readable, "--practice", flag)
		if code != exitUsage || !strings.Contains(errOut, "secret") {
			t.Errorf("%s: %d %s", flag, code, errOut)
		}
	}
	data, err := os.ReadFile(readable)
	if err != nil {
		t.Fatal(err)
	}
	other.cloud.ID = "global"
	code, _, errOut := other.run(t, t.Context(), "", "open", readable, "--save")
	if code != exitUsage || !strings.Contains(errOut, "practice organisation") {
		t.Errorf("%d %s\n%s", code, errOut, data)
	}
	if code, _, errOut = other.run(t, t.Context(), "", "open", readable, "--sign-in"); code != exitUsage ||
		!strings.Contains(errOut, "terminal") {
		t.Errorf("%d %s", code, errOut)
	}
}

// A hand-over that is older, or somebody else's, must not take the place of a
// secret that works without a word.
func TestASavedSecretIsReplacedOnlyIfMeant(t *testing.T) {
	t.Parallel()
	const passphrase = "lomu-tiga-bena-rudo-kilu-fema\n"
	maker := newDesk(t.TempDir())
	if err := maker.save("OxfordIQ · contoso.example", "oxfordiq", 200,
		"secret=oldX8Q~an-old-secret-value-000000001"); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "old.age")
	if code, _, e := maker.run(t, t.Context(), passphrase, "export", "OxfordIQ", "--practice", "--format", "age",
		"--passphrase-fd", "0", "--out", file); code != exitOK {
		t.Fatal(e)
	}
	mine := newDesk(t.TempDir())
	if err := mine.save("OxfordIQ · contoso.example", "oxfordiq", 200); err != nil {
		t.Fatal(err)
	}
	saved := func() string {
		w, release, err := mine.open(mine.cloud)
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		return w.Connections.List()[0].SecretFingerprint
	}
	before := saved()
	open := []string{"open", file, "--practice", "--passphrase-fd", "0", "--save"}
	code, _, said := mine.run(t, t.Context(), passphrase, open...)
	if code != exitUsage || saved() != before || !strings.Contains(said, before) || !strings.Contains(said, "--yes") {
		t.Errorf("exit %d, the secret is %s, and what was said: %q", code, saved(), said)
	}
	code, _, said = mine.run(t, t.Context(), passphrase, append(open, "--yes")...)
	if code != exitOK || saved() == before {
		t.Errorf("exit %d, the secret is %s, and what was said: %q", code, saved(), said)
	}
	// What is saved already is no replacement.
	if code, _, said = mine.run(t, t.Context(), passphrase, open...); code != exitOK {
		t.Errorf("exit %d, %q", code, said)
	}
}
