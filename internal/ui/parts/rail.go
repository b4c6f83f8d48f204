package parts

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/ui/theme"
)

// RailWidth is the width of the rail.
const RailWidth float32 = 240

// StepState says how a step of the rail stands.
type StepState int

// The states of a step.
const (
	StepTodo StepState = iota
	StepCurrent
	StepDone
	StepAttention
)

// RailStep is one step in the rail.
type RailStep struct {
	Label string
	State StepState
	Do    func() // goes there; nil where that is not possible
}

// RailGroup is a group of steps under a heading.
type RailGroup struct {
	Title string
	Steps []RailStep
}

// Rail is the dark column at the left: where the reader is, what is done, what
// comes. A state shows by its mark, the weight of the words and the ground,
// never by colour alone.
type Rail struct {
	widget.BaseWidget
	name, subtitle *Text
	list           *fyne.Container
	scroll         *scroller
	items          []*railItem
	current        fyne.CanvasObject // to be scrolled into view once there is room; nil then
}

// NewRail returns an empty rail under the product's name.
func NewRail(product string) *Rail {
	r := &Rail{
		name: NewText(
			Style{Size: theme.SubHeadingSize, Color: theme.ColorNameRailText, Bold: true}, Piece{Text: product}),
		// Two lines hold the longest vendor with an organisation's domain.
		subtitle: NewText(Style{Size: theme.CaptionSize, Color: theme.ColorNameRailMuted, MaxLines: 2}),
		list:     Column(1),
	}
	r.scroll = newScroller(container.New(pageLayout{}, r.list))
	r.ExtendBaseWidget(r)
	return r
}

// Set shows other steps, and scrolls the current one into view.
func (r *Rail) Set(subtitle string, groups ...RailGroup) {
	r.subtitle.SetText(subtitle)
	r.items, r.current = r.items[:0], nil
	head := Column(theme.Step, r.name, r.subtitle)
	r.list.Objects = []fyne.CanvasObject{Pad(6*theme.Step, 4*theme.Step, 3*theme.Step, 4*theme.Step, head)}
	number := 0
	for _, g := range groups {
		if g.Title != "" {
			title := NewText(Style{Size: theme.CaptionSize, Color: theme.ColorNameRailMuted}, Piece{Text: g.Title})
			r.list.Objects = append(r.list.Objects, Pad(4*theme.Step, 4*theme.Step, theme.Step, 4*theme.Step, title))
		}
		for _, s := range g.Steps {
			number++
			item := newRailItem(number, s)
			r.items = append(r.items, item)
			row := Pad(0, 4*theme.Step, 0, 4*theme.Step, item)
			r.list.Objects = append(r.list.Objects, row)
			if s.State == StepCurrent && number > 1 {
				r.current = row
			}
		}
	}
	r.list.Objects = append(r.list.Objects, Room(1, 4*theme.Step))
	r.Refresh()
}

// showCurrent scrolls the current step into view, as soon as it has a place: the
// window may not have been laid out yet when the steps are set. Afterwards the
// reader scrolls.
func (r *Rail) showCurrent() {
	height := r.scroll.Size().Height
	if r.current == nil || height == 0 || r.current.Size().Height == 0 {
		return
	}
	const room = 8 * theme.Step
	top := r.current.Position().Y
	bottom := top + r.current.Size().Height
	y := max(r.scroll.Offset.Y, bottom+room-height)
	y = min(y, top-room, r.scroll.Content.Size().Height-height)
	r.current = nil
	r.scroll.ScrollToOffset(fyne.NewPos(0, max(0, y)))
}

func (r *Rail) reveal(o fyne.CanvasObject) { revealIn(r.scroll, o, 8*theme.Step) }

// CreateRenderer is for Fyne.
func (r *Rail) CreateRenderer() fyne.WidgetRenderer {
	ground := &canvas.Rectangle{}
	rr := &railRenderer{r: r, ground: ground, objects: []fyne.CanvasObject{ground, r.scroll}}
	ground.FillColor = themeColor(r, theme.ColorNameRail)
	return rr
}

