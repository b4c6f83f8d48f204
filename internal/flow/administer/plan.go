package administer

import (
	"context"
	"slices"
	"strings"
	"time"

	"entrada/internal/connections"
	"entrada/internal/flow"
	"entrada/internal/registration"
	"entrada/internal/words"
)

// prepare reads what is there and makes the plan.
func (c *Conversation) prepare(wanted registration.App) *flow.Screen {
	engine := c.engine
	return &flow.Screen{
		ID: "preparing", Title: "Making the plan", Lead: "Reading what is there. Nothing is changed by that.",
		Back:    c.intro,
		Choices: []flow.Choice{{ID: "cancel", Label: "Cancel", Next: c.intro}},
		Work: func(ctx context.Context, _ flow.Reporter) flow.Step {
			plan, err := engine.Prepare(ctx, c.reg.Wanted, wanted)
			return func() *flow.Screen { return c.prepared(wanted, plan, err) }
		},
	}
}

func (c *Conversation) prepared(wanted registration.App, plan registration.Plan, err error) *flow.Screen {
	if c.request != nil || c.saved != nil {
		plan = plan.WithoutSecret() // it is made where it is kept
	}
	switch {
	case err != nil:
		again := flow.Choice{ID: "again", Label: "Try again", Next: func() *flow.Screen { return c.prepare(wanted) }}
		return c.failed("no-plan", "The plan could not be made", "Nothing was changed.", err, again, c.by.Account())
	case plan.Choice != nil:
		return c.askWhichApp(plan)
	case len(plan.Changes) == 0:
		return c.verify(plan.ClientID)
	}
	return c.showPlan(plan)
}

// askWhichApp: apps of this name exist already. Only one that was made here, or that is
// in the list of connections, is proposed: everybody may register an app and give it any
// name.
func (c *Conversation) askWhichApp(plan registration.Plan) *flow.Screen {
	var choices []flow.Choice
	first := plan.Choice.First()
	for i, s := range plan.Choice.Same {
		about := registration.NotOursWords
		saved, mine := c.connectionOf(s.ClientID)
		switch {
		case mine:
			about = "It is your connection “" + saved.Name + "”, " + saved.TestWords(func(t time.Time) string {
				return "on " + t.Local().Format(words.Date)
			}) + ". If you choose it, it gets a second secret; the saved one goes on working."
			if first < 0 {
				first = i
			}
		case s.Ours:
			about = registration.OursWords
		}
		choices = append(choices, flow.Choice{
			ID: s.ClientID, Label: "Use this app", Next: c.use(s.ClientID),
			Text: "Made on " + s.Created.Local().Format(words.Date) + ", client ID " + s.ClientID + ". " + about,
		})
	}
	if first < 0 {
		first = len(choices)
	}
	choices = append(choices, c.anotherOne())
	choices[len(choices)-1].Text = "Both then have the same name. That is allowed, and easily confused."
	s := &flow.Screen{
		ID: "which-app", Title: "An app of this name exists",
		Lead: "“" + plan.Wanted.AppName + "” is in your organisation already.",
		Ask:  "Which app", Weigh: true, Back: c.intro,
	}
	s.Choices = append(append(s.Choices, choices[first]), slices.Delete(slices.Clone(choices), first, first+1)...)
	return s
}

// connectionOf is the saved connection of an app of this organisation.
func (c *Conversation) connectionOf(clientID string) (connections.Record, bool) {
	for _, r := range c.app.Connections.List() {
		if r.CloudID == c.reg.Cloud.ID && strings.EqualFold(r.TenantID, c.reg.TenantID) &&
			strings.EqualFold(r.ClientID, clientID) {
			return r, true
		}
	}
	return connections.Record{}, false
}

// use takes an app that is there. At the desk of somebody who carries out a
// request a secret would be lost.
func (c *Conversation) use(clientID string) flow.Step {
	return func() *flow.Screen {
		c.chosen = clientID
		return c.prepare(registration.App{ClientID: clientID, NewSecret: c.request == nil})
	}
}

// anotherOne makes a new app, whatever others are called.
func (c *Conversation) anotherOne() flow.Choice {
	return flow.Choice{ID: "another", Label: "Make another one", Next: func() *flow.Screen {
		return c.prepare(registration.App{AnotherOne: true})
	}}
}

