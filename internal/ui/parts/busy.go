package parts

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/ui/theme"
)

// Busy says that something is under way, what is happening now, and offers to
// stop it.
type Busy struct {
	composed
	turn   *spinner
	text   *Text
	cancel *Button
}

// NewBusy returns the line; without cancel there is no button.
func NewBusy(text string, cancel func()) *Busy {
	b := &Busy{turn: newSpinner(), text: Body(text)}
	objects := []fyne.CanvasObject{b.turn, b.text}
	if cancel != nil {
		b.cancel = Small("Cancel", cancel)
		objects = append(objects, b.cancel)
	}
	b.build(b, Row(3*theme.Step, 1, objects...))
	return b
}

// SetText says what is happening now.
func (b *Busy) SetText(text string) {
	b.text.SetText(text)
	b.relayout()
}

// Cancel returns the button, nil if there is none.
func (b *Busy) Cancel() *Button { return b.cancel }

// Show shows the line.
func (b *Busy) Show() {
	if b.Visible() {
		return
	}
	b.composed.Show()
	b.turn.start()
	relayoutAround(b)
}

// Hide hides the line; what turns stands still, so that an idle window costs
// nothing.
func (b *Busy) Hide() {
	if !b.Visible() {
		return
	}
	b.turn.stop()
	if b.cancel != nil && b.cancel.focused {
		if c := canvasOf(b.cancel); c != nil {
			c.Unfocus()
		}
	}
	b.composed.Hide()
	relayoutAround(b)
}

// AccessibilityLabel says what is under way.
func (b *Busy) AccessibilityLabel() string { return "Busy: " + b.text.Plain() }

// AccessibilityRole says that this is text.
func (b *Busy) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// spinner is three dots of which one is filled, in turn. It changes twice a
// second and is still when it is not to be seen: Fyne's own redraws the window
// sixty times a second, also after its page has gone.
type spinner struct {
	widget.BaseWidget
	anim  *fyne.Animation
	phase int
	dots  [spinnerDots]*canvas.Circle
}

const (
	spinnerDots = 3
	spinnerSize = 5
	spinnerTurn = 1500 * time.Millisecond
)

func newSpinner() *spinner {
	s := &spinner{}
	for i := range s.dots {
		s.dots[i] = &canvas.Circle{}
	}
	s.ExtendBaseWidget(s)
	return s
}

func (s *spinner) start() {
	if s.anim != nil {
		return
	}
	s.anim = &fyne.Animation{Duration: spinnerTurn, RepeatCount: fyne.AnimationRepeatForever,
		Curve: fyne.AnimationLinear, Tick: s.tick}
	s.anim.Start()
}

func (s *spinner) stop() {
	if s.anim != nil {
		s.anim.Stop()
		s.anim = nil
	}
}

func (s *spinner) tick(at float32) {
	phase := min(int(at*spinnerDots), spinnerDots-1)
	if phase == s.phase {
		return
	}
	if canvasOf(s) != nil && !onScreen(s) {
		s.stop()
		return
	}
	s.phase = phase
	s.paint()
}

func (s *spinner) paint() {
	for i, d := range s.dots {
		name := theme.ColorNameBorder
		if i == s.phase {
			name = theme.ColorNamePrimary
		}
		d.FillColor = themeColor(s, name)
		d.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (s *spinner) CreateRenderer() fyne.WidgetRenderer {
	r := &spinnerRenderer{s: s}
	for _, d := range s.dots {
		r.objects = append(r.objects, d)
	}
	s.paint()
	s.start()
	return r
}

type spinnerRenderer struct {
	s       *spinner
	objects []fyne.CanvasObject
}

func (r *spinnerRenderer) Destroy()                     { r.s.stop() }
func (r *spinnerRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *spinnerRenderer) MinSize() fyne.Size           { return fyne.NewSize(spinnerDots*(spinnerSize+3), 20) }

func (r *spinnerRenderer) Layout(size fyne.Size) {
	for i, d := range r.s.dots {
		d.Resize(fyne.NewSquareSize(spinnerSize))
		d.Move(fyne.NewPos(float32(i)*(spinnerSize+3), (size.Height-spinnerSize)/2))
	}
}

func (r *spinnerRenderer) Refresh() { r.s.paint() }
