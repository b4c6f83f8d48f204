package terminal

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/handover"
	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
	"entrada/internal/secret"
)

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// What a script was promised and did not get is no success.
func TestLostOutputIsNoSuccess(t *testing.T) {
	t.Parallel()
	d := newDesk(filepath.Join(t.TempDir(), "home"))
	if err := d.save("Contoso", "oxfordiq", 200); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"list"}, {"list", "--json"}, {"guides"}, {"explain", "AADSTS65001"}, {"help"},
		{"help", "list"}, {"--version"}, {"manual"},
		{"export", "Contoso"}} {
		var errOut bytes.Buffer
		o := d.options("", new(bytes.Buffer), &errOut)
		o.Out = full{}
		if code := Run(context.Background(), args, o); code != exitUsage {
			t.Errorf("%v: exit code %d\n%s", args, code, errOut.String())
		}
		if !strings.Contains(errOut.String(), "could not be written") {
			t.Errorf("%v says nothing of it: %q", args, errOut.String())
		}
	}
}

// 1 is for what was looked at and is not well; a command that could not do its
// work says 2.
func TestWhatCouldNotRunIsTwo(t *testing.T) {
	t.Parallel()
	d := newDesk(filepath.Join(t.TempDir(), "home"))
	if err := d.save("Contoso", "oxfordiq", 200); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	damaged := filepath.Join(folder, "damaged.settings.json")
	if err := os.WriteFile(damaged, []byte(`{"format":"entrada-settings"`), 0o600); err != nil {
		t.Fatal(err)
	}
	sealed := filepath.Join(folder, "x.settings.age")
	if code, _, errOut := d.run(t, t.Context(), "bodu-lamu-tiga-sevo\n", "export", "Contoso", "--format", "age",
		"--passphrase-fd", "0", "--out", sealed); code != exitOK {
		t.Fatal(errOut)
	}
	for _, c := range []struct {
		in   string
		args []string
	}{
		{"", []string{"open", filepath.Join(folder, "nothing.settings.json")}},
		{"", []string{"open", damaged}},
		{"another one entirely\n", []string{"open", sealed, "--passphrase-fd", "0"}},
		{"", []string{"export", "Contoso", "--out", filepath.Join(folder, "nowhere", "x.json")}},
		{"", []string{"export", "Contoso", "--format", "age", "--public-key", "age1nonsense", "--out",
			filepath.Join(folder, "y.age")}},
		{"", []string{"help", "nosuch"}},
	} {
		code, _, errOut := d.run(t, t.Context(), c.in, c.args...)
		if code != exitUsage {
			t.Errorf("%v: exit code %d", c.args, code)
		}
		if errOut == "" {
			t.Errorf("%v says nothing", c.args)
		}
	}
}

// Nothing saved is an empty list for a program too, and nothing that was tested.
func TestNothingToTestIsAnEmptyList(t *testing.T) {
	t.Parallel()
	d := newDesk(filepath.Join(t.TempDir(), "home"))
	if code, out,
		errOut := d.run(t, t.Context(), "", "test", "--all", "--json"); code != exitUsage ||
		strings.TrimSpace(out) != "[]" || !strings.Contains(errOut, "nothing to test") {
		t.Errorf("%d %q %q", code, out, errOut)
	}
}

// A limit that the script set itself is neither a cancelling nor two faults.
func TestOurOwnLimitIsSaidToBeOne(t *testing.T) {
	t.Parallel()
	d := newDesk(filepath.Join(t.TempDir(), "home"))
	if err := d.save("Contoso", "oxfordiq", 200); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := d.run(t, t.Context(), "", "test", "--all", "--timeout", "1ns")
	if code != exitFailed || !strings.Contains(out, "failed\tContoso\tThe test timed out") ||
		strings.Contains(out+errOut, "cancelled") || strings.Contains(out, "2 things") {
		t.Errorf("%d\n%s%s", code, out, errOut)
	}
	has(t, out, "--timeout")
}

