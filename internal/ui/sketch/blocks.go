package sketch

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"entrada/internal/guides"
	"entrada/internal/ui/parts"
	"entrada/internal/ui/theme"
)

func small(color fyne.ThemeColorName, lines int, pieces ...parts.Piece) *parts.Text {
	return parts.NewText(parts.Style{Size: theme.SmallSize, Color: color, MaxLines: lines}, pieces...)
}

func bold(color fyne.ThemeColorName, lines int, text string) *parts.Text {
	return parts.NewText(
		parts.Style{Size: theme.SmallSize, Color: color, MaxLines: lines, Bold: true}, parts.Piece{Text: text})
}

// ring marks what to click.
func ring(o fyne.CanvasObject) fyne.CanvasObject {
	return parts.NewPanel(theme.ColorNameBadge, theme.ColorNamePrimary, 0, o).Rounded(6).Thick(2)
}

// block draws one part of the page. A kind that is not known is drawn as text,
// so that a newer guide still shows its words.
func block(b guides.Block) fyne.CanvasObject {
	switch b.Kind {
	case guides.BlockCommands:
		return commands(b)
	case guides.BlockTabs:
		return tabs(b)
	case guides.BlockField:
		return field(b)
	case guides.BlockChoices:
		return choices(b)
	case guides.BlockTable:
		return table(b)
	case guides.BlockButton:
		return button(b)
	}
	text := b.Value
	if text == "" {
		text = b.Label
	}
	o := fyne.CanvasObject(small(theme.ColorNameMuted, 0, parts.Words(text)...))
	if b.Ringed {
		o = ring(parts.PadAll(5, o))
	}
	return o
}

func commands(b guides.Block) fyne.CanvasObject {
	row := parts.Wrap(4)
	for _, i := range b.Items {
		text := small(theme.ColorNameMuted, 2, parts.Piece{Text: i.Text})
		if !i.Ringed && !b.Ringed {
			row.Objects = append(row.Objects, hug(text, 5, 4))
			continue
		}
		row.Objects = append(row.Objects, ring(hug(bold(theme.ColorNamePrimary, 2, i.Text), 6, 5)))
	}
	return row
}

func tabs(b guides.Block) fyne.CanvasObject {
	row := parts.Wrap(4)
	for _, i := range b.Items {
		name := theme.ColorNameMuted
		if i.Chosen || i.Ringed {
			name = theme.ColorNamePrimary
		}
		text := parts.NewText(
			parts.Style{Size: theme.SmallSize, Color: name, Bold: i.Chosen || i.Ringed, MaxLines: 2},
			parts.Piece{Text: i.Text})
		switch {
		case i.Ringed:
			row.Objects = append(row.Objects, ring(hug(text, 6, 5)))
		case i.Chosen:
			row.Objects = append(row.Objects, underlined(hug(text, 4, 4)))
		default:
			row.Objects = append(row.Objects, hug(text, 4, 4))
		}
	}
	return row
}

func underlined(o fyne.CanvasObject) fyne.CanvasObject {
	line := parts.NewPanel(theme.ColorNamePrimary, "", 0, parts.Room(1, 2)).Rounded(0)
	return parts.Column(0, o, line)
}

func field(b guides.Block) fyne.CanvasObject {
	column := parts.Column(3)
	if b.Label != "" {
		column.Objects = append(column.Objects, bold(theme.ColorNameText, 2, b.Label))
	}
	value := b.Value
	if value == "" {
		value = " "
	}
	text := parts.Pad(4, 6, 4, 6, small(theme.ColorNameText, 2, parts.Piece{Text: value}))
	if b.Ringed {
		column.Objects = append(column.Objects, ring(text))
	} else {
		column.Objects = append(column.Objects,
			parts.NewPanel(theme.ColorNameSurface, theme.ColorNameInputBorder, 0, text).Rounded(3))
	}
	return column
}

func choices(b guides.Block) fyne.CanvasObject {
	column := parts.Column(1)
	if b.Label != "" {
		column.Objects = append(column.Objects, bold(theme.ColorNameText, 2, b.Label))
	}
	for _, i := range b.Items {
		row := parts.Pad(
			3, 4, 3, 4, parts.RowTop(
				6, 1, parts.Pad(2, 0, 0, 0, radio(i.Chosen)), small(theme.ColorNameText, 0, parts.Piece{Text: i.Text})))
		if i.Ringed {
			column.Objects = append(column.Objects, ring(row))
		} else {
			column.Objects = append(column.Objects, row)
		}
	}
	if b.Ringed {
		return ring(parts.PadAll(5, column))
	}
	return column
}

