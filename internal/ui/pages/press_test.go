package pages

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/ui/parts"
)

// pressable is a button, a link, a card, a line of a list: what a person can click
// and knows by its words.
type pressable interface {
	fyne.Widget
	fyne.Tappable
	fyne.Accessible
}

// press clicks what is called that, and fails where no person could: it has to be
// drawn, enabled, within the window, and below nothing else.
func (r *rig) press(label string) {
	r.t.Helper()
	if err := r.tryPress(label); err != nil {
		r.t.Fatalf("%q: %v; what is to be read:\n%s", r.window.Title(), err, texts(r))
	}
}

// pressPrimary clicks the blue button, whatever it is called.
func (r *rig) pressPrimary() {
	r.t.Helper()
	r.pressPart(r.shell.Primary())
}

func (r *rig) pressPart(part pressable) {
	r.t.Helper()
	if err := r.click(part); err != nil {
		r.t.Fatalf("%q: %v; what is to be read:\n%s", r.window.Title(), err, texts(r))
	}
}

func (r *rig) tryPress(label string) error {
	part, err := r.called(label)
	if err != nil {
		return err
	}
	return r.click(part)
}

// click fails where no person could click.
func (r *rig) click(part pressable) error {
	label := part.AccessibilityLabel()
	if d, ok := part.(fyne.Disableable); ok && d.Disabled() {
		return fmt.Errorf("%q is disabled", label)
	}
	canvas := r.window.Canvas()
	at, inSight := r.seen(part)
	if f, ok := part.(fyne.Focusable); ok && !inSight {
		canvas.Unfocus()
		canvas.Focus(f) // the page scrolls to it, as it does for Tab
		at, inSight = r.seen(part)
	}
	if !inSight {
		return fmt.Errorf("%q is outside of the window, at %v", label, at)
	}
	if above := r.topmost(at); above != part {
		return fmt.Errorf("%q is below something else, a %T", label, above)
	}
	test.TapCanvas(canvas, at)
	return nil
}

// called finds what can be pressed by its words, or by those that a screen reader
// says: alone, or before a sentence.
func (r *rig) called(label string) (pressable, error) {
	var found []pressable
	for _, d := range r.drawn() {
		part, ok := d.object.(pressable)
		if !ok {
			continue
		}
		spoken := part.AccessibilityLabel()
		shown, _ := part.(interface{ Label() string })
		if spoken == label || strings.HasPrefix(spoken, label+". ") || shown != nil && shown.Label() == label {
			found = append(found, part)
		}
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("there is no %q to press", label)
	case 1:
		return found[0], nil
	}
	return nil, fmt.Errorf("%d things are called %q", len(found), label)
}

// seen says where the middle of a part is, and whether it is in sight.
func (r *rig) seen(part fyne.CanvasObject) (middle fyne.Position, inSight bool) {
	for _, d := range r.drawn() {
		if d.object == part {
			middle = d.at.AddXY(part.Size().Width/2, part.Size().Height/2)
			return middle, d.sight.holds(middle)
		}
	}
	return middle, false
}

// topmost is what a click at a place arrives at.
func (r *rig) topmost(at fyne.Position) (top fyne.CanvasObject) {
	for _, d := range r.drawn() {
		if _, ok := d.object.(fyne.Tappable); !ok {
			continue
		}
		if d.sight.holds(at) && (area{d.at, d.object.Size()}).holds(at) {
			top = d.object // what is drawn later lies above
		}
	}
	return top
}

// drawing is something drawn: where, and through which part of the window it can
// be seen.
type drawing struct {
	object fyne.CanvasObject
	at     fyne.Position
	sight  area
}

type area struct {
	at   fyne.Position
	size fyne.Size
}

func (a area) holds(p fyne.Position) bool {
	return p.X >= a.at.X && p.Y >= a.at.Y && p.X < a.at.X+a.size.Width && p.Y < a.at.Y+a.size.Height
}

func (a area) within(b area) area {
	x, y := max(a.at.X, b.at.X), max(a.at.Y, b.at.Y)
	return area{fyne.NewPos(x, y), fyne.NewSize(
		max(0, min(a.at.X+a.size.Width, b.at.X+b.size.Width)-x),
		max(0, min(a.at.Y+a.size.Height, b.at.Y+b.size.Height)-y))}
}

