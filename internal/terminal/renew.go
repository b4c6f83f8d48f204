package terminal

import (
	"context"

	"github.com/spf13/cobra"

	"entrada/internal/connections"
	"entrada/internal/console"
	"entrada/internal/explain"
	"entrada/internal/flow"
	"entrada/internal/flow/deliver"
)

func (p *program) renewCommand() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "renew NAME",
		Short: "Replace a client secret, with an overlap",
		Long: `Replace the client secret of a saved connection so that nothing stops: a second
secret is made, tried out and saved here, and the old one goes on working. Hand
the new one to the vendor (entrada-cli export). When they say that it is in use,
run renew once more, and the old one is removed.

An administrator, or an owner of the app, signs in through the browser or on
another device. What cannot be tried out or saved is taken back, and so is what
an interrupted renewal has left behind. It needs a terminal and somebody who
answers; the questions go to the standard error.

` + renewContract + `

Exits with 0 if it was done, 1 if it was tried and did not work or the old one is
still there, 2 if nothing was tried.`,
		Example: `  entrada-cli renew OxfordIQ
  entrada-cli renew OxfordIQ --json`,
		Args:              exactly(1, "Say which connection. See: entrada-cli list"),
		ValidArgsFunction: p.names,
		RunE: p.run(
			func(ctx context.Context, args []string) error { return p.renew(ctx, args[0], asJSON) }),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "for scripts")
	return c
}

func (p *program) renew(ctx context.Context, name string, asJSON bool) error {
	if err := p.open(ctx); err != nil {
		return err
	}
	record, err := p.one(name)
	if err != nil {
		return err
	}
	if !p.in.Terminal || !p.err.Terminal {
		return usage("renew needs a terminal and somebody who signs in.")
	}
	// A save that was interrupted is ended first: its secret is in use. What the
	// keychain says to that is said when it is needed.
	_ = p.reconcile(ctx)
	if saved, there := p.app.Connections.Get(record.ID); there {
		record = saved
	}
	c, err := deliver.Renew(p.app, record, true, func(connections.Record) flow.Choice {
		return flow.Choice{ID: "done", Label: "Done", Next: flow.Over(flow.Done)}
	})
	if err != nil {
		return err
	}
	_, err = p.converse(ctx, c.Screen())
	if err != nil && (c.Outcome == deliver.Unchanged || c.Outcome == deliver.Failed) {
		return err
	}
	if asJSON {
		if err := p.out.JSON(renewedOf(c)); err != nil {
			return err
		}
	} else {
		p.out.Line(console.OneLine(c.Record.Name) + ": " + renewWords[c.Outcome])
	}
	return map[deliver.Outcome]error{
		deliver.Failed: status(exitFailed), deliver.OldLeft: status(exitFailed), deliver.Unchanged: status(exitUsage),
	}[c.Outcome]
}

var renewWords = map[deliver.Outcome]string{
	deliver.Unchanged:  "nothing was changed",
	deliver.Failed:     "it did not work, and what was saved before is unchanged",
	deliver.Renewed:    "the new secret is saved, and the old one still works",
	deliver.OldRemoved: "the old secret is removed, and the new one works",
	deliver.OldLeft:    "the old secret is still there, for its Secret ID is not known here",
}

// renewed is the outcome in JSON. Its members never change their meaning.
type renewed struct {
	Name          string          `json:"name"`
	ID            string          `json:"id"`
	Outcome       deliver.Outcome `json:"outcome"`
	SecretID      string          `json:"secret_id"`
	SecretExpires string          `json:"secret_expires,omitempty"`
	OldSecretID   string          `json:"old_secret_id"`
	OldRemoved    bool            `json:"old_removed"`
	Code          string          `json:"code,omitempty"`
	Cause         string          `json:"cause,omitempty"`
}

func renewedOf(c *deliver.Renewal) renewed {
	r := renewed{
		Name: console.OneLine(c.Record.Name), ID: c.Record.ID, Outcome: c.Outcome, SecretID: c.Record.SecretID,
		SecretExpires: day(c.Record.SecretExpires),
		OldSecretID:   c.Old, OldRemoved: c.Outcome == deliver.OldRemoved,
	}
	if c.Err != nil {
		e := explain.Error(c.Err, explain.Context{VendorName: c.Record.VendorName})
		r.Code, r.Cause = e.Code, e.What
	}
	return r
}
