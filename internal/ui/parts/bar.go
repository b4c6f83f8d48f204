package parts

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/ui/theme"
)

// barHeight is the height of a bar.
const barHeight float32 = 36

// Bar stands above every page, whatever it shows: what the whole window is about.
type Bar struct {
	widget.BaseWidget
	words *Text
	links []*Link
}

// NewBar returns a bar with words, which may hold **bold** ones, and what can be done
// at its right. The words give way where there is little room.
func NewBar(words string, actions ...Action) *Bar {
	b := &Bar{words: NewText(
		Style{Size: theme.TextSize - 1, Color: theme.ColorNameOnPractice, MaxLines: 1}, Words(words)...)}
	for _, a := range actions {
		l := ActionLink(a)
		l.color = theme.ColorNameOnPractice
		b.links = append(b.links, l)
	}
	b.ExtendBaseWidget(b)
	return b
}

func (b *Bar) holds(o fyne.CanvasObject) bool {
	return b != nil && slices.ContainsFunc(b.links, func(l *Link) bool { return fyne.CanvasObject(l) == o })
}

// CreateRenderer is for Fyne.
func (b *Bar) CreateRenderer() fyne.WidgetRenderer {
	r := &barRenderer{b: b, ground: &canvas.Rectangle{FillColor: themeColor(b, theme.ColorNamePractice)}}
	r.objects = []fyne.CanvasObject{r.ground, b.words}
	for _, l := range b.links {
		r.objects = append(r.objects, l)
	}
	return r
}

type barRenderer struct {
	b       *Bar
	ground  *canvas.Rectangle
	objects []fyne.CanvasObject
}

func (r *barRenderer) Destroy()                     {}
func (r *barRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *barRenderer) MinSize() fyne.Size           { return fyne.NewSize(240, barHeight) }

func (r *barRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	links := r.objects[2:]
	right := size.Width - 6*theme.Step - widthOf(links, footerGap)
	place(links, right, 0, size.Height, footerGap, size.Width)
	w := max(0, right-10*theme.Step)
	h := r.b.words.HeightFor(w)
	r.b.words.Resize(fyne.NewSize(w, h))
	r.b.words.Move(fyne.NewPos(6*theme.Step, (size.Height-h)/2))
}

func (r *barRenderer) Refresh() {
	r.ground.FillColor = themeColor(r.b, theme.ColorNamePractice)
	r.ground.Refresh()
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}
