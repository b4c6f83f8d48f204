package terminal

import (
	"strings"
	"testing"
	"time"

	"entrada/internal/journey"
	"entrada/internal/practice"
)

// TestTheCheckCorrectsTheDate that somebody misread: the registration knows it.
// Where nobody looks, the date is marked as what was typed.
func TestTheCheckCorrectsTheDate(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	wrong := time.Now().AddDate(0, 3, 0)
	for name, c := range map[string]struct {
		answer string
		says   []string
		never  string
	}{
		"looked": {"sign in",
			[]string{"as the registration says, and not on " + wrong.Format(journey.DateLayout) +
				". The date was corrected."}, "as typed"},
		"skipped": {"skip", []string{"(as typed; the registration was not asked)"}, "was corrected"},
	} {
		app := n.register(oxfordIQ...)
		d := n.desk("alex")
		code, out, errOut := d.talk(t, t.Context(), guided(app, map[string][]string{
			"How do you want": {c.answer}, "secret expires on": {wrong.Format(journey.DateLayout)},
			"What now": {"save", "go on"},
		}), "setup", "--practice", "--vendor", "oxfordiq")
		if code != exitOK {
			t.Fatalf("%s: exit code %d\n%s%s", name, code, out, errOut)
		}
		has(t, out, c.says...)
		_, listed, _ := d.run(t, t.Context(), "", "list", "--practice", "--json")
		kept := strings.Contains(listed, `"secret_expires": "`+day(wrong)+`"`)
		if strings.Contains(out, c.never) || kept != (name == "skipped") ||
			strings.Contains(listed, `"expiry_as_typed": true`) != kept {
			t.Errorf("%s: %s\n%s", name, listed, out)
		}
		if !kept {
			continue
		}
		// A later look corrects it.
		if _, out, errOut = d.sit(t, t.Context(), "verify", "OxfordIQ",
			"--practice"); !strings.Contains(strings.Join(strings.Fields(out+errOut), " "), "The date was corrected.") {
			t.Error(out, errOut)
		}
		if _, listed,
			_ = d.run(t, t.Context(), "", "list", "--practice", "--json"); strings.Contains(listed, day(wrong)) ||
			strings.Contains(listed, "as_typed") {
			t.Error(listed)
		}
	}
}
