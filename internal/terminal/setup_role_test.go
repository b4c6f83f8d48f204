package terminal

import (
	"context"
	"strings"
	"testing"

	"entrada/internal/practice"
)

// TestSomebodyWithTheRoleIsOfferedAllOfIt: what was left for somebody else is
// not left for whoever signs in next, who may do it.
func TestSomebodyWithTheRoleIsOfferedAllOfIt(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	n.Graph("PATCH", "/applications/"+app.ObjectID, map[string]any{"requiredResourceAccess": []any{}})
	d := n.desk("")
	visits := 0
	d.browser = func(ctx context.Context, link string) error {
		visits++
		who := map[int]string{1: "alex", 2: "dana"}[min(visits, 3)]
		if visits == 2 { // after the test somebody takes the consent back
			n.Revoke(app.ClientID)
		}
		if who == "" {
			who = "alex"
		}
		return n.Browser(who).Open(ctx, link)
	}
	code, out, errOut := d.talk(t, t.Context(), guided(app, map[string][]string{
		"How do you want": {"sign in", "mend", "part", "account", "go on"},
	}), "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	at := strings.LastIndex(out, "Looking at the registration")
	if at < 0 || strings.Contains(out[at:], "Your part is done") || !strings.Contains(out[at:], " for me”") {
		t.Errorf("%d visits\n%s", visits, out)
	}
}
