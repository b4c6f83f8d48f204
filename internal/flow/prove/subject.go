package prove

import (
	"slices"
	"strings"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/secret"
	"entrada/internal/signin"
)

// Subject is a connection to prove: the values of a journey, or a saved
// connection with its secret.
type Subject struct {
	Cloud    entra.Cloud
	Guide    *guides.Guide
	TenantID string
	ClientID string
	Secret   secret.Value
	Features []string
	Mailbox  string // the mailbox that an app works in by itself; "" for delegated vendors
	Lasts    string // how long the secret works, in words; "" if that is not known

	Domain   string // of the organisation; "" where only its ID is known
	Name, ID string // of the saved connection; "" for none
}

// mailbox is the answer to the guide's question for one.
func mailbox(g *guides.Guide, inputs map[string]string) string {
	if id := g.MailboxInput(); id != "" && g.AppOnly() {
		return inputs[id]
	}
	return ""
}

// FromJourney is what the journey has come to.
func FromJourney(j *journey.Journey) Subject {
	a := j.Answers()
	return Subject{
		Cloud: j.Cloud(), Guide: j.Guide(), TenantID: a.TenantID, Domain: a.TenantDomain, ClientID: a.ClientID,
		Secret: j.Secret(), Features: a.Features, Mailbox: mailbox(j.Guide(), a.Inputs),
	}
}

// FromRecord is a saved connection. ok is false if its vendor's guide is not
// known here, and with it what the vendor may do.
func FromRecord(a app.App, r connections.Record, v secret.Value) (s Subject, ok bool) {
	s = Plain(a, r, v)
	g := a.GuideByID(r.VendorID)
	if g == nil {
		return s, false
	}
	s.Guide, s.Features, s.Mailbox = g, app.Features(r, g), mailbox(g, r.Inputs)
	return s, true
}

// Plain is organisation, app and secret of a saved connection alone. They can be
// tested whatever the vendor may do.
func Plain(a app.App, r connections.Record, v secret.Value) Subject {
	return Subject{
		Cloud: a.CloudOf(r.CloudID), Guide: GuideOf(r.VendorName), TenantID: r.TenantID, Domain: r.TenantDomain,
		ClientID: r.ClientID, Secret: v, Lasts: r.Lasts(a.Now()), Name: r.Name, ID: r.ID,
	}
}

// GuideOf stands for a vendor of whom nothing is known but the permissions.
func GuideOf(vendor string, permissions ...guides.Permission) *guides.Guide {
	return &guides.Guide{Vendor: vendor, Permissions: permissions}
}

// Probe lists what can be asked of Microsoft without a sign-in: organisation,
// app and secret.
func (s Subject) Probe(a app.App) []checks.Check {
	return checks.Probe{
		Cloud: s.Cloud, TenantID: s.TenantID, ClientID: s.ClientID, Secret: s.Secret, SecretLasts: s.Lasts,
		HTTP: a.HTTP,
	}.Checks()
}

// light is the probe of a saved connection that nobody signs in to: an app that acts
// on its own needs its consent as well, which its token tells.
func (s Subject) light(a app.App, r connections.Record) []checks.Check {
	p := checks.Probe{
		Cloud: s.Cloud, TenantID: s.TenantID, ClientID: s.ClientID, Secret: s.Secret, SecretLasts: s.Lasts,
		HTTP:   a.HTTP,
		Worked: r.LastResult == connections.ResultOK || r.Was != nil && r.Was.Result == connections.ResultOK,
	}
	if whole, known := FromRecord(a, r, s.Secret); known && whole.Guide.AppOnly() {
		p.Roles = whole.AppAsked()
	}
	return p.Checks()
}

// before is what can be found out before anybody signs in: this computer and the
// way to Microsoft as well.
func (s Subject) before(a app.App) []checks.Check {
	return append(checks.Reach{Cloud: s.Cloud, HTTP: a.HTTP}.Checks(), s.Probe(a)...)
}

// Tries reports whether a mailbox can be tried: what the vendor may do is known.
func (s Subject) Tries() bool { return len(s.Asked())+len(s.AppAsked()) > 0 }

// Shares reports whether the vendor asks for mailboxes that are shared with the
// person who signs in.
func (s Subject) Shares() bool {
	return slices.ContainsFunc(s.Asked(), func(name string) bool { return strings.HasSuffix(name, ".Shared") })
}

// Context is what errors of this connection are explained with.
func (s Subject) Context(account string) explain.Context {
	return explain.Context{
		Cloud: s.Cloud, TenantID: s.TenantID, ClientID: s.ClientID, VendorName: s.Guide.Vendor, Account: account,
	}
}

// Asked lists the delegated permissions that the vendor asks for.
func (s Subject) Asked() []string {
	var names []string
	for _, p := range s.Guide.Wanted(s.Features) {
		if p.Kind == guides.Delegated {
			names = append(names, p.Name)
		}
	}
	return names
}

// SignInRequest asks for just what the vendor will ask for, and for what proves
// who signed in. It carries the secret, as the vendor's own sign-in will: the
// test address is on the Web platform.
func (s Subject) SignInRequest(hint string) signin.Request {
	scopes := []string{"openid", "profile"}
	for _, name := range s.Asked() {
		if p, ok := entra.PermissionByName(name); ok && p.Family == entra.FamilySignIn && name != "User.Read" {
			if !slices.Contains(scopes, name) {
				scopes = append(scopes, name)
			}
			continue
		}
		scopes = append(scopes, s.Cloud.GraphScope(name))
	}
	return signin.Request{
		Cloud: s.Cloud, Tenant: s.TenantID, ClientID: s.ClientID, ClientSecret: s.Secret,
		Scopes: scopes, LoginHint: hint, ExpectTenant: s.TenantID,
	}
}

// AppAsked lists the application permissions that the vendor asks for.
func (s Subject) AppAsked() []string {
	var names []string
	for _, p := range s.Guide.Wanted(s.Features) {
		if p.Kind == guides.Application {
			names = append(names, p.Name)
		}
	}
	return names
}
