package pages

import (
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
	"entrada/internal/ui/sketch"
)

// showPortalStep shows one step in the portal: what to do, why, and a sketch of
// where to click.
func showPortalStep(w *nav, page journey.Page) {
	ctx, step, done := w.enter(), page.Step, w.next
	var body []fyne.CanvasObject
	for i, instruction := range step.Instructions {
		body = append(body, drawInstruction(w, i+1, step, instruction))
	}
	if step.ID == guides.StepRegister {
		early := earlyClientID(w, ctx)
		done = early.done
		body = append(body, parts.NewNumberedStep(len(step.Instructions)+1,
			parts.Body("The app's **Overview** page opens. Copy the **Application (client) ID** there and paste "+
				"it here.")),
			early.field) // over the whole width: the ID has to fit
	}
	for _, note := range step.Notes {
		body = append(body, callout(note))
	}
	w.show(parts.Page{
		Title: page.Title, Lead: step.Why, Body: body, Gap: 16,
		Aside:   sketch.New(step.Sketch),
		Back:    w.back,
		Links:   []parts.Action{{Label: "I don't see this page", Do: func() { showOtherWays(w, step) }}},
		Others:  []parts.Action{w.closeAction()},
		Primary: parts.Action{Label: "I've done this", Do: done},
	})
}

// showOtherWays is "I don't see this page": other wordings, the way through the
// menus, words to search for.
func showOtherWays(w *nav, step *guides.Step) {
	body := []fyne.CanvasObject{parts.Body("The way in words: **" + strings.ReplaceAll(step.Path, " > ", "** > **") +
		"**")}
	for _, line := range step.NotSeen {
		body = append(body, parts.Body(line))
	}
	parts.NewDialog(
		parts.DialogOptions{Title: "If your portal looks different", Body: parts.Column(12, body...),
			Cancel: "Close"}).Open(w.window.Canvas())
}
