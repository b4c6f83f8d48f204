package terminal

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/graph"
	"entrada/internal/guides"
	"entrada/internal/practice"
	"entrada/internal/practice/visitor"
	"entrada/internal/registration"
	"entrada/internal/signin"
)

// doneForMe answers the questions up to the sign-in, and those at the end.
func doneForMe(vendor string, more map[string][]string) map[string][]string {
	answers := map[string][]string{"e-mail address": {"alex@contoso.example"}, "to be registered": {"do"},
		"What now": {"save", "go on"}}
	for _, in := range guides.ByID(vendor).Inputs {
		if in.Kind == guides.InputMailbox {
			answers[in.Label] = []string{"megan@contoso.example"}
		}
	}
	for question, list := range more {
		answers[question] = list
	}
	return answers
}

// TestDoItForMe registers without the portal, and goes on to the end.
func TestDoItForMe(t *testing.T) {
	t.Parallel()
	for _, vendor := range []string{"oxfordiq", "cxt"} {
		t.Run(vendor, func(t *testing.T) {
			t.Parallel()
			n := startTenant(t, practice.Options{})
			d := n.desk("alex")
			code, out, errOut := d.talk(t, t.Context(), doneForMe(vendor, nil), "setup", "--practice", "--vendor",
				vendor)
			if code != exitOK {
				t.Fatalf("exit code %d\n%s%s", code, out, errOut)
			}
			name := guides.ByID(vendor).AppName
			has(t, out, "The sign-in names “Microsoft Azure CLI”", "\nThe plan\n", "(Global Administrator)",
				"\nEverything is as it should be\n", "\nEverything works\n", "Done.")
			has(t, out, "  ok         Create the app "+name+".\n", "  ok         Make a client secret that lasts ")
			if vendor == "cxt" {
				has(t, out, "about 7 of them")
			}
			if apps := n.Apps(name); len(apps) != 1 || len(apps[0].Secrets) != 1 {
				t.Errorf("%+v", apps)
			}
			// The secret is stored, so a later try must leave it alone.
			runs, err := registration.Journals(filepath.Join(d.home, "registrations"))
			if err != nil || len(runs) != 1 || runs[0].State != registration.RunKept {
				t.Errorf("%+v %v", runs, err)
			}
			if code, out, errOut := d.run(t, t.Context(), "", "test", "--all", "--practice"); code != exitOK {
				t.Errorf("test: %d\n%s%s", code, out, errOut)
			}
		})
	}
}

// TestNothingHappensBeforeYes: a plan that is not agreed to changes nothing.
func TestNothingHappensBeforeYes(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	before := len(n.State().Applications)
	d := n.desk("alex")
	code, out, errOut := d.talk(t, t.Context(),
		doneForMe("oxfordiq", map[string][]string{"How do you want": {"sign in", "back", "quit"}}), "setup",
		"--practice", "--vendor", "oxfordiq")
	if code != exitOK || len(n.State().Applications) != before {
		t.Errorf("exit code %d, %d apps more\n%s%s", code, len(n.State().Applications)-before, out, errOut)
	}
	has(t, out, "\nThe plan\n", "Your place is remembered.")
}

// TestTakenBackAndMadeAnew: what was made goes again, and a second try finds
// nothing of the first.
func TestTakenBackAndMadeAnew(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	before := len(n.State().Applications)
	d := n.desk("alex")
	code, out, errOut := d.talk(t, t.Context(), doneForMe("oxfordiq", map[string][]string{
		"How do you want": {"sign in", "do it", "undo", "", "quit"}, "Keep it, or take it back [": {"undo"},
	}), "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK || len(n.State().Applications) != before {
		t.Fatalf("exit code %d, %d apps are left\n%s%s", code, len(n.State().Applications)-before, out, errOut)
	}
	has(t, out, "This would be taken back:",
		"Delete the app OxfordIQ Outlook Integration, with its permissions and its client secret.",
		"\nIt is taken back\n")

	code, out, errOut = d.talk(t, t.Context(),
		doneForMe("oxfordiq", map[string][]string{"What now": {"go on", "save", "go on"}}), "setup", "--practice")
	if code != exitOK || len(n.State().Applications) != before+1 {
		t.Errorf("exit code %d, %d apps more\n%s%s", code, len(n.State().Applications)-before, out, errOut)
	}
	has(t, out, "Done.")
}

// TestAfterTheSaveItCanStillBeTakenBack, from the page where it was made.
func TestAfterTheSaveItCanStillBeTakenBack(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	before := len(n.State().Applications)
	d := n.desk("alex")
	code, out, errOut := d.talk(t, t.Context(), doneForMe("oxfordiq", map[string][]string{
		"What now": {"save", "quit"},
	}), "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	code, out, errOut = d.talk(t, t.Context(), map[string][]string{
		"What now": {"go on", "back"}, "What next": {"back"},
		"How do you want": {"back", "sign in", "undo", "", "quit"}, "Keep it, or take it back [": {"undo"},
	}, "setup", "--practice")
	if code != exitOK || len(n.State().Applications) != before {
		t.Errorf("exit code %d, %d apps are left\n%s%s", code, len(n.State().Applications)-before, out, errOut)
	}
	has(t, out, "“The app is registered.” Its client ID is ", "\nIt is taken back\n")
}

