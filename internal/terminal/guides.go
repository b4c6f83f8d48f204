package terminal

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"entrada/internal/app"
	"entrada/internal/console"
	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/words"
)

func (p *program) guidesCommand() *cobra.Command {
	var asJSON, begin bool
	var check string
	c := &cobra.Command{
		Use:   "guides",
		Short: "List the vendors with a guide, or make and check a guide file",
		Long: `List the vendors whose guide comes with Entrada, and your own guides, each
marked: made here from your own answers, or opened from a file. With --json that
is their origin: built-in, answers or file.

With --new, print a guide file to begin with. Its comments are the reference of
all tables and keys. With --check, say what is wrong with a guide file, with the
line. Exits with 1 if something is.

Whoever opens a guide file is first shown, in Entrada's own words, what it brings:
permissions, addresses, switches, accounts, what is asked and what is handed over.
From then on it is marked as from a file. One whose names read like those of a
built-in vendor is refused, and none replaces another without a question.`,
		Example: `  entrada-cli guides --new > fabrikam.toml
  entrada-cli guides --check fabrikam.toml
  entrada-cli setup --guide fabrikam.toml --practice`,
		Args: cobra.NoArgs,
		RunE: p.run(func(ctx context.Context, _ []string) error {
			switch {
			case begin && (check != "" || asJSON):
				return usage("--new prints a guide file; leave out --check and --json.")
			case begin:
				p.out.Raw(guides.Template)
				return nil
			}
			if check != "" {
				return p.checkGuide(ctx, check, asJSON)
			}
			return p.listGuides(ctx, asJSON)
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "for scripts")
	c.Flags().BoolVar(&begin, "new", false, "print a guide file to begin with, all keys explained")
	c.Flags().StringVar(&check, "check", "", "check this guide `FILE`")
	return c
}

func (p *program) listGuides(ctx context.Context, asJSON bool) error {
	if err := p.open(ctx); err != nil {
		return err
	}
	type guide struct {
		ID      string `json:"id"`
		Vendor  string `json:"vendor"`
		Summary string `json:"summary"`
		Own     bool   `json:"own"`    // not made by us
		Origin  string `json:"origin"` // built-in, answers or file

		mark string
	}
	list := []guide{}
	for _, g := range p.app.EveryGuide() {
		list = append(list,
			guide{console.OneLine(g.ID), console.OneLine(g.Vendor), console.OneLine(g.Summary),
				g.Origin != guides.OriginEntrada, g.Origin.String(), g.Origin.Mark()})
	}
	if asJSON {
		return p.out.JSON(list)
	}
	for _, g := range list {
		own := map[bool]string{true: "own"}[g.Own]
		switch {
		case !p.out.Terminal:
			p.out.Line(strings.TrimRight(g.ID+"\t"+g.Vendor+"\t"+g.Summary+"\t"+own+"\t"+g.mark, "\t"))
		case g.Own:
			p.out.Say("            ", padded(g.ID, 12)+"**"+g.Vendor+"** ("+g.mark+"): "+g.Summary)
		default:
			p.out.Say("            ", padded(g.ID, 12)+"**"+g.Vendor+"**: "+g.Summary)
		}
	}
	return nil
}

// loadGuide reads a guide file, or the standard input.
func (p *program) loadGuide(ctx context.Context, path string) (*guides.Guide, error) {
	if path != standardStream {
		return app.LoadGuide(path)
	}
	text, err := p.in.All(ctx, guides.MaxFileSize+1)
	if err != nil {
		return nil, err
	}
	return app.ReadGuide("standard input", []byte(text))
}

func (p *program) checkGuide(ctx context.Context, path string, asJSON bool) error {
	g, err := p.loadGuide(ctx, path) // as setup does: what is fine here is taken there
	problem := ""
	var f *fault.Error
	switch {
	case fault.Is(err, fault.FileTooLarge):
		problem = fmt.Sprintf("a guide file has at most %d KiB", guides.MaxFileSize>>10)
	case fault.Is(err, fault.FileCorrupt, fault.FileNewer, fault.InvalidInput) && errors.As(err, &f):
		problem = f.Detail
	case err != nil:
		return err
	}
	switch {
	case asJSON:
		result := map[string]any{"file": path, "ok": problem == ""}
		if problem != "" {
			result["problem"] = problem
		}
		if err := p.out.JSON(result); err != nil {
			return err
		}
	case problem != "":
		p.out.Line(console.OneLine(path) + ": " + console.OneLine(problem))
	default:
		p.out.Line(fmt.Sprintf("%s: this guide is fine. %s: %s handed over, %s in the portal.", console.OneLine(path),
			console.OneLine(g.Vendor),
			words.Count(len(g.Fields), "value", "values"),
			words.Count(len(g.PortalSteps(guides.Choices{Features: g.DefaultFeatures()})), "page", "pages")))
	}
	if problem != "" {
		return status(exitFailed)
	}
	return nil
}
