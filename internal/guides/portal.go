package guides

import (
	"fmt"
	"slices"
	"strings"

	"entrada/internal/entra"
)

// TestRedirect is the address that Entrada adds for its own test sign-in. The
// port is left out because Microsoft ignores it for localhost
// (learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions).
const TestRedirect = "http://localhost"

// Choices are the answers that the portal steps depend on.
type Choices struct {
	Organisation string            // the organisation's name or domain, as the portal shows it
	Audience     Audience          // "" means the guide's first
	Inputs       map[string]string // by input ID
	Features     []string          // chosen feature IDs
}

func (c Choices) audience(g *Guide) Audience {
	if c.Audience == "" {
		return g.Audiences[0]
	}
	return c.Audience
}

// PortalSteps derives the portal steps from the guide and the answers so far.
// Labels are those of the Entra admin center in autumn 2026
// (learn.microsoft.com/entra/identity-platform/quickstart-register-app,
// how-to-add-redirect-uri, how-to-add-credentials).
func (g *Guide) PortalSteps(c Choices) []Step {
	steps := []Step{g.registerStep(c), g.redirectStep(c), g.permissionsStep(c), g.consentStep(c)}
	if len(g.Expose) > 0 {
		steps = append(steps, g.exposeStep())
	}
	steps = append(steps, g.secretStep())
	for i := range steps {
		s := &steps[i]
		for _, w := range g.Steps {
			if w.ID == s.ID && w.Why != "" {
				s.Why = w.Why
			}
		}
		s.Notes = append(g.NotesFor(s.ID), s.Notes...)
	}
	return steps
}

// NotesFor lists the guide's notes for a step or another page.
func (g *Guide) NotesFor(id StepID) []Note {
	var notes []Note
	for _, n := range g.StepNotes {
		if n.Step == id {
			notes = append(notes, Note{Tone: n.Tone, Title: n.Title, Text: n.Text, Ours: n.Ours})
		}
	}
	return notes
}

// AudienceLabel is what the portal's list "Supported account types" says today,
// and what it said before 2026.
func AudienceLabel(a Audience, organisation string) (today, before string) {
	switch a {
	case MultiTenant:
		return "Multiple Entra ID tenants", "Accounts in any organizational directory"
	case MultiTenantPersonal:
		return "Any Entra ID Tenant + Personal Microsoft accounts", "Accounts in any organizational directory and personal Microsoft accounts"
	default:
		if organisation == "" {
			return "Single tenant only", "Accounts in this organizational directory only"
		}
		return "Single tenant only - " + organisation, "Accounts in this organizational directory only"
	}
}

var appMenu = []string{"Overview", "Quickstart", "Authentication", "Certificates & secrets", "API permissions", "Expose an API", "Owners", "Manifest"}

func (g *Guide) registerStep(c Choices) Step {
	today, before := AudienceLabel(c.audience(g), c.Organisation)
	options := []BlockItem{}
	for _, a := range []Audience{SingleTenant, MultiTenant, MultiTenantPersonal} {
		label, _ := AudienceLabel(a, "")
		options = append(options, BlockItem{Text: label, Chosen: a == c.audience(g)})
	}
	return Step{
		ID: StepRegister, Rail: "Register the app", Title: "Register the app",
		Why:  "This makes the vendor's software known to your organisation.",
		Page: entra.PageNewRegistration,
		Path: "Entra ID > App registrations > New registration",
		Instructions: []Instruction{
			{Text: "Open **New registration** and sign in as an administrator.", Opens: true},
			{Text: "Enter this under **Name**:", Values: []Value{{g.AppName, "you may choose another name"}}},
			{Text: "Under **Supported account types** choose **" + today + "**.", After: "Older portals call it “" + before + "”."},
			{Text: "Leave **Redirect URI** empty. It comes on the next page."},
			{Text: "Click **Register** at the bottom."},
		},
		Sketch: Sketch{
			Breadcrumb: []string{"App registrations", "Register an application"},
			Heading:    "Register an application",
			Blocks: []Block{
				{Kind: BlockField, Label: "Name", Value: g.AppName, Ringed: true},
				{Kind: BlockChoices, Label: "Supported account types", Ringed: true, Items: options},
				{Kind: BlockField, Label: "Redirect URI (optional)", Value: "Select a platform"},
				{Kind: BlockButton, Label: "Register", Ringed: true},
			},
		},
		NotSeen: []string{
			"Go to entra.microsoft.com. In the menu at the left, open **Entra ID**, then **App registrations**, then click **New registration** at the top.",
			"In an older portal the menu says **Azure Active Directory** or **Identity > Applications**.",
			"Or type **App registrations** into the search box at the top of the page.",
			"If **New registration** is grey, your account may not register apps. Ask for the role **Application Developer** or **Cloud Application Administrator**.",
		},
	}
}

