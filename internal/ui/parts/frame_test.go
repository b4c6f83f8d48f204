package parts

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// The steps are set before the window has a size, and change while it has one.
func TestTheCurrentStepIsInView(t *testing.T) {
	show(t, Room(1, 1)) // an application, for the fonts
	steps := func(current int) RailGroup {
		g := RailGroup{Title: "All"}
		for i := range 16 {
			s := RailStep{Label: fmt.Sprintf("Step %d", i+1), State: StepDone}
			if i+1 == current {
				s.State = StepCurrent
			}
			g.Steps = append(g.Steps, s)
		}
		return g
	}
	r := NewRail("Entrada")
	inView := func(current int) {
		t.Helper()
		row := r.list.Objects[current+1] // below the head and the group's title
		top, bottom := row.Position().Y-r.scroll.Offset.Y, row.Position().Y+row.Size().Height-r.scroll.Offset.Y
		if top < 0 || bottom > r.scroll.Size().Height || row.Size().Height == 0 {
			t.Errorf("step %d is from %v to %v in a rail %v high", current, top, bottom, r.scroll.Size().Height)
		}
	}
	r.Set("for OxfordIQ", steps(14))
	r.Resize(fyne.NewSize(RailWidth, 420))
	inView(14)
	r.Set("for OxfordIQ", steps(2))
	inView(2)
	r.Set("for OxfordIQ", steps(16))
	inView(16)
	// Whoever scrolls back sees what they scrolled to.
	r.scroll.ScrollToTop()
	r.Resize(fyne.NewSize(RailWidth, 400))
	if r.scroll.Offset.Y != 0 {
		t.Error("it scrolled by itself")
	}
}

// No button of the footer may lie on another, however narrow the window is.
func TestTheFooterNeverOverlaps(t *testing.T) {
	do := func() {}
	show(t, Room(1, 1))
	f := newFooter()
	for name, p := range map[string]Page{
		"two routes": {Back: do, Others: []Action{{Label: "Save and close", Do: do}, {Label: "Do it for me", Do: do}},
			Primary: Action{Label: "Show me how", Do: do}},
		"with links": {Back: do,
			Links:   []Action{{Label: "Show me how instead", Do: do}, {Label: "Take it back", Do: do}},
			Others:  []Action{{Label: "Save and close", Do: do}},
			Primary: Action{Label: "Save behind the passphrase", Do: do}},
		"alone": {Primary: Action{Label: "Close", Do: do}},
	} {
		f.set(p)
		for width := float32(480); width < 1100; width += 20 {
			f.Resize(fyne.NewSize(width, f.HeightFor(width)))
			if f.HeightFor(width) > 130 {
				t.Errorf("%s at %v: the footer is %v high", name, width, f.HeightFor(width))
			}
			all := append(f.left(), f.right()...)
			for i, a := range all {
				if p, s := a.Position(), a.Size(); p.X < 0 || p.X+s.Width > width || p.Y+s.Height > f.Size().Height {
					t.Errorf("%s at %v: a button from %v of size %v", name, width, p, s)
				}
				for _, b := range all[i+1:] {
					if overlap(a, b) {
						t.Errorf("%s at %v: buttons lie on each other", name, width)
					}
				}
			}
		}
	}
}

func overlap(a, b fyne.CanvasObject) bool {
	p, q, s, r := a.Position(), b.Position(), a.Size(), b.Size()
	return p.X < q.X+r.Width && q.X < p.X+s.Width && p.Y < q.Y+r.Height && q.Y < p.Y+s.Height
}

// The wheel moves the page wherever the pointer is, over a text field as well;
// a text of several lines keeps it.
func TestTheWheelMovesThePage(t *testing.T) {
	d := newDesk(t, fyne.NewSize(900, 420))
	field := NewField(FieldOptions{Label: "Mailbox", Paste: true})
	lines := NewField(FieldOptions{Label: "Text", Rows: 3})
	d.shell.ShowPage(Page{Title: "Page", Body: []fyne.CanvasObject{field, lines, Room(1, 2000)}})
	notch := func(at fyne.Position) int {
		before := d.shell.content.Offset.Y
		test.Scroll(d.w.Canvas(), at, 0, -25)
		return int(d.shell.content.Offset.Y - before + 0.5)
	}
	turn := func(over fyne.CanvasObject) int {
		return notch(fyne.CurrentApp().Driver().AbsolutePositionForObject(over).Add(fyne.NewPos(20, 10)))
	}
	if got := turn(field.entry); got != 60 {
		t.Errorf("over a field the page moved %v", got)
	}
	if got := notch(fyne.NewPos(600, 380)); got != 60 {
		t.Errorf("over the page it moved %v", got)
	}
	if got := turn(lines.entry); got != 0 {
		t.Errorf("over a text of several lines the page moved %v", got)
	}
	d.shell.content.ScrollToTop()
	// What lies over the field is in the way of nothing else.
	test.TapCanvas(d.w.Canvas(),
		fyne.CurrentApp().Driver().AbsolutePositionForObject(field.entry).Add(fyne.NewPos(20, 10)))
	if d.w.Canvas().Focused() != field.Entry() {
		t.Error("a click does not reach the field")
	}
	inside := NewField(FieldOptions{Label: "Here"})
	dialog := NewDialog(
		DialogOptions{Title: "A question", Body: Column(4, inside, Room(1, 2000)),
			Primary: Action{Label: "OK", Do: func() {}}})
	dialog.Open(d.w.Canvas())
	if got := turn(inside.entry); got != 0 || int(dialog.scroll.Offset.Y+0.5) != 60 {
		t.Errorf("in a dialog the page moved %v, the dialog %v", got, dialog.scroll.Offset.Y)
	}
}
