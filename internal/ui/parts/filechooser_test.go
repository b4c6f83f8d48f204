package parts

import (
	"bytes"
	"log"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// Esc leaves the question for a file, the keyboard goes back to where it was, and Fyne
// tells nobody of folders that a computer lacks.
func TestEscLeavesTheQuestionForAFile(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	var printed bytes.Buffer
	out := log.Writer()
	log.SetOutput(&printed)
	defer log.SetOutput(out)

	field := NewField(FieldOptions{Label: "File"})
	next := Plain("Open", nil)
	d := newDesk(t, fyne.NewSize(1080, 720))
	browse := NewBrowseButton(d.w, field, func() fyne.Focusable { return next }, ".age")
	d.shell.ShowPage(Page{Title: "Page", Body: []fyne.CanvasObject{field, browse, next}})
	d.w.Canvas().Focus(browse)
	test.Tap(browse)
	if d.w.Canvas().Overlays().Top() == nil {
		t.Fatal("nobody asks for a file")
	}
	d.key(fyne.KeyEscape)
	d.pump()
	if d.w.Canvas().Overlays().Top() != nil {
		t.Error("Esc does not leave it")
	}
	if d.focused() != fyne.Focusable(browse) || field.Text() != "" {
		t.Errorf("the keyboard is on %v, the field holds %q", d.focused(), field.Text())
	}
	if printed.Len() > 0 {
		t.Errorf("printed: %s", printed.String())
	}
	// The keys of the page are its own again.
	cancelled := false
	d.shell.ShowPage(Page{Title: "Page", Body: []fyne.CanvasObject{next}, Cancel: func() { cancelled = true }})
	d.key(fyne.KeyEscape)
	if !cancelled {
		t.Error("Esc does nothing on the page any more")
	}
}

// What was chosen stands in the field, and the keyboard is where one goes on.
func TestAChosenFileIsInTheField(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	path := filepath.Join(home, "all.settings.age")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	field := NewField(FieldOptions{Label: "File"})
	next := Plain("Open", nil)
	d := newDesk(t, fyne.NewSize(1080, 720))
	browse := NewBrowseButton(d.w, field, func() fyne.Focusable { return next }, ".age")
	d.shell.ShowPage(Page{Title: "Page", Body: []fyne.CanvasObject{field, browse, next}})
	d.w.Canvas().Focus(browse)
	test.Tap(browse)
	d.chooseTheOnlyFile()
	d.pump()
	if field.Text() != path || d.focused() != fyne.Focusable(next) {
		t.Errorf("the field holds %q, the keyboard is on %v", field.Text(), d.focused())
	}
}

// chooseTheOnlyFile does in Fyne's question for a file what a mouse would.
func (d *desk) chooseTheOnlyFile() {
	d.t.Helper()
	for _, o := range test.LaidOutObjects(d.w.Canvas().Overlays().Top()) {
		list, grid := o.(*widget.GridWrap)
		b, button := o.(*widget.Button)
		switch {
		case grid && list.Length() > 0:
			list.Select(list.Length() - 1) // folders stand first
		case button && b.Text == "Open":
			defer b.OnTapped()
		}
	}
}
