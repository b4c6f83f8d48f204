package parts

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/ui/theme"
)

// Choice is one of several things to choose from.
type Choice struct {
	Title    string
	Text     string // explains it; may be empty
	Disabled bool
}

// Choices is a group of things to choose from, one or several. The group is
// one stop of the Tab key; the arrow keys move inside it, Space and Enter
// choose. Enter on what is already chosen goes on to the page's next step.
type Choices struct {
	widget.BaseWidget
	label  string
	items  []*choiceItem
	column *fyne.Container
	multi  bool
	cards  bool
	at     int // where the arrow keys are
	chosen []bool
	onOne  func(int)
	onMany func(int, bool)
	inside bool // has the focus
}

// NewChoiceCards returns a group of cards of which one is chosen; chosen is -1
// while none is.
func NewChoiceCards(label string, choices []Choice, chosen int, onChange func(int)) *Choices {
	return newChoices(
		&Choices{label: label, cards: true, onOne: onChange}, choices, func(i int) bool { return i == chosen })
}

// NewRadioList returns a plain list of which one is chosen.
func NewRadioList(label string, choices []Choice, chosen int, onChange func(int)) *Choices {
	return newChoices(&Choices{label: label, onOne: onChange}, choices, func(i int) bool { return i == chosen })
}

// NewCheckList returns a plain list of which any number is ticked.
func NewCheckList(label string, choices []Choice, ticked []bool, onChange func(i int, on bool)) *Choices {
	return newChoices(&Choices{label: label, multi: true, onMany: onChange}, choices,
		func(i int) bool { return i < len(ticked) && ticked[i] })
}

// NewCheckBox returns a single box to tick.
func NewCheckBox(label string, on bool, onChange func(bool)) *Choices {
	return NewCheckList("", []Choice{{Title: label}}, []bool{on}, func(_ int, on bool) {
		if onChange != nil {
			onChange(on)
		}
	})
}

func newChoices(c *Choices, choices []Choice, on func(int) bool) *Choices {
	gap := float32(0)
	if c.cards {
		gap = 3 * theme.Step
	}
	c.column = Column(gap)
	c.chosen = make([]bool, len(choices))
	c.at = -1
	for i, ch := range choices {
		c.chosen[i] = on(i)
		if c.chosen[i] && c.at < 0 {
			c.at = i
		}
		item := newChoiceItem(c, i, ch)
		c.items = append(c.items, item)
		c.column.Objects = append(c.column.Objects, item)
	}
	if c.at < 0 {
		c.at = 0
	}
	c.ExtendBaseWidget(c)
	return c
}

// Chosen returns the index of what is chosen, -1 for none.
func (c *Choices) Chosen() int {
	for i, on := range c.chosen {
		if on {
			return i
		}
	}
	return -1
}

// Ticked says of each choice whether it is ticked.
func (c *Choices) Ticked() []bool { return append([]bool(nil), c.chosen...) }

// Choose does what a click on a choice does.
func (c *Choices) Choose(i int) {
	if i < 0 || i >= len(c.items) || c.items[i].choice.Disabled {
		return
	}
	c.at = i
	if c.multi {
		c.chosen[i] = !c.chosen[i]
		c.repaint()
		if c.onMany != nil {
			c.onMany(i, c.chosen[i])
		}
		return
	}
	if c.chosen[i] {
		c.repaint()
		return
	}
	for j := range c.chosen {
		c.chosen[j] = j == i
	}
	c.repaint()
	if c.onOne != nil {
		c.onOne(i)
	}
}

func (c *Choices) repaint() {
	for _, item := range c.items {
		item.Refresh()
	}
}

// move goes to the next choice that is not disabled.
func (c *Choices) move(by int) {
	for i := c.at + by; i >= 0 && i < len(c.items); i += by {
		if !c.items[i].choice.Disabled {
			c.at = i
			break
		}
	}
	c.repaint()
	reveal(c.items[c.at])
}

