package administer

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/journey"
	"entrada/internal/registration"
)

// verify holds what is wanted against what is there.
func (c *Conversation) verify(clientID string) *flow.Screen {
	engine := c.engine
	return &flow.Screen{
		ID: "verifying", Title: "Looking at the registration", Lead: "Nothing is changed by that.", Back: c.intro,
		Choices: []flow.Choice{{ID: "cancel", Label: "Cancel", Next: c.intro}},
		Work: func(ctx context.Context, _ flow.Reporter) flow.Step {
			list := engine.Verify(ctx, c.reg.Wanted, clientID, false)
			return func() *flow.Screen { return c.showRequirements(list, nil) }
		},
	}
}

func (c *Conversation) lookAgain() *flow.Screen { return c.verify(c.clientID()) }

// remember takes what was found into the journey or the saved connection.
func (c *Conversation) remember(list []registration.Requirement) (blocks []flow.Block) {
	var note string
	var err error
	switch {
	case c.request != nil:
	case c.journey != nil:
		note, err = c.journey.SetChecked(list)
	default:
		*c.saved, note, err = c.app.CorrectExpiry(*c.saved, list)
	}
	if note != "" {
		blocks = append(blocks, flow.Callout{Tone: flow.Warning, Title: "About the date:", Words: note})
	}
	if err != nil {
		blocks = append(blocks, c.explained(err, nil))
	}
	return blocks
}

// showRequirements shows each requirement in one of three states: a look-up
// that failed never reads as well. What needs somebody's attention comes first.
func (c *Conversation) showRequirements(list []registration.Requirement, notes []string) *flow.Screen {
	s := &flow.Screen{Back: c.intro, Blocks: c.remember(list)}
	for _, n := range notes {
		s.Blocks = append(s.Blocks, flow.Callout{Words: n})
	}
	groups := map[registration.State][]flow.Row{}
	var mendable []registration.RequirementID
	for _, r := range list {
		groups[r.State] = append(groups[r.State], c.row(r))
		if r.State == registration.Differs && c.canMend(r) {
			mendable = append(mendable, r.ID)
		}
	}
	for _, g := range []struct {
		state   registration.State
		heading string
	}{
		{registration.Differs, "What differs"}, {registration.CouldNotCheck, "What could not be checked"},
		{registration.OK, "What is as it should be"},
	} {
		if rows := groups[g.state]; len(rows) == len(list) {
			s.Blocks = append(s.Blocks, flow.Rows{List: rows})
		} else if len(rows) > 0 {
			s.Blocks = append(s.Blocks, flow.Rows{Heading: g.heading, List: rows})
		}
	}
	if c.request != nil {
		s.Blocks = append(s.Blocks, flow.Text{Quiet: true,
			Words: "The client secret is made by whoever asked, at their own computer: here it would be lost."})
	}
	c.judge(s, registration.Verdict(list), len(groups[registration.OK]) == len(list), mendable)
	c.afterWork(s, list)
	if c.runID != "" {
		s.Choices = append(s.Choices, c.takeBack())
	}
	return s
}

// judge gives the screen its title and its first ways on.
func (c *Conversation) judge(s *flow.Screen, verdict registration.State, all bool,
	mendable []registration.RequirementID) {
	leave := c.onward
	leave.Label = "Leave it and go on"
	s.Choices = []flow.Choice{c.onward}
	switch {
	case verdict == registration.OK && all:
		s.ID, s.Title, s.Lead = "as-it-should-be", "Everything is as it should be",
			"The registration is what "+c.reg.Wanted.Vendor+" needs."
	case verdict == registration.OK:
		s.ID, s.Title, s.Lead = "enough", "Everything needed is there",
			"The connection works with it. What stands first is worth a look."
	case verdict == registration.Differs:
		s.ID, s.Title, s.Lead = "differs", "Something is different", "Nothing is changed before you have seen a plan."
		switch len(mendable) {
		case 0:
		case 1:
			s.Choices = []flow.Choice{{ID: "mend", Label: "Fix it for me", Next: c.mend(mendable[0])}, leave}
		default:
			s.Choices = []flow.Choice{{ID: "mend", Label: "Fix all of it for me", Next: c.plan}, leave}
		}
	default:
		s.ID, s.Title, s.Lead = "unknown", "Not everything could be checked",
			"What could not be looked up may be well or not."
		s.Choices = []flow.Choice{{ID: "again", Label: "Look again", Next: c.lookAgain}, leave}
	}
}

