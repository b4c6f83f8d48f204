package theme

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"
)

var variants = map[string]fyne.ThemeVariant{"light": fynetheme.VariantLight, "dark": fynetheme.VariantDark}

// luminance follows WCAG 2.2, "relative luminance".
func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	channel := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(n.R) + 0.7152*channel(n.G) + 0.0722*channel(n.B)
}

func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func TestEveryPairMeetsAA(t *testing.T) {
	th := New()
	for name, v := range variants {
		for _, p := range Pairs() {
			want := 4.5
			if p.Large {
				want = 3
			}
			if got := contrast(th.Color(p.Over, v), th.Color(p.Ground, v)); got < want {
				t.Errorf("%s: %s on %s has contrast %.2f, want at least %.1f", name, p.Over, p.Ground, got, want)
			}
		}
	}
}

func TestEveryColourOfFyneIsDefined(t *testing.T) {
	test.AssertAllColorNamesDefined(t, New(), "entrada")
}

func TestForcedVariantWins(t *testing.T) {
	for _, v := range variants {
		for _, asked := range variants {
			if got, want := Forced(v).Color(ColorNameBackground, asked),
				New().Color(ColorNameBackground, v); got != want {
				t.Errorf("forced %v asked for %v: got %v, want %v", v, asked, got, want)
			}
		}
	}
}

func TestTokensAreThoseOfTheDesign(t *testing.T) {
	for name, want := range map[fyne.ThemeColorName][2]uint32{
		ColorNameBackground: {0xF6F7F9, 0x11161D},
		ColorNameSurface:    {0xFFFFFF, 0x1A212B},
		ColorNameRail:       {0x12263F, 0x0C121A},
		ColorNameRailText:   {0xFFFFFF, 0xE8EDF4},
		ColorNameText:       {0x1B2430, 0xE8EDF4},
		ColorNameMuted:      {0x5A6675, 0xA3AFBF},
		ColorNamePrimary:    {0x0B5CAD, 0x6CB2FF},
		ColorNameSuccess:    {0x1B7F4B, 0x5FD39A},
		ColorNameWarning:    {0x8F5B00, 0xF2B84B},
		ColorNameDanger:     {0xB3261E, 0xFF8A80},
		ColorNameBorder:     {0xD9DFE7, 0x2C3643},
	} {
		if got := palettes[name]; got != (palette{want[0], want[1]}) {
			t.Errorf("%s is %06X, want %06X", name, got, want)
		}
	}
	if New().Size(fynetheme.SizeNameModalBlurRadius) != 0 {
		t.Error("modal blur must be off")
	}
}

// An icon that the SVG reader cannot draw would show as nothing at all.
func TestEveryIconDrawsSomething(t *testing.T) {
	test.NewTempApp(t)
	for _, icon := range Icons() {
		c := software.NewTransparentCanvas()
		c.SetPadded(false)
		c.SetContent(canvas.NewImageFromResource(Image(icon, color.Black)))
		c.Resize(fyne.NewSize(24, 24))
		img, inked := c.Capture(), 0
		for y := range 24 {
			for x := range 24 {
				if _, _, _, a := img.At(x, y).RGBA(); a > 0x8000 {
					inked++
				}
			}
		}
		if inked < 4 || inked > 300 {
			t.Errorf("icon %s has %d inked pixels", icon, inked)
		}
	}
	if Image(IconCheck, color.Black) != Image(IconCheck, color.Black) {
		t.Error("the same icon in the same colour must be the same resource")
	}
}
