package administer

import (
	"context"
	"fmt"
	"time"

	"entrada/internal/flow"
	"entrada/internal/registration"
)

// takeBack is offered wherever something was made here that can be taken back.
func (c *Conversation) takeBack() flow.Choice {
	return flow.Choice{ID: "undo", Label: "Take it back", Text: "you see first what that is", Next: c.preview}
}

// preview looks what there is to take back.
func (c *Conversation) preview() *flow.Screen {
	run := c.reg.Run(c.runID)
	if run == nil {
		return c.nothingToUndo()
	}
	engine := c.engine
	return &flow.Screen{
		ID: "undo-preview", Title: "Looking what there is to take back", Lead: "Nothing is changed by that.",
		Back:    c.intro,
		Choices: []flow.Choice{{ID: "cancel", Label: "Cancel", Next: c.intro}},
		Work: func(ctx context.Context, _ flow.Reporter) flow.Step {
			items := engine.Preview(ctx, run)
			return func() *flow.Screen { return c.askToUndo(run, items) }
		},
	}
}

func (c *Conversation) nothingToUndo() *flow.Screen {
	c.runID = ""
	return &flow.Screen{ID: "nothing-to-undo", Title: "There is nothing to take back",
		Lead: "Nothing was made that is not there anyway.",
		Back: c.intro, Choices: []flow.Choice{{ID: "go on", Label: "Go on", Next: c.intro}}}
}

// askToUndo lists what would be taken back before anything is.
func (c *Conversation) askToUndo(run *registration.Journal, items []registration.UndoItem) *flow.Screen {
	switch {
	case len(run.Entries) == 0:
		return c.undo(run) // nothing was done: it only ends there
	case len(items) == 0:
		return c.nothingToUndo()
	}
	list := flow.Steps{Heading: "This would be taken back:"}
	for _, item := range items {
		words := item.Words
		if item.Perhaps {
			words += " (if it was made at all)"
		}
		list.Items = append(list.Items, flow.Item{Words: words, Warning: item.Warning})
	}
	s := &flow.Screen{
		ID: "undo", Title: "Take it back?", Ask: "Keep it, or take it back", Blocks: []flow.Block{list}, Back: c.intro,
		Choices: []flow.Choice{
			{ID: "keep", Label: "Keep it", Next: c.lookAgain},
			{ID: "undo", Label: "Take it back", Danger: true, Next: func() *flow.Screen { return c.undo(run) }},
		},
	}
	if items[0].Kind == registration.CreateApp {
		s.Blocks = append(s.Blocks,
			flow.Text{Quiet: true,
				Words: "Anything that " + c.reg.Wanted.Vendor + " already has from you stops working."})
	}
	return s
}

func (c *Conversation) undo(run *registration.Journal) *flow.Screen {
	engine := c.engine
	return &flow.Screen{
		ID: "undoing", Title: "Taking it back", Lead: "This takes a few seconds.",
		Choices: []flow.Choice{{ID: "stop", Label: "Stop here"}},
		Work: func(ctx context.Context, report flow.Reporter) flow.Step {
			err := engine.Undo(ctx, run, func(item registration.UndoItem) {
				if item.Wait > 0 {
					report.Now(fmt.Sprintf(
						"The app is not to be found. Microsoft's servers may not all know of it yet, so we look "+
							"again in %d s.",
						int(item.Wait.Round(time.Second).Seconds())))
				}
			})
			return func() *flow.Screen { return c.undone(run, err) }
		},
	}
}

func (c *Conversation) undone(run *registration.Journal, err error) *flow.Screen {
	if err != nil {
		again := flow.Choice{ID: "again", Label: "Try again", Next: func() *flow.Screen { return c.undo(run) }}
		return c.failed("not-undone", "It could not all be taken back",
			"You can try again; what is gone already stays gone.", err, again, c.by.Account())
	}
	c.runID = ""
	s := &flow.Screen{ID: "undone", Title: "It is taken back",
		Choices: []flow.Choice{{ID: "go on", Label: "Go on", Next: c.intro}}, Back: c.intro}
	switch {
	case c.request != nil:
		s.Choices[0] = c.onward
	case c.looking:
		s.Choices[0].Next = c.lookAgain // the app was there before
	default:
		c.journey.Unregistered()
	}
	return s
}
