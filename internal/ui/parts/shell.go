package parts

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"entrada/internal/ui/theme"
)

// The measures of the frame.
const (
	contentWidest float32 = 640
	wideWidest    float32 = 1080
	asideWidth    float32 = 340
	asideFrom     float32 = 1056 // narrower, an ID would no longer fit into its field beside the aside
	margin        float32 = 8 * theme.Step
	asideGap      float32 = 7 * theme.Step
	asideClear    float32 = 2 * theme.Step // between the content's scroll bar and the aside
)

// AsidePlace says what becomes of a page's aside in a narrow window.
type AsidePlace int

// Where the aside goes.
const (
	AsideHidden AsidePlace = iota
	AsideBelow
	AsideAbove // for what the page is about, such as the cause of a failure
)

// Page is what the frame shows.
type Page struct {
	Title  string // the heading and the window's title
	Lead   string // the reason, below the heading; may hold **bold** words
	Body   []fyne.CanvasObject
	Gap    float32 // between the objects of Body; 0 for the usual
	Aside  fyne.CanvasObject
	Narrow AsidePlace
	Side   fyne.CanvasObject // in the place of the rail: what to choose from, see [NewSide]
	Wide   bool              // the whole width of the window, without the rail
	Bare   bool              // no heading: Title is for the window only

	First fyne.Focusable // gets the focus; nil for the first that can have it

	Back    func()
	Links   []Action // at the left of the footer
	Others  []Action // plain buttons beside the primary one
	Primary Action   // no Label, no button
	Danger  bool     // the primary action takes something away

	Cancel func() // Esc
	Help   func() // F1
}

// Shell is the frame around all pages: the rail, the page with its aside, and
// the footer with what can be done. It must be the content of its window, for
// it is where keys arrive that nothing else used.
type Shell struct {
	widget.BaseWidget
	canvas   fyne.Canvas
	setTitle func(string)
	rail     *Rail
	railOn   bool
	bar      *Bar // above all pages; nil for none

	page    Page
	heading *Text
	lead    *Text
	content *scroller
	aside   *scroller // nil without an aside
	merged  bool      // the aside stands in the content
	footer  *footer

	wasNarrow bool // when the content was last composed

	renderer *shellRenderer
}

// NewShell returns the frame for a canvas; setTitle gets the title of each
// page. Call [Shell.ShowPage] after the shell became the window's content.
func NewShell(c fyne.Canvas, rail *Rail, setTitle func(string)) *Shell {
	s := &Shell{canvas: c, setTitle: setTitle, rail: rail}
	s.footer = newFooter()
	s.content = newScroller(container.New(pageLayout{}, Column(0)))
	s.ExtendBaseWidget(s)
	s.listen()
	return s
}

// Rail returns the rail, to set its steps.
func (s *Shell) Rail() *Rail { return s.rail }

// SetBar puts a bar above every page. Call it before the window shows.
func (s *Shell) SetBar(b *Bar) { s.bar = b }

// Page returns what is shown.
func (s *Shell) Page() Page { return s.page }

// ShowPage shows another page from its top, and gives the focus to its first
// field.
func (s *Shell) ShowPage(p Page) {
	// A button that is gone must not be pressed by the next Space.
	s.canvas.Unfocus()
	changed = time.Now()
	s.page = p
	if p.Gap == 0 {
		s.page.Gap = 4 * theme.Step
	}
	s.railOn = s.rail != nil && !p.Wide && p.Side == nil
	s.heading, s.lead = Heading(p.Title), Muted(p.Lead)
	s.lead.Hidden = p.Lead == ""
	s.aside = nil
	if p.Aside != nil {
		s.aside = newScroller(container.New(pageLayout{room: fyne.NewSize(0, margin)}, p.Aside))
	}
	s.footer.set(p)
	s.compose()
	if s.setTitle != nil {
		s.setTitle(p.Title)
	}
	s.content.Offset = fyne.Position{}
	if s.renderer != nil {
		s.renderer.fill()
	}
	s.Refresh()
	s.focusFirst()
}

