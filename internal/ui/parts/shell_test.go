package parts

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

func TestTabOrderIsReadingOrder(t *testing.T) {
	d := newDesk(t, fyne.NewSize(1080, 720))
	do := func() {}
	d.shell.Rail().Set("", RailGroup{"Prepare", []RailStep{{"Vendor", StepDone, do}, {"Now", StepCurrent, nil}}})
	d.shell.ShowPage(Page{
		Title: "Values",
		Body: []fyne.CanvasObject{
			NewField(FieldOptions{Label: "First", Paste: true}),
			NewText(Style{Size: 14}, Piece{Text: "see "}, Piece{Link: NewLink("link", do)}),
			NewField(FieldOptions{Label: "Second"}),
		},
		Aside: Plain("aside", do), Back: do,
		Links: []Action{{Label: "footer link", Do: do}}, Others: []Action{{Label: "Save and close", Do: do}},
		Primary: Action{Label: "Next", Do: do},
	})
	want := []string{"First", "Paste First", "link", "Second", "aside", "Back", "footer link", "Save and close",
		"Next", "Step 1: Vendor, done", "First"}
	for i, w := range want {
		if got := d.label(); got != w {
			t.Fatalf("stop %d is %q, want %q", i, got, w)
		}
		d.tab()
	}
	if got := d.w.Title(); got != "Values" {
		t.Errorf("title is %q", got)
	}
}

func TestAPageWithoutFieldsStartsAtItsPrimaryButton(t *testing.T) {
	d := newDesk(t, fyne.NewSize(1080, 720))
	d.shell.ShowPage(Page{Title: "Done", Back: func() {}, Primary: Action{Label: "Finish", Do: func() {}}})
	if d.label() != "Finish" {
		t.Errorf("focus is on %q", d.label())
	}
}

func TestFirstGetsTheFocus(t *testing.T) {
	d := newDesk(t, fyne.NewSize(1080, 720))
	second := NewField(FieldOptions{Label: "Second"})
	d.shell.ShowPage(
		Page{Title: "P", Body: []fyne.CanvasObject{NewField(FieldOptions{Label: "First"}), second},
			First: second.Entry()})
	if d.label() != "Second" {
		t.Errorf("focus is on %q", d.label())
	}
}

func TestPrimaryAndBackByKeyboard(t *testing.T) {
	next, back := 0, 0
	field := NewField(FieldOptions{Label: "Name"})
	many := NewField(FieldOptions{Label: "Text", Rows: 3})
	button := Plain("Other", nil)
	d := newDesk(t, fyne.NewSize(1080, 720))
	d.shell.ShowPage(Page{
		Title: "P", Body: []fyne.CanvasObject{field, many, button},
		Back: func() { back++ }, Primary: Action{Label: "Next", Do: func() { next++ }},
	})
	for i, f := range []fyne.Focusable{field.Entry(), many.Entry(), button, nil} {
		d.w.Canvas().Unfocus()
		if f != nil {
			d.w.Canvas().Focus(f)
		}
		d.shortcut(fyne.KeyReturn, fyne.KeyModifierControl)
		d.shortcut(fyne.KeyLeft, fyne.KeyModifierAlt)
		if next != i+1 || back != i+1 {
			t.Fatalf("with %d: Ctrl+Enter %d times, Alt+Left %d times, want %d", i, next, back, i+1)
		}
	}
	d.w.Canvas().Focus(field.Entry())
	next = 0
	d.key(fyne.KeyReturn)
	if next != 1 {
		t.Error("Enter in a field of one line is not the primary action")
	}
	d.w.Canvas().Focus(many.Entry())
	d.key(fyne.KeyReturn)
	if next != 1 || many.Text() != "\n" {
		t.Error("Enter in a text of several lines must begin a line")
	}
	d.shell.EnablePrimary(false)
	d.shortcut(fyne.KeyReturn, fyne.KeyModifierControl)
	if next != 1 {
		t.Error("a disabled primary action was done")
	}
}

