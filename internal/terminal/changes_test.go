package terminal

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"entrada/assets"
	"entrada/internal/console"
)

// TestTheChangesAreOfThisVersion: the newest entry is about the version that the
// program has, or about the next one, and then stands above that version's.
func TestTheChangesAreOfThisVersion(t *testing.T) {
	record, err := os.ReadFile(filepath.Join("..", "..", "FyneApp.toml"))
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^Version *= *"(.*)"`).FindSubmatch(record)
	if version == nil {
		t.Fatal("FyneApp.toml has no version")
	}
	var entries []string
	for _, m := range regexp.MustCompile(`(?m)^## (.*)$`).FindAllStringSubmatch(assets.Changelog, -1) {
		entries = append(entries, m[1])
	}
	if len(entries) > 0 && entries[0] == "Unreleased" {
		entries = entries[1:]
	}
	dated := regexp.MustCompile(`^` + regexp.QuoteMeta(string(version[1])) + ` - \d{4}-\d\d-\d\d$`)
	if len(entries) == 0 || !dated.MatchString(entries[0]) {
		t.Errorf("the version is %s, and the changes are of %q", version[1], entries)
	}
}

// TestChangesAreShown: wrapped for a terminal, an entry on one line for a pipe.
func TestChangesAreShown(t *testing.T) {
	t.Parallel()
	d := newDesk(t.TempDir())
	code, out, errOut := d.run(t, t.Context(), "", "changes")
	if code != exitOK || errOut != "" {
		t.Fatal(code, errOut)
	}
	for _, line := range []string{"0.1.0 - 2026-11-21\n", "\n- “entrada-cli changes” shows this list.\n"} {
		if !strings.Contains(out, line) {
			t.Errorf("no line %q in\n%s", line, out)
		}
	}
	if strings.ContainsAny(out, "`#*") {
		t.Errorf("marks of Markdown are left in\n%s", out)
	}

	var b bytes.Buffer
	drawn := console.NewOutput(&b)
	drawn.Terminal, drawn.Width = true, 60
	drawn.Markdown(assets.Changelog)
	for line := range strings.Lines(b.String()) {
		if utf8.RuneCountInString(line) > 61 {
			t.Errorf("too wide: %q", line)
		}
	}
	if strings.Join(strings.Fields(b.String()), " ") != strings.Join(strings.Fields(out), " ") {
		t.Error("a terminal is shown other words than a pipe")
	}
}
