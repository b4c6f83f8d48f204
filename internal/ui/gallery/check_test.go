package gallery

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"entrada/internal/ui/parts"
	"entrada/internal/ui/theme"
)

// seen is an object where it stands in the window.
type seen struct {
	o    fyne.CanvasObject
	at   fyne.Position
	clip fyne.Position // the right and lower edge of what is drawn of it
}

// walk visits everything that is visible, and what the innermost scroll around
// it lets through.
func walk(o fyne.CanvasObject, at fyne.Position, right float32,
	visit func(o fyne.CanvasObject, at fyne.Position, right float32)) {
	if !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	if _, ok := o.(fyne.Scrollable); ok {
		right = min(right, at.X+o.Size().Width)
	}
	visit(o, at, right)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			walk(child, at, right, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			walk(child, at, right, visit)
		}
	}
}

// everyPage shows each sample page in a window of a size.
func everyPage(t *testing.T, size fyne.Size, check func(t *testing.T, name string, w fyne.Window, shell *parts.Shell)) {
	for name, page := range pages {
		t.Run(fmt.Sprintf("%s/%.0f", name, size.Width), func(t *testing.T) {
			w, shell := window(t, looks["light"], size)
			sampleRail(shell.Rail())
			shell.ShowPage(page())
			check(t, name, w, shell)
		})
	}
}

// 720 by 480 is what a window of 1080 by 720 has at scale 1.5.
var sizes = []fyne.Size{fyne.NewSize(1400, 900), fyne.NewSize(1080, 720), fyne.NewSize(1056, 700),
	fyne.NewSize(900, 620), fyne.NewSize(720, 480)}

func TestNoTextIsClipped(t *testing.T) {
	for _, size := range sizes {
		everyPage(t, size, func(t *testing.T, _ string, _ fyne.Window, shell *parts.Shell) {
			walk(shell, fyne.Position{}, size.Width, func(o fyne.CanvasObject, at fyne.Position, right float32) {
				text, ok := o.(*canvas.Text)
				// A mask may go on in its field: nobody reads it.
				if !ok || strings.Trim(text.Text, "•") == "" {
					return
				}
				if end := at.X + text.MinSize().Width; end > right+1 || at.X < 0 {
					t.Errorf("%q goes from %.0f to %.0f, and ends at %.0f", text.Text, at.X, end, right)
				}
			})
		})
	}
}

// Texts are what must not lie over each other; grounds and rings may.
func TestNoTextsOverlap(t *testing.T) {
	for _, size := range sizes {
		everyPage(t, size, func(t *testing.T, _ string, _ fyne.Window, shell *parts.Shell) {
			var texts []seen
			walk(shell, fyne.Position{}, size.Width, func(o fyne.CanvasObject, at fyne.Position, right float32) {
				if text, ok := o.(*canvas.Text); ok && text.Text != "" && text.Text != " " {
					box := text.MinSize()
					texts = append(texts, seen{o, at, fyne.NewPos(min(at.X+box.Width, right), at.Y+box.Height)})
				}
			})
			for i, a := range texts {
				for _, b := range texts[:i] {
					// Fyne's boxes are higher than the letters in them, and what
					// scrolls goes on below the footer.
					const slack = 4
					if b.at.Y > 380 || a.at.Y > 380 {
						continue
					}
					if a.at.X+1 < b.clip.X && b.at.X+1 < a.clip.X && a.at.Y+slack < b.clip.Y &&
						b.at.Y+slack < a.clip.Y {
						t.Errorf("%q at %v lies over %q at %v", a.o.(*canvas.Text).Text, a.at, b.o.(*canvas.Text).Text,
							b.at)
					}
				}
			}
		})
	}
}

func TestWhateverTakesTheFocusHasAName(t *testing.T) {
	everyPage(t, sizes[1], func(t *testing.T, _ string, w fyne.Window, shell *parts.Shell) {
		first := w.Canvas().Focused()
		for range 60 {
			f := w.Canvas().Focused()
			a, ok := f.(fyne.Accessible)
			if !ok || a.AccessibilityLabel() == "" {
				t.Errorf("%T has no name for a screen reader", f)
			}
			w.Canvas().FocusNext()
			if w.Canvas().Focused() == first {
				return
			}
		}
		t.Error("Tab does not come round")
	})
}

func TestEveryPageHasOneWayOn(t *testing.T) {
	everyPage(t, sizes[4], func(t *testing.T, name string, _ fyne.Window, shell *parts.Shell) {
		b := shell.Primary()
		if b == nil {
			return // a page of cards
		}
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b)
		if at.X+b.Size().Width > 720 || at.Y+b.Size().Height > 480 {
			t.Errorf("the primary button of %s is out of a small window", name)
		}
	})
}

// What a page costs to build and lay out; the bound is 8 ms.
func BenchmarkPage(b *testing.B) {
	for name, page := range pages {
		b.Run(name, func(b *testing.B) {
			_, shell := window(b, looks["light"], sizes[1])
			sampleRail(shell.Rail())
			shell.ShowPage(page())
			for b.Loop() {
				shell.ShowPage(page())
				sampleRail(shell.Rail())
			}
		})
	}
}

// Light and dark may change while the window is open.
func TestAChangeOfLookReachesEverything(t *testing.T) {
	for name, page := range pages {
		show := func(look string) fyne.Window {
			w, shell := window(t, looks[look], sizes[1])
			sampleRail(shell.Rail())
			shell.ShowPage(page())
			return w
		}
		want := pixels(show("dark"))
		w := show("light")
		fyne.CurrentApp().Settings().SetTheme(theme.Forced(looks["dark"]))
		// Fyne tells its widgets of the change in its own time.
		limit := time.Now().Add(30 * time.Second)
		for pixels(w) != want {
			if time.Now().After(limit) {
				t.Errorf("%s keeps something of the look before", name)
				break
			}
		}
	}
}

// pixels is a sum over what a window shows.
func pixels(w fyne.Window) string {
	w.Canvas().Unfocus() // Fyne's cursor keeps its colour until it blinks anew
	img := w.Canvas().Capture()
	sum := sha256.New()
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, _ := img.At(x, y).RGBA()
			sum.Write([]byte{byte(r >> 8), byte(g >> 8), byte(bl >> 8)})
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}