type railRenderer struct {
	r       *Rail
	ground  *canvas.Rectangle
	objects []fyne.CanvasObject
}

func (r *railRenderer) Destroy()                     {}
func (r *railRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *railRenderer) MinSize() fyne.Size           { return fyne.NewSize(RailWidth, 120) }
func (r *railRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	fitScroll(r.r.scroll, size)
	r.r.showCurrent()
}

func (r *railRenderer) Refresh() {
	r.ground.FillColor = themeColor(r.r, theme.ColorNameRail)
	r.ground.Refresh()
	r.Layout(r.r.Size())
	r.r.scroll.Refresh()
}

// railItem is one step.
type railItem struct {
	press
	number int
	step   RailStep
	text   *Text
	mark   *Badge
}

func newRailItem(number int, s RailStep) *railItem {
	i := &railItem{number: number, step: s}
	style := Style{Size: theme.TextSize, Color: theme.ColorNameRailText, Bold: s.State == StepCurrent}
	switch s.State {
	case StepDone:
		i.mark = NewBadge(theme.IconCheck, "", theme.ColorNameRailDone, theme.ColorNameRailMark, 18)
	case StepAttention:
		i.mark = NewBadge(theme.IconWarning, "", theme.ColorNameRailAttention, theme.ColorNameRailMark, 18)
	case StepCurrent:
		i.mark = NewBadge("", strconv.Itoa(number), theme.ColorNameRailBadge, theme.ColorNameRailMark, 18)
	default:
		style.Color = theme.ColorNameRailMuted
		i.mark = NewBadge("", strconv.Itoa(number), theme.ColorNameClear, theme.ColorNameRailMuted, 18)
	}
	i.text = NewText(style, Piece{Text: s.Label})
	i.onPress = s.Do
	i.extend(i)
	if s.Do == nil {
		i.press.Disable()
	}
	return i
}

// AccessibilityLabel says number, name and state.
func (i *railItem) AccessibilityLabel() string {
	state := map[StepState]string{
		StepTodo: "to do", StepCurrent: "current", StepDone: "done", StepAttention: "needs attention",
	}[i.step.State]
	return "Step " + strconv.Itoa(i.number) + ": " + i.step.Label + ", " + state
}

func (i *railItem) HeightFor(width float32) float32 {
	return max(32, i.text.HeightFor(width-railTextLeft-2*theme.Step)+3*theme.Step)
}

const railTextLeft = 36

// CreateRenderer is for Fyne.
func (i *railItem) CreateRenderer() fyne.WidgetRenderer {
	content := container.New(railItemLayout{i}, i.mark, i.text)
	return newPressRenderer(&i.press, content, func() face {
		f := face{radius: theme.Radius, ringGap: -1, ring: theme.ColorNameRailRing}
		switch {
		case i.step.State == StepCurrent:
			f.fill = theme.ColorNameRailCurrent
		case i.hovered && !i.Disabled():
			f.fill = theme.ColorNameRailHover
		}
		return f
	}, nil)
}

type railItemLayout struct{ i *railItem }

func (l railItemLayout) HeightFor(_ []fyne.CanvasObject, width float32) float32 {
	return l.i.HeightFor(width)
}

func (l railItemLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	w := l.i.Size().Width
	if w == 0 {
		w = RailWidth - 8*theme.Step
	}
	return fyne.NewSize(120, l.i.HeightFor(w))
}

func (l railItemLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	w := size.Width - railTextLeft - 2*theme.Step
	h := l.i.text.HeightFor(w)
	l.i.mark.Resize(fyne.NewSquareSize(18))
	l.i.mark.Move(fyne.NewPos(2*theme.Step, (size.Height-18)/2))
	l.i.text.Resize(fyne.NewSize(w, h))
	l.i.text.Move(fyne.NewPos(railTextLeft, (size.Height-h)/2))
}
