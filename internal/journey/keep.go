package journey

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/secret"
)

// Journal is the list of test events that may be left in calendars.
func (w World) Journal() *checks.Journal {
	return &checks.Journal{Path: filepath.Join(w.Home, "leftovers.json")}
}

// Record is the connection as it is saved; nothing in it is secret.
func (j *Journey) Record() connections.Record {
	a := j.answers
	r := connections.Record{
		ID: a.ConnectionID, Name: j.guide.Vendor + " · " + a.TenantDomain,
		VendorID: j.guide.ID, VendorName: j.guide.Vendor,
		CloudID: j.Cloud().ID, TenantID: a.TenantID, TenantDomain: a.TenantDomain, TenantName: a.TenantName,
		ClientID: a.ClientID, SecretID: a.SecretID, SecretExpires: a.SecretExpires, ExpiryTyped: a.ExpiryTyped,
		RedirectURIs: j.guide.RedirectURLs(a.Inputs), Inputs: j.Answers().Inputs,
		Audience: string(a.Audience), Features: j.Answers().Features,
		LastTested: a.TestedAt,
	}
	switch {
	case !a.TestedAt.IsZero():
		r.LastResult, r.LastHeadline = connections.ResultOK, "Everything works"
		if j.ProvesOneOnly() {
			r.LastHeadline = "It works for the person who tested it"
		}
	case !a.FailedAt.IsZero():
		r.LastTested, r.LastResult, r.LastHeadline, r.LastCulprit = a.FailedAt, connections.ResultFailed, a.Failed, a.FailedCulprit
	}
	return r
}

// Keep saves the connection and its secret in the keychain. On an error nothing
// is saved; [Journey.KeepForSession] is the way on without a keychain.
func (w World) Keep(ctx context.Context, r connections.Record, v secret.Value) (connections.Record, error) {
	return w.Connections.Save(ctx, r, v)
}

// KeepBehindPassphrase saves the connection with its secret in a file that the
// passphrase opens: for a computer without a keychain. A passphrase for a new
// file has to be a good one; the one of a file that is there has to be its, and
// a file that is open needs none.
func (w World) KeepBehindPassphrase(ctx context.Context, r connections.Record, v, passphrase secret.Value) (connections.Record, error) {
	_, exists, locked := w.Connections.PassphraseFile()
	switch {
	case exists && !locked:
		r.SecretIn = connections.InFile
		return w.Keep(ctx, r, v)
	case !exists:
		if err := handover.CheckPassphrase(passphrase); err != nil {
			return connections.Record{}, err
		}
	}
	return w.Connections.SaveBehindPassphrase(ctx, r, v, passphrase)
}

// KeepForSession keeps the connection in memory until the program ends.
func (j *Journey) KeepForSession() connections.Record {
	return j.world.Connections.KeepForSession(j.Record(), j.clientSecret)
}

// Kept remembers that the connection is saved under an ID.
func (j *Journey) Kept(id string) { j.answers.ConnectionID = id }

// Secrets are what only travels encrypted. Empty ones leave their fields
// without text.
type Secrets struct {
	Client          secret.Value
	MailboxPassword secret.Value // only where an admin insists on giving it
}

// Package is what goes to the vendor, under the vendor's own labels, for a
// saved connection.
func (w World) Package(r connections.Record, g *guides.Guide, s Secrets) handover.Package {
	cloud := w.CloudOf(r.CloudID)
	wanted := g.Wanted(features(r, g))
	p := handover.Package{
		VendorID: g.ID, VendorName: g.Vendor, Created: w.Now(), App: "Entrada " + w.Version,
		CloudID: cloud.ID, TenantID: r.TenantID, TenantDomain: r.TenantDomain, ClientID: r.ClientID,
		AuthorityURL: cloud.Login + "/" + r.TenantID, TokenURL: cloud.TokenURL(r.TenantID),
		ClientSecret: s.Client, SecretExpires: r.SecretExpires, Fingerprint: r.SecretFingerprint,
	}
	for _, f := range g.Fields {
		field := handover.Plain(f.Label, "")
		switch f.From {
		case guides.FromSecretValue:
			field = handover.Hidden(f.Label, s.Client)
		case guides.FromMailboxPassword:
			field = handover.Hidden(f.Label, s.MailboxPassword)
		case guides.FromClientID:
			field.Value = r.ClientID
		case guides.FromSecretID:
			field.Value = r.SecretID
		case guides.FromTenantID:
			field.Value = r.TenantID
		case guides.FromAuthorizeURL:
			field.Value = cloud.AuthorizeURL(r.TenantID)
		case guides.FromTokenURL:
			field.Value = cloud.TokenURL(r.TenantID)
		case guides.FromGraphURL:
			field.Value = cloud.Graph
		case guides.FromScopes:
			field.Value = strings.Join(names(wanted), " ")
		case guides.FromInput:
			field.Value = r.Inputs[f.Input]
		}
		field.Note = f.Why
		p.Fields = append(p.Fields, field)
	}
	if !r.LastTested.IsZero() {
		p.Test = handover.TestResult{When: r.LastTested, OK: r.LastResult == connections.ResultOK, Headline: r.LastHeadline}
	}
	granted := r.LastResult == connections.ResultOK
	for _, q := range wanted {
		p.Permissions = append(p.Permissions, handover.Permission{Name: q.Name, Kind: string(q.Kind), Reason: q.Why, Granted: granted})
	}
	return p
}

// features are those that were chosen; a record from before there was a choice
// has none.
func features(r connections.Record, g *guides.Guide) []string {
	if r.Features == nil {
		return g.DefaultFeatures()
	}
	return r.Features
}

func names(list []guides.Permission) []string {
	out := make([]string, 0, len(list))
	for _, p := range list {
		if !slices.Contains(out, p.Name) {
			out = append(out, p.Name)
		}
	}
	return out
}
