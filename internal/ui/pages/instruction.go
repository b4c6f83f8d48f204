package pages

import (
	"fyne.io/fyne/v2"

	"entrada/internal/entra"
	"entrada/internal/flow/prepare"
	"entrada/internal/guides"
	"entrada/internal/ui/parts"
	"entrada/internal/ui/theme"
)

func drawInstruction(w *nav, number int, step *guides.Step, i guides.Instruction) fyne.CanvasObject {
	pieces := parts.Words(i.Text)
	if i.Opens {
		link := parts.NewLink("Open it for me", func() { openPortal(w, step.Page) }).External()
		// Twice the space: the ring of the focus stands around the words.
		pieces = append(pieces, parts.Piece{Text: "\u00a0 "}, parts.Piece{Link: link})
	}
	var below []fyne.CanvasObject
	if list := prepare.OpensList(step.Page, w.journey.Answers().ClientID); i.Opens && list != "" {
		below = append(below, parts.Caption(list))
	}
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
