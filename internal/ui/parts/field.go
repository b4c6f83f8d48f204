package parts

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"entrada/internal/markup"
	"entrada/internal/ui/theme"
)

// Status says how a value stands.
type Status int

// The statuses of a field.
const (
	StatusNeutral Status = iota
	StatusGood
	StatusBad
	StatusWarn
	StatusBusy // being checked
)

func (s Status) color() fyne.ThemeColorName {
	switch s {
	case StatusGood:
		return theme.ColorNameSuccess
	case StatusBad:
		return theme.ColorNameDanger
	case StatusWarn:
		return theme.ColorNameWarning
	}
	return theme.ColorNameMuted
}

func (s Status) icon() theme.Icon {
	switch s {
	case StatusGood:
		return theme.IconCheck
	case StatusBad:
		return theme.IconCross
	case StatusWarn:
		return theme.IconWarning
	case StatusBusy:
		return theme.IconEllipsis
	}
	return ""
}

// FieldOptions says what a field is for.
type FieldOptions struct {
	Label       string
	Placeholder string
	Hint        string // the status line while nothing else is known
	Mono        bool   // a value to be copied and pasted rather than words
	Secret      bool   // shown as dots; a second button shows it while it is held
	Paste       bool   // has a Paste button
	Rows        int    // more than 1 for a text of several lines
	// Change puts a button with this label at the right instead; the value is
	// then read-only and OnChange is called.
	Change   string
	OnChange func()
	// Changed is called with every new value, typed or pasted.
	Changed func(string)
	// Submit is called on Enter; without it Enter is the page's primary action.
	Submit func()
}

// Field is a label, a text field with a button at its right, and a line below
// that says how the value stands.
type Field struct {
	composed
	opt    FieldOptions
	entry  *entry
	shown  *Text // in place of the entry where the value cannot be typed
	frame  *fieldFrame
	button *Button
	show   *Button // beside it, with a secret in the field
	line   *Text
	offers *fyne.Container
	status Status
	said   string

	focused bool // the keyboard is in the text field
}

// NewField returns a field.
func NewField(opt FieldOptions) *Field {
	f := &Field{opt: opt}
	f.line = NewText(Style{Size: theme.TextSize - 1, Color: theme.ColorNameMuted})
	switch {
	case opt.Change != "":
		f.shown = NewText(Style{Size: theme.TextSize, Color: theme.ColorNameText, Mono: opt.Mono, MaxLines: 1})
		f.button = quiet(opt.Change, opt.OnChange).SetSpoken(opt.Change + ": " + opt.Label)
	case opt.Secret:
		f.button = quiet("Paste", f.paste).SetSpoken("Paste " + opt.Label)
		f.show = holding(quiet("Show", nil).SetSpoken("Show "+opt.Label+" while held"), f.reveal)
		f.show.Hide()
	case opt.Paste:
		f.button = quiet("Paste", f.paste).SetSpoken("Paste " + opt.Label)
	}
	f.frame = &fieldFrame{f: f}
	f.frame.ExtendBaseWidget(f.frame)
	f.newEntry("")
	label := Strong(opt.Label)
	f.offers = Wrap(5 * theme.Step)
	f.offers.Hide()
	f.build(f, Column(1.5*theme.Step, label, f.frame, f.line, f.offers))
	if opt.Label == "" {
		label.Hide()
	}
	f.SetStatus(StatusNeutral, opt.Hint)
	return f
}

func (f *Field) newEntry(text string) {
	if f.opt.Rows > 1 {
		f.entry = newMultiline(f.opt.Rows)
	} else {
		f.entry = newEntry(f.opt.Secret, f.opt.Mono || f.opt.Secret)
	}
	f.entry.PlaceHolder = f.opt.Placeholder
	f.entry.Text = text
	f.entry.spoken, f.entry.around = f.spoken, f
	f.entry.onFocus = func(on bool) {
		f.focused = on
		f.frame.Refresh()
	}
	if f.opt.Submit != nil {
		f.entry.onSubmit = func() bool { f.opt.Submit(); return true }
	}
	f.entry.OnChanged = func(s string) {
		f.offerToShow()
		if f.opt.Changed != nil {
			f.opt.Changed(s)
		}
	}
}

func (f *Field) spoken() string {
	s := f.opt.Label
	if f.said != "" {
		s += ". " + f.said
	}
	return s
}

// Label returns the words above the field.
func (f *Field) Label() string { return f.opt.Label }