func (g *Guide) redirectStep(c Choices) Step {
	urls := g.RedirectURLs(c.Inputs)
	values := make([]Value, 0, len(urls)+1)
	rows := make([]BlockItem, 0, len(urls)+1)
	for _, u := range urls {
		values = append(values, Value{u, "for " + g.Vendor})
		rows = append(rows, BlockItem{Text: u})
	}
	if !slices.Contains(urls, TestRedirect) {
		values = append(values, Value{TestRedirect, "for our test"})
		rows = append(rows, BlockItem{Text: TestRedirect})
	}
	instructions := []Instruction{
		{Text: "Open the app's page **Authentication**.", Opens: true},
		{Text: "Click **Add Redirect URI**, then the tile **Web**."},
		{Text: "Enter this address and click **Configure**:", Values: values},
	}
	if len(values) > 1 {
		instructions[2].Text = fmt.Sprintf("Enter the first address and click **Configure**. Do the same for the other %s:", plural(len(values)-1, "one", "ones"))
	}
	if g.Switches.Any() {
		instructions = append(instructions, g.switchInstruction())
	}
	step := Step{
		ID: StepRedirect, Rail: "Sign-in address", Title: "Add the sign-in address",
		Why:          "After a sign-in, Microsoft sends people back to an address on this list, and to no other.",
		Page:         entra.PageAuthentication,
		Path:         "Entra ID > App registrations > your app > Authentication",
		Instructions: instructions,
		Sketch: Sketch{
			Breadcrumb: []string{"App registrations", g.AppName},
			Menu:       appMenu, MenuRinged: "Authentication",
			Heading: "Authentication",
			Blocks: []Block{
				{Kind: BlockTabs, Items: []BlockItem{{Text: "Redirect URI configuration", Chosen: true}, {Text: "Supported accounts"}, {Text: "Settings"}}},
				{Kind: BlockCommands, Items: []BlockItem{{Text: "+ Add Redirect URI", Ringed: true}}},
				{Kind: BlockTable, Label: "Web", Items: rows},
			},
		},
		NotSeen: []string{
			"In **App registrations**, open the tab **All applications**, click **" + g.AppName + "**, then **Authentication** in the app's own menu.",
			"An older page says **Platform configurations**: click **Add a platform**, then **Web**, enter the address and click **Configure**.",
			"Choose **Web**. With **Single-page application** or **Mobile and desktop** the vendor's secret would not be accepted.",
		},
	}
	if g.Switches.Any() && g.Switches.Warning != "" {
		step.Notes = append(step.Notes, Note{Tone: ToneWarning, Title: "These switches widen what can go wrong.", Text: g.Switches.Warning, Ours: true})
	}
	return step
}

func (g *Guide) switchInstruction() Instruction {
	var on []string
	if g.Switches.AccessTokens {
		on = append(on, "**Access tokens (used for implicit flows)**")
	}
	if g.Switches.IDTokens {
		on = append(on, "**ID tokens (used for implicit and hybrid flows)**")
	}
	if g.Switches.PublicClient {
		on = append(on, "**Allow public client flows**")
	}
	return Instruction{Text: "Open the tab **Settings**, switch on " + strings.Join(on, " and ") + ", then click **Save**.", After: g.Switches.Why}
}