// showPlan shows every change before anything happens.
func (c *Conversation) showPlan(plan registration.Plan) *flow.Screen {
	s := &flow.Screen{
		ID: "plan", Title: "The plan", Back: c.intro,
		Lead: "You are signed in as " + c.account.Username + " (" + plan.Held.Words() +
			"). Nothing has been changed yet.",
	}
	s.Blocks = subject(plan)
	if c.request != nil {
		s.Blocks = append(s.Blocks, unknownHosts(plan.Wanted)...)
	}
	if mark := c.guideMark(); mark != "" {
		s.Blocks = append(s.Blocks, flow.Callout{Words: mark})
	}
	if c.clock != "" {
		s.Blocks = append(s.Blocks, flow.Callout{Tone: flow.Warning, Title: "Set your clock right.",
			Words: "The sign-in has worked, but " + c.clock + ". A little more, and nobody can sign in here."})
	}
	s.Blocks = append(s.Blocks, flow.Reach(plan.Wanted, plan.Mailboxes)...)
	s.Blocks = append(s.Blocks, flow.Steps{Heading: "What is changed", Items: changes(plan, true)})

	act := flow.Choice{ID: "do it", Label: "Do it", Next: func() *flow.Screen { return c.apply(plan) }}
	rest := []flow.Choice{c.saveRequest(plan, func() *flow.Screen { return c.showPlan(plan) }, "Save it as a request"),
		c.by.Account()}
	lacking := plan.Lacking()
	if lacking == nil {
		return c.guarded(s, plan, act, rest)
	}
	warning := flow.Callout{Tone: flow.Warning, Title: "Somebody else has to do a part of this.",
		Words: "It takes the role " + registration.RoleNames(lacking) +
			". Do your part first, then save the rest as a request for that person. Or sign in with another account."}
	mine, others := plan.Split()
	if len(mine.Changes) == 0 || c.request != nil {
		warning.Words = "It takes the role " + registration.RoleNames(lacking) +
			". Save it as a request for that person, or sign in with another account."
		s.Blocks, s.Choices = append([]flow.Block{warning}, s.Blocks...), rest
		return s
	}
	s.Blocks = append([]flow.Block{warning}, s.Blocks...)
	part := flow.Choice{ID: "part", Label: "Do my part", Text: "and save the rest as a request afterwards",
		Next: func() *flow.Screen {
			c.others = others
			return c.apply(mine)
		}}
	return c.guarded(s, plan, part, rest)
}

// changes are what a plan does, in words. may says of each whether the account
// that made the plan may do it.
func changes(plan registration.Plan, may bool) []flow.Item {
	items := make([]flow.Item, len(plan.Changes))
	for i, change := range plan.Changes {
		items[i] = flow.Item{Words: change.Words, Details: change.Details}
		if may && plan.May(change) == registration.No {
			items[i].Warning = "Your account may not do this."
		}
	}
	return items
}

// subject says which app a plan is about, by what it is really called, and who
// else could use it.
func subject(plan registration.Plan) (list []flow.Block) {
	s := plan.Existing
	if s == nil {
		return nil
	}
	list = append(list, flow.List{Heading: "App: " + s.Name, Items: s.Facts(), Facts: true})
	if len(s.Others) > 0 {
		warning := flow.Callout{Tone: flow.Warning, Title: "Who else can use this app.",
			Words: registration.OthersWords}
		for _, o := range s.Others {
			warning.Items = append(warning.Items, "**"+o.Name+"**. "+o.Note)
		}
		list = append(list, warning)
	}
	return list
}

// unknownHosts warns of sign-in addresses in a request that nobody has looked
// at yet.
func unknownHosts(w registration.Wanted) (list []flow.Block) {
	for _, host := range w.UnknownHosts() {
		list = append(list,
			flow.Callout{Tone: flow.Warning, Title: "Is this the vendor's address?",
				Words: registration.HostWarning(host)})
	}
	return list
}

// guarded keeps a plan from being carried out by a habitual Enter, where it may
// be about another app than the person thinks, or help somebody else along.
func (c *Conversation) guarded(s *flow.Screen, plan registration.Plan, act flow.Choice,
	rest []flow.Choice) *flow.Screen {
	instead, callout := flow.Choice{}, flow.Callout{Tone: flow.Bad}
	app := plan.Existing
	switch {
	case app != nil && c.request != nil && plan.Misnamed():
		callout.Title, callout.Words = "This may be another app than the request speaks of.", plan.MisnamedWords()
		instead = flow.Choice{ID: "leave", Label: "Leave it as it is", Next: c.onward.Next}
		act.ID, act.Label = "change", "Change “"+words.Shorten(app.Name, 32)+"” all the same"
	case app != nil && c.chosen == plan.ClientID && app.NotOurs() && len(app.Others) > 0:
		callout.Title, callout.Words = "Somebody else can use this app as well.", app.AdoptWarning()
		instead = c.anotherOne()
		carryOut := act.Next
		act.ID, act.Label = "use", "Use this app all the same"
		act.Next = func() *flow.Screen {
			c.chosen = ""
			return carryOut()
		}
	default:
		s.Choices = append([]flow.Choice{act}, rest...)
		return s
	}
	s.Blocks = append([]flow.Block{callout}, s.Blocks...)
	s.Choices = append([]flow.Choice{instead, act}, rest...)
	return s
}