func TestShortcutsRestWhileAnOverlayIsOpen(t *testing.T) {
	next := 0
	d := newDesk(t, fyne.NewSize(1080, 720))
	d.shell.ShowPage(
		Page{Title: "P", Primary: Action{Label: "Next", Do: func() { next++ }}, Cancel: func() { next++ },
			Back: func() { next++ }})
	pop := widget.NewModalPopUp(widget.NewLabel("x"), d.w.Canvas())
	pop.Show()
	d.shortcut(fyne.KeyReturn, fyne.KeyModifierControl)
	d.shortcut(fyne.KeyLeft, fyne.KeyModifierAlt)
	d.key(fyne.KeyEscape)
	d.key(fyne.KeyReturn)
	if next != 0 {
		t.Errorf("the page behind acted %d times", next)
	}
}

func TestThePageBeforeCannotBePressedAnyMore(t *testing.T) {
	d := newDesk(t, fyne.NewSize(1080, 720))
	old := 0
	b := Plain("Connect", func() { old++ })
	d.shell.ShowPage(Page{Title: "One", Body: []fyne.CanvasObject{b}})
	d.w.Canvas().Focus(b)
	d.shell.ShowPage(Page{Title: "Two"})
	d.key(fyne.KeySpace)
	d.key(fyne.KeyReturn)
	if old != 0 {
		t.Error("a button of the page before was pressed")
	}
}

func TestAHiddenButtonDoesNotKeepTheFocus(t *testing.T) {
	n := 0
	b := Plain("Cancel", func() { n++ })
	box := Column(0, b)
	d := show(t, box)
	d.w.Canvas().Focus(b)
	box.Hide() // something around it
	d.key(fyne.KeySpace)
	if n != 0 {
		t.Error("a hidden button was pressed")
	}
	if d.focused() == fyne.Focusable(b) {
		t.Error("a hidden button kept the focus")
	}
}

func TestTheFocusScrollsIntoView(t *testing.T) {
	d := newDesk(t, fyne.NewSize(900, 620))
	var body []fyne.CanvasObject
	for i := range 30 {
		body = append(body, NewField(FieldOptions{Label: fmt.Sprint("Field ", i)}))
	}
	d.shell.ShowPage(Page{Title: "Long", Body: body, Primary: Action{Label: "Next", Do: func() {}}})
	visible := func(o fyne.CanvasObject) bool {
		y := fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y
		return y >= 0 && y+o.Size().Height <= d.shell.content.Size().Height
	}
	for range 29 {
		d.tab()
		if o := d.focused().(fyne.CanvasObject); !visible(o) {
			t.Fatalf("%q has the focus and is out of view", d.label())
		}
	}
	for range 29 {
		d.w.Canvas().FocusPrevious()
		if o := d.focused().(fyne.CanvasObject); !visible(o) {
			t.Fatalf("going back, %q is out of view", d.label())
		}
	}
	d.shell.ShowPage(Page{Title: "Short"})
	if d.shell.content.Offset.Y != 0 {
		t.Error("the next page did not start at its top")
	}
}

func TestAPageCanBeReadByKeyboardAlone(t *testing.T) {
	d := newDesk(t, fyne.NewSize(900, 620))
	var body []fyne.CanvasObject
	for range 60 {
		body = append(body, Body("A line of a long page."))
	}
	d.shell.ShowPage(Page{Title: "Long", Body: body, Primary: Action{Label: "Next", Do: func() {}}})
	d.key(fyne.KeyPageDown)
	if d.shell.content.Offset.Y == 0 {
		t.Error("Page Down did not scroll")
	}
	d.key(fyne.KeyEnd)
	end := d.shell.content.Content.Size().Height - d.shell.content.Size().Height
	if got := d.shell.content.Offset.Y; got != end {
		t.Errorf("End scrolled to %v of %v", got, end)
	}
	d.key(fyne.KeyHome)
	if d.shell.content.Offset.Y != 0 {
		t.Error("Home did not scroll back")
	}
}

