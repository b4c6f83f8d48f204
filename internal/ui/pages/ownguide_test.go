package pages

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/connections"
	"entrada/internal/flow/prepare"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// quiet is a guide file that says nothing of what it brings.
const quiet = `format = 1
id = "acme"
vendor = "Acme"
summary = "Sends mail and keeps appointments."
app_name = "Acme Mail"
audiences = ["multitenant-and-personal"]
[secret]
description = "Acme"
months = 12
[switches]
implicit_access_tokens = true
public_client_flows = true
[[input]]
id = "callback"
label = "Callback URL"
kind = "redirect-url"
default = "https://evil.example/cb"
[[redirect]]
input = "callback"
[[permission]]
name = "Mail.ReadWrite"
kind = "delegated"
[[field]]
label = "Reference number"
from = "secret-value"
`

func guideFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "guide.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// openGuide opens a guide file as a person does.
func (r *rig) openGuide(text string) {
	r.t.Helper()
	showOpenGuide(r.nav, guideFile(r.t, text))
	r.press("Open")
}

// reads looks for words on the page as it is now.
func (r *rig) reads(words ...string) {
	r.t.Helper()
	text := texts(r)
	for _, w := range words {
		if !strings.Contains(text, w) {
			r.t.Errorf("“%s” is not on the page %q:\n%s", w, r.window.Title(), text)
		}
	}
}

// TestTheSummaryTellsWhatAGuideKeepsQuietAbout, before anything is kept.
func TestTheSummaryTellsWhatAGuideKeepsQuietAbout(t *testing.T) {
	for name, size := range sizes() {
		variant := map[string]fyne.ThemeVariant{"large": fynetheme.VariantLight, "small": fynetheme.VariantDark}[name]
		r := newRig(t, size, variant)
		r.openGuide(quiet)
		r.snap(name + "-guide-file-summary")
		r.reads("https://evil.example/cb", "Filled in by this guide as “Callback URL”",
			"Access tokens (used for implicit flows)", "Allow public client flows",
			"They weaken what the client secret protects", "private account", "Microsoft calls it Mail.ReadWrite.",
			"This is the client secret.", "from a file, not by Entrada")
		if len(r.app.OwnGuides()) != 0 {
			t.Error("it is kept already")
		}
	}
}

// TestAGuideFileReplacesAnotherOnlyWhenAgreed: the harmless answer has the
// keyboard, and what changes is said.
func TestAGuideFileReplacesAnotherOnlyWhenAgreed(t *testing.T) {
	for name, size := range sizes() {
		variant := map[string]fyne.ThemeVariant{"large": fynetheme.VariantLight, "small": fynetheme.VariantDark}[name]
		r := newRig(t, size, variant)
		own, err := guides.Build(
			guides.Wish{Vendor: "Acme", Abilities: []string{"mail-send"}, RedirectURL: "https://acme.example/cb"})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.app.AddGuide(own); err != nil {
			t.Fatal(err)
		}
		if _, err := r.app.Connections.Save(t.Context(),
			connections.Record{Name: "Acme · contoso.example", VendorID: "acme", VendorName: "Acme",
				CloudID: r.app.Cloud.ID, ClientID: clientID}, secret.New(value)); err != nil {
			t.Fatal(err)
		}
		before := func() string { return r.app.GuideByID("acme").Inputs[0].Default }

		r.openGuide(quiet)
		r.reads("takes the place of yours for Acme", "Acme · contoso.example", "New: https://evil.example/cb",
			"Gone: https://acme.example/cb")
		r.snap(name + "-guide-file-replaces")
		r.press("Use this guide")
		r.snap(name + "-guide-file-replaces-question")
		if before() != "https://acme.example/cb" || r.journey.Guide() != nil {
			t.Fatal("replaced without a word")
		}
		r.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
		if before() != "https://acme.example/cb" {
			t.Fatal("the harmless answer does not have the keyboard")
		}
		r.press("Use this guide")
		r.untilTitle("Replace your guide for Acme?")
		r.press("Replace it")
		if before() != "https://evil.example/cb" {
			t.Errorf("not replaced:\n%s", texts(r))
		}
		r.ShowHome()
		r.reads("guide from a file, not by Entrada")
		r.snap(name + "-home-own-guide")
	}
}

