package parts

import (
	"fmt"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/ui/theme"
)

// PickItem is one line to pick.
type PickItem struct {
	State   CheckState
	Title   string
	Caption string
}

// Picker is a list of any length of which one line is chosen. Only the lines
// that are to be seen exist. It is one stop of the Tab key: the arrow keys
// choose, a letter goes to the next line that begins with it, and Enter is the
// page's next step.
type Picker struct {
	widget.DisableableWidget
	label    string
	items    []PickItem
	chosen   int // -1 for none
	first    int // the line at the top
	rows     []*pickRow
	bar      *canvas.Rectangle
	inside   bool    // has the focus
	clicked  bool    // the focus comes from a click on a line
	scrolled float32 // by the mouse wheel, not yet a whole line
	onChoose func(int)
}

const (
	pickHeight = 13 * theme.Step // of a line
	pickWheel  = pickHeight / 2  // this much of the wheel is a line
)

// NewPicker returns an empty list; onChoose hears what a person chose.
func NewPicker(label string, onChoose func(int)) *Picker {
	p := &Picker{label: label, chosen: -1, onChoose: onChoose, bar: &canvas.Rectangle{CornerRadius: 2}}
	p.ExtendBaseWidget(p)
	return p
}

// SetItems replaces all lines; chosen is -1 for none. Nobody is told.
func (p *Picker) SetItems(items []PickItem, chosen int) {
	p.items = items
	p.chosen = -1
	p.first = 0
	p.Select(chosen)
}

// Select chooses a line and brings it into view. Nobody is told.
func (p *Picker) Select(i int) {
	if i >= len(p.items) {
		i = -1
	}
	p.chosen = i
	p.showChosen()
	p.Refresh()
}

// Choose does what a click on a line does.
func (p *Picker) Choose(i int) {
	if p.Disabled() || i < 0 || i >= len(p.items) {
		return
	}
	p.Select(i)
	if p.onChoose != nil {
		p.onChoose(i)
	}
}

// Chosen returns the index of the chosen line, -1 for none.
func (p *Picker) Chosen() int { return p.chosen }

// Len returns the number of lines.
func (p *Picker) Len() int { return len(p.items) }

func (p *Picker) room() int { return max(1, int(p.Size().Height/pickHeight)) }

func (p *Picker) showChosen() {
	if p.chosen >= 0 && p.chosen < p.first {
		p.first = p.chosen
	}
	if p.chosen >= p.first+p.room() {
		p.first = p.chosen - p.room() + 1
	}
	p.first = max(0, min(p.first, len(p.items)-p.room()))
}

// Scrolled is the mouse wheel: whole lines, so that none is cut.
func (p *Picker) Scrolled(ev *fyne.ScrollEvent) {
	p.scrolled -= ev.Scrolled.DY
	lines := int(p.scrolled / pickWheel)
	if lines == 0 {
		return
	}
	p.scrolled -= float32(lines) * pickWheel
	p.first = max(0, min(p.first+lines, len(p.items)-p.room()))
	p.Refresh()
}

// FocusGained shows the ring around the chosen line. A click moves nothing: the
// line below the mouse is the one that was meant.
func (p *Picker) FocusGained() {
	p.inside = true
	if !p.clicked {
		p.showChosen()
	}
	p.Refresh()
}

// FocusLost takes the ring away.
func (p *Picker) FocusLost() {
	p.inside = false
	p.Refresh()
}

// KeyDown tells a press from a repeat.
func (p *Picker) KeyDown(ev *fyne.KeyEvent) { keyWentDown(ev) }

// KeyUp is for Fyne.
func (p *Picker) KeyUp(*fyne.KeyEvent) {}

// TypedRune goes to the next line that begins with the letter.
func (p *Picker) TypedRune(r rune) {
	for n := 1; n <= len(p.items); n++ {
		i := (max(p.chosen, 0) + n) % len(p.items)
		if first := []rune(strings.TrimSpace(p.items[i].Title)); len(first) > 0 &&
			unicode.ToLower(first[0]) == unicode.ToLower(r) {
			p.Choose(i)
			return
		}
	}
}

