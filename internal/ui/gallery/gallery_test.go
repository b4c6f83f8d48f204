// Package gallery renders sample pages of every kind to build/gallery, in light
// and dark and in several sizes, for people to look at; and holds what a machine
// can judge of them: that nothing is clipped, and that a page is built in time.
package gallery

import (
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/ui/parts"
	"entrada/internal/ui/theme"
)

// window shows a shell in a test window of a size.
func window(t testing.TB, v fyne.ThemeVariant, size fyne.Size) (fyne.Window, *parts.Shell) {
	t.Helper()
	fyne.CurrentApp().Settings().SetTheme(theme.Forced(v))
	w := fyne.CurrentApp().NewWindow("Entrada")
	t.Cleanup(w.Close)
	w.SetPadded(false)
	s := parts.NewShell(w.Canvas(), parts.NewRail("Entrada"), w.SetTitle)
	w.SetContent(s)
	w.Resize(size)
	return w, s
}

func TestMain(m *testing.M) {
	test.NewApp()
	os.Exit(m.Run())
}

var pictures = flag.Bool("pictures", false, "leave a picture of each sample under build/gallery")

// shoot writes a picture of the window under build/, to be looked at.
func shoot(t *testing.T, w fyne.Window, name string) {
	t.Helper()
	if !*pictures {
		return
	}
	dir := filepath.Join("..", "..", "..", "build", "gallery")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, w.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

var looks = map[string]fyne.ThemeVariant{"light": fynetheme.VariantLight, "dark": fynetheme.VariantDark}

func TestGallery(t *testing.T) {
	sizes := map[string]fyne.Size{"1080": fyne.NewSize(1080, 720), "900": fyne.NewSize(900, 620)}
	for look, v := range looks {
		for size, s := range sizes {
			for name, page := range pages {
				w, shell := window(t, v, s)
				sampleRail(shell.Rail())
				shell.ShowPage(page())
				shoot(t, w, name+"-"+size+"-"+look)
			}
		}
	}
}
