package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Tall is a part whose height depends on its width.
type Tall interface {
	fyne.CanvasObject
	HeightFor(width float32) float32
}

// tallLayout is a layout that can tell the height of its objects in a width.
type tallLayout interface {
	fyne.Layout
	HeightFor(objects []fyne.CanvasObject, width float32) float32
}

// HeightFor says how high an object is when it is width wide. Fyne asks for
// the smallest size before it gives a width, which is why wrapped text in
// plain Fyne comes out right only at the second layout.
func HeightFor(o fyne.CanvasObject, width float32) float32 {
	switch o := o.(type) {
	case Tall:
		return o.HeightFor(width)
	case *fyne.Container:
		if l, ok := o.Layout.(tallLayout); ok {
			return l.HeightFor(o.Objects, width)
		}
	}
	return o.MinSize().Height
}

// themeColor finds a colour by its name for the theme in which w is shown.
func themeColor(w fyne.Widget, name fyne.ThemeColorName) color.Color {
	return fynetheme.ColorForWidget(name, w)
}

// textSize measures a run of text; base is the distance from its top to the
// line on which the letters stand.
func textSize(s string, size float32, style fyne.TextStyle) (box fyne.Size, base float32) {
	return fyne.CurrentApp().Driver().RenderedTextSize(s, size, style, nil)
}

// composed is a part that is made of other parts only and paints nothing
// itself.
type composed struct {
	widget.BaseWidget
	root fyne.CanvasObject
}

func (c *composed) build(self fyne.Widget, root fyne.CanvasObject) {
	c.root = root
	c.ExtendBaseWidget(self)
}

// CreateRenderer is for Fyne.
func (c *composed) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.root) }

// HeightFor says how high the part is in a width.
func (c *composed) HeightFor(width float32) float32 { return HeightFor(c.root, width) }

// relayout arranges a part anew after something inside it changed, and the
// page around it if the part is higher or lower now.
func (c *composed) relayout() {
	size := c.Size()
	if size.Width == 0 {
		return // never laid out
	}
	if HeightFor(c.root, size.Width) != size.Height {
		relayoutAround(c.root)
	}
	if cont, ok := c.root.(*fyne.Container); ok && cont.Layout != nil {
		cont.Layout.Layout(cont.Objects, cont.Size())
	}
	canvas.Refresh(c.root)
}

// arranger is what a canvas shows: the page frame or a dialog.
type arranger interface{ arrange() }

// relayoutAround lays out anew what o stands in. Fyne does so too, one frame
// later and from the leaves up; doing it at once keeps the page from jumping.
func relayoutAround(o fyne.CanvasObject) {
	c := canvasOf(o)
	if c == nil {
		return
	}
	for _, top := range append([]fyne.CanvasObject{c.Content()}, c.Overlays().List()...) {
		if a, ok := top.(arranger); ok {
			a.arrange()
		}
	}
}

// canvasOf returns the canvas on which o is shown, or nil.
func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(o)
}
