package prove

import (
	"context"
	"time"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/flow"
)

// patience are the pauses between questions about values that Microsoft does not
// know yet: what was made a moment ago takes a while to get around.
var patience = []time.Duration{3 * time.Second, 6 * time.Second, 12 * time.Second, 24 * time.Second}

// AskedAgain is said while there is patience.
const AskedAgain = "If you made it a moment ago, wait: we ask again by ourselves."

// Answer is what Microsoft says of values that were pasted or made just now.
type Answer struct {
	Results  []checks.Result
	App      bool  // the app exists in the organisation
	Accepted bool  // the secret opens it
	Err      error // why not; nil if nothing failed

	TooNew   bool          // the refusal may be due to their being new
	ClientID bool          // the refusal is about the client ID, not the secret
	Again    time.Duration // Microsoft is asked again after this; 0 for not
}

// Rows are the answer, a line each.
func (a Answer) Rows() []flow.Row { return rows(a.Results) }

// Fresh asks Microsoft about values that may be new, and goes on asking as long
// as that may be why they are refused.
type Fresh struct {
	App     app.App
	Subject Subject
	Row     func(i int, r flow.Row) // hears of each check as it goes; may be nil

	// Between is called with each answer that is not the last one, and waits for
	// its Again, or less; an error of it ends the asking. nil just waits.
	Between func(context.Context, Answer) error
}

// Rows are the checks before they begin.
func (f Fresh) Rows() []flow.Row {
	var list []flow.Row
	for _, c := range f.Subject.Probe(f.App) {
		list = append(list, flow.Row{Title: c.Title})
	}
	return list
}

// Ask returns the last answer.
func (f Fresh) Ask(ctx context.Context) Answer {
	between := f.Between
	if between == nil {
		between = func(ctx context.Context, a Answer) error { return Pause(ctx, a.Again) }
	}
	for round := 0; ; round++ {
		a := f.once(ctx)
		if !a.TooNew || round == len(patience) || ctx.Err() != nil {
			return a
		}
		a.Again = patience[round]
		if between(ctx, a) != nil {
			a.Again = 0
			return a
		}
	}
}

func (f Fresh) once(ctx context.Context) Answer {
	list := f.Subject.Probe(f.App)
	position := map[checks.ID]int{}
	for i, c := range list {
		position[c.ID] = i
	}
	a := Answer{Results: checks.Run(ctx, list, func(r checks.Result) {
		if f.Row != nil {
			f.Row(position[r.ID], row(r))
		}
	})}
	for _, r := range a.Results {
		switch {
		case r.State == checks.Failed && a.Err == nil:
			a.Err = r.Err
		case r.State != checks.Passed:
		case r.ID == checks.CheckApp:
			a.App = true
		case r.ID == checks.CheckSecret:
			a.Accepted = true
		}
	}
	t := entra.TraitsOf(a.Err)
	a.TooNew, a.ClientID = t.MayBeTooNew, t.NamesClient
	return a
}

// Pause waits. The error is of kind Cancelled.
func Pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return fault.New(fault.Cancelled, "wait for Microsoft", ctx.Err())
	case <-timer.C:
		return nil
	}
}

// Secret proves that a secret which was made a moment ago opens its app. waits
// hears of each pause; it may be nil. The error is why Microsoft refuses it.
func Secret(ctx context.Context, a app.App, s Subject, waits func(time.Duration)) error {
	answer := Fresh{App: a, Subject: s, Between: func(ctx context.Context, a Answer) error {
		if waits != nil {
			waits(a.Again)
		}
		return Pause(ctx, a.Again)
	}}.Ask(ctx)
	switch {
	case answer.Accepted:
		return nil
	case ctx.Err() != nil:
		return fault.New(fault.Cancelled, "prove the new secret", ctx.Err())
	}
	return answer.Err
}
