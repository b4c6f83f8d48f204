package terminal

import (
	"context"

	"github.com/spf13/cobra"

	"entrada/assets"
)

func (p *program) changesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "changes",
		Short: "Show what is new in each version",
		Long:  "Show what is new in each version of Entrada, the newest first.",
		Args:  cobra.NoArgs,
		RunE: p.run(func(context.Context, []string) error {
			p.out.Markdown(assets.Changelog)
			return nil
		}),
	}
}
