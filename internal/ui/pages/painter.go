package pages

import (
	"context"

	"entrada/internal/flow"
	"entrada/internal/ui/parts"
)

// painter draws what stands on the screens of a conversation.
type painter struct {
	*nav
	ctx  context.Context    // ends when the page is left
	draw func(*flow.Screen) // draws the screen that a step has led to
	rows *parts.Checklist   // the first rows of the screen, which work reports to
}

// step is a step as something to press.
func (c *painter) step(next flow.Step) func() { return func() { c.draw(next()) } }

func (c *painter) action(ch flow.Choice) parts.Action {
	return parts.Action{Label: ch.Label, External: ch.External, Do: c.step(ch.Next)}
}

func (c *painter) actions(list []flow.Choice) []parts.Action {
	actions := make([]parts.Action, len(list))
	for i, ch := range list {
		actions[i] = c.action(ch)
	}
	return actions
}
