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
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	n.send("PATCH", n.Cloud().Graph+"/v1.0/applications(appId='"+app.clientID+"')", map[string]any{"requiredResourceAccess": []any{}})
	d := n.desk("")
	d.secrets = append(d.secrets, app.secret)
	visits := 0
	d.browser = func(ctx context.Context, link string) error {
		visits++
		who := map[int]string{1: "alex@contoso.example", 2: "dana@contoso.example"}[min(visits, 3)]
		if visits == 2 { // after the test somebody takes the consent back
			graph := n.Cloud().Graph + "/v1.0"
			principal := n.send("GET", graph+"/servicePrincipals(appId='"+app.clientID+"')?$select=id", nil)
			grants := n.send("GET", graph+"/oauth2PermissionGrants?$filter=clientId%20eq%20'"+text(principal, "id")+"'", nil)
			for _, g := range grants["value"].([]any) {
				n.send("DELETE", graph+"/oauth2PermissionGrants/"+text(g.(map[string]any), "id"), nil)
			}
		}
		if who == "" {
			who = "alex@contoso.example"
		}
		return n.person(who)(ctx, link)
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
