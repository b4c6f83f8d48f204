package parts

import (
	"image/color"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

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
	Secret      bool   // shown as dots; the button pastes while it is empty, then shows while it is held
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
	line   *Text
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
		f.button = holding(quiet("Paste", f.pasteSecret).SetSpoken("Paste "+opt.Label), f.reveal)
	case opt.Paste:
		f.button = quiet("Paste", f.paste).SetSpoken("Paste " + opt.Label)
	}
	f.frame = &fieldFrame{f: f}
	f.frame.ExtendBaseWidget(f.frame)
	f.newEntry("")
	label := Strong(opt.Label)
	f.build(f, Column(1.5*theme.Step, label, f.frame, f.line))
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
		f.nameButton()
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
	f.frame.Refresh()
}

// SetStatus says below the field how the value stands; text may hold **bold**
// words and wraps. An empty text falls back to the hint.
func (f *Field) SetStatus(s Status, text string) {
	if text == "" {
		text = f.opt.Hint
	}
	f.status, f.said = s, strings.ReplaceAll(text, "**", "")
	var pieces []Piece
	if icon := s.icon(); icon != "" && text != "" {
		pieces = append(pieces, Piece{Icon: icon}, Piece{Text: " "})
	}
	f.line.style.Color = s.color()
	f.line.Hidden = text == ""
	f.line.SetPieces(append(pieces, Words(text)...)...)
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
	f.nameButton()
	if had {
		c.Focus(f.entry)
	}
	f.SetStatus(StatusNeutral, "")
	if f.opt.Changed != nil {
		f.opt.Changed("")
	}
}

// pasteSecret is what the button of a secret does when pressed: with nothing in
// the field there is nothing to show.
func (f *Field) pasteSecret() {
	if f.entry.Text == "" {
		f.paste()
	}
}

// reveal shows the secret for as long as its button is held down.
func (f *Field) reveal(on bool) {
	f.entry.Password = !on || f.entry.Text == ""
	f.entry.Refresh()
}

func (f *Field) nameButton() {
	if !f.opt.Secret {
		return
	}
	label := "Show" // for as long as it is held down
	if f.entry.Text == "" {
		label = "Paste"
		f.entry.Password = true
	}
	if f.button.Label() != label {
		f.button.SetLabel(label)
		f.button.SetSpoken(label + " " + f.opt.Label)
		f.frame.refit()
	}
}

// lineEnds turns what a copied table cell ends with into a space, as typing it
// would.
var lineEnds = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")

func (f *Field) paste() {
	text := fyne.CurrentApp().Clipboard().Content()
	if text == "" {
		return
	}
	if f.opt.Rows <= 1 {
		text = lineEnds.Replace(text)
	}
	f.entry.SetText(text)
	if f.opt.Rows <= 1 {
		f.entry.CursorColumn = utf8.RuneCountInString(text) // typing goes on behind it
		f.entry.Refresh()
	}
	if c := canvasOf(f.entry); c != nil {
		c.Focus(f.entry)
	}
}

// fieldFrame is the frame around the text field and its button.
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
	fr.renderer = &frameRenderer{fr: fr, ground: &canvas.Rectangle{}, bar: &canvas.Rectangle{}, wheel: newWheel()}
	fr.renderer.fill()
	fr.renderer.paint()
	return fr.renderer
}

type frameRenderer struct {
	fr          *fieldFrame
	ground, bar *canvas.Rectangle
	wheel       *wheel
	objects     []fyne.CanvasObject
}

func (r *frameRenderer) fill() {
	r.objects = []fyne.CanvasObject{r.ground, r.fr.f.entry}
	if shown := r.fr.f.shown; shown != nil {
		r.objects[1] = shown
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
	return fyne.NewSize(w, r.height())
}

func (r *frameRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.wheel.Resize(size)
	w := size.Width
	if b := r.fr.f.button; b != nil {
		bw := b.MinSize().Width
		w -= bw + 1
		b.Resize(fyne.NewSize(bw, size.Height))
		b.Move(fyne.NewPos(w+1, 0))
		r.bar.Resize(fyne.NewSize(1, size.Height-2))
		r.bar.Move(fyne.NewPos(w, 1))
	}
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
}

func (r *frameRenderer) Refresh() {
	r.paint()
	r.ground.Refresh()
	r.bar.Refresh()
	canvas.Refresh(r.fr)
}
