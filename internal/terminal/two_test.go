package terminal

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/guides"
	"entrada/internal/practice"
)

// Two programs in one home: while one is at any request of its registration, another
// one takes over neither its run nor its secret nor its place. When the first has
// ended, its place is there, and it is gone on with as ever.
func TestTwoAtOnceStayApart(t *testing.T) {
	t.Parallel()
	for at := 1; ; at++ {
		finished := false
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d after=%v", at, after), func(t *testing.T) {
				finished = !besideEachOther(t, at, after) || finished
			})
		}
		if finished || t.Failed() {
			if at < 7 {
				t.Errorf("only %d requests were tried", at-1)
			}
			return
		}
	}
}

func besideEachOther(t *testing.T, at int, after bool) (met bool) {
	n := startTenant(t, practice.Options{})
	home := t.TempDir()
	d := n.desk("alex")
	d.home = filepath.Join(home, "practice")
	var out string
	said, exit, err := n.elsewhere(home, "oxfordiq", &gate{n: at, after: after, meanwhile: func() {
		met = true
		var errOut string
		_, out, errOut = d.talk(t, t.Context(), doneForMe("oxfordiq", map[string][]string{
			"How do you want": {"sign in", "quit"}, "Which": {"quit"},
		}), "setup", "--practice", "--vendor", "oxfordiq")
		out += errOut
	}})
	if err != nil || exit != 0 {
		t.Fatalf("the first one ended with %d: %v\n%s\nthe second one said\n%s", exit, err, said, out)
	}
	if !met {
		return false
	}
	has(t, out, "Another Entrada on this computer is in the middle of a set-up.")
	for _, taken := range []string{"You were setting up", "This was interrupted", "Your place is remembered"} {
		if strings.Contains(out, taken) {
			t.Errorf("the second one said %q\n%s", taken, out)
		}
	}
	if !strings.Contains(said, "\nDone") && !strings.Contains(said, "Your place is remembered") {
		t.Errorf("the first one did not come to its end\n%s", said)
	}
	code, out, errOut := d.talk(t, t.Context(), map[string][]string{"What now": {"go on", "save", "go on"}}, "setup",
		"--practice")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "You were setting up “OxfordIQ”", "Everything is as it should be", "\nEverything works\n", "Done.")
	for _, a := range n.Apps(guides.ByID("oxfordiq").AppName) {
		if len(a.Secrets) > 1 {
			t.Errorf("%d secrets in one app", len(a.Secrets))
		}
	}
	return true
}
