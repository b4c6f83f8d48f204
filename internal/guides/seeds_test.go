package guides

import (
	"slices"
	"strings"
	"testing"
)

// document is what one vendor's document lists, read from it by hand. Entries
// that a guide marks as ours are held apart, so that nothing of ours can pass
// for the vendor's, and nothing of the vendor's can go missing.
type document struct {
	vendor, title   string
	kind            Kind
	audiences       []Audience
	permissions     []string // that are needed whatever is chosen
	ourPermissions  []string
	scopes          map[string]string // the vendor's scope: Microsoft's permission
	proposed        []string          // the permissions of the proposed features
	redirects       []string          // fixed addresses, or "input <id>"
	inputs          map[string]InputKind
	switches        [3]bool // implicit access tokens, implicit ID tokens, public client flows
	expose          []string
	secretSays      string // what is no longer possible
	secretName      string // what the document calls the secret, if it does
	fields          []string
	ourFields       []string
	says            []string // words of the document that must stand somewhere in the guide
	consentOnWhatIs string   // what its consent note says of the document
}

var documents = map[string]document{
	"oxfordiq": {
		vendor: "OxfordIQ", title: "OxfordIQ Outlook Integration Steps", kind: Delegated,
		audiences:   []Audience{SingleTenant},
		permissions: []string{"Mail.Send", "Calendars.ReadWrite", "User.Read", "offline_access", "openid", "profile"},
		fields:      []string{"Client ID", "Client Secret"}, ourFields: []string{"Tenant ID"},
		says:            []string{"oxfordiq@oxfordcompanies.com", "Connect Outlook", "hybrid", "blank"},
		consentOnWhatIs: "optional",
	},
	"cxt": {
		vendor: "CXT Software", title: "Microsoft 365 / Outlook.com OAuth API Setup and Configuration",
		kind:        Application,
		audiences:   []Audience{MultiTenantPersonal},
		permissions: []string{"Mail.Read", "Mail.Send"},
		redirects:   []string{"https://localhost", "http://localhost"},
		inputs:      map[string]InputKind{"mailbox": InputMailbox},
		switches:    [3]bool{true, true, true},
		secretName:  "Oauth",
		fields: []string{"Client ID", "Client Secret Value", "Client Secret ID", "Mailbox username",
			"Mailbox password"},
		ourFields: []string{"Tenant ID"},
		says: []string{"portal.azure.com", "app launcher", "**Admin**", "Azure Active Directory",
			"Enable the following mobile and desktop flows: Yes",
			"search for “mail”", "CXT Software Operations App", "security rules", "Only your company"},
		consentOnWhatIs: "does not mention",
	},
	"xkit": {
		vendor: "Xkit", title: "Steps to set up Outlook Email with Xkit", kind: Delegated,
		audiences:   []Audience{MultiTenantPersonal},
		permissions: []string{"offline_access"},
		redirects:   []string{"input callback-url"},
		inputs:      map[string]InputKind{"callback-url": InputRedirectURL},
		secretSays:  "Never", secretName: "Xkit",
		fields: []string{"Client ID", "Client Secret"},
		says: []string{"New Connector", "Outlook Email", "sidebar", "Connectors", "Manage Azure Active Directory",
			"Register an application",
			"catalog settings", "description is optional", "Connector Settings", "OpenId permissions", "“Email”",
			"OAuth 2.0", "docs.microsoft.com", "about 4 years ago"},
		consentOnWhatIs: "does not mention",
	},
	"aurinko": {
		vendor: "Aurinko", title: "Office 365 OAuth setup", kind: Delegated,
		audiences:   []Audience{MultiTenantPersonal, SingleTenant},
		permissions: []string{"offline_access", "openid", "email", "profile", "MailboxSettings.Read", "User.Read"},
		scopes: map[string]string{
			"Mail.ReadOnly": "Mail.Read", "Mail.ReadWrite": "Mail.ReadWrite", "Mail.Draft": "Mail.ReadWrite",
			"Mail.Send":         "Mail.Send",
			"Calendar.ReadOnly": "Calendars.Read", "Calendar.ReadWrite": "Calendars.ReadWrite",
			"Contacts.ReadOnly": "Contacts.Read", "Contacts.ReadWrite": "Contacts.ReadWrite",
			"Tasks.ReadOnly": "Tasks.Read", "Tasks.ReadWrite": "Tasks.ReadWrite",
		},
		proposed: []string{"Calendars.ReadWrite", "Contacts.ReadWrite", "Mail.ReadWrite", "Mail.Send",
			"Tasks.ReadWrite"},
		redirects:  []string{"input return-url"},
		inputs:     map[string]InputKind{"return-url": InputRedirectURL},
		secretSays: "never",
		fields:     []string{"Client ID", "Client Secret"},
		says: []string{"support@aurinko.io", "free Microsoft Azure account", "app.aurinko.io", "OFFICE 365",
			"Select your app at the top", "menu **Settings**",
			"Aurinko requests these permissions implicitly", "customers see this name",
			"article on authorized return URLs", "portal.azure.com"},
		consentOnWhatIs: "does not mention",
	},
	"gathr": {
		vendor: "Gathr", title: "Microsoft Outlook (connector of Gathr Analytics)", kind: Delegated,
		audiences:      []Audience{SingleTenant, MultiTenant},
		permissions:    []string{"Mail.ReadBasic", "Mail.Read", "Calendars.Read", "Mail.Read.Shared"},
		ourPermissions: []string{"offline_access"},
		redirects:      []string{"input redirect-url"},
		inputs:         map[string]InputKind{"redirect-url": InputRedirectURL, "host": InputHost},
		expose:         []string{"Offline_access"},
		fields: []string{"Instance URL", "Application Key", "Application Secret", "Authorization URL",
			"Access Token URL",
			"Domain for Callback Authentication", "Scope"},
		says: []string{"KleraOutlookApplication", "“Submit”", "security_admin", "10,000 requests in 10 minutes",
			"48444", "firewall", "Client Secret ID",
			"Connections** > **Configure", "Microsoft Outlook Account", "pop-up", "Chrome",
			"HostName-123.Kleramachine.com", "Expose an API",
			"Mail.ReadBasic Mail.Read Calendars.Read", "logged in to Gathr Analytics", "IT department", "Properties",
			"Cloud.", "user name and password"},
		consentOnWhatIs: "does not mention",
	},
}

