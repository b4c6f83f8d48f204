package terminal

import (
	"context"

	"github.com/spf13/cobra"

	"entrada/internal/connections"
	"entrada/internal/console"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/deliver"
	"entrada/internal/flow/prove"
	"entrada/internal/handover"
	"entrada/internal/secret"
)

type openOptions struct {
	fd       int
	identity string
	show     bool
	test     bool
	signIn   bool
	save     bool
	yes      bool
}

func (p *program) openCommand() *cobra.Command {
	o := openOptions{}
	c := &cobra.Command{
		Use:   "open FILE | -",
		Short: "Show, test and keep what was handed over",
		Long: `Show what is in a settings file, readable or encrypted: labels and values. With -
it is read from the standard input. The values of secret fields are hidden unless
--show-secrets is given. The passphrase is asked for on the terminal, or read from
the file descriptor that you name. A
file that was locked with your public key needs --identity with the file of your
key; if that file has a passphrase itself, it is asked for in the same way.

That a file opens proves that its writer knew the passphrase, no more: compare
the fingerprint by phone.

With --test Microsoft is asked whether organisation, app and secret fit, without
a sign-in; with --sign-in a person signs in and what the vendor may do is tried
out. With --save it becomes a connection of this computer, its secret in the
keychain, or with --unlock-fd in the file that this passphrase opens, which is
made if it is not there. Where that would replace another secret which is saved
here already, you are asked first. Exits with 1 if a test failed; nothing is
saved then.`,
		Example: `  entrada-cli open oxfordiq.settings.age
  entrada-cli open oxfordiq.settings.age --identity key.txt --test --save`,
		Args: exactly(1, "Say which file."),
		RunE: p.run(func(ctx context.Context, args []string) error { return p.openFile(ctx, args[0], o) }),
	}
	c.Flags().IntVar(&o.fd, "passphrase-fd", noFD,
		"read the passphrase from this open file `N`; 0 is the standard input")
	c.Flags().StringVar(&o.identity, "identity", "", "open it with the age key in this `FILE`")
	c.Flags().BoolVar(&o.show, "show-secrets", false, "show the values of secret fields")
	c.Flags().BoolVar(&o.test, "test", false, "ask Microsoft whether organisation, app and secret fit")
	c.Flags().BoolVar(&o.signIn, "sign-in", false,
		"sign in as well and try out what the vendor may do; needs a terminal")
	c.Flags().BoolVar(&o.save, "save", false, "keep it as a connection of this computer")
	c.Flags().BoolVar(&o.yes, "yes", false, "do not ask before the secret of a saved connection is replaced")
	return c
}

func (p *program) openFile(ctx context.Context, path string, o openOptions) error {
	if o.signIn && !(p.in.Terminal && p.err.Terminal) {
		return usage("--sign-in needs a terminal and somebody who signs in.")
	}
	data, key, err := p.readHandOver(ctx, path, o)
	if err != nil {
		return err
	}
	opener, err := p.opener(ctx, key, o)
	if err != nil {
		return err
	}
	pkg, err := deliver.OpenHandOver(data, opener)
	if err != nil {
		return err
	}
	received := deliver.Receive(p.app, pkg)
	p.showPackage(received, o.show)
	if !o.test && !o.signIn && !o.save {
		return nil
	}
	p.mayMake = o.save
	if err := p.open(ctx); err != nil {
		return err
	}
	received = deliver.Receive(p.app, pkg)
	if err := received.Elsewhere(); err != nil {
		return err
	}
	p.out.Blank()
	var tested *prove.Outcome
	if o.test || o.signIn {
		if tested, err = p.testReceived(ctx, received, o.signIn); err != nil {
			return err
		}
	}
	if o.save {
		return p.keepReceived(ctx, received, tested, o.yes)
	}
	return nil
}

// readHandOver reads a file, or the standard input.
func (p *program) readHandOver(ctx context.Context, path string, o openOptions) ([]byte, handover.Key, error) {
	if path != standardStream {
		return deliver.ReadHandOver(path)
	}
	if o.fd == 0 {
		return nil, handover.KeyNone, usage(
			"The standard input is the file already; give the passphrase another number.")
	}
	text, err := p.in.All(ctx, handover.MaxFile+1)
	if err != nil {
		return nil, handover.KeyNone, err
	}
	key, err := handover.KeyOf([]byte(text))
	return []byte(text), key, err
}

