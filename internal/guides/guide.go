package guides

import (
	"slices"
	"strings"
)

// Audience says whose accounts an app registration accepts
// (learn.microsoft.com/entra/identity-platform/supported-accounts-validation).
type Audience string

// The audiences that a guide may name.
const (
	SingleTenant        Audience = "single-tenant"
	MultiTenant         Audience = "multitenant"
	MultiTenantPersonal Audience = "multitenant-and-personal"
)

// Kind says whether a permission acts for a signed-in person or for the app
// itself.
type Kind string

// The two kinds of permission.
const (
	Delegated   Kind = "delegated"
	Application Kind = "application"
)

// Guide is what one vendor requires. It is read from a guide file; [Template]
// says what each key means.
type Guide struct {
	Origin Origin `toml:"-"` // who answers for it; not part of the file

	Format   int    `toml:"format"`
	ID       string `toml:"id"`
	Vendor   string `toml:"vendor"`
	Summary  string `toml:"summary"`  // one sentence: what the connection is for
	AppName  string `toml:"app_name"` // suggested name of the registration
	NameWhy  string `toml:"app_name_why"`
	Document struct {
		Title   string `toml:"title"`
		Revised string `toml:"revised"` // "undated", "about 4 years ago", …
	} `toml:"document"`

	Audiences   []Audience `toml:"audiences"` // the first is proposed; more than one is a choice
	AudienceWhy string     `toml:"audience_why"`

	Inputs      []Input      `toml:"input"`
	Redirects   []Redirect   `toml:"redirect"`
	Switches    Switches     `toml:"switches"`
	Features    []Feature    `toml:"feature"`
	Permissions []Permission `toml:"permission"`
	Secret      SecretWish   `toml:"secret"`
	Expose      []ExposedAPI `toml:"expose"`
	Fields      []Field      `toml:"field"`
	Steps       []StepWords  `toml:"step"`
	StepNotes   []StepNote   `toml:"note"`
	After       []string     `toml:"after"` // what to do next in the vendor's own software; see [Guide.NextSteps]
	SendTo      string       `toml:"send_to"`
	Facts       []Fact       `toml:"fact"`

	// EnterYourself: the admin types the values into the vendor's software, so
	// nothing has to be sent.
	EnterYourself bool `toml:"enter_yourself"`
}

// Input is something the admin is asked for before the portal steps.
type Input struct {
	ID       string    `toml:"id"`
	Label    string    `toml:"label"`
	Kind     InputKind `toml:"kind"`
	Help     string    `toml:"help"`
	Default  string    `toml:"default"`
	Optional bool      `toml:"optional"`
	Port     int       `toml:"port"` // with kind "host": a port that the machine has to answer on
	Ours     bool      `toml:"ours"` // the default or the question is not in the vendor's document
}

// InputKind says what an input must look like.
type InputKind string

// The kinds of input.
const (
	InputRedirectURL InputKind = "redirect-url"
	InputHost        InputKind = "host"
	InputMailbox     InputKind = "mailbox"
	InputText        InputKind = "text"
)

// Redirect is a redirect URI of the registration, on the Web platform: fixed,
// or taken from an input.
type Redirect struct {
	URL   string `toml:"url"`
	Input string `toml:"input"`
	Why   string `toml:"why"` // a few words shown beside the address; "for <vendor>" if empty
}

// Switches are the tick boxes on the Authentication page.
type Switches struct {
	AccessTokens bool   `toml:"implicit_access_tokens"`
	IDTokens     bool   `toml:"implicit_id_tokens"`
	PublicClient bool   `toml:"public_client_flows"`
	Why          string `toml:"why"`
	Warning      string `toml:"warning"`   // what they risk
	Leave        string `toml:"leave_off"` // what may break if they stay off
}

// Any reports whether one of them is on.
func (s Switches) Any() bool { return s.AccessTokens || s.IDTokens || s.PublicClient }

// Feature is something the vendor can do that the admin may choose; it maps to
// permissions.
type Feature struct {
	ID      string   `toml:"id"`
	Label   string   `toml:"label"`
	Grants  []string `toml:"grants"`
	Default bool     `toml:"default"`
	Ours    bool     `toml:"ours"` // not in the document, which leaves the choice open
}

// Permission is a Microsoft Graph permission that the vendor needs whatever
// features are chosen.
type Permission struct {
	Name string `toml:"name"`
	Kind Kind   `toml:"kind"`
	Why  string `toml:"why"`
	Ours bool   `toml:"ours"` // not in the vendor's document
}

