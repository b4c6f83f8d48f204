package pages

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"entrada/internal/ui/parts"
)

func (r *rig) chooseIn(group string, i int) {
	r.t.Helper()
	for _, o := range objects(r.shell) {
		if c, ok := o.(*parts.Choices); ok && strings.HasPrefix(c.AccessibilityLabel(), group) {
			c.Choose(i)
			return
		}
	}
	r.t.Fatalf("no choice %q", group)
}

func (r *rig) confirm(title string) {
	r.t.Helper()
	d, ok := r.window.Canvas().Overlays().Top().(*parts.Dialog)
	if !ok || d.AccessibilityLabel() != title {
		r.t.Fatalf("the dialog is not %q", title)
	}
	r.pressPart(d.Primary())
}

// hold holds the button of the page's secret down with the mouse, or lets it go.
// A page that has just come takes no click for a moment.
func (r *rig) hold(down bool) {
	r.t.Helper()
	for _, o := range objects(r.shell) {
		b, ok := o.(*parts.Button)
		if !ok || b.Label() != "Hold to show" {
			continue
		}
		if !down {
			b.MouseUp(&desktop.MouseEvent{})
			return
		}
		before := texts(r)
		for limit := time.Now().Add(5 * time.Second); texts(r) == before; {
			if time.Now().After(limit) {
				r.t.Fatal("nothing shows while the button is held")
			}
			b.MouseDown(&desktop.MouseEvent{})
		}
		return
	}
	r.t.Fatal("no secret on the page")
}

func (r *rig) clipboard() string { return fyne.CurrentApp().Clipboard().Content() }

// inDialog finds a field of the dialog by its label.
func (r *rig) inDialog(label string) *parts.Field {
	r.t.Helper()
	for _, o := range objects(r.window.Canvas().Overlays().Top()) {
		if f, ok := o.(*parts.Field); ok && f.Label() == label {
			return f
		}
	}
	r.t.Fatalf("the dialog has no field %q", label)
	return nil
}

// onPage finds the first part of a kind on the page.
func onPage[T fyne.CanvasObject](r *rig) T {
	r.t.Helper()
	for _, o := range objects(r.shell) {
		if part, ok := o.(T); ok {
			return part
		}
	}
	var none T
	r.t.Fatalf("%q has no %T", r.window.Title(), none)
	return none
}