func (g *Guide) permissionsStep(c Choices) Step {
	wanted := g.Wanted(c.Features)
	var rows []BlockItem
	var instructions []Instruction
	instructions = append(instructions, Instruction{Text: "Open the app's page **API permissions**.", Opens: true})
	for _, kind := range []Kind{Delegated, Application} {
		var values []Value
		for _, p := range wanted {
			if p.Kind != kind {
				continue
			}
			values = append(values, Value{p.Name, does(p)})
			rows = append(rows, BlockItem{Text: p.Name, Detail: strings.ToUpper(string(kind[:1])) + string(kind[1:])})
		}
		if len(values) == 0 {
			continue
		}
		tile := "Delegated permissions"
		if kind == Application {
			tile = "Application permissions"
		}
		instruction := Instruction{Text: "Search for each of these and tick it:", Values: values}
		if kind == Delegated && slices.ContainsFunc(wanted, func(p Permission) bool { return p.Name == "User.Read" }) {
			instruction.After = "**User.Read** is there already: the portal adds it by itself."
		}
		instructions = append(instructions,
			Instruction{Text: "Click **Add a permission**, then **Microsoft Graph**, then **" + tile + "**."},
			instruction,
			Instruction{Text: "Click **Add permissions** at the bottom."})
	}
	slices.SortFunc(rows, func(a, b BlockItem) int {
		return strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text))
	})
	return Step{
		ID: StepPermissions, Rail: "Permissions", Title: "Give the app its permissions",
		Why:          "They say what " + g.Vendor + " may do, and nothing beyond.",
		Page:         entra.PagePermissions,
		Path:         "Entra ID > App registrations > your app > API permissions",
		Instructions: instructions,
		Sketch: Sketch{
			Breadcrumb: []string{"App registrations", g.AppName},
			Menu:       appMenu, MenuRinged: "API permissions",
			Heading: "API permissions",
			Blocks: []Block{
				{Kind: BlockCommands, Items: []BlockItem{{Text: "+ Add a permission", Ringed: true}, {Text: "Grant admin consent…"}}},
				{Kind: BlockTable, Label: fmt.Sprintf("Microsoft Graph (%d)", len(rows)), Items: rows},
			},
		},
		NotSeen: []string{
			"In **App registrations**, open the tab **All applications**, click **" + g.AppName + "**, then **API permissions** in the app's own menu.",
			"An older portal calls the page **Required permissions**.",
			"If a name is not found, check that you chose **Microsoft Graph** and the right one of **Delegated** and **Application permissions**.",
		},
	}
}

func does(p Permission) string {
	known, _ := entra.PermissionByName(p.Name)
	if p.Kind == Application {
		return known.DoesAll
	}
	return known.Does
}

func (g *Guide) consentStep(c Choices) Step {
	organisation := c.Organisation
	if organisation == "" {
		organisation = "your organisation"
	}
	role := "Cloud Application Administrator, Application Administrator or Global Administrator"
	if g.AppOnly() {
		role = "Privileged Role Administrator or Global Administrator"
	}
	wanted := g.Wanted(c.Features)
	rows := make([]BlockItem, 0, len(wanted))
	for _, p := range wanted {
		rows = append(rows, BlockItem{Text: p.Name, Detail: "Granted"})
	}
	return Step{
		ID: StepConsent, Rail: "Admin consent", Title: "Grant admin consent",
		Why:  "You allow these permissions once, for everybody in the organisation.",
		Page: entra.PagePermissions,
		Path: "Entra ID > App registrations > your app > API permissions",
		Instructions: []Instruction{
			{Text: "Stay on **API permissions**.", Opens: true},
			{Text: "Click **Grant admin consent for " + organisation + "**, above the list."},
			{Text: "Confirm with **Yes**."},
			{Text: "Look at the column **Status**: each line now says **Granted for " + organisation + "**."},
		},
		Notes: []Note{{Tone: ToneInfo, Title: "Who can do this", Text: "Somebody with the role " + role + ". If the button is grey, ask that person to click it; the rest can wait.", Ours: true}},
		Sketch: Sketch{
			Breadcrumb: []string{"App registrations", g.AppName},
			Menu:       appMenu, MenuRinged: "API permissions",
			Heading: "API permissions",
			Blocks: []Block{
				{Kind: BlockCommands, Items: []BlockItem{{Text: "+ Add a permission"}, {Text: "Grant admin consent for " + organisation, Ringed: true}}},
				{Kind: BlockTable, Label: "Permission · Status", Items: rows},
			},
		},
		NotSeen: []string{
			"In **App registrations**, click **" + g.AppName + "**, then **API permissions**. The button stands right above the list.",
			"The same can be done under **Enterprise apps** > **" + g.AppName + "** > **Permissions**.",
			"If the button is grey, your account lacks the role: " + role + ".",
		},
	}
}

