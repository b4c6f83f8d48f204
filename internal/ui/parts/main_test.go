package parts

import (
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/ui/theme"
)

// One app for all tests: a part may be built before its window is, and asks
// for colours by names that Fyne's own test theme does not know.
func TestMain(m *testing.M) {
	test.NewApp().Settings().SetTheme(theme.Forced(fynetheme.VariantLight))
	os.Exit(m.Run())
}

// desk is a window with a shell in it, and hands that type.
type desk struct {
	t     testing.TB
	w     fyne.Window
	shell *Shell
	queue chan func()
}

func newDesk(t testing.TB, size fyne.Size) *desk {
	t.Helper()
	d := &desk{t: t, w: fyne.CurrentApp().NewWindow("Entrada"), queue: make(chan func(), 16)}
	t.Cleanup(d.w.Close)
	// What comes back from other goroutines is done by the test's own.
	t.Cleanup(DeliverWith(func(f func()) { d.queue <- f }))
	pressing.watched, pressing.fresh = false, false
	changed = time.Time{}
	d.w.SetPadded(false)
	d.shell = NewShell(d.w.Canvas(), NewRail("Entrada"), d.w.SetTitle)
	d.w.SetContent(d.shell)
	d.w.Resize(size)
	return d
}

// show shows parts as a page and returns the desk.
func show(t testing.TB, objects ...fyne.CanvasObject) *desk {
	d := newDesk(t, fyne.NewSize(1080, 720))
	d.shell.ShowPage(Page{Title: "Page", Body: objects, Primary: Action{Label: "Next", Do: func() {}}})
	return d
}

// pump does the next thing that came back from another goroutine.
func (d *desk) pump() {
	d.t.Helper()
	select {
	case f := <-d.queue:
		f()
	case <-time.After(5 * time.Second):
		d.t.Fatal("nothing came back")
	}
}

// key types a key as the desktop driver does.
func (d *desk) key(name fyne.KeyName) {
	ev := &fyne.KeyEvent{Name: name}
	c := d.w.Canvas()
	if f := c.Focused(); f != nil {
		f.TypedKey(ev)
	} else if listen := c.OnTypedKey(); listen != nil {
		listen(ev)
	}
}

// pressKey types a key with the KeyDown that comes before it on a desktop.
func (d *desk) pressKey(name fyne.KeyName) {
	if k, ok := d.w.Canvas().Focused().(desktop.Keyable); ok {
		k.KeyDown(&fyne.KeyEvent{Name: name})
	} else {
		keyWentDown(&fyne.KeyEvent{Name: name})
	}
	d.key(name)
}

func (d *desk) shortcut(name fyne.KeyName, mod fyne.KeyModifier) {
	sc := &desktop.CustomShortcut{KeyName: name, Modifier: mod}
	if f, ok := d.w.Canvas().Focused().(fyne.Shortcutable); ok {
		f.TypedShortcut(sc)
		return
	}
	d.shell.TypedShortcut(sc) // the canvas of the test driver has no way in
}

func (d *desk) tab()                    { d.w.Canvas().FocusNext() }
func (d *desk) focused() fyne.Focusable { return d.w.Canvas().Focused() }

// label says what a screen reader would say of what has the focus.
func (d *desk) label() string {
	if a, ok := d.focused().(fyne.Accessible); ok {
		return a.AccessibilityLabel()
	}
	return ""
}

// honest checks that a part laid out at several widths is as high as it says
// beforehand and afterwards.
func honest(t *testing.T, name string, o fyne.CanvasObject) {
	t.Helper()
	for _, w := range []float32{640, 408, 340, 260} {
		h := HeightFor(o, w)
		o.Resize(fyne.NewSize(w, h))
		if got := o.MinSize().Height; got > h+0.5 || got < h-0.5 {
			t.Errorf("%s: %v wide it says it is %v high, and its MinSize is %v", name, w, h, got)
		}
		if got := o.MinSize().Width; got > 300 {
			t.Errorf("%s: smallest width is %v", name, got)
		}
	}
}
