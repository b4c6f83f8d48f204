package journey

import (
	"context"
	"slices"
	"strings"
	"time"

	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/guides"
	"entrada/internal/registration"
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

// Subject is what the journey has come to.
func (j *Journey) Subject() Subject {
	return Subject{Cloud: j.Cloud(), Guide: j.guide, TenantID: j.answers.TenantID, ClientID: j.answers.ClientID, Secret: j.clientSecret,
		Features: j.answers.Features, Mailbox: mailbox(j.guide, j.answers.Inputs)}
}

// SavedSubject is a saved connection. ok is false if its vendor's guide is not
// known here, and with it what the vendor may do.
func (w World) SavedSubject(r connections.Record, v secret.Value) (s Subject, ok bool) {
	s = Subject{Cloud: w.CloudOf(r.CloudID), TenantID: r.TenantID, ClientID: r.ClientID, Secret: v, Lasts: r.Lasts(w.Now())}
	if s.Guide = w.GuideByID(r.VendorID); s.Guide == nil {
		// Organisation, app and secret can be tested all the same.
		s.Guide = GuideOf(r.VendorName)
		return s, false
	}
	s.Features, s.Mailbox = features(r, s.Guide), mailbox(s.Guide, r.Inputs)
	return s, true
}

// TypedSubject is a connection of which nothing is saved: its values were typed
// or read from a file.
func TypedSubject(t entra.Tenant, clientID string, v secret.Value, g *guides.Guide, mailbox string) Subject {
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
func (s Subject) Before(w World) []checks.Check {
	return append(checks.Reach{Cloud: s.Cloud, HTTP: w.HTTP}.Checks(),
		checks.Probe{Cloud: s.Cloud, TenantID: s.TenantID, ClientID: s.ClientID, Secret: s.Secret, SecretLasts: s.Lasts, HTTP: w.HTTP}.Checks()...)
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

// Trial is a connection test, in somebody's name or in the app's own.
type Trial interface {
	// Checks lists what is tried out.
	Checks() []checks.Check
	// Sweep takes away what an earlier run left behind.
	Sweep(ctx context.Context) ([]string, error)
}

// TrialOptions say how to test.
type TrialOptions struct {
	SharedMailbox string              // to try as well, in the name of a person; "" for none
	ReadOnly      bool                // create and send nothing
	OnWait        func(time.Duration) // hears how long Microsoft asks us to wait; may be nil
}

// Test is the connection test in the name of whoever signed in.
func (s Subject) Test(w World, session *signin.Session, o TrialOptions) Trial {
	return checks.Delegated{
		Request: s.SignInRequest(""), Session: session, Asked: s.Asked(), Vendor: s.Guide.Vendor, SharedMailbox: o.SharedMailbox, ReadOnly: o.ReadOnly,
		HTTP: w.HTTP, Journal: w.Journal(), RunID: checks.NewRunID(), Now: w.Now, OnWait: o.OnWait,
	}
}

// AppTest is the connection test of an app that signs in by itself.
func (s Subject) AppTest(w World, o TrialOptions) Trial {
	return checks.AppOnly{
		Request: signin.Request{Cloud: s.Cloud, Tenant: s.TenantID, ClientID: s.ClientID, ClientSecret: s.Secret},
		Asked:   s.AppAsked(), Mailbox: s.Mailbox, Vendor: s.Guide.Vendor, ReadOnly: o.ReadOnly,
		HTTP: w.HTTP, Journal: w.Journal(), RunID: checks.NewRunID(), Now: w.Now, OnWait: o.OnWait,
	}
}

// Context is what errors of this connection are explained with.
func (s Subject) Context(account string) explain.Context {
	return explain.Context{Cloud: s.Cloud, TenantID: s.TenantID, ClientID: s.ClientID, VendorName: s.Guide.Vendor, Account: account}
}

// TestPassed remembers that the test passed, and with which mailbox.
func (j *Journey) TestPassed(mailbox string) {
	j.answers.Attention = nil
	j.answers.TestedAt, j.answers.TestedAs = j.world.Now().UTC(), mailbox
	j.answers.FailedAt, j.answers.Failed, j.answers.FailedCulprit, j.answers.Unproven = time.Time{}, "", "", false
}

// ProvesOneOnly reports whether a test that passed tells nothing of anybody but
// the person who signed in: the token does not say whether an administrator has
// agreed for all, and nobody has looked at the registration yet.
func (j *Journey) ProvesOneOnly() bool {
	return !j.guide.AppOnly() && j.answers.Check != registration.OK
}

// OthersUnknown says what such a test leaves open.
const OthersUnknown = "whether it works for your colleagues. Where no administrator has agreed for all of them, Microsoft tells them “Need admin approval”."

// Headline is what a finished test proves, in a few words. account is who signed
// in, "" for nobody.
func (j *Journey) Headline(v checks.Verdict, account string) string {
	if !v.OK || account == "" || !j.ProvesOneOnly() {
		return v.Headline
	}
	return strings.Replace(v.Headline, "Everything works", "It works", 1) + " for " + account
}

// TestFailed remembers a test that did not pass, if that says something of the
// connection.
func (j *Journey) TestFailed(v checks.Verdict) {
	t, ok := Outcome(connections.Record{}, v, true, j.world.Now())
	if ok && t.Result == connections.ResultFailed {
		j.answers.FailedAt, j.answers.Failed, j.answers.FailedCulprit = t.When.UTC(), t.Headline, t.OnlyCulprit
	}
}

// GoOnUnproven leaves the test as it is, so that a connection can be saved whose
// secret the portal shows once, while somebody else mends what is wrong.
func (j *Journey) GoOnUnproven() { j.answers.Unproven = true }

// SetTenantName remembers the organisation's own name, known after a sign-in.
func (j *Journey) SetTenantName(name string) { j.answers.TenantName = name }
