package parts

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/ui/theme"
)

// DialogOptions says what a dialog asks.
type DialogOptions struct {
	Title   string
	Body    fyne.CanvasObject
	Primary Action // closes the dialog, then acts
	Danger  bool   // the primary action takes something away
	Others  []Action
	Cancel  string // the words of the button that closes; "" for "Cancel"
	// Closed is called when the dialog was left without an action.
	Closed func()
	First  fyne.Focusable // gets the focus; nil for the first that can have it
}

// Dialog asks in front of the page. Esc leaves it, Enter is its primary
// action, Tab stays inside, and the focus goes back to where it was.
type Dialog struct {
	widget.BaseWidget
	opt     DialogOptions
	canvas  fyne.Canvas
	cancel  *Button
	primary *Button
	panel   *Panel
	scroll  *scroller
	scrim   *canvas.Rectangle

	before      fyne.Focusable
	keysBefore  func(*fyne.KeyEvent)
	shown, gone bool
}

const dialogWidth float32 = 480

// NewDialog returns a dialog; [Dialog.Open] shows it.
func NewDialog(opt DialogOptions) *Dialog {
	d := &Dialog{opt: opt}
	var buttons []fyne.CanvasObject
	cancel := opt.Cancel
	if cancel == "" {
		cancel = "Cancel"
	}
	d.cancel = Plain(cancel, d.Cancel)
	buttons = append(buttons, d.cancel)
	for _, a := range opt.Others {
		buttons = append(buttons, Plain(a.Label, d.closing(a.Do)))
	}
	if opt.Primary.Label != "" {
		d.primary = Primary(opt.Primary.Label, d.closing(opt.Primary.Do))
		if opt.Danger {
			d.primary.kind = dangerButton
		}
		d.primary.SetEnabled(!opt.Primary.Disabled)
		buttons = append(buttons, d.primary)
	}
	body := opt.Body
	if body == nil {
		body = Room(0, 0)
	}
	// Room for the focus ring of what stands at the scroll's edge.
	d.scroll = newScroller(container.New(pageLayout{room: fyne.NewSize(4, 4)}, body))
	inner := container.New(dialogLayout{}, SubHeading(opt.Title), d.scroll, Wrap(3*theme.Step, buttons...))
	d.panel = NewPanel(theme.ColorNameSurface, theme.ColorNameBorder, 6*theme.Step, inner)
	d.ExtendBaseWidget(d)
	return d
}

// closing closes the dialog before it acts, so that the action may open
// another one.
func (d *Dialog) closing(do func()) func() {
	return func() {
		if d.close() && do != nil {
			do()
		}
	}
}

// Primary returns the primary button, to enable it when the answer is there.
func (d *Dialog) Primary() *Button { return d.primary }

// Open shows the dialog over a canvas.
func (d *Dialog) Open(c fyne.Canvas) {
	if d.shown {
		return
	}
	d.shown, d.canvas = true, c
	d.before = c.Focused()
	c.Unfocus()
	changed = time.Now()
	d.keysBefore = c.OnTypedKey()
	c.SetOnTypedKey(d.typedKey)
	c.Overlays().Add(d)
	if d.opt.First != nil {
		c.Focus(d.opt.First)
		return
	}
	c.FocusNext() // the first field of the body, or Cancel: the harmless one
	if c.Focused() == fyne.Focusable(d.cancel) && d.primary != nil && !d.opt.Danger {
		c.Focus(d.primary) // nothing is lost by Enter here
	}
}

// Cancel closes the dialog without an action.
func (d *Dialog) Cancel() {
	if d.close() && d.opt.Closed != nil {
		d.opt.Closed()
	}
}

// Close closes the dialog without a word.
func (d *Dialog) Close() { d.close() }

func (d *Dialog) close() bool {
	if !d.shown || d.gone {
		return false
	}
	d.gone = true
	d.canvas.Unfocus()
	d.canvas.Overlays().Remove(d)
	d.canvas.SetOnTypedKey(d.keysBefore)
	changed = time.Now()
	if o, ok := d.before.(fyne.CanvasObject); ok && onScreen(o) {
		d.canvas.Focus(d.before)
	}
	return true
}

func (d *Dialog) pressPrimary() {
	if d.primary != nil {
		d.primary.Press()
	}
}

