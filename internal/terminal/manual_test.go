package terminal

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheManualIsReadByMan: every command has a page that man formats without a
// complaint, and the page names the command's flags.
func TestTheManualIsReadByMan(t *testing.T) {
	t.Parallel()
	d := newDesk(t.TempDir())
	folder := t.TempDir()
	if code, _, errOut := d.run(t, t.Context(), "", "manual", "--to", folder); code != exitOK {
		t.Fatal(errOut)
	}
	pages, err := filepath.Glob(filepath.Join(folder, "*.1"))
	if err != nil || len(pages) < 10 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, page := range pages {
		formatted, err := exec.CommandContext(t.Context(), "mandoc", "-W", "error,stop", "-T", "ascii",
			page).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%.500s", filepath.Base(page), err, formatted)
		}
	}
	written, err := os.ReadFile(filepath.Join(folder, "entrada-cli-test.1"))
	if err != nil {
		t.Fatal(err)
	}
	code, out, _ := d.run(t, t.Context(), "", "manual", "test")
	if code != exitOK || out != string(written) {
		t.Errorf("exit code %d, another page than the one in the folder", code)
	}
	_, program, _ := d.run(t, t.Context(), "", "manual")
	for _, part := range []string{".SH COMMANDS", "List the saved connections", ".SH EXIT STATUS", ".SH ENVIRONMENT",
		".SH FILES", "secrets.age"} {
		if !strings.Contains(program, part) {
			t.Errorf("no %s in the program's page", part)
		}
	}
	for _, flag := range []string{"all", "parallel", "json", "read-only", "sign-in", "practice"} {
		if !strings.Contains(out, `-`+flag) {
			t.Errorf("no word of --%s", flag)
		}
	}
	if code, _, errOut := d.run(t, t.Context(), "", "manual", "tset"); code != exitUsage ||
		!strings.Contains(errOut, "There is no command “tset”.") {
		t.Errorf("exit code %d, %q", code, errOut)
	}
}
