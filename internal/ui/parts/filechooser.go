package parts

import (
	"io"
	"log"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
)

// NewBrowseButton returns a button that has a file with one of the endings chosen
// for a field; without endings, any. The keyboard then goes to next, or back to where
// it was if none was chosen.
func NewBrowseButton(w fyne.Window, field *Field, next func() fyne.Focusable, endings ...string) *Button {
	return Small("Browse …", func() {
		chooseFile(w, endings, func(path string) {
			field.SetText(path)
			if f := next(); f != nil {
				w.Canvas().Focus(f)
			}
		})
	}).SetSpoken("Browse for: " + field.Label())
}

// chooseFile asks for a file with one of the endings, or for any without them. Esc
// leaves it.
func chooseFile(w fyne.Window, endings []string, chosen func(path string)) {
	c := w.Canvas()
	before, keys := c.Focused(), c.OnTypedKey()
	path := ""
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err == nil && r != nil {
			path = r.URI().Path()
			_ = r.Close()
		}
	}, w)
	d.SetOnClosed(func() {
		c.SetOnTypedKey(keys)
		if o, ok := before.(fyne.CanvasObject); ok && onScreen(o) {
			c.Focus(before)
		}
		// The file is known after the dialog is closed, or before it.
		Post(func() {
			if path != "" {
				chosen(path)
			}
		})
	})
	if len(endings) > 0 {
		d.SetFilter(storage.NewExtensionFileFilter(endings))
	}
	// Fyne prints an error for each folder of the desktop that this computer lacks.
	out := log.Writer()
	log.SetOutput(io.Discard)
	defer log.SetOutput(out)
	d.Show()
	c.SetOnTypedKey(func(ev *fyne.KeyEvent) {
		if ev.Name == fyne.KeyEscape {
			d.Dismiss()
		}
	})
}
