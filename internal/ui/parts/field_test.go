package parts

import (
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"entrada/internal/ui/theme"
)

func TestFieldTellsEveryChange(t *testing.T) {
	var got []string
	f := NewField(FieldOptions{Label: "ID", Paste: true, Changed: func(s string) { got = append(got, s) }})
	d := show(t, f)
	f.Entry().TypedRune('a')
	fyne.CurrentApp().Clipboard().SetContent("b\r\nc")
	test.Tap(f.button)
	f.SetText("")
	if strings.Join(got, "|") != "a|b c|" {
		t.Errorf("told %q", got)
	}
	if d.focused() != f.Entry() {
		t.Error("after Paste the focus is not in the field")
	}
}

func TestFieldStatusWrapsAndMakesRoom(t *testing.T) {
	f := NewField(FieldOptions{Label: "Secret", Secret: true, Hint: "The column **Value**."})
	below := Body("below")
	show(t, f, below)
	if s, said := f.Status(); s != StatusNeutral || said != "The column Value." {
		t.Errorf("at first it says %v %q", s, said)
	}
	y := below.Position().Y
	f.SetStatus(StatusBad, strings.Repeat("This is the **Secret ID**. ", 12))
	if below.Position().Y < y+30 {
		t.Errorf("what stands below did not move: %v, then %v", y, below.Position().Y)
	}
	if end := f.Position().Y + f.line.Position().Y + f.line.Size().Height; end > below.Position().Y {
		t.Error("the status line runs into what stands below")
	}
	f.SetStatus(StatusNeutral, "")
	if below.Position().Y != y {
		t.Error("the room was not given back")
	}
	if got := f.entry.AccessibilityLabel(); got != "Secret. The column Value." {
		t.Errorf("said %q", got)
	}
}

// E12: masked, shown while the button is held, and masked again when the
// keyboard goes elsewhere.
func TestASecretIsMaskedAndShownOnlyWhileHeld(t *testing.T) {
	f := NewField(FieldOptions{Label: "Secret", Secret: true})
	d := show(t, f)
	fyne.CurrentApp().Clipboard().SetContent("abc8Q~hidden")
	if f.show.Visible() {
		t.Error("there is nothing to show")
	}
	test.Tap(f.button)
	if f.Text() != "abc8Q~hidden" || !f.entry.Password || !f.show.Visible() {
		t.Fatalf("after Paste: masked %v, to be shown %v", f.entry.Password, f.show.Visible())
	}
	test.Tap(f.show)
	if !f.entry.Password {
		t.Error("a click alone shows it")
	}
	drawn := func() bool { return strings.Contains(test.RenderObjectToMarkup(f.frame), "abc8Q~hidden") }
	changed = time.Time{} // the page has been there for a while
	space := &fyne.KeyEvent{Name: fyne.KeySpace}
	for name, hold := range map[string]struct{ down, up func() }{
		"the mouse":            {func() { f.show.MouseDown(nil) }, func() { f.show.MouseUp(nil) }},
		"the mouse, moved off": {func() { f.show.MouseDown(nil) }, f.show.MouseOut},
		"the space bar":        {func() { f.show.KeyDown(space) }, func() { f.show.KeyUp(space) }},
		"another window":       {func() { f.show.MouseDown(nil) }, func() { d.w.Canvas().Unfocus() }},
	} {
		d.w.Canvas().Focus(f.show)
		if drawn() {
			t.Errorf("%s: shown before", name)
		}
		hold.down()
		if !drawn() {
			t.Errorf("%s: not shown", name)
		}
		hold.up()
		if drawn() || !f.entry.Password {
			t.Errorf("%s: still shown", name)
		}
	}
	f.SetText("")
	f.Entry().TypedRune('x')
	if !f.entry.Password {
		t.Error("the next secret is typed in the open")
	}
	if strings.Contains(test.RenderObjectToMarkup(f.frame), ">x<") {
		t.Error("the secret is drawn")
	}
}

