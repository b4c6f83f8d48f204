package prove

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/graph"
	"entrada/internal/signin"
)

// Try is the part of a test that takes somebody: a person signs in, or the app
// does so by itself, and what the vendor may do is tried out.
type Try struct {
	App      app.App
	Subject  Subject
	Hint     string // the account to offer first
	Shared   string // a shared mailbox to try as well
	LookOnly bool   // create and send nothing

	Before []checks.Result // what was found out already
	Took   time.Duration   // by that
	Ways   []flow.Choice   // other ways on for who has signed in

	challenged bool // a claims challenge was answered already

	named bool // the organisation's own name is of use

	Start flow.Step // where a sign-in that was given up leads
	Done  func(Outcome) *flow.Screen
}

// Begin signs in, and shows who it was before anything is tried.
func (t *Try) Begin() *flow.Screen {
	if t.Subject.Guide.AppOnly() {
		return t.try(nil)
	}
	t.challenged = false
	return t.signIn(t.Subject.SignInRequest(t.Hint))
}

func (t *Try) signIn(request signin.Request) *flow.Screen {
	return flow.SignIn{
		App: t.App, Request: request, About: t.Subject.Context(""), Cancelled: t.Start,
		Done: func(s *signin.Session, err error) *flow.Screen {
			if err != nil {
				return t.Done(t.refused(err))
			}
			return t.confirm(s)
		},
	}.Screen()
}

// refused is the outcome where nobody could sign in.
func (t *Try) refused(err error) Outcome {
	failed := checks.Result{ID: checks.CheckSignedIn, Title: "Signed in", State: checks.Failed, Err: err}
	return t.outcome(Outcome{Results: checks.NotTried(t.trial(t.nobody(), nil).Checks(), failed)})
}

// nobody is the session of a person who has not signed in.
func (t *Try) nobody() *signin.Session {
	if t.Subject.Guide.AppOnly() {
		return nil
	}
	return &signin.Session{}
}

// Stopped is the outcome where the person went no further.
func (t *Try) Stopped() Outcome {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return t.outcome(Outcome{Results: checks.Run(ctx, t.trial(t.nobody(), nil).Checks(), nil)})
}

// outcome puts what was found before to what was found now.
func (t *Try) outcome(o Outcome) Outcome {
	o.Subject, o.Shared, o.Before, o.Took = t.Subject, t.Shared, len(t.Before), t.Took+o.Took
	o.Results = append(slices.Clone(t.Before), o.Results...)
	return judge(t.App, o)
}

func (t *Try) trial(s *signin.Session, onWait func(time.Duration)) Trial {
	return t.Subject.Trial(t.App, s, TrialOptions{SharedMailbox: t.Shared, ReadOnly: t.LookOnly, OnWait: onWait})
}

// plan says what is about to be done in the mailbox.
func (t *Try) plan() string {
	words := "In this mailbox the test will " + t.Subject.WhatIsTried(t.LookOnly) + "."
	if stays := t.Subject.WhatStays(); t.LookOnly {
		words += " It only looks: nothing is sent, and nothing is created."
	} else if stays != "" {
		words += " What stays behind: " + stays
	}
	return words
}

// Agree asks before an app that signs in by itself does anything: no sign-in of a person
// stands in between. Where nobody asked before, it comes in place of [Try.Begin].
func (t *Try) Agree() *flow.Screen {
	if !t.Subject.Guide.AppOnly() || t.LookOnly {
		return t.Begin()
	}
	return &flow.Screen{
		ID: "agree", Title: "Nobody has to sign in", Lead: t.plan(), Ask: "Shall we begin", Back: t.Start,
		Choices: append([]flow.Choice{{ID: "test", Label: "Run the test", Next: t.Begin}}, t.Ways...),
	}
}

// confirm shows who signed in, and what is about to be done in that mailbox.
func (t *Try) confirm(s *signin.Session) *flow.Screen {
	return &flow.Screen{
		ID: "is-this-you", Title: "Is this you?", Lead: t.plan(), Ask: "Is this you", Back: t.Start,
		Blocks: []flow.Block{flow.Rows{Quiet: true, List: []flow.Row{
			{State: flow.Well, Title: s.Account.Name, Detail: s.Account.Username},
			{State: flow.Well, Title: "Organisation " + cmp.Or(t.Subject.Domain, t.Subject.TenantID),
				Detail: "Tenant ID " + s.Account.TenantID},
		}}},
		Choices: append([]flow.Choice{
			{ID: "yes", Label: "Yes, run the test", Next: func() *flow.Screen { return t.try(s) }},
			{ID: "other", Label: "Use another account", External: true, Next: func() *flow.Screen {
				t.Hint = ""
				return t.Begin()
			}},
		}, t.Ways...),
	}
}

