package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/signin"
	"entrada/internal/ui/parts"
)

// waitForSignIn opens the browser and shows how the sign-in goes. done hears
// the outcome; cancelled is called when the person gives up. stop ends it.
func (w *Window) waitForSignIn(page context.Context, request signin.Request, frame func(parts.Page) parts.Page, cancelled func(), done func(*signin.Session, error)) (stop context.CancelFunc) {
	ctx, cancel := context.WithCancel(page)
	giveUp := func() { cancel(); cancelled() }
	status := parts.NewChecklist(parts.Check{State: parts.CheckRunning, Title: "Opening your browser"})
	deadline := parts.Caption("")
	address := ""
	link := parts.NewCopyButton("Copy the sign-in link", func() string { return address })
	link.Hide()
	note := parts.Body("")
	note.Hide()
	w.show(frame(parts.Page{
		Title: "Waiting for your sign-in", Lead: "Go on in your browser. This page continues by itself.",
		Body: []fyne.CanvasObject{parts.Surface(status), deadline, note, parts.Row(8, -1, link),
			// Some refusals are shown by Microsoft alone and never reach us.
			parts.NewFold("The browser shows an error", w.lookUp())},
		Cancel: giveUp, Others: []parts.Action{{Label: "Cancel sign-in", Do: giveUp}},
	}))
	open := w.world.Browser
	parts.Run(ctx, func(ctx context.Context) (*signin.Session, error) {
		return signin.Interactive(ctx, request, open, func(g signin.Progress) {
			parts.PostWhile(ctx, func() {
				status.Set(0, signInRow(g))
				address = g.Link
				link.Show()
				if !g.Deadline.IsZero() {
					deadline.SetText("We wait until " + g.Deadline.Local().Format("15:04") + ".")
				}
				if words := linkWords(g); words != "" {
					note.SetText(words)
					note.Show()
				}
			})
		})
	}, func(s *signin.Session, err error) {
		cancel()
		done(s, err)
	})
	return cancel
}

func signInRow(g signin.Progress) parts.Check {
	row := parts.Check{State: parts.CheckRunning}
	switch g.Stage {
	case signin.StageListening, signin.StageBrowserOpening:
		row.Title = "Opening your browser"
	case signin.StageWaiting:
		row.Title, row.Detail = "Waiting for you to sign in", "in the browser window that just opened"
	case signin.StageLinkNeeded:
		row.State, row.Title, row.Detail = parts.CheckWarned, "No browser opened by itself", "Please use the link below."
	case signin.StageExchanging:
		row.Title = "Signed in; asking Microsoft for access"
	case signin.StageChecking:
		row.Title = "Checking who signed in"
	}
	return row
}

func linkWords(g signin.Progress) string {
	switch {
	case g.InAddress:
		return "Microsoft answered in the page's address instead of a form. For your safety we do not use such an answer. Please cancel and try again."
	case g.Strange >= 20:
		return "Another program on this computer keeps knocking at our door. Your sign-in is not affected, but somebody should have a look."
	case g.Stage == signin.StageLinkNeeded:
		return "Copy the sign-in link and open it in a browser **on this computer**. On a remote session, use the browser there."
	}
	return ""
}
