package gallery

import (
	"fyne.io/fyne/v2"

	"entrada/internal/guides"
	"entrada/internal/ui/parts"
	"entrada/internal/ui/sketch"
	"entrada/internal/ui/theme"
)

func nothing() {}

var pages = map[string]func() parts.Page{
	"portal": portalPage, "values": valuesPage, "home": homePage, "results": resultsPage,
	"choices": choicesPage, "sketches": sketchesPage, "states": statesPage,
}

func sampleRail(r *parts.Rail) {
	step := func(name string, s parts.StepState) parts.RailStep {
		st := parts.RailStep{Label: name, State: s}
		if s == parts.StepDone || s == parts.StepAttention {
			st.Do = nothing
		}
		return st
	}
	r.Set("for OxfordIQ · contoso.com",
		parts.RailGroup{Title: "Prepare", Steps: []parts.RailStep{
			step("Vendor", parts.StepDone), step("Your organisation", parts.StepDone),
			step("What you need", parts.StepAttention),
		}},
		parts.RailGroup{Title: "In Microsoft Entra", Steps: []parts.RailStep{
			step("Register the app", parts.StepDone), step("Sign-in address", parts.StepDone),
			step("Permissions", parts.StepCurrent),
			step("Admin consent", parts.StepTodo), step("Client secret", parts.StepTodo),
			step("Paste the values", parts.StepTodo),
		}},
		parts.RailGroup{Title: "Prove it works", Steps: []parts.RailStep{step("Sign in and test", parts.StepTodo)}},
		parts.RailGroup{Title: "Hand over", Steps: []parts.RailStep{step("Save and export", parts.StepTodo)}},
	)
}

var appMenu = []string{"Overview", "Quickstart", "Authentication", "Certificates & secrets", "API permissions",
	"Expose an API", "Owners", "Manifest"}

func permissionsSketch() guides.Sketch {
	row := func(name string) guides.BlockItem { return guides.BlockItem{Text: name, Detail: "Delegated"} }
	return guides.Sketch{
		Breadcrumb: []string{"App registrations", "OxfordIQ Outlook Integration"},
		Menu:       appMenu, MenuRinged: "API permissions",
		Heading: "API permissions",
		Blocks: []guides.Block{
			{Kind: guides.BlockCommands,
				Items: []guides.BlockItem{{Text: "+ Add a permission", Ringed: true}, {Text: "Grant admin consent…"}}},
			{Kind: guides.BlockTable, Label: "Microsoft Graph (6)", Items: []guides.BlockItem{
				row("Calendars.ReadWrite"), row("Mail.Send"), row("User.Read"), row("offline_access"), row("openid"),
				row("profile"),
			}},
		},
	}
}

func portalPage() parts.Page {
	return parts.Page{
		Title: "Give the app its permissions",
		Lead: "OxfordIQ sends mail and manages the calendar of each person who connects. It can never do more " +
			"than that person can.",
		Body: []fyne.CanvasObject{
			parts.NewNumberedStep(1, parts.NewText(parts.Style{Size: theme.TextSize, Color: theme.ColorNameText},
				append(parts.Words("Open the app's page **API permissions**. "),
					parts.Piece{Link: parts.NewLink("Open it for me", nothing).External()})...)),
			parts.NewNumberedStep(2,
				parts.Body("Click **Add a permission** → **Microsoft Graph** → **Delegated permissions**.")),
			parts.NewNumberedStep(3, parts.Body("Search for each of these and tick it:"),
				parts.NewCopyRow("Mail.Send", "send mail as the person"),
				parts.NewCopyRow("Calendars.ReadWrite", "read and change their calendar"),
				parts.NewCopyRow("offline_access", "stay connected"),
				parts.Caption("**User.Read**, **openid** and **profile** too (the first is there already)")),
			parts.NewNumberedStep(4, parts.Body("Click **Add permissions** at the bottom.")),
			parts.NewCallout(parts.ToneDiffers, "OxfordIQ's guide calls the next step optional.",
				"Since November 2025 Microsoft stops people from allowing mail and calendar access by themselves, "+
					"so we grant it once for everyone on the next page."),
		},
		Aside:   sketch.New(permissionsSketch()),
		Back:    nothing,
		Links:   []parts.Action{{Label: "I don't see this page", Do: nothing}},
		Others:  []parts.Action{{Label: "Save and close", Do: nothing}},
		Primary: parts.Action{Label: "I've done this", Do: nothing},
	}
}

