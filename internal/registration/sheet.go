package registration

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/safefile"
)

// Sheet is a plan as a request to the person who has the role: who asks, what is
// to be done, why, and what it lets the vendor do. It holds nothing secret.
func (p Plan) Sheet(from, organisation string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	w := p.Wanted
	line("Request: connect %s to Microsoft 365", w.Vendor)
	line("")
	if from != "" {
		line("From: %s", from)
	}
	line("Organisation: %s (tenant ID %s)", cmp.Or(organisation, "ours"), p.TenantID)
	line("App: %s", p.AppName())
	if p.Existing != nil {
		for _, fact := range p.Existing.Facts() {
			line("%s", fact)
		}
	} else if p.ClientID != "" {
		line("Client ID: %s", p.ClientID)
	}
	line("")
	line("What has to be done")
	for i, c := range p.Changes {
		roles, owners := c.Roles()
		line("%d. %s", i+1, c.Words)
		for _, d := range c.Details {
			line("   - %s", d)
		}
		who := "Role needed: " + RoleNames(roles)
		if owners && c.Kind != CreateApp {
			who += "; the owner of the app can do it too"
		}
		line("   %s.", who)
	}
	for _, r := range w.Reach(p.Mailboxes) {
		line("")
		line("%s:", r.Heading)
		for _, d := range r.Does {
			line("   - %s", d)
		}
	}
	line("")
	line("Permissions that are granted this way take effect at once, without a further question.")
	line("Open the file that came with this request in Entrada: it shows the same plan, checks it")
	line("against your organisation, and carries it out after you have signed in.")
	return b.String()
}

// JSON is the plan as a file to send along with the sheet.
func (p Plan) JSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(p); err != nil {
		return nil, fault.New(fault.Misuse, "save the request", err)
	}
	return b.Bytes(), nil
}

// MaxPlanFile is how large a plan's file may be.
const MaxPlanFile = 128 << 10

var changeKinds = []ChangeKind{CreateApp, UpdateApp, CreatePrincipal, EnablePrincipal, ExposeScopes, GrantDelegated,
	AssignRole, AddSecret}

// ReadPlan reads a plan's file, which may come from anybody. It accepts only what a guide
// could ask for, and writes the sentences anew. The plan cannot be applied: call
// [Engine.Prepare] with its Wanted and ClientID, which looks up everything again.
func ReadPlan(data []byte) (Plan, error) {
	const op = "read the request"
	if len(data) > MaxPlanFile {
		return Plan{}, &fault.Error{Kind: fault.FileTooLarge, Op: op}
	}
	var head struct {
		Format int `json:"format"`
	}
	if json.Unmarshal(data, &head) == nil && head.Format > planFormat {
		return Plan{}, &fault.Error{Kind: fault.FileNewer, Op: op}
	}
	corrupt := func(detail string) (Plan, error) {
		return Plan{}, &fault.Error{Kind: fault.FileCorrupt, Op: op, Detail: detail}
	}
	var p Plan
	if safefile.DecodeStrictly(data, &p) != nil || p.Format != planFormat {
		return corrupt("This is not a request made by Entrada.")
	}
	if err := p.Wanted.Check(); err != nil {
		return Plan{}, err
	}
	if !entra.IsGUID(p.TenantID) || p.ClientID != "" && !entra.IsGUID(p.ClientID) ||
		!runIDPattern.MatchString(p.RunID) || !guides.IsPlain(p.CloudID) || len(p.Changes) > 200 ||
		p.Only != "" && !slices.Contains(mendable, p.Only) {
		return corrupt("Something in it is not what it should be.")
	}
	p.markNew()
	name := p.Wanted.AppName
	if p.ClientID != "" {
		name = "with the client ID " + p.ClientID // what it is called is to be looked up
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		if !slices.Contains(changeKinds, c.Kind) || !c.fits(p.Wanted) {
			return corrupt("It has a step that Entrada does not know.")
		}
		for _, d := range c.Details {
			if len(d) > 600 || !guides.IsPlain(d) {
				return corrupt("A text in it is too long or has characters that do not belong there.")
			}
		}
		c.Words = sentenceFor(c.Kind, name, p.Wanted, c.Names)
		switch c.Kind {
		case CreateApp, UpdateApp:
			// What the plan's author found is not known here, so list all that may change.
			c.Details = createDetails(p.Wanted)
		case GrantDelegated:
			c.Details = does("delegated", c.Names)
		case AssignRole:
			c.Details = does("application", c.Names)
		default:
			c.Details = nil
		}
	}
	return p, nil
}

// fits reports whether a change is about what is wanted, and about nothing else.
func (c Change) fits(w Wanted) bool {
	var of []string
	switch c.Kind {
	case GrantDelegated:
		of = w.names("delegated")
	case AssignRole:
		of = w.names("application")
	case ExposeScopes:
		of = w.Exposed
	}
	return len(c.Names) <= 100 && !slices.ContainsFunc(c.Names, func(n string) bool { return !slices.Contains(of, n) })
}
