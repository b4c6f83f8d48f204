package parts

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestCardsAreChosenByKeyboard(t *testing.T) {
	var got []int
	c := NewChoiceCards("Way", []Choice{{Title: "A"}, {Title: "B", Disabled: true}, {Title: "C"}}, -1,
		func(i int) { got = append(got, i) })
	d := newDesk(t, fyne.NewSize(1080, 720))
	next := 0
	d.shell.ShowPage(
		Page{Title: "P", Body: []fyne.CanvasObject{c}, Primary: Action{Label: "Next", Do: func() { next++ }}})
	if d.focused() != fyne.Focusable(c) {
		t.Fatal("the group has not the focus")
	}
	d.key(fyne.KeyDown) // over what is disabled
	d.key(fyne.KeySpace)
	if c.Chosen() != 2 {
		t.Fatalf("chosen is %d", c.Chosen())
	}
	if label := c.AccessibilityLabel(); label != "Way: C, chosen, 3 of 3" {
		t.Errorf("said %q", label)
	}
	d.key(fyne.KeyDown)
	d.key(fyne.KeyUp)
	if c.Chosen() != 2 {
		t.Error("an arrow key chose")
	}
	d.key(fyne.KeyReturn)
	if c.Chosen() != 0 || next != 0 {
		t.Errorf("Enter: chosen %d, next %d", c.Chosen(), next)
	}
	d.key(fyne.KeyReturn)
	if next != 1 {
		t.Error("Enter on what is chosen did not go on")
	}
	test.Tap(c.items[1])
	test.Tap(c.items[2])
	if fmt.Sprint(got) != "[2 0 2]" {
		t.Errorf("told %v", got)
	}
	d.tab()
	if d.label() != "Next" {
		t.Errorf("the group is more than one stop: %q", d.label())
	}
}

func TestBoxesAreTickedOneByOne(t *testing.T) {
	told := ""
	c := NewCheckList("Features", []Choice{{Title: "A"}, {Title: "B"}}, []bool{true},
		func(i int, on bool) { told += fmt.Sprint(i, on, ";") })
	d := show(t, c)
	d.key(fyne.KeySpace)
	d.key(fyne.KeyDown)
	d.key(fyne.KeySpace)
	if told != "0 false;1 true;" || fmt.Sprint(c.Ticked()) != "[false true]" {
		t.Errorf("told %q, ticked %v", told, c.Ticked())
	}
	on := false
	box := NewCheckBox("I am sure", false, func(b bool) { on = b })
	test.Tap(box.items[0])
	if !on {
		t.Error("the box was not ticked")
	}
}

func TestSelectByKeyboard(t *testing.T) {
	got := -1
	s := NewSelect("Cloud", []string{"Worldwide", "US Government"}, -1, func(i int) { got = i })
	d := show(t, s)
	if s.AccessibilityLabel() != "Cloud: Choose…" {
		t.Errorf("said %q", s.AccessibilityLabel())
	}
	d.key(fyne.KeyReturn)
	if d.w.Canvas().Overlays().Top() == nil {
		t.Fatal("Enter opened no menu")
	}
	d.key(fyne.KeyDown)
	d.key(fyne.KeyReturn)
	if got != 1 || s.Chosen() != 1 || d.w.Canvas().Overlays().Top() != nil {
		t.Errorf("chose %d, menu open %v", got, d.w.Canvas().Overlays().Top() != nil)
	}
	if d.focused() != fyne.Focusable(s) {
		t.Error("the focus did not come back")
	}
	d.key(fyne.KeyLeft)
	if s.Chosen() != 0 {
		t.Error("Left did not change")
	}
}

func TestMenuButton(t *testing.T) {
	got := ""
	b := MenuButton("More for OxfordIQ", Action{Label: "Export", Do: func() { got = "Export" }},
		Action{Label: "Remove", Do: func() { got = "Remove" }})
	d := show(t, b)
	if d.label() != "More for OxfordIQ" {
		t.Errorf("said %q", d.label())
	}
	d.key(fyne.KeyReturn)
	d.key(fyne.KeyEscape)
	if d.w.Canvas().Overlays().Top() != nil || got != "" {
		t.Fatal("Esc did not close the menu")
	}
	d.key(fyne.KeySpace)
	d.key(fyne.KeyDown)
	d.key(fyne.KeyReturn)
	if got != "Remove" {
		t.Errorf("did %q", got)
	}
}