func valuesPage() parts.Page {
	id := parts.NewField(parts.FieldOptions{Label: "Application (client) ID", Mono: true, Paste: true})
	id.SetText("3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10")
	id.SetStatus(parts.StatusGood, "This app exists in contoso.com.")
	tenant := parts.NewField(parts.FieldOptions{Label: "Directory (tenant) ID", Mono: true, Paste: true})
	tenant.SetText("9a2d7e44-0c1b-4f55-8e63-1b7c5d9f2a30")
	tenant.SetStatus(parts.StatusBusy, "Asking Microsoft…")
	secret := parts.NewField(parts.FieldOptions{Label: "Client secret value", Secret: true})
	secret.SetText("c81e728d-9d4c-4f63-af06-7f89cc14862c")
	secret.SetStatus(parts.StatusBad,
		"This is an ID, not the **Value**. The Value is about 40 characters long and stands to the left of the "+
			"**Secret ID**. It is shown only once: if it is hidden now, make a new secret.")
	expires := parts.NewField(
		parts.FieldOptions{Label: "Secret expires", Mono: true, Change: "Change", OnChange: nothing,
			Hint: "We will remind you 60, 30 and 7 days before."})
	expires.SetText("20 November 2027")
	return parts.Page{
		Title: "Paste the values",
		Lead:  "We check each one as you paste it. Nothing leaves this computer but a question to Microsoft.",
		Body:  []fyne.CanvasObject{id, tenant, secret, expires},
		Aside: parts.Column(8, parts.Caption("Asking Microsoft"), parts.Surface(parts.NewChecklist(
			parts.Check{State: parts.CheckDone, Title: "Your organisation exists",
				Detail: "contoso.com, Microsoft 365 worldwide"},
			parts.Check{State: parts.CheckRunning, Title: "The app exists in it", Detail: "registered a minute ago"},
			parts.Check{State: parts.CheckWaiting, Title: "The secret opens it", Detail: "waiting for the Value"},
			parts.Check{State: parts.CheckUnknown, Title: "Consent was granted", Detail: "checked after the secret"}))),
		Narrow:  parts.AsideBelow,
		Back:    nothing,
		Links:   []parts.Action{{Label: "Make a new secret", Do: nothing, External: true}},
		Others:  []parts.Action{{Label: "Save and close", Do: nothing}},
		Primary: parts.Action{Label: "Next", Do: nothing, Disabled: true},
	}
}

func homePage() parts.Page {
	buttons := func(labels ...string) []fyne.CanvasObject {
		var bs []fyne.CanvasObject
		for _, l := range labels {
			bs = append(bs, parts.Small(l, nothing))
		}
		return append(bs, parts.MenuButton("More", parts.Action{Label: "Remove", Do: nothing}))
	}
	return parts.Page{
		Title: "Connect an app to Outlook", Wide: true, Gap: 24,
		Lead: "For the moment when a vendor asks you for a Client ID and a Client Secret.",
		Body: []fyne.CanvasObject{
			parts.Equal(16, 240,
				parts.NewCard("Set up a connection", "Step by step, or done for you. About five minutes.", true,
					nothing),
				parts.NewCard("Test a connection", "See which link of the chain is broken, and who can mend it.",
					false, nothing),
				parts.NewCard("Look up an error", "Paste any message from Microsoft or from your vendor.", false,
					nothing)),
			parts.Column(12, parts.SubHeading("Your connections"), parts.List(
				parts.NewListRow(
					parts.ListItem{State: parts.CheckDone, Title: "OxfordIQ · contoso.com",
						Caption: "Worked today at 09:12 · secret expires in 364 days",
						Actions: buttons("Test", "Export")}),
				parts.NewListRow(
					parts.ListItem{State: parts.CheckWarned, Title: "Aurinko · fabrikam.com",
						Caption: "Secret expires in 12 days", Actions: buttons("Renew secret", "Test")}),
				parts.NewListRow(
					parts.ListItem{State: parts.CheckFailed, Title: "Gathr · contoso.com",
						Caption: "Stopped working on 18 November: admin consent was taken back",
						Actions: buttons("See why", "Test")}))),
			parts.NewText(parts.Style{Size: theme.CaptionSize, Color: theme.ColorNameMuted},
				parts.Piece{Text: "New to this? "},
				parts.Piece{Link: parts.NewLink("Practise on a pretend organisation", nothing)},
				parts.Piece{Text: ": nothing you do there touches Microsoft."}),
		},
	}
}

