package guides

import "entrada/internal/entra"

// AudienceLabel is what the portal's list "Supported account types" says today,
// and what it said before 2026.
func AudienceLabel(a Audience, organisation string) (today, before string) {
	switch a {
	case MultiTenant:
		return "Multiple Entra ID tenants", "Accounts in any organizational directory"
	case MultiTenantPersonal:
		return "Any Entra ID Tenant + Personal Microsoft accounts",
			"Accounts in any organizational directory and personal Microsoft accounts"
	default:
		if organisation == "" {
			return "Single tenant only", "Accounts in this organizational directory only"
		}
		return "Single tenant only - " + organisation, "Accounts in this organizational directory only"
	}
}

// AudienceOption is one choice of whose accounts the app accepts.
type AudienceOption struct {
	Audience Audience
	Label    string // for people: "Only my organisation"
	Meaning  string // one sentence
	Portal   string // what the portal calls it today
}

// AudienceOptions are the choices that the guide leaves, the proposed one first.
// With a single one there is nothing to ask.
func (g *Guide) AudienceOptions(organisation string) []AudienceOption {
	options := make([]AudienceOption, 0, len(g.Audiences))
	for _, a := range g.Audiences {
		o := AudienceOption{Audience: a}
		o.Portal, _ = AudienceLabel(a, organisation)
		switch a {
		case MultiTenant:
			o.Label, o.Meaning = "Any organisation",
				"People of other organisations can connect too, once their own admin allows it."
		case MultiTenantPersonal:
			o.Label, o.Meaning = "Any organisation, and private accounts",
				"People of other organisations can connect too, and anybody with a private account such as outlook.com."
		default:
			o.Label, o.Meaning = "Only my organisation", "Nobody outside your organisation can connect."
		}
		options = append(options, o)
	}
	return options
}

func (g *Guide) registerStep(c Choices) Step {
	audience := c.audience(g)
	today, before := AudienceLabel(audience, c.Organisation)
	options := []BlockItem{}
	for _, a := range []Audience{SingleTenant, MultiTenant, MultiTenantPersonal} {
		label, _ := AudienceLabel(a, "")
		options = append(options, BlockItem{Text: label, Chosen: a == audience, Ringed: a == audience})
	}
	step := Step{
		ID: StepRegister, Rail: "Register the app", Title: "Register the app",
		Why:  "This makes the vendor's software known to your organisation.",
		Page: entra.PageNewRegistration,
		Path: "Entra ID > App registrations > New registration",
		Instructions: []Instruction{
			{Text: "Open **New registration** and sign in as an administrator.", Opens: true},
			{Text: "Enter this under **Name**:",
				Values: []Value{{Text: g.AppName, Meaning: "you may choose another name"}}, After: g.NameWhy},
			{Text: "Under **Supported account types** choose **" + today + "**.",
				After: "Older portals call it “" + before + "”."},
			{Text: "Leave **Redirect URI** empty. It comes on the next page."},
			{Text: "Click **Register** at the bottom."},
		},
		Sketch: Sketch{
			Breadcrumb: []string{"App registrations", "Register an application"},
			Heading:    "Register an application",
			Blocks: []Block{
				{Kind: BlockField, Label: "Name", Value: g.AppName, Ringed: true},
				{Kind: BlockChoices, Label: "Supported account types", Items: options},
				{Kind: BlockField, Label: "Redirect URI (optional)", Value: "Select a platform"},
				{Kind: BlockButton, Label: "Register", Ringed: true},
			},
		},
		NotSeen: []string{
			"Go to entra.microsoft.com. In the menu at the left, open **Entra ID**, then **App registrations**, " +
				"then click **New registration** at the top.",
			"In an older portal the menu says “Azure Active Directory” or **Identity > Applications**.",
			"Or type **App registrations** into the search box at the top of the page.",
			"If **New registration** is grey, your account may not register apps. Ask for the role **Application " +
				"Developer** or **Cloud Application Administrator**.",
		},
	}
	// A vendor that does not know the tenant sends people to the address for all
	// organisations. There a single-tenant app gets AADSTS50194.
	if audience == SingleTenant && g.needsSignIn() && !g.asksFor(FromTenantID, FromAuthorizeURL, FromTokenURL) {
		step.Notes = append(
			step.Notes, Note{Tone: ToneWarning, Title: "Only your organisation: " + g.Vendor + " has to know which.",
				Text: "Its document has no field for your tenant ID. If people see the error AADSTS50194, send " +
					g.Vendor + " your tenant ID, or choose the wider kind of accounts.", Ours: true})
	}
	return step
}
