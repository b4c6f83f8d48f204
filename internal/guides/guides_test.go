package guides

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"entrada/internal/entra"
	"entrada/internal/fault"
)

func oxfordIQFile(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../assets/guides/oxfordiq.toml")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// I01, I05, I06, I09, I11: what a guide may say is a short list; addresses are
// https, permissions come from the catalogue, names are what they look like.
func TestAGuideIsReadStrictly(t *testing.T) {
	good := oxfordIQFile(t)
	if _, err := Load("good", []byte(good)); err != nil {
		t.Fatal(err)
	}
	change := func(old, with string) string {
		t.Helper()
		if !strings.Contains(good, old) {
			t.Fatalf("the guide does not hold %q", old)
		}
		return strings.Replace(good, old, with, 1)
	}
	for _, c := range []struct{ name, file, says string }{
		{"unknown key", change(`send_to =`, `endpoint = "https://evil.example"`+"\nsend_to ="), `no key "endpoint"`},
		{"duplicate key", change(`id = "oxfordiq"`, "id = \"oxfordiq\"\nid = \"x\""), "line 6"},
		{"unknown permission", change(`"Mail.Send"`, `"Directory.ReadWrite.All"`),
			"not a permission that a guide may ask for"},
		{"default scope", change(`"Mail.Send"`, `".default"`), "not a permission"},
		{"application only", change(`name = "Mail.Send"`, `name = "Tasks.Read.All"`), "application permission only"},
		{"twice", change(`"Calendars.ReadWrite"`, `"Mail.Send"`), "listed twice"},
		{"kind", change(`kind = "delegated"`, `kind = "root"`), "delegated or application"},
		{"never", change(`months = 12`, `months = 0`), "between 1 and 24"},
		{"100 years", change(`months = 12`, `months = 1200`), "between 1 and 24"},
		{"audience", change(`"single-tenant"`, `"everybody"`), "not an audience"},
		{"turned text", change(`vendor = "OxfordIQ"`, "vendor = \"Oxford\u202eQI\""), "U+202E"},
		{"zero width", change(`vendor = "OxfordIQ"`, "vendor = \"Oxford\u200bIQ\""), "U+200B"},
		{"long", change(`vendor = "OxfordIQ"`, `vendor = "`+strings.Repeat("x", 2000)+`"`), "more than"},
		{"bad address", good + "\n[[redirect]]\nurl = \"http://vendor.example\"\n", "https"},
		{"file address", good + "\n[[redirect]]\nurl = \"file:///etc/passwd\"\n", "https"},
		{"program's address", good + "\n[[redirect]]\nurl = \"ms-settings:privacy\"\n", "https"},
		{"share", good + "\n[[redirect]]\nurl = '\\\\evil\\x'\n", "https"},
		{"input that is not there", good + "\n[[redirect]]\ninput = \"url\"\n", "no redirect-url input"},
		{"no field", strings.Split(good, "[[field]]")[0], "handed over"},
		{"foreign field source", change(`from = "client-id"`, `from = "admin-token"`), "no known source"},
		{"note without a text", change(`title = "The portal's menu has changed."`, `title = ""`), "a title and a text"},
		{"fact without a text", good + "\n[[fact]]\nlabel = \"Port\"\n", "a label and a text"},
		{"placeholder", change(`Each of them signs in once.`, `{secret}`), "placeholder"},
		{"command", good + "\n[[recipe]]\nlines = [\"Remove-Mailbox\"]\n", `no key "recipe"`},
		{"newer", change(`format = 1`, `format = 2`), "format 2"},
		{"not TOML", "format = = 1", "line 1"},
		{"not UTF-8", "\xff\xfe", "UTF-8"},
		{"huge", good + "#" + strings.Repeat("x", MaxFileSize), "KiB"},
	} {
		g, err := Load(c.name, []byte(c.file))
		if err == nil || g != nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
		if !fault.Is(err, fault.FileCorrupt, fault.FileNewer, fault.FileTooLarge) {
			t.Errorf("%s: kind %s", c.name, fault.KindOf(err))
		}
	}
}

func TestPortalStepsOfEveryGuide(t *testing.T) {
	for _, g := range BuiltIn() {
		inputs := map[string]string{}
		for _, in := range g.Inputs {
			inputs[in.ID] = in.Default
			if in.Kind == InputRedirectURL && in.Default == "" {
				inputs[in.ID] = "https://vendor.example/callback"
			}
		}
		steps := g.PortalSteps(Choices{Organisation: "Contoso", Inputs: inputs, Features: g.DefaultFeatures()})
		var copied []string
		for _, s := range steps {
			opens := 0
			for _, i := range s.Instructions {
				if i.Opens {
					opens++
				}
				for _, v := range i.Values {
					copied = append(copied, v.Text)
					if v.Text == "" || v.Meaning == "" {
						t.Errorf("%s, %s: a value to copy without text or meaning: %+v", g.ID, s.ID, v)
					}
				}
			}
			if opens != 1 || s.Why == "" || s.Title == "" || s.Path == "" || len(s.NotSeen) == 0 ||
				len(s.Sketch.Blocks) == 0 {
				t.Errorf("%s: the step %s is not complete", g.ID, s.ID)
			}
		}
		for _, p := range g.Wanted(g.DefaultFeatures()) {
			if !slices.Contains(copied, p.Name) {
				t.Errorf("%s: %s cannot be copied", g.ID, p.Name)
			}
		}
		if !slices.Contains(copied, TestRedirect) {
			t.Errorf("%s: the test address is missing", g.ID)
		}
	}
}

func TestInputs(t *testing.T) {
	check := func(kind InputKind, text string) error {
		return Input{ID: "x", Label: "X", Kind: kind}.Check(text, MultiTenantPersonal)
	}
	for kind, good := range map[InputKind]string{InputRedirectURL: "https://v.example/cb",
		InputHost: "HostName-123.Kleramachine.com", InputMailbox: "a@b.example", InputText: "words"} {
		if err := check(kind, " "+good+"\n"); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for kind, bad := range map[InputKind]string{InputRedirectURL: "http://v.example", InputHost: "https://v.example",
		InputMailbox: "b.example", InputText: ""} {
		if err := check(kind, bad); !fault.Is(err, fault.InvalidInput) {
			t.Errorf("%q was accepted: %v", bad, err)
		}
	}
	if err := (Input{Optional: true, Kind: InputHost}).Check("", SingleTenant); err != nil {
		t.Error(err)
	}
}

func TestAudienceLabelNamesTheOrganisation(t *testing.T) {
	today, before := AudienceLabel(SingleTenant, "Contoso")
	if today != "Single tenant only - Contoso" || !strings.Contains(before, "this organizational directory only") {
		t.Error(today, before)
	}
}

func TestCatalogueNamesAreKnown(t *testing.T) {
	for _, g := range BuiltIn() {
		for _, p := range g.Permissions {
			if _, ok := entra.PermissionByName(p.Name); !ok {
				t.Errorf("%s: %s", g.ID, p.Name)
			}
		}
	}
}

func FuzzLoad(f *testing.F) {
	names, err := filepath.Glob("../../assets/guides/*.toml")
	if err != nil || len(names) < 5 {
		f.Fatal(names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("format = 1"))
	f.Add([]byte(everythingOn()))
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := Load("fuzz", data)
		if (g == nil) == (err == nil) {
			t.Fatal("either a guide or an error")
		}
		if g != nil {
			for _, a := range g.Audiences {
				g.PortalSteps(Choices{Audience: a, Features: g.DefaultFeatures()})
			}
			g.PortalSteps(Choices{})
			g.NextSteps(Choices{})
			g.OneMailboxRecipe(RecipeValues{})
		}
	})
}
