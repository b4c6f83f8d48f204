package journey

import (
	"slices"

	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/guides"
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
}

// mailbox is the answer to the guide's question for one.
func mailbox(g *guides.Guide, inputs map[string]string) string {
	if id := g.MailboxInput(); id != "" && g.AppOnly() {
		return inputs[id]
	}
	return ""
}

// Subject is what the journey has come to.
func (j *Journey) Subject() Subject {
	return Subject{j.Cloud(), j.guide, j.answers.TenantID, j.answers.ClientID, j.clientSecret, j.answers.Features, mailbox(j.guide, j.answers.Inputs)}
}

// SavedSubject is a saved connection. ok is false if its vendor's guide is not
// known here.
func (w World) SavedSubject(r connections.Record, v secret.Value) (s Subject, ok bool) {
	g := guides.ByID(r.VendorID)
	if g == nil {
		return Subject{}, false
	}
	return Subject{w.cloud(r.CloudID), g, r.TenantID, r.ClientID, v, features(r, g), mailbox(g, r.Inputs)}, true
}

// Probe is what Microsoft is asked right after pasting.
func (j *Journey) Probe() checks.Probe {
	return checks.Probe{Cloud: j.Cloud(), TenantID: j.answers.TenantID, ClientID: j.answers.ClientID, Secret: j.clientSecret, HTTP: j.world.HTTP}
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

// Test is the connection test in the name of whoever signed in.
func (s Subject) Test(w World, session *signin.Session) checks.Delegated {
	return checks.Delegated{
		Request: s.SignInRequest(""), Session: session, Asked: s.Asked(), Vendor: s.Guide.Vendor,
		HTTP: w.HTTP, Journal: w.Journal(), RunID: checks.NewRunID(), Now: w.Now,
	}
}

// TestPassed remembers that the test passed, and as whom.
func (j *Journey) TestPassed(account signin.Account) {
	j.answers.TestedAt, j.answers.TestedAs = j.world.Now().UTC(), account.Username
}

// SetTenantName remembers the organisation's own name, known after a sign-in.
func (j *Journey) SetTenantName(name string) { j.answers.TenantName = name }
