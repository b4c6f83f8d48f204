package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Sizes in device-independent pixels. Spacing goes in steps of four.
const (
	Step   float32 = 4 // one step of spacing
	Radius float32 = 8

	TextSize       float32 = 14
	HeadingSize    float32 = 22
	SubHeadingSize float32 = 17
	CaptionSize    float32 = 12
	SmallSize      float32 = 11 // inside a sketch only
)

// Theme is Entrada's look as Fyne wants it.
type Theme struct {
	variant *fyne.ThemeVariant // nil follows the desktop
}

var _ fyne.Theme = (*Theme)(nil)

// New returns the theme that follows the desktop's choice of light or dark.
func New() *Theme { return &Theme{} }

// Forced returns the theme in one variant, whatever the desktop says.
func Forced(v fyne.ThemeVariant) *Theme { return &Theme{variant: &v} }

// Color returns the colour of a name.
func (t *Theme) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	if t.variant != nil {
		v = *t.variant
	}
	if c, ok := lookup(name, v); ok {
		return c
	}
	return fynetheme.DefaultTheme().Color(name, v)
}

// Font returns Fyne's bundled fonts: they are there on every machine.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource { return fynetheme.DefaultTheme().Font(s) }

// Icon returns Fyne's icons, which only Fyne's own widgets ask for; ours come
// from [Image].
func (t *Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return fynetheme.DefaultTheme().Icon(n) }

// Size returns the size of a name.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case fynetheme.SizeNameText:
		return TextSize
	case fynetheme.SizeNameHeadingText:
		return HeadingSize
	case fynetheme.SizeNameSubHeadingText:
		return SubHeadingSize
	case fynetheme.SizeNameCaptionText:
		return CaptionSize
	case fynetheme.SizeNamePadding, fynetheme.SizeNameLineSpacing:
		return Step
	case fynetheme.SizeNameInnerPadding:
		return 2 * Step
	case fynetheme.SizeNameInputBorder, fynetheme.SizeNameSeparatorThickness:
		return 1
	case fynetheme.SizeNameInputRadius, fynetheme.SizeNameButtonRadius, fynetheme.SizeNameCardRadius,
		fynetheme.SizeNameDialogRadius, fynetheme.SizeNamePopupRadius, fynetheme.SizeNameMenuRadius:
		return Radius
	case fynetheme.SizeNameModalBlurRadius:
		return 0 // a blur costs a redraw of the whole window on every resize
	}
	return fynetheme.DefaultTheme().Size(name)
}
