package pages

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"entrada/internal/ui/parts"
)

// TestFourClicksToAReport: card, connection, Test, Copy report.
func TestFourClicksToAReport(t *testing.T) {
	for vendor, want := range map[string]string{"oxfordiq": "All is well so far", "cxt": "Everything works"} {
		t.Run(vendor, func(t *testing.T) {
			r, _, saved := savedFor(t, vendor)
			clicks := 0
			click := func(label string) { clicks++; r.press(label) }
			click("Test a connection")
			click(saved.Name)
			click("Test")
			r.untilTitle(want)
			click("Copy report")
			report := r.clipboard()
			if clicks > 4 || !strings.HasPrefix(report, "Entrada connection test, 2026-11-20") ||
				!strings.Contains(report, saved.ClientID) ||
				!strings.Contains(report, "passed    The secret opens it") {
				t.Errorf("after %d clicks:\n%s", clicks, report)
			}
			if strings.Contains(report, "@") {
				t.Errorf("somebody's address is in it, and nobody wanted that:\n%s", report)
			}
			r.snap("helpdesk-passed-" + vendor)
		})
	}
}

// TestAReportByKeyboardAlone does the same without a mouse.
func TestAReportByKeyboardAlone(t *testing.T) {
	r, server, saved := savedFor(t, "oxfordiq")
	server.Break("secret-expired")
	canvas := r.window.Canvas()
	key := func(name fyne.KeyName) { canvas.Focused().TypedKey(&fyne.KeyEvent{Name: name}) }
	tabTo := func(label string) {
		for range 40 {
			if said, ok := canvas.Focused().(fyne.Accessible); ok &&
				strings.HasPrefix(said.AccessibilityLabel(), label) {
				return
			}
			canvas.FocusNext()
		}
		t.Fatalf("Tab never comes to %q on %q", label, r.window.Title())
	}
	tabTo("Test a connection")
	key(fyne.KeyReturn)
	tabTo("Saved connections: " + saved.Name)
	key(fyne.KeyReturn) // the page's next step, from the list
	r.untilTitle("One thing is wrong: the client secret")
	tabTo("Copy report")
	key(fyne.KeySpace)
	if report := r.clipboard(); !strings.Contains(report, "AADSTS7000222") {
		t.Errorf("copied:\n%s", report)
	}
}

// TestAReportIsSavedInEachForm: the file holds what was shown, and a file that is
// there is not lost.
func TestAReportIsSavedInEachForm(t *testing.T) {
	r, _, saved := savedFor(t, "oxfordiq")
	d := showHelpdesk(r.nav, saved.ID)
	r.press("Test")
	r.untilTitle("All is well so far")
	folder := t.TempDir()
	for format, sign := range []string{"Entrada connection test",
		`"headline": "Organisation, app and secret are accepted; sign-in and permissions were not tried"`,
		"<!DOCTYPE html>"} {
		onPage[*parts.Select](r).Choose(format)
		r.press("Save as a file …")
		field := r.inDialog("Save as")
		if name := filepath.Base(field.Text()); name != "OxfordIQ-contoso.example-test-"+
			r.app.Now().Local().Format("2006-01-02-1504")+"."+reportSuffix[format] {
			t.Errorf("the name is %q", name)
		}
		path := filepath.Join(folder, "report."+reportSuffix[format])
		field.SetText(path)
		r.press("Save")
		r.until("saving", func() bool {
			top := r.window.Canvas().Overlays().Top()
			return top != nil && strings.Contains(test.RenderObjectToMarkup(top), "The report is saved")
		})
		r.press("Close")
		data, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(data), sign) ||
			string(data) != newReport(d.nav, d.ctx, d.run.Outcome, d.name(), &d.report).text() {
			t.Errorf("%v, %s", err, data)
		}
	}
	r.press("Save as a file …")
	r.inDialog("Save as").SetText(filepath.Join(folder, "report.html"))
	r.press("Save")
	r.until("the question", func() bool {
		top := r.window.Canvas().Overlays().Top()
		return top != nil && strings.Contains(test.RenderObjectToMarkup(top), "Replace the file?")
	})
	r.press("Cancel")
	r.press("Save as a file …")
	r.inDialog("Save as").SetText(filepath.Join(folder, "nowhere", "report.html"))
	r.press("Save")
	r.until("the words", func() bool {
		top := r.window.Canvas().Overlays().Top()
		return top != nil && strings.Contains(test.RenderObjectToMarkup(top), "There is no folder")
	})
}