// SecretWish is what the vendor's document says of the client secret.
type SecretWish struct {
	Description string `toml:"description"`
	Months      int    `toml:"months"`        // what we propose, 1 to 24
	Document    string `toml:"document_says"` // what the document says, if that is no longer possible
}

// ExposedAPI is a scope that the document wants under "Expose an API".
type ExposedAPI struct {
	Scope string `toml:"scope"`
	Why   string `toml:"why"`
}

// Field is one line of what is handed over, under the vendor's own label.
type Field struct {
	Label string     `toml:"label"`
	From  FieldValue `toml:"from"`
	Input string     `toml:"input"` // with From "input"
	Text  string     `toml:"text"`  // not used: guides that [Encode] wrote have it
	Why   string     `toml:"why"`
	Reply string     `toml:"reply"` // what to answer the vendor who asks why this field is empty
	Ours  bool       `toml:"ours"`
}

// FieldValue says where the value of a field comes from.
type FieldValue string

// The sources of field values.
const (
	FromClientID        FieldValue = "client-id"
	FromSecretValue     FieldValue = "secret-value"
	FromSecretID        FieldValue = "secret-id"
	FromTenantID        FieldValue = "tenant-id"
	FromAuthorizeURL    FieldValue = "authorize-url"
	FromTokenURL        FieldValue = "token-url"
	FromGraphURL        FieldValue = "graph-url"
	FromScopes          FieldValue = "scopes"
	FromInput           FieldValue = "input"
	FromMailboxPassword FieldValue = "mailbox-password"
)

// StepWords overrides the reason shown on one portal step with the vendor's own.
type StepWords struct {
	ID  StepID `toml:"id"`
	Why string `toml:"why"`
}

// StepNote is a note on one portal step.
type StepNote struct {
	Step  StepID `toml:"step"`
	Tone  Tone   `toml:"tone"`
	Title string `toml:"title"`
	Text  string `toml:"text"`
	Ours  bool   `toml:"ours"`
}

// Fact is something worth knowing: a port, a rate limit.
type Fact struct {
	Label string `toml:"label"`
	Text  string `toml:"text"`
	Ours  bool   `toml:"ours"`
}

// AppOnly reports whether the vendor acts without a signed-in person.
func (g *Guide) AppOnly() bool {
	return slices.ContainsFunc(g.Permissions, func(p Permission) bool { return p.Kind == Application })
}

// Wanted lists the permissions for the chosen features, each once, in the
// guide's order: the fixed ones, then those of the features.
func (g *Guide) Wanted(features []string) []Permission {
	wanted := slices.Clone(g.Permissions)
	for _, f := range g.Features {
		if !slices.Contains(features, f.ID) {
			continue
		}
		for _, name := range f.Grants {
			if !slices.ContainsFunc(wanted, func(p Permission) bool { return p.Name == name && p.Kind == Delegated }) {
				wanted = append(wanted, Permission{Name: name, Kind: Delegated, Why: f.Label, Ours: f.Ours})
			}
		}
	}
	return wanted
}

// needsSignIn reports whether people sign in to this vendor's app at all.
func (g *Guide) needsSignIn() bool {
	return len(g.Features) > 0 ||
		slices.ContainsFunc(g.Permissions, func(p Permission) bool { return p.Kind == Delegated })
}

// asksFor reports whether one of these values is handed over.
func (g *Guide) asksFor(values ...FieldValue) bool {
	return slices.ContainsFunc(g.Fields, func(f Field) bool { return slices.Contains(values, f.From) })
}

// NeedsSecretID reports whether the vendor asks for the secret's ID too.
func (g *Guide) NeedsSecretID() bool { return g.asksFor(FromSecretID) }

// NeedsMailboxPassword reports whether the vendor asks for a mailbox password.
func (g *Guide) NeedsMailboxPassword() bool { return g.asksFor(FromMailboxPassword) }

// DefaultFeatures lists the features that are proposed.
func (g *Guide) DefaultFeatures() []string {
	var ids []string
	for _, f := range g.Features {
		if f.Default {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// RedirectURLs lists the vendor's redirect URIs with the inputs filled in;
// inputs that are still empty give none.
func (g *Guide) RedirectURLs(inputs map[string]string) []string {
	var urls []string
	for _, r := range g.Redirects {
		u := r.URL
		if r.Input != "" {
			u = inputs[r.Input]
		}
		if u = strings.TrimSpace(u); u != "" && !slices.Contains(urls, u) {
			urls = append(urls, u)
		}
	}
	return urls
}
