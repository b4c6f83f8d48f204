package parts

import (
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

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

// scroller scrolls what does not fit, up and down.
type scroller struct{ container.Scroll }

func newScroller(content fyne.CanvasObject) *scroller {
	s := &scroller{container.Scroll{Direction: container.ScrollVerticalOnly, Content: content}}
	s.ExtendBaseWidget(s)
	return s
}

// Scrolled is the mouse wheel. Fyne moves 25 a notch, a line and a half, where
// other programs move three; on macOS the system sets the pace itself.
func (s *scroller) Scrolled(ev *fyne.ScrollEvent) {
	if runtime.GOOS != "darwin" {
		quicker := *ev
		quicker.Scrolled.DY *= 2.4
		ev = &quicker
	}
	s.Scroll.Scrolled(ev)
}

// wheel lies over a text field of one line, which would keep the mouse wheel to
// itself, and hands it to the page. Nothing else sees it.
type wheel struct{ widget.BaseWidget }

func newWheel() *wheel {
	w := &wheel{}
	w.ExtendBaseWidget(w)
	return w
}

// Scrolled is the mouse wheel.
func (w *wheel) Scrolled(ev *fyne.ScrollEvent) {
	driver := fyne.CurrentApp().Driver()
	c := driver.CanvasForObject(w)
	if c == nil {
		return
	}
	for _, under := range []fyne.CanvasObject{c.Overlays().Top(), c.Content()} {
		if page, ok := under.(interface{ scrollerAt(x float32) *scroller }); ok {
			if s := page.scrollerAt(driver.AbsolutePositionForObject(w).X); s != nil {
				s.Scrolled(ev)
			}
			return
		}
	}
}

// CreateRenderer is for Fyne.
func (w *wheel) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(Room(0, 0)) }

// fitScroll gives a scroll its size. The content learns its width first, for
// the scroll asks it for its height before it gives it one.
func fitScroll(s *scroller, size fyne.Size) {
	s.Content.Resize(fyne.NewSize(size.Width, max(size.Height, HeightFor(s.Content, size.Width))))
	if s.Size() == size {
		s.Refresh()
		return
	}
	s.Resize(size)
}

// revealIn scrolls until o, which lies in s, shows with some room around it.
func revealIn(s *scroller, o fyne.CanvasObject, room float32) {
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
func scrollBy(s *scroller, dy float32) {
	y := max(0, min(s.Offset.Y+dy, s.Content.Size().Height-s.Size().Height))
	s.ScrollToOffset(fyne.NewPos(s.Offset.X, y))
}

const lineStep = 10 * theme.Step
