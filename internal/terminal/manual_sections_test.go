package terminal

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"entrada/internal/handover"
	"entrada/internal/practice"
)

// section is one section of the program's page, as it was written.
func section(t *testing.T, heading string) string {
	t.Helper()
	_, page, _ := newDesk(t.TempDir()).run(t, t.Context(), "", "manual")
	_, after, found := strings.Cut(page, "\n.SH "+heading+"\n")
	if !found {
		t.Fatalf("the manual has no section %s", heading)
	}
	text, _, _ := strings.Cut(after, "\n.SH ")
	return text
}

// TestTheManualNamesEveryFile that the commands leave in the settings folder.
func TestTheManualNamesEveryFile(t *testing.T) {
	t.Parallel()
	var named []string
	for _, m := range regexp.MustCompile(`\\fI(.*?)\\fP`).FindAllStringSubmatch(section(t, "FILES"), -1) {
		named = append(named, strings.ReplaceAll(m[1], `\-`, "-"))
	}
	n := startTenant(t, practice.Options{})
	d := n.desk("")
	app := n.register(oxfordIQ...)
	if err := d.save("Well", "oxfordiq", 200, "client="+app.ClientID, "secret="+app.Secret); err != nil {
		t.Fatal(err)
	}
	d.run(t, t.Context(), "", "test", "--all", "--practice")
	file := filepath.Join(t.TempDir(), "fabrikam.toml")
	_, template, _ := d.run(t, t.Context(), "", "guides", "--new")
	if err := os.WriteFile(file, []byte(template), 0o600); err != nil {
		t.Fatal(err)
	}
	d.talk(t, t.Context(), map[string][]string{
		"How do you want": {"use"}, "e-mail address": {"alex@contoso.example"}, "Callback URL": {"quit"},
	}, "setup", "--practice", "--guide", file)

	var found []string
	err := filepath.WalkDir(d.home, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(d.home, path)
		found = append(found, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range found {
		if !slices.ContainsFunc(named, func(pattern string) bool {
			if folder, ok := strings.CutSuffix(pattern, "/"); ok {
				return strings.HasPrefix(name, folder+"/")
			}
			fits, _ := filepath.Match(pattern, name)
			return fits
		}) {
			t.Errorf("the manual does not name the file %s", name)
		}
	}
	for _, name := range []string{"connections.json", "history.json", "journey.json", "guides/fabrikam.toml"} {
		if !slices.Contains(found, name) {
			t.Errorf("the test makes no %s, only %v", name, found)
		}
	}
}

// TestTheManualSaysWhatJSONHolds: the names keep their columns when man has
// formatted the page.
func TestTheManualSaysWhatJSONHolds(t *testing.T) {
	t.Parallel()
	_, page, _ := newDesk(t.TempDir()).run(t, t.Context(), "", "manual")
	format := exec.CommandContext(t.Context(), "mandoc", "-T", "ascii", "-W", "warning,stop")
	format.Stdin = strings.NewReader(".TH X 1 2026-11-30\n.SH JSON\n" + section(t, "JSON"))
	formatted, err := format.Output()
	if err != nil {
		t.Errorf("%v\n%s", err, formatted)
	}
	text := regexp.MustCompile(".\b").ReplaceAllString(string(formatted), "")
	for _, contract := range []string{listContract, testContract, settingsContract} {
		for line := range strings.Lines(contract) {
			line, named := strings.CutPrefix(strings.TrimRight(line, "\n"), "    ")
			if named && !strings.Contains(text, line+"\n") {
				t.Errorf("the section JSON has no line %q", line)
			}
		}
	}
	if !strings.Contains(page, ".SH SECRETS\n") || !strings.Contains(page, ".SH HOW IT WORKS\n") {
		t.Error("a section is missing")
	}
}

func TestTextOfTheManualIsText(t *testing.T) {
	got := manualText("a-b\n.not a request\n\n    'x  \\y\n    z\n\nend")
	want := "a\\-b\n\\&.not a request\n.PP\n.nf\n    'x  \\ey\n    z\n.fi\n.PP\nend\n"
	if got != want {
		t.Errorf("%q, not\n%q", got, want)
	}
}

// TestTheSettingsContractIsWhatIsWritten: the help names the members of both
// kinds of settings files, and no other is written.
func TestTheSettingsContractIsWhatIsWritten(t *testing.T) {
	t.Parallel()
	parts := documented(t, settingsContract)
	if len(parts) != 2 {
		t.Fatal(parts)
	}
	d := newDesk(filepath.Join(t.TempDir(), "home"))
	if err := d.save("Well", "oxfordiq", 200); err != nil {
		t.Fatal(err)
	}
	names := func(data []byte) []string {
		var o map[string]any
		if err := json.Unmarshal(data, &o); err != nil {
			t.Fatal(err)
		}
		return slices.Collect(maps.Keys(o))
	}
	code, out, errOut := d.run(t, t.Context(), "", "export", "Well")
	if code != exitOK {
		t.Fatal(errOut)
	}
	sameNames(t, "of the settings", parts[0], names([]byte(out)))

	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "well.settings.age")
	code, _, errOut = d.run(t, t.Context(), "", "export", "Well", "--format", "age",
		"--public-key", key.Recipient().String(), "--out", file)
	if code != exitOK {
		t.Fatal(errOut)
	}
	sealed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := age.Decrypt(bytes.NewReader(sealed), key)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	sameNames(t, "of the encrypted settings", slices.Concat(parts...), names(data))

	_, help, _ := d.run(t, t.Context(), "", "help", "export")
	for _, f := range handover.Formats() {
		for _, words := range []string{"    " + f.ID + " ", f.Title + ": *." + f.Suffix + "\n", f.For + "\n"} {
			if !strings.Contains(help, words) {
				t.Errorf("the help does not say %q", words)
			}
		}
	}
}
