package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/ui/theme"
)

// Icon is one of our drawings in a colour of the theme.
type Icon struct {
	widget.BaseWidget
	icon  theme.Icon
	color fyne.ThemeColorName
	size  float32
}

// NewIcon returns an icon of a size.
func NewIcon(icon theme.Icon, color fyne.ThemeColorName, size float32) *Icon {
	i := &Icon{icon: icon, color: color, size: size}
	i.ExtendBaseWidget(i)
	return i
}

// Set changes the drawing and its colour.
func (i *Icon) Set(icon theme.Icon, color fyne.ThemeColorName) {
	if i.icon != icon || i.color != color {
		i.icon, i.color = icon, color
		i.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (i *Icon) CreateRenderer() fyne.WidgetRenderer {
	img := canvas.NewImageFromResource(theme.Image(i.icon, themeColor(i, i.color)))
	img.FillMode = canvas.ImageFillContain
	return &iconRenderer{i, img}
}

type iconRenderer struct {
	i   *Icon
	img *canvas.Image
}

func (r *iconRenderer) Destroy()                     {}
func (r *iconRenderer) Layout(size fyne.Size)        { r.img.Resize(size) }
func (r *iconRenderer) MinSize() fyne.Size           { return fyne.NewSquareSize(r.i.size) }
func (r *iconRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.img} }
func (r *iconRenderer) Refresh() {
	if res := theme.Image(r.i.icon, themeColor(r.i, r.i.color)); res != r.img.Resource {
		r.img.Resource = res
		r.img.Refresh()
	}
}

// Badge is a round mark with an icon or a letter or number in it.
type Badge struct {
	widget.BaseWidget
	icon   theme.Icon
	text   string
	ground fyne.ThemeColorName // ColorNameClear for an outline only
	color  fyne.ThemeColorName
	size   float32
}

// NewBadge returns a badge with an icon, or with a text if icon is "".
func NewBadge(icon theme.Icon, text string, ground, color fyne.ThemeColorName, size float32) *Badge {
	b := &Badge{icon: icon, text: text, ground: ground, color: color, size: size}
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer is for Fyne.
func (b *Badge) CreateRenderer() fyne.WidgetRenderer {
	r := &badgeRenderer{b: b, disc: &canvas.Circle{}, text: &canvas.Text{}}
	r.text.TextStyle.Bold = true
	r.objects = []fyne.CanvasObject{r.disc, r.text}
	if b.icon != "" {
		r.icon = NewIcon(b.icon, b.color, b.size*0.62)
		r.objects[1] = r.icon
	}
	r.Refresh()
	return r
}

type badgeRenderer struct {
	b       *Badge
	disc    *canvas.Circle
	text    *canvas.Text
	icon    *Icon
	objects []fyne.CanvasObject
}

func (r *badgeRenderer) Destroy()                     {}
func (r *badgeRenderer) MinSize() fyne.Size           { return fyne.NewSquareSize(r.b.size) }
func (r *badgeRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *badgeRenderer) Layout(size fyne.Size) {
	r.disc.Resize(fyne.NewSquareSize(r.b.size))
	inner := r.text.MinSize()
	if r.icon != nil {
		inner = r.icon.MinSize()
		r.icon.Resize(inner)
		r.icon.Move(fyne.NewPos((r.b.size-inner.Width)/2, (r.b.size-inner.Height)/2))
		return
	}
	r.text.Resize(inner)
	r.text.Move(fyne.NewPos((r.b.size-inner.Width)/2, (r.b.size-inner.Height)/2))
}

func (r *badgeRenderer) Refresh() {
	r.disc.FillColor = themeColor(r.b, r.b.ground)
	r.disc.StrokeColor = themeColor(r.b, r.b.color)
	r.disc.StrokeWidth = 0
	if r.b.ground == theme.ColorNameClear {
		r.disc.StrokeWidth = 1.5
	}
	r.text.Text, r.text.Color = r.b.text, themeColor(r.b, r.b.color)
	r.text.TextSize = r.b.size * 0.58
	if len(r.b.text) > 1 {
		r.text.TextSize = r.b.size * 0.5
	}
	r.Layout(r.b.Size())
	r.disc.Refresh()
	r.text.Refresh()
}
