package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// showSave keeps the connection: the record in a file, the secret in the
// keychain.
func (w *Window) showSave() {
	ctx := w.enter()
	page := w.journey.Page()
	if w.journey.Missing(journey.PageSave) == nil {
		w.showSaved(page)
		return
	}
	problem := parts.NewSlot()
	record, value := w.journey.Record(), w.journey.Secret()
	var save func()
	forSession := func() {
		w.journey.Kept(w.journey.KeepForSession().ID)
		w.next()
	}
	save = func() {
		problem.Clear()
		w.shell.SetPrimary(parts.Action{Label: "Saving …", Disabled: true})
		world := w.world
		parts.Run(ctx, func(ctx context.Context) (connections.Record, error) {
			return world.Keep(ctx, record, value)
		}, func(r connections.Record, err error) {
			if err != nil {
				w.shell.SetPrimary(parts.Action{Label: "Try again", Do: save})
				can := canRetry(save)
				can[explain.Unlock], can[explain.SessionOnly] = save, forSession
				view := w.explained(err, can)
				if explain.Error(err, explain.Context{}).Next.Action != explain.SessionOnly {
					view.Next = append(view.Next, parts.Action{Label: "Keep it for this session only", Do: forSession})
				}
				problem.Fill(parts.NewFaultBox(view))
				return
			}
			w.journey.Kept(r.ID)
			kept := w.journey.KeepRegistration()
			w.next()
			if kept != nil {
				w.tell("The registration could not be marked as finished", kept)
			}
		})
	}
	w.show(parts.Page{
		Title: page.Title,
		Lead:  "Then you find it on the first page, and we remind you before the secret expires.",
		Body: []fyne.CanvasObject{
			parts.Surface(parts.NewChecklist(
				parts.Check{State: parts.CheckDone, Title: "The client secret", Detail: "goes into the keychain of this computer, under your own account"},
				parts.Check{State: parts.CheckDone, Title: "Client ID, tenant ID and expiry", Detail: "go into a file that only you can read; none of it is secret"},
				parts.Check{State: parts.CheckSkipped, Title: "Your sign-in", Detail: "is not kept"},
			)),
			parts.Muted("Your computer may ask you to unlock the keychain."),
			problem,
		},
		Back: w.back, Others: []parts.Action{w.closeAction()},
		Primary: parts.Action{Label: "Save the connection", Do: save},
	})
}

func (w *Window) showSaved(page journey.Page) {
	r, _ := w.world.Connections.Get(w.journey.Answers().ConnectionID)
	note := parts.NewCallout(parts.ToneGood, "Saved.", "“"+r.Name+"” is on the first page. Its secret is in the keychain.")
	if r.SessionOnly {
		note = parts.NewCallout(parts.ToneWarning, "For this session only.", "“"+r.Name+"” is gone when you close Entrada, secret and all. Export it before that.")
	}
	w.show(parts.Page{
		Title: page.Title, Body: []fyne.CanvasObject{note},
		Back: w.back, Others: []parts.Action{w.closeAction()}, Primary: parts.Action{Label: "Next", Do: w.next},
	})
}
