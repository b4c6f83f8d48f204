package pages

import (
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/flow"
	"entrada/internal/flow/administer"
	"entrada/internal/flow/deliver"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// showNextSteps is the last page: what to do in the vendor's own software.
func showNextSteps(w *nav) {
	w.enter()
	a, next := w.journey.Answers(), deliver.WhatComesNext(w.journey)
	body := []fyne.CanvasObject{parts.NewCallout(tones[next.State.Tone], next.State.Title, next.State.Words)}
	for i, step := range next.Steps {
		body = append(body, drawInstruction(w, i+1, &guides.Step{}, step))
	}
	expires := []fyne.CanvasObject{}
	if _, saved := w.app.Connections.Get(a.ConnectionID); saved && !a.SecretExpires.IsZero() {
		expires = append(expires, parts.Wrap(0, parts.NewLink("Put it into my calendar", func() { showReminder(w) })))
	}
	body = append(body, parts.NewNumberedStep(len(next.Steps)+1,
		parts.Body(next.Expiry+" Entrada shows it on the first page, 30 days before in colour and words."), expires...))
	if next.Recipe != nil {
		body = append(body, recipePart(*next.Recipe))
	}
	if next.TestAddress != "" {
		body = append(body, parts.NewCallout(parts.ToneInfo, "The test address may go.", next.TestAddress,
			parts.Wrap(0, parts.NewLink("Remove it for me", func() { removeTestAddress(w) }))))
	}
	w.show(parts.Page{
		Title: w.journey.Page().Title, Lead: next.Lead, Body: body, Gap: 16,
		Back: w.back, Primary: parts.Action{Label: "Finish", Do: func() { finish(w) }},
	})
}

// recipePart shows a piece of work outside the portal, with its commands to
// copy.
func recipePart(r guides.Recipe) fyne.CanvasObject {
	column := parts.Column(12, parts.Body(r.Why), parts.Caption("Who can do it: "+r.Who))
	for _, line := range r.Before {
		column.Objects = append(column.Objects, parts.Body(line))
	}
	commands := strings.Join(r.Lines, "\n")
	column.Objects = append(column.Objects, parts.Selectable(commands),
		parts.Wrap(0, parts.NewCopyButton("Copy the commands", func() string { return commands })))
	for _, line := range r.After {
		column.Objects = append(column.Objects, parts.Body(line))
	}
	return parts.NewFold(r.Title, parts.Surface(column))
}

// removeTestAddress takes our own test address off the registration.
func removeTestAddress(w *nav) {
	s, err := administer.RemoveTestAddress(w.app, w.journey)
	talk(w, s, err, w.showCurrent, func(flow.Exit) { w.showCurrent() })
}

func finish(w *nav) {
	err := journey.Discard(w.app)
	w.ShowHome()
	if err != nil {
		w.tell("The place in the wizard could not be forgotten", err)
	}
}
