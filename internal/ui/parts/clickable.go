package parts

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/ui/theme"
)

// press is what everything that can be pressed has in common: Space, Enter
// and the mouse press it, it takes part in the tab order, and it shows where
// the mouse and the keyboard are.
type press struct {
	widget.DisableableWidget
	self    fyne.Widget
	onPress func()
	missing func() // leads to what is missing while it is disabled; may be nil

	focused, hovered, ignoreTap bool

	onHold func(bool) // told when it goes down and up; see holding
	held   bool
	onBlur func() // told when the keyboard goes elsewhere; may be nil
}

func (p *press) extend(self fyne.Widget) {
	p.self = self
	p.ExtendBaseWidget(self)
}

// Press does what a click does.
func (p *press) Press() {
	switch {
	case p.Disabled() && p.missing != nil:
		p.missing()
	case !p.Disabled() && p.onPress != nil:
		p.onPress()
	}
}

// holding has a button tell when it is held down, by mouse or by key, and when
// it is let go. Losing the keyboard, such as to another window, lets it go too.
func holding(b *Button, tell func(on bool)) *Button {
	b.onHold = tell
	return b
}

func (p *press) hold(on bool) {
	if p.onHold != nil && p.held != on && (!on || !p.Disabled()) {
		p.held = on
		p.onHold(on)
	}
}

// takeFocus gives the keyboard to what was clicked.
func (p *press) takeFocus() {
	if c := canvasOf(p.self); c != nil {
		if f, ok := p.self.(fyne.Focusable); ok && c.Focused() != f {
			c.Focus(f)
		}
	}
}

// Tapped is a click.
func (p *press) Tapped(*fyne.PointEvent) {
	if p.ignoreTap {
		p.ignoreTap = false
		return
	}
	if !p.Disabled() {
		p.takeFocus()
	}
	p.Press()
}

// MouseDown notes whether the click was meant for an earlier page.
func (p *press) MouseDown(*desktop.MouseEvent) {
	p.ignoreTap = time.Since(changed) < settle
	if p.onHold != nil && !p.ignoreTap {
		p.takeFocus()
		p.hold(true)
	}
}

// MouseUp lets go.
func (p *press) MouseUp(*desktop.MouseEvent) { p.hold(false) }

// MouseIn shows that a click would press.
func (p *press) MouseIn(*desktop.MouseEvent) { p.hover(true) }

// MouseMoved is for Fyne.
func (p *press) MouseMoved(*desktop.MouseEvent) {}

// MouseOut takes it back.
func (p *press) MouseOut() {
	p.hover(false)
	p.hold(false)
}

func (p *press) hover(on bool) {
	if p.hovered != on {
		p.hovered = on
		p.self.Refresh()
	}
}

// Cursor is a pointing hand.
func (p *press) Cursor() desktop.Cursor {
	if p.Disabled() {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// FocusGained shows the ring and scrolls the part into view.
func (p *press) FocusGained() {
	p.focused = true
	p.self.Refresh()
	reveal(p.self)
}

// FocusLost takes the ring away.
func (p *press) FocusLost() {
	p.focused = false
	p.hold(false)
	if p.onBlur != nil {
		p.onBlur()
	}
	p.self.Refresh()
}

// KeyDown tells a press from a repeat.
func (p *press) KeyDown(ev *fyne.KeyEvent) {
	keyWentDown(ev)
	if isPressKey(ev.Name) {
		p.hold(true)
	}
}

// KeyUp lets go.
func (p *press) KeyUp(ev *fyne.KeyEvent) {
	if isPressKey(ev.Name) {
		p.hold(false)
	}
}

// TypedRune is for Fyne: letters mean nothing here.
func (p *press) TypedRune(rune) {}

// TypedKey presses on Enter and Space and hands on every other key.
func (p *press) TypedKey(ev *fyne.KeyEvent) {
	if lostFocus(p.self) {
		return
	}
	if isPressKey(ev.Name) {
		if freshPress() {
			p.Press()
		}
		return
	}
	passKey(p.self, ev)
}

// Focused says whether the keyboard is here.
func (p *press) Focused() bool { return p.focused }

// AccessibilityRole says that this can be pressed.
func (p *press) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// face is how something that can be pressed is painted in its present state.
type face struct {
	fill, stroke, ring fyne.ThemeColorName
	strokeWidth        float32
	radius             float32
	ringGap            float32
}

// pressRenderer paints a ground, the content and the ring.
type pressRenderer struct {
	p            *press
	ground, ring *canvas.Rectangle
	content      fyne.CanvasObject
	face         func() face
	changed      func() // adapts the content to the state; may be nil
	min          func() fyne.Size
	objects      []fyne.CanvasObject
}

func newPressRenderer(p *press, content fyne.CanvasObject, look func() face, changed func()) *pressRenderer {
	r := &pressRenderer{
		p: p, ground: &canvas.Rectangle{}, ring: &canvas.Rectangle{}, content: content, face: look, changed: changed,
	}
	r.objects = []fyne.CanvasObject{r.ground, content, r.ring}
	r.paint()
	return r
}

func (r *pressRenderer) Destroy()                     {}
func (r *pressRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *pressRenderer) MinSize() fyne.Size {
	if r.min != nil {
		return r.min()
	}
	return r.content.MinSize()
}

func (r *pressRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.content.Resize(size)
	gap := r.face().ringGap
	r.ring.Resize(size.AddWidthHeight(2*gap, 2*gap))
	r.ring.Move(fyne.NewPos(-gap, -gap))
}

func (r *pressRenderer) paint() {
	f := r.face()
	r.ground.FillColor = color.Transparent
	if f.fill != "" {
		r.ground.FillColor = themeColor(r.p.self, f.fill)
	}
	r.ground.StrokeColor, r.ground.StrokeWidth = nil, 0
	if f.stroke != "" {
		r.ground.StrokeColor, r.ground.StrokeWidth = themeColor(r.p.self, f.stroke), max(1, f.strokeWidth)
	}
	r.ground.CornerRadius = f.radius
	ring := f.ring
	if ring == "" {
		ring = theme.ColorNameRing
	}
	r.ring.FillColor = color.Transparent
	r.ring.StrokeColor, r.ring.StrokeWidth = themeColor(r.p.self, ring), 2
	r.ring.CornerRadius = f.radius + f.ringGap
	r.ring.Hidden = !r.p.focused || r.p.Disabled()
	if r.changed != nil {
		r.changed()
	}
}

func (r *pressRenderer) Refresh() {
	r.paint()
	r.Layout(r.p.Size())
	r.ground.Refresh()
	r.ring.Refresh()
	canvas.Refresh(r.p.self)
}
