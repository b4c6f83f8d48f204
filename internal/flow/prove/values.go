package prove

import (
	"cmp"
	"context"
	"slices"

	"entrada/internal/app"
	"entrada/internal/entra"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/secret"
)

// Values are a connection of which nothing is saved: typed, or read from a file.
type Values struct {
	Organisation string // as it was typed
	ClientID     string
	Secret       secret.Value
	Mailbox      string        // that an app which works by itself is tried in
	Guide        *guides.Guide // what the vendor may do; nil until it is said
}

// Complete reports whether they can be tested.
func (v Values) Complete() bool {
	return v.Organisation != "" && v.ClientID != "" && !v.Secret.IsEmpty() &&
		v.Guide != nil && (!v.Guide.AppOnly() || v.Mailbox != "")
}

// Source finds their organisation at Microsoft.
func (v Values) Source(a app.App) Source {
	return Source{find: func(ctx context.Context) (found, error) {
		t, err := a.FindTenant(ctx, v.Organisation)
		if err != nil {
			t.Cloud = a.Cloud
		}
		s := Subject{
			Cloud: t.Cloud, TenantID: t.ID, Domain: t.Domain, ClientID: v.ClientID, Secret: v.Secret,
			Guide: v.Guide, Features: v.Guide.DefaultFeatures(),
		}
		if v.Guide.AppOnly() {
			s.Mailbox = v.Mailbox
		}
		return found{subject: s, unknown: err}, nil
	}}
}

// GuideIn stands for the vendor of a package, with the permissions that came
// along; nil if none did.
func GuideIn(p handover.Package) *guides.Guide {
	var wanted []guides.Permission
	for _, q := range p.Permissions {
		if _, known := entra.PermissionByName(q.Name); known {
			wanted = append(wanted, guides.Permission{Name: q.Name, Kind: guides.Kind(q.Kind), Why: q.Reason})
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	return GuideOf(cmp.Or(p.VendorName, someVendor), wanted...)
}

// FromPackage takes the values out of an exported file.
func FromPackage(a app.App, p handover.Package) Values {
	v := Values{Organisation: p.TenantID, ClientID: p.ClientID, Secret: p.ClientSecret, Guide: GuideIn(p)}
	g := a.GuideByID(p.VendorID)
	if g == nil {
		return v
	}
	if v.Guide == nil {
		v.Guide = g
	}
	// The vendor's label for the mailbox says which field it is.
	for _, f := range g.Fields {
		if f.From != guides.FromInput || f.Input == "" || f.Input != g.MailboxInput() {
			continue
		}
		if i := slices.IndexFunc(p.Fields, func(q handover.Field) bool { return q.Label == f.Label }); i >= 0 {
			v.Mailbox = p.Fields[i].Value
		}
	}
	return v
}

// Allowed stands for a vendor of whom it is only known what it may do; nil if
// that is nothing. byItself says that its software signs in with nobody there.
func Allowed(abilities []guides.Ability, byItself bool) *guides.Guide {
	var wanted []guides.Permission
	for _, a := range abilities {
		switch {
		case !byItself:
			wanted = append(wanted, guides.Permission{Name: a.Delegated, Kind: guides.Delegated})
		case a.Application != "":
			wanted = append(wanted, guides.Permission{Name: a.Application, Kind: guides.Application})
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	if !byItself {
		for _, name := range []string{"User.Read", "offline_access", "openid", "profile"} {
			wanted = append(wanted, guides.Permission{Name: name, Kind: guides.Delegated})
		}
	}
	return GuideOf(someVendor, wanted...)
}

// Nothing stands for a vendor of whom nothing is known: organisation, app and
// secret can be tested all the same.
func Nothing() *guides.Guide { return GuideOf(someVendor) }

const someVendor = "the vendor"