// TestTheRestAsARequest: who may register apps does so, and somebody with the
// role carries the rest out from a file.
func TestTheRestAsARequest(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	folder := t.TempDir()
	d := n.desk("dana")
	code, out, errOut := d.talk(t, t.Context(), doneForMe("oxfordiq", map[string][]string{
		"How do you want": {"sign in", "part", "request", "", "quit"}, "In which folder": {folder},
	}), "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "(Application Developer)", "“Your account may not do this.”",
		"Somebody else has to do a part of this.", "Something is different", "Your part is done.",
		"To open in Entrada:", "Entrada makes a new secret when you come back")
	file := filepath.Join(folder, "Request-OxfordIQ.json")
	sheet, err := os.ReadFile(filepath.Join(folder, "Request-OxfordIQ.txt"))
	if err != nil || !strings.Contains(string(sheet), "From: dana@contoso.example") {
		t.Errorf("the sheet: %v\n%s", err, sheet)
	}

	// Somebody without the role gets no further than the plan.
	code, out, errOut = d.talk(t, t.Context(), map[string][]string{"How do you want": {"sign in", "quit"}}, "setup",
		"--practice", "--request", file)
	if code != exitOK || strings.Contains(out, "“Do it”") {
		t.Errorf("without the role: %d\n%s%s", code, out, errOut)
	}
	chris := n.desk("chris")
	code, out, errOut = chris.talk(t, t.Context(), nil, "setup", "--practice", "--request", file)
	if code != exitOK {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "A request for OxfordIQ", "Is this what you expect?", "Everything needed is there",
		"The client secret is made by whoever asked", "Done.")
	if strings.Contains(out, "Make a client secret") || strings.Contains(out, "remembered") {
		t.Errorf("a secret is made where it is of no use, or a place remembered that is none\n%s", out)
	}
	apps := n.Apps(guides.ByID("oxfordiq").AppName)
	if len(apps) != 1 || len(apps[0].Secrets) != 1 {
		t.Fatalf("%+v", apps)
	}

	// Back at the first desk: the secret of the break is replaced, and it works.
	d.browser = n.Browser("dana").Open
	code, out, errOut = d.talk(t, t.Context(), map[string][]string{"What now": {"go on", "save", "go on"}}, "setup",
		"--practice")
	if code != exitOK {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "This was interrupted", "Everything is as it should be", "\nEverything works\n", "Done.")
	if apps := n.Apps(guides.ByID("oxfordiq").AppName); len(apps) != 1 || len(apps[0].Secrets) != 1 {
		t.Errorf("%+v", apps)
	}

	for _, args := range [][]string{{"--request", filepath.Join(folder, "Request-OxfordIQ.txt")},
		{"--request", filepath.Join(folder, "none.json")}, {"--request", file, "--vendor", "oxfordiq"}} {
		if code, out,
			_ := d.run(t, t.Context(), "", append([]string{"setup", "--practice"}, args...)...); code != exitUsage ||
			out != "" {
			t.Errorf("%v: %d\n%s", args, code, out)
		}
	}
}

