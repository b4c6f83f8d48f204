package terminal

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"entrada/assets"
	"entrada/internal/console"
)

// Run does what the arguments say and returns the exit code. It ends early, and
// cleanly, when ctx ends.
func Run(ctx context.Context, args []string, o Options) int {
	p := &program{Options: o, out: console.NewOutput(o.Out), err: console.NewOutput(o.Err), in: console.NewInput(o.In)}
	root := p.root()
	root.SetArgs(args)
	root.SetIn(o.In)
	root.SetOut(p.out)
	root.SetErr(o.Err)
	err := root.ExecuteContext(ctx)
	p.release()
	return p.exitCode(ctx, err)
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "entrada-cli",
		Short: "Set up, test and hand over Microsoft 365 connections, without a window",
		Long: `Entrada takes you from "our vendor asks for a Client ID and a Client Secret" to
a Microsoft 365 connection that is registered, tested and handed over safely.

Exit codes: 0 all well, 1 something is not well, 2 not understood or could not
run. ENTRADA_HOME moves the folder for what is not secret; NO_COLOR turns
colours off. Secrets are never taken from arguments.`,
		Version:       p.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, _ []string) error {
			if on, _ := c.Flags().GetBool("licences"); !on {
				return c.Help()
			}
			p.out.Block(assets.Licences)
			return nil
		},
	}
	root.Flags().Bool("licences", false, "show the licences of what is inside the program")
	root.SetVersionTemplate("entrada-cli {{.Version}}\n")
	root.PersistentFlags().IntVar(&p.unlockFD, "unlock-fd", noFD,
		"read the passphrase of your secrets, if they lie in a file, from this open file `N`")
	root.PersistentFlags().BoolVar(&p.practice, "practice", false,
		"use a practice organisation; nothing touches Microsoft")
	root.AddCommand(p.listCommand(), p.guidesCommand(), p.explainCommand(), p.exportCommand(), p.openCommand(),
		p.testCommand(), p.verifyCommand(), p.renewCommand(), p.setupCommand(), p.forgetCommand(), p.renameCommand(),
		p.manualCommand(), p.changesCommand())
	root.InitDefaultHelpCmd()
	if help, _, err := root.Find([]string{"help"}); err == nil {
		help.Args = knownCommand
	}
	return root
}

// knownCommand keeps help from answering a mistyped name as if all were well.
func knownCommand(help *cobra.Command, args []string) error {
	if found, _, err := help.Root().Find(args); err != nil || found == nil {
		return usage("There is no command “%s”. Try: entrada-cli help", console.OneLine(strings.Join(args, " ")))
	}
	return nil
}
