package deliver

import (
	"slices"
	"strings"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/secret"
)

// Secrets are what only travels encrypted. Empty ones leave their fields
// without text.
type Secrets struct {
	Client          secret.Value
	MailboxPassword secret.Value // only where an admin insists on giving it
	PasswordGiven   bool         // that one is in the encrypted file, and not in this one
}

// Package is what goes to the vendor, under the vendor's own labels, for a
// saved connection.
func Package(a app.App, r connections.Record, g *guides.Guide, s Secrets) handover.Package {
	cloud := a.CloudOf(r.CloudID)
	wanted := g.Wanted(app.Features(r, g))
	p := handover.Package{
		VendorID: g.ID, VendorName: g.Vendor, Created: a.Now(), App: "Entrada " + a.Version,
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
			if field = handover.Withheld(f.Label); s.PasswordGiven || !s.MailboxPassword.IsEmpty() {
				field = handover.Hidden(f.Label, s.MailboxPassword)
			}
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
		p.Test = handover.TestResult{When: r.LastTested, OK: r.LastResult == connections.ResultOK,
			Headline: r.LastHeadline}
	}
	granted := r.LastResult == connections.ResultOK
	for _, q := range wanted {
		p.Permissions = append(p.Permissions,
			handover.Permission{Name: q.Name, Kind: string(q.Kind), Reason: q.Why, Granted: granted})
	}
	return p
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
