package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/ui/theme"
)

// Panel is a rectangle of the theme behind an object: a white card with a
// hairline, the tint of a note.
type Panel struct {
	widget.BaseWidget
	Fill, Stroke fyne.ThemeColorName
	radius       float32
	strokeWidth  float32
	topOnly      bool                // round at the top only
	bar          fyne.ThemeColorName // a bar at the left edge, "" for none
	inner        fyne.CanvasObject
}

// NewPanel puts inner on a ground with a border and room around it.
func NewPanel(fill, stroke fyne.ThemeColorName, room float32, inner fyne.CanvasObject) *Panel {
	p := &Panel{Fill: fill, Stroke: stroke, radius: theme.Radius, inner: PadAll(room, inner)}
	p.ExtendBaseWidget(p)
	return p
}

// Surface is a panel in the look of a card.
func Surface(inner fyne.CanvasObject) *Panel {
	return NewPanel(theme.ColorNameSurface, theme.ColorNameBorder, 4*theme.Step, inner)
}

// Rounded sets the radius of the corners.
func (p *Panel) Rounded(radius float32) *Panel {
	p.radius = radius
	return p
}

// RoundedTop rounds the upper corners only: a bar at the top of a card.
func (p *Panel) RoundedTop(radius float32) *Panel {
	p.radius, p.topOnly = radius, true
	return p
}

// Thick sets the width of the border.
func (p *Panel) Thick(width float32) *Panel {
	p.strokeWidth = width
	return p
}

// HeightFor says how high the panel is in a width.
func (p *Panel) HeightFor(width float32) float32 { return HeightFor(p.inner, width) }

// CreateRenderer is for Fyne.
func (p *Panel) CreateRenderer() fyne.WidgetRenderer {
	r := &panelRenderer{p: p, ground: &canvas.Rectangle{}, bar: &canvas.Rectangle{}}
	r.objects = []fyne.CanvasObject{r.ground, p.inner}
	if p.bar != "" {
		r.objects = []fyne.CanvasObject{r.ground, r.bar, p.inner}
	}
	r.paint()
	return r
}

type panelRenderer struct {
	p       *Panel
	ground  *canvas.Rectangle
	bar     *canvas.Rectangle
	objects []fyne.CanvasObject
}

func (r *panelRenderer) Destroy()                     {}
func (r *panelRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *panelRenderer) MinSize() fyne.Size           { return r.p.inner.MinSize() }

func (r *panelRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.bar.Resize(fyne.NewSize(3, size.Height))
	r.p.inner.Resize(size)
}

func (r *panelRenderer) paint() {
	r.ground.FillColor = themeColor(r.p, r.p.Fill)
	r.ground.StrokeColor, r.ground.StrokeWidth = nil, 0
	if r.p.Stroke != "" {
		r.ground.StrokeColor, r.ground.StrokeWidth = themeColor(r.p, r.p.Stroke), max(1, r.p.strokeWidth)
	}
	r.ground.CornerRadius = r.p.radius
	if r.p.topOnly {
		r.ground.CornerRadius = 0
		r.ground.TopLeftCornerRadius, r.ground.TopRightCornerRadius = r.p.radius, r.p.radius
	}
	if r.p.bar != "" {
		r.bar.FillColor = themeColor(r.p, r.p.bar)
		// Square at the left, where the bar stands.
		r.ground.CornerRadius = 0
		r.ground.TopRightCornerRadius, r.ground.BottomRightCornerRadius = r.p.radius, r.p.radius
	}
}

func (r *panelRenderer) Refresh() {
	r.paint()
	r.ground.Refresh()
	r.bar.Refresh()
	r.Layout(r.p.Size())
}

// Line is a hairline across the width.
func Line() fyne.CanvasObject {
	p := &Panel{Fill: theme.ColorNameBorder, inner: Room(1, 1)}
	p.ExtendBaseWidget(p)
	return p
}
