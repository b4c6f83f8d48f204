package terminal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/app"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/practice"
)

// TestAVendorThatIsNotListed: a guide is made by asking, leads to a connection
// that works, and is known from then on.
func TestAVendorThatIsNotListed(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register("Mail.Send", "User.Read", "offline_access", "openid", "profile")
	d := n.desk("megan")
	copied := filepath.Join(t.TempDir(), "fabrikam.guide.toml")

	code, out, errOut := d.talk(t, t.Context(), map[string][]string{
		"Vendor":                    {"not listed", "not listed"},
		"Name of the vendor":        {"back", "", "OxfordIQ", "Fabrikam"},
		"What may the software do?": {"", "1", ""},
		"Who signs in":              {"1", "1"},
		"Redirect URL":              {"http://fabrikam.example", "", ""},
		"e-mail address":            {"alex@contoso.example"},
		"client) ID":                {app.ClientID}, "secret value": {app.Secret},
		"How do you want": {"save", "", "use", "skip"}, "What now": {"save", "go on"},
		"Save as": {copied},
	}, "setup", "--practice")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "Fill in Name of the vendor first.", "There is a built-in guide for OxfordIQ.",
		"“Made here, from your own answers.”", "Choose at least one.",
		"With the account of each person who connects, and with no other, it may:",
		"send mail as the person. Microsoft calls it Mail.Send.", "- Client Secret. This is the client secret.",
		"The copy is saved", "\nIt works for ", "Done.")

	code, out, _ = d.run(t, t.Context(), "", "guides", "--practice")
	if code != exitOK ||
		!strings.Contains(out,
			"fabrikam\tFabrikam\tMade here, from your own answers.\town\tmade here, from your own answers\n") ||
		strings.Count(out, "\town\t") != 1 {
		t.Errorf("guides: %d\n%s", code, out)
	}
	code, out, errOut = d.run(t, t.Context(), "", "export", "Fabrikam", "--practice")
	if code != exitOK || !strings.Contains(out, app.ClientID) {
		t.Errorf("export: %d\n%s%s", code, out, errOut)
	}
	if code, out, _ := d.run(t, t.Context(), "", "guides", "--check", copied); code != exitOK {
		t.Errorf("the copy: %d\n%s", code, out)
	}
	has(t, func() string {
		_, out, _ := d.talk(t, t.Context(), map[string][]string{"e-mail address": {"quit"}}, "setup", "--practice",
			"--vendor", "fabrikam")
		return out
	}(), "Step 2 of")
}

// TestAGuideFile is shown before it is used, and only taken when that is said.
func TestAGuideFile(t *testing.T) {
	t.Parallel()
	g, err := guides.Build(guides.Wish{Vendor: "Northwind", Abilities: []string{"calendar-read"}, ByItself: true})
	if err != nil {
		t.Fatal(err)
	}
	data, err := guides.Encode(g)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	file, builtIn := filepath.Join(folder, "northwind.toml"), filepath.Join(folder, "built-in.toml")
	for name, text := range map[string]string{file: string(data),
		builtIn: strings.Replace(string(data), `id = "northwind"`, `id = "xkit"`, 1)} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := newDesk(filepath.Join(t.TempDir(), "home"))
	own := func() int {
		w, release, err := d.open(d.cloud)
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		return len(w.OwnGuides())
	}

	code, out, _ := d.talk(t, t.Context(), map[string][]string{"How do you want": {"no"}, "Vendor": {"quit"}}, "setup",
		"--guide", file)
	if code != exitOK || own() != 0 {
		t.Errorf("not used: %d, %d guides\n%s", code, own(), out)
	}
	has(t, out, "A guide for Northwind", "Nobody vouches", "In every mailbox of the organisation it may:",
		"Microsoft calls it Calendars.Read.", "Which vendor asked you?")

	code, out, _ = d.talk(t, t.Context(),
		map[string][]string{"How do you want": {"", "use"}, "e-mail address": {"quit"}}, "setup", "--guide", file)
	if code != exitOK || own() != 1 {
		t.Errorf("used: %d, %d guides\n%s", code, own(), out)
	}
	has(t, out, "Type one of the numbers", "Which organisation is it for?")

	// By its name, from the list; a file that is no guide is asked for again, and
	// nobody is asked about a guide that is kept already.
	code, out, _ = d.talk(t, t.Context(), map[string][]string{
		"What now": {"anew"}, "How do you want": {"use"}, "Vendor": {"file"},
		"Guide file": {"", filepath.Join(folder, "none.toml"), file}, "e-mail address": {"back", "quit"},
	}, "setup")
	if code != exitOK {
		t.Errorf("exit code %d", code)
	}
	has(t, out, "none.toml is not there", "“Open a guide file”", "“Northwind · from a file, not by Entrada”",
		"Vendor [6]: ")
	if strings.Contains(out, "takes the place") {
		t.Errorf("of itself:\n%s", out)
	}
	_, out, _ = d.run(t, t.Context(), "", "guides")
	has(t, out, "northwind\tNorthwind\tMade here, from your own answers.\town\tfrom a file, not by Entrada\n")

	for name, sentence := range map[string]string{builtIn: "There is a built-in guide for Xkit",
		filepath.Join(folder, "none.toml"): "is not there"} {
		code, out, errOut := d.run(t, t.Context(), "", "setup", "--guide", name)
		if code != exitUsage || out != "" || !strings.Contains(errOut, sentence) {
			t.Errorf("%s: %d\n%s%s", name, code, out, errOut)
		}
	}
	if code, _, _ := d.run(t, t.Context(), "", "setup", "--guide", file, "--vendor", "xkit"); code != exitUsage {
		t.Errorf("both: exit code %d", code)
	}
}