// TestAWrongSecretIsReplacedWithTheMouse: Paste stays, and puts what is new in
// the place of what was there.
func TestAWrongSecretIsReplacedWithTheMouse(t *testing.T) {
	f := NewField(FieldOptions{Label: "Secret", Secret: true})
	d := show(t, f)
	for _, text := range []string{"the-wrong-one", "the-right-one"} {
		fyne.CurrentApp().Clipboard().SetContent(text)
		test.Tap(f.button)
		if f.Text() != text || f.button.Label() != "Paste" {
			t.Errorf("%q, button %q", f.Text(), f.button.Label())
		}
	}
	d.w.Canvas().Unfocus()
	fyne.CurrentApp().Clipboard().SetContent("another")
	f.Replace()
	f.entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()})
	if f.Text() != "another" || d.focused() != f.Entry() {
		t.Errorf("%q", f.Text())
	}
}

// TestWhatCanBeDoneStandsUntilTheNextStatus below the field.
func TestWhatCanBeDoneStandsUntilTheNextStatus(t *testing.T) {
	f := NewField(FieldOptions{Label: "Secret"})
	below := Body("below")
	show(t, f, below)
	f.SetStatus(StatusNeutral, "x")
	y, moved := below.Position().Y, false
	f.SetStatus(StatusBad, "x", Action{Label: "Move it", Do: func() { moved = true }})
	if below.Position().Y <= y {
		t.Error("there is no room for it")
	}
	test.Tap(f.offers.Objects[0].(*Link))
	f.SetStatus(StatusNeutral, "x")
	if !moved || f.offers.Visible() || below.Position().Y != y {
		t.Errorf("moved %v, still there %v", moved, f.offers.Visible())
	}
}

func TestWipeForgets(t *testing.T) {
	last := "?"
	f := NewField(FieldOptions{Label: "Secret", Secret: true, Changed: func(s string) { last = s }})
	d := show(t, f)
	for _, r := range "s3cret" {
		f.Entry().TypedRune(r)
	}
	old := f.entry
	d.w.Canvas().Focus(f.Entry())
	f.Wipe()
	if f.entry == old || f.Text() != "" || last != "" {
		t.Error("the text field was not replaced by an empty one")
	}
	f.entry.Undo()
	if f.Text() != "" {
		t.Error("undo brought the secret back")
	}
	if d.focused() != f.Entry() {
		t.Error("the focus did not move to the new text field")
	}
	f.Entry().TypedRune('n')
	if last != "n" || !f.show.Visible() {
		t.Error("the new text field is not connected")
	}
}

func TestTheFrameShowsWhereTheKeyboardIs(t *testing.T) {
	a, b := NewField(FieldOptions{Label: "A"}), NewField(FieldOptions{Label: "B"})
	d := show(t, a, b)
	for range 2 {
		if a.frame.renderer.ground.StrokeWidth != 2 || b.frame.renderer.ground.StrokeWidth != 1 {
			t.Error("the frames show the keyboard elsewhere")
		}
		d.tab()
		a, b = b, a
	}
}

func TestEnterSubmits(t *testing.T) {
	n := 0
	f := NewField(FieldOptions{Label: "Domain", Submit: func() { n++ }})
	d := show(t, f)
	d.w.Canvas().Focus(f.Entry())
	d.key(fyne.KeyReturn)
	if n != 1 {
		t.Errorf("submitted %d times", n)
	}
}

func TestAValueThatIsChangedElsewhereCannotBeTyped(t *testing.T) {
	n := 0
	f := NewField(FieldOptions{Label: "Expires", Change: "Change", OnChange: func() { n++ }})
	f.SetText("20 November 2027")
	d := show(t, f)
	if d.label() != "Change: Expires" {
		t.Errorf("the focus is on %q", d.label())
	}
	d.key(fyne.KeyReturn)
	if n != 1 {
		t.Error("Change did not change")
	}
}

