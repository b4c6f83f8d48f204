package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/explain"
	"entrada/internal/flow"
	"entrada/internal/ui/parts"
)

// conversation draws the screens of a flow as pages, one after the other.
type conversation struct {
	win   *nav
	ctx   context.Context             // ends when the page is left
	frame func(parts.Page) parts.Page // what all its pages share
	ended func(flow.Exit)             // the conversation is over

	screen *flow.Screen
	rows   *parts.Checklist // the first rows of the screen, which work reports to
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
	c.draw(s, page)
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

func (c *conversation) draw(s *flow.Screen, page parts.Page) {
	page = c.frame(page)
	if s.Back != nil {
		page.Back = c.step(s.Back)
	}
	c.win.show(page)
}

// step is a step as something to press.
func (c *conversation) step(next flow.Step) func() { return func() { c.show(next()) } }

func (c *conversation) action(ch flow.Choice) parts.Action {
	return parts.Action{Label: ch.Label, External: ch.External, Do: c.step(ch.Next)}
}

func (c *conversation) actions(list []flow.Choice) []parts.Action {
	actions := make([]parts.Action, len(list))
	for i, ch := range list {
		actions[i] = c.action(ch)
	}
	return actions
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
		page.Body = append(page.Body, foldedLookUp(c.win, *s.Browser))
	}
	given := false
	for i, ch := range s.Choices {
		a := c.action(ch)
		switch {
		case ch.Next == nil:
			a.Do = func() {
				cancel()
				c.win.shell.EnablePrimary(false)
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
	c.draw(s, page)
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
