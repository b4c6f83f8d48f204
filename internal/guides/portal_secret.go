package guides

import (
	"fmt"
	"strings"

	"entrada/internal/entra"
	"entrada/internal/words"
)

func (g *Guide) secretStep() Step {
	step := g.appPage(StepSecret, "Certificates & secrets")
	step.Rail, step.Title, step.Page = "Client secret", "Make a client secret", entra.PageSecrets
	step.Why = "It is the password of the app. " + g.Vendor + " needs it to finish each sign-in."
	copyIt := Instruction{Text: "Copy the column **Value** at once. When you leave the page it is hidden for good.",
		After: "Paste it on the page **Paste the values**; there we check it. The column **Secret ID** is " +
			"something else, and is not needed."}
	reminder := "Copy the Value, not the Secret ID."
	if g.NeedsSecretID() {
		copyIt = Instruction{
			Text: "Copy the column **Value** at once. When you leave the page it is hidden for good. Then copy " +
				"**Secret ID** too.",
			After: g.Vendor + " asks for both. The Value is the secret itself; the Secret ID is only its name.",
		}
		reminder = "Copy both: the Value is the secret, the Secret ID its name."
	}
	step.Instructions = []Instruction{
		{Text: "Open the app's page **Certificates & secrets**.", Opens: true},
		{Text: "Click **New client secret** and enter this under **Description**:",
			Values: []Value{{Text: g.Secret.Description, Meaning: "so that you know it again"}}},
		{Text: "Under **Expires** choose **" + expiryLabel(g.Secret.Months) + "**, then click **Add**."},
		copyIt,
	}
	step.Sketch.Blocks = []Block{
		{Kind: BlockCommands, Items: []BlockItem{{Text: "+ New client secret", Ringed: true}}},
		{Kind: BlockTable, Label: "Client secrets (1)", Items: []BlockItem{
			{Text: "Description", Detail: g.Secret.Description},
			{Text: "Value", Detail: "abc8Q~…", Ringed: true},
			{Text: "Secret ID", Detail: "00000000-…", Ringed: g.NeedsSecretID()},
		}},
		{Kind: BlockText, Value: reminder},
	}
	step.NotSeen = append(step.NotSeen,
		"The secrets stand on the tab **Client secrets**.",
		"If the Value shows stars already, make another new client secret. The hidden one can be deleted.",
		"If the portal refuses, your organisation may forbid or shorten client secrets. Choose a shorter time, or "+
			"ask the person who manages **Application policies**.")
	if g.Secret.Document != "" {
		step.Notes = append(
			step.Notes, Note{Tone: ToneDiffers,
				Title: "The document says “" + g.Secret.Document + "”. That no longer exists.",
				Text: "Microsoft allows 24 months at most. We propose " + expiryLabel(g.Secret.Months) +
					" and remind you before it ends.", Ours: true})
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
	return fmt.Sprintf("%d %s", months, words.Plural(months, "month", "months"))
}

func (g *Guide) exposeStep() Step {
	names := make([]Value, 0, len(g.Expose))
	rows := make([]BlockItem, 0, len(g.Expose))
	var whys []string
	for _, e := range g.Expose {
		names = append(names, Value{Text: e.Scope, Meaning: "name of the scope"})
		rows = append(rows, BlockItem{Text: "api://…/" + e.Scope, Detail: "Enabled"})
		if e.Why != "" {
			whys = append(whys, e.Why)
		}
	}
	step := g.appPage(StepExpose, "Expose an API")
	step.Rail, step.Title, step.Page = "Expose an API", "Add the scope under Expose an API", entra.PageExposeAPI
	step.Why = strings.Join(whys, " ")
	if step.Why == "" {
		step.Why = g.Vendor + "'s document asks for it."
	}
	enter := Instruction{Text: "Enter this under **Scope name**, and also as display name and description for admins:",
		Values: names}
	add := Instruction{Text: "Leave the rest as it is and click **Add scope**."}
	if len(names) > 1 {
		enter.Text = "Enter the first name under **Scope name**, and also as display name and description for admins:"
		add.Text = "Leave the rest as it is and click **Add scope**. Do the same for the other names."
	}
	step.Instructions = []Instruction{
		{Text: "Open the app's page **Expose an API**.", Opens: true},
		{Text: "Click **Add a scope**. The portal first proposes an **Application ID URI**: click **Save and " +
			"continue**."},
		enter,
		add,
	}
	step.Sketch.Blocks = []Block{
		{Kind: BlockField, Label: "Application ID URI", Value: "api://…"},
		{Kind: BlockCommands, Items: []BlockItem{{Text: "+ Add a scope", Ringed: true}}},
		{Kind: BlockTable, Label: "Scopes", Items: rows},
	}
	return step
}
