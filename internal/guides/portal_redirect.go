package guides

import (
	"fmt"
	"slices"
	"strings"

	"entrada/internal/entra"
	"entrada/internal/words"
)

// portalRedirects lists the addresses to enter on the Web platform: the vendor's
// own, and ours for the test. An app that nobody signs in to is tested without
// an address.
func (g *Guide) portalRedirects(c Choices) []Value {
	var values []Value
	for _, r := range g.Redirects {
		u, meaning := r.URL, r.Why
		if r.Input != "" {
			u = c.Inputs[r.Input]
		}
		if meaning == "" {
			meaning = "for " + g.Vendor
		}
		u = strings.TrimSpace(u)
		if u != "" && !slices.ContainsFunc(values, func(v Value) bool { return v.Text == u }) {
			values = append(values, Value{Text: u, Meaning: meaning})
		}
	}
	if g.needsSignIn() && !slices.ContainsFunc(values, func(v Value) bool { return v.Text == TestRedirect }) {
		values = append(values, Value{Text: TestRedirect, Meaning: "for our test"})
	}
	return values
}

func (g *Guide) redirectStep(c Choices) Step {
	values := g.portalRedirects(c)
	step := g.appPage(StepRedirect, "Authentication")
	step.Rail, step.Title, step.Page = "Sign-in address", "Add the sign-in address", entra.PageAuthentication
	step.Why = "After a sign-in, Microsoft sends people back to an address on this list, and to no other."
	step.Instructions = []Instruction{{Text: "Open the app's page **Authentication**.", Opens: true}}
	tabs := []BlockItem{{Text: "Redirect URI configuration", Chosen: true}, {Text: "Supported accounts"},
		{Text: "Settings", Ringed: g.Switches.Any()}}
	step.Sketch.Blocks = []Block{{Kind: BlockTabs, Items: tabs}}
	if len(values) > 0 {
		enter := Instruction{Text: "Enter this address and click **Configure**:", Values: values}
		if len(values) > 1 {
			enter.Text = fmt.Sprintf(
				"Enter the first address and click **Configure**. Do the same for the other %s:",
				words.Plural(len(values)-1, "one", "ones"))
			if values[len(values)-1].Meaning == "for our test" {
				enter.After = "With the last one we test the connection from this computer. You can take it away " +
					"after the test."
			}
		}
		step.Instructions = append(
			step.Instructions, Instruction{Text: "Click **Add Redirect URI**, then the tile **Web**."}, enter)
		rows := make([]BlockItem, 0, len(values))
		for _, v := range values {
			rows = append(rows, BlockItem{Text: v.Text})
		}
		step.Sketch.Blocks = append(step.Sketch.Blocks,
			Block{Kind: BlockCommands, Items: []BlockItem{{Text: "+ Add Redirect URI", Ringed: true}}},
			Block{Kind: BlockTable, Label: "Web", Items: rows})
	}
	step.NotSeen = append(step.NotSeen,
		"An older page says **Platform configurations**: click **Add a platform**, then **Web**, enter the address "+
			"and click **Configure**.",
		"Choose **Web**. With **Single-page application** or **Mobile and desktop** the vendor's secret would not "+
			"be accepted.")
	if g.Switches.Any() {
		g.addSwitches(&step)
	}
	return step
}

// addSwitches adds the tick boxes on the tab Settings: what to click, what the
// tab looks like, and what they risk.
func (g *Guide) addSwitches(step *Step) {
	type tick struct{ label, block string }
	const implicit, public = "Implicit grant and hybrid flows", "Allow public client flows"
	var on []tick
	if g.Switches.AccessTokens {
		on = append(on, tick{"Access tokens (used for implicit flows)", implicit})
	}
	if g.Switches.IDTokens {
		on = append(on, tick{"ID tokens (used for implicit and hybrid flows)", implicit})
	}
	if g.Switches.PublicClient {
		on = append(on, tick{"Enabled", public})
	}
	open := "Open the tab **Settings**."
	if g.Switches.AccessTokens || g.Switches.IDTokens {
		var names []string
		for _, t := range on {
			if t.block == implicit {
				names = append(names, "**"+t.label+"**")
			}
		}
		open = "Open the tab **Settings** and tick " + words.List(names) + "."
	}
	step.Instructions = append(step.Instructions, Instruction{Text: open})
	last := Instruction{Text: "Click **Save**.", After: g.Switches.Why}
	if g.Switches.PublicClient {
		last.Text = "Set **" + public + "** to **Enabled**, then click **Save**."
	}
	step.Instructions = append(step.Instructions, last)

	step.Sketch.Blocks = append(step.Sketch.Blocks, Block{Kind: BlockText, Value: "On the tab Settings:"})
	for _, name := range []string{implicit, public} {
		block := Block{Kind: BlockChoices, Label: name}
		for _, t := range on {
			if t.block == name {
				block.Items = append(block.Items, BlockItem{Text: t.label, Chosen: true, Ringed: true})
			}
		}
		if len(block.Items) > 0 {
			step.Sketch.Blocks = append(step.Sketch.Blocks, block)
		}
	}
	step.Sketch.Blocks = append(step.Sketch.Blocks, Block{Kind: BlockButton, Label: "Save", Ringed: true})

	step.NotSeen = append(
		step.NotSeen,
		"On an older page the switches stand further down on **Authentication** itself: **Implicit grant and "+
			"hybrid flows**, and **Advanced settings** > **Allow public client flows** > **Yes**.")
	warning := Note{Tone: ToneWarning, Title: "These switches widen what can go wrong.", Text: g.Switches.Warning,
		Ours: true}
	if g.Origin != OriginEntrada {
		// A foreign guide can neither leave the warning out nor word it.
		warning.Text = switchesTogether
		for _, l := range g.Switches.risks() {
			warning.Text += " " + l.Text + ": " + l.Detail
		}
	}
	if warning.Text != "" {
		step.Notes = append(step.Notes, warning)
	}
	if warning.Text != g.Switches.Warning && g.Switches.Warning != "" {
		step.Notes = append(
			step.Notes, Note{Tone: ToneInfo, Title: "The guide itself says of them:", Text: g.Switches.Warning})
	}
	if g.Switches.Leave != "" {
		step.Notes = append(
			step.Notes, Note{Tone: ToneInfo, Title: "If you leave them off", Text: g.Switches.Leave, Ours: true})
	}
}
