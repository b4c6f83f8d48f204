package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/explain"
	"entrada/internal/flow"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// conversation draws the screens of a flow as pages, one after the other.
type conversation struct {
	painter
	frame func(parts.Page) parts.Page // what all its pages share
	ended func(flow.Exit)             // the conversation is over

	screen *flow.Screen
}

func newConversation(w *nav, ctx context.Context, frame func(parts.Page) parts.Page, ended func(flow.Exit),
) *conversation {
	c := &conversation{painter: painter{nav: w, ctx: ctx}, frame: frame, ended: ended}
	c.draw = c.show
	return c
}

// show draws a screen, and begins its work.
func (c *conversation) show(s *flow.Screen) {
	if s.Exit != flow.Stay {
		c.ended(s.Exit)
		return
	}
	c.screen, c.rows = s, nil
	page := parts.Page{Title: s.Title, Lead: s.Lead, Gap: 16}
	f := &form{}
	for _, b := range s.Blocks {
		page.Body = append(page.Body, c.block(b, f)...)
	}
	if s.Work != nil {
		c.work(s, page)
		return
	}
	if s.Weigh {
		page.Body = append(page.Body, c.alternatives(s, &page))
	} else {
		c.choices(s.Choices, f, &page)
	}
	c.place(s, page)
	if s.Preflight == nil {
		return
	}
	parts.Run(c.ctx, func(ctx context.Context) (flow.Step, error) { return s.Preflight(ctx), nil },
		func(next flow.Step, _ error) {
			if next != nil && c.screen == s {
				c.show(next())
			}
		})
}

func (c *conversation) place(s *flow.Screen, page parts.Page) {
	page = c.frame(page)
	if s.Back != nil {
		page.Back = c.step(s.Back)
	}
	c.nav.show(page)
}

// choices puts the first into the blue button and the others beside it. The first
// takes what was typed, and so does one that weighs as much.
func (c *conversation) choices(list []flow.Choice, f *form, page *parts.Page) {
	for i, ch := range list {
		if ch.Copy != "" {
			page.Others = append(page.Others, parts.Action{Label: ch.Label, Copy: func() string { return ch.Copy }})
			continue
		}
		a := c.action(ch)
		if i == 0 || ch.Equal {
			do := a.Do
			a.Do = func() {
				if f.right() {
					do()
				}
			}
		}
		switch {
		case i == 0:
			page.Primary, page.Danger = a, ch.Danger
		case ch.Equal:
			page.Others = append(page.Others, a)
		default:
			page.Links = append(page.Links, a)
		}
	}
}

// alternatives are choices to compare, as cards.
func (c *conversation) alternatives(s *flow.Screen, page *parts.Page) fyne.CanvasObject {
	cards := make([]parts.Choice, len(s.Choices))
	for i, ch := range s.Choices {
		cards[i] = parts.Choice{Title: ch.Label, Text: ch.Text}
	}
	chosen := 0
	page.Primary = parts.Action{Label: "Go on", Do: func() { c.show(s.Choices[chosen].Next()) }}
	ways := parts.NewChoiceCards(s.Ask+"?", cards, 0, func(i int) { chosen = i })
	page.First = ways
	return ways
}

// work shows a screen while its work goes on.
func (c *conversation) work(s *flow.Screen, page parts.Page) {
	ctx, cancel := context.WithCancel(c.ctx)
	r := &reporter{c: c, ctx: ctx, link: parts.NewSlot(), notes: parts.NewSlot()}
	r.now = parts.NewBusy("One moment …", nil)
	if c.rows == nil || s.Browser == nil {
		page.Body = append([]fyne.CanvasObject{r.now}, page.Body...)
	}
	page.Body = append(page.Body, r.link, r.notes)
	if s.Browser != nil {
		page.Body = append(page.Body, foldedLookUp(c.nav, *s.Browser))
	}
	given := false
	for i, ch := range s.Choices {
		a := c.action(ch)
		switch {
		case ch.Next == nil:
			a.Do = func() {
				cancel()
				c.shell.EnablePrimary(false)
				r.now.SetText("Stopping …")
			}
			page.Primary, page.Cancel = a, a.Do
			continue
		default:
			a.Do = func() {
				given = true
				cancel()
				c.show(ch.Next())
			}
		}
		if i == 0 {
			page.Others, page.Cancel = []parts.Action{a}, a.Do
			continue
		}
		page.Links = append(page.Links, a)
	}
	c.place(s, page)
	// The page's context, not the work's: what is stopped still says how far it came.
	parts.Run(c.ctx, func(context.Context) (flow.Step, error) { return s.Work(ctx, r), nil },
		func(next flow.Step, _ error) {
			cancel()
			if !given {
				c.show(next())
			}
		})
}

// reporter brings what work tells to the page.
type reporter struct {
	c     *conversation
	ctx   context.Context
	now   *parts.Busy
	link  *parts.Slot
	notes *parts.Slot

	address, note string
}

func (r *reporter) post(f func()) { parts.PostWhile(r.ctx, f) }

func (r *reporter) Row(i int, row flow.Row) {
	r.post(func() {
		if r.c.rows != nil {
			r.c.rows.Set(i, rowOf(row))
		}
	})
}

func (r *reporter) Now(words string) { r.post(func() { r.now.SetText(words) }) }

func (r *reporter) Link(address string) {
	r.post(func() {
		r.address = address
		r.link.Fill(parts.Row(8, -1, parts.NewCopyButton("Copy the sign-in link", func() string { return r.address })))
	})
}

func (r *reporter) Code(address, code string) {
	r.post(func() {
		r.link.Fill(parts.Column(12, parts.Body(flow.CodeAddress), parts.NewCopyRow(address, ""),
			parts.Body(flow.CodeEntry), parts.NewCopyRow(code, "")))
	})
}

func (r *reporter) Note(words string) {
	r.post(func() {
		if words != r.note {
			r.note = words
			r.notes.Fill(parts.Body(words))
		}
	})
}

// foldedLookUp is for an error that the browser shows and nobody tells us of.
func foldedLookUp(w *nav, about explain.Context) fyne.CanvasObject {
	object, message := lookUp(w, about)
	fold := parts.NewFold("The browser shows an error", object)
	fold.Opened = func(open bool) {
		if open {
			message.Replace()
		}
	}
	return fold
}

// talk draws a conversation within the wizard. back leads to where it began.
func talk(w *nav, s *flow.Screen, err error, back func(), ended func(flow.Exit)) {
	if err != nil {
		w.goTo(journey.PageNeeds)
		w.tell("Something is missing", err)
		return
	}
	frame := func(f parts.Page) parts.Page {
		f.Back, f.Others = back, append([]parts.Action{w.closeAction()}, f.Others...)
		return f
	}
	newConversation(w, w.enter(), frame, ended).show(s)
}

// talkFromHome draws a conversation that begins and ends on the first page.
func talkFromHome(w *nav, s *flow.Screen, err error, cannot string) {
	if err != nil {
		w.tell(cannot, err)
		return
	}
	w.journey = nil
	frame := func(f parts.Page) parts.Page {
		f.Back, f.Wide = w.ShowHome, true
		if f.Cancel == nil {
			f.Cancel = w.ShowHome
		}
		return f
	}
	newConversation(w, w.enter(), frame, func(e flow.Exit) {
		if e != flow.Moved {
			w.ShowHome()
		}
	}).show(s)
}