// Text returns the value as it stands in the field, spaces and all.
func (f *Field) Text() string { return f.entry.Text }

// SetText sets the value. Changed is called as if it had been typed.
func (f *Field) SetText(s string) {
	f.entry.SetText(s)
	if f.shown != nil {
		f.shown.SetPieces(Piece{Text: s})
	}
}

// Entry is what gets the focus: for [Page.First].
func (f *Field) Entry() fyne.Focusable {
	if f.shown != nil {
		return f.button
	}
	return f.entry
}

// SetEnabled makes the value editable or not.
func (f *Field) SetEnabled(on bool) {
	if on {
		f.entry.Enable()
	} else {
		f.entry.Disable()
	}
	if f.button != nil && f.opt.Change == "" {
		f.button.SetEnabled(on)
	}
	if f.show != nil {
		f.show.SetEnabled(on)
	}
	f.frame.Refresh()
}

// SetStatus says below the field how the value stands; text may hold **bold**
// words and wraps. An empty text falls back to the hint. What can be done about it
// stands below, until the next status.
func (f *Field) SetStatus(s Status, text string, offers ...Action) {
	if text == "" {
		text = f.opt.Hint
	}
	f.status, f.said = s, markup.Plain(text)
	var pieces []Piece
	if icon := s.icon(); icon != "" && text != "" {
		pieces = append(pieces, Piece{Icon: icon}, Piece{Text: " "})
	}
	f.line.style.Color = s.color()
	f.line.Hidden = text == ""
	f.line.SetPieces(append(pieces, Words(text)...)...)
	f.offers.Objects, f.offers.Hidden = nil, len(offers) == 0
	for _, a := range offers {
		f.offers.Objects = append(f.offers.Objects, ActionLink(a).WithIcon(theme.IconArrow))
	}
	f.frame.Refresh()
	f.relayout()
}

// Status returns how the value stands and what the line below says.
func (f *Field) Status() (Status, string) { return f.status, f.said }

// Wipe empties the field and forgets the undo history, which would still hold
// a secret: the text field is replaced by a new one. What Go and the clipboard
// keep is beyond reach.
func (f *Field) Wipe() {
	c := canvasOf(f.entry)
	had := c != nil && c.Focused() == fyne.Focusable(f.entry)
	if had {
		c.Unfocus()
	}
	old := f.entry
	old.OnChanged, old.onFocus = nil, nil
	f.focused = false
	old.SetText("")
	f.newEntry("")
	f.frame.refit()
	f.offerToShow()
	if had {
		c.Focus(f.entry)
	}
	f.SetStatus(StatusNeutral, "")
	if f.opt.Changed != nil {
		f.opt.Changed("")
	}
}

// reveal shows the secret for as long as its button is held down.
func (f *Field) reveal(on bool) {
	f.entry.Password = !on || f.entry.Text == ""
	f.entry.Refresh()
}

// offerToShow has the button that shows a secret where there is one.
func (f *Field) offerToShow() {
	if f.show == nil || f.show.Visible() == (f.entry.Text != "") {
		return
	}
	if f.entry.Text == "" {
		f.entry.Password = true
		f.show.Hide()
	} else {
		f.show.Show()
	}
	f.frame.refit()
}

// Replace gives the field the keyboard with all of its text selected, so that
// what is typed or pasted next takes its place.
func (f *Field) Replace() {
	if c := canvasOf(f.entry); c != nil {
		c.Focus(f.entry)
	}
	f.entry.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// Demand says that the field has to be looked at before anybody goes on, and gives
// it the keyboard. What is wrong with it already stays said.
func (f *Field) Demand(words string) {
	if f.status != StatusBad {
		f.SetStatus(StatusBad, words)
	}
	f.Replace()
}

// lineEnds turns what a copied table cell ends with into a space, as typing it
// would.
var lineEnds = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")

func (f *Field) paste() {
	text := fyne.CurrentApp().Clipboard().Content()
	if text == "" {
		return
	}
	if f.opt.Rows > 1 {
		f.Replace() // as by the keyboard, so that its end is in view
		f.entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()})
		return
	}
	text = lineEnds.Replace(text)
	f.entry.SetText(text)
	f.entry.CursorColumn = utf8.RuneCountInString(text) // typing goes on behind it
	f.entry.Refresh()
	if c := canvasOf(f.entry); c != nil {
		c.Focus(f.entry)
	}
}
