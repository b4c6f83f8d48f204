package terminal

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
)

// verifiable is a tenant with a connection that the wizard has set up and
// tested.
func verifiable(t *testing.T) (*tenant, *desk, practicetest.App) {
	t.Helper()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("megan")
	code, out, errOut := d.talk(t, t.Context(), map[string][]string{
		"e-mail address": {"alex@contoso.example"}, "client) ID": {app.ClientID}, "secret value": {app.Secret},
		"What now": {"save", "go on"},
	}, "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	d.browser = n.Browser("alex").Open
	return n, d, app
}

func TestVerify(t *testing.T) {
	t.Parallel()
	n, d, app := verifiable(t)
	code, out, errOut := d.sit(t, t.Context(), "verify", "OxfordIQ", "--practice")
	if code != exitOK {
		t.Errorf("exit code %d", code)
	}
	has(t, out, "OxfordIQ · contoso.example: everything is as it should be\n", "ok\tThe app is registered: OxfordIQ\n",
		"ok\tSign-in addresses: http://localhost (Web)\n", "ok\tClient secret: valid until ")
	has(t, errOut, "Sign in as an administrator of contoso.example", "“Microsoft Azure CLI”",
		"Signed in as: Alex Wilber <alex@contoso.example>")
	if strings.Contains(out, "differs") || strings.Contains(out, "Where") {
		t.Errorf("something is said to be wrong\n%s", out)
	}

	// The same by the other of Microsoft's programs.
	code, _, errOut = d.sit(t, t.Context(), "verify", "OxfordIQ", "--practice", "--other-sign-in")
	if code != exitOK {
		t.Errorf("the other sign-in: %d\n%s", code, errOut)
	}
	has(t, errOut, "“Microsoft Graph Command Line Tools”")

	// Somebody changes the address, and takes back what was granted.
	n.Graph("PATCH", "/applications/"+app.ObjectID,
		map[string]any{"web": map[string]any{"redirectUris": []string{"http://localhost/callback"}}})
	for _, grant := range n.Grants(app.ClientID) {
		n.Graph("PATCH", grant, map[string]any{"scope": "Mail.Send User.Read"})
	}
	code, out, _ = d.sit(t, t.Context(), "verify", "OxfordIQ", "--practice")
	if code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	has(t, out, "OxfordIQ · contoso.example: something is different\n", "differs\tSign-in addresses\n",
		"\n    It is: http://localhost/callback (Web)\n", "\n    It should be: http://localhost (Web)\n",
		"differs\tPermissions that are granted\n", "\n    Who can fix it: ", "Application Administrator",
		"\n    Where: Entra ID > App registrations > ", "\n    "+n.Cloud().Portal, "ok\tThe app is registered")

	code, out, _ = d.sit(t, t.Context(), "verify", "OxfordIQ", "--practice", "--json")
	var v verified
	if err := json.Unmarshal([]byte(out), &v); err != nil || code != exitFailed {
		t.Fatalf("exit code %d, %v\n%s", code, err, out)
	}
	if v.OK || v.State != "differs" || v.SignedInAs != "alex@contoso.example" || v.ID == "" {
		t.Errorf("%+v", v)
	}
	for _, r := range v.Requirements {
		switch r.ID {
		case "permissions-granted":
			if r.State != "differs" || r.Advice || r.Who == "" || r.Where == "" || r.URL == "" || len(r.Items) != 6 ||
				r.Items[1].State != "differs" {
				t.Errorf("%+v", r)
			}
		case "registered":
			if r.State != "ok" || r.Who != "" || r.URL != "" {
				t.Errorf("%+v", r)
			}
		}
	}

	// Without the app itself nothing else can be looked up, and nothing reads as
	// well.
	n.Graph("DELETE", "/applications/"+app.ObjectID, nil)
	code, out, _ = d.sit(t, t.Context(), "verify", "OxfordIQ", "--practice")
	if code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	has(t, out, "differs\tThe app is registered\n",
		"could not check\tSign-in addresses: There is no such app registration.\ncould not check\t")
}

// TestWhatCannotBeVerified never reads as well: exit code 2.
func TestWhatCannotBeVerified(t *testing.T) {
	t.Parallel()
	n, d, _ := verifiable(t)
	for fault, what := range map[string]string{"html-answer=graph": "could not check\tThe app is registered: It " +
		"could not be looked up.\n", "truncated=graph": "could not check\tSign-in addresses: "} {
		d.browser = func(ctx context.Context, link string) error {
			n.Break(fault)
			return n.Browser("alex").Open(ctx, link)
		}
		code, out, _ := d.sit(t, t.Context(), "verify", "OxfordIQ", "--practice")
		if code != exitUsage {
			t.Errorf("%s: exit code %d", fault, code)
		}
		has(t, out, "OxfordIQ · contoso.example: not everything could be checked\n", what, "    Who may see it: ")
		if strings.Contains(out, "\nok\t") {
			t.Errorf("%s: something reads as well\n%s", fault, out)
		}
		n.Mend(fault)
	}

	// A sign-in that does not come to its end.
	for _, fault := range []string{"id-token-unsigned", "redirect-foreign"} {
		n.Break(fault)
		d.browser = n.Browser("alex").Open
		code, out, errOut := d.sit(t, t.Context(), "verify", "OxfordIQ", "--practice")
		if code != exitUsage || out != "" || !strings.Contains(errOut, "What happened: ") {
			t.Errorf("%s: %d\n%s%s", fault, code, out, errOut)
		}
		n.Mend(fault)
	}

	// Interrupted while the browser is open.
	ctx, cancel := context.WithCancel(t.Context())
	d.browser = func(context.Context, string) error { cancel(); return nil }
	if code, out,
		errOut := d.sit(t, ctx, "verify", "OxfordIQ", "--practice"); code != exitUsage || out != "" ||
		!strings.Contains(errOut, "Cancelled.") {
		t.Errorf("interrupted: %d\n%s%s", code, out, errOut)
	}
	if err := d.save("Gone", "gone", 200); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"verify"}, {"verify", "Nobody"}, {"verify", "Gone"}} {
		if code, out, _ := d.run(t, t.Context(), "", append(args, "--practice")...); code != exitUsage || out != "" {
			t.Errorf("%v: %d\n%s", args, code, out)
		}
	}
}
