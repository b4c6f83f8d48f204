package theme

import "fyne.io/fyne/v2"

// Pair is a colour on a ground, as some part of the program shows it.
type Pair struct {
	Over, Ground fyne.ThemeColorName
	Large        bool // large bold text, an icon or the border of a control: 3:1 is enough
}

// Pairs lists what the parts draw on what. A part that puts a text on a new
// ground adds its pair here.
func Pairs() []Pair {
	var pairs []Pair
	add := func(large bool, ground fyne.ThemeColorName, over ...fyne.ThemeColorName) {
		for _, o := range over {
			pairs = append(pairs, Pair{Over: o, Ground: ground, Large: large})
		}
	}
	for _, ground := range []fyne.ThemeColorName{ColorNameBackground, ColorNameSurface, ColorNameHover} {
		add(false, ground, ColorNameText, ColorNameMuted, ColorNamePrimary, ColorNameSuccess, ColorNameWarning,
			ColorNameDanger)
	}
	for _, ground := range []fyne.ThemeColorName{ColorNameTintWarm, ColorNameTintGreen, ColorNameTintRed,
		ColorNameTintBlue} {
		add(false, ground, ColorNameText, ColorNameMuted, ColorNamePrimary)
	}
	add(false, ColorNameTintWarm, ColorNameWarning)
	add(false, ColorNameTintGreen, ColorNameSuccess)
	add(false, ColorNameTintRed, ColorNameDanger)
	add(false, ColorNamePressed, ColorNameText, ColorNamePrimary)
	add(false, ColorNameBadge, ColorNamePrimary, ColorNameText)
	add(false, ColorNamePrimary, ColorNameOnPrimary, ColorNameOnPrimaryMuted)
	add(false, ColorNamePrimaryHover, ColorNameOnPrimary, ColorNameOnPrimaryMuted)
	add(false, ColorNameDanger, ColorNameOnDanger)
	add(false, ColorNameDangerHover, ColorNameOnDanger)
	add(false, ColorNameOff, ColorNameOffText)
	for _, ground := range []fyne.ThemeColorName{ColorNameRail, ColorNameRailHover} {
		add(false, ground, ColorNameRailText, ColorNameRailMuted)
	}
	add(false, ColorNameRailCurrent, ColorNameRailText)
	add(false, ColorNameRailDone, ColorNameRailMark)
	add(false, ColorNameRailAttention, ColorNameRailMark)
	add(false, ColorNameRailBadge, ColorNameRailMark)
	add(false, ColorNamePortalBar, ColorNamePortalBarText)
	add(false, ColorNamePortalHead, ColorNameText, ColorNameMuted, ColorNamePrimary)
	add(true, ColorNameBackground, ColorNameInputBorder, ColorNameRing)
	add(true, ColorNameSurface, ColorNameInputBorder, ColorNameRing)
	add(true, ColorNameRail, ColorNameRailRing, ColorNameRailDone, ColorNameRailAttention)
	add(false, ColorNamePractice, ColorNameOnPractice)
	return pairs
}