// FocusGained shows the ring around the choice where the arrow keys are.
func (c *Choices) FocusGained() {
	c.inside = true
	c.repaint()
	if len(c.items) > 0 {
		reveal(c.items[c.at])
	}
}

// FocusLost takes the ring away.
func (c *Choices) FocusLost() {
	c.inside = false
	c.repaint()
}

// KeyDown tells a press from a repeat.
func (c *Choices) KeyDown(ev *fyne.KeyEvent) { keyWentDown(ev) }

// KeyUp is for Fyne.
func (c *Choices) KeyUp(*fyne.KeyEvent) {}

// TypedRune is for Fyne: letters mean nothing here.
func (c *Choices) TypedRune(rune) {}

// TypedKey moves, chooses, or hands the key on.
func (c *Choices) TypedKey(ev *fyne.KeyEvent) {
	if lostFocus(c) {
		return
	}
	if len(c.items) == 0 {
		passKey(c, ev)
		return
	}
	switch ev.Name {
	case fyne.KeyDown, fyne.KeyRight:
		c.move(1)
	case fyne.KeyUp, fyne.KeyLeft:
		c.move(-1)
	case fyne.KeySpace:
		if freshPress() {
			c.Choose(c.at)
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		// A box is ticked with Space; a choice that is made goes on.
		if c.multi || c.chosen[c.at] {
			passKey(c, ev)
			return
		}
		if freshPress() {
			c.Choose(c.at)
		}
	default:
		passKey(c, ev)
	}
}

// AccessibilityLabel says the group, the choice where the arrow keys are, and
// whether it is chosen.
func (c *Choices) AccessibilityLabel() string {
	if len(c.items) == 0 {
		return c.label
	}
	ch, state := c.items[c.at].choice, "not chosen"
	if c.chosen[c.at] {
		state = "chosen"
	}
	s := fmt.Sprintf("%s, %s, %d of %d", ch.Title, state, c.at+1, len(c.items))
	if c.label != "" {
		s = c.label + ": " + s
	}
	return s
}

// AccessibilityRole is the nearest that Fyne knows.
func (c *Choices) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// HeightFor says how high the group is in a width.
func (c *Choices) HeightFor(width float32) float32 { return HeightFor(c.column, width) }

// CreateRenderer is for Fyne.
func (c *Choices) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.column) }

// choiceItem is one choice. It is pressed with the mouse only; keys go to the
// group.
type choiceItem struct {
	widget.BaseWidget
	group   *Choices
	index   int
	choice  Choice
	body    *fyne.Container
	hovered bool
}

func newChoiceItem(c *Choices, index int, ch Choice) *choiceItem {
	i := &choiceItem{group: c, index: index, choice: ch}
	name := theme.ColorNameText
	if ch.Disabled {
		name = theme.ColorNameMuted
	}
	title := NewText(Style{Size: theme.TextSize, Color: name, Bold: c.cards}, Words(ch.Title)...)
	size := theme.CaptionSize
	if c.cards {
		size = theme.TextSize - 1
	}
	text := NewText(Style{Size: size, Color: theme.ColorNameMuted}, Words(ch.Text)...)
	text.Hidden = ch.Text == ""
	words := Column(2, title, text)
	if c.cards {
		i.body = Pad(3.5*theme.Step, 4*theme.Step, 3.5*theme.Step, 11*theme.Step, words)
	} else {
		i.body = Pad(1.5*theme.Step, 2*theme.Step, 1.5*theme.Step, 8*theme.Step, words)
	}
	i.ExtendBaseWidget(i)
	return i
}

func (i *choiceItem) HeightFor(width float32) float32 { return HeightFor(i.body, width) }

// Tapped chooses.
func (i *choiceItem) Tapped(*fyne.PointEvent) {
	if c := canvasOf(i.group); c != nil {
		c.Focus(i.group)
	}
	i.group.Choose(i.index)
}

func (i *choiceItem) MouseIn(*desktop.MouseEvent)    { i.hovered = true; i.Refresh() }
func (i *choiceItem) MouseMoved(*desktop.MouseEvent) {}
func (i *choiceItem) MouseOut()                      { i.hovered = false; i.Refresh() }

