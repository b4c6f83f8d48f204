package terminal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestADamagedListIsNotAllWell: as long as the connections of a list that could
// not be read are missing, monitoring is told.
func TestADamagedListIsNotAllWell(t *testing.T) {
	t.Parallel()
	d := newDesk(t.TempDir())
	if err := d.save("OxfordIQ · contoso.example", "oxfordiq", 200); err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(d.home, "connections.json")
	if err := os.Truncate(list, 100); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"list"}, {"list", "--json"}, {"test", "--all"}} {
		code, out, errOut := d.run(t, t.Context(), "", args...)
		if code != exitUsage || !strings.Contains(errOut, list+".damaged") {
			t.Errorf("%v: exit code %d\n%s%s", args, code, out, errOut)
		}
	}
	// What is saved since then is shown, and is not all there was.
	if err := d.save("Xkit · contoso.example", "xkit", 200); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := d.run(t, t.Context(), "", "list")
	if code != exitUsage || !strings.HasPrefix(out, "ok\tXkit") || !strings.Contains(errOut, ".damaged") {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	aside, err := filepath.Glob(list + ".damaged*")
	if err != nil || len(aside) != 1 {
		t.Fatal(aside, err)
	}
	if err := os.Remove(aside[0]); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := d.run(t, t.Context(), "", "list"); code != exitOK || errOut != "" {
		t.Errorf("exit code %d\n%s", code, errOut)
	}
}
