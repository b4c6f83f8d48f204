package terminal

import (
	"context"

	"github.com/spf13/cobra"

	"entrada/internal/connections"
	"entrada/internal/console"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/administer"
	"entrada/internal/registration"
)

func (p *program) verifyCommand() *cobra.Command {
	o := verifyOptions{}
	c := &cobra.Command{
		Use:   "verify NAME",
		Short: "Look whether the app registration is what the vendor needs",
		Long: `Read the app registration of a saved connection, its permissions and what was
granted, and hold each against what the vendor needs. Nothing is changed.

An administrator, or an owner of the app, signs in through the browser, or with
--device-code on another device: where this computer has no browser. The sign-in
names “Microsoft Azure CLI”, a program of Microsoft's own that may look at
registrations; with --other-sign-in it names “Microsoft Graph Command Line
Tools”, for organisations that keep the first one out.

Exits with 0 if everything is as it should be, 1 if something the vendor needs
differs, 2 if something could not be checked.`,
		Example: `  entrada-cli verify OxfordIQ
  entrada-cli verify OxfordIQ --json`,
		Args:              exactly(1, "Say which connection. See: entrada-cli list"),
		ValidArgsFunction: p.names,
		RunE:              p.run(func(ctx context.Context, args []string) error { return p.verify(ctx, args[0], o) }),
	}
	c.Flags().BoolVar(&o.json, "json", false, "for scripts")
	c.Flags().BoolVar(&o.deviceCode, "device-code", false, "sign in on another device, with a code")
	c.Flags().BoolVar(&o.other, "other-sign-in", false,
		"sign in to Microsoft Graph Command Line Tools instead of Azure CLI")
	return c
}

type verifyOptions struct{ json, other, deviceCode bool }

func (p *program) verify(ctx context.Context, name string, o verifyOptions) error {
	if err := p.open(ctx); err != nil {
		return err
	}
	record, err := p.one(name)
	if err != nil {
		return err
	}
	if !p.in.Terminal {
		return usage("verify needs a terminal and somebody who signs in.")
	}
	if p.app.GuideByID(record.VendorID) == nil {
		return usage("%s: %s.", console.OneLine(record.Name), guideGone)
	}
	reg, err := p.app.SavedRegistration(record)
	if err != nil {
		return err
	}
	chosen := administer.Program{Second: o.other}
	program := chosen.Name()
	p.err.Say("",
		"Sign in as an administrator of "+console.OneLine(record.TenantDomain)+
			", or as an owner of the app. We only read, and the sign-in is forgotten afterwards.")
	p.err.Say("", "Microsoft's page names **"+program+"**.")
	if !o.other {
		p.err.Say("",
			"Should it say there that your organisation keeps this program out: press Ctrl+C and try again with "+
				"--other-sign-in.")
	}
	request := chosen.SignIn(reg)
	about := explain.Context{Cloud: reg.Cloud, TenantID: reg.TenantID, ClientID: request.ClientID, VendorName: program}
	session, err := p.signIn(ctx, p.err, flow.SignIn{Request: request, Code: o.deviceCode, About: about})
	switch {
	case ctx.Err() != nil:
		return fault.New(fault.Cancelled, "sign in", ctx.Err())
	case err != nil:
		p.explain(p.err, err, about)
		return status(exitUsage)
	}
	p.err.Line("Signed in as: " + session.Account.Name + " <" + session.Account.Username + ">")
	p.err.Line("Tenant ID: " + session.Account.TenantID)
	p.err.Line("Looking at the registration …")
	list := reg.Engine(session).Verify(ctx, reg.Wanted, reg.ClientID, false)
	if ctx.Err() != nil {
		return fault.New(fault.Cancelled, "look at the registration", ctx.Err())
	}
	_, note, err := p.app.CorrectExpiry(record, list)
	if note != "" {
		p.err.Say("", note) // which day the registration has put right
	}
	if err != nil {
		p.err.Line("The date could not be saved:")
		p.explain(p.err, err, explain.Context{})
	}
	v := verifiedOf(list, reg.Cloud, record, session.Account.Username)
	if o.json {
		err = p.out.JSON(v)
	} else {
		p.printVerified(v)
	}
	if err != nil {
		return err
	}
	return map[registration.State]error{registration.Differs: status(exitFailed),
		registration.CouldNotCheck: status(exitUsage)}[v.State]
}

