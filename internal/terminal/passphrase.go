package terminal

import (
	"context"

	"entrada/internal/flow/deliver"
	"entrada/internal/handover"
	"entrada/internal/secret"
)

// unlocked takes the passphrase of the file with secrets from the open file
// that --unlock-fd names, and has the person at the terminal asked otherwise,
// when a secret is wanted.
func (p *program) unlocked(ctx context.Context) error {
	store := p.app.Connections
	store.AskPassphrase(p.askPassphrase)
	if p.unlockFD == noFD {
		return nil
	}
	passphrase, err := p.in.passphraseFrom(ctx, p.unlockFD)
	if err != nil {
		return err
	}
	_, exists, _ := store.PassphraseFile()
	if !exists && p.mayMake {
		p.keepIn = passphrase
		return handover.CheckPassphrase(passphrase)
	}
	if !exists {
		return usage("There is no file with secrets that a passphrase could open.")
	}
	return store.Unlock(passphrase)
}

// askPassphrase is called only where a prompt is allowed; see quietly.
func (p *program) askPassphrase(ctx context.Context, again bool) (secret.Value, error) {
	if again {
		p.err.line(deliver.NotThisPassphrase)
	}
	return p.in.hidden(ctx, func() { p.err.raw(deliver.SecretsPassphrase + " (it is not shown): ") })
}