func TestTheAsideGoesWhereThereIsRoom(t *testing.T) {
	for _, place := range []AsidePlace{AsideHidden, AsideBelow, AsideAbove} {
		d := newDesk(t, fyne.NewSize(1080, 720))
		inside := Plain("inside", nil)
		d.shell.ShowPage(
			Page{Title: "P", Body: []fyne.CanvasObject{Body("text")}, Aside: inside, Narrow: place,
				Primary: Action{Label: "Next", Do: func() {}}})
		x := func() float32 { return fyne.CurrentApp().Driver().AbsolutePositionForObject(inside).X }
		if x() < 600 {
			t.Fatalf("%v: the aside of a wide window is at %v", place, x())
		}
		d.w.Canvas().Focus(inside)
		d.w.Resize(fyne.NewSize(900, 620))
		switch place {
		case AsideHidden:
			if onScreen(inside) {
				t.Error("the aside still shows in a narrow window")
			}
			if d.focused() == fyne.Focusable(inside) {
				t.Error("what is hidden kept the focus")
			}
		default:
			if !onScreen(inside) || x() > 400 {
				t.Errorf("%v: the aside did not move into the content: %v", place, x())
			}
		}
		d.w.Resize(fyne.NewSize(1080, 720))
		if x() < 600 {
			t.Errorf("%v: the aside did not come back", place)
		}
	}
}

func TestNothingInTheFooterOverlaps(t *testing.T) {
	for _, w := range []float32{720, 800, 900, 1080, 1400} {
		d := newDesk(t, fyne.NewSize(w, 480))
		do := func() {}
		d.shell.ShowPage(Page{
			Title: "P", Back: do,
			Links: []Action{{Label: "I don't see this page", Do: do},
				{Label: "Send this to an administrator", Do: do}},
			Others: []Action{{Label: "Save and close", Do: do}}, Primary: Action{Label: "I've done this", Do: do},
		})
		all := append(d.shell.footer.left(), d.shell.footer.right()...)
		for i, a := range all {
			if a.Position().X < 0 || a.Position().X+a.Size().Width > d.shell.footer.Size().Width {
				t.Errorf("%v wide: %d sticks out", w, i)
			}
			for j, b := range all[:i] {
				if a.Position().X < b.Position().X+b.Size().Width && b.Position().X < a.Position().X+a.Size().Width &&
					a.Position().Y < b.Position().Y+b.Size().Height && b.Position().Y < a.Position().Y+a.Size().Height {
					t.Errorf("%v wide: %d and %d overlap", w, i, j)
				}
			}
		}
	}
}

func TestTheWindowMayBeSmall(t *testing.T) {
	d := newDesk(t, fyne.NewSize(1080, 720))
	d.shell.ShowPage(
		Page{Title: "P",
			Body: []fyne.CanvasObject{NewCopyRow("a-value-that-is-very-long-indeed-and-does-not-fit-anywhere-at-all",
				"what it means")}})
	if min := d.shell.MinSize(); min.Width > 720 || min.Height > 480 {
		t.Errorf("the frame asks for %v", min)
	}
}

func TestSetHeadingFollowsInTheTitle(t *testing.T) {
	d := newDesk(t, fyne.NewSize(1080, 720))
	d.shell.ShowPage(Page{Title: "Testing", Lead: "Wait."})
	d.shell.SetHeading("All is well", "")
	if d.w.Title() != "All is well" || d.shell.heading.Plain() != "All is well" || d.shell.lead.Visible() {
		t.Error("heading, title or lead did not follow")
	}
	d.shell.SetPrimary(Action{Label: "no such button"}) // must not crash
}

func TestADoneStepLeadsBack(t *testing.T) {
	d := newDesk(t, fyne.NewSize(1080, 720))
	went := ""
	d.shell.Rail().Set("for OxfordIQ", RailGroup{"Prepare", []RailStep{
		{"Vendor", StepDone, func() { went = "Vendor" }}, {"Needs", StepAttention, func() { went = "Needs" }},
		{"Now", StepCurrent, nil}, {"Later", StepTodo, nil},
	}})
	d.shell.ShowPage(Page{Title: "P"})
	items := d.shell.Rail().items
	test.Tap(items[1])
	if went != "Needs" {
		t.Errorf("went to %q", went)
	}
	d.w.Canvas().Focus(items[0])
	d.key(fyne.KeyReturn)
	if went != "Vendor" {
		t.Errorf("went to %q", went)
	}
	for i, want := range []string{"Step 1: Vendor, done", "Step 2: Needs, needs attention", "Step 3: Now, current",
		"Step 4: Later, to do"} {
		if got := items[i].AccessibilityLabel(); got != want {
			t.Errorf("said %q, want %q", got, want)
		}
	}
	if !items[3].Disabled() {
		t.Error("a step that is still to do can be pressed")
	}
}