func verifiedOf(list []registration.Requirement, cloud entra.Cloud, record connections.Record,
	account string) verified {
	v := verified{
		Name: console.OneLine(record.Name), ID: record.ID, State: registration.Verdict(list),
		SignedInAs:   console.OneLine(account),
		Requirements: make([]requirementLine, len(list)),
	}
	v.OK = v.State == registration.OK
	for i, r := range list {
		v.Requirements[i] = requirementOf(r, cloud, record)
	}
	return v
}

// verified is the outcome in JSON. Its members never change their meaning.
type verified struct {
	Name         string             `json:"name"`
	ID           string             `json:"id"`
	OK           bool               `json:"ok"`
	State        registration.State `json:"state"` // "ok", "differs" or "could-not-check"
	SignedInAs   string             `json:"signed_in_as"`
	Requirements []requirementLine  `json:"requirements"`
}

// requirementLine is one requirement. Advice decides no verdict: the connection
// works without it.
type requirementLine struct {
	ID     registration.RequirementID `json:"id"`
	Title  string                     `json:"title"`
	State  registration.State         `json:"state"`
	Advice bool                       `json:"advice"`
	Want   string                     `json:"want"`
	Have   string                     `json:"have"`
	Items  []requirementItem          `json:"items,omitempty"`
	Why    string                     `json:"why,omitempty"`
	Who    string                     `json:"who,omitempty"`
	Where  string                     `json:"where,omitempty"` // the way in words
	URL    string                     `json:"url,omitempty"`
	Code   string                     `json:"code,omitempty"` // why it could not be checked
	Cause  string                     `json:"cause,omitempty"`
}

type requirementItem struct {
	Name  string             `json:"name"`
	State registration.State `json:"state"`
	Note  string             `json:"note,omitempty"`
}

func requirementOf(r registration.Requirement, cloud entra.Cloud, record connections.Record) requirementLine {
	line := requirementLine{ID: r.ID, Title: r.Title, State: r.State, Advice: r.Advice, Want: console.OneLine(r.Want),
		Have: console.OneLine(r.Have)}
	for _, i := range r.Items {
		line.Items = append(line.Items, requirementItem{console.OneLine(i.Name), i.State, console.OneLine(i.Note)})
	}
	// What is only missing along with something else is mended with that.
	if r.State == registration.Differs || r.Err != nil {
		line.Why, line.Who, line.Where = r.Why, registration.RoleNames(r.Fixers), r.Path
		line.URL = cloud.PortalLink(r.Page, record.TenantID, record.ClientID)
	}
	if r.Err != nil {
		e := explain.Error(r.Err,
			explain.Context{Cloud: cloud, TenantID: record.TenantID, ClientID: record.ClientID,
				VendorName: record.VendorName})
		line.Code, line.Cause = e.Code, e.What
	}
	return line
}

// stateWords are the states of a requirement.
var stateWords = map[registration.State][2]string{
	registration.OK:            {"ok", console.Green},
	registration.Differs:       {"differs", console.Red},
	registration.CouldNotCheck: {"could not check", console.Yellow},
}

func (p *program) printVerified(v verified) {
	p.out.Line(v.Name + ": " + map[registration.State]string{
		registration.OK:            "everything is as it should be",
		registration.Differs:       "something is different",
		registration.CouldNotCheck: "not everything could be checked",
	}[v.State])
	for _, r := range v.Requirements {
		word, style := stateWords[r.State][0], stateWords[r.State][1]
		if r.Advice && r.State == registration.Differs {
			style = console.Yellow
		}
		text := console.OneLine(r.Title)
		if r.State != registration.Differs {
			text += ": " + console.OneLine(r.Have)
		}
		if p.out.Terminal {
			p.out.Marked(style, "  "+word, 19, text)
		} else {
			p.out.Line(word + "\t" + text)
		}
		p.printDetails(r)
	}
}

// printDetails says of what is not well how it is, how it should be, and who
// mends it where.
func (p *program) printDetails(r requirementLine) {
	say := func(label, text string) {
		if text != "" {
			p.out.Say("      ", "    "+label+text)
		}
	}
	switch r.State {
	case registration.OK:
		return
	case registration.CouldNotCheck:
		say("", r.Cause)
		say("Who may see it: ", r.Who)
		say("Where to look: ", r.Where)
	default:
		if r.Advice {
			say("", "The connection works all the same.")
		}
		say("It is: ", r.Have)
		say("It should be: ", r.Want)
		for _, i := range r.Items {
			if i.State != registration.OK && i.Note != "" {
				say("- ", i.Name+": "+i.Note)
			}
		}
		say("Why it matters: ", r.Why)
		say("Who can fix it: ", r.Who)
		say("Where: ", r.Where)
	}
	if r.URL != "" {
		p.out.Line("    " + console.OneLine(r.URL))
	}
}