func resultsPage() parts.Page {
	check := func(s parts.CheckState, title, detail, took string) parts.Check {
		return parts.Check{State: s, Title: title, Detail: detail, Time: took}
	}
	return parts.Page{
		Title: "One thing is wrong: the mailbox",
		Lead:  "The app, the secret and the permissions are fine. 6 of 7 checks passed in 5.4 seconds.",
		Body: []fyne.CanvasObject{parts.Surface(parts.NewResultList(
			check(parts.CheckDone, "This computer and network", "Microsoft is reachable · clock is right", "0.1 s"),
			check(parts.CheckDone, "Organisation", "contoso.com · worldwide cloud", "0.1 s"),
			check(parts.CheckDone, "App and secret", "client ID and secret accepted · expires in 364 days", "0.2 s"),
			check(parts.CheckDone, "Signed in", "user@contoso.com", "4.1 s"),
			check(parts.CheckUnknown, "Permissions granted", "Mail.Send, Calendars.ReadWrite and 4 more", "0.0 s"),
			check(parts.CheckWarned, "Send a mail to yourself", "“Entrada test 7F3A” is in your inbox", "0.6 s"),
			check(parts.CheckFailed, "Create and delete a calendar event", "This mailbox is not in Exchange Online.",
				"0.3 s"),
			check(parts.CheckSkipped, "Contacts", "OxfordIQ did not ask for them", ""),
		))},
		Aside: parts.NewFaultBox(parts.FaultView{
			What: "The calendar lives on your own server",
			Why:  "user@contoso.com has its mailbox on premises. OxfordIQ can only reach mailboxes in Exchange Online.",
			Who:  "your Exchange administrator",
			Next: []parts.Action{{Label: "Test with another mailbox", Do: nothing},
				{Label: "What to send your administrator, who will know what to do", Do: nothing}},
			Details: "MailboxNotEnabledForRESTAPI · 404\ncorrelation ID 5c1e7a52-03f3-4d3c-9f0d-1f7a2f3c9b1e\n" +
				"2026-11-20 09:12:44 UTC",
		}),
		Narrow:  parts.AsideAbove,
		Back:    nothing,
		Others:  []parts.Action{{Label: "Copy report", Do: nothing}},
		Primary: parts.Action{Label: "Test again", Do: nothing},
	}
}

func choicesPage() parts.Page {
	text := parts.NewField(
		parts.FieldOptions{Label: "Error message", Rows: 4, Placeholder: "Paste what Microsoft or your vendor showed."})
	return parts.Page{
		Title: "Which way do you want to go?",
		Lead:  "Both ways end with the same test.",
		Body: []fyne.CanvasObject{
			parts.NewChoiceCards("Way", []parts.Choice{
				{Title: "Show me how",
					Text: "You click through the portal yourself; we show every step and check what you paste."},
				{Title: "Do it for me",
					Text: "You sign in as an administrator; we register the app and you can undo it at any time."},
				{Title: "Not possible here", Text: "Your vendor needs something that we cannot do.", Disabled: true},
			}, 0, nil),
			parts.NewRadioList("Expiry",
				[]parts.Choice{{Title: "6 months"}, {Title: "12 months", Text: "what OxfordIQ suggests"},
					{Title: "24 months"}}, 1, nil),
			parts.NewCheckList("Features",
				[]parts.Choice{{Title: "Send mail"}, {Title: "Read calendars", Text: "needs **Calendars.Read**"}},
				[]bool{true, false}, nil),
			parts.NewSelect("Cloud", []string{"Microsoft 365 worldwide", "US Government L4"}, 0, nil),
			text,
			parts.NewBusy("Waiting for you to sign in in the browser…", nothing),
		},
		Back: nothing, Primary: parts.Action{Label: "Next", Do: nothing},
	}
}

