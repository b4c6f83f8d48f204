package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Column puts objects below each other with a gap between them. Hidden objects
// take no room.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(column{gap}, objects...)
}

type column struct{ gap float32 }

func (c column) walk(
	objects []fyne.CanvasObject, height func(fyne.CanvasObject) float32,
	place func(o fyne.CanvasObject, y, h float32)) float32 {
	y, first := float32(0), true
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if !first {
			y += c.gap
		}
		first = false
		h := height(o)
		if place != nil {
			place(o, y, h)
		}
		y += h
	}
	return y
}

func (c column) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return c.walk(objects, func(o fyne.CanvasObject) float32 { return HeightFor(o, width) }, nil)
}

func (c column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	c.walk(objects,
		func(o fyne.CanvasObject) float32 { return HeightFor(o, size.Width) },
		func(o fyne.CanvasObject, y, h float32) {
			o.Resize(fyne.NewSize(size.Width, h))
			o.Move(fyne.NewPos(0, y))
		})
}

func (c column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var w float32
	h := c.walk(objects, func(o fyne.CanvasObject) float32 {
		m := o.MinSize()
		w = max(w, m.Width)
		return m.Height
	}, nil)
	return fyne.NewSize(w, h)
}

// Row puts objects beside each other; the one at index grow (-1 for none)
// takes the width that is left. Each is centred in the row's height.
func Row(gap float32, grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(row{gap: gap, grow: grow}, objects...)
}

// RowTop is a Row whose objects start at the same top edge.
func RowTop(gap float32, grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(row{gap: gap, grow: grow, top: true}, objects...)
}

type row struct {
	gap  float32
	grow int
	top  bool
}

func (r row) widths(objects []fyne.CanvasObject, width float32) []float32 {
	ws := make([]float32, len(objects))
	left, shown := width, 0
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		shown++
		if i != r.grow {
			ws[i] = o.MinSize().Width
			left -= ws[i]
		}
	}
	if r.grow >= 0 && r.grow < len(objects) && objects[r.grow].Visible() {
		ws[r.grow] = max(0, left-r.gap*float32(max(0, shown-1)))
	}
	return ws
}

func (r row) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	var h float32
	for i, w := range r.widths(objects, width) {
		if objects[i].Visible() {
			h = max(h, HeightFor(objects[i], w))
		}
	}
	return h
}

func (r row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	for i, w := range r.widths(objects, size.Width) {
		o := objects[i]
		if !o.Visible() {
			continue
		}
		h, y := HeightFor(o, w), float32(0)
		if !r.top {
			y = max(0, (size.Height-h)/2)
		}
		o.Resize(fyne.NewSize(w, h))
		o.Move(fyne.NewPos(x, y))
		x += w + r.gap
	}
}

func (r row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var w, h float32
	shown := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		shown++
		m := o.MinSize()
		w += m.Width
		h = max(h, m.Height)
	}
	return fyne.NewSize(w+r.gap*float32(max(0, shown-1)), h)
}

// Wrap puts objects beside each other and goes on in the next line where they
// do not fit: for buttons in a narrow place.
func Wrap(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&wrap{gap: gap}, objects...)
}

type wrap struct {
	gap   float32
	width float32 // of the last layout: MinSize is asked without a width
}

func (l *wrap) walk(
	objects []fyne.CanvasObject, width float32, place func(o fyne.CanvasObject, p fyne.Position, s fyne.Size)) float32 {
	var x, y, line float32
	start := 0
	// A line is placed once its height is known, each object in its middle.
	flush := func(end int) {
		x := float32(0)
		for _, o := range objects[start:end] {
			if place == nil || !o.Visible() {
				continue
			}
			w := min(o.MinSize().Width, width)
			h := HeightFor(o, w)
			place(o, fyne.NewPos(x, y+(line-h)/2), fyne.NewSize(w, h))
			x += w + l.gap
		}
		start = end
	}
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		w := min(o.MinSize().Width, width)
		if x > 0 && x+w > width {
			flush(i)
			x, y, line = 0, y+line+l.gap, 0
		}
		x += w + l.gap
		line = max(line, HeightFor(o, w))
	}
	flush(len(objects))
	return y + line
}

