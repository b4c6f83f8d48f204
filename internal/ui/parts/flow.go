package parts

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"entrada/internal/ui/theme"
)

// Piece is a run of a text: words, an icon or a link.
type Piece struct {
	Text  string
	Bold  bool
	Mono  bool
	Color fyne.ThemeColorName // "" for the text's own
	Icon  theme.Icon          // drawn instead of Text
	Link  *Link               // shown instead of Text
}

// token is what never breaks: a word, an icon or a link.
type token struct {
	piece  Piece
	width  float32
	space  bool // a space stands before it
	breaks int  // as many line breaks stand before it
}

// atom is a group of tokens with no space between them, such as a bold word
// and the full stop behind it.
type atom []token

func (a atom) width() float32 {
	var w float32
	for _, t := range a {
		w += t.width
	}
	return w
}

// run is a stretch of one line that is drawn in one go.
type run struct {
	piece Piece
	x, w  float32
}

type line struct {
	runs   []run
	width  float32
	height float32
}

// breaker breaks pieces into lines.
type breaker struct {
	style     Style
	atoms     []atom
	spaceW    float32
	lineH     float32
	base      float32
	memoW     float32
	memoLines []line
}

func newBreaker(style Style, pieces []Piece) *breaker {
	b := &breaker{style: style, memoW: -1}
	plain := fyne.TextStyle{Bold: style.Bold, Monospace: style.Mono}
	space, base := textSize(" ", style.Size, plain)
	// A little more than the font asks for: long texts read easier.
	lead := float32(int(style.Size/12 + 0.5))
	b.spaceW, b.lineH, b.base = space.Width, space.Height+lead, base+lead/2
	space0, breaks := false, 0
	add := func(p Piece, w float32) {
		t := token{piece: p, width: w, space: space0, breaks: breaks}
		if len(b.atoms) == 0 || space0 || breaks > 0 {
			b.atoms = append(b.atoms, atom{t})
		} else {
			b.atoms[len(b.atoms)-1] = append(b.atoms[len(b.atoms)-1], t)
		}
		space0, breaks = false, 0
	}
	for _, p := range pieces {
		switch {
		case p.Icon != "":
			add(p, style.Size+1)
			continue
		case p.Link != nil:
			add(p, p.Link.natural())
			continue
		}
		rest := p.Text
		for rest != "" {
			i := strings.IndexAny(rest, " \n")
			word := rest
			if i >= 0 {
				word = rest[:i]
			}
			if word != "" {
				q := p
				q.Text = word
				add(q, b.measure(q))
			}
			if i < 0 {
				break
			}
			if rest[i] == '\n' {
				breaks++
			} else {
				space0 = true
			}
			rest = rest[i+1:]
		}
	}
	return b
}

func (b *breaker) fontOf(p Piece) fyne.TextStyle {
	mono := p.Mono || b.style.Mono
	return fyne.TextStyle{Bold: (p.Bold || b.style.Bold) && !mono, Monospace: mono}
}

func (b *breaker) measure(p Piece) float32 {
	box, _ := textSize(p.Text, b.style.Size, b.fontOf(p))
	return box.Width
}

// natural is the width of the text in one line.
func (b *breaker) natural() float32 {
	var w float32
	for _, l := range b.lines(1e6) {
		w = max(w, l.width)
	}
	return w
}

// lines breaks the text so that nothing is wider than width. The last answer
// is kept: a layout asks for the height first and then for the lines.
func (b *breaker) lines(width float32) []line {
	if width == b.memoW {
		return b.memoLines
	}
	var out []line
	cur := line{height: b.lineH}
	flush := func() {
		out = append(out, cur)
		cur = line{height: b.lineH}
	}
	for _, a := range b.atoms {
		for range a[0].breaks {
			flush()
		}
		gap := float32(0)
		if len(cur.runs) > 0 && a[0].space {
			gap = b.spaceW
		}
		w := a.width()
		if len(cur.runs) > 0 && cur.width+gap+w > width {
			flush()
			gap = 0
		}
		for i, t := range a {
			if i > 0 {
				gap = 0
			}
			if t.width > width {
				b.breakToken(&cur, t, width, gap, flush)
				continue
			}
			if cur.width+gap+t.width > width && len(cur.runs) > 0 {
				flush()
				gap = 0
			}
			b.place(&cur, t, gap)
		}
	}
	if len(cur.runs) > 0 || len(out) == 0 {
		flush()
	}
	if n := b.style.MaxLines; n > 0 && len(out) > n {
		rest := out[n]
		out = out[:n]
		b.goOn(&out[n-1], rest)
		b.ellipsis(&out[n-1], width)
	}
	b.memoW, b.memoLines = width, out
	return out
}