// TestARequestThatNamesAnotherApp: the file says OxfordIQ, and its client ID is
// that of something else.
func TestARequestThatNamesAnotherApp(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	folder := t.TempDir()
	dana := n.desk("dana")
	code, out, errOut := dana.talk(t, t.Context(), doneForMe("oxfordiq", map[string][]string{
		"How do you want": {"sign in", "part", "request", "", "quit"}, "In which folder": {folder},
	}), "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	file := filepath.Join(folder, "Request-OxfordIQ.json")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data = bytes.ReplaceAll(data, []byte(guides.ByID("oxfordiq").AppName), []byte("OxfordIQ for everybody"))
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	chris := n.desk("chris")
	code, out, errOut = chris.talk(t, t.Context(), map[string][]string{"How do you want": {"sign in"}}, "setup",
		"--practice", "--request", file)
	if code != exitOK || strings.Contains(errOut, "Registering the app") {
		t.Errorf("exit code %d; Enter carries it out\n%s%s", code, out, errOut)
	}
	clientID := n.Apps(guides.ByID("oxfordiq").AppName)[0].AppID
	has(t, out, "as the request calls it:", "Client ID: "+clientID, "App: OxfordIQ Outlook Integration:",
		"may be another app than the request speaks of", "Leave it as it is")
	code, out, errOut = chris.talk(t, t.Context(), map[string][]string{"How do you want": {"sign in", "change"}},
		"setup", "--practice", "--request", file)
	if code != exitOK {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "Everything needed is there")
}

// TestAnAppThatSomebodyPlanted: an employee has registered an app of the
// vendor's name, with an address of their own.
func TestAnAppThatSomebodyPlanted(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	name := guides.ByID("oxfordiq").AppName
	theirs := []string{"https://evil.example/cb"}
	request := registration.AdminSignIn(n.Cloud(), n.Tenant, registration.Wanted{})
	megan, err := signin.Interactive(t.Context(), request, n.Browser("megan").Open, nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	a, _, err := graph.New(n.Cloud(), megan.AccessToken, client).UpsertApplication(t.Context(), "entrada-0badc0de",
		graph.ApplicationChange{DisplayName: &name, SignInAudience: new("AzureADMyOrg"),
			Web: &graph.WebChange{RedirectURIs: &theirs}})
	if err != nil {
		t.Fatal(err)
	}
	// Enter all the way leaves it alone.
	d := n.desk("alex")
	code, out, errOut := d.talk(t, t.Context(),
		doneForMe("oxfordiq", map[string][]string{"How do you want": {"sign in", "quit"}}), "setup", "--practice",
		"--vendor", "oxfordiq")
	if code != exitOK || strings.Contains(out, registration.OursWords) {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "1. “Make another one”", "Create the app OxfordIQ Outlook Integration.")
	// Whoever chooses it sees whose it is, and Enter still does not use it.
	d = n.desk("alex")
	code, out, errOut = d.talk(t, t.Context(), doneForMe("oxfordiq", map[string][]string{
		"Which app": {a.ClientID}, "How do you want": {"sign in", "", "quit"},
	}), "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "Who else can use this app.", "https://evil.example/cb", "Megan Bowen",
		"Somebody else can use this app as well.", "Create the app OxfordIQ Outlook Integration.")
	d = n.desk("alex")
	code, out, errOut = d.talk(t, t.Context(), doneForMe("oxfordiq", map[string][]string{
		"Which app": {a.ClientID}, "How do you want": {"sign in", "use", "quit"}, "What now": {"quit"},
		"Press Enter": {"quit"},
	}), "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "Who else can sign in as this app", "The sign-in address https://evil.example/cb")
}

// TestRefusedAtTheSignIn: another program's name, the organisation's own among
// them, or the other route.
func TestRefusedAtTheSignIn(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	own := n.OwnProgram()
	d := n.desk("")
	var names []string
	d.browser = func(ctx context.Context, link string) error {
		names = append(names, link)
		if err := n.SetFault("id-token-unsigned", len(names) == 1); err != nil {
			t.Error(err)
		}
		return n.Browser("alex").Open(ctx, link)
	}
	code, out, errOut := d.talk(t, t.Context(), doneForMe("oxfordiq", map[string][]string{
		"How do you want": {"sign in", "program", "back", "quit"}, "Which way": {"second"},
	}), "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK || len(names) != 2 || !strings.Contains(names[1], registration.GraphCommandLine) {
		t.Fatalf("exit code %d, %v\n%s%s", code, names, out, errOut)
	}
	has(t, out, "What happened: ", "Nothing was changed.", "The sign-in names “Microsoft Graph Command Line Tools”")

	code, out, errOut = d.talk(t, t.Context(), map[string][]string{"What now": {"go on", "save", "go on"},
		"How do you want": {"program"}, "Which way": {"own"}, "Client ID of your own": {"not one", own},
	}, "setup", "--practice")
	if code != exitOK || !strings.Contains(names[2], own) {
		t.Fatalf("exit code %d, %v\n%s%s", code, names, out, errOut)
	}
	has(t, out, "Everything is as it should be", "Done.")
}

// TestSignInOnAnotherDevice, for a computer without a browser.
func TestSignInOnAnotherDevice(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	d := n.desk("")
	d.browser = func(context.Context, string) error { t.Error("a browser was opened"); return nil }
	var o, e bytes.Buffer
	other := &device{t: t, out: &o}
	options := d.options("", &o, &e)
	options.Out = other
	options.In = &conversation{t: t, out: &o,
		answers: doneForMe("oxfordiq",
			map[string][]string{"How do you want": {"program"}, "Which way": {"code"}, "Shall we begin": {"quit"}})}
	if code := Run(t.Context(), []string{"setup", "--practice", "--vendor", "oxfordiq"}, options); code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, &o, &e)
	}
	has(t, o.String(), "enter this code", "Enter it only because", "signed in as alex@contoso.example",
		"Everything is as it should be")
}

// device is somebody who reads a code on the screen and enters it elsewhere.
type device struct {
	t       *testing.T
	out     *bytes.Buffer
	address string
}

func (d *device) Write(data []byte) (int, error) {
	line := strings.TrimSpace(string(data))
	switch {
	case strings.HasSuffix(line, "/deviceauth"):
		d.address = line
	case len(line) == 9 && strings.ToUpper(line) == line && d.address != "":
		if err := (visitor.Visitor{Account: "alex@contoso.example", Code: line}).Open(d.t.Context(),
			d.address); err != nil {
			d.t.Error(err)
		}
	}
	return d.out.Write(data)
}
