package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"entrada/internal/ui/theme"
)

// CheckState says how one line of a checklist stands.
type CheckState int

// The states of a check.
const (
	CheckWaiting CheckState = iota
	CheckRunning
	CheckDone
	CheckFailed
	CheckWarned
	CheckSkipped // not asked for
	CheckUnknown // could not be found out, which is not the same as well
)

func (s CheckState) look() (icon theme.Icon, color fyne.ThemeColorName, spoken string) {
	switch s {
	case CheckRunning:
		return theme.IconRunning, theme.ColorNamePrimary, "Running"
	case CheckDone:
		return theme.IconCheck, theme.ColorNameSuccess, "Done"
	case CheckFailed:
		return theme.IconCross, theme.ColorNameDanger, "Failed"
	case CheckWarned:
		return theme.IconWarning, theme.ColorNameWarning, "Attention"
	case CheckSkipped:
		return theme.IconMinus, theme.ColorNameMuted, "Skipped"
	case CheckUnknown:
		return theme.IconQuestion, theme.ColorNameWarning, "Could not check"
	}
	return theme.IconEllipsis, theme.ColorNameMuted, "Waiting"
}

// Check is one line of a checklist.
type Check struct {
	State  CheckState
	Title  string
	Detail string // small, below the title
	Time   string // small, at the right: "0.3 s"
}

// Checklist shows what was done, what is being done and what is still to come.
type Checklist struct {
	composed
	rows  []*checkRow
	lined bool
	list  *fyne.Container
}

// NewChecklist returns a quiet list, such as progress beside a page.
func NewChecklist(checks ...Check) *Checklist { return newChecklist(false, checks) }

// NewResultList returns a list with bold titles and lines between them: the
// page's main thing.
func NewResultList(checks ...Check) *Checklist { return newChecklist(true, checks) }

func newChecklist(lined bool, checks []Check) *Checklist {
	l := &Checklist{lined: lined}
	gap := 4 * theme.Step
	if lined {
		gap = 3 * theme.Step
	}
	l.list = Column(gap)
	l.build(l, l.list)
	l.SetAll(checks...)
	return l
}

// SetAll replaces all lines.
func (l *Checklist) SetAll(checks ...Check) {
	l.rows = l.rows[:0]
	l.list.Objects = l.list.Objects[:0]
	for i, c := range checks {
		if l.lined && i > 0 {
			l.list.Objects = append(l.list.Objects, Line())
		}
		r := newCheckRow(c, l.lined)
		l.rows = append(l.rows, r)
		l.list.Objects = append(l.list.Objects, r)
	}
	l.relayout()
}

// Set replaces one line; an index outside the list is ignored.
func (l *Checklist) Set(i int, c Check) {
	if i < 0 || i >= len(l.rows) || l.rows[i].check == c {
		return
	}
	l.rows[i].set(c)
	l.relayout()
}

// SetActions puts what can be done about one line below it; without actions
// there is nothing.
func (l *Checklist) SetActions(i int, actions ...Action) {
	if i < 0 || i >= len(l.rows) {
		return
	}
	links := make([]fyne.CanvasObject, len(actions))
	for n, a := range actions {
		link := ActionLink(a).About(l.rows[i].check.Title)
		if !a.External {
			link.WithIcon(theme.IconArrow)
		}
		links[n] = link
	}
	below := l.rows[i].below
	below.Objects[0].(*fyne.Container).Objects = links
	below.Hidden = len(links) == 0
	l.relayout()
}

// Check returns one line as it stands.
func (l *Checklist) Check(i int) Check { return l.rows[i].check }

// Len returns the number of lines.
func (l *Checklist) Len() int { return len(l.rows) }

type checkRow struct {
	composed
	check  Check
	icon   *Icon
	title  *Text
	detail *Text
	time   *Text
	below  *fyne.Container
}

func newCheckRow(c Check, bold bool) *checkRow {
	r := &checkRow{}
	r.icon = NewIcon(theme.IconEllipsis, theme.ColorNameMuted, 16)
	r.title = NewText(Style{Size: theme.TextSize, Color: theme.ColorNameText, Bold: bold})
	r.detail, r.time = Caption(""), Caption("")
	r.time.style.MaxLines = 1
	r.below = Pad(theme.Step, 0, 0, 0, Wrap(5*theme.Step))
	r.below.Hide()
	r.build(r, RowTop(
		3*theme.Step, 1, Pad(2, 0, 0, 0, r.icon), Column(0, r.title, r.detail, r.below), wholeLine(r.time)))
	r.set(c)
	return r
}

func (r *checkRow) set(c Check) {
	r.check = c
	icon, color, _ := c.State.look()
	r.icon.Set(icon, color)
	r.title.SetText(c.Title)
	r.detail.Hidden = c.Detail == ""
	r.detail.SetText(c.Detail)
	r.time.Hidden = c.Time == ""
	r.time.SetText(c.Time)
	name := theme.ColorNameText
	if c.State == CheckWaiting || c.State == CheckSkipped {
		name = theme.ColorNameMuted
	}
	r.title.SetColor(name)
	r.relayout()
}

// AccessibilityLabel says the state in words.
func (r *checkRow) AccessibilityLabel() string {
	_, _, spoken := r.check.State.look()
	s := spoken + ": " + r.title.Plain()
	if r.check.Detail != "" {
		s += ". " + r.detail.Plain()
	}
	return s
}

// AccessibilityRole says that this is text.
func (r *checkRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// wholeLine keeps a text as wide as it is in one line: a time or a state at
// the right edge does not wrap.
func wholeLine(t *Text) fyne.CanvasObject {
	return container.New(wholeLineLayout{}, t)
}

type wholeLineLayout struct{}

func (wholeLineLayout) HeightFor(o []fyne.CanvasObject, width float32) float32 {
	return HeightFor(o[0], width)
}

func (wholeLineLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	if !o[0].Visible() {
		return fyne.Size{}
	}
	w := o[0].(*Text).Natural()
	return fyne.NewSize(w, HeightFor(o[0], w))
}

func (wholeLineLayout) Layout(o []fyne.CanvasObject, size fyne.Size) { o[0].Resize(size) }
