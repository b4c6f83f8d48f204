package parts

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/markup"
	"entrada/internal/ui/theme"
)

// Style says how a text looks.
type Style struct {
	Size     float32
	Color    fyne.ThemeColorName
	Bold     bool
	Mono     bool
	MaxLines int // 0 for as many as it takes; what does not fit ends with "…"
	Align    fyne.TextAlign
}

// Text is wrapped text with bold words, icons and links in it. It is our own
// because Fyne's RichText learns its height only after it was laid out, and
// costs several times as much.
type Text struct {
	widget.BaseWidget
	style  Style
	pieces []Piece
	broken *breaker
}

var _ Tall = (*Text)(nil)

// NewText returns a text of pieces. A [Link] among them takes part in the tab
// order where it stands.
func NewText(style Style, pieces ...Piece) *Text {
	t := &Text{style: style}
	t.ExtendBaseWidget(t)
	t.SetPieces(pieces...)
	return t
}

// Words turns a text with **bold** words into pieces.
func Words(text string) []Piece {
	spans := markup.Spans(text)
	pieces := make([]Piece, len(spans))
	for i, s := range spans {
		pieces[i] = Piece{Text: s.Text, Bold: s.Bold}
	}
	return pieces
}

// Heading is the one heading of a page.
func Heading(markup string) *Text {
	return NewText(Style{Size: theme.HeadingSize, Color: theme.ColorNameText, Bold: true}, Words(markup)...)
}

// SubHeading stands above a section.
func SubHeading(markup string) *Text {
	return NewText(Style{Size: theme.SubHeadingSize, Color: theme.ColorNameText, Bold: true}, Words(markup)...)
}

// Body is running text.
func Body(markup string) *Text {
	return NewText(Style{Size: theme.TextSize, Color: theme.ColorNameText}, Words(markup)...)
}

// Muted is running text that stands back, such as the reason below a heading.
func Muted(markup string) *Text {
	return NewText(Style{Size: theme.TextSize, Color: theme.ColorNameMuted}, Words(markup)...)
}

// Strong is a bold line in the size of running text.
func Strong(markup string) *Text {
	return NewText(Style{Size: theme.TextSize, Color: theme.ColorNameText, Bold: true}, Words(markup)...)
}

// Caption is small text that stands back.
func Caption(markup string) *Text {
	return NewText(Style{Size: theme.CaptionSize, Color: theme.ColorNameMuted}, Words(markup)...)
}

// Mono is a value in letters of equal width.
func Mono(value string) *Text {
	return NewText(Style{Size: theme.TextSize - 1, Color: theme.ColorNameText, Mono: true}, Piece{Text: value})
}

// SetText replaces the text; **bold** words are bold.
func (t *Text) SetText(markup string) { t.SetPieces(Words(markup)...) }

// SetPieces replaces the text.
func (t *Text) SetPieces(pieces ...Piece) {
	t.pieces, t.broken = pieces, nil
	for _, p := range pieces {
		if p.Link != nil {
			p.Link.inline(t.style)
		}
	}
	size := t.Size()
	if size.Width == 0 {
		return // not laid out yet
	}
	if t.HeightFor(size.Width) != size.Height {
		relayoutAround(t)
	}
	t.Refresh()
}

// SetColor changes the text's own colour.
func (t *Text) SetColor(name fyne.ThemeColorName) {
	if t.style.Color == name {
		return
	}
	t.style.Color = name
	if t.Size().Width > 0 {
		t.Refresh()
	}
}

func (t *Text) setAlign(a fyne.TextAlign) {
	if t.style.Align != a {
		t.style.Align = a
		t.Refresh()
	}
}

// Plain is the text as a screen reader says it.
func (t *Text) Plain() string {
	var b strings.Builder
	for _, p := range t.pieces {
		if p.Link != nil {
			b.WriteString(p.Link.Label())
		}
		b.WriteString(p.Text)
	}
	return strings.TrimSpace(b.String())
}

// AccessibilityLabel is the whole text.
func (t *Text) AccessibilityLabel() string { return t.Plain() }

// AccessibilityRole says that this is text.
func (t *Text) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

func (t *Text) breaker() *breaker {
	if t.broken == nil {
		t.broken = newBreaker(t.style, t.pieces)
	}
	return t.broken
}

// HeightFor says how high the text is in a width.
func (t *Text) HeightFor(width float32) float32 {
	var h float32
	for _, l := range t.breaker().lines(width) {
		h += l.height
	}
	return h
}

// Natural is the width of the text in one line.
func (t *Text) Natural() float32 { return ceil(t.breaker().natural()) }

// CreateRenderer is for Fyne.
func (t *Text) CreateRenderer() fyne.WidgetRenderer { return &textRenderer{t: t} }

// narrowest is the width below which wrapping is no longer reading.
const narrowest = 48

type textRenderer struct {
	t       *Text
	objects []fyne.CanvasObject
	texts   []*canvas.Text
	icons   []*Icon
}

func (r *textRenderer) Destroy() {}

func (r *textRenderer) MinSize() fyne.Size {
	b := r.t.breaker()
	w := r.t.Size().Width
	if w == 0 {
		w = 400 // not laid out yet: a guess that is mended at the first layout
	}
	return fyne.NewSize(min(narrowest, ceil(b.natural())), r.t.HeightFor(w))
}

func (r *textRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *textRenderer) Refresh() {
	r.t.broken = nil // the size of the letters may have changed with the theme
	r.Layout(r.t.Size())
	canvas.Refresh(r.t)
}

func (r *textRenderer) Layout(size fyne.Size) {
	b := r.t.breaker()
	texts, icons := 0, 0
	r.objects = r.objects[:0]
	y := float32(0)
	for _, l := range b.lines(size.Width) {
		shift := float32(0)
		switch r.t.style.Align {
		case fyne.TextAlignTrailing:
			shift = size.Width - l.width
		case fyne.TextAlignCenter:
			shift = (size.Width - l.width) / 2
		}
		for _, run := range l.runs {
			x := shift + run.x
			name := run.piece.Color
			if name == "" {
				name = r.t.style.Color
			}
			switch {
			case run.piece.Link != nil:
				link := run.piece.Link
				link.Resize(fyne.NewSize(run.w, link.HeightFor(run.w)))
				link.Move(fyne.NewPos(x, y))
				r.objects = append(r.objects, link)
			case run.piece.Icon != "":
				if icons == len(r.icons) {
					r.icons = append(r.icons, NewIcon(run.piece.Icon, name, b.style.Size))
				}
				icon := r.icons[icons]
				icons++
				icon.Set(run.piece.Icon, name)
				icon.Resize(fyne.NewSquareSize(b.style.Size))
				icon.Move(fyne.NewPos(x, y+(b.lineH-b.style.Size)/2))
				r.objects = append(r.objects, icon)
			default:
				if texts == len(r.texts) {
					r.texts = append(r.texts, &canvas.Text{})
				}
				ct := r.texts[texts]
				texts++
				style := b.fontOf(run.piece)
				box, base := textSize(run.piece.Text, b.style.Size, style)
				ct.Text, ct.TextSize, ct.TextStyle = run.piece.Text, b.style.Size, style
				ct.Color = themeColor(r.t, name)
				ct.Resize(box)
				ct.Move(fyne.NewPos(x, y+b.base-base))
				r.objects = append(r.objects, ct)
			}
		}
		y += l.height
	}
	for _, ct := range r.texts[:texts] {
		ct.Refresh()
	}
}

func ceil(f float32) float32 {
	i := float32(int(f))
	if i < f {
		i++
	}
	return i
}
