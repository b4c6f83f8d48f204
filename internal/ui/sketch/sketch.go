// Package sketch draws a page of the portal from a guide's data: enough to
// recognise the page and to see where to click, and no screenshot, which would
// be out of date and could not follow a screen reader, a font size or dark
// colours.
//
// Whatever the data calls ringed is drawn with a ring around it. All text wraps
// or ends with an ellipsis; the drawing fits a width of 340.
//
// The package must not know where in the journey a page stands, nor open it.
package sketch

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/guides"
	"entrada/internal/ui/parts"
	"entrada/internal/ui/theme"
)

// Width is what a sketch needs.
const Width float32 = 340

const (
	portalName = "Microsoft Entra admin center"
	above      = "What you will see in the portal"
	below      = "A sketch, not a screenshot: your portal may look a little different."
)

// Sketch is the drawing of one portal page with its captions.
type Sketch struct {
	widget.BaseWidget
	data guides.Sketch
	root *fyne.Container
}

var _ parts.Tall = (*Sketch)(nil)

// New returns the drawing.
func New(data guides.Sketch) *Sketch {
	s := &Sketch{data: data}
	s.root = parts.Column(2*theme.Step, parts.Caption(above), frame(data), parts.Caption(below))
	s.ExtendBaseWidget(s)
	return s
}

// HeightFor says how high the drawing is in a width.
func (s *Sketch) HeightFor(width float32) float32 { return parts.HeightFor(s.root, width) }

// CreateRenderer is for Fyne.
func (s *Sketch) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.root) }

// AccessibilityLabel says what page it is and what to click there.
func (s *Sketch) AccessibilityLabel() string {
	label := "Sketch of the portal page " + s.data.Heading
	if ringed := Ringed(s.data); len(ringed) > 0 {
		label += ". Marked: " + strings.Join(ringed, ", ")
	}
	return label
}

// AccessibilityRole says that this is to be read.
func (s *Sketch) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// Ringed lists what is marked, in reading order.
func Ringed(data guides.Sketch) []string {
	var names []string
	if data.MenuRinged != "" {
		names = append(names, data.MenuRinged)
	}
	for _, b := range data.Blocks {
		if b.Ringed {
			name := b.Label
			if name == "" {
				name = b.Value
			}
			names = append(names, name)
		}
		for _, i := range b.Items {
			if i.Ringed {
				names = append(names, i.Text)
			}
		}
	}
	return names
}

// frame draws the browser page: the bar, the way to the page, and the page.
func frame(data guides.Sketch) fyne.CanvasObject {
	bar := parts.NewPanel(theme.ColorNamePortalBar, "", 0,
		parts.Pad(7, 10, 7, 10, small(theme.ColorNamePortalBarText, 1, parts.Piece{Text: portalName}))).RoundedTop(
		theme.Radius)
	var crumbs []parts.Piece
	for i, c := range data.Breadcrumb {
		last := i == len(data.Breadcrumb)-1
		name := theme.ColorNameMuted
		if last {
			name = theme.ColorNameText
		}
		crumbs = append(crumbs, parts.Piece{Text: c, Bold: last, Color: name})
		if !last {
			crumbs = append(crumbs, parts.Piece{Text: " › "})
		}
	}
	way := parts.Pad(6, 10, 6, 10, small(theme.ColorNameMuted, 2, crumbs...))
	column := parts.Column(0, bar)
	if len(crumbs) > 0 {
		column.Objects = append(column.Objects, way, parts.Line())
	}
	column.Objects = append(column.Objects, body(data))
	return parts.NewPanel(theme.ColorNameSurface, theme.ColorNameBorder, 0, column)
}

// body draws the menu and the page beside it.
func body(data guides.Sketch) fyne.CanvasObject {
	page := parts.Column(2.5 * theme.Step)
	if data.Heading != "" {
		page.Objects = append(page.Objects, parts.NewText(parts.Style{
			Size: theme.CaptionSize, Color: theme.ColorNameText, Bold: true, MaxLines: 2,
		}, parts.Piece{Text: data.Heading}))
	}
	for _, b := range data.Blocks {
		page.Objects = append(page.Objects, block(b))
	}
	padded := parts.Pad(10, 10, 14, 10, page)
	if len(data.Menu) == 0 {
		return padded
	}
	menu := parts.Column(1)
	for _, entry := range data.Menu {
		menu.Objects = append(menu.Objects, menuEntry(entry, entry == data.MenuRinged))
	}
	return container.New(sideBySide{}, parts.Pad(8, 4, 8, 4, menu), parts.Line(), padded)
}

func menuEntry(name string, ringed bool) fyne.CanvasObject {
	if ringed {
		return ring(parts.Pad(3, 4, 3, 4, bold(theme.ColorNamePrimary, 2, name)))
	}
	return parts.Pad(3, 4, 3, 6, small(theme.ColorNameMuted, 1, parts.Piece{Text: name}))
}

// sideBySide puts the menu, a line and the page beside each other, equally
// high.
type sideBySide struct{}

const menuWidth = 114

func (sideBySide) HeightFor(o []fyne.CanvasObject, width float32) float32 {
	return max(parts.HeightFor(o[0], menuWidth), parts.HeightFor(o[2], width-menuWidth-1))
}

func (l sideBySide) MinSize(o []fyne.CanvasObject) fyne.Size {
	w := o[2].Size().Width + menuWidth + 1
	if o[2].Size().Width == 0 {
		w = Width
	}
	return fyne.NewSize(menuWidth+100, l.HeightFor(o, w))
}

func (sideBySide) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Resize(fyne.NewSize(menuWidth, size.Height))
	o[0].Move(fyne.Position{})
	o[1].Resize(fyne.NewSize(1, size.Height))
	o[1].Move(fyne.NewPos(menuWidth, 0))
	o[2].Resize(fyne.NewSize(size.Width-menuWidth-1, size.Height))
	o[2].Move(fyne.NewPos(menuWidth+1, 0))
}
