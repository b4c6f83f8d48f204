package parts

import (
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// The shortcuts of every page. Those with Super are what a Mac's keyboard has.
var (
	primaryShortcuts = []*desktop.CustomShortcut{
		{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierControl},
		{KeyName: fyne.KeyEnter, Modifier: fyne.KeyModifierControl},
		{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierSuper},
	}
	backShortcuts = []*desktop.CustomShortcut{
		{KeyName: fyne.KeyLeft, Modifier: fyne.KeyModifierAlt},
		{KeyName: fyne.KeyLeftBracket, Modifier: fyne.KeyModifierSuper},
	}
)

func among(s *desktop.CustomShortcut, list []*desktop.CustomShortcut) bool {
	for _, l := range list {
		if l.ShortcutName() == s.ShortcutName() {
			return true
		}
	}
	return false
}

// isPageShortcut says whether a text field leaves a shortcut to the page. On a
// Mac, Alt+Left moves by a word there.
func isPageShortcut(s *desktop.CustomShortcut) bool {
	if runtime.GOOS == "darwin" && s.KeyName == fyne.KeyLeft {
		return false
	}
	return among(s, primaryShortcuts) || among(s, backShortcuts)
}

// listen takes the keys that nothing else used.
func (s *Shell) listen() {
	s.canvas.SetOnTypedKey(s.typedKey)
	for _, list := range [][]*desktop.CustomShortcut{primaryShortcuts, backShortcuts} {
		for _, sc := range list {
			s.canvas.AddShortcut(sc, s.TypedShortcut)
		}
	}
	if c, ok := s.canvas.(desktop.Canvas); ok {
		c.SetOnKeyDown(keyWentDown)
	}
}

// TypedShortcut does what a shortcut of the page does. While a dialog is open
// it is the dialog's.
func (s *Shell) TypedShortcut(sc fyne.Shortcut) {
	custom, ok := sc.(*desktop.CustomShortcut)
	if !ok {
		return
	}
	switch top := s.canvas.Overlays().Top().(type) {
	case nil:
	case *Dialog:
		if among(custom, primaryShortcuts) && freshPress() {
			top.pressPrimary()
		}
		return
	default:
		return
	}
	switch {
	case among(custom, primaryShortcuts):
		if freshPress() {
			s.pressPrimary()
		}
	case among(custom, backShortcuts):
		s.pressBack()
	}
}

func (s *Shell) pressPrimary() {
	if s.footer.primary != nil {
		s.footer.primary.Press()
	}
}

func (s *Shell) pressBack() {
	if s.page.Back != nil {
		s.page.Back()
	}
}

func (s *Shell) typedKey(ev *fyne.KeyEvent) {
	if s.canvas.Overlays().Top() != nil {
		return // a dialog listens by itself; a menu has its own keys
	}
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if freshPress() {
			s.pressPrimary()
		}
	case fyne.KeyEscape:
		if s.page.Cancel != nil {
			s.page.Cancel()
		}
	case fyne.KeyF1:
		if s.page.Help != nil {
			s.page.Help()
		}
	case fyne.KeyDown:
		scrollBy(s.content, lineStep)
	case fyne.KeyUp:
		scrollBy(s.content, -lineStep)
	case fyne.KeyPageDown:
		scrollBy(s.content, s.content.Size().Height*0.9)
	case fyne.KeyPageUp:
		scrollBy(s.content, -s.content.Size().Height*0.9)
	case fyne.KeyHome:
		scrollBy(s.content, -s.content.Content.Size().Height)
	case fyne.KeyEnd:
		scrollBy(s.content, s.content.Content.Size().Height)
	}
}
