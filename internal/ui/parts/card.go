package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"entrada/internal/ui/theme"
)

// Card is a large button with a title and a sentence below it.
type Card struct {
	press
	title   string
	text    string
	primary bool
	body    *fyne.Container
}

// NewCard returns a card; a primary card is the one that most people want.
func NewCard(title, text string, primary bool, do func()) *Card {
	c := &Card{title: title, text: text, primary: primary}
	head, body := theme.ColorNameText, theme.ColorNameMuted
	if primary {
		head, body = theme.ColorNameOnPrimary, theme.ColorNameOnPrimaryMuted
	}
	c.body = PadAll(5*theme.Step, Column(theme.Step,
		NewText(Style{Size: theme.SubHeadingSize, Color: head, Bold: true}, Piece{Text: title}),
		NewText(Style{Size: theme.TextSize, Color: body}, Words(text)...)))
	c.onPress = do
	c.extend(c)
	return c
}

// HeightFor says how high the card is in a width.
func (c *Card) HeightFor(width float32) float32 { return HeightFor(c.body, width) }

// AccessibilityLabel is the title and the sentence.
func (c *Card) AccessibilityLabel() string { return c.title + ". " + c.text }

// CreateRenderer is for Fyne.
func (c *Card) CreateRenderer() fyne.WidgetRenderer {
	return newPressRenderer(&c.press, c.body, func() face {
		f := face{fill: theme.ColorNameSurface, stroke: theme.ColorNameBorder, radius: theme.Radius, ringGap: 3}
		switch {
		case c.primary && c.hovered:
			f.fill, f.stroke = theme.ColorNamePrimaryHover, ""
		case c.primary:
			f.fill, f.stroke = theme.ColorNamePrimary, ""
		case c.hovered:
			f.fill = theme.ColorNameHover
		}
		return f
	}, nil)
}

// ListItem is what a row of a list shows.
type ListItem struct {
	State   CheckState
	Title   string
	Caption string
	Actions []fyne.CanvasObject // small buttons at the right
}

// ListRow is a row of a list: a state, a title with a caption, and buttons at
// the right, or below where it is narrow.
type ListRow struct {
	composed
	item ListItem
}

// NewListRow returns a row.
func NewListRow(item ListItem) *ListRow {
	r := &ListRow{item: item}
	icon, color, _ := item.State.look()
	caption := Caption(item.Caption)
	caption.Hidden = item.Caption == ""
	actions := Row(3*theme.Step, -1, item.Actions...)
	r.build(r, Pad(3*theme.Step, 4*theme.Step, 3*theme.Step, 4*theme.Step,
		container.New(&listRowLayout{}, NewIcon(icon, color, 16), Column(0, Strong(item.Title), caption), actions)))
	return r
}

// AccessibilityLabel says the state in words.
func (r *ListRow) AccessibilityLabel() string {
	_, _, spoken := r.item.State.look()
	return r.item.Title + ". " + spoken + ". " + r.item.Caption
}

// AccessibilityRole says that other things are inside.
func (r *ListRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// List puts rows into one card with lines between them.
func List(rows ...fyne.CanvasObject) *Panel {
	column := Column(0)
	for i, r := range rows {
		if i > 0 {
			column.Objects = append(column.Objects, Line())
		}
		column.Objects = append(column.Objects, r)
	}
	return NewPanel(theme.ColorNameSurface, theme.ColorNameBorder, 0, column)
}

type listRowLayout struct{ width float32 }

const (
	listIcon      = 16 + 3.5*theme.Step
	listTextLeast = 200
)

// split says how wide the text is, and whether the buttons go below it.
func (l *listRowLayout) split(o []fyne.CanvasObject, width float32) (text float32, below bool) {
	actions := o[2].MinSize().Width
	text = width - listIcon - actions - 4*theme.Step
	if actions > 0 && text < listTextLeast {
		return width - listIcon, true
	}
	return text, false
}

func (l *listRowLayout) HeightFor(o []fyne.CanvasObject, width float32) float32 {
	text, below := l.split(o, width)
	h, buttons := HeightFor(o[1], text), o[2].MinSize().Height
	if below {
		return h + 2*theme.Step + buttons
	}
	return max(h, buttons)
}

func (l *listRowLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	w := l.width
	if w == 0 {
		w = 600
	}
	return fyne.NewSize(listIcon+o[2].MinSize().Width, l.HeightFor(o, w))
}

func (l *listRowLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	w, below := l.split(o, size.Width)
	h, actions := HeightFor(o[1], w), o[2].MinSize()
	top := (size.Height - h) / 2
	if below {
		top = 0
	}
	o[0].Resize(fyne.NewSquareSize(16))
	o[0].Move(fyne.NewPos(0, top+(h-16)/2))
	o[1].Resize(fyne.NewSize(w, h))
	o[1].Move(fyne.NewPos(listIcon, top))
	o[2].Resize(actions)
	if below {
		o[2].Move(fyne.NewPos(listIcon, h+2*theme.Step))
	} else {
		o[2].Move(fyne.NewPos(size.Width-actions.Width, (size.Height-actions.Height)/2))
	}
}
