package terminal

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/entra"
	"entrada/internal/entra/entratest"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
)

// TestTheWholeWizard goes from the first question to the exported file, with a
// wrong secret and a break on the way, and then tests what was saved.
func TestTheWholeWizard(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("megan")
	file := filepath.Join(t.TempDir(), "settings.json")

	code, out, errOut := d.talk(t, t.Context(), map[string][]string{
		"e-mail address": {"nobody@nowhere.example", "alex@contoso.example"},
		"client) ID":     {"", app.SecretID, app.ClientID},
		"secret value":   {entratest.Secret, "", "quit"},
		"ask Microsoft":  {"change", "change"},
		"Secret ID":      {app.SecretID, "", app.SecretID},
	}, "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "Found “contoso.example”", "Mail.Send", n.Cloud().Portal, "\nhttp://localhost\n", "AADSTS700016",
		"AADSTS7000215", "Go on with: entrada-cli setup --practice")
	has(t, errOut, "nothing here touches Microsoft")

	// The place was remembered; the secret was not.
	code, out, errOut = d.talk(t, t.Context(), map[string][]string{
		"What now":     {"1", "save", "json", "go on"},
		"secret value": {app.Secret},
		"Save as":      {file},
	}, "setup", "--practice")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "You were setting up", "Microsoft accepted it", "ok         Megan Bowen: megan@contoso.example",
		"ok         Mail to yourself sent",
		"ok         Calendar event", "\nIt works for ", "Not yet known", "Saved: "+file, "Done.")
	if _, err := os.Stat(filepath.Join(d.home, "journey.json")); !os.IsNotExist(err) {
		t.Error("the place is still remembered after the end")
	}
	if data, err := os.ReadFile(file); err != nil || !strings.Contains(string(data), app.ClientID) ||
		strings.Contains(string(data), app.Secret) {
		t.Errorf("the exported file: %v\n%s", err, data)
	}

	// What was saved works, and goes on being told apart.
	code, out, errOut = d.run(t, t.Context(), "", "test", "--all", "--practice")
	if code != exitOK ||
		!strings.HasPrefix(out,
			"ok\tOxfordIQ · contoso.example\tOrganisation, app and secret are accepted; sign-in and permissions "+
				"were not tried\n") {
		t.Errorf("test: %d\n%s%s", code, out, errOut)
	}
	code, out, _ = d.run(t, t.Context(), "", "list", "--practice", "--json")
	if code != exitOK || !strings.Contains(out, `"last_result": "ok"`) {
		t.Errorf("list: %d\n%s", code, out)
	}
}

// TestAVendorThatSignsInByItself needs no browser for its test.
func TestAVendorThatSignsInByItself(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register("User.Read")
	n.Consent(app.ClientID, practicetest.Application, "Mail.Read", "Mail.Send")
	d := n.desk("")
	d.browser = func(context.Context, string) error { t.Error("a browser was opened"); return nil }
	answers := map[string][]string{
		"e-mail address": {"alex@contoso.example"}, "client) ID": {app.ClientID}, "secret value": {app.Secret},
		"Secret ID": {"", app.SecretID}, "What now": {"save", "go on"}, "How do you want": {"skip"},
	}
	for _, in := range guides.ByID("cxt").Inputs {
		if in.Kind == guides.InputMailbox {
			answers[in.Label] = []string{"megan@contoso.example"}
		}
	}
	code, out, errOut := d.talk(t, t.Context(), answers, "setup", "--practice", "--vendor", "cxt")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "\nTest the connection\n", "asks for the Secret ID as well",
		"Nobody signs in: the app does so by itself", "megan@contoso.example", "Signed in as the app",
		"\nEverything works\n", "\nConnect-ExchangeOnline\n", "left empty.", "Done.")
}

// TestKeptForThisSessionOnly says plainly what that means.
func TestKeptForThisSessionOnly(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("megan")
	code, out, errOut := d.talk(t, t.Context(), map[string][]string{
		"e-mail address": {"alex@contoso.example"}, "client) ID": {app.ClientID}, "secret value": {app.Secret},
		"What now": {"another", "age"}, "Where shall the secret go": {"session"},
	}, "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "Kept for this session only", "There is no terminal to show a passphrase on",
		"it is gone after this page")
	if code, out, _ := d.run(t, t.Context(), "", "list", "--practice"); code != exitOK || out != "" {
		t.Errorf("list: %d %q", code, out)
	}
}

// TestAFailedTestIsNoDeadEnd: the secret, which the portal shows once, can be
// saved while somebody else mends the mailbox, and nobody is told that it works.
func TestAFailedTestIsNoDeadEnd(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("uma")
	code, out, errOut := d.talk(t, t.Context(), map[string][]string{
		"e-mail address": {"alex@contoso.example"}, "client) ID": {app.ClientID}, "secret value": {app.Secret},
		"What next": {"save"}, "What now": {"save", "go on"},
	}, "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "Uma Nair", "\nOne thing is wrong: the mailbox\n", "Who can fix it: ",
		"Saved as “OxfordIQ · contoso.example”", "its test has not passed", "Done.")
	if strings.Contains(out, "The test has passed") || strings.Contains(out, "The connection is ready") {
		t.Errorf("a test that failed is said to have passed:\n%s", out)
	}
	code, out, _ = d.run(t, t.Context(), "", "list", "--practice")
	has(t, out, "test-failed\tOxfordIQ · contoso.example\t", "One thing is wrong: the mailbox")
	if code != exitFailed {
		t.Errorf("list: %d", code)
	}
}

