package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestDialogKeys(t *testing.T) {
	b := Plain("Remove…", nil)
	d := show(t, b)
	d.w.Canvas().Focus(b)
	done := ""
	open := func() *Dialog {
		done = ""
		dlg := NewDialog(DialogOptions{
			Title: "Remove OxfordIQ?", Body: Body("The secret goes with it."), Danger: true,
			Primary: Action{Label: "Remove", Do: func() { done = "removed" }},
			Closed:  func() { done = "closed" },
		})
		dlg.Open(d.w.Canvas())
		return dlg
	}

	open()
	if d.label() != "Cancel" {
		t.Errorf("the focus is on %q, not on the harmless button", d.label())
	}
	d.tab()
	if d.label() != "Remove" {
		t.Errorf("Tab leads to %q", d.label())
	}
	d.tab()
	if d.label() != "Cancel" {
		t.Errorf("Tab left the dialog: %q", d.label())
	}
	d.key(fyne.KeyEscape)
	if done != "closed" || d.w.Canvas().Overlays().Top() != nil {
		t.Errorf("Esc: %q", done)
	}
	if d.focused() != fyne.Focusable(b) || !b.Focused() {
		t.Error("the focus did not come back")
	}

	// A click beside the panel takes the focus away. Enter then does nothing that
	// cannot be taken back: it leads to the harmless button.
	shown := open()
	test.TapCanvas(d.w.Canvas(), fyne.NewPos(3, 3))
	d.w.Canvas().Unfocus()
	d.key(fyne.KeyReturn)
	if done != "" || d.label() != "Cancel" {
		t.Errorf("Enter: %q, the focus is on %q", done, d.label())
	}
	shown.Cancel()

	open()
	d.shell.TypedShortcut(primaryShortcuts[0])
	if done != "removed" {
		t.Errorf("Ctrl+Enter: %q", done)
	}

	dlg := open()
	dlg.Close()
	dlg.Cancel()
	if done != "" {
		t.Errorf("a closed dialog did %q", done)
	}
}

func TestEnterInAFieldOfADialogIsItsPrimaryAction(t *testing.T) {
	d := show(t, Plain("x", nil))
	field, done := NewField(FieldOptions{Label: "Name"}), false
	dlg := NewDialog(
		DialogOptions{Title: "Name it", Body: field, Primary: Action{Label: "Save", Do: func() { done = true }}})
	dlg.Open(d.w.Canvas())
	if d.focused() != field.Entry() {
		t.Fatal("the field has not the focus")
	}
	dlg.Primary().SetEnabled(false)
	d.key(fyne.KeyReturn)
	if done {
		t.Fatal("a disabled action was done")
	}
	dlg.Primary().SetEnabled(true)
	d.key(fyne.KeyReturn)
	if !done {
		t.Error("Enter did not save")
	}
}

func TestADialogMayOpenAnother(t *testing.T) {
	d := show(t, Plain("x", nil))
	second := NewDialog(DialogOptions{Title: "Two"})
	first := NewDialog(
		DialogOptions{Title: "One", Primary: Action{Label: "Go", Do: func() { second.Open(d.w.Canvas()) }}})
	first.Open(d.w.Canvas())
	first.Primary().Press()
	if d.w.Canvas().Overlays().Top() != fyne.CanvasObject(second) {
		t.Fatal("the second dialog does not show")
	}
	d.key(fyne.KeyEscape)
	if d.w.Canvas().Overlays().Top() != nil {
		t.Error("Esc did not close it")
	}
	d.key(fyne.KeyReturn) // the page listens again
}

func TestADialogFitsTheWindow(t *testing.T) {
	d := newDesk(t, fyne.NewSize(720, 480))
	d.shell.ShowPage(Page{Title: "P"})
	var lines []fyne.CanvasObject
	for range 60 {
		lines = append(lines, Body("A line of a long text that somebody has to read before they go on."))
	}
	dlg := NewDialog(DialogOptions{Title: "Long", Body: Column(4, lines...), Primary: Action{Label: "Agree"}})
	dlg.Open(d.w.Canvas())
	if h := dlg.panel.Size().Height; h > 480 {
		t.Errorf("it is %v high", h)
	}
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(dlg.Primary())
	if pos.Y+dlg.Primary().Size().Height > 480 {
		t.Error("its buttons are out of the window")
	}
}

func TestFaultBox(t *testing.T) {
	n := 0
	box := NewFaultBox(FaultView{
		What: "The secret is wrong", Why: "Microsoft does not know it.", Who: "you",
		Next:    []Action{{Label: "Paste it again", Do: func() { n++ }}},
		Details: "AADSTS7000215",
	})
	below := Body("below")
	d := show(t, box, below)
	if d.label() != "Paste it again" {
		t.Errorf("the first thing to do is %q", d.label())
	}
	d.key(fyne.KeyReturn)
	if n != 1 {
		t.Error("nothing was done")
	}
	y := below.Position().Y
	d.tab()
	if d.label() != "Details" {
		t.Fatalf("then comes %q", d.label())
	}
	d.key(fyne.KeySpace)
	if below.Position().Y <= y {
		t.Error("the details found no room")
	}
	d.tab()
	d.tab()
	d.key(fyne.KeyReturn)
	if got := fyne.CurrentApp().Clipboard().Content(); got != "AADSTS7000215" {
		t.Errorf("copied %q", got)
	}
	d.pump()
}

func TestBusyStandsStillWhenHidden(t *testing.T) {
	n := 0
	b := NewBusy("Asking…", func() { n++ })
	d := show(t, b)
	b.SetText("Waiting…")
	d.key(fyne.KeyReturn)
	if n != 1 || b.AccessibilityLabel() != "Busy: Waiting…" {
		t.Errorf("cancelled %d times, says %q", n, b.AccessibilityLabel())
	}
	b.Hide()
	if d.focused() != nil {
		t.Error("a hidden Cancel kept the focus")
	}
	if b.turn.anim != nil {
		t.Error("what is hidden goes on turning")
	}
	b.Show()
	d.shell.ShowPage(Page{Title: "Another"})
	b.turn.phase = 0
	b.turn.tick(0.5)
	if b.turn.anim != nil {
		t.Error("it goes on turning after its page has gone")
	}
	test.Tap(b.Cancel())
	if n != 2 {
		t.Error("Cancel does nothing after it was hidden once")
	}
}

func TestChecklist(t *testing.T) {
	l := NewChecklist(Check{State: CheckWaiting, Title: "One"}, Check{State: CheckWaiting, Title: "Two"})
	below := Body("below")
	show(t, l, below)
	y := below.Position().Y
	l.Set(0, Check{State: CheckFailed, Title: "One", Detail: "It did not **work**.", Time: "0.3 s"})
	l.Set(7, Check{Title: "nowhere"})
	if l.Check(0).State != CheckFailed || l.Len() != 2 {
		t.Error("the line did not change")
	}
	if below.Position().Y <= y {
		t.Error("the detail found no room")
	}
	for state, want := range map[CheckState]string{
		CheckWaiting: "Waiting", CheckRunning: "Running", CheckDone: "Done", CheckFailed: "Failed",
		CheckWarned: "Attention", CheckSkipped: "Skipped", CheckUnknown: "Could not check",
	} {
		l.SetAll(Check{State: state, Title: "X", Detail: "d"})
		if got := l.rows[0].AccessibilityLabel(); got != want+": X. d" {
			t.Errorf("said %q", got)
		}
	}
}
