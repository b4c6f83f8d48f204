package terminal

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"entrada/internal/app"
	"entrada/internal/console"
	"entrada/internal/safefile"
)

func (p *program) forgetCommand() *cobra.Command {
	yes, everything := false, false
	c := &cobra.Command{
		Use: "forget NAME | --everything", Aliases: []string{"rm"},
		Short: "Remove a saved connection and its secret from this computer",
		Long: `Remove a saved connection from this computer, and its secret from the keychain.
In Microsoft Entra nothing changes: the vendor's connection goes on working.

--everything lists what Entrada keeps on this computer, removes it from the
keychain and the disk, and looks that nothing is left.`,
		Args: func(_ *cobra.Command, args []string) error {
			if (len(args) == 1) == everything {
				return usage("Say which connection, or --everything.")
			}
			return nil
		},
		ValidArgsFunction: p.names,
		RunE: p.run(func(ctx context.Context, args []string) error {
			if everything {
				return p.forgetEverything(ctx, yes)
			}
			return p.forget(ctx, args[0], yes)
		}),
	}
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	c.Flags().BoolVar(&everything, "everything", false,
		"all that Entrada keeps on this computer, what was practised included")
	return c
}

func (p *program) renameCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rename NAME NEW-NAME",
		Short: "Give a saved connection another name",
		Long:  "Give a saved connection another name. It is for you alone: the vendor and Microsoft do not see it.",
		Args:  exactly(2, "Say which connection, and its new name."), ValidArgsFunction: p.names,
		RunE: p.run(func(ctx context.Context, args []string) error {
			if err := p.open(ctx); err != nil {
				return err
			}
			r, err := p.one(args[0])
			if err == nil {
				r, err = p.app.Connections.Rename(r.ID, args[1])
			}
			if err == nil {
				p.err.Line("Renamed: " + console.OneLine(r.Name) + ".")
			}
			return err
		}),
	}
}

func (p *program) forget(ctx context.Context, name string, yes bool) error {
	if err := p.open(ctx); err != nil {
		return err
	}
	r, err := p.one(name)
	if err != nil {
		return err
	}
	if err := p.sure(ctx, yes, "Remove “"+console.OneLine(r.Name)+"” and its secret from this computer?"); err != nil {
		return err
	}
	if err := p.app.Connections.Remove(p.quietly(ctx), r.ID); err != nil {
		return err
	}
	p.err.Line("Removed: " + console.OneLine(r.Name) + ". In Microsoft Entra nothing was changed.")
	return nil
}

func (p *program) forgetEverything(ctx context.Context, yes bool) error {
	if err := p.open(ctx); err != nil {
		return err
	}
	stored := p.app.Stored()
	if len(stored) == 0 {
		p.err.Line("Entrada keeps nothing on this computer.")
		return nil
	}
	// Not under the eyes of a window that would write it anew.
	lock := filepath.Join(p.app.Home, safefile.InstanceLock)
	release, err := safefile.Lock(lock)
	if err != nil {
		return err
	}
	p.releases = append(p.releases, func() { release(); app.TidyUp(p.app.Home) })
	p.err.Line("This is on this computer:")
	for _, s := range stored {
		p.err.Say("  ", "- "+s.What+" ("+itemsOrFiles(s)+"): "+console.OneLine(s.Where))
	}
	if err := p.sure(ctx, yes, "Remove all of it?"); err != nil {
		return err
	}
	if err := p.app.RemoveEverything(p.quietly(ctx)); err != nil {
		return err
	}
	if p.app.Cloud.IsPractice() {
		p.err.Line("Everything that was practised is removed, the practice organisation included. Real " +
			"connections stay.")
		return nil
	}
	p.err.Line("Everything is removed, and it was looked that nothing is left. In Microsoft Entra nothing was changed.")
	return nil
}

func itemsOrFiles(s app.Stored) string {
	if len(s.Names) == 1 {
		return "1 item"
	}
	return strconv.Itoa(len(s.Names)) + " items"
}

// sure asks before something is lost. Without a terminal nobody could answer.
func (p *program) sure(ctx context.Context, yes bool, question string) error {
	if yes {
		return nil
	}
	if !p.in.Terminal {
		return usage("Add --yes: there is no terminal to ask on.")
	}
	p.err.Raw(question + " [y/N] ")
	answer, err := p.in.Line(ctx)
	if err != nil {
		return err
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	p.err.Line("Nothing was removed.")
	return status(exitUsage)
}
