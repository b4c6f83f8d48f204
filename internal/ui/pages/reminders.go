package pages

import (
	"fmt"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/ui/parts"
	"entrada/internal/words"
)

// mostReminders is how many connections get a panel of their own; for more, one
// panel says how many there are.
const mostReminders = 2

// reminders say on the first page whose secret has expired or soon will, with
// the one click that helps.
func reminders(w *nav) []fyne.CanvasObject {
	var due []connections.Record
	for _, r := range w.app.Connections.List() {
		if r.DaysLeft(w.app.Now()) <= connections.SoonDays && w.app.GuideByID(r.VendorID) != nil {
			due = append(due, r)
		}
	}
	var panels []fyne.CanvasObject
	for i, r := range due {
		if i == mostReminders && len(due) > mostReminders+1 {
			panels = append(panels,
				parts.NewCallout(parts.ToneWarning,
					fmt.Sprintf("%d more secrets expire soon or have expired.", len(due)-i),
					"They are the first in the list below."))
			break
		}
		panels = append(panels, reminder(w, r))
	}
	return panels
}

func reminder(w *nav, r connections.Record) fyne.CanvasObject {
	now := w.app.Now()
	tone, text := parts.ToneWarning, "Renew it now: the old one goes on working until then, beside the new one."
	if r.DaysLeft(now) < 0 {
		tone, text = parts.ToneBad, r.VendorName+" cannot connect until it is renewed."
	}
	title := words.UpperFirst(r.Expiry(now, " of “"+r.Name+"”")) + "."
	return parts.NewCallout(tone, title, text, parts.NewLink("Renew it", func() { renew(w, r) }))
}
