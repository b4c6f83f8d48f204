package pages

import (
	"context"

	"entrada/internal/entra"
	"entrada/internal/flow/prepare"
	"entrada/internal/flow/prove"
	"entrada/internal/ui/parts"
)

// earlyID asks for the client ID as soon as it exists, so that the next pages
// can open this very app in the portal. It may be left for later.
type earlyID struct {
	*nav
	ctx   context.Context
	field *parts.Field

	stopAsking func()
}

func earlyClientID(w *nav, ctx context.Context) *earlyID {
	e := &earlyID{nav: w, ctx: ctx, stopAsking: func() {}}
	e.field = parts.NewField(parts.FieldOptions{
		Label: prepare.ClientIDLabel, Mono: true, Paste: true,
		Hint:    "Then the next pages can open the app for you.",
		Changed: e.changed, Submit: e.done,
	})
	if id := w.journey.Answers().ClientID; id != "" {
		e.field.SetText(id)
	}
	return e
}

// changed judges the form at once. Whether it is this app's ID, and not another
// one from the same page, only Microsoft can tell.
func (e *earlyID) changed(text string) {
	e.stopAsking()
	v := e.journey.PasteClientID(text)
	showVerdict(e.field, v, "It has the right form.")
	e.stopAsking() // tidying up the text comes by here, too
	if v.State == entra.Good {
		e.stopAsking = parts.After(typingPause, e.ask)
	}
}

func (e *earlyID) ask() {
	if e.ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithCancel(e.ctx)
	e.stopAsking = cancel
	askFresh(ctx, prove.Fresh{App: e.app, Subject: prove.FromJourney(e.journey)}, func(a prove.Answer) {
		if a.Again == 0 {
			cancel()
		}
		e.answered(a)
	})
}

func (e *earlyID) answered(a prove.Answer) {
	domain := e.journey.Answers().TenantDomain
	switch {
	case a.App:
		e.field.SetStatus(parts.StatusGood, "This app exists in "+domain+". Now the next pages can open it for you.")
	case a.ClientID:
		words := "Microsoft knows no app of this ID in " + domain +
			". Is it the **Object ID**? Copy the **Application (client) ID**."
		if a.Again > 0 {
			words += " " + prove.AskedAgain
		}
		e.field.SetStatus(parts.StatusWarn, words)
	}
}

// done goes on, after a question where there is no client ID.
func (e *earlyID) done() {
	if e.journey.Answers().ClientID != "" {
		e.next()
		return
	}
	parts.NewDialog(parts.DialogOptions{
		Title: "Where is the client ID?",
		Body: parts.Body(
			"Paste the **Application (client) ID** from the app's **Overview** page first. Then the next pages " +
				"open this very app for you. Without it, they open the list of all apps, and you paste it later."),
		Cancel:  "Stay here",
		Others:  []parts.Action{{Label: "Go on without it", Do: e.next}},
		Primary: parts.Action{Label: "Paste it now", Do: e.field.Replace},
	}).Open(e.window.Canvas())
}
