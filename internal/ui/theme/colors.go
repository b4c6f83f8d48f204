package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// The names of Entrada's colours. Where Fyne has a name for the same thing, it
// is Fyne's, so that Fyne's own widgets follow.
const (
	ColorNameBackground = fynetheme.ColorNameBackground
	ColorNameText       = fynetheme.ColorNameForeground
	ColorNamePrimary    = fynetheme.ColorNamePrimary
	ColorNameOnPrimary  = fynetheme.ColorNameForegroundOnPrimary
	ColorNameSuccess    = fynetheme.ColorNameSuccess
	ColorNameWarning    = fynetheme.ColorNameWarning
	ColorNameDanger     = fynetheme.ColorNameError
	ColorNameOnDanger   = fynetheme.ColorNameForegroundOnError
	ColorNameHover      = fynetheme.ColorNameHover
	ColorNamePressed    = fynetheme.ColorNamePressed
	ColorNameBorder     = fynetheme.ColorNameSeparator
	// ColorNameInputBorder is stronger than ColorNameBorder: without its border
	// a field is not recognisable as one.
	ColorNameInputBorder = fynetheme.ColorNameInputBorder

	ColorNameSurface        fyne.ThemeColorName = "surface"
	ColorNameMuted          fyne.ThemeColorName = "muted"
	ColorNameRing           fyne.ThemeColorName = "ring" // around what has the keyboard
	ColorNameBadge          fyne.ThemeColorName = "badge"
	ColorNameOff            fyne.ThemeColorName = "off" // the ground of a disabled primary button
	ColorNameOffText        fyne.ThemeColorName = "offText"
	ColorNameScrim          fyne.ThemeColorName = "scrim"
	ColorNameClear          fyne.ThemeColorName = "clear"
	ColorNamePrimaryHover   fyne.ThemeColorName = "primaryHover"
	ColorNameDangerHover    fyne.ThemeColorName = "dangerHover"
	ColorNameOnPrimaryMuted fyne.ThemeColorName = "onPrimaryMuted"

	ColorNameRail          fyne.ThemeColorName = "rail"
	ColorNameRailText      fyne.ThemeColorName = "railText"
	ColorNameRailMuted     fyne.ThemeColorName = "railMuted"
	ColorNameRailCurrent   fyne.ThemeColorName = "railCurrent"
	ColorNameRailHover     fyne.ThemeColorName = "railHover"
	ColorNameRailDone      fyne.ThemeColorName = "railDone"
	ColorNameRailAttention fyne.ThemeColorName = "railAttention"
	ColorNameRailMark      fyne.ThemeColorName = "railMark" // on done, attention and current badges
	ColorNameRailBadge     fyne.ThemeColorName = "railBadge"
	ColorNameRailRing      fyne.ThemeColorName = "railRing"

	ColorNameTintWarm  fyne.ThemeColorName = "tintWarm"
	ColorNameTintGreen fyne.ThemeColorName = "tintGreen"
	ColorNameTintRed   fyne.ThemeColorName = "tintRed"
	ColorNameTintBlue  fyne.ThemeColorName = "tintBlue"

	ColorNamePractice   fyne.ThemeColorName = "practice" // the ground of the practice bar
	ColorNameOnPractice fyne.ThemeColorName = "onPractice"

	ColorNamePortalBar     fyne.ThemeColorName = "portalBar"
	ColorNamePortalBarText fyne.ThemeColorName = "portalBarText"
	ColorNamePortalHead    fyne.ThemeColorName = "portalHead" // head row of a table, ground of a chosen tab
)

// palette holds, for one name, the light and the dark value as 0xRRGGBB.
type palette struct{ light, dark uint32 }

