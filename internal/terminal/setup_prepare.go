package terminal

import (
	"context"
	"errors"
	"strings"

	"entrada/internal/app"
	"entrada/internal/console"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/prepare"
	"entrada/internal/guides"
)

// askVendor asks whose software it is for: one that is listed, or another.
func (w *wizard) askVendor(ctx context.Context) error {
	w.out.Say("", prepare.VendorQuestion)
	w.out.Say("", "Every question takes **back**, **quit** and **help**. You can stop anywhere and come back.")
	for {
		all := w.p.app.EveryGuide()
		options, proposed := make([]option, len(all), len(all)+2), -1
		for i, g := range all {
			options[i] = option{g.ID, g.Label(), g.Summary}
			if w.j.Guide() != nil && w.j.Guide().ID == g.ID {
				proposed = i
			}
		}
		options = append(options,
			option{"not listed", prepare.NotListed, "answer some questions, and a guide is made of them"},
			option{"file", "Open a guide file", "from your vendor or from a colleague"})
		w.out.Blank()
		i, err := w.choose(ctx, "Vendor", options, proposed)
		if err != nil {
			return err
		}
		if i < len(all) {
			w.j.ChooseVendor(all[i])
			return nil
		}
		w.out.Blank()
		var used bool
		if i == len(all) {
			used, err = w.bring(ctx, prepare.NewGuide(w.bringing()))
		} else {
			used, err = w.askGuideFile(ctx)
		}
		if used || err != nil && !errors.Is(err, errBack) {
			return err
		}
	}
}

func (w *wizard) bringing() prepare.Bringing { return prepare.Bringing{App: w.p.app, Journey: w.j} }

// bring draws the conversation about a guide that is not built in.
func (w *wizard) bring(ctx context.Context, s *flow.Screen) (used bool, err error) {
	exit, err := w.converse(ctx, s)
	return exit == flow.Done, err
}

// askGuideFile opens a guide file.
func (w *wizard) askGuideFile(ctx context.Context) (used bool, err error) {
	w.out.Say("", prepare.GuideFileLead)
	for {
		path, err := w.ask(ctx, "Guide file, which ends in .toml", "")
		if err != nil {
			return false, err
		}
		if path = strings.TrimSpace(path); path == "" {
			continue
		}
		g, err := app.LoadGuide(path)
		if err == nil {
			return w.bring(ctx, prepare.Bring(w.bringing(), g))
		}
		w.out.Blank()
		w.p.explain(w.out, err, explain.Context{})
		w.out.Blank()
	}
}

// askOrganisation finds the organisation from an address.
func (w *wizard) askOrganisation(ctx context.Context) error {
	w.out.Say("", prepare.OrganisationLead)
	w.out.Say("", prepare.OrganisationHint(w.p.app))
	for {
		a := w.j.Answers()
		text, err := w.ask(ctx, prepare.OrganisationLabel, a.Organisation)
		if err != nil {
			return err
		}
		if text == a.Organisation && a.TenantID != "" {
			return nil
		}
		domain, err := entra.ParseOrganisation(text)
		if err != nil {
			w.out.Say("", fault.Sentence(err))
			continue
		}
		w.j.TypeOrganisation(text)
		w.out.Line("Looking for " + console.OneLine(domain) + " at Microsoft …")
		tenant, err := prepare.FindOrganisation(ctx, w.p.app, domain)
		switch {
		case ctx.Err() != nil:
			return fault.New(fault.Cancelled, "find the organisation", ctx.Err())
		case fault.Sentence(err) != "":
			w.out.Say("", fault.Sentence(err))
			continue
		case err != nil:
			w.fault(err)
			continue
		}
		w.j.UseTenant(tenant)
		w.out.Say("", prepare.Found(tenant))
		return nil
	}
}

// askNeeds says what is needed, and asks for what the vendor gives first.
func (w *wizard) askNeeds(ctx context.Context) error {
	_, err := w.converse(ctx, prepare.Needs(w.j))
	return err
}

// notes are what stands beside the instructions.
func (w *wizard) notes(list []guides.Note) {
	words := map[guides.Tone]string{guides.ToneDiffers: "Differs from the document", guides.ToneWarning: "Careful",
		guides.ToneInfo: "Note"}
	for _, n := range list {
		w.out.Blank()
		title := strings.TrimSpace(n.Title)
		if title != "" && !strings.ContainsAny(title[len(title)-1:], ".:?!") {
			title += ":"
		}
		w.out.Say("  ", words[n.Tone]+": "+title+" "+n.Text)
	}
}
