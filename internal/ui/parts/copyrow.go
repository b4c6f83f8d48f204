package parts

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"entrada/internal/ui/theme"
)

// copiedFor is how long a button says that it copied.
const copiedFor = 1500 * time.Millisecond

// NewCopyButton returns a small button that copies a text and says so for a
// moment; value is asked when it is pressed.
func NewCopyButton(label string, value func() string) *Button {
	return copies(Small(label, nil), value)
}

// copies lets a button copy.
func copies(b *Button, value func() string) *Button {
	label, stop := b.Label(), func() {}
	b.SetAction(func() {
		fyne.CurrentApp().Clipboard().SetContent(value())
		stop()
		b.SetLabel("Copied")
		stop = After(copiedFor, func() { b.SetLabel(label) })
	})
	return b
}

// CopyRow is a value to copy into the portal, what it means, and the button
// that copies it.
type CopyRow struct {
	composed
	value  string
	button *Button
}

// NewCopyRow returns the row. meaning may be empty.
func NewCopyRow(value, meaning string) *CopyRow {
	r := &CopyRow{value: value}
	r.button = copies(quiet("Copy", nil).SetSpoken("Copy "+value), func() string { return r.value })
	m := Caption(meaning)
	m.style.Align = fyne.TextAlignTrailing
	p := NewPanel(theme.ColorNameSurface, theme.ColorNameBorder, 0, nil)
	p.inner = container.New(copyRowLayout{meaning != ""}, Mono(value), m, Line(), r.button)
	r.build(r, p)
	return r
}

// Button is what gets the focus.
func (r *CopyRow) Button() *Button { return r.button }

// copyRowLayout gives the value what it needs, the meaning what is left, and
// puts the meaning below where that is too little.
type copyRowLayout struct{ meant bool }

const copyLeast = 36 // the height of a row of one line

// copyLabelWidth keeps the width of the button the same for both its labels,
// so that nothing moves when it is pressed.
func copyLabelWidth() float32 {
	copied, _ := textSize("Copied", theme.TextSize, fyne.TextStyle{})
	return ceil(copied.Width) + 6*theme.Step
}

func (l copyRowLayout) split(o []fyne.CanvasObject, width float32) (value, meaning float32, below bool) {
	room := width - copyLabelWidth() - 1 - 5*theme.Step
	natural := o[0].(*Text).Natural()
	if !l.meant {
		return room, 0, false
	}
	rest := room - natural - 3*theme.Step
	if rest < min(110, o[1].(*Text).Natural()) {
		return room, room, true
	}
	return natural, rest, false
}

func (l copyRowLayout) heights(o []fyne.CanvasObject, width float32) (value, meaning, row float32) {
	vw, mw, below := l.split(o, width)
	value = HeightFor(o[0], vw)
	if l.meant {
		meaning = HeightFor(o[1], mw)
	}
	row = max(value, meaning)
	if below {
		row = value + meaning
	}
	return value, meaning, max(copyLeast, row+2*theme.Step)
}

func (l copyRowLayout) HeightFor(o []fyne.CanvasObject, width float32) float32 {
	_, _, h := l.heights(o, width)
	return h
}

func (l copyRowLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	var w float32
	if line := o[2].Position().X; line > 0 {
		w = line + 1 + copyLabelWidth()
	} else {
		w = 400
	}
	return fyne.NewSize(200, l.HeightFor(o, w))
}

func (l copyRowLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	vw, mw, below := l.split(o, size.Width)
	vh, mh, _ := l.heights(o, size.Width)
	bw, left := copyLabelWidth(), 2.5*theme.Step
	o[0].Resize(fyne.NewSize(vw, vh))
	o[1].Resize(fyne.NewSize(mw, mh))
	text := o[1].(*Text)
	if below {
		text.setAlign(fyne.TextAlignLeading)
		top := (size.Height - vh - mh) / 2
		o[0].Move(fyne.NewPos(left, top))
		o[1].Move(fyne.NewPos(left, top+vh))
	} else {
		text.setAlign(fyne.TextAlignTrailing)
		o[0].Move(fyne.NewPos(left, (size.Height-vh)/2))
		o[1].Move(fyne.NewPos(left+vw+3*theme.Step, (size.Height-mh)/2))
	}
	o[2].Resize(fyne.NewSize(1, size.Height))
	o[2].Move(fyne.NewPos(size.Width-bw-1, 0))
	o[3].Resize(fyne.NewSize(bw, size.Height))
	o[3].Move(fyne.NewPos(size.Width-bw, 0))
}
