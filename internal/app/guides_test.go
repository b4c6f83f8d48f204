package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/secret"
)

func TestAnOwnGuideLastsAndNeverPassesForABuiltInOne(t *testing.T) {
	w := newApp(t)
	g, err := guides.Build(guides.Wish{Vendor: "Fabrikam", Abilities: []string{"mail-send"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.AddGuide(g); err != nil {
		t.Fatal(err)
	}
	if again := w.GuideByID(g.ID); again == nil || again.Vendor != "Fabrikam" {
		t.Fatalf("%+v", again)
	}
	mimic := *g
	mimic.ID = "oxfordiq"
	if err := w.AddGuide(&mimic); !fault.Is(err, fault.InvalidInput) {
		t.Errorf("a file took the place of a built-in guide: %v", err)
	}
	// Nor by being laid into the folder.
	data, err := guides.Encode(&mimic)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.guideFolder(), "x.toml"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := w.GuideByID("oxfordiq"); got.Vendor != "OxfordIQ" || len(w.OwnGuides()) != 1 {
		t.Errorf("%q, %d own guides", got.Vendor, len(w.OwnGuides()))
	}
}

// TestAnOwnGuideIsReplacedOnlyWhenThatIsAgreedTo, and it is said what changes and
// for which connections.
func TestAnOwnGuideIsReplacedOnlyWhenThatIsAgreedTo(t *testing.T) {
	w := newApp(t)
	built := func(vendor, redirect string) *guides.Guide {
		g, err := guides.Build(guides.Wish{Vendor: vendor, Abilities: []string{"mail-send"}, RedirectURL: redirect})
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	own := built("Acme", "https://acme.example/cb")
	if r := w.Replaces(own); r != nil {
		t.Fatalf("%+v", r)
	}
	must(t, w.AddGuide(own))
	must(t, w.AddGuide(own)) // the same again is nothing new
	for _, name := range []string{"Acme · contoso.example", "Acme · fabrikam.example"} {
		_, err := w.Connections.Save(t.Context(),
			connections.Record{Name: name, VendorID: "acme", CloudID: w.Cloud.ID, ClientID: name},
			secret.New("8xK8Q~some-secret"))
		must(t, err)
	}
	if r := w.Replaces(own); r != nil {
		t.Errorf("the same guide: %+v", r)
	}

	evil := built("Acme", "https://evil.example/cb")
	evil.Origin = guides.OriginFile
	r := w.Replaces(evil)
	if r == nil {
		t.Fatal("nothing is said")
	}
	all := r.Title() + strings.Join(r.Words(), "\n")
	for _, l := range r.Changes {
		all += "\n" + l.Text
	}
	for _, words := range []string{"yours for Acme · made here, from your own answers",
		"2 saved connections use it: **Acme · contoso.example**, **Acme · fabrikam.example**",
		"New: **https://evil.example/cb**", "Gone: **https://acme.example/cb**"} {
		if !strings.Contains(all, words) {
			t.Errorf("nothing of %q in\n%s", words, all)
		}
	}
	if err := w.AddGuide(evil); !fault.Is(err, fault.InvalidInput) ||
		w.GuideByID("acme").Inputs[0].Default != "https://acme.example/cb" {
		t.Fatalf("replaced without a word: %v", err)
	}
	must(t, w.ReplaceGuide(evil))
	if g := w.GuideByID("acme"); g.Inputs[0].Default != "https://evil.example/cb" || g.Origin != guides.OriginFile ||
		len(w.OwnGuides()) != 1 {
		t.Errorf("%s, %d own guides", g.Label(), len(w.OwnGuides()))
	}
	must(t, w.ReplaceGuide(own))
	if g := w.GuideByID("acme"); g.Origin != guides.OriginAnswers || len(w.OwnGuides()) != 1 {
		t.Errorf("%s, %d own guides", g.Label(), len(w.OwnGuides()))
	}

	// A guide that is gone has connections still.
	must(t, os.Remove(w.guideFile("acme", guides.OriginAnswers)))
	if r := w.Replaces(evil); r == nil || r.Old != nil || len(r.Connections) != 2 || w.AddGuide(evil) == nil {
		t.Errorf("%+v", r)
	}
}

// TestAFileKeepsItsMark, even one that is a copy of what was made here, and one
// that was laid into the folder.
func TestAFileKeepsItsMark(t *testing.T) {
	w := newApp(t)
	made, err := guides.Build(guides.Wish{Vendor: "Acme", Abilities: []string{"mail-send"}})
	must(t, err)
	data, err := guides.Encode(made)
	must(t, err)
	copied := filepath.Join(t.TempDir(), "acme"+madeHere+".toml")
	must(t, os.WriteFile(copied, data, 0o600))
	g, err := LoadGuide(copied)
	must(t, err)
	must(t, w.AddGuide(g))
	if g := w.GuideByID("acme"); g.Origin != guides.OriginFile || len(w.OwnGuides()) != 1 {
		t.Errorf("%+v", w.OwnGuides())
	}
	must(t, os.WriteFile(filepath.Join(w.guideFolder(), "a.toml"), data, 0o600))
	if own := w.OwnGuides(); len(own) != 1 {
		t.Errorf("%d own guides", len(own))
	}
}

// TestAGuideThatReadsLikeABuiltInOne is neither opened nor listed; what was kept
// before the vendor was built in goes on serving its connections.
func TestAGuideThatReadsLikeABuiltInOne(t *testing.T) {
	w := newApp(t)
	made, err := guides.Build(guides.Wish{Vendor: "Acme", Abilities: []string{"mail-send"}})
	must(t, err)
	for _, name := range []string{"OxfordIQ", "Oxford IQ", "\u041exfordIQ"} {
		mimic := *made
		mimic.Vendor = name
		data, err := guides.Encode(&mimic)
		must(t, err)
		file := filepath.Join(t.TempDir(), "x.toml")
		must(t, os.WriteFile(file, data, 0o600))
		if _, err := LoadGuide(file); !fault.Is(err, fault.InvalidInput) {
			t.Errorf("%s is opened: %v", name, err)
		}
		if err := w.AddGuide(&mimic); !fault.Is(err, fault.InvalidInput) {
			t.Errorf("%s is kept: %v", name, err)
		}
		must(t, os.MkdirAll(w.guideFolder(), 0o700))
		must(t, os.WriteFile(w.guideFile("acme", guides.OriginFile), data, 0o600))
		if own := w.OwnGuides(); len(own) != 0 || len(w.EveryGuide()) != len(guides.BuiltIn()) {
			t.Errorf("%s is listed", name)
		}
		if g := w.GuideByID("acme"); g == nil || g.Label() != name+" · from a file, not by Entrada" {
			t.Errorf("%+v", g)
		}
	}
}

func TestAGuideFileThatIsNone(t *testing.T) {
	dir := t.TempDir()
	if _, err := LoadGuide(filepath.Join(dir, "none.toml")); !fault.Is(err, fault.FileNotFound) {
		t.Error(err)
	}
	if _, err := LoadGuide(dir); !fault.Is(err, fault.FileNotRegular) {
		t.Error(err)
	}
	bad := filepath.Join(dir, "bad.toml")
	if err := os.WriteFile(bad, []byte("format = 1\nendpoint = 'x'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadGuide(bad); !fault.Is(err, fault.FileCorrupt) {
		t.Error(err)
	}
}

// A guide is found by what people call it, and never guessed.
func TestGuideNamed(t *testing.T) {
	a := newApp(t)
	for name, want := range map[string]string{
		"oxfordiq": "oxfordiq", "OxfordIQ": "oxfordiq", "oxford": "oxfordiq", "cxt software": "cxt", "CXT": "cxt",
		"": "", "x": "", "no such vendor": "",
	} {
		got := ""
		if g := a.GuideNamed(name); g != nil {
			got = g.ID
		}
		if got != want {
			t.Errorf("%q finds %q", name, got)
		}
	}
}
