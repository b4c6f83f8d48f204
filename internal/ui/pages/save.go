package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/flow/deliver"
	"entrada/internal/journey"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// showSave keeps the connection: the record in a file, the secret in the
// keychain, or where the person says if there is none.
func (w *Window) showSave() {
	k := newKeeping(w, w.enter())
	app, record, value := w.app, w.journey.Record(), w.journey.Secret()
	k.inKeychain = func(ctx context.Context) (connections.Record, error) { return app.Connections.Save(ctx, record, value) }
	k.behind = func(ctx context.Context, passphrase secret.Value) (connections.Record, error) {
		return deliver.KeepBehindPassphrase(ctx, app, record, value, passphrase)
	}
	k.forSession, k.kept = func() connections.Record { return deliver.KeepForSession(w.app, w.journey) }, w.saved
	page := w.journey.Page()
	if w.journey.Missing(journey.PageSave) == nil {
		w.showSaved(page)
		return
	}
	w.show(parts.Page{
		Title: page.Title,
		Lead:  "Then you find it on the first page, and we remind you before the secret expires.",
		Body:  k.slots(),
		Back:  w.back, Others: []parts.Action{w.closeAction()},
		Primary: parts.Action{Label: "Save the connection", Do: k.start},
	})
	k.usual.Fill(parts.Column(16, parts.Surface(parts.NewChecklist(
		parts.Check{State: parts.CheckDone, Title: "The client secret", Detail: "goes into the keychain of this computer, under your own account"},
		parts.Check{State: parts.CheckDone, Title: "Client ID, tenant ID and expiry", Detail: "go into a file that only you can read; none of it is secret"},
		parts.Check{State: parts.CheckSkipped, Title: "Your sign-in", Detail: "is not kept"},
	)), parts.Muted("Your computer may ask you to unlock the keychain.")))
	// Who has no keychain is told before trying.
	store := w.app.Connections
	parts.Run(k.ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, store.Probe(ctx) }, func(_ struct{}, err error) {
		if fault.Is(err, fault.KeychainUnavailable) && !k.problem.Visible() {
			k.showOtherwise(err)
		}
	})
}

func (w *Window) saved(r connections.Record) {
	w.journey.Kept(r.ID)
	var kept error
	if !r.SessionOnly { // the secret of a session is lost with it
		kept = w.app.KeepRegistration(r)
	}
	w.next()
	if kept != nil {
		w.tell("The registration could not be marked as finished", kept)
	}
}

func (w *Window) showSaved(page journey.Page) {
	r, _ := w.app.Connections.Get(w.journey.Answers().ConnectionID)
	note := parts.NewCallout(parts.ToneGood, "Saved.", "“"+r.Name+"” is on the first page. Its secret is in the keychain.")
	switch {
	case r.SessionOnly:
		note = parts.NewCallout(parts.ToneWarning, "For this session only.", "“"+r.Name+"” is gone when you close Entrada, secret and all. Export it before that.")
	case r.SecretIn == connections.InFile:
		note = parts.NewCallout(parts.ToneGood, "Saved.", "“"+r.Name+"” is on the first page. Its secret is in the file behind your passphrase.")
	}
	w.show(parts.Page{
		Title: page.Title, Body: []fyne.CanvasObject{note},
		Back: w.back, Others: []parts.Action{w.closeAction()}, Primary: parts.Action{Label: "Next", Do: w.next},
	})
}
