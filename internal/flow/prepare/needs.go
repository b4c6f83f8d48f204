package prepare

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entrada/internal/checks"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/guides"
	"entrada/internal/journey"
)

// VendorQuestion is where everything begins.
const VendorQuestion = "Somebody asked you for a Client ID and a Client Secret for Outlook. Whose software is it for?"

// NotListed leads to a guide that is made of answers.
const NotListed = "My vendor isn't listed"

// Needs says what is needed before Microsoft Entra, asks for what the vendor
// gives first, and which route to take. It ends as done, the route chosen.
func Needs(j *journey.Journey) *flow.Screen {
	g := j.Guide()
	s := &flow.Screen{
		ID: "needs", Title: j.Page().Title, Ask: "How is the app to be registered",
		Lead: "**Do it for me**: you are an administrator, or one is beside you; you see a plan first. " +
			"**Show me how**: you click each step yourself on Microsoft's admin website, with every value to copy. " +
			g.Vendor + "'s own guide: “" + g.Document.Title + "”.",
		Choices: []flow.Choice{
			{ID: "show", Label: "Show me how", Next: take(j, journey.ShowMe)},
			{ID: "do", Label: "Do it for me", Equal: true, Next: take(j, journey.DoForMe)},
		},
	}
	if fields := questions(j); len(fields) > 0 {
		s.Blocks = append(s.Blocks, flow.Form{Fields: fields})
	}
	s.Blocks = append(s.Blocks, flow.List{Heading: "Have this at hand", Facts: true, Items: atHand(g)})
	s.Blocks = append(s.Blocks, flow.Notes(g.NotesFor("needs"))...)
	if len(g.Facts) > 0 {
		facts := flow.List{Heading: "Good to know", Facts: true}
		for _, f := range g.Facts {
			facts.Items = append(facts.Items, "**"+f.Label+"**: "+f.Text)
		}
		s.Blocks = append(s.Blocks, facts)
	}
	return s
}

func take(j *journey.Journey, r journey.Route) flow.Step {
	return func() *flow.Screen {
		j.ChooseRoute(r)
		return flow.End(flow.Done)
	}
}

func atHand(g *guides.Guide) []string {
	role := "Cloud Application Administrator, Application Administrator or Global Administrator"
	if g.AppOnly() {
		role = "Privileged Role Administrator or Global Administrator"
	}
	list := []string{"**An administrator's account.** Somebody with the role " + role +
		" has to agree once. The rest can be done by whoever may register apps."}
	if !g.AppOnly() {
		list = append(list, "**A work account with a mailbox.** It is for the test; your own will do.")
	}
	return append(list, "**About ten minutes.** You can stop on any page and come back.")
}

// questions are whose accounts sign in, what the vendor gives first, and what it
// may do.
func questions(j *journey.Journey) (fields []*flow.Field) {
	g := j.Guide()
	if len(g.Audiences) > 1 {
		fields = append(fields, audience(j))
	}
	for _, in := range g.Inputs {
		fields = append(fields, input(j, in))
	}
	if len(g.Features) > 0 {
		fields = append(fields, features(j))
	}
	return fields
}

func input(j *journey.Journey, in guides.Input) *flow.Field {
	f := &flow.Field{
		ID: in.ID, Label: in.Label, Hint: in.Help, Optional: in.Optional, Value: j.Answers().Inputs[in.ID],
		Good:    "It has the right form.",
		Check:   func(text string) error { return in.Check(text, j.Answers().Audience) },
		Changed: func(f *flow.Field) { j.SetInput(in.ID, f.Value) },
	}
	if in.Port != 0 {
		f.Try = &flow.Try{
			Label: fmt.Sprintf("Try port %d from here", in.Port),
			Hint:  "It only tells whether this computer gets through. Others may not.",
			Do:    func(ctx context.Context, host string) string { return tryPort(ctx, host, in.Port) },
		}
	}
	return f
}

