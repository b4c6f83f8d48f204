package terminal

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entrada/internal/checks"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/journey"
)

func (w *wizard) askOrganisation(ctx context.Context) error {
	w.out.say("", "We find your organisation at Microsoft from it. Nobody signs in yet, and nothing is changed.")
	if w.p.app.Cloud.IsPractice() {
		w.out.say("", "In the practice organisation, use alex@contoso.example.")
	}
	for {
		a := w.j.Answers()
		fallback := a.Organisation
		text, err := w.ask(ctx, "Your work e-mail address", fallback)
		if err != nil {
			return err
		}
		if text == fallback && a.TenantID != "" {
			return nil
		}
		domain, err := entra.ParseOrganisation(text)
		if err != nil {
			w.out.say("", fieldSentence(err))
			continue
		}
		w.j.TypeOrganisation(text)
		w.out.line("Looking for " + oneLine(domain) + " at Microsoft …")
		tenant, err := entra.FindTenant(ctx, w.p.app.HTTP, w.p.app.Cloud, domain)
		switch {
		case ctx.Err() != nil:
			return fault.New(fault.Cancelled, "find the organisation", ctx.Err())
		case fault.Is(err, fault.TenantNotFound):
			w.out.say("", "Microsoft knows no organisation with **"+oneLine(domain)+"**. Please check the spelling, or use the address that you sign in to Microsoft 365 with.")
			continue
		case err != nil:
			w.fault(err)
			continue
		}
		w.j.UseTenant(tenant)
		w.out.line("Found " + oneLine(tenant.Domain) + " in " + tenant.Cloud.Name + ".")
		return nil
	}
}

func (w *wizard) askNeeds(ctx context.Context) error {
	g := w.j.Guide()
	w.out.say("", g.Vendor+"'s own guide: “"+g.Document.Title+"”.")
	w.out.blank()
	if err := w.askAudience(ctx); err != nil {
		return err
	}
	for _, in := range g.Inputs {
		if err := w.askInput(ctx, in); err != nil {
			return err
		}
	}
	if err := w.askFeatures(ctx); err != nil {
		return err
	}
	role := "Cloud Application Administrator, Application Administrator or Global Administrator"
	if g.AppOnly() {
		role = "Privileged Role Administrator or Global Administrator"
	}
	w.out.say("", "Have this at hand:")
	w.out.say("  ", "- **An administrator's account.** Somebody with the role "+role+" has to agree once. The rest can be done by whoever may register apps.")
	if !g.AppOnly() {
		w.out.say("  ", "- **A work account with a mailbox.** It is for the test; your own will do.")
	}
	w.out.say("  ", "- **About ten minutes.** You can stop on any page and come back.")
	if len(g.Facts) > 0 {
		w.out.blank()
		w.out.say("", "Good to know:")
		for _, f := range g.Facts {
			w.out.say("  ", "- **"+f.Label+"**: "+f.Text)
		}
	}
	w.notes(g.NotesFor("needs"))
	w.out.blank()
	return w.askRoute(ctx)
}

// askRoute asks how the app is to be registered.
func (w *wizard) askRoute(ctx context.Context) error {
	proposed := 0
	if w.j.Route() == journey.DoForMe {
		proposed = 1
	}
	i, err := w.choose(ctx, "How is the app to be registered", []option{
		{id: "show", title: "Show me how", text: "you click each step yourself on Microsoft's admin website, with every value to copy"},
		{id: "do", title: "Do it for me", text: "an administrator signs in, sees a plan first, and Entrada carries it out"},
	}, proposed)
	if err != nil {
		return err
	}
	w.j.ChooseRoute([]journey.Route{journey.ShowMe, journey.DoForMe}[i])
	return nil
}

func (w *wizard) askInput(ctx context.Context, in guides.Input) error {
	w.out.say("", in.Help)
	question := in.Label
	if in.Optional {
		question += " (you may leave this empty)"
	}
	err := w.until(ctx, question, w.j.Answers().Inputs[in.ID], func(text string) string {
		if err := in.Check(text, w.j.Answers().Audience); err != nil {
			return fieldSentence(err)
		}
		w.j.SetInput(in.ID, text)
		return ""
	})
	if err == nil && in.Port != 0 {
		err = w.tryPort(ctx, in)
	}
	w.out.blank()
	return err
}

// tryPort offers to knock at a port of the vendor's machine.
func (w *wizard) tryPort(ctx context.Context, in guides.Input) error {
	host := w.j.Answers().Inputs[in.ID]
	try := false
	err := w.until(ctx, fmt.Sprintf("Press Enter to go on, or type try to try its port %d from here", in.Port), "", func(text string) string {
		if try = word(text) == "try"; try || text == "" {
			return ""
		}
		return "Press Enter, or type try."
	})
	if err != nil || !try || host == "" {
		return err
	}
	if err := checks.PortOpen(ctx, host, in.Port); err != nil {
		w.out.say("", fmt.Sprintf("No answer from %s on port %d: %s It is no proof: a firewall may treat others differently.", oneLine(host), in.Port, explain.Error(err, explain.Context{}).What))
		return nil
	}
	w.out.say("", fmt.Sprintf("%s answers on port %d. It is no proof that others get through as well.", oneLine(host), in.Port))
	return nil
}

func (w *wizard) askAudience(ctx context.Context) error {
	g := w.j.Guide()
	if len(g.Audiences) < 2 {
		return nil
	}
	w.out.say("", "Who signs in? "+g.AudienceWhy)
	var options []option
	for _, o := range g.AudienceOptions(w.j.Answers().TenantDomain) {
		options = append(options, option{string(o.Audience), o.Label, o.Meaning + " The portal calls it “" + o.Portal + "”."})
	}
	i, err := w.choose(ctx, "Who signs in", options, slices.Index(g.Audiences, w.j.Answers().Audience))
	if err == nil {
		w.j.SetAudience(g.Audiences[i])
	}
	w.out.blank()
	return err
}

func (w *wizard) askFeatures(ctx context.Context) error {
	g := w.j.Guide()
	if len(g.Features) == 0 {
		return nil
	}
	w.out.say("", "What may "+g.Vendor+" do?")
	options, ticked := make([]option, len(g.Features)), make([]bool, len(g.Features))
	for i, f := range g.Features {
		options[i] = option{f.ID, f.Label, ""}
		if names := strings.Join(f.Grants, ", "); !strings.Contains(f.Label, names) {
			options[i].text = "Microsoft calls it " + names + "."
		}
		ticked[i] = slices.Contains(w.j.Answers().Features, f.ID)
	}
	for {
		chosen, err := w.chooseMany(ctx, "What is it to do?", options, ticked)
		if err != nil {
			return err
		}
		var ids []string
		for i, f := range g.Features {
			if chosen[i] {
				ids = append(ids, f.ID)
			}
		}
		if len(g.Wanted(ids)) > 0 {
			w.j.SetFeatures(ids)
			w.out.blank()
			return nil
		}
		w.out.line("Choose at least one.")
	}
}

// notes are what stands beside the instructions.
func (w *wizard) notes(list []guides.Note) {
	words := map[guides.Tone]string{guides.ToneDiffers: "Differs from the document", guides.ToneWarning: "Careful", guides.ToneInfo: "Note"}
	for _, n := range list {
		w.out.blank()
		title := strings.TrimSpace(n.Title)
		if title != "" && !strings.ContainsAny(title[len(title)-1:], ".:?!") {
			title += ":"
		}
		w.out.say("  ", words[n.Tone]+": "+title+" "+n.Text)
	}
}