// opener gets what the file opens with.
func (p *program) opener(ctx context.Context, key handover.Key, o openOptions) (k deliver.HandOverKey, err error) {
	switch {
	case key == handover.KeyNone:
	case o.identity != "":
		k.KeyFile = o.identity
		file, err := deliver.ReadKeyFile(o.identity)
		if err != nil {
			return k, err
		}
		if file.Locked() {
			k.Passphrase, err = p.passphrase(ctx, o.fd, deliver.KeyPassphraseLabel)
			return k, err
		}
		if o.fd != noFD {
			return k, usage("The key file has no passphrase: leave --passphrase-fd out.")
		}
	case key == handover.KeyIdentity:
		return k, usage(
			"This file was locked with a public key. Name the file of the key that belongs to it, with --identity.")
	default:
		k.Passphrase, err = p.passphrase(ctx, o.fd, deliver.PassphraseLabel)
	}
	return k, err
}

func (p *program) showPackage(received deliver.Received, show bool) {
	pkg := received.Package
	p.out.Heading(received.Asked())
	for _, f := range pkg.Fields {
		p.showField(f, show)
	}
	p.out.Heading(deliver.RestHeading)
	for _, f := range received.Rest() {
		p.showField(f, false)
	}
	if pkg.Fingerprint != "" {
		p.out.Say("", "Said on the phone: "+handover.Spell(pkg.Fingerprint))
	}
}

func (p *program) showField(f handover.Field, show bool) {
	value := console.OneLine(f.Value)
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
	p.out.Line(console.OneLine(f.Label) + ": " + value)
}

// testReceived asks Microsoft about what was opened, before anything is kept.
func (p *program) testReceived(ctx context.Context, received deliver.Received, signIn bool) (*prove.Outcome, error) {
	if !received.HasSecret() {
		return nil, fault.Invalid("hand-over",
			"The secret is not in this file, so it cannot be tested. It was sent separately.")
	}
	record, subject := received.Record(), received.Subject()
	v := subject.Ask(ctx, p.app)
	if signIn && v.OK {
		v = p.testSignedIn(ctx, subject, false, v)
	}
	b := &batch{p: p, list: []connections.Record{record}, width: nameWidth([]connections.Record{record}),
		o: testOptions{signIn: signIn}}
	b.print(v)
	switch {
	case ctx.Err() != nil || v.Cancelled:
		return nil, fault.New(fault.Cancelled, "test the connection", ctx.Err())
	case !v.OK:
		return nil, status(exitFailed)
	case v.Reached:
		b.reached++
	}
	b.goFurther()
	return &v, nil
}

func (p *program) keepReceived(ctx context.Context, received deliver.Received, tested *prove.Outcome, yes bool) error {
	saved, err := p.keep(ctx, received, yes)
	if err != nil {
		return err
	}
	if tested != nil {
		if t, ok := tested.Tested(saved, p.app.Now()); ok {
			if err := p.app.Connections.Remember(t); err != nil {
				return err
			}
		}
	}
	p.saidSaved(p.err, saved)
	return nil
}

// saidSaved says where a connection and its secret are now.
func (p *program) saidSaved(to *console.Output, r connections.Record) {
	saved := deliver.Saved(r)
	to.Say("", saved.Title+" "+saved.Words)
}

// keep asks whoever sits at the terminal what there is to ask. A script says all
// of it beforehand.
func (p *program) keep(ctx context.Context, received deliver.Received, yes bool) (saved connections.Record, err error) {
	if p.in.Terminal && p.err.Terminal && p.unlockFD == noFD {
		k := &deliver.Keeping{App: p.app, Seen: true, Begin: flow.Over(flow.Forgone)}
		_, err = p.converse(ctx, received.KeepBy(k, yes, func(r connections.Record) *flow.Screen {
			saved = r
			return flow.End(flow.Done)
		}))
		if err == nil && saved.ID == "" {
			p.err.Line("Nothing was kept.")
			err = status(exitUsage)
		}
		return saved, err
	}
	if old, another := received.Replaces(); another && !yes {
		_, why := received.Replacing(old)
		p.err.Say("", why)
		if err := p.sure(ctx, false, "Replace it?"); err != nil {
			return saved, err
		}
	}
	return received.Keep(p.quietly(ctx), deliver.Place{File: p.unlockFD != noFD, Passphrase: p.keepIn})
}

func (p *program) passphrase(ctx context.Context, fd int, name string) (secret.Value, error) {
	if fd != noFD {
		return p.passphraseFrom(ctx, fd)
	}
	if !p.in.Terminal {
		return secret.Value{}, usage("There is no terminal to ask for the passphrase on. Give it with --passphrase-fd.")
	}
	v, err := p.hidden(ctx, name)
	if err == nil && v.IsEmpty() {
		err = usage("No passphrase was typed.")
	}
	return v, err
}