// TypedKey chooses, or hands the key on.
func (p *Picker) TypedKey(ev *fyne.KeyEvent) {
	if lostFocus(p) {
		return
	}
	to := -1
	switch ev.Name {
	case fyne.KeyDown:
		to = p.chosen + 1
	case fyne.KeyUp:
		to = p.chosen - 1
	case fyne.KeyPageDown:
		to = p.chosen + p.room()
	case fyne.KeyPageUp:
		to = p.chosen - p.room()
	case fyne.KeyHome:
		to = 0
	case fyne.KeyEnd:
		to = len(p.items) - 1
	case fyne.KeySpace:
		return // what is here is chosen already
	default:
		passKey(p, ev)
		return
	}
	if to = max(0, min(to, len(p.items)-1)); to != p.chosen {
		p.Choose(to)
	}
}

// AccessibilityLabel says the list, and the chosen line with its state.
func (p *Picker) AccessibilityLabel() string {
	if p.chosen < 0 || p.chosen >= len(p.items) {
		return fmt.Sprintf("%s: nothing chosen, %d lines", p.label, len(p.items))
	}
	item := p.items[p.chosen]
	_, _, spoken := item.State.look()
	return fmt.Sprintf("%s: %s. %s. %s, %d of %d", p.label, item.Title, spoken, item.Caption, p.chosen+1, len(p.items))
}

// AccessibilityRole is the nearest that Fyne knows.
func (p *Picker) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer is for Fyne.
func (p *Picker) CreateRenderer() fyne.WidgetRenderer {
	r := &pickerRenderer{p: p}
	r.fill()
	return r
}

type pickerRenderer struct {
	p       *Picker
	objects []fyne.CanvasObject
}

func (r *pickerRenderer) Destroy()                     {}
func (r *pickerRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *pickerRenderer) MinSize() fyne.Size           { return fyne.NewSize(160, 3*pickHeight) }

// fill has as many rows as there is room for, and puts the lines into them.
func (r *pickerRenderer) fill() {
	p := r.p
	shown := min(p.room(), len(p.items))
	p.first = max(0, min(p.first, len(p.items)-shown))
	for len(p.rows) < shown {
		p.rows = append(p.rows, newPickRow(p))
	}
	r.objects = r.objects[:0]
	width := p.Size().Width
	more := len(p.items) > shown && shown > 0
	if more {
		width -= 2 * theme.Step
	}
	for i, row := range p.rows[:shown] {
		row.set(p.first + i)
		row.Move(fyne.NewPos(0, float32(i)*pickHeight))
		row.Resize(fyne.NewSize(max(0, width), pickHeight))
		r.objects = append(r.objects, row)
	}
	if !more {
		return
	}
	height := float32(shown) * pickHeight
	size := max(24, height*float32(shown)/float32(len(p.items)))
	at := (height - size) * float32(p.first) / float32(len(p.items)-shown)
	p.bar.FillColor = themeColor(p, theme.ColorNameInputBorder)
	p.bar.Resize(fyne.NewSize(4, size))
	p.bar.Move(fyne.NewPos(width+theme.Step, at))
	r.objects = append(r.objects, p.bar)
}

func (r *pickerRenderer) Layout(fyne.Size) {
	r.p.showChosen()
	r.fill()
}

func (r *pickerRenderer) Refresh() {
	r.fill()
	for _, o := range r.objects {
		o.Refresh()
	}
	canvas.Refresh(r.p)
}

// pickRow is a place for a line. It is pressed with the mouse only; keys go to
// the list.
type pickRow struct {
	widget.BaseWidget
	list           *Picker
	index          int
	hovered        bool
	icon           *Icon
	title, caption *Text
	body           *fyne.Container
}

