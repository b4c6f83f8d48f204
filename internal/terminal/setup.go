package terminal

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"entrada/internal/app"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow/deliver"
	"entrada/internal/flow/prepare"
	"entrada/internal/guides"
	"entrada/internal/journey"
)

func (p *program) setupCommand() *cobra.Command {
	vendor, file, request := "", "", ""
	c := &cobra.Command{
		Use:   "setup",
		Short: "Set up a connection, step by step, as questions and answers",
		Long: `Set up a connection for a vendor: what to click in Microsoft Entra and why, every
value to copy on a line of its own, then a test and the hand-over. Or let Entrada
register the app: an administrator signs in, sees a plan and agrees to it.

Every question takes back, quit and help. After quit, or Ctrl+C, your place is
remembered; nothing secret is kept for that.

A vendor without a guide is no obstacle: answer some questions, and one is made.
Or open a guide file that the vendor or a colleague gave you.

With --request you carry out what a colleague asks for who lacks the role.`,
		Example: `  entrada-cli setup --vendor oxfordiq
  entrada-cli setup --guide fabrikam.toml --practice
  entrada-cli setup --request Request-OxfordIQ.json`,
		Args: cobra.NoArgs,
		RunE: p.run(func(ctx context.Context, _ []string) error {
			switch {
			case vendor != "" && file != "":
				return usage("Name a vendor or a guide file, not both.")
			case request != "" && vendor+file != "":
				return usage("A request says itself which vendor it is for.")
			case file == standardStream, request == standardStream:
				return usage("The standard input is for your answers; give what is to be read as a file.")
			case request != "":
				return p.request(ctx, request)
			}
			return p.setup(ctx, vendor, file)
		}),
	}
	c.Flags().StringVar(&vendor, "vendor", "", "begin with the vendor of this `NAME`")
	c.Flags().StringVar(&file, "guide", "", "begin with the guide in this `FILE`")
	c.Flags().StringVar(&request, "request", "", "carry out the request in this `FILE`, as an administrator")
	_ = c.RegisterFlagCompletionFunc("vendor",
		func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			list := guides.BuiltIn()
			if !p.practice && p.open(c.Context()) == nil {
				list = p.app.EveryGuide()
			}
			var ids []string
			for _, g := range list {
				ids = append(ids, g.ID)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		})
	return c
}

func (p *program) setup(ctx context.Context, vendor, file string) error {
	var brought *guides.Guide
	if file != "" {
		g, err := app.LoadGuide(file)
		if err != nil {
			return err
		}
		brought = g
	}
	if err := p.open(ctx); err != nil {
		return err
	}
	// A keychain that does not answer is told of when it is needed.
	_ = p.reconcile(ctx)
	named := p.app.GuideNamed(vendor)
	if vendor != "" && named == nil {
		return usage("There is no guide of this name, or more than one. See: entrada-cli guides")
	}
	w := &wizard{p: p, out: p.out, parcels: deliver.Parcels{}}
	if err := w.begin(ctx, named, brought); err != nil {
		return w.leave(ctx, err)
	}
	return w.walk(ctx)
}

// walk shows one page after the other, to the last one. No page comes again before
// somebody was asked something.
func (w *wizard) walk(ctx context.Context) error {
	var since []journey.PageID // shown since the last question
	for {
		w.page, w.link, w.hint = w.j.Page(), "", ""
		if w.asked {
			since = nil
		}
		var err error
		if slices.Contains(since, w.page.ID) {
			err = w.enter(ctx, "Press Enter to try this page again")
		}
		since, w.asked = append(since, w.page.ID), false
		if err == nil {
			w.header()
			err = w.show(ctx)
		}
		switch {
		case err == nil && w.page.ID == journey.PageNextSteps:
			if err := journey.Discard(w.p.app); err != nil {
				return err
			}
			w.out.Line("Done.")
			return nil
		case err == nil:
			w.next()
		case errors.Is(err, errBack):
			w.back()
		case errors.Is(err, errMoved): // the journey is on that page
		default:
			return w.leave(ctx, err)
		}
	}
}

// begin goes on with an unfinished journey, or starts one: with the guide that
// was named or brought, if any.
func (w *wizard) begin(ctx context.Context, named, brought *guides.Guide) error {
	unfinished, err := journey.Resume(w.p.app)
	if err != nil {
		w.p.explain(w.p.err, err, explain.Context{})
	}
	if unfinished != nil && w.p.app.Cloud.IsPractice() && w.isOver(ctx, unfinished) {
		unfinished = nil
	}
	w.j = journey.New(w.p.app)
	if unfinished != nil {
		goOn, err := w.askToGoOn(ctx, unfinished)
		if err != nil {
			return err
		}
		if goOn {
			w.j = unfinished
			w.recall(ctx)
			return nil
		}
	}
	chosen := named != nil
	if chosen {
		w.j.ChooseVendor(named)
	}
	if brought != nil {
		if chosen, err = w.bring(ctx, prepare.Bring(w.bringing(), brought)); err != nil {
			return err
		}
	}
	if chosen {
		w.next()
	}
	return nil
}

// isOver: a practice organisation that was not kept is another one next time.
func (w *wizard) isOver(ctx context.Context, j *journey.Journey) bool {
	id := j.Answers().TenantID
	if id == "" {
		return false
	}
	_, err := w.p.app.FindTenant(ctx, id)
	return fault.Is(err, fault.TenantNotFound)
}

func (w *wizard) askToGoOn(ctx context.Context, j *journey.Journey) (bool, error) {
	w.out.Say("", "You were setting up **"+j.Guide().Vendor+"**, on the page “"+j.Page().Title+"”.")
	i, err := w.choose(ctx, "What now", []option{
		{id: "go on", title: "Go on there"},
		{id: "anew", title: "Begin anew", text: "that place is forgotten; what was done in the portal stays"},
	}, 0)
	return i == 0, err
}

// recall gets the secret of a connection that was saved before the break.
func (w *wizard) recall(ctx context.Context) {
	id := w.j.Answers().ConnectionID
	if id == "" {
		return
	}
	if v, err := w.p.app.Connections.Secret(w.p.quietly(ctx), id); err != nil {
		w.p.explain(w.out, err, explain.Context{})
	} else {
		w.j.RecallSecret(v)
	}
}

func (w *wizard) show(ctx context.Context) error {
	switch w.page.ID {
	case journey.PageVendor:
		return w.askVendor(ctx)
	case journey.PageOrganisation:
		return w.askOrganisation(ctx)
	case journey.PageNeeds:
		return w.askNeeds(ctx)
	case journey.PageDoIt:
		return w.doIt(ctx)
	case journey.PagePaste:
		return w.askValues(ctx)
	case journey.PageTest:
		return w.proveIt(ctx)
	case journey.PageSave:
		return w.keep(ctx)
	case journey.PageExport:
		return w.export(ctx)
	case journey.PageHandOver:
		return w.handOver(ctx)
	case journey.PageNextSteps:
		return w.nextSteps(ctx)
	}
	if w.page.Step != nil {
		return w.portalStep(ctx)
	}
	return w.enter(ctx, "This page is for the window. Press Enter to go on")
}
