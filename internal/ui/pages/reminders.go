package pages

import (
	"fmt"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/ui/parts"
)

// mostReminders is how many connections get a panel of their own; for more, one
// panel says how many there are.
const mostReminders = 2

// reminders say on the first page whose secret has expired or soon will, with
// the one click that helps.
func (w *Window) reminders() []fyne.CanvasObject {
	var due []connections.Record
	for _, r := range w.app.Connections.List() {
		if r.DaysLeft(w.app.Now()) <= connections.SoonDays && w.app.GuideByID(r.VendorID) != nil {
			due = append(due, r)
		}
	}
	var panels []fyne.CanvasObject
	for i, r := range due {
		if i == mostReminders && len(due) > mostReminders+1 {
			panels = append(panels, parts.NewCallout(parts.ToneWarning, fmt.Sprintf("%d more secrets expire soon or have expired.", len(due)-i), "They are the first in the list below."))
			break
		}
		panels = append(panels, w.reminder(r))
	}
	return panels
}

func (w *Window) reminder(r connections.Record) fyne.CanvasObject {
	tone, title, text := parts.ToneWarning, "", "Renew it now: the old one goes on working until then, beside the new one."
	switch left := r.DaysLeft(w.app.Now()); {
	case left < 0:
		tone, title, text = parts.ToneBad, "The secret of “"+r.Name+"” has expired.", r.VendorName+" cannot connect until it is renewed."
	case left == 0:
		title = "The secret of “" + r.Name + "” expires today."
	case left == 1:
		title = "The secret of “" + r.Name + "” expires tomorrow."
	default:
		title = fmt.Sprintf("The secret of “%s” expires in %d days.", r.Name, left)
	}
	return parts.NewCallout(tone, title, text, parts.NewLink("Renew it", func() { w.renew(r) }))
}
