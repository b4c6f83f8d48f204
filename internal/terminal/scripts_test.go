package terminal

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// What a script was promised and did not get is no success.
func TestLostOutputIsNoSuccess(t *testing.T) {
	d := newDesk(filepath.Join(t.TempDir(), "home"))
	if err := d.save("Contoso", "oxfordiq", 200); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"list"}, {"list", "--json"}, {"guides"}, {"explain", "AADSTS65001"}, {"help"}, {"help", "list"}, {"--version"}, {"manual"},
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
	if code, _, errOut := d.run(t, t.Context(), "bodu-lamu-tiga-sevo\n", "export", "Contoso", "--format", "age", "--passphrase-fd", "0", "--out", sealed); code != exitOK {
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
		{"", []string{"export", "Contoso", "--format", "age", "--public-key", "age1nonsense", "--out", filepath.Join(folder, "y.age")}},
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
