package registration

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/guides"
)

// Wanted is the app registration that a vendor needs. It holds nothing secret
// and nothing of the tenant, so it can be saved and sent.
type Wanted struct {
	GuideID     string          `json:"guide"`
	Vendor      string          `json:"vendor"`
	AppName     string          `json:"appName"`
	Audience    guides.Audience `json:"audience"`
	Redirects   []Redirect      `json:"redirects"` // all on the platform Web
	Switches    Switches        `json:"switches"`
	Permissions []Permission    `json:"permissions"`
	Exposed     []string        `json:"exposed"` // scopes under "Expose an API"
	Secret      Secret          `json:"secret"`
}

// Redirect is a redirect URI on the platform Web.
type Redirect struct {
	URI  string `json:"uri"`
	Test bool   `json:"test,omitempty"` // ours, for the test sign-in; may be taken away afterwards
}

// Switches are the tick boxes on the Authentication page.
type Switches struct {
	AccessTokens bool `json:"accessTokens"`
	IDTokens     bool `json:"idTokens"`
	PublicClient bool `json:"publicClient"`
}

// Permission is one Microsoft Graph permission.
type Permission struct {
	Name string      `json:"name"`
	Kind guides.Kind `json:"kind"`
}

// Secret is what the client secret is to be like.
type Secret struct {
	Description string `json:"description"`
	Months      int    `json:"months"` // 1 to 24
}

// For derives what is wanted from a guide and the admin's choices. An empty
// AppName is the guide's. The error is of kind [fault.InvalidInput].
func For(g *guides.Guide, c guides.Choices, appName string) (Wanted, error) {
	w := Wanted{
		GuideID: g.ID, Vendor: g.Vendor, AppName: strings.TrimSpace(appName), Audience: c.Audience,
		Redirects: []Redirect{}, Permissions: []Permission{}, Exposed: []string{},
		Switches: Switches{g.Switches.AccessTokens, g.Switches.IDTokens, g.Switches.PublicClient},
		Secret:   Secret{g.Secret.Description, g.Secret.Months},
	}
	if w.AppName == "" {
		w.AppName = g.AppName
	}
	if w.Audience == "" {
		w.Audience = g.Audiences[0]
	}
	for _, uri := range g.RedirectURLs(c.Inputs) {
		if !w.redirectsTo(uri) { // what is typed may be what the guide names
			w.Redirects = append(w.Redirects, Redirect{URI: uri})
		}
	}
	for _, p := range g.Wanted(c.Features) {
		w.Permissions = append(w.Permissions, Permission{p.Name, p.Kind})
	}
	// Our own sign-in comes back to this address. An app that nobody signs in to
	// is tested without one.
	if len(w.names(guides.Delegated)) > 0 && !w.redirectsTo(guides.TestRedirect) {
		w.Redirects = append(w.Redirects, Redirect{guides.TestRedirect, true})
	}
	for _, e := range g.Expose {
		w.Exposed = append(w.Exposed, e.Scope)
	}
	if len(w.Permissions) == 0 {
		return Wanted{}, fault.Invalid("features", "Choose at least one thing that "+g.Vendor+" may do.")
	}
	return w, w.Check()
}

