package parts

import (
	"bytes"
	"log"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
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
