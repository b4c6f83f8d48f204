package pages

import (
	"fyne.io/fyne/v2"

	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// showNextSteps is the last page: what to do in the vendor's own software.
func (w *Window) showNextSteps() {
	w.enter()
	g, a := w.journey.Guide(), w.journey.Answers()
	body := []fyne.CanvasObject{
		parts.NewCallout(parts.ToneGood, "The connection is ready.", "It was tested as "+a.TestedAs+" and is saved on this computer."),
	}
	number := 0
	step := func(text string) {
		number++
		body = append(body, parts.NewNumberedStep(number, parts.Body(text)))
	}
	if g.SendTo != "" {
		step(g.SendTo)
	}
	for _, i := range g.NextSteps(w.journey.Choices()) {
		number++
		body = append(body, w.instruction(number, &guides.Step{}, i))
	}
	step("The secret expires on **" + a.SecretExpires.Format(journey.DateLayout) + "**. Entrada shows it on the first page, 30 days before in colour and words.")
	if !usesTestAddress(g, a.Inputs) {
		body = append(body, parts.NewCallout(parts.ToneInfo, "The test address may go.", "In the portal, on **Authentication**, you can remove **"+guides.TestRedirect+"** again. Leave it if you want to test later."))
	}
	w.show(parts.Page{
		Title: w.journey.Page().Title, Lead: "What is left happens outside Entrada.", Body: body, Gap: 16,
		Back: w.back, Primary: parts.Action{Label: "Finish", Do: w.finish},
	})
}

// usesTestAddress reports whether the vendor itself needs http://localhost.
func usesTestAddress(g *guides.Guide, inputs map[string]string) bool {
	for _, u := range g.RedirectURLs(inputs) {
		if u == guides.TestRedirect {
			return true
		}
	}
	return false
}

func (w *Window) finish() {
	err := w.world.Discard()
	w.ShowHome()
	if err != nil {
		w.tell("The place in the wizard could not be forgotten", err)
	}
}