// drawn lists what the window shows, from the ground up: the dialog or the menu
// in front, if there is one, and else the page.
func (r *rig) drawn() (all []drawing) {
	canvas := r.window.Canvas()
	top := canvas.Content()
	if over := canvas.Overlays().Top(); over != nil {
		top = over
	}
	var walk func(o fyne.CanvasObject, ground fyne.Position, sight area)
	walk = func(o fyne.CanvasObject, ground fyne.Position, sight area) {
		if !o.Visible() {
			return
		}
		at := ground.Add(o.Position())
		all = append(all, drawing{o, at, sight})
		if _, scrolls := o.(fyne.Scrollable); scrolls {
			sight = sight.within(area{at, o.Size()})
		}
		var inside []fyne.CanvasObject
		switch o := o.(type) {
		case *fyne.Container:
			inside = o.Objects
		case fyne.Widget:
			inside = test.WidgetRenderer(o).Objects()
		}
		for _, child := range inside {
			walk(child, at, sight)
		}
	}
	walk(top, fyne.Position{}, area{size: canvas.Size()})
	return all
}

// TestOnlyWhatAPersonCouldPressIsPressed holds the harness itself to account.
func TestOnlyWhatAPersonCouldPressIsPressed(t *testing.T) {
	r := newRig(t, large(), fynetheme.VariantLight)
	pressed := ""
	act := func(label string) parts.Action {
		return parts.Action{Label: label, Do: func() { pressed = label }}
	}
	disabled := act("Disabled")
	disabled.Disabled = true
	hidden := parts.Plain("Hidden", act("Hidden").Do)
	hidden.Hide()
	inHidden := container.NewVBox(parts.Plain("In hidden", act("In hidden").Do))
	inHidden.Hide()
	var tall []fyne.CanvasObject
	for range 60 {
		tall = append(tall, widget.NewLabel("a line"))
	}
	page := parts.Page{
		Title: "A page", Links: []parts.Action{act("Link")}, Others: []parts.Action{disabled, act("Other")},
		Primary: act("Primary"),
		Body: []fyne.CanvasObject{
			hidden, inHidden, parts.Plain("Twice", nil), parts.Plain("Twice", nil), container.NewVBox(tall...),
			parts.Plain("Far below", act("Far below").Do),
		},
	}
	reason := func(label string) string {
		pressed = ""
		err := r.tryPress(label)
		if err != nil && pressed != "" {
			t.Errorf("%q was pressed in spite of it: %v", label, err)
		}
		if err == nil && pressed != label {
			err = errors.New("nothing happened")
		}
		return fmt.Sprint(err)
	}
	r.shell.ShowPage(page)
	for label, want := range map[string]string{
		"Primary": "<nil>", "Other": "<nil>", "Link": "<nil>", "Far below": "<nil>",
		"Disabled": `"Disabled" is disabled`, "Hidden": `there is no "Hidden" to press`,
		"In hidden": `there is no "In hidden" to press`, "Twice": `2 things are called "Twice"`,
	} {
		if got := reason(label); got != want {
			t.Errorf("%q: %s; want %s", label, got, want)
		}
	}

	// Buttons that leave each other no room.
	page.Others = append(page.Others, act(strings.Repeat("wide ", 60)))
	r.shell.ShowPage(page)
	if got := reason("Other"); !strings.HasPrefix(got, `"Other" is outside of the window`) {
		t.Error(got)
	}

	// What is in front takes the click, and a dialog keeps all of them.
	page.Others = page.Others[:2]
	r.shell.ShowPage(page)
	r.window.SetContent(container.NewStack(r.shell, widget.NewButton("Above", nil)))
	if got := reason("Primary"); got != `"Primary" is below something else, a *widget.Button` {
		t.Error(got)
	}
	r.window.SetContent(r.shell)
	parts.NewDialog(parts.DialogOptions{Title: "A question", Primary: act("Yes")}).Open(r.window.Canvas())
	if got := reason("Primary"); got != `there is no "Primary" to press` {
		t.Error(got)
	}
	if got := reason("Yes"); got != "<nil>" {
		t.Error(got)
	}
}
