package prove

import (
	"slices"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/entra"
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
	return Subject{Cloud: j.Cloud(), Guide: j.Guide(), TenantID: a.TenantID, ClientID: a.ClientID, Secret: j.Secret(),
		Features: a.Features, Mailbox: mailbox(j.Guide(), a.Inputs)}
}

// FromRecord is a saved connection. ok is false if its vendor's guide is not
// known here, and with it what the vendor may do.
func FromRecord(a app.App, r connections.Record, v secret.Value) (s Subject, ok bool) {
	s = Subject{Cloud: a.CloudOf(r.CloudID), TenantID: r.TenantID, ClientID: r.ClientID, Secret: v, Lasts: r.Lasts(a.Now())}
	if s.Guide = a.GuideByID(r.VendorID); s.Guide == nil {
		// Organisation, app and secret can be tested all the same.
		s.Guide = GuideOf(r.VendorName)
		return s, false
	}
	s.Features, s.Mailbox = app.Features(r, s.Guide), mailbox(s.Guide, r.Inputs)
	return s, true
}

// Typed is a connection of which nothing is saved: its values were typed
// or read from a file.
func Typed(t entra.Tenant, clientID string, v secret.Value, g *guides.Guide, mailbox string) Subject {
	if !g.AppOnly() {
		mailbox = ""
	}
	return Subject{Cloud: t.Cloud, Guide: g, TenantID: t.ID, ClientID: clientID, Secret: v, Features: g.DefaultFeatures(), Mailbox: mailbox}
}

// GuideOf stands for a vendor of whom nothing is known but the permissions.
func GuideOf(vendor string, permissions ...guides.Permission) *guides.Guide {
	return &guides.Guide{Vendor: vendor, Permissions: permissions}
}

// Before lists what can be found out of a connection before anybody signs in:
// this computer, the way to Microsoft, organisation, app and secret.
func (s Subject) Before(a app.App) []checks.Check {
	return append(checks.Reach{Cloud: s.Cloud, HTTP: a.HTTP}.Checks(),
		checks.Probe{Cloud: s.Cloud, TenantID: s.TenantID, ClientID: s.ClientID, Secret: s.Secret, SecretLasts: s.Lasts, HTTP: a.HTTP}.Checks()...)
}

// Probe is what Microsoft is asked right after pasting.
func Probe(a app.App, j *journey.Journey) checks.Probe {
	s := FromJourney(j)
	return checks.Probe{Cloud: s.Cloud, TenantID: s.TenantID, ClientID: s.ClientID, Secret: s.Secret, HTTP: a.HTTP}
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
