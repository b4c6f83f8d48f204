package administer

import (
	"context"
	"slices"

	"entrada/internal/app"
	"entrada/internal/flow"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/signin"
)

// OurTestAddress reports whether the test address is there for our test alone:
// somebody signs in, and the vendor itself does not need it.
func OurTestAddress(g *guides.Guide, inputs map[string]string) bool {
	return !g.AppOnly() && !slices.Contains(g.RedirectURLs(inputs), guides.TestRedirect)
}

// RemoveTestAddress takes our own test address off the registration of a
// journey. The error is of kind InvalidInput if an answer is missing.
func RemoveTestAddress(a app.App, j *journey.Journey) (*flow.Screen, error) {
	reg, err := j.Registration()
	if err != nil {
		return nil, err
	}
	c := &Conversation{app: a, reg: reg, journey: j, looking: true}
	c.intro = c.testAddressIntro
	c.prepareSignIn()
	c.by.Looking, c.by.Done = false, func(s *signin.Session) *flow.Screen {
		c.engine, c.account = reg.Engine(s), s.Account
		return c.removeTestAddress()
	}
	return c.intro(), nil
}

func (c *Conversation) testAddressIntro() *flow.Screen {
	return &flow.Screen{
		ID: "test-address", Title: "Remove the test address",
		Lead:   "**" + guides.TestRedirect + "** was added for the test alone. Leave it if you want to test later.",
		Blocks: []flow.Block{c.by.Note()},
		Choices: []flow.Choice{c.by.Choice("Sign in as an administrator"), c.by.Another(),
			{ID: "leave", Label: "Leave it there", Next: flow.Over(flow.Forgone)}},
	}
}

func (c *Conversation) removeTestAddress() *flow.Screen {
	engine := c.engine
	over := flow.Choice{ID: "go on", Label: "Go on", Next: flow.Over(flow.Done)}
	return &flow.Screen{
		ID: "removing-test-address", Title: "Removing the test address",
		Choices: []flow.Choice{{ID: "cancel", Label: "Cancel", Next: c.intro}},
		Work: func(ctx context.Context, _ flow.Reporter) flow.Step {
			changed, err := engine.RemoveTestRedirect(ctx, c.reg.Wanted, c.reg.ClientID)
			return func() *flow.Screen {
				s := &flow.Screen{ID: "no-test-address", Title: "There was no test address",
					Lead: "Nothing had to be removed.", Choices: []flow.Choice{over}}
				switch {
				case err != nil:
					again := flow.Choice{ID: "again", Label: "Try again", Next: c.removeTestAddress}
					return c.failed("test-address-left", "The test address is still there", "", err, again,
						c.by.Account(), over)
				case changed:
					s.ID, s.Title = "test-address-gone", "The test address is gone"
					s.Lead = "People cannot sign in through this computer any more. That is as it should be."
				}
				return s
			}
		},
	}
}