func newPickRow(p *Picker) *pickRow {
	r := &pickRow{list: p, index: -1}
	r.icon = NewIcon(theme.IconEllipsis, theme.ColorNameMuted, 16)
	r.title = NewText(Style{Size: theme.TextSize, Color: theme.ColorNameText, Bold: true, MaxLines: 1})
	r.caption = NewText(Style{Size: theme.CaptionSize, Color: theme.ColorNameMuted, MaxLines: 1})
	r.body = Pad(
		1.5*theme.Step, 2*theme.Step, 1.5*theme.Step, 2.5*theme.Step,
		container.New(row{gap: 2.5 * theme.Step, grow: 1}, r.icon, Column(0, r.title, r.caption)))
	r.ExtendBaseWidget(r)
	return r
}

func (r *pickRow) set(index int) {
	item := r.list.items[index]
	icon, color, _ := item.State.look()
	if r.list.Disabled() {
		color = theme.ColorNameMuted
	}
	r.icon.Set(icon, color)
	if r.index != index || r.title.Plain() != item.Title || r.caption.Plain() != item.Caption {
		r.index = index
		r.title.SetPieces(Piece{Text: item.Title})
		r.caption.SetPieces(Piece{Text: item.Caption})
	}
	name := theme.ColorNameText
	if r.list.Disabled() {
		name = theme.ColorNameMuted
	}
	r.title.SetColor(name)
}

// Tapped chooses.
func (r *pickRow) Tapped(*fyne.PointEvent) {
	if r.list.Disabled() {
		return
	}
	if c := canvasOf(r.list); c != nil {
		r.list.clicked = true
		c.Focus(r.list)
		r.list.clicked = false
	}
	r.list.Choose(r.index)
}

func (r *pickRow) MouseIn(*desktop.MouseEvent)    { r.hovered = true; r.Refresh() }
func (r *pickRow) MouseMoved(*desktop.MouseEvent) {}
func (r *pickRow) MouseOut()                      { r.hovered = false; r.Refresh() }

// Cursor is a pointing hand.
func (r *pickRow) Cursor() desktop.Cursor {
	if r.list.Disabled() {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// AccessibilityLabel is the line.
func (r *pickRow) AccessibilityLabel() string {
	_, _, spoken := r.list.items[r.index].State.look()
	return r.title.Plain() + ". " + spoken + ". " + r.caption.Plain()
}

// AccessibilityRole says that this can be pressed.
func (r *pickRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer is for Fyne.
func (r *pickRow) CreateRenderer() fyne.WidgetRenderer {
	p := &pickRowRenderer{r: r, ground: &canvas.Rectangle{CornerRadius: theme.Radius},
		ring: &canvas.Rectangle{CornerRadius: theme.Radius}}
	p.objects = []fyne.CanvasObject{p.ground, r.body, p.ring}
	p.paint()
	return p
}

type pickRowRenderer struct {
	r            *pickRow
	ground, ring *canvas.Rectangle
	objects      []fyne.CanvasObject
}

func (p *pickRowRenderer) Destroy()                     {}
func (p *pickRowRenderer) Objects() []fyne.CanvasObject { return p.objects }
func (p *pickRowRenderer) MinSize() fyne.Size           { return fyne.NewSize(120, pickHeight) }

func (p *pickRowRenderer) Layout(size fyne.Size) {
	p.ground.Resize(size)
	p.r.body.Resize(size)
	p.ring.Resize(size.SubtractWidthHeight(4, 4))
	p.ring.Move(fyne.NewPos(2, 2))
}

func (p *pickRowRenderer) paint() {
	list, chosen := p.r.list, p.r.index >= 0 && p.r.index == p.r.list.chosen
	name := theme.ColorNameClear
	switch {
	case chosen:
		name = theme.ColorNameBadge
	case p.r.hovered && !list.Disabled():
		name = theme.ColorNameHover
	}
	p.ground.FillColor = themeColor(p.r, name)
	p.ring.FillColor = themeColor(p.r, theme.ColorNameClear)
	p.ring.StrokeWidth, p.ring.StrokeColor = 2, themeColor(p.r, theme.ColorNameRing)
	p.ring.Hidden = !chosen || !list.inside
}

func (p *pickRowRenderer) Refresh() {
	p.paint()
	p.Layout(p.r.Size())
	p.ground.Refresh()
	p.ring.Refresh()
	canvas.Refresh(p.r)
}
