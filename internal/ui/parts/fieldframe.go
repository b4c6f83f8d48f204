package parts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/ui/theme"
)

// fieldFrame is the frame around the text field and its buttons.
type fieldFrame struct {
	widget.BaseWidget
	f        *Field
	renderer *frameRenderer
}

func (fr *fieldFrame) refit() {
	if fr.renderer != nil {
		fr.renderer.fill()
		fr.renderer.Layout(fr.Size())
		fr.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (fr *fieldFrame) CreateRenderer() fyne.WidgetRenderer {
	fr.renderer = &frameRenderer{fr: fr, ground: &canvas.Rectangle{}, bar: &canvas.Rectangle{},
		bar2: &canvas.Rectangle{}, wheel: newWheel()}
	fr.renderer.fill()
	fr.renderer.paint()
	return fr.renderer
}

type frameRenderer struct {
	fr        *fieldFrame
	ground    *canvas.Rectangle
	bar, bar2 *canvas.Rectangle // at the left of each button
	wheel     *wheel
	objects   []fyne.CanvasObject
}

func (r *frameRenderer) fill() {
	r.objects = []fyne.CanvasObject{r.ground, r.fr.f.entry}
	if shown := r.fr.f.shown; shown != nil {
		r.objects[1] = shown
	}
	if b := r.fr.f.show; b != nil && b.Visible() {
		r.objects = append(r.objects, r.bar2, b)
	}
	if b := r.fr.f.button; b != nil {
		r.objects = append(r.objects, r.bar, b)
	}
	if r.fr.f.opt.Rows <= 1 {
		r.objects = append(r.objects, r.wheel)
	}
}

func (r *frameRenderer) Destroy()                     {}
func (r *frameRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *frameRenderer) height() float32 {
	if r.fr.f.opt.Rows > 1 {
		return r.fr.f.entry.MinSize().Height + 4
	}
	return 36
}

func (r *frameRenderer) MinSize() fyne.Size {
	w := float32(120)
	if b := r.fr.f.button; b != nil {
		w += b.MinSize().Width
	}
	if b := r.fr.f.show; b != nil {
		w += b.MinSize().Width
	}
	return fyne.NewSize(w, r.height())
}

func (r *frameRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.wheel.Resize(size)
	w := size.Width
	put := func(b *Button, bar *canvas.Rectangle) {
		if b == nil || !b.Visible() {
			return
		}
		bw := b.MinSize().Width
		w -= bw + 1
		// Inside the line of the frame, which its ground would cover.
		b.Resize(fyne.NewSize(bw-2, size.Height-4))
		b.Move(fyne.NewPos(w+1, 2))
		bar.Resize(fyne.NewSize(1, size.Height-2))
		bar.Move(fyne.NewPos(w, 1))
	}
	put(r.fr.f.button, r.bar)
	put(r.fr.f.show, r.bar2)
	if shown := r.fr.f.shown; shown != nil {
		w -= 5 * theme.Step
		h := shown.HeightFor(w)
		shown.Resize(fyne.NewSize(w, h))
		shown.Move(fyne.NewPos(2.5*theme.Step, (size.Height-h)/2))
		return
	}
	e := r.fr.f.entry
	h := e.MinSize().Height
	y := (size.Height - h) / 2
	if r.fr.f.opt.Rows > 1 {
		h, y = size.Height-4, 2
	}
	e.Resize(fyne.NewSize(w, h))
	e.Move(fyne.NewPos(0, y))
}

func (r *frameRenderer) paint() {
	f := r.fr.f
	stroke, width := theme.ColorNameInputBorder, float32(1)
	if f.status == StatusGood || f.status == StatusBad || f.status == StatusWarn {
		stroke = f.status.color()
	}
	fill := theme.ColorNameSurface
	if f.entry.Disabled() {
		fill = theme.ColorNameBackground
	}
	if f.focused {
		width = 2
		if f.status == StatusNeutral || f.status == StatusBusy {
			stroke = theme.ColorNameRing
		}
	}
	r.ground.FillColor = themeColor(r.fr, fill)
	r.ground.StrokeColor, r.ground.StrokeWidth = themeColor(r.fr, stroke), width
	r.ground.CornerRadius = theme.Radius
	r.bar.FillColor = color.Transparent
	if f.button != nil {
		r.bar.FillColor = themeColor(r.fr, theme.ColorNameBorder)
	}
	r.bar2.FillColor = r.bar.FillColor
}

func (r *frameRenderer) Refresh() {
	r.paint()
	r.ground.Refresh()
	r.bar.Refresh()
	r.bar2.Refresh()
	canvas.Refresh(r.fr)
}
