package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/ui/theme"
)

// openMenu shows actions below a part. The menu has the arrow keys, Enter and
// Esc by itself.
func openMenu(below fyne.CanvasObject, actions []Action) {
	c := canvasOf(below)
	if c == nil {
		return
	}
	var items []*fyne.MenuItem
	for _, a := range actions {
		item := fyne.NewMenuItem(a.Label, a.Do)
		item.Disabled = a.Disabled
		items = append(items, item)
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), c)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(below)
	size := menu.MinSize()
	size.Width = max(size.Width, below.Size().Width)
	x := min(at.X, c.Size().Width-size.Width-2*theme.Step)
	y := at.Y + below.Size().Height + theme.Step
	if y+size.Height > c.Size().Height {
		y = max(0, at.Y-size.Height-theme.Step)
	}
	menu.ShowAtPosition(fyne.NewPos(max(0, x), y))
	menu.Resize(size)
	menu.ActivateNext()
}

// MenuButton is a small button with three dots that opens more actions; label
// is what a screen reader says.
func MenuButton(label string, actions ...Action) *Button {
	b := IconButton(theme.IconEllipsis, label, nil)
	b.SetAction(func() { openMenu(b, actions) })
	return b
}

// Select is a value chosen from a menu.
type Select struct {
	press
	label    string
	options  []string
	chosen   int
	onChange func(int)
	text     *Text
	icon     *Icon
}

// NewSelect returns a select; label is for screen readers, a visible one is
// the page's; chosen is -1 while nothing is chosen.
func NewSelect(label string, options []string, chosen int, onChange func(int)) *Select {
	s := &Select{label: label, options: options, chosen: chosen, onChange: onChange}
	s.text = NewText(Style{Size: theme.TextSize, Color: theme.ColorNameText, MaxLines: 1})
	s.icon = NewIcon(theme.IconDown, theme.ColorNameMuted, 16)
	s.onPress = s.open
	s.extend(s)
	s.show()
	return s
}

func (s *Select) open() {
	var actions []Action
	for i, o := range s.options {
		actions = append(actions, Action{Label: o, Do: func() { s.Choose(i) }})
	}
	openMenu(s, actions)
}

func (s *Select) show() {
	text, name := "Choose…", theme.ColorNameMuted
	if s.chosen >= 0 && s.chosen < len(s.options) {
		text, name = s.options[s.chosen], theme.ColorNameText
	}
	s.text.SetColor(name)
	s.text.SetPieces(Piece{Text: text})
}

// Chosen returns the index of what is chosen, -1 for nothing.
func (s *Select) Chosen() int { return s.chosen }

// Choose chooses an option.
func (s *Select) Choose(i int) {
	if i == s.chosen || i < 0 || i >= len(s.options) {
		return
	}
	s.chosen = i
	s.show()
	if s.onChange != nil {
		s.onChange(i)
	}
}

// TypedKey also opens with Down and changes with Left and Right.
func (s *Select) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyDown, fyne.KeyUp:
		s.Press()
	case fyne.KeyLeft:
		s.Choose(s.chosen - 1)
	case fyne.KeyRight:
		s.Choose(s.chosen + 1)
	default:
		s.press.TypedKey(ev)
	}
}

// AccessibilityLabel says the label and the value.
func (s *Select) AccessibilityLabel() string { return s.label + ": " + s.text.Plain() }

// HeightFor is the height of a field.
func (s *Select) HeightFor(float32) float32 { return 36 }

// CreateRenderer is for Fyne.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	body := container.New(pad{left: 2.5 * theme.Step, right: 2.5 * theme.Step}, Row(2*theme.Step, 0, s.text, s.icon))
	r := newPressRenderer(&s.press, body, func() face {
		f := face{fill: theme.ColorNameSurface, stroke: theme.ColorNameInputBorder, radius: theme.Radius}
		if s.hovered && !s.Disabled() {
			f.fill = theme.ColorNameHover
		}
		return f
	}, nil)
	r.min = func() fyne.Size { return fyne.NewSize(160, 36) }
	return r
}
