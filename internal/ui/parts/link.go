package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"entrada/internal/ui/theme"
)

// Link is words to press: within a text, or by itself. It wraps like text.
type Link struct {
	press
	about  string
	label  string
	icon   theme.Icon
	text   *Text
	inText bool
	color  fyne.ThemeColorName
}

// NewLink returns a link.
func NewLink(label string, do func()) *Link {
	l := &Link{label: label, color: theme.ColorNamePrimary}
	l.onPress = do
	l.text = NewText(Style{Size: theme.TextSize, Color: l.color}, l.pieces()...)
	l.extend(l)
	return l
}

// ActionLink returns the link for an action.
func ActionLink(a Action) *Link {
	l := NewLink(a.Label, a.Do)
	if a.External {
		l.External()
	}
	if a.Disabled {
		l.Disable()
	}
	return l
}

// External marks a link that opens something outside the program.
func (l *Link) External() *Link { return l.WithIcon(theme.IconExternal) }

// WithIcon puts an icon behind the words.
func (l *Link) WithIcon(icon theme.Icon) *Link {
	l.icon = icon
	l.text.SetPieces(l.pieces()...)
	return l
}

// InCaption makes the link as small as a caption.
func (l *Link) InCaption() *Link {
	l.text = NewText(Style{Size: theme.CaptionSize, Color: l.color}, l.pieces()...)
	return l
}

func (l *Link) pieces() []Piece {
	if l.icon == "" {
		return []Piece{{Text: l.label}}
	}
	// No space that could break: the icon stays with the last word.
	return []Piece{{Text: l.label + "\u00a0"}, {Icon: l.icon}}
}

// inline gives the link the look of the text that it stands in.
func (l *Link) inline(s Style) {
	l.inText = true
	s.Color, s.MaxLines = l.color, 0
	l.text = NewText(s, l.pieces()...)
}

// Label returns the words.
func (l *Link) Label() string { return l.label }

// SetLabel changes the words.
func (l *Link) SetLabel(label string) {
	l.label = label
	l.text.SetPieces(l.pieces()...)
	l.Refresh()
}

// About says what the link is about, for those who hear it apart from what
// stands beside it.
func (l *Link) About(what string) *Link {
	l.about = what
	return l
}

// AccessibilityLabel is the words.
func (l *Link) AccessibilityLabel() string {
	if l.about != "" {
		return l.label + ": " + l.about
	}
	return l.label
}

// AccessibilityRole says that this is a link.
func (l *Link) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleLink }

func (l *Link) natural() float32 { return l.text.Natural() }

// HeightFor says how high the link is in a width.
func (l *Link) HeightFor(width float32) float32 {
	h := l.text.HeightFor(width)
	if !l.inText {
		h = max(h, 24) // a target for fingers and unsteady hands
	}
	return h
}

// CreateRenderer is for Fyne.
func (l *Link) CreateRenderer() fyne.WidgetRenderer {
	under := &canvas.Rectangle{}
	r := &linkRenderer{l: l, under: under}
	r.pressRenderer = newPressRenderer(&l.press, l.text, func() face {
		return face{radius: 4, ringGap: 2}
	}, func() {
		name := l.color
		if l.Disabled() {
			name = theme.ColorNameOffText
		}
		l.text.SetColor(name)
		under.FillColor = themeColor(l, name)
		under.Hidden = !l.hovered || l.Disabled()
	})
	r.objects = append(r.objects, under)
	return r
}

type linkRenderer struct {
	*pressRenderer
	l     *Link
	under *canvas.Rectangle
}

func (r *linkRenderer) MinSize() fyne.Size {
	w := r.l.Size().Width
	if w == 0 {
		w = r.l.natural()
	}
	return fyne.NewSize(r.l.natural(), r.l.HeightFor(w))
}

func (r *linkRenderer) Layout(size fyne.Size) {
	h := r.l.text.HeightFor(size.Width)
	top := max(0, (size.Height-h)/2)
	w := min(size.Width, r.l.natural())
	r.l.text.Resize(fyne.NewSize(size.Width, h))
	r.l.text.Move(fyne.NewPos(0, top))
	// The ring and the line below go around the words, not the whole width,
	// and keep clear of the lines above and below.
	r.ring.Resize(fyne.NewSize(w+6, h))
	r.ring.Move(fyne.NewPos(-3, top))
	r.under.Resize(fyne.NewSize(w, 1))
	r.under.Move(fyne.NewPos(0, top+h-1))
}

func (r *linkRenderer) Refresh() {
	r.paint()
	r.Layout(r.l.Size())
	r.ring.Refresh()
	r.under.Refresh()
	canvas.Refresh(r.l)
}
