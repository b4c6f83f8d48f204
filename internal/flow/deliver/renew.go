package deliver

import (
	"context"
	"strings"
	"time"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/administer"
	"entrada/internal/journey"
	"entrada/internal/registration"
	"entrada/internal/secret"
	"entrada/internal/signin"
)

// Outcome says what became of a renewal.
type Outcome string

// The outcomes. Scripts read them.
const (
	Unchanged  Outcome = "unchanged"   // nothing was tried
	Failed     Outcome = "failed"      // what was tried did not work; what was saved before still does
	Renewed    Outcome = "renewed"     // the new secret is saved, and the old one still works
	OldRemoved Outcome = "old-removed" // only the new one works now
	OldLeft    Outcome = "old-left"    // nobody knows which one the old one is: it was left
)

// Renewal is the conversation that replaces the secret of a saved connection
// with an overlap: the new one is made, proved and saved while the old one still
// works. The old one goes when the vendor says that the new one is in use.
type Renewal struct {
	Record  connections.Record // as it is saved now
	Old     string             // Secret ID of the one that is replaced, if it is known
	Outcome Outcome
	Err     error // why it failed

	app    app.App
	reg    app.Registration
	by     *administer.Administrator
	engine *registration.Engine
	keep   *Keeping
	kept   *registration.Renewal // one whose old secret still works
	onward func(connections.Record) flow.Choice
}

// Renew begins a renewal, or goes on with one whose old secret still works. seen
// is that of [Keeping]; onward is the way on with the new secret. The error is of
// kind InvalidInput if the vendor's guide is gone.
func Renew(a app.App, r connections.Record, seen bool, onward func(connections.Record) flow.Choice) (*Renewal, error) {
	reg, err := a.SavedRegistration(r)
	if err != nil {
		return nil, err
	}
	c := &Renewal{Record: r, Old: r.SecretID, Outcome: Unchanged, app: a, reg: reg, onward: onward}
	c.by = &administer.Administrator{App: a, Reg: reg, Start: c.Screen}
	c.keep = &Keeping{
		App: a, Seen: seen, Begin: c.Screen, Save: c.transact, About: c.about(),
		NotSaved: "The secret was not renewed", Lead: "What was saved before is unchanged.",
		Ways:   []flow.Choice{c.by.Account()},
		Failed: func(err error) { c.Outcome, c.Err = Failed, err },
		Saving: flow.Screen{
			ID: "renewing", Title: "Renewing", Lead: "The old secret goes on working.",
			Blocks:  []flow.Block{flow.Rows{List: renewRows(0, "")}},
			Choices: []flow.Choice{{ID: "stop", Label: "Stop here"}},
		},
	}
	if c.kept, _ = a.Renewals(r); c.kept != nil {
		c.Old = c.kept.OldKeyID
	}
	return c, nil
}

func (c *Renewal) about() explain.Context {
	return explain.Context{Cloud: c.reg.Cloud, TenantID: c.reg.TenantID, ClientID: c.reg.ClientID,
		VendorName: c.reg.Wanted.Vendor}
}

// Screen is the one that the conversation begins with.
func (c *Renewal) Screen() *flow.Screen {
	c.by.Done = func(s *signin.Session) *flow.Screen {
		c.engine = c.reg.Engine(s)
		if c.kept != nil {
			return c.finish()
		}
		return c.keep.Again(c.Record)
	}
	if c.kept != nil {
		return c.finishIntro()
	}
	vendor := c.Record.VendorName
	return &flow.Screen{
		ID: "renew", Title: "Renew the secret", Lead: c.Record.Name + c.ends(),
		Blocks: []flow.Block{flow.Steps{Items: []flow.Item{
			{Words: "Sign in as an administrator. We make a **second** secret. The old one goes on working."},
			{Words: "We try the new one out and save it here."},
			{Words: "You hand the new one to " + vendor + "."},
			{Words: "When " + vendor + " says that it is in use, come back here and we remove the old one."},
		}}, c.by.Note()},
		Choices: []flow.Choice{c.by.Choice("Sign in and make a new secret"), c.by.Another()},
	}
}

// ends says when the secret in use ends, if that is known.
func (c *Renewal) ends() string {
	switch t := c.Record.SecretExpires; {
	case t.IsZero():
		return ""
	case t.Before(c.app.Now()):
		return ": its secret ended on " + t.Format(journey.DateLayout) + "."
	default:
		return ": its secret works until " + t.Format(journey.DateLayout) + "."
	}
}

// The steps of making a second secret, in order.
var renewSteps = []string{"A second secret is made", "Microsoft accepts it", "It is saved"}

// renewRows are the steps while one of them is under way.
func renewRows(at int, detail string) []flow.Row {
	rows := make([]flow.Row, len(renewSteps))
	for i, title := range renewSteps {
		rows[i] = flow.Row{Title: title}
		if i < at {
			rows[i].State = flow.Well
		} else if i == at {
			rows[i].State, rows[i].Detail = flow.Running, detail
		}
	}
	return rows
}