// compose fills the content column.
func (s *Shell) compose() {
	s.wasNarrow = s.narrow()
	s.merged = s.page.Aside != nil && s.wasNarrow && s.page.Narrow != AsideHidden
	column := Column(s.page.Gap)
	if !s.page.Bare {
		// A little more room below than between what follows.
		head := Pad(0, 0, theme.Step, 0, Column(theme.Step, s.heading, s.lead))
		column.Objects = append(column.Objects, head)
	}
	if s.merged && s.page.Narrow == AsideAbove {
		column.Objects = append(column.Objects, s.page.Aside)
	}
	column.Objects = append(column.Objects, s.page.Body...)
	if s.merged && s.page.Narrow == AsideBelow {
		column.Objects = append(column.Objects, s.page.Aside)
	}
	l := pageLayout{room: fyne.NewSize(margin, margin), widest: contentWidest}
	if s.aside != nil && !s.wasNarrow {
		l.right = margin - asideGap + asideClear
	}
	if s.page.Wide {
		l = pageLayout{room: fyne.NewSize(12*theme.Step, 10*theme.Step), widest: wideWidest, centre: true}
	}
	s.content.Content = container.New(l, column)
	if s.aside != nil {
		aside := s.page.Aside
		if s.merged {
			aside = Room(0, 0)
		}
		s.aside.Content = container.New(pageLayout{room: fyne.NewSize(4, margin)}, aside)
	}
}

func (s *Shell) narrow() bool {
	w := s.Size().Width
	return w > 0 && w < asideFrom
}

// SetHeading changes the heading and the text below it, such as when a result
// comes in. The window's title follows.
func (s *Shell) SetHeading(title, lead string) {
	s.page.Title, s.page.Lead = title, lead
	s.heading.SetText(title)
	s.lead.Hidden = lead == ""
	s.lead.SetText(lead)
	if s.setTitle != nil {
		s.setTitle(title)
	}
	s.Refresh()
}

// Primary returns the primary button of the page, nil if it has none.
func (s *Shell) Primary() *Button { return s.footer.primary }

// EnablePrimary lets the reader go on, or not yet.
func (s *Shell) EnablePrimary(on bool) {
	if s.footer.primary != nil {
		s.footer.primary.SetEnabled(on)
	}
}

// SetPrimary changes the words of the primary button and what it does.
func (s *Shell) SetPrimary(a Action) {
	if b := s.footer.primary; b != nil {
		b.SetAction(a.Do)
		b.missing = a.Missing
		b.SetLabel(a.Label)
		b.SetEnabled(!a.Disabled)
		s.page.Primary = a
		s.footer.Refresh()
	}
}

// focusFirst gives the focus to the first field of the page, or to the primary
// button of a page that has none.
func (s *Shell) focusFirst() {
	if s.page.First != nil {
		s.canvas.Focus(s.page.First)
		return
	}
	s.canvas.FocusNext()
	got := s.canvas.Focused()
	o, ok := got.(fyne.CanvasObject)
	if got == nil || !ok {
		return
	}
	if s.footer.holds(o) && s.footer.primary != nil && !s.footer.primary.Disabled() {
		s.canvas.Focus(s.footer.primary)
	}
}

// reveal scrolls what got the focus into view.
func (s *Shell) reveal(o fyne.CanvasObject) {
	if s.footer.holds(o) || s.bar.holds(o) {
		return
	}
	driver := fyne.CurrentApp().Driver()
	x := driver.AbsolutePositionForObject(o).X
	switch {
	case s.page.Side != nil && x < driver.AbsolutePositionForObject(s.content).X:
		return // it is always in view
	case s.railOn && x < driver.AbsolutePositionForObject(s).X+RailWidth:
		s.rail.reveal(o)
	case s.aside != nil && s.aside.Visible() && x >= driver.AbsolutePositionForObject(s.aside).X:
		revealIn(s.aside, o, 4*theme.Step)
	default:
		revealIn(s.content, o, 4*theme.Step)
	}
}

