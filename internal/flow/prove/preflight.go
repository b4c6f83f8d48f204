package prove

import (
	"context"
	"slices"
	"time"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/secret"
)

// Source is where a connection to test comes from.
type Source struct {
	saved bool // its secret is in the keychain
	find  func(context.Context) (found, error)
}

// found is what a source has.
type found struct {
	subject Subject
	key     checks.Result // how its secret was got from the keychain
	unknown error         // why its organisation was not found
}

// Saved is a saved connection; mailbox stands in the place of the saved one, if
// it is not "". That it was removed meanwhile is an error of kind InvalidInput.
func Saved(a app.App, r connections.Record, mailbox string) Source {
	return Source{saved: true, find: func(ctx context.Context) (found, error) {
		// Another Entrada may have changed it. If that cannot be read, what we
		// know has to do.
		_ = a.Connections.Reload()
		now, ok := a.Connections.Get(r.ID)
		if !ok {
			return found{}, fault.Invalid("connection", "This connection was removed meanwhile.")
		}
		began := time.Now()
		v, err := a.Connections.Secret(ctx, now.ID)
		f := found{key: checks.FromKeychain(err, time.Since(began))}
		f.subject, _ = FromRecord(a, now, v)
		if mailbox != "" {
			f.subject.Mailbox = mailbox
		}
		return f, nil
	}}
}

// Preflight asks what needs nobody: this computer, the way to Microsoft,
// organisation, app and secret. name is what is tested.
func Preflight(a app.App, from Source, name string, done func(Outcome, error) *flow.Screen) *flow.Screen {
	// The rows are known before the values are.
	list := Subject{Secret: secret.New("any")}.before(a)
	if from.saved {
		list = slices.Insert(list, 0, checks.Check{ID: checks.CheckKeychain, Title: checks.FromKeychain(nil, 0).Title})
	}
	lines, position := flow.Rows{}, map[checks.ID]int{}
	for i, c := range list {
		position[c.ID] = i
		lines.List = append(lines.List, flow.Row{Title: c.Title})
	}
	return &flow.Screen{
		ID: "asking", Title: "Testing", Lead: name + ". First what needs no sign-in.",
		Blocks: []flow.Block{lines}, Choices: []flow.Choice{stop},
		Work: func(ctx context.Context, report flow.Reporter) flow.Step {
			tell := func(r checks.Result) { report.Row(position[r.ID], row(r)) }
			o, err := from.ask(ctx, a, tell)
			return func() *flow.Screen { return done(o, err) }
		},
	}
}

func (f Source) ask(ctx context.Context, a app.App, tell func(checks.Result)) (Outcome, error) {
	began := time.Now()
	if f.saved {
		tell(checks.Result{ID: checks.CheckKeychain, Title: checks.FromKeychain(nil, 0).Title, State: checks.Running})
	}
	got, err := f.find(ctx)
	if err != nil {
		return Outcome{}, err
	}
	list := got.subject.before(a)
	if got.unknown != nil {
		// It was looked for already, and what needs it is skipped.
		i := slices.IndexFunc(list, func(c checks.Check) bool { return c.ID == checks.CheckTenant })
		list[i].Run = func(context.Context) (string, error) { return "", got.unknown }
	}
	if f.saved {
		tell(got.key)
	}
	results := checks.Run(ctx, list, tell)
	if f.saved {
		results = checks.AfterKeychain(got.key, results)
	}
	o := got.subject.Judge(a, results)
	o.Took = time.Since(began)
	return o, nil
}

// Ask is [Preflight] for values that are known, without a screen.
func (s Subject) Ask(ctx context.Context, a app.App) Outcome {
	known := Source{find: func(context.Context) (found, error) { return found{subject: s}, nil }}
	o, _ := known.ask(ctx, a, func(checks.Result) {}) // what is known cannot be missing
	return o
}