// Cursor is a pointing hand.
func (i *choiceItem) Cursor() desktop.Cursor {
	if i.choice.Disabled {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// CreateRenderer is for Fyne.
func (i *choiceItem) CreateRenderer() fyne.WidgetRenderer {
	r := &choiceRenderer{
		i: i, ground: &canvas.Rectangle{}, box: &canvas.Rectangle{}, ring: &canvas.Rectangle{},
		mark: NewIcon(theme.IconCheck, theme.ColorNameOnPrimary, 12),
	}
	if !i.group.multi {
		r.mark.icon = theme.IconDot
	}
	r.objects = []fyne.CanvasObject{r.ground, i.body, r.box, r.mark, r.ring}
	r.paint()
	return r
}

const choiceMark = 18

type choiceRenderer struct {
	i                 *choiceItem
	ground, box, ring *canvas.Rectangle
	mark              *Icon
	objects           []fyne.CanvasObject
}

func (r *choiceRenderer) Destroy()                     {}
func (r *choiceRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *choiceRenderer) MinSize() fyne.Size           { return r.i.body.MinSize() }

func (r *choiceRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	gap := float32(0)
	if r.i.group.cards {
		gap = 3 // apart from the border of the chosen card
	}
	r.ring.Resize(size.AddWidthHeight(2*gap, 2*gap))
	r.ring.Move(fyne.NewPos(-gap, -gap))
	r.i.body.Resize(size)
	x, y := float32(0), 1.5*theme.Step+1
	if r.i.group.cards {
		x, y = 3.5*theme.Step, 3.5*theme.Step+1
	}
	r.box.Resize(fyne.NewSquareSize(choiceMark))
	r.box.Move(fyne.NewPos(x+2, y))
	r.mark.Resize(fyne.NewSquareSize(12))
	r.mark.Move(fyne.NewPos(x+5, y+3))
}

func (r *choiceRenderer) paint() {
	g, on := r.i.group, r.i.group.chosen[r.i.index]
	color := func(name fyne.ThemeColorName) { r.ground.FillColor = themeColor(r.i, name) }
	color(theme.ColorNameClear)
	r.ground.StrokeWidth, r.ground.StrokeColor = 0, nil
	r.ground.CornerRadius, r.ring.CornerRadius = theme.Radius, theme.Radius+2
	if g.cards {
		color(theme.ColorNameSurface)
		r.ground.StrokeWidth, r.ground.StrokeColor = 1, themeColor(r.i, theme.ColorNameInputBorder)
		if on {
			color(theme.ColorNameBadge)
			r.ground.StrokeColor = themeColor(r.i, theme.ColorNamePrimary)
		}
	}
	if r.i.hovered && !on && !r.i.choice.Disabled {
		color(theme.ColorNameHover)
	}
	r.box.CornerRadius = choiceMark / 2
	if g.multi {
		r.box.CornerRadius = 4
	}
	r.box.StrokeWidth, r.box.StrokeColor = 1.5, themeColor(r.i, theme.ColorNameInputBorder)
	r.box.FillColor = themeColor(r.i, theme.ColorNameSurface)
	if on {
		r.box.StrokeColor = themeColor(r.i, theme.ColorNamePrimary)
		r.box.FillColor = themeColor(r.i, theme.ColorNamePrimary)
	}
	r.mark.Hidden = !on
	r.ring.FillColor = themeColor(r.i, theme.ColorNameClear)
	r.ring.StrokeWidth, r.ring.StrokeColor = 2, themeColor(r.i, theme.ColorNameRing)
	r.ring.Hidden = !g.inside || g.at != r.i.index
}

func (r *choiceRenderer) Refresh() {
	r.paint()
	for _, o := range []fyne.CanvasObject{r.ground, r.box, r.mark, r.ring} {
		o.Refresh()
	}
	canvas.Refresh(r.i)
}