// Check finds what cannot be registered, before anything is registered. It also limits
// a request from somebody else to what a guide may ask for.
func (w Wanted) Check() error {
	const field = "registration"
	longest, most := w.Audience.Limits()
	switch {
	case !slices.Contains(
		[]guides.Audience{guides.SingleTenant, guides.MultiTenant, guides.MultiTenantPersonal}, w.Audience):
		return fault.Invalid("audience", "It is not said whose accounts may connect.")
	case w.AppName == "" || !guides.IsPlain(w.AppName):
		return fault.Invalid("app name", "The app needs a name of plain characters.")
	case utf8.RuneCountInString(w.AppName) > longest:
		return fault.Invalid(
			"app name", "The name is longer than the "+strconv.Itoa(longest)+" characters that Microsoft allows.")
	case len(w.Redirects) > most || len(w.Permissions) == 0 || len(w.Permissions) > guides.MaxPermissions ||
		len(w.Exposed) > guides.MaxExposed:
		return fault.Invalid(field, "It asks for more, or for less, than a registration can have.")
	case w.Secret.Months < 1 || w.Secret.Months > guides.MaxMonths:
		return fault.Invalid("secret", "A client secret lasts from 1 to "+strconv.Itoa(guides.MaxMonths)+" months.")
	case !guides.IsPlain(w.Vendor) || !guides.IsPlain(w.GuideID) || !guides.IsPlain(w.Secret.Description) ||
		utf8.RuneCountInString(w.Vendor) > guides.MaxVendor || len(w.GuideID) > 100 ||
		utf8.RuneCountInString(w.Secret.Description) > guides.MaxDescription:
		return fault.Invalid(field, "A text in it is too long or has characters that do not belong there.")
	}
	for i, r := range w.Redirects {
		if s := entra.RedirectProblem(r.URI, w.personal()); s != "" {
			return fault.Invalid("redirect URI", s)
		}
		if r.Test && r.URI != guides.TestRedirect {
			return fault.Invalid("redirect URI", "The address "+r.URI+" is not the one of Entrada's own test.")
		}
		if slices.ContainsFunc(w.Redirects[:i], func(o Redirect) bool { return o.URI == r.URI }) {
			return fault.Invalid("redirect URI", "The address "+r.URI+" stands there twice.")
		}
	}
	for i, p := range w.Permissions {
		if p.ID() == "" || p.Kind != guides.Delegated && p.Kind != guides.Application {
			return fault.Invalid("permission", "Entrada does not know the permission "+p.Name+".")
		}
		if slices.Contains(w.Permissions[:i], p) {
			return fault.Invalid("permission", "The permission "+p.Name+" stands there twice.")
		}
	}
	for i, s := range w.Exposed {
		if s == "" || len(s) > 120 || strings.ContainsAny(s, " \t/\\'\"") || !guides.IsPlain(s) ||
			slices.Contains(w.Exposed[:i], s) {
			return fault.Invalid("exposed scope", "This is not the name of a scope: "+s)
		}
	}
	return nil
}

// ID is the permission's ID in Microsoft Graph, "" if there is none.
func (p Permission) ID() string {
	known, _ := entra.PermissionByName(p.Name)
	if p.Kind == guides.Application {
		return known.RoleID
	}
	return known.DelegatedID
}

// Does says what the permission lets the vendor do.
func (p Permission) Does() string {
	known, _ := entra.PermissionByName(p.Name)
	if p.Kind == guides.Application {
		return known.DoesAll
	}
	return known.Does
}

// names lists the permissions of one kind.
func (w Wanted) names(kind guides.Kind) []string {
	var names []string
	for _, p := range w.Permissions {
		if p.Kind == kind {
			names = append(names, p.Name)
		}
	}
	return names
}

func (w Wanted) redirectsTo(uri string) bool {
	return slices.ContainsFunc(w.Redirects, func(r Redirect) bool { return r.URI == uri })
}

// AppOnly reports whether the vendor acts with nobody signed in.
func (w Wanted) AppOnly() bool { return len(w.names(guides.Application)) > 0 }

func (w Wanted) personal() bool { return w.Audience == guides.MultiTenantPersonal }

// graphAudience is what Graph calls an audience
// (learn.microsoft.com/entra/identity-platform/supported-accounts-validation).
func graphAudience(a guides.Audience) string {
	switch a {
	case guides.MultiTenant:
		return "AzureADMultipleOrgs"
	case guides.MultiTenantPersonal:
		return "AzureADandPersonalMicrosoftAccount"
	default:
		return "AzureADMyOrg"
	}
}

// audienceWords is what the portal calls one of Graph's audiences.
func audienceWords(graphName string) string {
	for _, a := range []guides.Audience{guides.SingleTenant, guides.MultiTenant, guides.MultiTenantPersonal} {
		if graphAudience(a) == graphName {
			today, _ := guides.AudienceLabel(a, "")
			return today
		}
	}
	if graphName == "PersonalMicrosoftAccount" {
		return "Personal accounts only"
	}
	return graphName
}
