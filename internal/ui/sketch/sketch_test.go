package sketch

import (
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/guides"
	"entrada/internal/ui/theme"
)

func TestMain(m *testing.M) {
	test.NewApp().Settings().SetTheme(theme.Forced(fynetheme.VariantLight))
	os.Exit(m.Run())
}

func sample() guides.Sketch {
	long := strings.Repeat("A name that goes on ", 5)
	return guides.Sketch{
		Breadcrumb: []string{"App registrations", long},
		Menu: []string{"Overview", "Certificates & secrets", "API permissions",
			"Averyverylongwordwithoutanyspaceinit"},
		MenuRinged: "Certificates & secrets",
		Heading:    long,
		Blocks: []guides.Block{
			{Kind: guides.BlockCommands,
				Items: []guides.BlockItem{{Text: "+ Add a permission", Ringed: true},
					{Text: "Grant admin consent for " + long}}},
			{Kind: guides.BlockTabs,
				Items: []guides.BlockItem{{Text: "One", Chosen: true}, {Text: "Two"}, {Text: long, Ringed: true}}},
			{Kind: guides.BlockField, Label: "Name", Value: long, Ringed: true},
			{Kind: guides.BlockField, Label: "Redirect URI"},
			{Kind: guides.BlockChoices, Label: "Who can use this",
				Items: []guides.BlockItem{{Text: long, Chosen: true}, {Text: "Others", Ringed: true}}},
			{Kind: guides.BlockTable, Label: "Secrets", Items: []guides.BlockItem{
				{Text: "Value", Detail: "abc8Q~…", Ringed: true},
				{Text: "Secret ID", Detail: "00000000-0000-0000-0000-000000000000"},
				{Text: "https://example.com/" + strings.Repeat("path/", 20)},
			}},
			{Kind: guides.BlockText, Value: "Copy the **Value**."},
			{Kind: guides.BlockButton, Label: "Register", Ringed: true},
			{Kind: "something newer", Value: "still shown"},
		},
	}
}

// texts lists the drawn texts with their place in the sketch.
func texts(o fyne.CanvasObject, at fyne.Position, visit func(*canvas.Text, fyne.Position)) {
	if !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	switch o := o.(type) {
	case *canvas.Text:
		visit(o, at)
	case *fyne.Container:
		for _, child := range o.Objects {
			texts(child, at, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			texts(child, at, visit)
		}
	}
}

func TestEverythingStaysInside(t *testing.T) {
	for _, w := range []float32{Width, 300, 640} {
		s := New(sample())
		h := s.HeightFor(w)
		s.Resize(fyne.NewSize(w, h))
		if got := s.MinSize().Height; got != h {
			t.Errorf("%v wide it says it is %v high, and its MinSize is %v", w, h, got)
		}
		all := ""
		texts(s, fyne.Position{}, func(x *canvas.Text, at fyne.Position) {
			all += x.Text + " "
			if box := x.MinSize(); at.X < 0 || at.X+box.Width > w || at.Y+box.Height > h+3 {
				t.Errorf("%v wide: %q at %v leaves the sketch", w, x.Text, at)
			}
		})
		for _, want := range []string{portalName, above, "still shown", "Register", "Secret ID"} {
			if !strings.Contains(all, strings.Fields(want)[0]) {
				t.Errorf("%q is not drawn", want)
			}
		}
	}
}

func TestASketchOfNothing(t *testing.T) {
	s := New(guides.Sketch{})
	s.Resize(fyne.NewSize(Width, s.HeightFor(Width)))
}

func TestWhatIsMarkedIsSaid(t *testing.T) {
	got := New(guides.Sketch{
		Heading: "API permissions", MenuRinged: "API permissions", Menu: []string{"API permissions"},
		Blocks: []guides.Block{
			{Kind: guides.BlockCommands,
				Items: []guides.BlockItem{{Text: "+ Add a permission", Ringed: true}, {Text: "Refresh"}}},
			{Kind: guides.BlockButton, Label: "Register", Ringed: true},
		},
	}).AccessibilityLabel()
	want := "Sketch of the portal page API permissions. Marked: API permissions, + Add a permission, Register"
	if got != want {
		t.Errorf("said %q, want %q", got, want)
	}
}

func BenchmarkSketch(b *testing.B) {
	data := sample()
	for b.Loop() {
		s := New(data)
		s.Resize(fyne.NewSize(Width, s.HeightFor(Width)))
	}
}