func tryPort(ctx context.Context, host string, port int) string {
	if err := checks.PortOpen(ctx, host, port); err != nil {
		return fmt.Sprintf("No answer from %s on port %d: %s It is no proof: a firewall may treat others differently.",
			host, port, explain.Error(err, explain.Context{}).What)
	}
	return fmt.Sprintf("%s answers on port %d. It is no proof that others get through as well.", host, port)
}

func audience(j *journey.Journey) *flow.Field {
	g := j.Guide()
	f := &flow.Field{ID: "audience", Label: "Who signs in?", Hint: g.AudienceWhy}
	for _, o := range g.AudienceOptions(j.Choices().Organisation) {
		f.Options = append(f.Options, flow.Option{
			ID: string(o.Audience), Label: o.Label, Text: o.Meaning + " The portal calls it “" + o.Portal + "”.",
			On: o.Audience == j.Answers().Audience,
		})
	}
	f.Changed = func(f *flow.Field) { j.SetAudience(guides.Audience(f.Chosen()[0])) }
	return f
}

func features(j *journey.Journey) *flow.Field {
	g := j.Guide()
	f := &flow.Field{ID: "features", Label: "What may " + g.Vendor + " do?", Many: true,
		Optional: len(g.Wanted(nil)) > 0}
	for _, o := range g.Features {
		text := "Microsoft calls it " + strings.Join(o.Grants, ", ") + "."
		if strings.Contains(o.Label, strings.Join(o.Grants, ", ")) {
			text = ""
		}
		f.Options = append(f.Options,
			flow.Option{ID: o.ID, Label: o.Label, Text: text, On: slices.Contains(j.Answers().Features, o.ID)})
	}
	f.Changed = func(f *flow.Field) { j.SetFeatures(f.Chosen()) }
	return f
}

// NewGuide asks about a vendor that is not listed, and makes a guide of the
// answers. It ends as [Bring] does.
func NewGuide(b Bringing) *flow.Screen {
	name := &flow.Field{ID: "vendor", Label: "Name of the vendor", Check: guides.CheckVendor,
		Hint: "It appears in the portal and in your list of connections."}
	abilities := &flow.Field{ID: "abilities", Label: "What may the software do?", Many: true}
	for _, a := range guides.Abilities() {
		abilities.Options = append(abilities.Options, flow.Option{ID: a.ID, Label: a.Label})
	}
	who := &flow.Field{ID: "who", Label: "Who signs in?", Options: []flow.Option{
		{ID: "person", Label: "Each person signs in",
			Text: "The software works in the name of whoever connects. This is the usual way.", On: true},
		{ID: "itself", Label: "The software works by itself",
			Text: "It reaches every mailbox of the organisation, unless it is limited afterwards."},
	}}
	redirect := &flow.Field{
		ID: "redirect", Label: "Redirect URL", Optional: true, Good: "It has the right form.",
		Hint: "The vendor may call it callback URL or return URL. It starts with https://.",
	}
	redirect.Check = func(text string) error {
		clean, _ := entra.CleanPaste(text)
		return invalid(redirect.ID, entra.RedirectProblem(clean, false))
	}
	s := &flow.Screen{
		ID: "new-guide", Title: NotListed,
		Lead:   "Tell us what the vendor's software is to do. The permissions follow from it.",
		Blocks: []flow.Block{flow.Form{Fields: []*flow.Field{name, abilities, who, redirect}}}, Back: b.Back,
	}
	s.Choices = []flow.Choice{{ID: "next", Label: "Next", Next: func() *flow.Screen {
		clean, _ := entra.CleanPaste(redirect.Value)
		g, err := guides.Build(
			guides.Wish{Vendor: name.Value, Abilities: abilities.Chosen(), RedirectURL: clean,
				ByItself: who.Chosen()[0] == "itself"})
		if err != nil {
			again := *s
			again.Blocks = append(
				[]flow.Block{flow.Callout{Tone: flow.Bad, Title: "This does not make a guide yet.",
					Words: fault.Sentence(err)}}, s.Blocks...)
			return &again
		}
		b.Back = flow.To(s)
		return Bring(b, g)
	}}}
	return s
}
