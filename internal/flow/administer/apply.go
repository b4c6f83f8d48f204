package administer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/registration"
	"entrada/internal/words"
)

// apply carries the plan out. Whatever interrupts it can be gone on with, or be
// taken back.
func (c *Conversation) apply(plan registration.Plan) *flow.Screen {
	c.runID = plan.RunID
	engine := c.engine
	rows := make([]flow.Row, len(plan.Changes))
	for i, change := range plan.Changes {
		rows[i].Title = change.Words
	}
	return &flow.Screen{
		ID: "applying", Title: "Registering the app",
		Lead:   "Each change is written down before it is made, so that nothing gets lost.",
		Blocks: []flow.Block{flow.Rows{List: rows}}, Choices: []flow.Choice{{ID: "stop", Label: "Stop here"}},
		Work: func(ctx context.Context, report flow.Reporter) flow.Step {
			result, err := engine.Apply(ctx, plan, func(g registration.Progress) {
				report.Row(g.Index, changeRow(g))
				report.Now(whatHappens(g))
			})
			return func() *flow.Screen { return c.applied(plan, result, err) }
		},
	}
}

func (c *Conversation) applied(plan registration.Plan, result *registration.Result, err error) *flow.Screen {
	switch {
	case err != nil:
		return c.unfinished(plan, err)
	case c.request != nil:
		c.reg.ClientID = result.ClientID
	case c.journey != nil:
		c.journey.Registered(result) // a secret that was made is in memory alone
	}
	return c.showRequirements(result.Requirements, result.Notes)
}

func changeRow(g registration.Progress) flow.Row {
	row := flow.Row{State: flow.Running, Title: g.Change.Words}
	switch g.Stage {
	case registration.Made:
		row.State = flow.Well
	case registration.Waiting:
		row.Detail = "Microsoft's servers do not all know of it yet."
	}
	return row
}

// whatHappens says how far the work has come, and what is being waited for.
func whatHappens(g registration.Progress) string {
	done := g.Index
	if g.Stage == registration.Made {
		done++
	}
	text := fmt.Sprintf("%d of %d done. ", done, g.Total)
	switch {
	case g.Stage == registration.Waiting:
		return text +
			fmt.Sprintf("Waiting for Microsoft's servers; we look again in %d s.",
				int(max(time.Second, g.Wait.Round(time.Second)).Seconds()))
	case done == g.Total:
		return text + "Looking whether everything is as it should be …"
	}
	return text + "Asking Microsoft …"
}

// unfinished says how far a run came that was stopped or could not go on.
func (c *Conversation) unfinished(plan registration.Plan, err error) *flow.Screen {
	goOn := flow.Choice{ID: "go on", Label: "Go on", Next: func() *flow.Screen { return c.apply(plan) }}
	run := c.reg.Run(plan.RunID)
	more := []flow.Choice{c.takeBack(), c.by.Account()}
	if run == nil { // nothing was begun
		more = more[1:]
	}
	far := "What was made so far is written down. Go on, or take it back."
	if run == nil {
		far = "Nothing was made yet."
	}
	s := c.failed("unfinished", "The plan is not finished", far, err, goOn, more...)
	var failure *registration.Failure
	switch {
	case fault.Is(err, fault.Cancelled):
		s.Blocks = []flow.Block{flow.Callout{Title: "You stopped it.", Words: "Nothing more is changed now."}}
	case errors.As(err, &failure) && len(failure.Fixers) > 0:
		lacking := c.explained(failure, flow.Retry(goOn.Next))
		lacking.Who = "Somebody with the role " + registration.RoleNames(failure.Fixers) + "."
		s.Blocks = []flow.Block{lacking}
		request := c.saveRequest(notMade(plan, run), func() *flow.Screen { return s }, "Save a request for that person")
		s.Choices = slices.Insert(s.Choices, 1, request)
	}
	if run != nil {
		s.Blocks = append(s.Blocks, soFar(run, plan, err))
	}
	return s
}

// notMade is what is left of a plan that a run has begun.
func notMade(plan registration.Plan, run *registration.Journal) registration.Plan {
	if run == nil {
		return plan
	}
	plan.ClientID = run.ClientID
	plan.Changes = slices.DeleteFunc(slices.Clone(plan.Changes), func(change registration.Change) bool {
		return run.Stage(change) == registration.Made
	})
	return plan
}

// soFar lists the changes of a run as they stand. err is why it did not go on,
// nil if that is not known.
func soFar(run *registration.Journal, plan registration.Plan, err error) flow.Rows {
	begun := flow.Row{State: flow.Unknown, Detail: "begun; it may have been made or not"}
	switch {
	case fault.Is(err, fault.GraphRefused), fault.Is(err, fault.TooManySecrets):
		begun = flow.Row{State: flow.Failed, Detail: "this is what could not be made"}
	case err != nil && !fault.Is(err, fault.Cancelled):
		begun.State = flow.Failed
	}
	rows := make([]flow.Row, len(plan.Changes))
	for i, change := range plan.Changes {
		rows[i] = flow.Row{Detail: "not begun"}
		switch run.Stage(change) {
		case registration.Made:
			rows[i] = flow.Row{State: flow.Well}
		case registration.Doing:
			rows[i] = begun
		}
		rows[i].Title = change.Words
	}
	return flow.Rows{List: rows}
}

// goOnWith an interrupted run: finish it, or take it back; never a second app.
func (c *Conversation) goOnWith(run *registration.Journal) *flow.Screen {
	c.runID = run.Plan.RunID
	return &flow.Screen{
		ID: "interrupted", Title: "This was interrupted", Back: c.intro,
		Lead: "On " + run.Started.Local().Format(words.Moment) + " we were registering “" + run.AppName() +
			"”. What was made is written down.",
		Blocks: []flow.Block{flow.Text{Words: "We can go on where it stopped, or take everything back."},
			soFar(run, run.Plan, nil)},
		Choices: []flow.Choice{
			{ID: "go on", Label: "Go on", Next: func() *flow.Screen { return c.apply(run.Plan) }}, c.takeBack(),
		},
	}
}
