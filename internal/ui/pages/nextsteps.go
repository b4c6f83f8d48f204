package pages

import (
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/flow"
	"entrada/internal/flow/administer"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// showNextSteps is the last page: what to do in the vendor's own software.
func (w *Window) showNextSteps() {
	w.enter()
	g, a := w.journey.Guide(), w.journey.Answers()
	state := parts.NewCallout(parts.ToneGood, "The connection is ready.", "It was tested with "+a.TestedAs+" and is saved on this computer.")
	if a.TestedAt.IsZero() {
		state = parts.NewCallout(parts.ToneWarning, "The connection is saved, and its test has not passed.", "Once what is wrong is mended, test it on the first page.")
	}
	body := []fyne.CanvasObject{state}
	number := 0
	step := func(text string) {
		number++
		body = append(body, parts.NewNumberedStep(number, parts.Body(text)))
	}
	if g.SendTo != "" && (!g.EnterYourself || !w.journey.Sends()) {
		step(g.SendTo)
	}
	for _, i := range g.NextSteps(w.journey.Choices()) {
		number++
		body = append(body, w.instruction(number, &guides.Step{}, i))
	}
	number++
	expires := []fyne.CanvasObject{}
	if _, saved := w.app.Connections.Get(a.ConnectionID); saved && !a.SecretExpires.IsZero() {
		expires = append(expires, parts.Wrap(0, parts.NewLink("Put it into my calendar", w.showReminder)))
	}
	body = append(body, parts.NewNumberedStep(number, parts.Body("The secret expires on **"+w.journey.ExpiryWords()+"**. Entrada shows it on the first page, 30 days before in colour and words."), expires...))
	if recipe, ok := g.OneMailboxRecipe(guides.RecipeValues{ClientID: a.ClientID, Mailbox: a.Inputs[g.MailboxInput()]}); ok {
		body = append(body, recipePart(recipe))
	}
	if administer.OurTestAddress(g, a.Inputs) {
		body = append(body, parts.NewCallout(parts.ToneInfo, "The test address may go.", "You can remove **"+guides.TestRedirect+"** again, here or in the portal on **Authentication**. Leave it if you want to test later.",
			parts.Wrap(0, parts.NewLink("Remove it for me", w.removeTestAddress))))
	}
	w.show(parts.Page{
		Title: w.journey.Page().Title, Lead: "What is left happens outside Entrada.", Body: body, Gap: 16,
		Back: w.back, Primary: parts.Action{Label: "Finish", Do: w.finish},
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
func (w *Window) removeTestAddress() {
	s, err := administer.RemoveTestAddress(w.app, w.journey)
	w.talk(s, err, w.showCurrent, func(flow.Exit) { w.showCurrent() })
}

func (w *Window) finish() {
	err := journey.Discard(w.app)
	w.ShowHome()
	if err != nil {
		w.tell("The place in the wizard could not be forgotten", err)
	}
}