// transact makes a second secret, proves it and saves it, or takes it back.
// Nothing is made before there is a place for it.
func (c *Renewal) transact(ctx context.Context, to Place, report flow.Reporter) (flow.Step, error) {
	at := func(step int, detail string) {
		for i, row := range renewRows(step, detail) {
			report.Row(i, row)
		}
	}
	at(0, "")
	r, kept := c.lookAgain(ctx)
	if kept {
		return func() *flow.Screen { return c.ready(r, c.Old, nil) }, nil
	}
	if !to.File && r.SecretIn == connections.InKeychain {
		if err := c.app.Connections.Probe(ctx); fault.Is(err, fault.KeychainUnavailable) {
			return nil, err
		}
	}
	if err := c.rollBack(ctx, r); err != nil {
		return nil, err
	}
	old := c.Old
	if old == "" {
		old = c.oldByHint(ctx, r)
	}
	n, err := c.engine.Renew(ctx, registration.RenewRequest{
		ClientID: r.ClientID, OldKeyID: old, Description: c.reg.Wanted.Secret.Description,
		Months: c.reg.Wanted.Secret.Months,
	}, func(time.Duration) { at(0, "Microsoft's servers do not all know of it yet.") })
	if err == nil {
		at(1, "It takes a moment until every server knows it.")
		err = proveSecret(ctx, c.app, c.reg, n.Secret)
	}
	if err == nil {
		at(2, "")
		r.SecretID, r.SecretExpires, r.ExpiryTyped = n.NewKeyID, n.End, false
		r, err = Keep(ctx, c.app, r, n.Secret, to)
	}
	if err != nil {
		ctx = context.WithoutCancel(ctx)
		// Where the list could not be written, the keychain may have the new one:
		// the next try finds out. What is left then is rolled back, too.
		if r, kept = c.lookAgain(ctx); !kept && !fault.Is(err, fault.FileReadOnly, fault.DiskFull) {
			_ = c.rollBack(ctx, r)
		}
		return nil, err
	}
	at(len(renewSteps), "")
	// It is saved. Should noting that fail, the next look does it.
	_ = c.engine.KeepRenewal(n)
	return func() *flow.Screen { return c.ready(r, n.OldKeyID, n.Notes) }, nil
}

// oldByHint finds the Secret ID of the saved secret, where nobody has noted it:
// Microsoft tells the first three characters of each. It is "" if in doubt.
func (c *Renewal) oldByHint(ctx context.Context, r connections.Record) (id string) {
	v, err := c.app.Connections.Secret(ctx, r.ID)
	if err != nil {
		return ""
	}
	a, err := c.engine.Graph.ApplicationByClientID(ctx, r.ClientID)
	if err != nil {
		return ""
	}
	for _, s := range a.Secrets {
		switch {
		case s.Hint == "" || !strings.HasPrefix(v.Reveal(), s.Hint):
		case id != "":
			return ""
		default:
			id = s.KeyID
		}
	}
	return id
}

// lookAgain is the connection as it is saved now, after a save that was
// interrupted is ended. kept means that the new secret is the saved one.
func (c *Renewal) lookAgain(ctx context.Context) (r connections.Record, kept bool) {
	_, _ = c.app.Connections.Reconcile(ctx)
	r, there := c.app.Connections.Get(c.Record.ID)
	if !there {
		r = c.Record
	}
	n, _ := c.app.Renewals(r)
	return r, n != nil
}