func TestEveryGuideAgainstItsDocument(t *testing.T) {
	if len(BuiltIn()) != len(documents) {
		t.Fatalf("%d guides, %d documents", len(BuiltIn()), len(documents))
	}
	for id, d := range documents {
		t.Run(id, func(t *testing.T) { holdAgainst(t, ByID(id), d) })
	}
}

func holdAgainst(t *testing.T, g *Guide, d document) {
	same := func(what string, got, want []string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: the guide has %q, the document %q", what, got, want)
		}
	}
	same("vendor and title", []string{g.Vendor, g.Document.Title}, []string{d.vendor, d.title})
	if !slices.Equal(g.Audiences, d.audiences) {
		t.Errorf("audiences: %v", g.Audiences)
	}
	var theirs, ours []string
	for _, p := range g.Permissions {
		if p.Kind != d.kind {
			t.Errorf("%s is %s", p.Name, p.Kind)
		}
		if p.Ours {
			ours = append(ours, p.Name)
		} else {
			theirs = append(theirs, p.Name)
		}
	}
	same("permissions", theirs, d.permissions)
	same("our permissions", ours, d.ourPermissions)
	if g.AppOnly() != (d.kind == Application) {
		t.Error("the kind of app")
	}
	holdFeatures(t, g, d)

	var redirects []string
	for _, r := range g.Redirects {
		if r.Input != "" {
			redirects = append(redirects, "input "+r.Input)
		} else {
			redirects = append(redirects, r.URL)
		}
	}
	same("redirect URIs", redirects, d.redirects)
	if len(g.Inputs) != len(d.inputs) {
		t.Errorf("inputs: %+v", g.Inputs)
	}
	for _, in := range g.Inputs {
		if d.inputs[in.ID] != in.Kind {
			t.Errorf("input %s is of kind %s", in.ID, in.Kind)
		}
	}
	if got := [3]bool{g.Switches.AccessTokens, g.Switches.IDTokens, g.Switches.PublicClient}; got != d.switches {
		t.Errorf("switches %v", got)
	}
	var exposed []string
	for _, e := range g.Expose {
		exposed = append(exposed, e.Scope)
	}
	same("exposed scopes", exposed, d.expose)
	if g.Secret.Document != d.secretSays || (d.secretName != "" && g.Secret.Description != d.secretName) ||
		g.Secret.Months != 12 {
		t.Errorf("secret: %+v", g.Secret)
	}
	var fields, ourFields []string
	for _, f := range g.Fields {
		if f.Ours {
			ourFields = append(ourFields, f.Label)
		} else {
			fields = append(fields, f.Label)
		}
	}
	same("fields", fields, d.fields)
	same("our fields", ourFields, d.ourFields)
	holdWords(t, g, d)
}