// TestAGuideThatIsNotBuiltInIsMarked wherever a vendor is chosen or stands.
func TestAGuideThatIsNotBuiltInIsMarked(t *testing.T) {
	r := newRig(t, fyne.NewSize(1080, 720), fynetheme.VariantLight)
	r.openGuide(quiet)
	r.press("Use this guide")
	if g := r.journey.Guide(); g == nil || g.ID != "acme" {
		t.Fatalf("%+v\n%s", g, texts(r))
	}
	made, err := guides.Build(guides.Wish{Vendor: "Fabrikam", Abilities: []string{"mail-send"}})
	if err != nil {
		t.Fatal(err)
	}
	bring(r.nav, prepare.Bring(bringing(r.nav), made))
	r.reads("Made here, from your own answers")
	r.snap("large-guide-made-here-summary")
	if err := r.app.AddGuide(made); err != nil {
		t.Fatal(err)
	}
	begin(r.nav, "")
	r.snap("large-vendor-own-guides")
	r.reads("Acme · from a file, not by Entrada", "Fabrikam · made here, from your own answers")
	if strings.Contains(texts(r), "OxfordIQ ·") {
		t.Error("a built-in guide is marked")
	}
}

// TestAGuideFileThatPassesForABuiltInVendorIsRefused with a sentence.
func TestAGuideFileThatPassesForABuiltInVendorIsRefused(t *testing.T) {
	for _, name := range []string{"OxfordIQ", "Oxford IQ"} {
		r := newRig(t, fyne.NewSize(1080, 720), fynetheme.VariantLight)
		r.openGuide(strings.Replace(quiet, `vendor = "Acme"`, `vendor = "`+name+`"`, 1))
		r.snap("large-guide-file-refused")
		r.reads("This file cannot be used.", "reads like that of OxfordIQ, whose guide is built in")
		showVendor(r.nav)
		if n := strings.Count(texts(r), "OxfordIQ"); n > 3 {
			t.Errorf("OxfordIQ stands there %d times:\n%s", n, texts(r))
		}
	}
}

// TestThePortalPageAndThePlanOfAForeignGuide: the warning about the switches and
// the mark are ours, and stand there whatever the guide says.
func TestThePortalPageAndThePlanOfAForeignGuide(t *testing.T) {
	for name, size := range sizes() {
		variant := map[string]fyne.ThemeVariant{"large": fynetheme.VariantLight, "small": fynetheme.VariantDark}[name]
		r, _ := practiceRigOf(t, "alex", 0, size, variant)
		g, err := guides.Load("acme.toml",
			[]byte(strings.Replace(quiet, "[switches]", "[switches]\nwarning = \"All of this is harmless.\"", 1)))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.app.AddGuide(g); err != nil {
			t.Fatal(err)
		}
		r.fillTo("acme", journey.PageID(guides.StepRedirect))
		r.reads("They weaken what the client secret protects", "The guide itself says of them:")
		r.snap(name + "-guide-file-portal")
		if name == "small" {
			r.scrollDown(2000)
			r.snap(name + "-guide-file-portal-end")
		}
		r.doPlan("acme")
		r.reads("The guide for Acme is from a file, not by Entrada.")
		r.snap(name + "-guide-file-plan")
	}
}

// Back from the summary empties nothing: neither what was typed nor what was ticked.
func TestBackFromTheSummaryEmptiesNothing(t *testing.T) {
	r := newRig(t, large(), fynetheme.VariantLight)
	begin(r.nav, "")
	r.press("My vendor isn't listed")
	name := onPage[*parts.Field](r)
	name.SetText(strings.Repeat("x", guides.MaxVendor+1))
	r.reads("Use at most 40 characters.")
	r.pressPrimary()
	r.untilTitle("My vendor isn't listed")
	name.SetText("Northwind Traders")
	r.chooseIn("What may the software do?", 0)
	r.pressPrimary()
	r.untilTitle("A guide for Northwind Traders")
	r.press("Back")
	r.untilTitle("My vendor isn't listed")
	if got := onPage[*parts.Field](r).Text(); got != "Northwind Traders" {
		t.Errorf("the name is %q", got)
	}
	r.snap("own-guide-back")
	r.pressPrimary()
	r.untilTitle("A guide for Northwind Traders") // what was ticked is still ticked
}
