package pages

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/checks"
	"entrada/internal/explain"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// showNeeds says what is needed before the portal is opened, and asks for what
// the vendor gives first.
func (w *Window) showNeeds() {
	w.enter()
	g, a := w.journey.Guide(), w.journey.Answers()
	var body []fyne.CanvasObject
	var fields []*parts.Field
	take := func(r journey.Route) func() {
		return func() {
			if w.filledIn(g.Inputs, fields) {
				w.takeRoute(r)
			}
		}
	}
	for _, in := range g.Inputs {
		field := w.inputField(in)
		fields = append(fields, field)
		body = append(body, field)
		if in.Port != 0 {
			body = append(body, w.portCheck(in, field))
		}
	}
	if len(g.Audiences) > 1 {
		body = append(body, parts.SubHeading("Who signs in?"), w.audienceChoice())
	}
	if len(g.Features) > 0 {
		body = append(body, parts.SubHeading("What may "+g.Vendor+" do?"), w.featureChoice())
	}
	role := "Cloud Application Administrator, Application Administrator or Global Administrator"
	if g.AppOnly() {
		role = "Privileged Role Administrator or Global Administrator"
	}
	needs := parts.Column(16, need("An administrator's account", "Somebody with the role "+role+" has to agree once. The rest can be done by whoever may register apps."))
	if !g.AppOnly() {
		needs.Objects = append(needs.Objects, need("A work account with a mailbox", "It is for the test; your own will do."))
	}
	needs.Objects = append(needs.Objects, need("About ten minutes", "You can stop on any page and come back."))
	body = append(body, parts.SubHeading("Have this at hand"), parts.Surface(needs))
	for _, n := range g.NotesFor("needs") {
		body = append(body, callout(n))
	}
	if len(g.Facts) > 0 {
		facts := parts.Column(16)
		for _, f := range g.Facts {
			facts.Objects = append(facts.Objects, need(f.Label, f.Text))
		}
		body = append(body, parts.SubHeading("Good to know"), parts.Surface(facts))
	}
	w.show(parts.Page{
		Title: w.journey.Page().Title,
		Lead:  "**Do it for me**: you are an administrator, or one is beside you; you see a plan first. **Show me how**: you click each step yourself on Microsoft's admin website, with every value to copy. " + g.Vendor + "'s own guide: “" + g.Document.Title + "”.",
		Body:  body, Back: w.back,
		Others:  []parts.Action{w.closeAction(), {Label: "Do it for me", Do: take(journey.DoForMe)}},
		Primary: parts.Action{Label: "Show me how", Do: take(journey.ShowMe)},
	})
	for i, in := range g.Inputs {
		if text := a.Inputs[in.ID]; text != "" {
			fields[i].SetText(text)
		}
	}
}

// filledIn goes to the first field that has to be looked at before the page can
// be left, and says there what is missing.
func (w *Window) filledIn(inputs []guides.Input, fields []*parts.Field) bool {
	a := w.journey.Answers()
	for i, in := range inputs {
		err := in.Check(a.Inputs[in.ID], a.Audience)
		if err == nil {
			continue
		}
		words := sentence(err)
		if a.Inputs[in.ID] == "" {
			words = "Fill in " + in.Label + " first."
		}
		fields[i].SetStatus(parts.StatusBad, words)
		fields[i].Replace()
		return false
	}
	return true
}

func need(title, why string) fyne.CanvasObject {
	return parts.Column(2, parts.Strong(title), parts.Caption(why))
}

// takeRoute goes on by one of the two routes.
func (w *Window) takeRoute(r journey.Route) {
	w.journey.ChooseRoute(r)
	w.next()
}

func (w *Window) inputField(in guides.Input) *parts.Field {
	var field *parts.Field
	label := in.Label
	if in.Optional {
		label += " (you may leave this empty)"
	}
	field = parts.NewField(parts.FieldOptions{Label: label, Hint: in.Help, Paste: true, Changed: func(text string) {
		w.journey.SetInput(in.ID, text)
		switch err := in.Check(text, w.journey.Answers().Audience); {
		case text == "":
			field.SetStatus(parts.StatusNeutral, "")
		case err != nil:
			field.SetStatus(parts.StatusBad, sentence(err))
		default:
			field.SetStatus(parts.StatusGood, "It has the right form.")
		}
	}})
	return field
}

// portCheck tries a port of the vendor's machine from this computer.
func (w *Window) portCheck(in guides.Input, field *parts.Field) fyne.CanvasObject {
	answer := parts.Caption("It only tells whether this computer gets through. Others may not.")
	var button *parts.Button
	button = parts.Small(fmt.Sprintf("Try port %d from here", in.Port), func() {
		host := strings.TrimSpace(field.Text())
		if err := in.Check(host, w.journey.Answers().Audience); err != nil {
			field.SetStatus(parts.StatusBad, sentence(err))
			return
		}
		button.SetEnabled(false)
		answer.SetText("Trying …")
		parts.Run(w.page, func(ctx context.Context) (struct{}, error) {
			return struct{}{}, checks.PortOpen(ctx, host, in.Port)
		}, func(_ struct{}, err error) {
			button.SetEnabled(true)
			if err != nil {
				answer.SetText(fmt.Sprintf("No answer from %s on port %d: %s It is no proof: a firewall may treat others differently.", host, in.Port, explain.Error(err, explain.Context{}).What))
				return
			}
			answer.SetText(fmt.Sprintf("%s answers on port %d. It is no proof that others get through as well.", host, in.Port))
		})
	})
	return parts.Column(4, parts.Wrap(0, button), answer)
}

func (w *Window) audienceChoice() fyne.CanvasObject {
	g := w.journey.Guide()
	options := g.AudienceOptions(w.journey.Choices().Organisation)
	choices := make([]parts.Choice, len(options))
	for i, o := range options {
		choices[i] = parts.Choice{Title: o.Label, Text: o.Meaning}
	}
	return parts.NewRadioList("Who signs in?", choices, slices.Index(g.Audiences, w.journey.Answers().Audience), func(i int) {
		w.journey.SetAudience(g.Audiences[i])
	})
}

func (w *Window) featureChoice() fyne.CanvasObject {
	g := w.journey.Guide()
	chosen := w.journey.Answers().Features
	choices, ticked := make([]parts.Choice, len(g.Features)), make([]bool, len(g.Features))
	for i, f := range g.Features {
		choices[i] = parts.Choice{Title: f.Label, Text: "Microsoft calls it " + strings.Join(f.Grants, ", ") + "."}
		ticked[i] = slices.Contains(chosen, f.ID)
	}
	return parts.NewCheckList("What may "+g.Vendor+" do?", choices, ticked, func(i int, on bool) {
		ticked[i] = on
		var ids []string
		for j, f := range g.Features {
			if ticked[j] {
				ids = append(ids, f.ID)
			}
		}
		w.journey.SetFeatures(ids)
	})
}
