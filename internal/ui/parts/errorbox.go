package parts

import (
	"fyne.io/fyne/v2"

	"entrada/internal/ui/theme"
)

// FaultView is an error in the four parts that a reader needs, and what a
// helpdesk needs below them.
type FaultView struct {
	What    string // what happened: the title
	Why     string
	Who     string // who can fix it
	Next    []Action
	Details string // code, correlation ID, time; a line each
}

// FaultBox shows an error.
type FaultBox struct {
	composed
	view FaultView
}

// NewFaultBox returns the box.
func NewFaultBox(v FaultView) *FaultBox {
	b := &FaultBox{view: v}
	column := Column(2*theme.Step, NewText(Style{Size: theme.TextSize, Color: theme.ColorNameText, Bold: true},
		append([]Piece{{Icon: theme.IconCross, Color: theme.ColorNameDanger}, {Text: " "}}, Words(v.What)...)...))
	add := func(o fyne.CanvasObject) { column.Objects = append(column.Objects, o) }
	if v.Why != "" {
		add(Body(v.Why))
	}
	if v.Who != "" {
		add(NewText(Style{Size: theme.TextSize - 1, Color: theme.ColorNameText},
			append([]Piece{{Text: "Who can fix it: ", Bold: true}}, Words(v.Who)...)...))
	}
	for _, a := range v.Next {
		l := ActionLink(a)
		if !a.External {
			l.WithIcon(theme.IconArrow)
		}
		add(l)
	}
	if v.Details != "" {
		add(NewFold("Details", Column(2*theme.Step, Selectable(v.Details),
			Wrap(0, NewCopyButton("Copy details", func() string { return v.Details })))))
	}
	b.build(b, NewPanel(theme.ColorNameTintRed, theme.ColorNameDanger, 4*theme.Step, column))
	return b
}

// AccessibilityLabel reads the error.
func (b *FaultBox) AccessibilityLabel() string {
	s := b.view.What + ". " + b.view.Why
	if b.view.Who != "" {
		s += " Who can fix it: " + b.view.Who
	}
	return s
}

// AccessibilityRole says that other things are inside.
func (b *FaultBox) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// Fold is a heading that opens and closes what belongs to it.
type Fold struct {
	composed
	link *Link
	body fyne.CanvasObject
	// Opened is called after the fold was opened or closed.
	Opened func(bool)
}

// NewFold returns a closed fold.
func NewFold(label string, body fyne.CanvasObject) *Fold {
	f := &Fold{body: body}
	f.link = NewLink(label, f.Toggle).WithIcon(theme.IconRight)
	body.Hide()
	f.build(f, Column(theme.Step, f.link, body))
	return f
}

// Label is the words that open it.
func (f *Fold) Label() string { return f.link.label }

// Toggle opens or closes the fold.
func (f *Fold) Toggle() {
	open := !f.body.Visible()
	if open {
		f.link.WithIcon(theme.IconDown)
		f.body.Show()
	} else {
		f.link.WithIcon(theme.IconRight)
		f.body.Hide()
	}
	f.relayout()
	if f.Opened != nil {
		f.Opened(open)
	}
}
