package parts

import (
	"strconv"

	"fyne.io/fyne/v2"

	"entrada/internal/markup"
	"entrada/internal/ui/theme"
)

// NumberedStep is one thing to do: a number, what to do, and what belongs to
// it.
type NumberedStep struct{ composed }

// NewNumberedStep returns a step. content is a [Text], often with a [Link] in
// it; children stand below it.
func NewNumberedStep(number int, content fyne.CanvasObject, children ...fyne.CanvasObject) *NumberedStep {
	n := &NumberedStep{}
	badge := NewBadge("", strconv.Itoa(number), theme.ColorNameBadge, theme.ColorNamePrimary, 24)
	body := Column(2*theme.Step, append([]fyne.CanvasObject{Pad(2, 0, 0, 0, content)}, children...)...)
	n.build(n, RowTop(3*theme.Step, 1, badge, body))
	return n
}

// Tone says how a callout is meant.
type Tone int

// The tones of a callout.
const (
	ToneInfo    Tone = iota
	ToneDiffers      // the document that the reader holds says something else
	ToneWarning
	ToneGood
	ToneBad
)

func (t Tone) colors() (tint, bar fyne.ThemeColorName) {
	switch t {
	case ToneDiffers, ToneWarning:
		return theme.ColorNameTintWarm, theme.ColorNameWarning
	case ToneGood:
		return theme.ColorNameTintGreen, theme.ColorNameSuccess
	case ToneBad:
		return theme.ColorNameTintRed, theme.ColorNameDanger
	}
	return theme.ColorNameTintBlue, theme.ColorNamePrimary
}

func (t Tone) icon() theme.Icon {
	switch t {
	case ToneWarning:
		return theme.IconWarning
	case ToneGood:
		return theme.IconCheck
	case ToneBad:
		return theme.IconCross
	case ToneInfo:
		return theme.IconInfo
	}
	return ""
}

// Callout is a note beside the instructions, tinted and with a bar at its left
// edge.
type Callout struct{ composed }

// NewCallout returns a callout. The title runs on into the text; both may hold
// **bold** words and either may be empty. Children, such as links, stand below.
func NewCallout(tone Tone, title, text string, children ...fyne.CanvasObject) *Callout {
	c := &Callout{}
	tint, bar := tone.colors()
	var pieces []Piece
	if icon := tone.icon(); icon != "" {
		pieces = append(pieces, Piece{Icon: icon, Color: bar}, Piece{Text: " "})
	}
	if title != "" {
		pieces = append(pieces, Piece{Text: markup.Plain(title) + " ", Bold: true})
	}
	pieces = append(pieces, Words(text)...)
	body := NewText(Style{Size: theme.TextSize - 1, Color: theme.ColorNameText}, pieces...)
	p := NewPanel(tint, "", 3*theme.Step, Column(2*theme.Step, append([]fyne.CanvasObject{body}, children...)...))
	p.bar = bar
	c.build(c, p)
	return c
}
