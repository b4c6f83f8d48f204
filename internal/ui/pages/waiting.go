package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/explain"
	"entrada/internal/signin"
	"entrada/internal/ui/parts"
)

// signInWait is a sign-in to wait for.
type signInWait struct {
	page    context.Context // ends it with the page
	request signin.Request
	frame   func(parts.Page) parts.Page

	// Some refusals are shown by Microsoft alone and never reach us: these say
	// what such a message is about, and what else can be done.
	about explain.Context
	ways  []parts.Action

	cancelled func() // the person gives up
	done      func(*signin.Session, error)
}

// waitForSignIn opens the browser and shows how the sign-in goes.
func (w *Window) waitForSignIn(s signInWait) {
	ctx, cancel := context.WithCancel(s.page)
	giveUp := func() { cancel(); s.cancelled() }
	links := make([]parts.Action, len(s.ways))
	for i, way := range s.ways {
		links[i] = way
		links[i].Do = func() { cancel(); way.Do() }
	}
	status := parts.NewChecklist(parts.Check{State: parts.CheckRunning, Title: "Opening your browser"})
	deadline := parts.Caption("")
	address := ""
	link := parts.NewCopyButton("Copy the sign-in link", func() string { return address })
	link.Hide()
	note := parts.Body("")
	note.Hide()
	object, message := w.lookUp(s.about)
	shows := parts.NewFold("The browser shows an error", object)
	shows.Opened = func(open bool) {
		if open {
			message.Replace()
		}
	}
	w.show(s.frame(parts.Page{
		Title: "Waiting for your sign-in", Lead: "Go on in your browser. This page continues by itself.",
		Body: []fyne.CanvasObject{parts.Surface(status), deadline, note, parts.Row(8, -1, link),
			shows},
		Links: links, Cancel: giveUp, Others: []parts.Action{{Label: "Cancel sign-in", Do: giveUp}},
	}))
	open := w.app.Browser
	parts.Run(ctx, func(ctx context.Context) (*signin.Session, error) {
		return signin.Interactive(ctx, s.request, open, func(g signin.Progress) {
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
	}, func(session *signin.Session, err error) {
		cancel()
		s.done(session, err)
	})
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
