package parts

import "fyne.io/fyne/v2"

// Slot is a place on a page that is empty until something has to be said, such
// as an error. Empty, it takes no room.
type Slot struct {
	composed
	column *fyne.Container
}

// NewSlot returns an empty slot.
func NewSlot() *Slot {
	s := &Slot{column: Column(0)}
	s.build(s, s.column)
	s.Hide()
	return s
}

// Fill shows o and scrolls it into view.
func (s *Slot) Fill(o fyne.CanvasObject) {
	s.column.Objects = []fyne.CanvasObject{o}
	s.Show()
	s.relayout()
	// Only the next frame knows how high the page has become.
	Post(func() {
		if s.Visible() {
			reveal(s)
		}
	})
}

// Clear empties the slot.
func (s *Slot) Clear() {
	if !s.Visible() {
		return
	}
	s.Hide()
	s.column.Objects = nil
	s.relayout()
}