// A file that Entrada wrote for somebody else is not damaged.
func TestFilesForOthersAreNamed(t *testing.T) {
	d := newDesk(filepath.Join(t.TempDir(), "home"))
	if err := d.save("Contoso", "oxfordiq", 200); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for format, want := range map[string]string{"env": "This is a .env file for developers.",
		"appsettings": "This is an appsettings.json for developers."} {
		file := filepath.Join(folder, "x."+format)
		if code, _, errOut := d.run(t, t.Context(), "", "export", "Contoso", "--format", format, "--out",
			file); code != exitOK {
			t.Fatal(errOut)
		}
		code, _, errOut := d.run(t, t.Context(), "", "open", file)
		if code != exitUsage || strings.Contains(errOut, "damaged") {
			t.Errorf("%s: %d\n%s", format, code, errOut)
		}
		has(t, errOut, want, "*.settings.age", "*.settings.json")
	}
	_, _, errOut := d.run(t, t.Context(), "", "open", folder)
	if !strings.Contains(errOut, "folder") || strings.Contains(errOut, "write") {
		t.Errorf("a folder:\n%s", errOut)
	}
	t.Chdir(folder)
	_, _, errOut = d.run(t, t.Context(), "", "export", "Contoso", "--out", filepath.Join("nodir", "x.json"))
	has(t, errOut, "There is no folder nodir.")
}

// A passphrase that was told by phone is typed with capitals and spaces.
func TestAPassphraseAsItWasHeard(t *testing.T) {
	t.Parallel()
	d := newDesk(filepath.Join(t.TempDir(), "home"))
	if err := d.save("Contoso", "oxfordiq", 200); err != nil {
		t.Fatal(err)
	}
	words := handover.GeneratePassphrase().Reveal()
	file := filepath.Join(t.TempDir(), "x.settings.age")
	if code, _, errOut := d.run(t, t.Context(), words+"\n", "export", "Contoso", "--format", "age", "--passphrase-fd",
		"0", "--out", file); code != exitOK {
		t.Fatal(errOut)
	}
	for _, typed := range []string{strings.ReplaceAll(words, "-", " "), strings.ToUpper(words),
		" " + strings.ReplaceAll(words, "-", " - ") + " "} {
		code, out, errOut := d.run(t, t.Context(), typed+"\n", "open", file, "--passphrase-fd", "0")
		if code != exitOK {
			t.Errorf("%q: %d\n%s", typed, code, errOut)
		}
		has(t, out, "Secret expires: 8 June 2027")
	}
	// Another passphrase's spaces and capitals still count.
	if code, _, _ := d.run(t, t.Context(), "My Own Passphrase, 7\n", "export", "Contoso", "--format", "age",
		"--passphrase-fd", "0", "--force", "--out", file); code != exitOK {
		t.Fatal("not written")
	}
	if code, _, _ := d.run(t, t.Context(), "my-own-passphrase, 7\n", "open", file, "--passphrase-fd",
		"0"); code != exitUsage {
		t.Errorf("another one opened it: %d", code)
	}
}

// The wizard asks for another name where there is no such folder.
func TestAMissingFolderIsAskedAgain(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("megan")
	file := filepath.Join(t.TempDir(), "settings.json")
	code, out, errOut := d.talk(t, t.Context(), map[string][]string{
		"e-mail address": {"alex@contoso.example"}, "client) ID": {app.ClientID}, "secret value": {app.Secret},
		"What now": {"save", "json", "go on"},
		"Save as":  {filepath.Join(filepath.Dir(file), "nodir", "x.json"), file},
	}, "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Fatalf("%d\n%s%s", code, out, errOut)
	}
	has(t, out, "There is no folder "+filepath.Join(filepath.Dir(file), "nodir")+".", "Saved: "+file)
}

// noKeychain is the computer of a cron job.
type noKeychain struct{ connections.Keychain }

func (noKeychain) Get(context.Context, string) (secret.Value, error) {
	return secret.Value{}, fault.New(fault.KeychainUnavailable, "read from the keychain", nil)
}