func sketchesPage() parts.Page {
	return parts.Page{
		Title: "Register the app in Microsoft Entra",
		Body: []fyne.CanvasObject{sketch.New(guides.Sketch{
			Breadcrumb: []string{"App registrations", "Gathr (Klera) Exchange Online Connector for the Whole Company"},
			Menu:       appMenu, MenuRinged: "Certificates & secrets",
			Heading: "Certificates & secrets",
			Blocks: []guides.Block{
				{Kind: guides.BlockTabs,
					Items: []guides.BlockItem{{Text: "Certificates (0)"}, {Text: "Client secrets (1)", Chosen: true},
						{Text: "Federated credentials", Ringed: true}}},
				{Kind: guides.BlockCommands, Items: []guides.BlockItem{{Text: "+ New client secret", Ringed: true}}},
				{Kind: guides.BlockTable, Label: "Client secrets (1)", Items: []guides.BlockItem{
					{Text: "Description", Detail: "Oauth"}, {Text: "Value", Detail: "abc8Q~…", Ringed: true},
					{Text: "Secret ID", Detail: "00000000-0000-0000-0000-000000000000"},
				}},
				{Kind: guides.BlockText, Value: "Copy the **Value**, not the Secret ID."},
			},
		})},
		Aside: sketch.New(guides.Sketch{
			Breadcrumb: []string{"App registrations", "Register an application"},
			Heading:    "Register an application",
			Blocks: []guides.Block{
				{Kind: guides.BlockField, Label: "Name", Value: "OxfordIQ Outlook Integration", Ringed: true},
				{Kind: guides.BlockChoices, Label: "Supported account types", Ringed: true, Items: []guides.BlockItem{
					{Text: "Accounts in this organizational directory only (Contoso only - Single tenant)",
						Chosen: true},
					{Text: "Accounts in any organizational directory (Any Microsoft Entra ID tenant - Multitenant)"},
				}},
				{Kind: guides.BlockField, Label: "Redirect URI (optional)", Value: "Select a platform"},
				{Kind: guides.BlockTable, Label: "Web",
					Items: []guides.BlockItem{
						{Text: "https://api.aurinko.io/v1/auth/callback/averyveryverylongaddress"},
						{Text: "http://localhost"}}},
				{Kind: guides.BlockButton, Label: "Register", Ringed: true},
			},
		}),
		Narrow: parts.AsideBelow,
		Back:   nothing, Primary: parts.Action{Label: "Next", Do: nothing},
	}
}

func statesPage() parts.Page {
	off := parts.Primary("Off", nothing)
	off.SetEnabled(false)
	offPlain := parts.Plain("Off", nothing)
	offPlain.SetEnabled(false)
	var icons []fyne.CanvasObject
	for _, i := range theme.Icons() {
		icons = append(icons, parts.NewIcon(i, theme.ColorNameText, 20))
	}
	return parts.Page{
		Title: "Every state",
		Body: []fyne.CanvasObject{
			parts.Wrap(12, parts.Primary("Primary", nothing), parts.Plain("Plain", nothing),
				parts.Danger("Remove it", nothing), off, offPlain,
				parts.Small("Small", nothing), parts.Plain("Leaves the program", nothing).External(),
				parts.NewLink("A link", nothing)),
			parts.Wrap(8, icons...),
			parts.NewCallout(parts.ToneInfo, "To know.", "Practice: nothing here touches Microsoft."),
			parts.NewCallout(parts.ToneWarning, "A risk.", "These switches widen what can go wrong."),
			parts.NewCallout(parts.ToneGood, "Done.", "The secret is in the keychain."),
			parts.NewCallout(parts.ToneBad, "Stopped.", "Admin consent was taken back.",
				parts.NewLink("See why", nothing)),
			parts.NewCopyRow(
				"https://login.microsoftonline.com/9a2d7e44-0c1b-4f55-8e63-1b7c5d9f2a30"+
					"/adminconsent?client_id=3f6b1c9e", "the page on which an administrator says yes for everyone"),
			parts.NewCopyRow("http://localhost", ""),
			parts.Selectable("/home/user/.config/entrada/connections.json"),
			parts.NewFold("What does this mean?", parts.Body("It was hidden.")),
		},
		Back: nothing, Primary: parts.Action{Label: "Remove it", Do: nothing}, Danger: true,
		Links: []parts.Action{{Label: "I don't see this page", Do: nothing},
			{Label: "Send this to your administrator", Do: nothing}},
		Others: []parts.Action{{Label: "Save and close", Do: nothing}},
	}
}