// rollBack takes away the new secrets that nobody has: of renewals that did not
// come to their end.
func (c *Renewal) rollBack(ctx context.Context, r connections.Record) error {
	_, lost := c.app.Renewals(r)
	for _, n := range lost {
		if err := c.engine.RollBackRenewal(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// patience is how long a new secret that is refused is asked about again.
var patience = []time.Duration{3 * time.Second, 6 * time.Second, 12 * time.Second, 24 * time.Second}

// proveSecret asks Microsoft whether the new secret opens the app, patiently: it
// has to get around first.
func proveSecret(ctx context.Context, a app.App, reg app.Registration, v secret.Value) error {
	probe := checks.Probe{Cloud: reg.Cloud, TenantID: reg.TenantID, ClientID: reg.ClientID, Secret: v, HTTP: a.HTTP}
	for try := 0; ; try++ {
		var last error
		for _, r := range checks.Run(ctx, probe.Checks(), nil) {
			if r.State == checks.Failed {
				last = r.Err
			}
		}
		if ctx.Err() != nil {
			return fault.New(fault.Cancelled, "prove the new secret", ctx.Err())
		}
		if last == nil || !mayBeTooNew(last) || try == len(patience) {
			return last
		}
		select {
		case <-ctx.Done():
		case <-time.After(patience[try]):
		}
	}
}

// mayBeTooNew lists the refusals that a new app or secret gets until every
// server has heard of it.
func mayBeTooNew(err error) bool {
	switch fault.CodeOf(err) {
	case "AADSTS700016", "AADSTS7000215", "AADSTS7000229":
		return true
	}
	return false
}

// ready says what to do with the new secret.
func (c *Renewal) ready(r connections.Record, old string, notes []string) *flow.Screen {
	c.Record, c.Old, c.Outcome, c.Err = r, old, Renewed, nil
	s := &flow.Screen{
		ID: "renewed", Title: "The new secret is ready", Choices: []flow.Choice{c.onward(r)},
		Lead: "It is saved here and works until " + r.SecretExpires.Format(journey.DateLayout) +
			". Nothing was taken away.",
	}
	for _, n := range notes {
		s.Blocks = append(s.Blocks, flow.Callout{Words: n})
	}
	s.Blocks = append(s.Blocks, flow.Steps{Heading: "What comes next", Items: []flow.Item{
		{Words: "Hand the new secret to " + r.VendorName +
			". Until they use it, the old one goes on working, as long as it lasts."},
		{Words: "When they say that it is in use, renew once more: by **Renew secret** on the first page, or " +
			"“entrada-cli renew”. " +
			"Then we remove the old one."},
	}})
	return s
}

// finishIntro is the second half, days later.
func (c *Renewal) finishIntro() *flow.Screen {
	remove := c.by.Choice("Sign in and remove the old secret")
	remove.Danger = true
	return &flow.Screen{
		ID: "finish-renewal", Title: "Remove the old secret", Lead: c.Record.Name,
		Blocks: []flow.Block{
			flow.Text{Words: "A new secret was made, and the old one still works."},
			flow.Callout{Tone: flow.Warning, Title: "Only when " + c.Record.VendorName + " uses the new one.",
				Words: "As soon as the old secret is removed, nobody can connect with it any more."},
			c.by.Note(),
		},
		Choices: []flow.Choice{remove, c.by.Another(),
			{ID: "not yet", Label: "Not yet", Next: flow.Over(flow.Forgone)}},
	}
}

func (c *Renewal) finish() *flow.Screen {
	return &flow.Screen{
		ID: "finishing-renewal", Title: "Removing the old secret",
		Choices: []flow.Choice{{ID: "stop", Label: "Stop here"}},
		Work: func(ctx context.Context, _ flow.Reporter) flow.Step {
			err := c.engine.FinishRenewal(ctx, c.kept)
			return func() *flow.Screen { return c.finished(err) }
		},
	}
}

func (c *Renewal) finished(err error) *flow.Screen {
	if err != nil && !c.kept.Kept {
		c.Outcome, c.Err, c.kept = Failed, err, nil
		return &flow.Screen{
			ID: "new-is-gone", Title: "The new secret is gone",
			Lead: "Somebody may have deleted it, so the old one was left.", Back: c.Screen,
			Choices: []flow.Choice{{ID: "again", Label: "Make a new secret",
				Next: func() *flow.Screen { return c.keep.Again(c.Record) }}},
		}
	}
	if err != nil {
		c.Outcome, c.Err = Failed, err
		return &flow.Screen{
			ID: "old-not-removed", Title: "The old secret was not removed", Lead: "Both still work.", Back: c.Screen,
			Blocks:  []flow.Block{c.keep.explained(err, flow.Retry(c.finish))},
			Choices: []flow.Choice{{ID: "again", Label: "Try again", Next: c.finish}, c.by.Account()},
		}
	}
	done := flow.Choice{ID: "done", Label: "Done", Next: flow.Over(flow.Done)}
	if c.Old == "" {
		c.Outcome, c.Err = OldLeft, nil
		return &flow.Screen{
			ID: "old-left", Title: "The old secret is still there",
			Lead: "Its Secret ID is not known here, so nothing was removed.",
			Blocks: []flow.Block{flow.Rows{List: []flow.Row{{
				State: flow.Unknown, Title: "Remove it by hand, under Certificates & secrets",
				Detail:  "Leave the one with the Secret ID " + c.Record.SecretID + ".",
				Address: c.reg.Cloud.PortalLink(entra.PageSecrets, c.reg.TenantID, c.reg.ClientID),
			}}}},
			Choices: []flow.Choice{done},
		}
	}
	c.Outcome, c.Err = OldRemoved, nil
	return &flow.Screen{
		ID: "old-removed", Title: "The old secret is gone", Lead: "Only the new one works now.",
		Blocks: []flow.Block{flow.Callout{Tone: flow.Good, Title: "Renewed.",
			Words: c.Record.Name + " lasts until " + c.Record.SecretExpires.Format(journey.DateLayout) + "."}},
		Choices: []flow.Choice{done},
	}
}
