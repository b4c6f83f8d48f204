package terminal

import (
	"context"

	"entrada/internal/journey"
	"entrada/internal/registration"
)

// askWhichApp: apps of this name exist already. Only one that was made here is
// proposed: everybody may register an app and give it any name.
func (a *administration) askWhichApp(plan registration.Plan) stage {
	return func(ctx context.Context) (stage, error) {
		a.out.blank()
		a.out.say("", "“"+oneLine(plan.Wanted.AppName)+"” is in your organisation already.")
		var options []option
		for _, s := range plan.Choice.Same {
			words := registration.StrangerWords
			if s.Ours {
				words = registration.OursWords
			}
			options = append(options, option{s.ClientID, "Use this app", "made on " + s.Created.Local().Format(journey.DateLayout) + ", client ID " + oneLine(s.ClientID) + ". " + words})
		}
		options = append(options, option{"another", "Make another one", "both then have the same name. That is allowed, and easily mistaken"})
		first := plan.Choice.First()
		if first < 0 {
			first = len(plan.Choice.Same)
		}
		i, err := a.choose(ctx, "Which app", options, first)
		switch {
		case err != nil:
			return nil, err
		case i < len(plan.Choice.Same):
			a.chosen = plan.Choice.Same[i].ClientID
			return a.prepare(registration.App{ClientID: a.chosen, NewSecret: !a.onRequest}), nil
		}
		return a.another, nil
	}
}

// another makes a new app, whatever others are called.
func (a *administration) another(context.Context) (stage, error) {
	return a.prepare(registration.App{AnotherOne: true}), nil
}

// saySubject says which app a plan is about, by what it is really called, and
// who else could use it.
func (a *administration) saySubject(plan registration.Plan) {
	s := plan.Subject
	if s == nil {
		return
	}
	a.out.blank()
	a.out.say("", "App: **"+oneLine(s.Name)+"**")
	for _, fact := range s.Facts() {
		a.out.say("  ", oneLine(fact))
	}
	if len(s.Others) == 0 {
		return
	}
	a.out.blank()
	a.out.say("", "**Who else can use this app.** "+registration.OthersWords)
	for _, o := range s.Others {
		a.out.say("  ", "- "+oneLine(o.Name+". "+o.Note))
	}
}

// sayUnknownHosts warns of sign-in addresses in a request that nobody has looked
// at yet.
func (a *administration) sayUnknownHosts(w registration.Wanted) {
	for _, host := range w.UnknownHosts() {
		a.out.blank()
		a.out.say("", "**Is this the vendor's address?** "+registration.HostWarning(host))
	}
}

// pickDoIt asks whether to carry a plan out. Enter does it, unless it may be
// about another app than the person thinks, or help somebody else along.
func (a *administration) pickDoIt(ctx context.Context, plan registration.Plan, question string, act choice, others ...choice) (stage, error) {
	s := plan.Subject
	switch {
	case s != nil && a.onRequest && plan.Misnamed():
		a.out.say("", "**This may be another app than the request speaks of.** "+plan.MisnamedWords())
		act.option = option{"change", "Change “" + oneLine(s.Name) + "” all the same", act.text}
		return a.pick(ctx, "How do you want to go on", append([]choice{to(a.over, "leave", "Leave it as it is", ""), act}, others...)...)
	case s != nil && a.chosen == plan.ClientID && s.Stranger() && len(s.Others) > 0:
		a.out.say("", "**Somebody else can use this app as well.** "+s.AdoptWords())
		use := act.to
		act = to(func(ctx context.Context) (stage, error) { a.chosen = ""; return use(ctx) }, "use", "Use this app all the same", act.text)
		return a.pick(ctx, "How do you want to go on", append([]choice{to(a.another, "another", "Make another one", ""), act}, others...)...)
	}
	return a.pick(ctx, question, append([]choice{act}, others...)...)
}