// try runs the trial. The sign-in is forgotten with it.
func (t *Try) try(s *signin.Session) *flow.Screen {
	lines := flow.Rows{}
	if len(t.Before) > 0 {
		lines.List = []flow.Row{Summary(t.Before, t.Took)}
	}
	position := map[checks.ID]int{}
	for _, c := range t.trial(s, nil).Checks() {
		position[c.ID] = len(lines.List)
		lines.List = append(lines.List, flow.Row{Title: c.Title})
	}
	return &flow.Screen{
		ID: "testing", Title: "Testing", Lead: "This takes a few seconds.",
		Blocks: []flow.Block{lines}, Choices: []flow.Choice{stop},
		Work: func(ctx context.Context, report flow.Reporter) flow.Step {
			o := Outcome{Whole: true}
			began := time.Now()
			trial := t.trial(s, func(d time.Duration) {
				report.Note(fmt.Sprintf("Microsoft asks us to wait %d seconds.", int(d.Seconds())))
			})
			if _, err := trial.Sweep(ctx); err != nil && ctx.Err() == nil {
				report.Note(
					"What an earlier test left in a mailbox could not be removed yet. The next test tries it again.")
			}
			o.Results = checks.Run(ctx, trial.Checks(), func(r checks.Result) { report.Row(position[r.ID], row(r)) })
			o.Took = time.Since(began)
			if s != nil {
				o.Account, o.Tenant = &s.Account, t.organisation(ctx, s)
			}
			if o = t.outcome(o); o.Cancelled {
				report.Note(o.Headline + ". " + TidiedUp)
			}
			return func() *flow.Screen {
				if claims := challenge(o.Results); claims != "" && s != nil && !o.Cancelled && !t.challenged {
					t.challenged = true
					return t.fresh(s, claims)
				}
				return t.Done(o)
			}
		},
	}
}

// challenge is what Microsoft wants of a fresh sign-in, before it goes on; "" where it
// wants none.
func challenge(results []checks.Result) string {
	for _, r := range results {
		var f *fault.Error
		if errors.As(r.Err, &f) && f.Claims != "" {
			return f.Claims
		}
	}
	return ""
}

// fresh answers a claims challenge by a sign-in that asks for what is wanted. Whoever
// sits there decides: a browser opens. A second challenge is a result.
func (t *Try) fresh(s *signin.Session, claims string) *flow.Screen {
	request := t.Subject.SignInRequest(s.Account.Username)
	request.Claims = claims
	return &flow.Screen{
		ID: "fresh-sign-in", Title: "Microsoft wants a fresh sign-in", Ask: "Sign in once more", Back: t.Start,
		Lead: "Something about the account or the place has changed since the last one, or a rule of the " +
			"organisation asks for more. The test then begins again. " + TidiedUp,
		Choices: append([]flow.Choice{{ID: "sign in", Label: "Sign in again", External: true,
			Next: func() *flow.Screen { return t.signIn(request) }}}, t.Ways...),
	}
}

// stop ends a test. What it has begun is tidied up.
var stop = flow.Choice{ID: "cancel", Label: "Cancel the test"}

// TidiedUp is said of a test that was cancelled.
const TidiedUp = "What had begun was tidied up."

// organisation is the organisation's own name, where that is of use; "" if it
// cannot be read: the test says what is wrong.
func (t *Try) organisation(ctx context.Context, s *signin.Session) string {
	if !t.named {
		return ""
	}
	found, err := graph.New(t.Subject.Cloud, s.AccessToken, t.App.HTTP).Organization(ctx)
	if err != nil {
		return ""
	}
	return found.DisplayName
}

// Summary is what was found out before anybody signed in, in one line.
func Summary(before []checks.Result, took time.Duration) flow.Row {
	return flow.Row{
		State: flow.Well, Title: "Computer, network, organisation, app and secret",
		Detail: fmt.Sprintf("%d checks passed", len(before)), Time: seconds(took),
	}
}
