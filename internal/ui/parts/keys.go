package parts

import (
	"time"

	"fyne.io/fyne/v2"
)

// pressing tells a fresh press of Enter or Space from the repeats of a key
// that is held down: repeats come as TypedKey without a KeyDown before them.
// Tests that call TypedKey alone never send a KeyDown and are not held back.
// Only the user-interface goroutine touches it.
var pressing struct{ watched, fresh bool }

func isPressKey(name fyne.KeyName) bool {
	return name == fyne.KeyReturn || name == fyne.KeyEnter || name == fyne.KeySpace
}

// keyWentDown notes a key that was pressed, whatever had the focus.
func keyWentDown(ev *fyne.KeyEvent) {
	if isPressKey(ev.Name) {
		pressing.watched, pressing.fresh = true, true
	}
}

// freshPress says whether Enter or Space may act, once for each press.
func freshPress() bool {
	fresh := pressing.fresh || !pressing.watched
	pressing.fresh = false
	return fresh
}

// changed is when a page or dialog last came up. A mouse button that goes down
// right after it was meant for what stood there before: the second half of a
// double click on Next.
var changed time.Time

const settle = 350 * time.Millisecond

// passKey hands a key that a part does not use to the canvas, where the page
// frame or a dialog listens. Fyne itself does so only when nothing has the
// focus.
func passKey(o fyne.CanvasObject, ev *fyne.KeyEvent) {
	c := canvasOf(o)
	if c == nil {
		return
	}
	if listen := c.OnTypedKey(); listen != nil {
		listen(ev)
	}
}

// passShortcut does the same for a shortcut: what has the focus would swallow
// it.
func passShortcut(o fyne.CanvasObject, s fyne.Shortcut) {
	c := canvasOf(o)
	if c == nil {
		return
	}
	if frame, ok := c.Content().(fyne.Shortcutable); ok {
		frame.TypedShortcut(s)
	} else if all, ok := c.(fyne.Shortcutable); ok {
		all.TypedShortcut(s)
	}
}

// lostFocus takes the focus from what has it and is no longer to be seen,
// because something around it was hidden: Fyne would let Space press it.
func lostFocus(o fyne.CanvasObject) bool {
	c := canvasOf(o)
	if c == nil || onScreen(o) {
		return false
	}
	if f, ok := o.(fyne.Focusable); !ok || c.Focused() != f {
		return false
	}
	c.Unfocus()
	return true
}

// onScreen says whether o is visible with everything around it. The driver
// finds a position only for what is.
func onScreen(o fyne.CanvasObject) bool {
	return o.Visible() && !fyne.CurrentApp().Driver().AbsolutePositionForObject(o).IsZero()
}

// revealer scrolls a part of itself into view.
type revealer interface{ reveal(o fyne.CanvasObject) }

// reveal scrolls what got the focus into view.
func reveal(o fyne.CanvasObject) {
	c := canvasOf(o)
	if c == nil {
		return
	}
	top := c.Overlays().Top()
	if top == nil {
		top = c.Content()
	}
	if r, ok := top.(revealer); ok {
		r.reveal(o)
	}
}
