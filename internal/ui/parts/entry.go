package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// entry is Fyne's text field without its frame, which the part around it
// paints, and with the keys of the page.
type entry struct {
	widget.Entry
	self     fyne.CanvasObject // what stands in the tree
	around   fyne.CanvasObject // what shall be in view with it: the label and the status
	spoken   func() string
	onFocus  func(bool)
	onSubmit func() bool // false hands Enter on to the page
}

func newEntry(secret, mono bool) *entry {
	e := &entry{}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.TextStyle.Monospace = mono
	if secret {
		e.Password = true
		// A thing of no size keeps Fyne from adding its own button that
		// reveals the text.
		e.ActionItem = canvas.NewRectangle(color.Transparent)
	}
	e.extend(e)
	return e
}

func newMultiline(rows int) *entry {
	e := &entry{}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.extend(e)
	e.SetMinRowsVisible(rows)
	return e
}

func (e *entry) extend(self fyne.Widget) {
	e.self = self
	e.ExtendBaseWidget(self)
}

// CreateRenderer hides the ground and the border that Fyne paints first.
func (e *entry) CreateRenderer() fyne.WidgetRenderer {
	r := e.Entry.CreateRenderer()
	for _, o := range r.Objects()[:2] {
		if rect, ok := o.(*canvas.Rectangle); ok {
			rect.Hide()
		}
	}
	return r
}

// AcceptsTab is always false: Tab goes on to the next field, also out of a
// text of several lines, for else the keyboard would be trapped.
func (e *entry) AcceptsTab() bool { return false }

func (e *entry) FocusGained() {
	e.Entry.FocusGained()
	if e.onFocus != nil {
		e.onFocus(true)
	}
	if e.around != nil {
		reveal(e.around)
	} else {
		reveal(e.self)
	}
}

func (e *entry) FocusLost() {
	e.Entry.FocusLost()
	if e.onFocus != nil {
		e.onFocus(false)
	}
}

func (e *entry) KeyDown(ev *fyne.KeyEvent) {
	keyWentDown(ev)
	e.Entry.KeyDown(ev)
}

func (e *entry) TypedKey(ev *fyne.KeyEvent) {
	if lostFocus(e.self) {
		return
	}
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if e.MultiLine {
			break
		}
		if e.onSubmit != nil {
			if freshPress() {
				e.onSubmit()
			}
			return
		}
		passKey(e.self, ev)
		return
	case fyne.KeyEscape, fyne.KeyF1:
		passKey(e.self, ev)
		return
	}
	e.Entry.TypedKey(ev)
}

// TypedRune types a letter.
func (e *entry) TypedRune(r rune) {
	if !lostFocus(e.self) {
		e.Entry.TypedRune(r)
	}
}

func (e *entry) TypedShortcut(s fyne.Shortcut) {
	if c, ok := s.(*desktop.CustomShortcut); ok && isPageShortcut(c) {
		passShortcut(e.self, s)
		return
	}
	e.Entry.TypedShortcut(s)
}

func (e *entry) AccessibilityLabel() string {
	if e.spoken != nil {
		return e.spoken()
	}
	return e.PlaceHolder
}

func (e *entry) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }
