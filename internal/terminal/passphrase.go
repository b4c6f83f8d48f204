package terminal

import (
	"context"

	"entrada/internal/connections"
	"entrada/internal/fault"
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
		p.err.line("The file did not open with this one. Capital letters and spaces count.")
	}
	return p.in.hidden(ctx, func() { p.err.raw("Passphrase of your secrets (it is not shown): ") })
}

// keepBehindPassphrase saves the connection with its secret in the file that a
// passphrase opens: the one of the file that is there, or one for a new file.
func (w *wizard) keepBehindPassphrase(ctx context.Context) (connections.Record, error) {
	app, record, value := w.p.app, w.j.Record(), w.j.Secret()
	_, exists, locked := app.Connections.PassphraseFile()
	if exists {
		passphrase := secret.Value{}
		if locked {
			var err error
			if passphrase, err = w.askHidden(ctx, "Passphrase of your secrets (it is not shown)"); err != nil {
				return connections.Record{}, err
			}
		}
		return deliver.KeepBehindPassphrase(ctx, app, record, value, passphrase)
	}
	question := "Passphrase for the new file (it is not shown; at least 12 characters)"
	if w.out.terminal {
		question = "Passphrase for the new file (it is not shown; leave it empty for one that is made up)"
	}
	passphrase, err := w.askHidden(ctx, question)
	if err != nil {
		return connections.Record{}, err
	}
	made := passphrase.IsEmpty() && w.out.terminal
	if made {
		passphrase = handover.GeneratePassphrase()
	}
	r, err := deliver.KeepBehindPassphrase(ctx, app, record, value, passphrase)
	if err == nil && made {
		w.out.say("", "The passphrase that opens your secrets, shown this once:")
		w.out.value(passphrase.Reveal())
		w.out.say("", "Put it into your password manager, or write it down. Entrada does not keep it, and there is no other way to open the file.")
	}
	return r, err
}

// keepElsewhere saves the connection where the person chose, and says so.
func (w *wizard) keepElsewhere(ctx context.Context, choice string) (kept bool, err error) {
	if choice == keepSession {
		r := deliver.KeepForSession(w.p.app, w.j)
		w.j.Kept(r.ID)
		w.out.say("", "Kept for this session only: “"+oneLine(r.Name)+"” is gone when this program ends. Export it on the next page.")
		return true, nil
	}
	r, err := w.keepBehindPassphrase(ctx)
	if ctx.Err() != nil {
		return false, fault.New(fault.Cancelled, "save the connection", ctx.Err())
	}
	if err != nil {
		if sentence := fault.Sentence(err); sentence != "" {
			w.out.say("", sentence)
		} else {
			w.fault(err)
		}
		return false, nil
	}
	w.j.Kept(r.ID)
	w.told(w.p.app.KeepRegistration(r))
	w.out.line("Saved behind your passphrase as “" + oneLine(r.Name) + "”.")
	return true, nil
}