func (g *Guide) exposeStep() Step {
	names := make([]Value, 0, len(g.Expose))
	rows := make([]BlockItem, 0, len(g.Expose))
	why := ""
	for _, e := range g.Expose {
		names = append(names, Value{e.Scope, "name of the scope"})
		rows = append(rows, BlockItem{Text: e.Scope})
		why = e.Why
	}
	return Step{
		ID: StepExpose, Rail: "Expose an API", Title: "Add the scope under Expose an API",
		Why:  why,
		Page: entra.PageExposeAPI,
		Path: "Entra ID > App registrations > your app > Expose an API",
		Instructions: []Instruction{
			{Text: "Open the app's page **Expose an API**.", Opens: true},
			{Text: "Click **Add a scope**. The portal first proposes an **Application ID URI**: click **Save and continue**."},
			{Text: "Enter this under **Scope name**, and the same words as display name and description:", Values: names},
			{Text: "Click **Add scope**."},
		},
		Sketch: Sketch{
			Breadcrumb: []string{"App registrations", g.AppName},
			Menu:       appMenu, MenuRinged: "Expose an API",
			Heading: "Expose an API",
			Blocks: []Block{
				{Kind: BlockField, Label: "Application ID URI", Value: "api://…"},
				{Kind: BlockCommands, Items: []BlockItem{{Text: "+ Add a scope", Ringed: true}}},
				{Kind: BlockTable, Label: "Scopes", Items: rows},
			},
		},
		NotSeen: []string{
			"In **App registrations**, click **" + g.AppName + "**, then **Expose an API** in the app's own menu.",
		},
	}
}

func (g *Guide) secretStep() Step {
	step := Step{
		ID: StepSecret, Rail: "Client secret", Title: "Make a client secret",
		Why:  "It is the password of the app. " + g.Vendor + " needs it to finish each sign-in.",
		Page: entra.PageSecrets,
		Path: "Entra ID > App registrations > your app > Certificates & secrets",
		Instructions: []Instruction{
			{Text: "Open the app's page **Certificates & secrets**.", Opens: true},
			{Text: "Click **New client secret** and enter this under **Description**:", Values: []Value{{g.Secret.Description, "so that you know it again"}}},
			{Text: "Under **Expires** choose **" + expiryLabel(g.Secret.Months) + "**, then click **Add**."},
			{Text: "Copy the column **Value** at once. When you leave the page it is hidden for good.", After: "Not the column **Secret ID**. You paste it on the next page; there we check it."},
		},
		Sketch: Sketch{
			Breadcrumb: []string{"App registrations", g.AppName},
			Menu:       appMenu, MenuRinged: "Certificates & secrets",
			Heading: "Certificates & secrets",
			Blocks: []Block{
				{Kind: BlockCommands, Items: []BlockItem{{Text: "+ New client secret", Ringed: true}}},
				{Kind: BlockTable, Label: "Client secrets (1)", Items: []BlockItem{
					{Text: "Description", Detail: g.Secret.Description},
					{Text: "Value", Detail: "abc8Q~…", Ringed: true},
					{Text: "Secret ID", Detail: "00000000-…"},
				}},
				{Kind: BlockText, Value: "Copy the Value, not the Secret ID."},
			},
		},
		NotSeen: []string{
			"In **App registrations**, click **" + g.AppName + "**, then **Certificates & secrets** in the app's own menu, then the tab **Client secrets**.",
			"If the Value shows stars already, make another new client secret. The hidden one can be deleted.",
			"If the portal refuses, your organisation may forbid or shorten client secrets. Choose a shorter time, or ask the person who manages **Application policies**.",
		},
	}
	if g.Secret.Document != "" {
		step.Notes = append(step.Notes, Note{Tone: ToneDiffers, Title: "The document says “" + g.Secret.Document + "”. That no longer exists.",
			Text: "Microsoft allows 24 months at most. We propose " + expiryLabel(g.Secret.Months) + " and remind you before it ends.", Ours: true})
	}
	return step
}

func expiryLabel(months int) string {
	if months == 6 {
		return "180 days (6 months)"
	}
	if months == 12 {
		return "365 days (12 months)"
	}
	if months == 24 {
		return "730 days (24 months)"
	}
	return fmt.Sprintf("%d months", months)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
