package terminal

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"entrada/internal/practice"
)

// verifiable is a tenant with a connection that the wizard has set up and
// tested.
func verifiable(t *testing.T) (*tenant, *desk, registered) {
	t.Helper()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("megan@contoso.example")
	d.secrets = append(d.secrets, app.secret)
	code, out, errOut := d.talk(t, t.Context(), map[string][]string{
		"e-mail address": {"alex@contoso.example"}, "client) ID": {app.clientID}, "secret value": {app.secret}, "What now": {"save", "go on"},
	}, "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	d.browser = n.person("alex@contoso.example")
	return n, d, app
}

func TestVerify(t *testing.T) {
	n, d, app := verifiable(t)
	code, out, errOut := d.sit(t, t.Context(), "verify", "OxfordIQ", "--practice")
	if code != exitOK {
		t.Errorf("exit code %d", code)
	}
	has(t, out, "OxfordIQ · contoso.example: everything is as it should be\n", "ok\tThe app is registered: OxfordIQ\n", "ok\tSign-in addresses: http://localhost (Web)\n", "ok\tClient secret: valid until ")
	has(t, errOut, "Sign in as an administrator of contoso.example", "“Microsoft Azure CLI”", "Signed in as: Alex Wilber <alex@contoso.example>")
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
	graph := n.Cloud().Graph + "/v1.0"
	n.send(http.MethodPatch, graph+"/applications(appId='"+app.clientID+"')", map[string]any{"web": map[string]any{"redirectUris": []string{"http://localhost/callback"}}})
	principal := n.send(http.MethodGet, graph+"/servicePrincipals(appId='"+app.clientID+"')?$select=id", nil)
	grants := n.send(http.MethodGet, graph+"/oauth2PermissionGrants?$filter=clientId%20eq%20'"+text(principal, "id")+"'", nil)
	for _, g := range grants["value"].([]any) {
		n.send(http.MethodPatch, graph+"/oauth2PermissionGrants/"+text(g.(map[string]any), "id"), map[string]any{"scope": "Mail.Send User.Read"})
	}
	code, out, _ = d.sit(t, t.Context(), "verify", "OxfordIQ", "--practice")
	if code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	has(t, out, "OxfordIQ · contoso.example: something is different\n", "differs\tSign-in addresses\n", "\n    It is: http://localhost/callback (Web)\n", "\n    It should be: http://localhost (Web)\n",
		"differs\tPermissions that are granted\n", "\n    Who can fix it: ", "Application Administrator", "\n    Where: Entra ID > App registrations > ", "\n    "+n.Cloud().Portal, "ok\tThe app is registered")

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
			if r.State != "differs" || r.Advice || r.Who == "" || r.Where == "" || r.URL == "" || len(r.Items) != 6 || r.Items[1].State != "differs" {
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
	n.send(http.MethodDelete, graph+"/applications(appId='"+app.clientID+"')", nil)
	code, out, _ = d.sit(t, t.Context(), "verify", "OxfordIQ", "--practice")
	if code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	has(t, out, "differs\tThe app is registered\n", "could not check\tSign-in addresses: There is no such app registration.\ncould not check\t")
}

// TestWhatCannotBeVerified never reads as well: exit code 2.
func TestWhatCannotBeVerified(t *testing.T) {
	n, d, _ := verifiable(t)
	for fault, what := range map[string]string{"html-answer=graph": "could not check\tThe app is registered: It could not be looked up.\n", "truncated=graph": "could not check\tSign-in addresses: "} {
		d.browser = func(ctx context.Context, link string) error {
			if err := n.SetFault(fault, true); err != nil {
				t.Error(err)
			}
			return n.person("alex@contoso.example")(ctx, link)
		}
		code, out, _ := d.sit(t, t.Context(), "verify", "OxfordIQ", "--practice")
		if code != exitUsage {
			t.Errorf("%s: exit code %d", fault, code)
		}
		has(t, out, "OxfordIQ · contoso.example: not everything could be checked\n", what, "    Who may see it: ")
		if strings.Contains(out, "\nok\t") {
			t.Errorf("%s: something reads as well\n%s", fault, out)
		}
		if err := n.SetFault(fault, false); err != nil {
			t.Fatal(err)
		}
	}

	// A sign-in that does not come to its end.
	for _, fault := range []string{"id-token-unsigned", "redirect-foreign"} {
		if err := n.SetFault(fault, true); err != nil {
			t.Fatal(err)
		}
		d.browser = n.person("alex@contoso.example")
		code, out, errOut := d.sit(t, t.Context(), "verify", "OxfordIQ", "--practice")
		if code != exitUsage || out != "" || !strings.Contains(errOut, "What happened: ") {
			t.Errorf("%s: %d\n%s%s", fault, code, out, errOut)
		}
		if err := n.SetFault(fault, false); err != nil {
			t.Fatal(err)
		}
	}

	// Interrupted while the browser is open.
	ctx, cancel := context.WithCancel(t.Context())
	d.browser = func(context.Context, string) error { cancel(); return nil }
	if code, out, errOut := d.sit(t, ctx, "verify", "OxfordIQ", "--practice"); code != exitUsage || out != "" || !strings.Contains(errOut, "Cancelled.") {
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
