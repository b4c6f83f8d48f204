package terminal

import (
	"bytes"
	"context"

	"github.com/spf13/cobra"

	"entrada/internal/handover"
	"entrada/internal/safefile"
	"entrada/internal/secret"
)

func (p *program) openCommand() *cobra.Command {
	fd, show := noFD, false
	c := &cobra.Command{
		Use:   "open FILE",
		Short: "Show what is in a file that was handed over",
		Long: `Show what is in a settings file, readable or encrypted: labels and values. The
values of secret fields are hidden unless --show-secrets is given. The passphrase
is asked for on the terminal, or read from the file descriptor that you name.

That a file opens proves that its writer knew the passphrase, no more: compare
the fingerprint by phone.`,
		Args: exactlyOne("Say which file."),
		RunE: p.run(func(ctx context.Context, args []string) error { return p.openFile(ctx, args[0], fd, show) }),
	}
	c.Flags().IntVar(&fd, "passphrase-fd", noFD, "read the passphrase from this open file `N`; 0 is the standard input")
	c.Flags().BoolVar(&show, "show-secrets", false, "show the values of secret fields")
	return c
}

func (p *program) openFile(ctx context.Context, path string, fd int, show bool) error {
	data, err := safefile.Read(path, handover.MaxFile)
	if err != nil {
		return err
	}
	var passphrase secret.Value
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) {
		if passphrase, err = p.passphrase(ctx, fd); err != nil {
			return err
		}
	}
	pkg, err := handover.Open(data, passphrase)
	if err != nil {
		return err
	}
	p.out.heading("What " + pkg.VendorName + " asked for")
	for _, f := range pkg.Fields {
		p.showField(f, show)
	}
	p.out.heading("What else the file holds")
	for _, f := range handover.Preview(handover.Package{
		VendorName: pkg.VendorName, VendorID: pkg.VendorID, Created: pkg.Created, App: pkg.App, CloudID: pkg.CloudID,
		TenantID: pkg.TenantID, TenantDomain: pkg.TenantDomain, ClientID: pkg.ClientID, AuthorityURL: pkg.AuthorityURL, TokenURL: pkg.TokenURL,
		SecretExpires: pkg.SecretExpires, Fingerprint: pkg.Fingerprint, Permissions: pkg.Permissions, Extra: pkg.Extra,
	}) {
		p.showField(f, false)
	}
	return nil
}

func (p *program) showField(f handover.Field, show bool) {
	value := oneLine(f.Value)
	if f.Secret {
		switch {
		case f.Hidden.IsEmpty():
			value = "(sent separately)"
		case show:
			value = f.Hidden.Reveal()
		default:
			value = "(hidden; --show-secrets shows it)"
		}
	}
	p.out.line(oneLine(f.Label) + ": " + value)
}

func (p *program) passphrase(ctx context.Context, fd int) (secret.Value, error) {
	if fd != noFD {
		return p.in.passphraseFrom(ctx, fd)
	}
	if !p.in.terminal {
		return secret.Value{}, usage("There is no terminal to ask for the passphrase on. Give it with --passphrase-fd.")
	}
	v, err := p.in.hidden(ctx, func() { p.err.raw("Passphrase (it is not shown): ") })
	if err == nil && v.IsEmpty() {
		err = usage("No passphrase was typed.")
	}
	return v, err
}
