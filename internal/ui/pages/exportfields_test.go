package pages

import (
	"path/filepath"
	"strings"
	"testing"

	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/registration"
)

// A vendor whose values the admin types in gets no file: the secret can be
// copied, and nothing has to be sent.
func TestWhoPastesTheValuesNeedsNoFile(t *testing.T) {
	for _, vendor := range []string{"xkit", "aurinko", "gathr"} {
		r := newRig(t, large(), fynetheme.VariantLight)
		r.fillTo(vendor, journey.PageExport)
		name := r.guide().Vendor
		r.snap("export-paste-" + vendor)
		if strings.Contains(texts(r), "encrypted file only") {
			t.Errorf("%s: the secret is said to be in a file alone", vendor)
		}
		r.press("Copy the " + secretLabel(r.guide()))
		if r.clipboard() != value {
			t.Errorf("%s: the secret was not copied", vendor)
		}
		if label := r.shell.Primary().Label(); label != "I have pasted them" {
			t.Fatalf("%s: the blue button says %q", vendor, label)
		}
		r.pressPrimary()
		r.untilTitle("What comes next")
		if strings.Contains(texts(r), "Send it") {
			t.Errorf("%s: there is something to send", vendor)
		}
		// The files are another way.
		r.back()
		r.untilTitle("Export for " + name)
		r.chooseIn("How "+name+" gets the values", 1)
		r.snap("export-paste-files-" + vendor)
		dir := t.TempDir()
		r.field("Save as").SetText(filepath.Join(dir, "all.settings.age"))
		r.pressPrimary()
		r.sees("Saved.")
		r.pressPrimary()
		r.untilTitle("Send it to " + name)
	}
}

// Later the secret is taken from where it lies, when somebody wants it.
func TestTheSecretIsCopiedFromASavedConnection(t *testing.T) {
	r, _ := practiceRig(t, "alex")
	saved := r.saveConnection("xkit")
	showSavedExport(r.nav, saved, guides.ByID("xkit"))
	r.press("Get it to copy")
	r.until("the secret", func() bool { return strings.Contains(texts(r), "leaves the clipboard") })
	r.snap("export-paste-saved")
	r.press("Copy the Client Secret")
	if kept, err := r.app.Connections.Secret(t.Context(), saved.ID); err != nil || r.clipboard() != kept.Reveal() {
		t.Error("another secret was copied", err)
	}
	r.pressPrimary()
	r.untilTitle("Connect an app to Outlook")
}

// What was pasted is in the vendor's hands: nothing replaces it afterwards, even
// if Entrada keeps it for this session alone.
func TestAPastedSecretIsNotReplaced(t *testing.T) {
	r, _ := practiceRig(t, "alex")
	r.doPlan("xkit")
	r.pressPrimary()
	r.untilTitle("Everything is as it should be")
	record := r.app.Connections.KeepForSession(r.journey.Record(), r.journey.Secret())
	if r.onlyRun().State != registration.RunOpen {
		t.Fatal("it is marked already")
	}
	showSavedExport(r.nav, record, guides.ByID("xkit"))
	r.pressPrimary()
	r.untilTitle("Connect an app to Outlook")
	if r.onlyRun().State == registration.RunOpen {
		t.Error("the next try would replace the secret that the vendor has")
	}
}

func (r *rig) guide() *guides.Guide { return r.journey.Guide() }

func secretLabel(g *guides.Guide) string {
	for _, f := range g.Fields {
		if f.From == guides.FromSecretValue {
			return f.Label
		}
	}
	return ""
}
