package pages

import (
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/entra"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
	"entrada/internal/ui/sketch"
	"entrada/internal/ui/theme"
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

func drawInstruction(w *nav, number int, step *guides.Step, i guides.Instruction) fyne.CanvasObject {
	pieces := parts.Words(i.Text)
	if i.Opens {
		link := parts.NewLink("Open it for me", func() { openPortal(w, step.Page) }).External()
		// Twice the space: the ring of the focus stands around the words.
		pieces = append(pieces, parts.Piece{Text: "\u00a0 "}, parts.Piece{Link: link})
	}
	var below []fyne.CanvasObject
	for _, v := range i.Values {
		below = append(below, parts.NewCopyRow(v.Text, v.Meaning))
	}
	if i.After != "" {
		below = append(below, parts.Caption(i.After))
	}
	return parts.NewNumberedStep(number,
		parts.NewText(parts.Style{Size: theme.TextSize, Color: theme.ColorNameText}, pieces...), below...)
}

func openPortal(w *nav, page entra.PortalPage) {
	a := w.journey.Answers()
	w.openLink(w.journey.Cloud().PortalLink(page, a.TenantID, a.ClientID))
}

// showVerdict says below a field what its value is.
func showVerdict(f *parts.Field, v entra.Verdict, good string) {
	switch v.State {
	case entra.Missing:
		f.SetStatus(parts.StatusNeutral, v.Sentence)
	case entra.Good:
		if v.Sentence != "" {
			good = v.Sentence
		}
		if f.Text() != v.Clean {
			f.SetText(v.Clean) // without the spaces that came along
		}
		f.SetStatus(parts.StatusGood, good)
	case entra.Doubtful:
		f.SetStatus(parts.StatusWarn, v.Sentence)
	case entra.Wrong:
		f.SetStatus(parts.StatusBad, v.Sentence)
	}
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

func callout(n guides.Note) fyne.CanvasObject {
	tone := parts.ToneInfo
	switch n.Tone {
	case guides.ToneDiffers:
		tone = parts.ToneDiffers
	case guides.ToneWarning:
		tone = parts.ToneWarning
	}
	return parts.NewCallout(tone, n.Title, n.Text)
}
