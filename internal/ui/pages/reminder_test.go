package pages

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/journey"
)

// At the end of the wizard the expiry goes into a calendar: what will be written
// is shown, and nothing is written before somebody agrees.
func TestTheLastPageOffersAReminder(t *testing.T) {
	for name, c := range map[string]struct {
		size    fyne.Size
		variant fyne.ThemeVariant
	}{"large": {large(), fynetheme.VariantLight}, "small": {fyne.NewSize(900, 620), fynetheme.VariantDark}} {
		r := newRig(t, c.size, c.variant)
		r.fillTo("oxfordiq", journey.PageNextSteps)
		r.snap("reminder-" + name + "-1-next-steps")
		r.press("Put it into my calendar")
		r.untilTitle("A reminder for your calendar")
		r.snap("reminder-" + name + "-2")
		if text := texts(r); !strings.Contains(text, "Client secret for OxfordIQ expires in 60 days") {
			t.Error(text)
		}
		path := filepath.Join(t.TempDir(), "secret.reminder.ics")
		r.field("Save as").SetText(path)
		if _, err := os.Stat(path); err == nil {
			t.Error("it was written before anybody agreed")
		}
		r.pressPrimary()
		r.until("the file", func() bool { return strings.Contains(texts(r), "Saved.") })
		r.snap("reminder-" + name + "-3-saved")
		if data, err := os.ReadFile(path); err != nil || !strings.Contains(string(data), "TRIGGER:-P60D") ||
			strings.Contains(string(data), value) {
			t.Errorf("%v\n%s", err, data)
		}
		r.pressPrimary()
		r.untilTitle("What comes next")
	}
}
