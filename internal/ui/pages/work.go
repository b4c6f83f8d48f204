package pages

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"entrada/internal/fault"
	"entrada/internal/journey"
	"entrada/internal/registration"
	"entrada/internal/ui/parts"
)

// apply carries the plan out. Whatever interrupts it can be gone on with, or be
// taken back.
func (p *doItPage) apply(plan registration.Plan) {
	ctx, cancel := context.WithCancel(p.ctx)
	p.runID = plan.RunID
	rows := make([]parts.Check, len(plan.Changes))
	for i, c := range plan.Changes {
		rows[i] = parts.Check{Title: c.Words}
	}
	list, now := parts.NewResultList(rows...), parts.NewBusy("Beginning …", nil)
	stop := func() {
		cancel()
		p.shell.EnablePrimary(false)
		now.SetText("Stopping …")
	}
	p.show(p.frame(parts.Page{Title: "Registering the app", Lead: "Each change is written down before it is made, so that nothing gets lost.",
		Body: []fyne.CanvasObject{now, parts.Surface(list)}, Cancel: stop, Primary: parts.Action{Label: "Stop here", Do: stop}}))
	engine := p.engine
	parts.Run(p.ctx, func(context.Context) (*registration.Result, error) {
		return engine.Apply(ctx, plan, func(g registration.Progress) {
			parts.PostWhile(ctx, func() {
				list.Set(g.Index, changeRow(g))
				now.SetText(whatHappens(g))
			})
		})
	}, func(r *registration.Result, err error) {
		cancel()
		if err != nil {
			p.unfinished(plan, err)
			return
		}
		if p.journey != nil && !p.onRequest {
			p.journey.Registered(r) // a secret that was made is in memory alone
		}
		p.showRequirements(r.Requirements, r.Notes)
	})
}

func changeRow(g registration.Progress) parts.Check {
	row := parts.Check{State: parts.CheckRunning, Title: g.Change.Words}
	switch g.Stage {
	case registration.Made:
		row.State = parts.CheckDone
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
		return text + fmt.Sprintf("Waiting for Microsoft's servers; we look again in %d s.", int(max(time.Second, g.Wait.Round(time.Second)).Seconds()))
	case done == g.Total:
		return text + "Looking whether everything is as it should be …"
	}
	return text + "Asking Microsoft …"
}

// unfinished says how far a run came that was stopped or could not go on.
func (p *doItPage) unfinished(plan registration.Plan, err error) {
	const title, lead = "The plan is not finished", "What was made so far is written down. Go on, or take it back."
	goOn := parts.Action{Label: "Go on", Do: func() { p.apply(plan) }}
	links := []parts.Action{{Label: "Take it back", Do: p.askToUndo}}
	run := p.reg.Run(plan.RunID)
	if run == nil { // nothing was begun
		links = nil
	}
	page := p.failure(title, lead, err, goOn, links...)
	var failure *registration.Failure
	if errors.As(err, &failure) && len(failure.Fixers) > 0 {
		page.Body = []fyne.CanvasObject{p.lacksRole(plan, failure, goOn)}
	}
	if fault.Is(err, fault.Cancelled) {
		page.Body = []fyne.CanvasObject{parts.NewCallout(parts.ToneInfo, "You stopped it.", "Nothing more is changed now.")}
	}
	if run != nil {
		page.Body = append(page.Body, soFar(run, plan, err))
	}
	p.show(p.frame(page))
}

// lacksRole says which role a change takes, and makes a request of it for
// somebody who has it.
func (p *doItPage) lacksRole(plan registration.Plan, failure *registration.Failure, goOn parts.Action) fyne.CanvasObject {
	view := p.explained(failure, canRetry(goOn.Do))
	view.Who = "Somebody with the role " + registration.RoleNames(failure.Fixers) + "."
	outcome := parts.NewSlot()
	rest := plan
	if run := p.reg.Run(plan.RunID); run != nil {
		rest.ClientID = run.ClientID
		rest.Changes = slices.DeleteFunc(slices.Clone(plan.Changes), func(c registration.Change) bool { return run.Stage(c) == registration.Made })
	}
	return parts.Column(12, parts.NewFaultBox(view),
		parts.Wrap(0, parts.Small("Save a request for that person", func() { p.saveRequest(rest, outcome) })), outcome)
}

// soFar lists the changes of a run as they stand. err is why it did not go on,
// nil if that is not known.
func soFar(run *registration.Journal, plan registration.Plan, err error) fyne.CanvasObject {
	begun := parts.Check{State: parts.CheckUnknown, Detail: "begun; it may have been made or not"}
	switch {
	case fault.Is(err, fault.GraphRefused), fault.Is(err, fault.TooManySecrets):
		begun = parts.Check{State: parts.CheckFailed, Detail: "this is what could not be made"}
	case err != nil && !fault.Is(err, fault.Cancelled):
		begun.State = parts.CheckFailed
	}
	rows := make([]parts.Check, len(plan.Changes))
	for i, c := range plan.Changes {
		rows[i] = parts.Check{Detail: "not begun"}
		switch run.Stage(c) {
		case registration.Made:
			rows[i] = parts.Check{State: parts.CheckDone}
		case registration.Doing:
			rows[i] = begun
		}
		rows[i].Title = c.Words
	}
	return parts.Surface(parts.NewResultList(rows...))
}

// goOnWith an interrupted run: finish it, or take it back; never a second app.
func (p *doItPage) goOnWith(run *registration.Journal) {
	p.runID = run.Plan.RunID
	p.show(p.frame(parts.Page{
		Title: "This was interrupted", Lead: "On " + run.Started.Local().Format(journey.DateLayout+", 15:04") + " we were registering “" + run.AppName() + "”. What was made is written down.",
		Body:    []fyne.CanvasObject{parts.Body("We can go on where it stopped, or take everything back."), soFar(run, run.Plan, nil)},
		Links:   []parts.Action{{Label: "Take it back", Do: p.askToUndo}},
		Primary: parts.Action{Label: "Go on", Do: func() { p.apply(run.Plan) }},
	}))
}
