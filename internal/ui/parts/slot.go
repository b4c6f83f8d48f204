package parts

import (
	"time"

	"fyne.io/fyne/v2"
)

// Slot is a place on a page that is empty until something has to be said, such
// as an error. Empty, it takes no room.
type Slot struct {
	composed
	column *fyne.Container
}

// NewSlot returns a slot with what belongs into it from the start, if anything:
// a page that is filled before it is shown is laid out once.
func NewSlot(objects ...fyne.CanvasObject) *Slot {
	s := &Slot{column: Column(0, objects...)}
	s.build(s, s.column)
	s.Hidden = len(objects) == 0
	return s
}

// Fill shows o and scrolls it into view.
func (s *Slot) Fill(o fyne.CanvasObject) {
	s.Put(o)
	s.revealWhenDrawn(10)
}

// Put shows o where the page stands: for what a choice on it brings.
func (s *Slot) Put(o fyne.CanvasObject) {
	s.column.Objects = []fyne.CanvasObject{o}
	s.Show()
	s.Refresh()
	arrangeAll()
}

// Clear empties the slot.
func (s *Slot) Clear() {
	if !s.Visible() {
		return
	}
	s.Hide()
	s.column.Objects = nil
	arrangeAll()
}

// revealWhenDrawn waits for the frame in which the slot is drawn for the first
// time: before it, the driver does not know where the slot is.
func (s *Slot) revealWhenDrawn(tries int) {
	if canvasOf(s) != nil {
		reveal(s)
		return
	}
	if tries > 0 {
		After(20*time.Millisecond, func() {
			if s.Visible() {
				s.revealWhenDrawn(tries - 1)
			}
		})
	}
}

// arrangeAll lays out anew what is shown. The driver cannot say in which window
// something is that was never drawn.
func arrangeAll() {
	for _, w := range fyne.CurrentApp().Driver().AllWindows() {
		c := w.Canvas()
		for _, top := range append([]fyne.CanvasObject{c.Content()}, c.Overlays().List()...) {
			if a, ok := top.(arranger); ok {
				a.arrange()
			}
		}
	}
}
