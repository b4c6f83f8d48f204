package terminal

import (
	"strings"
	"testing"

	"entrada/internal/entra/entratest"
	"entrada/internal/practice"
)

// TestValuesThatAreNotSaved: the helpdesk tests what somebody reads out, and
// nothing of it stays on the computer.
func TestValuesThatAreNotSaved(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("")
	for name, c := range map[string]struct {
		secret string
		args   []string
		code   int
		says   string
	}{
		"all well": {app.Secret, []string{"--tenant", n.Address("alex"), "--client-id", app.ClientID},
			exitOK, "ok\t" + n.Domain +
				"\tOrganisation, app and secret are accepted; sign-in and permissions were not tried\n"},
		"wrong secret": {entratest.Secret, []string{"--tenant", n.Tenant, "--client-id", app.ClientID},
			exitFailed, "the client secret"},
		"as JSON": {entratest.Secret, []string{"--tenant", n.Tenant, "--client-id", app.ClientID, "--json"},
			exitFailed, `"culprit": "secret"`},
		"an ID as the secret": {app.SecretID, []string{"--tenant", n.Tenant, "--client-id", app.ClientID}, exitUsage,
			"--secret-fd: This is an ID, not the Value"},
		"no client ID": {app.Secret, []string{"--tenant", n.Tenant}, exitUsage,
			"need both --tenant and --client-id"},
		"a masked client ID": {app.Secret, []string{"--tenant", n.Tenant, "--client-id", "••••"}, exitUsage,
			"--client-id: These are only dots"},
		"with a name": {app.Secret, []string{"--tenant", n.Tenant, "--client-id", app.ClientID, "OxfordIQ"},
			exitUsage, "leave out names"},
	} {
		code, out, errOut := d.run(t, t.Context(), c.secret+"\n",
			append([]string{"test", "--practice", "--secret-fd", "0"}, c.args...)...)
		if code != c.code || !strings.Contains(out+errOut, c.says) {
			t.Errorf("%s: exit code %d\n%s%s", name, code, out, errOut)
		}
	}
	// Without the secret, what can be asked is asked.
	code, out, errOut := d.run(t, t.Context(), "", "test", "--practice", "--tenant", n.Domain, "--client-id",
		app.ClientID, "--json")
	if code != exitUsage || !strings.Contains(out, `"state": "not-asked"`) || !strings.Contains(out, `"ok": false`) ||
		!strings.Contains(out, "The app exists; the secret was not given") {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	if _, out, _ := d.run(t, t.Context(), "", "list", "--practice", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("something was saved: %s", out)
	}
}