// afterWork says what is still to be done: by somebody with another role, or for
// a secret that is not here.
func (c *Conversation) afterWork(s *flow.Screen, list []registration.Requirement) {
	switch {
	case c.journey != nil && !c.looking && c.journey.Missing(journey.PageDoIt) != nil:
		// The app is there and its secret is not: only a new one can be handed over.
		s.Blocks = append(
			[]flow.Block{flow.Callout{Tone: flow.Warning, Title: "The client secret of this app is not here.",
				Words: "Only a new one can be handed over."}}, s.Blocks...)
		s.Choices[0] = flow.Choice{ID: "secret", Label: "Make a new secret", Next: c.plan}
	case len(c.others.Changes) > 0:
		rest := c.others
		rest.ClientID = c.clientID()
		request := c.saveRequest(rest, func() *flow.Screen { return c.showRequirements(list, nil) },
			"Save the rest as a request")
		s.Blocks = append([]flow.Block{flow.Callout{Tone: flow.Warning, Title: "Your part is done.",
			Words: "What is still different takes somebody with another role. Save a request for that person."}},
			s.Blocks...)
		s.Choices = []flow.Choice{request, c.onward}
	}
}

func (c *Conversation) plan() *flow.Screen { return c.prepare(c.wantedApp()) }

// canMend reports whether a plan can mend a requirement. A colleague's request
// brings no secret: it would be lost here.
func (c *Conversation) canMend(r registration.Requirement) bool {
	return r.CanFix && (c.request == nil || r.ID != registration.SecretLives)
}

// mend makes a plan for one requirement. The secret of a saved connection is
// renewed, for that is where the new one is kept.
func (c *Conversation) mend(id registration.RequirementID) flow.Step {
	return func() *flow.Screen {
		if id == registration.SecretLives && c.saved != nil {
			return c.renew(*c.saved)
		}
		return c.prepare(registration.App{ClientID: c.clientID(), Only: id, NewSecret: id == registration.SecretLives})
	}
}

// row is one requirement, and what can be done about it.
func (c *Conversation) row(r registration.Requirement) flow.Row {
	if r.State == registration.OK {
		return flow.Row{State: flow.Well, Title: r.Title, Detail: r.Have}
	}
	row := flow.Row{State: flow.Unknown, Title: r.Title, Way: r.Path,
		Address: r.Link(c.reg.Cloud, c.reg.TenantID, c.clientID())}
	if r.State == registration.Differs {
		row.State = flow.Failed
		if r.Advice {
			row.State = flow.Warned
		}
		row.Detail = difference(r)
		if c.canMend(r) {
			row.Choices = []flow.Choice{{ID: "fix " + string(r.ID), Label: "Fix it for me", Next: c.mend(r.ID)}}
		}
		return row
	}
	row.Detail = "Could not be checked. " + r.Have
	if roles := registration.RoleNames(r.Fixers); roles != "" {
		row.Detail += "\nWho may see it: " + roles + "."
	}
	switch {
	case r.Err == nil:
		row.Way, row.Address = "", "" // missing along with something else
	case isForbidden(r.Err):
		row.Choices = []flow.Choice{c.by.Account()}
	default:
		row.Detail += "\n" +
			explain.Error(r.Err, explain.Context{Cloud: c.reg.Cloud, VendorName: c.reg.Wanted.Vendor}).What
		row.Choices = []flow.Choice{{ID: "again", Label: "Look again", Next: c.lookAgain}}
	}
	return row
}

func difference(r registration.Requirement) string {
	var lines []string
	if r.Advice {
		lines = append(lines, "The connection works all the same.")
	}
	if r.Have != "" {
		lines = append(lines, "It is: "+strings.TrimSuffix(r.Have, ".")+".")
	}
	if r.Want != "" {
		lines = append(lines, "It should be: "+r.Want+".")
	}
	for _, i := range r.Items {
		if i.State == registration.Differs && i.Note != "" {
			lines = append(lines, i.Name+": "+i.Note)
		}
	}
	if r.Why != "" {
		lines = append(lines, r.Why)
	}
	if roles := registration.RoleNames(r.Fixers); roles != "" {
		lines = append(lines, "Who can fix it: "+roles+".")
	}
	return strings.Join(lines, "\n")
}

func isForbidden(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && (f.Status == http.StatusForbidden || f.Status == http.StatusUnauthorized)
}