// TestEveryVendor walks each guide to the place where values are pasted: every
// value to copy stands on a line of its own.
func TestEveryVendor(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	for _, g := range guides.BuiltIn() {
		t.Run(g.ID, func(t *testing.T) {
			d := n.desk("")
			answers := map[string][]string{"e-mail address": {"alex@contoso.example"}, "secret value": {"help", "quit"}}
			inputs := map[string]string{}
			for _, in := range g.Inputs {
				inputs[in.ID] = in.Default
				if in.Default == "" {
					inputs[in.ID] = map[guides.InputKind]string{
						guides.InputRedirectURL: "https://vendor.example/callback",
						guides.InputHost:        "machine.vendor.example", guides.InputMailbox: "megan@contoso.example",
						guides.InputText: "text"}[in.Kind]
					answers[in.Label] = []string{"", inputs[in.ID]}
					if in.Optional {
						answers[in.Label] = []string{inputs[in.ID]}
					}
				}
			}
			answers["client) ID"] = []string{entratest.ClientID}
			code, out, errOut := d.talk(t, t.Context(), answers, "setup", "--practice", "--vendor", g.ID)
			if code != exitOK {
				t.Fatalf("exit code %d\n%s%s", code, out, errOut)
			}
			has(t, out, "Paste the values", "Directory (tenant) ID")
			steps := g.PortalSteps(
				guides.Choices{Organisation: "contoso.example", Audience: g.Audiences[0], Inputs: inputs,
					Features: g.DefaultFeatures()})
			for _, step := range steps {
				has(t, out, "\n"+step.Title+"\n")
				for _, i := range step.Instructions {
					for _, v := range i.Values {
						has(t, out, "\n"+v.Text+"\n")
					}
				}
			}
		})
	}
}

// TestTheRouteOfTheWindow: a place left in the window, where Entrada was to
// register the app, goes on here, by either route.
func TestTheRouteOfTheWindow(t *testing.T) {
	t.Parallel()
	d := newDesk(filepath.Join(t.TempDir(), "home"))
	w, release, err := d.open(d.cloud)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	j := journey.New(w)
	j.ChooseVendor(guides.ByID("oxfordiq"))
	j.UseTenant(entra.Tenant{ID: entratest.TenantID, Domain: "contoso.example", Cloud: d.cloud})
	j.ChooseRoute(journey.DoForMe)
	for j.Page().ID != journey.PageDoIt {
		if err := j.Next(); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errOut := d.talk(t, t.Context(),
		map[string][]string{"What now": {"go on"}, "How do you want": {"quit"}}, "setup")
	if code != exitOK {
		t.Errorf("stop there: %d\n%s%s", code, out, errOut)
	}
	has(t, out, "Let Entrada register the app", "Your place is remembered.")
	code, out, errOut = d.talk(t, t.Context(),
		map[string][]string{"What now": {"go on"}, "How do you want": {"show"}, "client) ID": {"quit"}}, "setup")
	if code != exitOK {
		t.Errorf("show me how: %d\n%s%s", code, out, errOut)
	}
	has(t, out, "\nRegister the app\n")
}

// Another client ID than the one that was pasted on the app's Overview page is asked
// about: the Secret ID beside the secret's Value looks alike.
func TestAnotherClientIDIsAskedAbout(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("megan")
	for answer, want := range map[string]string{"before": app.ClientID, "2": app.SecretID} {
		_, out, _ := d.talk(t, t.Context(), map[string][]string{
			"What now": {"anew"}, "e-mail address": {"alex@contoso.example"},
			"client) ID":      {app.ClientID, app.SecretID},
			"Which one is it": {"", answer}, "secret value": {"back"}, "Press Enter": {"", "", "", "", "quit"},
		}, "setup", "--practice", "--vendor", "oxfordiq")
		has(t, out, "This is another client ID than before.", "Type one of the numbers")
		w, release, err := d.open(d.cloud)
		if err != nil {
			t.Fatal(err)
		}
		j, err := journey.Resume(w)
		release()
		if err != nil || j == nil || j.Answers().ClientID != want {
			t.Errorf("%s: %+v, %v\n%s", answer, j, err, out)
		}
	}
	// Where none was pasted, the next pages say where their link leads.
	_, out, _ := d.talk(t, t.Context(), map[string][]string{"What now": {"anew"},
		"e-mail address": {"alex@contoso.example"}, "client) ID": {""}, "Press Enter": {"quit"},
	}, "setup", "--practice", "--vendor", "oxfordiq")
	has(t, out, "Choose your app there first.")
}
