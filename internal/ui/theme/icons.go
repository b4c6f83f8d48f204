package theme

import (
	"fmt"
	"image/color"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
)

// Icon names one of Entrada's own drawings. They are drawings and not letters
// because the bundled fonts have no check mark, cross or arrow to the upper
// right, and what a font lacks shows as a box.
type Icon string

// The icons.
const (
	IconCheck    Icon = "check"
	IconCross    Icon = "cross"
	IconWarning  Icon = "warning" // an exclamation mark
	IconInfo     Icon = "info"
	IconQuestion Icon = "question"
	IconMinus    Icon = "minus"
	IconEllipsis Icon = "ellipsis"
	IconArrow    Icon = "arrow"    // to the right
	IconBack     Icon = "back"     // to the left
	IconExternal Icon = "external" // leaves the program
	IconCopy     Icon = "copy"
	IconDown     Icon = "down"
	IconRight    Icon = "right"
	IconRunning  Icon = "running"
	IconDot      Icon = "dot"
	IconPlus     Icon = "plus"
)

// strokes holds the path of each icon on a field of 24 by 24, drawn with a
// round pen.
var strokes = map[Icon]string{
	IconCheck:    `<path d="M4.5 12.5 L10 18 L19.5 6.5"/>`,
	IconCross:    `<path d="M6 6 L18 18 M18 6 L6 18"/>`,
	IconWarning:  `<path d="M12 4.5 L12 14 M12 19 L12 19.1"/>`,
	IconInfo:     `<path d="M12 10 L12 19.5 M12 5 L12 5.1"/>`,
	IconQuestion: `<path d="M8 8.5 C8 3.5 16 3.5 16 8.5 C16 11.5 12 11.5 12 14.5 M12 19 L12 19.1"/>`,
	IconMinus:    `<path d="M6 12 L18 12"/>`,
	IconEllipsis: `<path d="M5 12 L5.1 12 M12 12 L12.1 12 M19 12 L19.1 12"/>`,
	IconArrow:    `<path d="M4 12 L20 12 M14 6 L20 12 L14 18"/>`,
	IconBack:     `<path d="M20 12 L4 12 M10 6 L4 12 L10 18"/>`,
	IconExternal: `<path d="M6 18 L18 6 M8.5 6 L18 6 L18 15.5"/>`,
	IconCopy:     `<path d="M9 9 L20 9 L20 20 L9 20 Z M15 5 L15 4 L4 4 L4 15 L5 15"/>`,
	IconDown:     `<path d="M5 9 L12 16 L19 9"/>`,
	IconRight:    `<path d="M9 5 L16 12 L9 19"/>`,
	IconRunning: `<path d="M12 3.5 L12 7 M12 17 L12 20.5 M3.5 12 L7 12 M17 12 L20.5 12 M6 6 L8.4 8.4 ` +
		`M15.6 15.6 L18 18 M6 18 L8.4 15.6 M15.6 8.4 L18 6"/>`,
	IconDot:  `<circle cx="12" cy="12" r="6" fill="INK" stroke="none"/>`,
	IconPlus: `<path d="M12 5 L12 19 M5 12 L19 12"/>`,
}

// Icons lists all icons, for tests and the gallery.
func Icons() []Icon {
	return []Icon{
		IconCheck, IconCross, IconWarning, IconInfo, IconQuestion, IconMinus, IconEllipsis, IconArrow,
		IconBack, IconExternal, IconCopy, IconDown, IconRight, IconRunning, IconDot, IconPlus,
	}
}

type drawnIcon struct {
	icon  Icon
	color color.NRGBA
}

var (
	drawnMu sync.Mutex
	drawn   = map[drawnIcon]fyne.Resource{}
)

// Image returns an icon in a colour. The same icon in the same colour is the
// same resource, so that Fyne draws it once.
func Image(icon Icon, c color.Color) fyne.Resource {
	key := drawnIcon{icon, color.NRGBAModel.Convert(c).(color.NRGBA)}
	drawnMu.Lock()
	defer drawnMu.Unlock()
	if r, ok := drawn[key]; ok {
		return r
	}
	hex := fmt.Sprintf("#%02x%02x%02x", key.color.R, key.color.G, key.color.B)
	width := "2.4"
	switch icon {
	case IconExternal, IconArrow, IconBack, IconCopy, IconDown, IconRight:
		width = "1.9"
	}
	svg := `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">` +
		`<g fill="none" stroke="` + hex + `" stroke-width="` + width +
		`" stroke-linecap="round" stroke-linejoin="round">` +
		strings.ReplaceAll(strokes[icon], "INK", hex) + `</g></svg>`
	r := fyne.NewStaticResource(string(icon)+"-"+hex[1:]+".svg", []byte(svg))
	drawn[key] = r
	return r
}
