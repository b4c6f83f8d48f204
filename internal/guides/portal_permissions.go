package guides

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"entrada/internal/entra"
)

// longList is the number of permissions from which they stand under the headings of the
// portal's own list. A shorter list reads better in the order of importance.
const longList = 8

func (g *Guide) permissionsStep(c Choices) Step {
	wanted := g.Wanted(c.Features)
	step := g.appPage(StepPermissions, "API permissions")
	step.Rail, step.Title, step.Page = "Permissions", "Give the app its permissions", entra.PagePermissions
	step.Why = "They say what " + g.Vendor + " may do, and nothing beyond."
	step.Instructions = []Instruction{{Text: "Open the app's page **API permissions**.", Opens: true}}
	var rows []BlockItem
	for _, kind := range []Kind{Delegated, Application} {
		values := permissionValues(wanted, kind)
		if len(values) == 0 {
			continue
		}
		for _, v := range values {
			rows = append(rows, BlockItem{Text: v.Text, Detail: kind.label()})
		}
		tick := Instruction{Text: "Search for each of these and tick it:", Values: values}
		if len(values) == 1 {
			tick.Text = "Search for this one and tick it:"
		}
		if slices.ContainsFunc(wanted, func(p Permission) bool { return p.Name == "User.Read" }) {
			tick.After = "**User.Read** is there already: the portal adds it by itself."
		} else {
			tick.After = "The portal has put **User.Read** into the list by itself. It does no harm and may stay."
		}
		step.Instructions = append(step.Instructions,
			Instruction{Text: "Click **Add a permission**, then **Microsoft Graph**, then **" + kind.label() +
				" permissions**."},
			tick,
			Instruction{Text: "Click **Add permissions** at the bottom."})
	}
	slices.SortStableFunc(rows, func(a, b BlockItem) int {
		return strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text))
	})
	step.Sketch.Blocks = []Block{
		{Kind: BlockCommands,
			Items: []BlockItem{{Text: "+ Add a permission", Ringed: true}, {Text: "Grant admin consent…"}}},
		{Kind: BlockTable, Label: fmt.Sprintf("Microsoft Graph (%d)", len(rows)), Items: rows},
	}
	other := "**Application permissions** have the same names"
	if g.AppOnly() {
		other = "**Delegated permissions** have the same names"
	}
	step.NotSeen = append(step.NotSeen,
		"An older portal calls the page **Required permissions**.",
		"If a name is not found, check that you chose **Microsoft Graph**. Then choose the tile once more: "+other+
			" but mean something else.")
	return step
}

// label is what the portal calls the kind.
func (k Kind) label() string {
	if k == Application {
		return "Application"
	}
	return "Delegated"
}

func permissionValues(wanted []Permission, kind Kind) []Value {
	var values []Value
	for _, p := range wanted {
		if p.Kind == kind {
			values = append(values, Value{Text: p.Name, Meaning: does(p)})
		}
	}
	if len(values) < longList {
		return values
	}
	for i := range values {
		values[i].Group = portalGroup(values[i].Text)
	}
	slices.SortStableFunc(values, func(a, b Value) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a.Group, b.Group))
	})
	return values
}

const openIDGroup = "OpenId permissions"

// portalGroup is the heading under which the portal lists a permission.
func portalGroup(name string) string {
	if group, _, dotted := strings.Cut(name, "."); dotted {
		return group
	}
	return openIDGroup
}

// rank puts the sign-in permissions first, as the portal does.
func rank(v Value) int {
	if v.Group == openIDGroup {
		return 0
	}
	return 1
}

func does(p Permission) string {
	known, _ := entra.PermissionByName(p.Name)
	if p.Kind == Application {
		return known.DoesAll
	}
	return known.Does
}

// domain matches a domain: it finds an organisation, but the portal does not show it.
var domain = regexp.MustCompile(`^[^\s.]+(\.[^\s.]+)+$`)

func (g *Guide) consentStep(c Choices) Step {
	organisation := c.Organisation
	if organisation == "" || domain.MatchString(organisation) {
		organisation = "(your organisation's name)" // known only after a sign-in
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
	step := g.appPage(StepConsent, "API permissions")
	step.Rail, step.Title, step.Page = "Admin consent", "Grant admin consent", entra.PagePermissions
	step.Why = "You allow these permissions once, for everybody in the organisation."
	step.Instructions = []Instruction{
		{Text: "Stay on **API permissions**.", Opens: true},
		{Text: "Click **Grant admin consent for " + organisation + "**, above the list."},
		{Text: "Confirm with **Yes**."},
		{Text: "Look at the column **Status**: each line now says **Granted for " + organisation + "**."},
	}
	step.Notes = []Note{{Tone: ToneInfo, Title: "Who can do this?",
		Text: "Somebody with the role " + role +
			". If the button is grey, ask that person to click it. You can go on with the client secret meanwhile.",
		Ours: true}}
	if c.audience(g) != SingleTenant && !g.AppOnly() {
		step.Notes = append(step.Notes, Note{Tone: ToneInfo, Title: "This covers your own organisation only.",
			Text: "If people of another organisation are to connect, an admin over there has to allow the app too.",
			Ours: true})
	}
	step.Sketch.Blocks = []Block{
		{Kind: BlockCommands,
			Items: []BlockItem{{Text: "+ Add a permission"},
				{Text: "Grant admin consent for " + organisation, Ringed: true}}},
		{Kind: BlockTable, Label: "Permission · Status", Items: rows},
	}
	step.NotSeen = append(step.NotSeen,
		"The button stands right above the list of permissions.",
		"The same can be done under **Enterprise apps** > **"+g.AppName+"** > **Permissions**.",
		"If the button is grey, your account lacks the role: "+role+".")
	return step
}
