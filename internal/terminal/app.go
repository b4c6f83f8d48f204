package terminal

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"entrada/internal/connections"
	"entrada/internal/console"
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
	passphrase, err := p.passphraseFrom(ctx, p.unlockFD)
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
		p.err.Line(deliver.NotThisPassphrase)
	}
	return p.hidden(ctx, deliver.SecretsPassphrase)
}

// open makes the app ready, once.
func (p *program) open(ctx context.Context) error {
	if p.app.Connections != nil {
		return nil
	}
	cloud := p.Cloud
	if p.practice {
		c, release, err := p.Practice(ctx)
		if err != nil {
			return err
		}
		p.releases = append(p.releases, release)
		cloud = c
		p.err.Line("Practice organisation: nothing here touches Microsoft. Its portal: " + c.Portal + "/")
	}
	app, release, err := p.Open(cloud)
	if err != nil {
		return err
	}
	p.releases = append(p.releases, release)
	p.app, p.Cloud = app, cloud
	return p.unlocked(ctx)
}

// release gives everything back, the last first.
func (p *program) release() {
	for _, release := range slices.Backward(p.releases) {
		release()
	}
	p.releases = nil
}

// one finds the connection that a name means.
func (p *program) one(name string) (connections.Record, error) {
	found := p.app.Connections.Find(name)
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return connections.Record{}, usage("No saved connection has this name. See: entrada-cli list")
	}
	sentence := "Several connections have this in their name. Say which:"
	for _, r := range found[:min(len(found), 10)] {
		sentence += "\n  " + r.ID + "  " + console.OneLine(r.Name)
	}
	return connections.Record{}, usageError{sentence}
}

// names completes the names of saved connections in the shell.
func (p *program) names(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	if p.practice || p.open(c.Context()) != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var list []string
	for _, r := range p.app.Connections.List() {
		list = append(list, console.Visible(r.Name))
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}
