package parts

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"entrada/internal/ui/theme"
)

func TestEverythingThatCanBePressedTakesEnterAndSpace(t *testing.T) {
	n := 0
	do := func() { n++ }
	for name, p := range map[string]interface {
		fyne.Focusable
		fyne.CanvasObject
		fyne.Tappable
	}{
		"primary": Primary("P", do), "plain": Plain("P", do), "small": Small("P", do), "danger": Danger("P", do),
		"icon": IconButton(theme.IconCopy, "Copy", do), "link": NewLink("L", do),
		"card": NewCard("C", "text", true, do),
	} {
		d := show(t, p)
		d.w.Canvas().Focus(p)
		n = 0
		for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace} {
			d.key(key)
		}
		test.Tap(p)
		if n != 4 {
			t.Errorf("%s: pressed %d times of 4", name, n)
		}
	}
}

func TestADisabledButtonDoesNothingAndGivesUpTheFocus(t *testing.T) {
	n := 0
	b := Plain("Go", func() { n++ })
	d := show(t, b)
	d.w.Canvas().Focus(b)
	b.SetEnabled(false)
	if d.focused() == fyne.Focusable(b) {
		t.Error("a disabled button kept the focus")
	}
	test.Tap(b)
	b.Press()
	if n != 0 {
		t.Errorf("pressed %d times while disabled", n)
	}
}

// A key that is held down sends TypedKey again and again.
func TestAHeldKeyPressesOnce(t *testing.T) {
	n := 0
	b := Plain("Go", func() { n++ })
	d := show(t, b)
	d.w.Canvas().Focus(b)
	d.pressKey(fyne.KeyReturn)
	for range 20 {
		d.key(fyne.KeyReturn)
	}
	if n != 1 {
		t.Fatalf("a held Enter pressed %d times", n)
	}
	d.pressKey(fyne.KeySpace)
	if n != 2 {
		t.Fatalf("the next press did not count")
	}
}

func TestAHeldEnterDoesNotWalkThroughPages(t *testing.T) {
	d := newDesk(t, fyne.NewSize(1080, 720))
	shown := 0
	var page func() Page
	page = func() Page {
		shown++
		return Page{
			Title: "Page", Body: []fyne.CanvasObject{NewField(FieldOptions{Label: "Name"})},
			Primary: Action{Label: "Next", Do: func() { d.shell.ShowPage(page()) }},
		}
	}
	d.shell.ShowPage(page())
	d.pressKey(fyne.KeyReturn)
	for range 20 {
		d.key(fyne.KeyReturn)
	}
	if shown != 2 {
		t.Errorf("a held Enter showed %d pages, want 2", shown)
	}
}

// The second half of a double click on Next must not press the Next of the
// page that came up in between.
func TestAClickMeantForThePageBeforeIsIgnored(t *testing.T) {
	n := 0
	b := Plain("Go", func() { n++ })
	show(t, b)
	b.MouseDown(nil)
	b.Tapped(&fyne.PointEvent{})
	if n != 0 {
		t.Error("a click right after the page came up was taken")
	}
	changed = time.Now().Add(-time.Second)
	b.MouseDown(nil)
	b.Tapped(&fyne.PointEvent{})
	if n != 1 {
		t.Error("a later click was not taken")
	}
}

func TestTheRingShowsOnlyWithTheFocus(t *testing.T) {
	b := Plain("Go", nil)
	d := show(t, b)
	ring := func() bool { return !test.WidgetRenderer(b).(*pressRenderer).ring.Hidden }
	d.w.Canvas().Focus(b)
	if !ring() {
		t.Error("no ring with the focus")
	}
	d.w.Canvas().Unfocus()
	if ring() {
		t.Error("a ring without the focus")
	}
}

func TestEscAndF1ReachThePageFromAnywhere(t *testing.T) {
	field := NewField(FieldOptions{Label: "Name"})
	text := NewField(FieldOptions{Label: "Text", Rows: 4})
	button := Plain("Go", nil)
	choices := NewRadioList("One of", []Choice{{Title: "a"}, {Title: "b"}}, 0, nil)
	read := Selectable("read me")
	d := newDesk(t, fyne.NewSize(1080, 720))
	esc, help := 0, 0
	d.shell.ShowPage(Page{
		Title: "Page", Body: []fyne.CanvasObject{field, text, button, choices, read},
		Cancel: func() { esc++ }, Help: func() { help++ },
	})
	all := []fyne.Focusable{field.Entry(), text.Entry(), button, choices, read.entry, nil}
	for _, f := range all {
		d.w.Canvas().Unfocus()
		if f != nil {
			d.w.Canvas().Focus(f)
		}
		d.key(fyne.KeyEscape)
		d.key(fyne.KeyF1)
	}
	if esc != len(all) || help != len(all) {
		t.Errorf("Esc arrived %d times and F1 %d times of %d", esc, help, len(all))
	}
}