func (l *wrap) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return l.walk(objects, width, nil)
}

func (l *wrap) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.walk(objects, size.Width, func(o fyne.CanvasObject, p fyne.Position, s fyne.Size) {
		o.Resize(s)
		o.Move(p)
	})
}

func (l *wrap) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var w float32
	for _, o := range objects {
		if o.Visible() {
			w = max(w, o.MinSize().Width)
		}
	}
	width := l.width
	if width == 0 {
		width = 1e4
	}
	return fyne.NewSize(w, l.HeightFor(objects, width))
}

// Equal puts objects beside each other in equal widths and equal heights; in a
// place too narrow for their smallest widths they go below each other.
func Equal(gap, smallest float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&equal{gap: gap, smallest: smallest}, objects...)
}

type equal struct {
	gap, smallest float32
	width         float32 // of the last layout: MinSize is asked without a width
}

func (l *equal) columns(n int, width float32) int {
	for n > 1 && (width-l.gap*float32(n-1))/float32(n) < l.smallest {
		n--
	}
	return max(1, n)
}

func (l *equal) walk(
	objects []fyne.CanvasObject, width float32, place func(o fyne.CanvasObject, p fyne.Position, s fyne.Size)) float32 {
	n := l.columns(len(objects), width)
	w := (width - l.gap*float32(n-1)) / float32(n)
	y := float32(0)
	for start := 0; start < len(objects); start += n {
		line := objects[start:min(start+n, len(objects))]
		h := float32(0)
		for _, o := range line {
			h = max(h, HeightFor(o, w))
		}
		if start > 0 {
			y += l.gap
		}
		if place != nil {
			for i, o := range line {
				place(o, fyne.NewPos(float32(i)*(w+l.gap), y), fyne.NewSize(w, h))
			}
		}
		y += h
	}
	return y
}

func (l *equal) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return l.walk(objects, width, nil)
}

func (l *equal) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.walk(objects, size.Width, func(o fyne.CanvasObject, p fyne.Position, s fyne.Size) {
		o.Resize(s)
		o.Move(p)
	})
}

func (l *equal) MinSize(objects []fyne.CanvasObject) fyne.Size {
	w := l.width
	if w == 0 {
		w = 1e4
	}
	return fyne.NewSize(l.smallest, l.HeightFor(objects, w))
}

// Pad keeps room around an object.
func Pad(top, right, bottom, left float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(pad{top, right, bottom, left}, o)
}

// PadAll keeps the same room on all four sides.
func PadAll(room float32, o fyne.CanvasObject) *fyne.Container { return Pad(room, room, room, room, o) }

type pad struct{ top, right, bottom, left float32 }

func (p pad) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return p.top + p.bottom + HeightFor(objects[0], max(0, width-p.left-p.right))
}

func (p pad) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(fyne.NewSize(max(0, size.Width-p.left-p.right), max(0, size.Height-p.top-p.bottom)))
	objects[0].Move(fyne.NewPos(p.left, p.top))
}

func (p pad) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().AddWidthHeight(p.left+p.right, p.top+p.bottom)
}

// Room is empty space of a fixed size.
func Room(width, height float32) fyne.CanvasObject {
	return container.New(fixed{fyne.NewSize(width, height)})
}

// Sized gives an object a fixed smallest size.
func Sized(width, height float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(fixed{fyne.NewSize(width, height)}, o)
}

type fixed struct{ size fyne.Size }

func (f fixed) HeightFor([]fyne.CanvasObject, float32) float32 { return f.size.Height }
func (f fixed) MinSize([]fyne.CanvasObject) fyne.Size          { return f.size }
func (f fixed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
}