// Without a keychain nothing was found out about the connections: that is said
// once, with what to do in a script, and is no failure of theirs.
func TestWithoutAKeychainTheTestCouldNotRun(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app, other := n.register(oxfordIQ...), n.register(oxfordIQ...)
	d := n.desk("")
	for name, a := range map[string]practicetest.App{"Contoso": app, "Another": other} {
		if err := d.save(name, "oxfordiq", 400, "client="+a.ClientID, "tenant="+n.Tenant,
			"secret="+a.Secret); err != nil {
			t.Fatal(err)
		}
	}
	d.keychain = noKeychain{d.keychain}
	code, out, errOut := d.run(t, t.Context(), "", "test", "--all", "--practice")
	if code != exitUsage || strings.Count(errOut, "--unlock-fd") != 1 || strings.Contains(out, "failed") ||
		strings.Contains(out, "Next:") {
		t.Errorf("%d\n%s%s", code, out, errOut)
	}
	has(t, out, "not tested\tContoso\t", "not tested\tAnother\t")
	has(t, errOut, "keychain cannot be reached from here", "0 of 2 tested")
	if code, out,
		_ := d.run(t, t.Context(), "", "test", "--all", "--practice", "--json"); code != exitUsage ||
		!strings.Contains(out, `"code": "keychain-unavailable"`) {
		t.Errorf("%d\n%s", code, out)
	}
}

// A server without a keychain takes what was handed over: into the file that
// the passphrase opens, which is made if need be.
func TestOpenSavesBehindAPassphrase(t *testing.T) {
	t.Parallel()
	d := newDesk(filepath.Join(t.TempDir(), "home"))
	if err := d.save("OxfordIQ · contoso.example", "oxfordiq", 200); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x.settings.age")
	if code, _, errOut := d.run(t, t.Context(), "some-words-for-the-vendor\n", "export", "OxfordIQ", "--practice",
		"--format", "age", "--passphrase-fd", "0", "--out", file); code != exitOK {
		t.Fatal(errOut)
	}
	server := newDesk(filepath.Join(t.TempDir(), "home"))
	server.keychain = noKeychain{server.keychain}
	save := []string{"open", file, "--practice", "--passphrase-fd", "0", "--unlock-fd", "0", "--save"}
	// A weak one is refused, for the file is there to stay.
	if code, _, errOut := server.run(t, t.Context(), "some-words-for-the-vendor\nshort\n",
		save...); code != exitUsage || !strings.Contains(errOut, "at least 12 characters") {
		t.Errorf("%d %s", code, errOut)
	}
	code, _, errOut := server.run(t, t.Context(), "some-words-for-the-vendor\nvuno-hadi-lemo-tagu\n", save...)
	if code != exitOK {
		t.Fatalf("%d %s", code, errOut)
	}
	has(t, errOut, "behind your passphrase")
	again := filepath.Join(t.TempDir(), "y.settings.age")
	code, _, errOut = server.run(t, t.Context(), "vuno-hadi-lemo-tagu\nsome-words-for-the-vendor\n", "export",
		"OxfordIQ", "--practice", "--unlock-fd", "0", "--format", "age", "--passphrase-fd", "0", "--out", again)
	if code != exitOK {
		t.Errorf("%d %s", code, errOut)
	}
}

// A script has nobody who signs in.
func TestVerifyNeedsSomebodyToSignIn(t *testing.T) {
	t.Parallel()
	d := newDesk(filepath.Join(t.TempDir(), "home"))
	d.browser = func(context.Context, string) error { t.Error("a browser was opened"); return nil }
	if err := d.save("OxfordIQ", "oxfordiq", 200); err != nil {
		t.Fatal(err)
	}
	code, _, errOut := d.run(t, t.Context(), "", "verify", "OxfordIQ", "--practice", "--json")
	if code != exitUsage || !strings.Contains(errOut, "needs a terminal") {
		t.Errorf("%d %s", code, errOut)
	}
}
