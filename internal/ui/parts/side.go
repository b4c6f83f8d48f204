package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"entrada/internal/ui/theme"
)

// NewSide is what stands at the left of a page with something to choose from:
// list takes the height that above and below leave it.
func NewSide(above, list, below fyne.CanvasObject) *Panel {
	return NewPanel(theme.ColorNameSurface, "", 0, container.New(sideLayout{}, above, list, below, Line())).Rounded(0)
}

const (
	sideWide   float32 = 304
	sideNarrow float32 = 252
	sideRoom           = 4 * theme.Step
)

// sideWidth leaves the page itself the width that a form needs.
func sideWidth(window float32) float32 {
	if window < 1000 {
		return sideNarrow
	}
	return sideWide
}

type sideLayout struct{}

func (sideLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(sideNarrow, 240) }

func (sideLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	w := size.Width - 2*sideRoom
	above, below := HeightFor(o[0], w), HeightFor(o[2], w)
	o[0].Move(fyne.NewPos(sideRoom, sideRoom))
	o[0].Resize(fyne.NewSize(w, above))
	top, bottom := above+sideRoom+3*theme.Step, size.Height-below-sideRoom
	// A little wider than the rest, so that the words stand below the heading.
	o[1].Move(fyne.NewPos(sideRoom-2*theme.Step, top))
	o[1].Resize(fyne.NewSize(w+4*theme.Step, max(0, bottom-2*theme.Step-top)))
	o[2].Move(fyne.NewPos(sideRoom, bottom))
	o[2].Resize(fyne.NewSize(w, below))
	o[3].Move(fyne.NewPos(size.Width-1, 0))
	o[3].Resize(fyne.NewSize(1, size.Height))
}
