package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"entrada/internal/ui/theme"
)

// pageLayout is the content of a scroll: one object in a column with room
// around it. It claims no width of its own, since Fyne's scroll would
// otherwise make its content wider than itself.
type pageLayout struct {
	room   fyne.Size // left and right, top and bottom
	right  float32   // less room at the right
	widest float32   // 0 for as wide as there is
	centre bool
}

func (p pageLayout) column(width float32) (x, w float32) {
	x, w = p.room.Width, max(0, width-2*p.room.Width+p.right)
	if p.widest > 0 && w > p.widest {
		if p.centre {
			x += (w - p.widest) / 2
		}
		w = p.widest
	}
	return x, w
}

func (p pageLayout) HeightFor(o []fyne.CanvasObject, width float32) float32 {
	_, w := p.column(width)
	return HeightFor(o[0], w) + 2*p.room.Height
}

func (p pageLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, o[0].MinSize().Height+2*p.room.Height)
}

func (p pageLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	x, w := p.column(size.Width)
	o[0].Resize(fyne.NewSize(w, HeightFor(o[0], w)))
	o[0].Move(fyne.NewPos(x, p.room.Height))
}

// fitScroll gives a scroll its size. The content learns its width first, for
// the scroll asks it for its height before it gives it one.
func fitScroll(s *container.Scroll, size fyne.Size) {
	s.Content.Resize(fyne.NewSize(size.Width, max(size.Height, HeightFor(s.Content, size.Width))))
	if s.Size() == size {
		s.Refresh()
		return
	}
	s.Resize(size)
}

// revealIn scrolls until o, which lies in s, shows with some room around it.
func revealIn(s *container.Scroll, o fyne.CanvasObject, room float32) {
	driver := fyne.CurrentApp().Driver()
	origin, at := driver.AbsolutePositionForObject(s.Content), driver.AbsolutePositionForObject(o)
	top := at.Y - origin.Y - room
	bottom := at.Y - origin.Y + o.Size().Height + room
	y := s.Offset.Y
	switch {
	case top < y:
		y = top
	case bottom > y+s.Size().Height:
		// The top of what is higher than the window matters more.
		y = min(top, bottom-s.Size().Height)
	default:
		return
	}
	y = max(0, min(y, s.Content.Size().Height-s.Size().Height))
	s.ScrollToOffset(fyne.NewPos(s.Offset.X, y))
}

// scrollBy moves a scroll by keyboard.
func scrollBy(s *container.Scroll, dy float32) {
	y := max(0, min(s.Offset.Y+dy, s.Content.Size().Height-s.Size().Height))
	s.ScrollToOffset(fyne.NewPos(s.Offset.X, y))
}

const lineStep = 10 * theme.Step