func (d *Dialog) typedKey(ev *fyne.KeyEvent) {
	if d.canvas.Overlays().Top() != fyne.CanvasObject(d) {
		return
	}
	switch ev.Name {
	case fyne.KeyEscape:
		d.Cancel()
	case fyne.KeyReturn, fyne.KeyEnter:
		if !freshPress() {
			return
		}
		if d.opt.Danger {
			// Nothing has the focus, as after a click beside the panel: no key alone
			// does what cannot be taken back.
			d.canvas.Focus(d.cancel)
			return
		}
		d.pressPrimary()
	case fyne.KeyPageDown, fyne.KeyDown:
		scrollBy(d.scroll, lineStep)
	case fyne.KeyPageUp, fyne.KeyUp:
		scrollBy(d.scroll, -lineStep)
	}
}

func (d *Dialog) scrollerAt(float32) *scroller { return d.scroll }

func (d *Dialog) reveal(o fyne.CanvasObject) {
	if b, ok := o.(*Button); ok && fyne.CurrentApp().Driver().AbsolutePositionForObject(b).Y >=
		fyne.CurrentApp().Driver().AbsolutePositionForObject(d.scroll).Y+d.scroll.Size().Height {
		return
	}
	revealIn(d.scroll, o, 4)
}

// Tapped keeps clicks from what lies behind.
func (d *Dialog) Tapped(*fyne.PointEvent) {}

// AccessibilityLabel is the title.
func (d *Dialog) AccessibilityLabel() string { return d.opt.Title }

// AccessibilityRole says that other things are inside.
func (d *Dialog) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// CreateRenderer is for Fyne.
func (d *Dialog) CreateRenderer() fyne.WidgetRenderer {
	d.scrim = &canvas.Rectangle{FillColor: themeColor(d, theme.ColorNameScrim)}
	return &dialogRenderer{d}
}

// arrange puts the panel into the middle.
func (d *Dialog) arrange() {
	size := d.Size()
	if d.scrim == nil || size.Width == 0 {
		return
	}
	d.scrim.Resize(size)
	w := min(dialogWidth, size.Width-8*theme.Step)
	h := min(d.panel.HeightFor(w), size.Height-8*theme.Step)
	d.panel.Resize(fyne.NewSize(w, h))
	d.panel.Move(fyne.NewPos((size.Width-w)/2, (size.Height-h)/2))
}

type dialogRenderer struct{ d *Dialog }

func (r *dialogRenderer) Destroy()           {}
func (r *dialogRenderer) Layout(fyne.Size)   { r.d.arrange() }
func (r *dialogRenderer) MinSize() fyne.Size { return fyne.NewSize(320, 240) }
func (r *dialogRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.d.scrim, r.d.panel}
}

func (r *dialogRenderer) Refresh() {
	r.d.scrim.FillColor = themeColor(r.d, theme.ColorNameScrim)
	r.d.scrim.Refresh()
	r.d.arrange()
	canvas.Refresh(r.d)
}

// dialogLayout puts a title, a body that may scroll, and the buttons at the
// lower right.
type dialogLayout struct{}

const dialogGap = 4 * theme.Step

func (dialogLayout) HeightFor(o []fyne.CanvasObject, width float32) float32 {
	body := o[1].(*scroller).Content
	return HeightFor(o[0], width) + dialogGap + HeightFor(body, width+8) + dialogGap + HeightFor(o[2], width)
}

func (l dialogLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(240, l.HeightFor(o, max(240, o[0].Size().Width)))
}

func (dialogLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	title, buttons := HeightFor(o[0], size.Width), HeightFor(o[2], size.Width)
	o[0].Resize(fyne.NewSize(size.Width, title))
	room := max(0, size.Height-title-buttons-2*dialogGap)
	o[1].Move(fyne.NewPos(-4, title+dialogGap))
	fitScroll(o[1].(*scroller), fyne.NewSize(size.Width+8, room))
	w := min(size.Width, widthOf(o[2].(*fyne.Container).Objects, 3*theme.Step))
	o[2].Resize(fyne.NewSize(w, buttons))
	o[2].Move(fyne.NewPos(size.Width-w, size.Height-buttons))
}