var palettes = map[fyne.ThemeColorName]palette{
	ColorNameBackground:     {0xF6F7F9, 0x11161D},
	ColorNameSurface:        {0xFFFFFF, 0x1A212B},
	ColorNameText:           {0x1B2430, 0xE8EDF4},
	ColorNameMuted:          {0x5A6675, 0xA3AFBF},
	ColorNamePrimary:        {0x0B5CAD, 0x6CB2FF},
	ColorNamePrimaryHover:   {0x094B8E, 0x8CC3FF},
	ColorNameOnPrimary:      {0xFFFFFF, 0x0B1826},
	ColorNameOnPrimaryMuted: {0xE3EEFA, 0x12263F},
	ColorNameSuccess:        {0x1B7F4B, 0x5FD39A},
	ColorNameWarning:        {0x8F5B00, 0xF2B84B},
	ColorNameDanger:         {0xB3261E, 0xFF8A80},
	ColorNameDangerHover:    {0x8F1D17, 0xFFA59D},
	ColorNameOnDanger:       {0xFFFFFF, 0x2A0B09},
	ColorNameBorder:         {0xD9DFE7, 0x2C3643},
	ColorNameInputBorder:    {0x828E9C, 0x68778A},
	ColorNameHover:          {0xF0F3F7, 0x232C38},
	ColorNamePressed:        {0xE0E7EF, 0x2C3745},
	ColorNameRing:           {0x0B5CAD, 0x6CB2FF},
	ColorNameBadge:          {0xE6F0FB, 0x14283F},
	ColorNameOff:            {0xDDE3EA, 0x2A333F},
	ColorNameOffText:        {0x5A6675, 0x9AA6B6},

	ColorNameRail:          {0x12263F, 0x0C121A},
	ColorNameRailText:      {0xFFFFFF, 0xE8EDF4},
	ColorNameRailMuted:     {0xA9B7C9, 0x8E9AAB},
	ColorNameRailCurrent:   {0x2C3F57, 0x2A2F37},
	ColorNameRailHover:     {0x1E334E, 0x171E28},
	ColorNameRailDone:      {0x5FD39A, 0x5FD39A},
	ColorNameRailAttention: {0xF2B84B, 0xF2B84B},
	ColorNameRailMark:      {0x0C1A2B, 0x0C1A2B},
	ColorNameRailBadge:     {0xFFFFFF, 0xE8EDF4},
	ColorNameRailRing:      {0x9CCBFF, 0x6CB2FF},

	ColorNameTintWarm:  {0xFDF1DE, 0x33280F},
	ColorNameTintGreen: {0xE9F6EF, 0x11301F},
	ColorNameTintRed:   {0xFCE9E7, 0x3A1917},
	ColorNameTintBlue:  {0xE6F0FB, 0x14283F},

	ColorNamePractice:   {0xF6B445, 0xD9972E},
	ColorNameOnPractice: {0x2B1D00, 0x1E1400},

	ColorNamePortalBar:     {0x12263F, 0x0C121A},
	ColorNamePortalBarText: {0xFFFFFF, 0xE8EDF4},
	ColorNamePortalHead:    {0xF1F4F8, 0x141A23},

	// What only Fyne's own widgets ask for.
	fynetheme.ColorNameButton:                    {0xFFFFFF, 0x1A212B},
	fynetheme.ColorNameDisabledButton:            {0xDDE3EA, 0x2A333F},
	fynetheme.ColorNameDisabled:                  {0x6B7786, 0x8793A3},
	fynetheme.ColorNamePlaceHolder:               {0x5A6675, 0xA3AFBF},
	fynetheme.ColorNameHyperlink:                 {0x0B5CAD, 0x6CB2FF},
	fynetheme.ColorNameInputBackground:           {0xFFFFFF, 0x1A212B},
	fynetheme.ColorNameMenuBackground:            {0xFFFFFF, 0x1A212B},
	fynetheme.ColorNameOverlayBackground:         {0xFFFFFF, 0x1A212B},
	fynetheme.ColorNameHeaderBackground:          {0xF1F4F8, 0x141A23},
	fynetheme.ColorNameScrollBar:                 {0xB4BECA, 0x46535F},
	fynetheme.ColorNameScrollBarBackground:       {0xEDF1F6, 0x171D26},
	fynetheme.ColorNameForegroundOnSuccess:       {0xFFFFFF, 0x0B1826},
	fynetheme.ColorNameForegroundOnWarning:       {0xFFFFFF, 0x0B1826},
	fynetheme.ColorNameInnerWindowBorder:         {0xD9DFE7, 0x2C3643},
	fynetheme.ColorNameInnerWindowBorderInactive: {0xD9DFE7, 0x2C3643},
}

// sheer holds the few that let through what lies below them.
var sheer = map[fyne.ThemeColorName][2]color.NRGBA{
	ColorNameScrim:               {{R: 0x0C, G: 0x16, B: 0x24, A: 0x80}, {A: 0xA6}},
	ColorNameClear:               {{}, {}},
	fynetheme.ColorNameSelection: {{R: 0x0B, G: 0x5C, B: 0xAD, A: 0x40}, {R: 0x6C, G: 0xB2, B: 0xFF, A: 0x50}},
	fynetheme.ColorNameFocus:     {{R: 0x0B, G: 0x5C, B: 0xAD, A: 0x2A}, {R: 0x6C, G: 0xB2, B: 0xFF, A: 0x2A}},
	fynetheme.ColorNameShadow:    {{A: 0x20}, {A: 0x50}},
}

// lookup finds a colour of ours; ok is false for a name that Fyne may have
// added since.
func lookup(name fyne.ThemeColorName, variant fyne.ThemeVariant) (color.Color, bool) {
	if p, ok := palettes[name]; ok {
		v := p.light
		if variant == fynetheme.VariantDark {
			v = p.dark
		}
		return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xFF}, true
	}
	if s, ok := sheer[name]; ok {
		if variant == fynetheme.VariantDark {
			return s[1], true
		}
		return s[0], true
	}
	return nil, false
}