func holdFeatures(t *testing.T, g *Guide, d document) {
	var proposed []string
	for _, f := range g.Features {
		if f.Ours {
			if d.scopes != nil {
				t.Errorf("the feature %s is not in the document", f.ID)
			}
			continue
		}
		_, scope, _ := strings.Cut(strings.TrimSuffix(f.Label, ")"), "(Aurinko: ")
		if want := d.scopes[scope]; !slices.Equal(f.Grants, []string{want}) {
			t.Errorf("%s grants %v, by the document's table %q", scope, f.Grants, want)
		}
		if f.Default {
			proposed = append(proposed, f.Grants...)
		}
	}
	if len(d.scopes) > 0 && len(g.Features) != len(d.scopes) {
		t.Errorf("%d features, the table has %d lines", len(g.Features), len(d.scopes))
	}
	slices.Sort(proposed)
	if !slices.Equal(proposed, d.proposed) {
		t.Errorf("proposed are %v, the document's example has %v", proposed, d.proposed)
	}
}

func holdWords(t *testing.T, g *Guide, d document) {
	var all []string
	walkStrings(g, func(s string) { all = append(all, s) })
	for _, s := range g.PortalSteps(Choices{Features: g.DefaultFeatures()}) {
		walkStrings(&s, func(s string) { all = append(all, s) })
	}
	text := strings.Join(all, "\n")
	for _, words := range d.says {
		if !strings.Contains(text, words) {
			t.Errorf("nothing in the guide says %q", words)
		}
	}
	consent := slices.ContainsFunc(g.NotesFor(StepConsent), func(n Note) bool {
		return n.Tone == ToneDiffers && n.Ours && strings.Contains(n.Title, d.consentOnWhatIs)
	})
	if !consent {
		t.Errorf("no note says that the document's %q on consent differs", d.consentOnWhatIs)
	}
}

// TestWhatIsWrongInADocumentIsSaid: where a document is out of date or mistaken,
// a note on the spot says what it says, and what is true.
func TestWhatIsWrongInADocumentIsSaid(t *testing.T) {
	for _, c := range []struct {
		vendor string
		step   StepID
		tone   Tone
		says   []string
	}{
		{"cxt", StepRedirect, ToneWarning, []string{"widen", "without the client secret"}},
		{"cxt", StepRedirect, ToneInfo, []string{"leave them off", "AADSTS7000218"}},
		{"cxt", StepPermissions, ToneWarning, []string{"every mailbox", "recipe"}},
		{"cxt", StepConsent, ToneInfo, []string{"Privileged Role Administrator or Global Administrator"}},
		{"cxt", "handover", ToneWarning, []string{"mailbox password", "Application permissions need none", "MFA"}},
		{"xkit", StepSecret, ToneDiffers, []string{"“Never”", "24 months at most"}},
		{"xkit", StepPermissions, ToneWarning, []string{"two places"}},
		{"aurinko", StepSecret, ToneDiffers, []string{"“never”", "24 months at most"}},
		{"aurinko", StepPermissions, ToneInfo, []string{"implicitly", "MailboxSettings.Read"}},
		{"gathr", StepSecret, ToneDiffers, []string{"“Client Secret ID”", "**Value**"}},
		{"gathr", StepExpose, ToneDiffers, []string{"grants nothing"}},
		{"gathr", StepPermissions, ToneDiffers, []string{"offline_access", "Microsoft Graph", "Expose an API"}},
		{"gathr", StepRegister, ToneDiffers, []string{"“Submit”", "**Register**"}},
		{"gathr", "handover", ToneDiffers, []string{"Mail.Read.Shared", "offline_access"}},
	} {
		g := ByID(c.vendor)
		notes := g.NotesFor(c.step)
		for _, s := range g.PortalSteps(Choices{}) {
			if s.ID == c.step {
				notes = s.Notes
			}
		}
		found := slices.ContainsFunc(notes, func(n Note) bool {
			text := n.Title + " " + n.Text
			return n.Tone == c.tone &&
				!slices.ContainsFunc(c.says, func(w string) bool { return !strings.Contains(text, w) })
		})
		if !found {
			t.Errorf("%s, %s: no note (%s) says %q", c.vendor, c.step, c.tone, c.says)
		}
	}
}
