package parts

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/ui/theme"
)

// footer is the bar with what can be done on a page: Back and links at the
// left, the other buttons and the primary one at the right.
type footer struct {
	widget.BaseWidget
	back    *Button
	links   []*Link
	others  []*Button
	primary *Button
}

func newFooter() *footer {
	f := &footer{}
	f.ExtendBaseWidget(f)
	return f
}

func (f *footer) set(p Page) {
	f.back, f.primary, f.links, f.others = nil, nil, nil, nil
	if p.Back != nil {
		f.back = Plain("Back", p.Back)
	}
	for _, a := range p.Links {
		f.links = append(f.links, ActionLink(a))
	}
	for _, a := range p.Others {
		b := Plain(a.Label, a.Do)
		if a.External {
			b.External()
		}
		if a.Copy != nil {
			copies(b, a.Copy)
		}
		b.SetEnabled(!a.Disabled)
		f.others = append(f.others, b)
	}
	if p.Primary.Label != "" {
		f.primary = Primary(p.Primary.Label, p.Primary.Do)
		if p.Danger {
			f.primary.kind = dangerButton
		}
		if p.Primary.External {
			f.primary.External()
		}
		f.primary.missing = p.Primary.Missing
		f.primary.SetEnabled(!p.Primary.Disabled)
	}
	f.Refresh()
}

func (f *footer) empty() bool {
	return f.back == nil && f.primary == nil && len(f.links) == 0 && len(f.others) == 0
}

func (f *footer) holds(o fyne.CanvasObject) bool {
	for _, mine := range f.left() {
		if mine == o {
			return true
		}
	}
	for _, mine := range f.right() {
		if mine == o {
			return true
		}
	}
	return false
}

func (f *footer) left() []fyne.CanvasObject {
	var l []fyne.CanvasObject
	if f.back != nil {
		l = append(l, f.back)
	}
	for _, link := range f.links {
		l = append(l, link)
	}
	return l
}

func (f *footer) right() []fyne.CanvasObject {
	var r []fyne.CanvasObject
	for _, b := range f.others {
		r = append(r, b)
	}
	if f.primary != nil {
		r = append(r, f.primary)
	}
	return r
}

const (
	footerGap    = 4 * theme.Step
	footerRoom   = 4 * theme.Step
	footerHeight = 40 // of a line of buttons
)

func widthOf(objects []fyne.CanvasObject, gap float32) float32 {
	var w float32
	for i, o := range objects {
		if i > 0 {
			w += gap
		}
		w += o.MinSize().Width
	}
	return w
}

// rows says what goes beside each other: everything, or the links in rows of
// their own above the buttons, with Back where the buttons leave it no room.
func (f *footer) rows(width float32) (upper [][]fyne.CanvasObject, left []fyne.CanvasObject) {
	buttons := widthOf(f.right(), 3*theme.Step) + 6*theme.Step
	if widthOf(f.left(), footerGap)+buttons <= width-2*margin {
		return nil, f.left()
	}
	above := f.left()
	if f.back != nil && f.back.MinSize().Width+buttons <= width-2*margin {
		above, left = above[1:], above[:1]
	}
	for _, o := range above {
		last := len(upper) - 1
		if last < 0 || widthOf(append(slices.Clone(upper[last]), o), footerGap) > width-2*margin {
			upper = append(upper, nil)
			last++
		}
		upper[last] = append(upper[last], o)
	}
	return upper, left
}

// HeightFor says how high the bar is.
func (f *footer) HeightFor(width float32) float32 {
	h := 2*footerRoom + footerHeight + 1
	upper, _ := f.rows(width)
	for _, row := range upper {
		h += rowHeight(row) + 2*theme.Step
	}
	return h
}

func rowHeight(objects []fyne.CanvasObject) float32 {
	var h float32
	for _, o := range objects {
		h = max(h, HeightFor(o, o.MinSize().Width))
	}
	return h
}

// CreateRenderer is for Fyne.
func (f *footer) CreateRenderer() fyne.WidgetRenderer {
	r := &footerRenderer{f: f, ground: &canvas.Rectangle{}, line: &canvas.Rectangle{}}
	r.fill()
	r.paint()
	return r
}

type footerRenderer struct {
	f            *footer
	ground, line *canvas.Rectangle
	objects      []fyne.CanvasObject
}

func (r *footerRenderer) fill() {
	r.objects = []fyne.CanvasObject{r.ground, r.line}
	r.objects = append(r.objects, r.f.left()...)
	r.objects = append(r.objects, r.f.right()...)
}

func (r *footerRenderer) paint() {
	r.ground.FillColor = themeColor(r.f, theme.ColorNameSurface)
	r.line.FillColor = themeColor(r.f, theme.ColorNameBorder)
}

func (r *footerRenderer) Destroy()                     {}
func (r *footerRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *footerRenderer) MinSize() fyne.Size {
	w := r.f.Size().Width
	if w == 0 {
		w = 840
	}
	return fyne.NewSize(240, r.f.HeightFor(w))
}

func (r *footerRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.line.Resize(fyne.NewSize(size.Width, 1))
	y := footerRoom + 1
	upper, left := r.f.rows(size.Width)
	for _, row := range upper {
		h := rowHeight(row)
		place(row, margin, y, h, footerGap, size.Width-2*margin)
		y += h + 2*theme.Step
	}
	place(left, margin, y, footerHeight, footerGap, size.Width)
	right := r.f.right()
	place(right, size.Width-margin-widthOf(right, 3*theme.Step), y, footerHeight, 3*theme.Step, size.Width)
}

// place puts objects beside each other, each in the middle of the line.
func place(objects []fyne.CanvasObject, x, y, height, gap, room float32) {
	for _, o := range objects {
		w := min(o.MinSize().Width, room)
		h := HeightFor(o, w)
		o.Resize(fyne.NewSize(w, h))
		o.Move(fyne.NewPos(x, y+(height-h)/2))
		x += w + gap
	}
}

func (r *footerRenderer) Refresh() {
	r.fill()
	r.paint()
	r.Layout(r.f.Size())
	r.ground.Refresh()
	r.line.Refresh()
	canvas.Refresh(r.f)
}