// scrollerAt is what scrolls at a place of the window; nil where that is neither
// the page nor its aside.
func (s *Shell) scrollerAt(x float32) *scroller {
	driver := fyne.CurrentApp().Driver()
	switch {
	case s.aside != nil && s.aside.Visible() && x >= driver.AbsolutePositionForObject(s.aside).X:
		return s.aside
	case x >= driver.AbsolutePositionForObject(s.content).X:
		return s.content
	}
	return nil
}

// CreateRenderer is for Fyne.
func (s *Shell) CreateRenderer() fyne.WidgetRenderer {
	s.renderer = &shellRenderer{s: s}
	s.renderer.fill()
	return s.renderer
}

type shellRenderer struct {
	s       *Shell
	objects []fyne.CanvasObject
}

// fill puts the objects into the order in which Tab visits them.
func (r *shellRenderer) fill() {
	r.objects = r.objects[:0:0]
	if r.s.page.Side != nil {
		r.objects = append(r.objects, r.s.page.Side)
	}
	r.objects = append(r.objects, r.s.content)
	if r.s.aside != nil {
		r.objects = append(r.objects, r.s.aside)
	}
	if !r.s.footer.empty() {
		r.objects = append(r.objects, r.s.footer)
	}
	if r.s.railOn {
		r.objects = append(r.objects, r.s.rail)
	}
	if r.s.bar != nil {
		r.objects = append(r.objects, r.s.bar)
	}
}

func (r *shellRenderer) Destroy()                     {}
func (r *shellRenderer) Objects() []fyne.CanvasObject { return r.objects }

// MinSize is small enough for a small screen at scale 1.5; everything above it
// scrolls.
func (r *shellRenderer) MinSize() fyne.Size { return fyne.NewSize(720, 420) }

func (r *shellRenderer) Layout(size fyne.Size) {
	s := r.s
	if size.Width == 0 {
		return
	}
	if s.page.Aside != nil && s.narrow() != s.wasNarrow {
		s.compose()
		s.content.Refresh()
		if s.aside != nil {
			s.aside.Refresh()
		}
	}
	left, top := float32(0), float32(0)
	if s.bar != nil {
		top = barHeight
		s.bar.Resize(fyne.NewSize(size.Width, top))
		s.bar.Move(fyne.Position{})
		size.Height -= top
	}
	if s.railOn {
		left = RailWidth
		s.rail.Resize(fyne.NewSize(RailWidth, size.Height))
		s.rail.Move(fyne.NewPos(0, top))
	}
	if side := s.page.Side; side != nil {
		left = sideWidth(size.Width)
		side.Resize(fyne.NewSize(left, size.Height))
		side.Move(fyne.NewPos(0, top))
	}
	height := size.Height
	if !s.footer.empty() {
		h := s.footer.HeightFor(size.Width - left)
		height -= h
		s.footer.Resize(fyne.NewSize(size.Width-left, h))
		s.footer.Move(fyne.NewPos(left, top+height))
	}
	width := size.Width - left
	if s.aside != nil {
		if s.narrow() {
			s.hideAside()
		} else {
			s.aside.Show()
			// Four more at each side, where a focus ring goes.
			w := asideWidth + 8
			x := min(size.Width-margin-asideWidth, left+margin+contentWidest+asideGap)
			s.aside.Move(fyne.NewPos(x-4, top))
			fitScroll(s.aside, fyne.NewSize(w, height))
			width = x - asideClear - left
		}
	}
	s.content.Move(fyne.NewPos(left, top))
	fitScroll(s.content, fyne.NewSize(width, height))
}

// hideAside also takes the focus out of it.
func (s *Shell) hideAside() {
	if !s.aside.Visible() {
		return
	}
	s.aside.Hide()
	if f, ok := s.canvas.Focused().(fyne.CanvasObject); ok && !onScreen(f) {
		s.canvas.Unfocus()
	}
}

func (s *Shell) arrange() {
	if s.renderer != nil {
		s.renderer.Layout(s.Size())
	}
}

func (r *shellRenderer) Refresh() {
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}
