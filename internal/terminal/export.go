package terminal

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"entrada/internal/connections"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/journey"
	"entrada/internal/safefile"
	"entrada/internal/secret"
)

// The formats of a hand-over.
const (
	formatJSON = "json"
	formatEnv  = "env"
	formatAge  = "age"
)

// suffixes are how files of each format are called.
var suffixes = map[string]string{formatJSON: "settings.json", formatEnv: "env", formatAge: "settings.age"}

const noFD = -1

type exportOptions struct {
	format string
	out    string
	force  bool
	fd     int
}

func (p *program) exportCommand() *cobra.Command {
	o := exportOptions{}
	c := &cobra.Command{
		Use:   "export NAME",
		Short: "Write the settings that the vendor asked for",
		Long: `Write the settings of a saved connection under the vendor's own labels.

json and env hold no secret. age holds everything, encrypted with a passphrase:
the one on the file descriptor that you name (0 is the standard input), or else
one that is made up and shown once on the terminal. Tell it by phone; never send
it the same way as the file.

Without --out the settings go to the standard output.`,
		Example: `  entrada-cli export OxfordIQ
  entrada-cli export OxfordIQ --format age --out oxfordiq.settings.age`,
		Args:              exactlyOne("Say which connection. See: entrada-cli list"),
		ValidArgsFunction: p.names,
		RunE:              p.run(func(ctx context.Context, args []string) error { return p.export(ctx, args[0], o) }),
	}
	c.Flags().StringVar(&o.format, "format", formatJSON, "json, env or age")
	c.Flags().StringVarP(&o.out, "out", "o", "", "write this `FILE`, which only you can read")
	c.Flags().BoolVar(&o.force, "force", false, "replace the file if it is there")
	c.Flags().IntVar(&o.fd, "passphrase-fd", noFD, "read the passphrase for age from this open file `N`")
	return c
}

func exactlyOne(sentence string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch len(args) {
		case 0:
			return usageError{sentence}
		case 1:
			return nil
		}
		return usage("Only one can be named at a time. A name with spaces needs quotation marks.")
	}
}

func (p *program) export(ctx context.Context, name string, o exportOptions) error {
	if !slices.Contains([]string{formatJSON, formatEnv, formatAge}, o.format) {
		return usage("--format is json, env or age.")
	}
	switch {
	case o.fd != noFD && o.format != formatAge:
		return usage("Only --format age has a passphrase.")
	case o.format == formatAge && o.fd == noFD && !p.err.terminal:
		// Whatever collects our messages is no place for a passphrase.
		return usage("There is no terminal to show a passphrase on. Give one with --passphrase-fd.")
	case o.format == formatAge && o.out == "" && p.out.terminal:
		return usage("An encrypted file would only disturb the terminal. Name a file with --out.")
	}
	if err := p.open(ctx); err != nil {
		return err
	}
	record, err := p.one(name)
	if err != nil {
		return err
	}
	guide := p.world.GuideByID(record.VendorID)
	if guide == nil {
		return usage("%s: %s.", oneLine(record.Name), guideGone)
	}
	passphrase, shown := secret.Value{}, false
	if o.format == formatAge {
		if o.fd != noFD {
			if passphrase, err = p.in.passphraseFrom(ctx, o.fd); err != nil {
				return err
			}
		} else {
			passphrase, shown = handover.GeneratePassphrase(), true
		}
	}
	data, err := p.encode(ctx, record, guide, o.format, passphrase, secret.Value{})
	if err != nil {
		return err
	}
	if o.out == "" {
		_, err = p.Out.Write(data)
	} else {
		err = safefile.Write(o.out, data, safefile.Options{Overwrite: o.force, AnyFolder: o.format == formatAge})
	}
	if err != nil {
		return err
	}
	if o.out != "" {
		p.saved(p.err, o.out, o.format, record)
	}
	if shown {
		p.showPassphrase(p.err, passphrase)
	}
	return nil
}

// encode makes the file; only the encrypted one holds secrets.
func (p *program) encode(ctx context.Context, r connections.Record, g *guides.Guide, format string, passphrase, mailboxPassword secret.Value) ([]byte, error) {
	var s journey.Secrets
	if format == formatAge {
		v, err := p.world.Connections.Secret(p.quietly(ctx), r.ID)
		if err != nil {
			return nil, err
		}
		s = journey.Secrets{Client: v, MailboxPassword: mailboxPassword}
	}
	pkg := p.world.Package(r, g, s)
	switch format {
	case formatEnv:
		return handover.Env(pkg)
	case formatAge:
		return handover.Encrypted(pkg, passphrase)
	default:
		return handover.JSON(pkg)
	}
}

// saved says what was written and what is still to be done.
func (p *program) saved(to *screen, path, format string, r connections.Record) {
	to.line("Saved: " + oneLine(path))
	if word := riskWords[safefile.FolderRisk(path)]; word != "" && format != formatAge {
		to.say("", word)
	}
	if format == formatAge {
		to.say("", "It holds the secret. To compare by phone, its fingerprint: "+r.SecretFingerprint)
		return
	}
	to.say("", "The secret is not in it. It travels in the encrypted file alone: --format age.")
}

var riskWords = map[safefile.Risk]string{
	safefile.CloudSynced: "This folder is copied to an online storage. That is fine for a file without the secret.",
	safefile.Network:     "This folder is on another computer. Others may be able to read it.",
	safefile.Removable:   "This folder is on a memory stick or card. Take care who gets it.",
}

// showPassphrase is the one place where a passphrase is shown: on the terminal
// of whoever asked for the file.
func (p *program) showPassphrase(to *screen, passphrase secret.Value) {
	to.say("", "The passphrase that opens it, shown this once:")
	to.value(passphrase.Reveal())
	to.say("", "Tell it by phone; never send it the same way as the file. Entrada does not keep it.")
}
