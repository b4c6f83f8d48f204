package administer

import (
	"errors"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/journey"
	"entrada/internal/registration"
	"entrada/internal/signin"
)

// Conversation works on a registration with an administrator's sign-in: the plan
// first, then the work, then the proof; and all of it can be taken back.
type Conversation struct {
	app     app.App
	reg     app.Registration
	journey *journey.Journey // nil where the registration is of no journey
	saved   *connections.Record
	request *registration.Plan // what a colleague asks for
	looking bool               // look first; plan only to mend something

	back   flow.Step                             // from where this began; nil for the front end's own way
	onward flow.Choice                           // the way on
	renew  func(connections.Record) *flow.Screen // makes the secret of a saved connection anew
	intro  flow.Step                             // the screen where this began
	by     *Administrator

	engine  *registration.Engine // nil until an administrator has signed in
	account signin.Account
	clock   string            // that this computer's clock is off
	runID   string            // of what was made last
	chosen  string            // client ID of an app that was there and is to be used
	others  registration.Plan // what is left for somebody with the role
}

// Register lets Entrada register the app of a journey. The error is of kind
// InvalidInput if an answer is missing.
func Register(a app.App, j *journey.Journey) (*flow.Screen, error) {
	reg, err := j.Registration()
	if err != nil {
		return nil, err
	}
	c := &Conversation{app: a, reg: reg, journey: j,
		onward: flow.Choice{ID: "go on", Label: "Next", Next: flow.Over(flow.Done)}}
	c.intro = c.registerIntro
	c.prepareSignIn(flow.Choice{ID: "show", Label: "Show me how instead", Next: c.showMe})
	return c.intro(), nil
}

// Check looks whether the registration of a journey, made by hand, is what the
// vendor needs. back leads to what came before, nil to where the front end says;
// skip is the way on without it, onward the way on after it. The error is of kind
// InvalidInput if an answer is missing.
func Check(a app.App, j *journey.Journey, back flow.Step, skip, onward flow.Choice) (*flow.Screen, error) {
	reg, err := j.Registration()
	if err != nil {
		return nil, err
	}
	c := &Conversation{app: a, reg: reg, journey: j, looking: true, back: back, onward: onward}
	c.intro = c.checkIntro
	c.prepareSignIn(skip)
	return c.intro(), nil
}

// CheckSaved looks whether the registration of a saved connection still is what
// the vendor needs. renew makes its secret anew, for that is where the new one is
// kept. The error is of kind InvalidInput if the vendor's guide is gone.
func CheckSaved(a app.App, r connections.Record, renew func(connections.Record) *flow.Screen) (*flow.Screen, error) {
	reg, err := a.SavedRegistration(r)
	if err != nil {
		return nil, err
	}
	c := &Conversation{app: a, reg: reg, saved: &r, looking: true, renew: renew, onward: done()}
	c.intro = c.checkIntro
	c.prepareSignIn()
	return c.intro(), nil
}

// Request carries out what a colleague without the role asks for. The error is
// of kind InvalidInput if it is for another cloud.
func Request(a app.App, plan registration.Plan) (*flow.Screen, error) {
	reg, err := a.RequestedRegistration(plan)
	if err != nil {
		return nil, err
	}
	c := &Conversation{app: a, reg: reg, request: &plan, onward: done()}
	c.intro = c.requestIntro
	c.prepareSignIn()
	return c.intro(), nil
}

func done() flow.Choice { return flow.Choice{ID: "go on", Label: "Done", Next: flow.Over(flow.Done)} }

func (c *Conversation) prepareSignIn(instead ...flow.Choice) {
	c.by = &Administrator{App: c.app, Reg: c.reg, Looking: c.looking, Start: c.intro, Instead: instead,
		Done: c.signedIn}
}

// registerIntro says what will happen, and whose program asks for the sign-in.
func (c *Conversation) registerIntro() *flow.Screen {
	s := &flow.Screen{
		ID: "register", Title: c.journey.Page().Title, Lead: "You need not open the portal at all.",
		Blocks: []flow.Block{flow.Steps{Items: []flow.Item{
			{Words: "You sign in at Microsoft as an administrator of your organisation."},
			{Words: "We read what is there and show you the **plan**: each change, and what it lets " +
				c.reg.Wanted.Vendor +
				" do. Nothing has been changed up to then."},
			{Words: "When you agree, we carry it out, and look again whether everything is as it should be. You " +
				"can take all of it back."},
		}}, c.by.Note()},
		Choices: append([]flow.Choice{c.by.Choice("Sign in as an administrator"), c.by.Another()}, c.by.Instead...),
	}
	if c.journey.Missing(journey.PageDoIt) == nil {
		s.Blocks = append([]flow.Block{flow.Callout{Tone: flow.Good, Title: "The app is registered.",
			Words: "Its client ID is **" + c.journey.Answers().ClientID +
				"**. To look at it again, or to take it back, sign in."}}, s.Blocks...)
		s.Choices = append([]flow.Choice{c.onward, c.by.Choice("Look at it again")}, c.by.Another())
	}
	return s
}

