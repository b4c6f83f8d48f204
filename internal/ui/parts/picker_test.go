package parts

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// listed is a page with a list of n lines at its left.
func listed(t *testing.T, n int) (d *desk, p *Picker, told *[]int, next *int) {
	t.Helper()
	told, next = new([]int), new(int)
	p = NewPicker("Things", func(i int) { *told = append(*told, i) })
	items := make([]PickItem, n)
	for i := range items {
		items[i] = PickItem{State: CheckDone, Title: fmt.Sprintf("%c thing %d", 'A'+i%26, i), Caption: "fine"}
	}
	p.SetItems(items, 0)
	d = newDesk(t, fyne.NewSize(900, 620))
	d.shell.ShowPage(
		Page{Title: "P", Side: NewSide(SubHeading("Things"), p, NewLink("Another", func() {})),
			Body:  []fyne.CanvasObject{Body("Words")},
			First: p, Primary: Action{Label: "Next", Do: func() { *next++ }}})
	return d, p, told, next
}

// lines are those that are to be seen.
func lines(p *Picker) string {
	text := ""
	for _, o := range test.WidgetRenderer(p).Objects() {
		if r, ok := o.(*pickRow); ok {
			text += r.title.Plain() + "."
		}
	}
	return text
}

func TestAListOfAnyLengthIsChosenByKeyboard(t *testing.T) {
	d, p, told, next := listed(t, 500)
	if len(p.rows) > 12 {
		t.Errorf("%d rows exist", len(p.rows))
	}
	if d.focused() != fyne.Focusable(p) {
		t.Fatal("the list has not the keyboard")
	}
	d.key(fyne.KeyDown)
	d.key(fyne.KeyEnd)
	if p.first+p.room() != 500 {
		t.Errorf("the last line is not in view: %d + %d", p.first, p.room())
	}
	d.key(fyne.KeyDown) // there is nothing below
	d.key(fyne.KeyPageUp)
	d.key(fyne.KeyHome)
	d.key(fyne.KeyUp)
	d.focused().TypedRune('d')
	d.focused().TypedRune('D')
	if got := fmt.Sprint(*told); got != fmt.Sprintf("[1 499 %d 0 3 29]", 499-p.room()) {
		t.Errorf("told %s", got)
	}
	if label := p.AccessibilityLabel(); label != "Things: D thing 29. Done. fine, 30 of 500" {
		t.Errorf("said %q", label)
	}
	if !strings.Contains(lines(p), "D thing 29") {
		t.Errorf("what is chosen is not to be seen: %s", lines(p))
	}
	d.key(fyne.KeyReturn)
	if *next != 1 {
		t.Error("Enter did not go on")
	}
	d.tab()
	if d.label() != "Another" {
		t.Errorf("the list is more than one stop, or the page comes first: %q", d.label())
	}
}

func TestAListIsChosenByMouse(t *testing.T) {
	_, p, told, _ := listed(t, 40)
	p.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -pickHeight)})
	if p.first != 2 {
		t.Errorf("the wheel moved to line %d", p.first)
	}
	test.Tap(p.rows[1])
	p.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -1e6)})
	if p.first+p.room() != 40 {
		t.Errorf("the wheel goes beyond the end: %d", p.first)
	}
	p.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 1e6)})
	p.Disable()
	test.Tap(p.rows[0])
	if fmt.Sprint(*told) != "[3]" || p.Chosen() != 3 {
		t.Errorf("told %v, chosen %d", *told, p.Chosen())
	}
}

func TestAListMayBeEmptyOrGrowShorter(t *testing.T) {
	d, p, told, _ := listed(t, 40)
	d.key(fyne.KeyEnd)
	p.SetItems([]PickItem{{Title: "Alone"}}, -1)
	if p.Chosen() != -1 || lines(p) != "Alone." {
		t.Error("the list still shows what is gone")
	}
	p.SetItems(nil, 5)
	for _, key := range []fyne.KeyName{fyne.KeyDown, fyne.KeyUp, fyne.KeyEnd, fyne.KeyHome, fyne.KeySpace} {
		d.key(key)
	}
	p.TypedRune('a')
	if fmt.Sprint(*told) != "[39]" || p.Len() != 0 {
		t.Errorf("told %v", *told)
	}
}

// TestWhatIsCutEndsWithinAWord: of two long names with the same beginning, as
// much as fits is shown.
func TestWhatIsCutEndsWithinAWord(t *testing.T) {
	text := NewText(Style{Size: 14, Bold: true, MaxLines: 1},
		Piece{Text: "Vendor · a-customer-with-a-long-name.example"})
	text.Resize(fyne.NewSize(160, 20))
	shown := test.RenderObjectToMarkup(text)
	if !strings.Contains(shown, "Vendor · a-cus") || !strings.Contains(shown, "…") {
		t.Error(shown)
	}
	for _, l := range text.breaker().lines(160) {
		if l.width > 160 {
			t.Errorf("it is %v wide", l.width)
		}
	}
}

func TestACopyButtonOfTheFooter(t *testing.T) {
	d := newDesk(t, fyne.NewSize(900, 620))
	d.shell.ShowPage(
		Page{Title: "P", Others: []Action{{Label: "Copy report", Copy: func() string { return "the report" }}}})
	button := d.shell.footer.others[0]
	button.Press()
	if fyne.CurrentApp().Clipboard().Content() != "the report" || button.Label() != "Copied" {
		t.Errorf("the button says %q", button.Label())
	}
}