// place adds a token at the end of a line, joined to the run before it where
// both look the same.
func (b *breaker) place(l *line, t token, gap float32) {
	if n := len(l.runs); n > 0 {
		prev := &l.runs[n-1]
		if prev.piece.Icon == "" && prev.piece.Link == nil && t.piece.Icon == "" && t.piece.Link == nil &&
			prev.piece.Bold == t.piece.Bold && prev.piece.Mono == t.piece.Mono && prev.piece.Color == t.piece.Color {
			if gap > 0 {
				prev.piece.Text += " "
			}
			prev.piece.Text += t.piece.Text
			prev.w += gap + t.width
			l.width += gap + t.width
			return
		}
	}
	x := l.width + gap
	l.runs = append(l.runs, run{piece: t.piece, x: x, w: t.width})
	l.width = x + t.width
}

// breakToken cuts what is wider than a line: a web address or an ID between
// its letters; a link wraps inside itself on lines of its own.
func (b *breaker) breakToken(l *line, t token, width, gap float32, flush func()) {
	if t.piece.Link != nil || t.piece.Icon != "" {
		if len(l.runs) > 0 {
			flush()
		}
		t.width = width
		b.place(l, t, 0)
		if t.piece.Link != nil {
			l.height = max(l.height, t.piece.Link.HeightFor(width))
		}
		return
	}
	rest := t.piece.Text
	for rest != "" {
		room := width - l.width - gap
		n := b.fitting(t.piece, rest, room)
		if n == 0 && len(l.runs) > 0 {
			flush()
			gap = 0
			continue
		}
		if n == 0 { // not even one letter fits: better too wide than never done
			_, n = utf8.DecodeRuneInString(rest)
		}
		q := t
		q.piece.Text = rest[:n]
		q.width = b.measure(q.piece)
		b.place(l, q, gap)
		rest, gap = rest[n:], 0
		if rest != "" {
			flush()
		}
	}
}

// fitting says how many bytes of s fit into room.
func (b *breaker) fitting(p Piece, s string, room float32) int {
	fit := 0
	for i, r := range s {
		end := i + utf8.RuneLen(r)
		p.Text = s[:end]
		if b.measure(p) > room {
			break
		}
		fit = end
	}
	return fit
}

// goOn puts the first words of the line that is not shown behind the last one:
// what is cut ends within a word rather than long before it.
func (b *breaker) goOn(l *line, rest line) {
	if len(l.runs) == 0 || len(rest.runs) == 0 {
		return
	}
	last, next := &l.runs[len(l.runs)-1], rest.runs[0]
	p, q := last.piece, next.piece
	if p.Icon != "" || p.Link != nil || q.Icon != "" || q.Link != nil || p.Bold != q.Bold || p.Mono != q.Mono ||
		p.Color != q.Color {
		return
	}
	last.piece.Text += " " + q.Text
}

// ellipsis ends a cut line with "…".
func (b *breaker) ellipsis(l *line, width float32) {
	for len(l.runs) > 0 {
		last := &l.runs[len(l.runs)-1]
		if last.piece.Icon != "" || last.piece.Link != nil {
			l.runs = l.runs[:len(l.runs)-1]
			continue
		}
		text := strings.TrimRight(last.piece.Text, " .,…")
		for {
			p := last.piece
			p.Text = text + "…"
			if w := b.measure(p); last.x+w <= width {
				last.piece.Text, last.w, l.width = p.Text, w, last.x+w
				return
			}
			_, n := utf8.DecodeLastRuneInString(text)
			if n == 0 {
				break
			}
			text = text[:len(text)-n]
		}
		l.runs = l.runs[:len(l.runs)-1]
	}
}
