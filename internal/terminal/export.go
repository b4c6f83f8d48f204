package terminal

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"entrada/internal/connections"
	"entrada/internal/console"
	"entrada/internal/flow/deliver"
	"entrada/internal/handover"
	"entrada/internal/secret"
)

type exportOptions struct {
	format    string
	out       string
	force     bool
	fd        int
	publicKey string
	preview   bool
}

func (p *program) exportCommand() *cobra.Command {
	o := exportOptions{}
	c := &cobra.Command{
		Use:   "export NAME",
		Short: "Write the settings that the vendor asked for",
		Long: `Write the settings of a saved connection under the vendor's own labels.

Formats, and what their files are called:

` + formatList() + `
age holds everything, the secret included, and needs a lock: the vendor's public
key, or a passphrase. That is the one on the file descriptor that you name (0 is
the standard input), or else one that is made up and shown once on the terminal.
Tell it by phone; never send it the same way as the file. entrada-cli open and
age -d read such a file.

The sheets, pdf and html, say values, permissions and why, consent, expiry, last
test and fingerprint. env has the names that Microsoft's own libraries read, such
as AZURE_CLIENT_ID, and the vendor's labels as names; appsettings has the section
that Microsoft.Identity.Web reads.

Without --out the settings go to the standard output. With --preview you read
what would be written, and nothing is.

` + settingsContract,
		Example: `  entrada-cli export OxfordIQ
  entrada-cli export OxfordIQ --format pdf --out oxfordiq.sheet.pdf
  entrada-cli export OxfordIQ --format age --out oxfordiq.settings.age`,
		Args:              exactly(1, "Say which connection. See: entrada-cli list"),
		ValidArgsFunction: p.names,
		RunE:              p.run(func(ctx context.Context, args []string) error { return p.export(ctx, args[0], o) }),
	}
	c.Flags().StringVar(&o.format, "format", handover.FormatJSON, strings.Join(formatIDs(), ", "))
	c.Flags().StringVarP(&o.out, "out", "o", "", "write this `FILE`, which only you can read; - is the standard output")
	c.Flags().BoolVar(&o.force, "force", false, "replace the file if it is there")
	c.Flags().IntVar(&o.fd, "passphrase-fd", noFD, "read the passphrase for age from this open file `N`")
	c.Flags().StringVar(&o.publicKey, "public-key", "",
		"lock age for the vendor's public `KEY`, which begins with age1")
	c.Flags().BoolVar(&o.preview, "preview", false, "show what would be written, secrets hidden, and write nothing")
	_ = c.RegisterFlagCompletionFunc("format",
		func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return formatIDs(), cobra.ShellCompDirectiveNoFileComp
		})
	return c
}

func formatIDs() []string {
	var ids []string
	for _, f := range handover.Formats() {
		ids = append(ids, f.ID)
	}
	return ids
}

// formatList is the table of formats for the help.
func formatList() string {
	var b strings.Builder
	for _, f := range handover.Formats() {
		fmt.Fprintf(&b, "    %-12s %s: *.%s\n    %-12s %s\n", f.ID, f.Title, f.Suffix, "", f.For)
	}
	return b.String()
}

func exactly(n int, sentence string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) < n:
			return usageError{sentence}
		case len(args) > n:
			return usage("Only one can be named at a time. A name with spaces needs quotation marks.")
		}
		return nil
	}
}

func (p *program) export(ctx context.Context, name string, o exportOptions) error {
	if o.out == standardStream {
		o.out = ""
	}
	format, known := handover.FormatByID(o.format)
	if !known {
		return usage("--format is one of: %s.", strings.Join(formatIDs(), ", "))
	}
	passphraseNeeded := format.Sealed && o.publicKey == "" && !o.preview
	switch {
	case o.fd != noFD && !format.Sealed:
		return usage("Only --format age has a passphrase.")
	case o.publicKey != "" && !format.Sealed:
		return usage("Only --format age is locked with a key.")
	case o.publicKey != "" && o.fd != noFD:
		return usage("A file is locked with a passphrase or a public key, not with both.")
	case passphraseNeeded && o.fd == noFD && !p.err.Terminal:
		// Whatever collects our messages is no place for a passphrase.
		return usage(
			"There is no terminal to show a passphrase on. Give one with --passphrase-fd, or a key with --public-key.")
	case format.IsBinary() && o.out == "" && p.out.Terminal && !o.preview:
		return usage("This kind of file would only disturb the terminal. Name a file with --out.")
	}
	if err := p.open(ctx); err != nil {
		return err
	}
	record, err := p.one(name)
	if err != nil {
		return err
	}
	guide := p.app.GuideByID(record.VendorID)
	if guide == nil {
		return usage("%s: %s.", console.OneLine(record.Name), guideGone)
	}
	if o.preview {
		text, err := format.Preview(deliver.Package(p.app, record, guide, deliver.Secrets{}))
		if err != nil {
			return err
		}
		p.out.Block(text)
		return nil
	}
	var own, made secret.Value
	switch {
	case !passphraseNeeded:
	case o.fd != noFD:
		if own, err = p.passphraseFrom(ctx, o.fd); err != nil {
			return err
		}
	default:
		made = handover.GeneratePassphrase()
	}
	lock := handover.Lock{}
	if format.Sealed {
		if lock, err = deliver.LockFor(o.publicKey, own, made); err != nil {
			return err
		}
	}
	to := deliver.Output{Format: format, Path: o.out}
	if o.out == "" {
		to.To = p.out
	}
	if err := deliver.Export(p.quietly(ctx), p.app, record, guide, lock, secret.Value{}, o.force,
		[]deliver.Output{to}); err != nil {
		return err
	}
	if o.out != "" {
		p.saved(p.err, o.out, format, record)
		if !format.Sealed {
			p.err.Line("To write that one: --format age.")
		}
	}
	if !made.IsEmpty() {
		p.showPassphrase(p.err, made)
	}
	return nil
}

// saved says what was written and what is still to be done.
func (p *program) saved(to *console.Output, path string, f handover.Format, r connections.Record) {
	to.Line("Saved: " + console.OneLine(path))
	if words := deliver.FolderWarning(path, f.Sealed); words != "" {
		to.Say("", words)
	}
	to.Say("", deliver.AboutFile(f, r))
}

// showPassphrase is the one place where a passphrase is shown: on the terminal
// of whoever asked for the file.
func (p *program) showPassphrase(to *console.Output, passphrase secret.Value) {
	to.Say("", "The passphrase that opens it, shown this once:")
	to.Value(passphrase.Reveal())
	to.Say("", deliver.TellIt)
}