// TestAGuideFileReplacesAnotherOnlyWhenAgreed: Enter keeps the one that is there.
func TestAGuideFileReplacesAnotherOnlyWhenAgreed(t *testing.T) {
	t.Parallel()
	d := newDesk(filepath.Join(t.TempDir(), "home"))
	if err := d.save("Acme · contoso.example", "acme", 200); err != nil {
		t.Fatal(err)
	}
	inApp := func(do func(w app.App)) {
		t.Helper()
		w, release, err := d.open(d.cloud)
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		do(w)
	}
	build := func(redirect string) *guides.Guide {
		g, err := guides.Build(guides.Wish{Vendor: "Acme", Abilities: []string{"mail-send"}, RedirectURL: redirect})
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	inApp(func(w app.App) {
		if err := w.ReplaceGuide(build("https://acme.example/cb")); err != nil {
			t.Fatal(err)
		}
	})
	evil := build("https://evil.example/cb")
	evil.Switches = guides.Switches{AccessTokens: true, PublicClient: true}
	data, err := guides.Encode(evil)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x.toml")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for answer, address := range map[string]string{"": "https://acme.example/cb", "yes": "https://evil.example/cb"} {
		inApp(func(w app.App) {
			if err := w.ReplaceGuide(build("https://acme.example/cb")); err != nil {
				t.Fatal(err)
			}
		})
		_, out, _ := d.talk(t, t.Context(),
			map[string][]string{"What now": {"anew"}, "How do you want": {"use"}, "Replace your guide": {answer},
				"Vendor": {"quit"}, "e-mail address": {"quit"}}, "setup", "--guide", file)
		has(t, out, "“This guide takes the place of yours for Acme · made here, from your own answers.”",
			"One saved connection uses it: “Acme · contoso.example”.",
			"New: “https://evil.example/cb”", "Gone: “https://acme.example/cb”",
			"Careful: They weaken what the client secret protects.", "“Allow public client flows”.",
			"Replace your guide for Acme [1]: ")
		inApp(func(w app.App) {
			if g := w.GuideByID("acme"); g.Inputs[0].Default != address {
				t.Errorf("answer %q: %s\n%s", answer, g.Inputs[0].Default, out)
			}
		})
		if err := os.RemoveAll(filepath.Join(d.home, "journey.json")); err != nil {
			t.Fatal(err)
		}
	}
}

// TestThePlanOfAForeignGuideIsMarked, and the portal page has our own warning.
func TestThePlanOfAForeignGuideIsMarked(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	d := n.desk("alex")
	g, err := guides.Build(
		guides.Wish{Vendor: "Acme", Abilities: []string{"mail-send"}, RedirectURL: "https://acme.example/cb"})
	if err != nil {
		t.Fatal(err)
	}
	g.Origin, g.Switches = guides.OriginFile, guides.Switches{PublicClient: true}
	w, release, err := d.open(d.cloud)
	if err != nil {
		t.Fatal(err)
	}
	err = w.AddGuide(g)
	release()
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string][]string{"e-mail address": {"alex@contoso.example"}, "How is the app": {"do", "show"},
		"How do you want": {"sign in", "back", "back"}, "Press Enter when": {"", "quit"}}
	_, out, errOut := d.talk(t, t.Context(), answers, "setup", "--practice", "--vendor", "acme")
	has(t, out, "The guide for Acme is from a file, not by Entrada.")
	if !strings.Contains(out, "They weaken what the client secret protects.") {
		t.Errorf("no warning\n%s%s", out, errOut)
	}
}

// TestAGuideThatIsGone leaves its connections usable as far as can be.
func TestAGuideThatIsGone(t *testing.T) {
	t.Parallel()
	d := newDesk(filepath.Join(t.TempDir(), "home"))
	if err := d.save("Gone", "gone", 200); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := d.run(t, t.Context(), "", "export", "Gone")
	if code != exitUsage || out != "" || !strings.Contains(errOut, guideGone) {
		t.Errorf("export: %d\n%s%s", code, out, errOut)
	}
	if code, _, _ := d.run(t, t.Context(), "", "list"); code != exitOK {
		t.Errorf("list: %d", code)
	}
	w, release, err := d.open(d.cloud)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if g := w.GuideByID("gone"); g != nil || journey.New(w).Guide() != nil {
		t.Errorf("it is there: %v", g)
	}
}
