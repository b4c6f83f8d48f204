package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"entrada/internal/ui/theme"
)

// SelectableText is text to mark and copy: an address, an error's details.
type SelectableText struct {
	composed
	entry *reader
	words *Text
}

// Selectable returns text that can be marked and copied, and not changed.
func Selectable(text string) *SelectableText {
	s := &SelectableText{entry: newReader(text)}
	s.words = NewText(Style{Size: theme.TextSize, Color: theme.ColorNameText, Mono: true}, Piece{Text: text})
	panel := NewPanel(theme.ColorNameSurface, theme.ColorNameBorder, 0, nil)
	panel.inner = container.New(selectableLayout{s.words}, s.entry)
	s.build(s, panel)
	return s
}

// Text returns the text.
func (s *SelectableText) Text() string { return s.entry.Text }

// selectableLayout takes the height from a text that is never shown, since
// Fyne's text field does not know its own. A line more than that scrolls.
type selectableLayout struct{ words *Text }

const selectablePad = 4 * theme.Step

func (l selectableLayout) HeightFor(_ []fyne.CanvasObject, width float32) float32 {
	return l.words.HeightFor(max(0, width-selectablePad)) + selectablePad
}

func (l selectableLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	w := o[0].Size().Width
	if w == 0 {
		w = 300
	}
	return fyne.NewSize(narrowest+selectablePad, l.HeightFor(o, w))
}

func (l selectableLayout) Layout(o []fyne.CanvasObject, size fyne.Size) { o[0].Resize(size) }

// reader is a text field that only lets read, mark and copy.
type reader struct{ entry }

func newReader(text string) *reader {
	r := &reader{}
	r.MultiLine = true
	r.Wrapping = fyne.TextWrapWord
	r.TextStyle.Monospace = true
	r.Text = text
	r.spoken = func() string { return r.Text }
	r.extend(r)
	return r
}

// TypedRune changes nothing.
func (r *reader) TypedRune(rune) {}

// TypedKey moves the cursor and hands on what would change the text.
func (r *reader) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyTab:
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyEscape, fyne.KeyF1:
		passKey(r, ev)
	default:
		r.entry.TypedKey(ev)
	}
}

// TypedShortcut copies and marks; cutting and pasting do nothing.
func (r *reader) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutSelectAll:
		r.Entry.TypedShortcut(s)
	case *desktop.CustomShortcut:
		switch {
		case isPageShortcut(s):
			passShortcut(r, s)
		case s.KeyName != fyne.KeyBackspace && s.KeyName != fyne.KeyDelete:
			r.Entry.TypedShortcut(s)
		}
	}
}

// TappedSecondary does nothing: Fyne's menu would offer to cut and paste.
func (r *reader) TappedSecondary(*fyne.PointEvent) {}