// checkIntro is for a registration that exists.
func (c *Conversation) checkIntro() *flow.Screen {
	vendor := c.reg.Wanted.Vendor
	how := "We read the app, its permissions and what was granted, and hold it against what " + vendor + " needs."
	if c.journey != nil {
		how = "The test has not passed; often the registration is what is wrong."
		if !c.journey.Answers().TestedAt.IsZero() {
			how = "The test has passed."
		}
		how += " Now we look whether the app itself is what " + vendor + " needs, and not more than that."
	}
	s := &flow.Screen{
		ID: "check", Title: "Check the registration", Lead: how + " Nothing is changed by that.", Back: c.back,
		Blocks: []flow.Block{flow.Steps{Items: []flow.Item{
			{Words: "Sign in at Microsoft as somebody who may look at app registrations; an administrator may."},
			{Words: "You see each requirement: as it should be, different, or not to be checked. " +
				"What differs can be mended here, after you have seen a plan."},
		}}, c.by.Note()},
		Choices: append([]flow.Choice{c.by.Choice("Sign in as an administrator"), c.by.Another()}, c.by.Instead...),
	}
	if c.journey == nil {
		return s
	}
	skip := "Nobody at hand who may do this? Skip it: it can be done at any time for a saved connection, " +
		"by **Check the registration** on the first page or “entrada-cli verify”."
	if c.journey.ProvesOneOnly() {
		skip += " Until somebody has looked, it is not known " + journey.OthersUnknown
	}
	s.Blocks = append(s.Blocks, flow.Text{Words: skip, Quiet: true})
	return s
}

// showMe leaves for the other route.
func (c *Conversation) showMe() *flow.Screen {
	c.journey.ChooseRoute(journey.ShowMe)
	// A place that cannot be remembered is said at the next step.
	_ = c.journey.GoTo(journey.PageNeeds)
	return flow.End(flow.Moved)
}

// signedIn goes on with an administrator. What was made here before can be taken
// back from now on.
func (c *Conversation) signedIn(s *signin.Session) *flow.Screen {
	c.engine, c.account, c.clock = c.reg.Engine(s), s.Account, s.ClockWords()
	c.others = registration.Plan{} // whoever signs in now may be the one with the role
	if made := c.reg.Made(c.clientID()); made != nil && c.request == nil {
		c.runID = made.Plan.RunID
	}
	run := c.reg.Interrupted()
	switch {
	case c.request != nil:
		return c.prepare(registration.App{ClientID: c.reg.ClientID})
	case c.looking:
		return c.verify(c.clientID())
	case run != nil && c.journey.Missing(journey.PageDoIt) != nil && !c.journey.Replacing():
		return c.goOnWith(run)
	}
	return c.prepare(c.wantedApp())
}

// wantedApp says which app a plan is about.
func (c *Conversation) wantedApp() registration.App {
	if c.journey == nil || c.looking {
		return registration.App{ClientID: c.clientID()}
	}
	return c.journey.App()
}

func (c *Conversation) clientID() string {
	if c.journey != nil && c.reg.ClientID == "" {
		return c.journey.Answers().ClientID
	}
	return c.reg.ClientID
}

// explained is an error of this registration, in words.
func (c *Conversation) explained(err error, can map[explain.Action]flow.Step) flow.Fault {
	return flow.Fault{Can: can, Explanation: explain.Error(err, explain.Context{
		Cloud: c.reg.Cloud, TenantID: c.reg.TenantID, ClientID: c.clientID(), VendorName: c.reg.Wanted.Vendor,
		Account: c.account.Username,
	})}
}

// failed says what went wrong, and the ways on.
func (c *Conversation) failed(id, title, lead string, err error, again flow.Choice, more ...flow.Choice) *flow.Screen {
	choices := append([]flow.Choice{again}, more...)
	var f *fault.Error
	if errors.As(err, &f) {
		c.by.claims = f.Claims
	}
	if c.journey != nil && !c.looking {
		choices = append(choices, c.by.Instead...)
	}
	return &flow.Screen{ID: id, Title: title, Lead: lead, Back: c.intro,
		Blocks: []flow.Block{c.explained(err, flow.Retry(again.Next))}, Choices: choices}
}

// guideMark says whose guide the plan follows, unless that is built in. A
// request follows no guide of this computer.
func (c *Conversation) guideMark() string {
	switch {
	case c.request != nil:
		return ""
	case c.saved != nil:
		return c.app.GuideMark(c.saved.VendorID)
	}
	return c.app.GuideMark(c.journey.Guide().ID)
}