func radio(on bool) fyne.CanvasObject {
	if on {
		return parts.NewBadge(theme.IconDot, "", theme.ColorNamePrimary, theme.ColorNameOnPrimary, 11)
	}
	return parts.NewBadge("", "", theme.ColorNameClear, theme.ColorNameInputBorder, 11)
}

func table(b guides.Block) fyne.CanvasObject {
	column := parts.Column(0)
	if b.Label != "" {
		head := parts.Pad(5, 6, 5, 6, small(theme.ColorNameMuted, 2, parts.Piece{Text: b.Label}))
		column.Objects = append(column.Objects, parts.NewPanel(theme.ColorNamePortalHead, "", 0, head).RoundedTop(4))
	}
	for _, i := range b.Items {
		if len(column.Objects) > 0 {
			column.Objects = append(column.Objects, parts.Line())
		}
		name := small(theme.ColorNameText, 2, parts.Piece{Text: i.Text, Bold: i.Ringed})
		row := fyne.CanvasObject(parts.Pad(4, 6, 4, 6, name))
		if i.Detail != "" {
			detail := small(theme.ColorNameMuted, 2, parts.Piece{Text: i.Detail})
			row = parts.Pad(4, 6, 4, 6, container.New(&pair{}, name, detail))
		}
		if i.Ringed {
			row = ring(row)
		}
		column.Objects = append(column.Objects, row)
	}
	t := fyne.CanvasObject(parts.NewPanel(theme.ColorNameSurface, theme.ColorNameBorder, 0, column).Rounded(4))
	if b.Ringed {
		t = ring(parts.PadAll(3, t))
	}
	return t
}

func button(b guides.Block) fyne.CanvasObject {
	text := bold(theme.ColorNameOnPrimary, 1, b.Label)
	o := fyne.CanvasObject(parts.NewPanel(theme.ColorNamePrimary, "", 0, hug(text, 10, 5)).Rounded(4))
	if b.Ringed {
		// The gap keeps the ring apart from a button of the same colour.
		o = ring(parts.PadAll(4, o))
	}
	return parts.Wrap(0, o)
}

// hug keeps an object as wide as its text in one line, with room around it.
func hug(t *parts.Text, side, top float32) fyne.CanvasObject {
	return container.New(hugging{side, top}, t)
}

type hugging struct{ side, top float32 }

func (h hugging) HeightFor(o []fyne.CanvasObject, width float32) float32 {
	return parts.HeightFor(o[0], width-2*h.side) + 2*h.top
}

func (h hugging) MinSize(o []fyne.CanvasObject) fyne.Size {
	w := o[0].(*parts.Text).Natural() + 2*h.side
	if now := o[0].Size().Width; now > 0 {
		return fyne.NewSize(w, h.HeightFor(o, now+2*h.side))
	}
	return fyne.NewSize(w, h.HeightFor(o, w))
}

func (h hugging) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Resize(size.SubtractWidthHeight(2*h.side, 2*h.top))
	o[0].Move(fyne.NewPos(h.side, h.top))
}

// pair puts two texts beside each other, the second at the right edge, or
// below each other where that is too narrow.
type pair struct{ width float32 }

func (p *pair) split(o []fyne.CanvasObject, width float32) (left, right float32, below bool) {
	right = o[1].(*parts.Text).Natural()
	left = o[0].(*parts.Text).Natural()
	if left+right+8 <= width {
		return width - right - 8, right, false
	}
	return width, width, true
}

func (p *pair) HeightFor(o []fyne.CanvasObject, width float32) float32 {
	l, r, below := p.split(o, width)
	if below {
		return parts.HeightFor(o[0], l) + parts.HeightFor(o[1], r)
	}
	return max(parts.HeightFor(o[0], l), parts.HeightFor(o[1], r))
}

func (p *pair) MinSize(o []fyne.CanvasObject) fyne.Size {
	w := p.width
	if w == 0 {
		w = 200
	}
	return fyne.NewSize(60, p.HeightFor(o, w))
}

func (p *pair) Layout(o []fyne.CanvasObject, size fyne.Size) {
	p.width = size.Width
	l, r, below := p.split(o, size.Width)
	lh, rh := parts.HeightFor(o[0], l), parts.HeightFor(o[1], r)
	o[0].Resize(fyne.NewSize(l, lh))
	o[0].Move(fyne.Position{})
	o[1].Resize(fyne.NewSize(r, rh))
	if below {
		o[1].Move(fyne.NewPos(0, lh))
	} else {
		o[1].Move(fyne.NewPos(size.Width-r, 0))
	}
}
