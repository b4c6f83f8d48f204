package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"entrada/internal/ui/theme"
)

// Action is something that a person can do: a button's words and what they do.
type Action struct {
	Label    string
	Do       func()
	External bool // it opens something outside the program
	Disabled bool
	Missing  func()        // what a press does while it is disabled: leads to what is missing
	Copy     func() string // instead of Do: a button that copies this and says so
}

type buttonKind int

const (
	plainButton buttonKind = iota
	primaryButton
	dangerButton
	quietButton // no ground of its own: inside a field or a row
)

// Button is a push button of one line.
type Button struct {
	press
	kind     buttonKind
	small    bool
	label    string
	spoken   string
	icon     theme.Icon
	iconLast bool
}

func newButton(kind buttonKind, small bool, label string, do func()) *Button {
	b := &Button{kind: kind, small: small, label: label}
	b.onPress = do
	b.extend(b)
	return b
}

// Primary is the one button of a page that goes on.
func Primary(label string, do func()) *Button { return newButton(primaryButton, false, label, do) }

// Plain is a button beside it.
func Plain(label string, do func()) *Button { return newButton(plainButton, false, label, do) }

// Small is a plain button for a row of a list.
func Small(label string, do func()) *Button { return newButton(plainButton, true, label, do) }

// Danger is a button that takes something away.
func Danger(label string, do func()) *Button { return newButton(dangerButton, false, label, do) }

// IconButton is a small button with an icon only; label is what a screen
// reader says.
func IconButton(icon theme.Icon, label string, do func()) *Button {
	b := newButton(plainButton, true, "", do)
	b.icon, b.spoken = icon, label
	return b
}

// quiet is a button inside the frame of another part.
func quiet(label string, do func()) *Button { return newButton(quietButton, true, label, do) }

// WithIcon puts an icon before the label.
func (b *Button) WithIcon(icon theme.Icon) *Button {
	b.icon, b.iconLast = icon, false
	return b
}

// External marks a button that opens something outside the program.
func (b *Button) External() *Button {
	b.icon, b.iconLast = theme.IconExternal, true
	return b
}

// Label returns the words on the button.
func (b *Button) Label() string { return b.label }

// SetLabel changes the words on the button.
func (b *Button) SetLabel(label string) {
	if b.label != label {
		b.label = label
		b.Refresh()
	}
}

// SetAction changes what the button does.
func (b *Button) SetAction(do func()) { b.onPress = do }

// SetSpoken sets what a screen reader says where the label alone says too
// little, such as "Copy Mail.Send" for "Copy".
func (b *Button) SetSpoken(label string) *Button {
	b.spoken = label
	return b
}

// SetEnabled enables or disables the button.
func (b *Button) SetEnabled(on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}

// Disable also gives up the focus: nothing could be done with it.
func (b *Button) Disable() {
	b.press.Disable()
	if b.focused {
		if c := canvasOf(b); c != nil {
			c.Unfocus()
		}
	}
}

// AccessibilityLabel is the label, or what is said instead of it.
func (b *Button) AccessibilityLabel() string {
	if b.spoken != "" {
		return b.spoken
	}
	return b.label
}

func (b *Button) face() face {
	f := face{fill: theme.ColorNameSurface, stroke: theme.ColorNameBorder, radius: theme.Radius, ringGap: 3}
	if b.small {
		f.ringGap = 2
	}
	switch {
	case b.kind == quietButton:
		f = face{radius: 6, ringGap: -3}
		if b.hovered && !b.Disabled() {
			f.fill = theme.ColorNameHover
		}
	case b.Disabled() && b.kind == plainButton:
		f.fill = ""
	case b.Disabled():
		f.fill, f.stroke = theme.ColorNameOff, ""
	case b.kind == primaryButton:
		f.fill, f.stroke = theme.ColorNamePrimary, ""
		if b.hovered {
			f.fill = theme.ColorNamePrimaryHover
		}
	case b.kind == dangerButton:
		f.fill, f.stroke = theme.ColorNameDanger, ""
		if b.hovered {
			f.fill = theme.ColorNameDangerHover
		}
	case b.hovered:
		f.fill = theme.ColorNameHover
	}
	return f
}

func (b *Button) inkColor() fyne.ThemeColorName {
	switch {
	case b.Disabled():
		return theme.ColorNameOffText
	case b.kind == primaryButton:
		return theme.ColorNameOnPrimary
	case b.kind == dangerButton:
		return theme.ColorNameOnDanger
	case b.kind == quietButton:
		return theme.ColorNamePrimary
	}
	return theme.ColorNameText
}

// CreateRenderer is for Fyne.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	l := &buttonLabel{b: b, text: &canvas.Text{}}
	l.objects = container.NewWithoutLayout(l.text)
	r := newPressRenderer(&b.press, l.objects, b.face, l.paint)
	l.objects.Layout = l
	return r
}

// buttonLabel lays out the words and the icon of a button.
type buttonLabel struct {
	b       *Button
	text    *canvas.Text
	icon    *Icon
	objects *fyne.Container
}

func (l *buttonLabel) room() (side, height float32) {
	if l.b.small {
		return 3 * theme.Step, 34
	}
	return 4.5 * theme.Step, 40
}

func (l *buttonLabel) paint() {
	l.text.Text, l.text.TextSize = l.b.label, theme.TextSize
	l.text.TextStyle = fyne.TextStyle{Bold: l.b.kind == primaryButton || l.b.kind == dangerButton}
	l.text.Color = themeColor(l.b, l.b.inkColor())
	l.text.Refresh()
	if l.b.icon == "" {
		return
	}
	if l.icon == nil {
		l.icon = NewIcon(l.b.icon, l.b.inkColor(), theme.TextSize)
		l.objects.Objects = []fyne.CanvasObject{l.text, l.icon}
		return
	}
	l.icon.Set(l.b.icon, l.b.inkColor())
}

func (l *buttonLabel) MinSize([]fyne.CanvasObject) fyne.Size {
	side, height := l.room()
	w := float32(0)
	if l.b.label != "" {
		w = l.text.MinSize().Width
	}
	if l.icon != nil {
		w += theme.TextSize
		if l.b.label != "" {
			w += 6
		}
	}
	return fyne.NewSize(ceil(w+2*side), height)
}

func (l *buttonLabel) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	text := fyne.Size{}
	if l.b.label != "" {
		text = l.text.MinSize()
	}
	iconW := float32(0)
	if l.icon != nil {
		iconW = theme.TextSize
		if l.b.label != "" {
			iconW += 6
		}
	}
	x := (size.Width - text.Width - iconW) / 2
	textX, iconX := x, x
	if l.icon != nil {
		if l.b.iconLast {
			iconX = x + text.Width + 6
		} else {
			textX = x + iconW
		}
		l.icon.Resize(fyne.NewSquareSize(theme.TextSize))
		l.icon.Move(fyne.NewPos(iconX, (size.Height-theme.TextSize)/2))
	}
	l.text.Resize(text)
	l.text.Move(fyne.NewPos(textX, (size.Height-text.Height)/2))
}