func TestTabLeavesATextOfSeveralLines(t *testing.T) {
	f := NewField(FieldOptions{Label: "Message", Rows: 4})
	show(t, f)
	if f.entry.AcceptsTab() {
		t.Error("the keyboard is trapped in it")
	}
}

func TestReadOnlyTextStaysAsItIs(t *testing.T) {
	s := Selectable("AADSTS7000215")
	d := show(t, s)
	d.w.Canvas().Focus(s.entry)
	s.entry.TypedRune('x')
	d.key(fyne.KeyDelete)
	d.key(fyne.KeyBackspace)
	fyne.CurrentApp().Clipboard().SetContent("no")
	s.entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()})
	s.entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	s.entry.TypedShortcut(&fyne.ShortcutCut{Clipboard: fyne.CurrentApp().Clipboard()})
	if s.Text() != "AADSTS7000215" {
		t.Errorf("it is %q now", s.Text())
	}
	s.entry.TypedShortcut(&fyne.ShortcutCopy{Clipboard: fyne.CurrentApp().Clipboard()})
	if got := fyne.CurrentApp().Clipboard().Content(); got != "AADSTS7000215" {
		t.Errorf("copied %q", got)
	}
}

func TestCopyCopiesAndSaysSo(t *testing.T) {
	r := NewCopyRow("Mail.Send", "send mail as the person")
	d := show(t, r)
	if d.label() != "Copy Mail.Send" {
		t.Errorf("said %q", d.label())
	}
	width := r.Button().Size().Width
	d.key(fyne.KeyReturn)
	if got := fyne.CurrentApp().Clipboard().Content(); got != "Mail.Send" {
		t.Errorf("copied %q", got)
	}
	if r.Button().Label() != "Copied" {
		t.Errorf("the button says %q", r.Button().Label())
	}
	if r.Button().Size().Width != width {
		t.Error("the button changed its width")
	}
	d.pump() // the moment is over
	if r.Button().Label() != "Copy" {
		t.Errorf("later the button says %q", r.Button().Label())
	}
}

// What is pasted into several lines is replaced as a whole, and typing goes on behind it.
func TestPastingSeveralLines(t *testing.T) {
	f := NewField(FieldOptions{Label: "Message", Rows: 6, Paste: true})
	show(t, f)
	for _, text := range []string{strings.Repeat("one line\n", 40), "a\nbc\ndef"} {
		fyne.CurrentApp().Clipboard().SetContent(text)
		test.Tap(f.button)
		if f.Text() != text {
			t.Errorf("%q after pasting %q", f.Text(), text)
		}
	}
	test.Type(f.Entry(), "!")
	if f.Text() != "a\nbc\ndef!" {
		t.Errorf("%q", f.Text())
	}
}

// The mouse over the button of a field leaves the coloured frame whole.
func TestHoverLeavesTheFrameWhole(t *testing.T) {
	f := NewField(FieldOptions{Label: "Client ID", Paste: true})
	d := show(t, f)
	f.SetStatus(StatusBad, "This is wrong.")
	edge := func() (colours []color.Color) {
		picture := d.w.Canvas().Capture()
		at, size := fyne.CurrentApp().Driver().AbsolutePositionForObject(f.frame), f.frame.Size()
		for _, y := range []float32{0.5, size.Height / 2, size.Height - 1} {
			x := at.X + size.Width - 1
			if y != size.Height/2 { // the upper and the lower edge, above and below the button
				x = at.X + size.Width - 20
			}
			colours = append(colours, picture.At(int(x), int(at.Y+y)))
		}
		return colours
	}
	before := edge()
	f.button.MouseIn(&desktop.MouseEvent{})
	if after := edge(); !slices.Equal(before, after) {
		t.Errorf("the frame is %v, and %v under the mouse", before, after)
	}
	if before[1] == themeColor(f, theme.ColorNameSurface) {
		t.Error("that is no frame")
	}
}
