package pages

import (
	"context"

	"entrada/internal/explain"
	"entrada/internal/flow"
	"entrada/internal/signin"
	"entrada/internal/ui/parts"
)

// signInWait is a sign-in to wait for, from a page that is drawn by hand.
type signInWait struct {
	page    context.Context // ends it with the page
	request signin.Request
	frame   func(parts.Page) parts.Page
	about   explain.Context // what a refusal is explained with
	ways    []parts.Action  // what else can be done meanwhile

	cancelled func() // the person gives up
	done      func(*signin.Session, error)
}

// waitForSignIn opens the browser and shows how the sign-in goes.
func (w *Window) waitForSignIn(s signInWait) {
	c := &conversation{win: w, ctx: s.page, frame: s.frame, ended: func(flow.Exit) {}}
	over := func(do func()) flow.Step {
		return func() *flow.Screen {
			do()
			return flow.End(flow.Moved)
		}
	}
	sign := flow.SignIn{
		App: w.app, Request: s.request, About: s.about, Cancelled: over(s.cancelled),
		Done: func(got *signin.Session, err error) *flow.Screen { return over(func() { s.done(got, err) })() },
	}
	for _, way := range s.ways {
		choice := flow.Choice{ID: way.Label, Label: way.Label, External: way.External, Next: over(way.Do)}
		sign.Ways = append(sign.Ways, choice)
	}
	c.show(sign.Screen())
}
