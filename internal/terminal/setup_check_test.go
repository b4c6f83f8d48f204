package terminal

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/guides"
	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
	"entrada/internal/registration"
)

// guided answers what an app that was registered by hand is asked about.
func guided(app practicetest.App, more map[string][]string) map[string][]string {
	answers := map[string][]string{
		"e-mail address": {"alex@contoso.example"}, "client) ID": {app.ClientID}, "secret value": {app.Secret},
		"What now": {"save", "quit"}, "How do you want": {"skip"},
	}
	for question, list := range more {
		answers[question] = list
	}
	return answers
}

// TestTheCheckIsAStepAfterTheGuidedRoute: after the test comes the check, which
// can be skipped; what was skipped is offered again, what was looked at is not.
func TestTheCheckIsAStepAfterTheGuidedRoute(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("alex")
	code, out, errOut := d.talk(t, t.Context(), guided(app, nil), "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "\nIt works for ", "“Need admin approval”", "\nCheck the registration\n", "“Skip the check”",
		"Saved as")
	if strings.Contains(out, "Looking at the registration") {
		t.Errorf("it was not skipped\n%s", out)
	}

	// Back to the test, and this time it is looked at.
	code, out, errOut = d.talk(t, t.Context(), map[string][]string{
		"What now": {"go on", "back"}, "Press Enter to go on": {"", ""},
		"How do you want": {"back", "back", "sign in", "", "quit"},
	}, "setup", "--practice")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "Looking at the registration", "Everything is as it should be")
	if n := strings.Count(out, "“It worked” with alex@contoso.example on "); n != 2 {
		t.Errorf("back from the check leads to the test: seen %d times\n%s", n, out)
	}
	code, out, errOut = d.talk(t, t.Context(),
		map[string][]string{"What now": {"go on"}, "How do you want": {"back", "quit"}}, "setup", "--practice")
	if code != exitOK || strings.Contains(out, "Check the registration") {
		t.Errorf("it is asked again: %d\n%s%s", code, out, errOut)
	}
}

// TestWhatTheCheckFindsIsMended after a plan was shown, and can be taken back;
// the app stays, for it was there before.
func TestWhatTheCheckFindsIsMended(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	n.Graph("PATCH", "/applications/"+app.ObjectID, map[string]any{"requiredResourceAccess": []any{}})
	d := n.desk("alex")
	code, out, errOut := d.talk(t, t.Context(), guided(app, map[string][]string{
		"How do you want": {"sign in", "mend", "do it", "undo", "", "go on"}, "Keep it, or take it back [": {"undo"},
	}), "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "Something is different", "\nThe plan\n", "Everything is as it should be", "\nIt is taken back\n",
		"Saved as")
	apps := n.Apps("OxfordIQ")
	if len(apps) != 1 || len(apps[0].Secrets) != 1 || apps[0].AppID != app.ClientID {
		t.Errorf("%+v", apps)
	}
	if runs, err := registration.Journals(filepath.Join(d.home, "registrations")); err != nil || len(runs) != 1 ||
		runs[0].State != registration.RunUndone {
		t.Errorf("%+v %v", runs, err)
	}
}

// TestARefusedSignInLeadsBackToSkip: nobody is kept from going on.
func TestARefusedSignInLeadsBackToSkip(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("")
	visits := 0
	d.browser = func(ctx context.Context, link string) error {
		visits++
		if err := n.SetFault("id-token-unsigned", visits == 2); err != nil {
			t.Error(err)
		}
		return n.Browser("alex").Open(ctx, link)
	}
	code, out, errOut := d.talk(t, t.Context(),
		guided(app, map[string][]string{"How do you want": {"sign in", "skip"}}), "setup", "--practice", "--vendor",
		"oxfordiq")
	if code != exitOK || visits != 2 {
		t.Fatalf("exit code %d, %d sign-ins\n%s%s", code, visits, out, errOut)
	}
	has(t, out, "Who can fix it:", "Nothing was changed.", "Saved as")
}

// TestTheTestAddressIsRemoved at the end, by either route; whoever does not want
// that leaves it.
func TestTheTestAddressIsRemoved(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	d := n.desk("alex")
	addresses := func() []string { return n.Apps(guides.ByID("oxfordiq").AppName)[0].Web.RedirectURIs }
	code, out, errOut := d.talk(t, t.Context(), doneForMe("oxfordiq", map[string][]string{
		"Press Enter to finish": {"remove", "quit"}, "How do you want": {"", "", "", "leave"},
	}), "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK || len(addresses()) != 1 {
		t.Fatalf("exit code %d, %v\n%s%s", code, addresses(), out, errOut)
	}
	has(t, out, "“Leave it there”")
	code, out, errOut = d.talk(t, t.Context(), map[string][]string{
		"What now": {"go on"}, "Press Enter to finish": {"remove", "remove", ""},
		"How do you want": {"sign in", "", "sign in", ""},
	}, "setup", "--practice")
	if code != exitOK || len(addresses()) != 0 {
		t.Errorf("exit code %d, %v\n%s%s", code, addresses(), out, errOut)
	}
	has(t, out, "\nThe test address is gone\n", "\nThere was no test address\n", "Done.")
}
