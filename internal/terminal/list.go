package terminal

import (
	"cmp"
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"entrada/internal/connections"
	"entrada/internal/console"
	"entrada/internal/fault"
)

// keychainPatience is how long list waits for a keychain that does not answer.
const keychainPatience = 10 * time.Second

func (p *program) listCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Aliases: []string{"ls", "status"},
		Short: "List the saved connections and how they stand",
		Long: `List the saved connections, those that need somebody first.

Asks nobody anything, so that it fits into monitoring. Exits with 0 when all is
well; with 1 when one of them needs attention: its secret has expired or expires
within 30 days, its secret is no longer in the keychain, or its last test failed;
with 2 when the list or the keychain could not be read, or an earlier list that could
not be read still lies beside it.

` + listContract,
		Args: cobra.NoArgs,
		RunE: p.run(func(ctx context.Context, _ []string) error { return p.list(ctx, asJSON) }),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "for scripts")
	return c
}

// listed is a connection in the JSON of list. Its members never change their
// meaning.
type listed struct {
	ID            string     `json:"id"`
	Name          string     `json:"name"`
	VendorID      string     `json:"vendor_id"`
	Vendor        string     `json:"vendor"`
	Cloud         string     `json:"cloud"`
	TenantID      string     `json:"tenant_id"`
	TenantDomain  string     `json:"tenant_domain"`
	ClientID      string     `json:"client_id"`
	State         string     `json:"state"`
	Attention     bool       `json:"attention"`
	SecretExpires string     `json:"secret_expires,omitempty"`
	DaysLeft      *int       `json:"days_left,omitempty"`
	ExpiryTyped   bool       `json:"expiry_as_typed,omitempty"`
	LastTested    *time.Time `json:"last_tested,omitempty"`
	LastResult    string     `json:"last_result,omitempty"`
	LastHeadline  string     `json:"last_headline,omitempty"`
	PartlyTested  *time.Time `json:"partly_tested,omitempty"`
	PartlyResult  string     `json:"partly_result,omitempty"`
}

func (p *program) list(ctx context.Context, asJSON bool) error {
	if err := p.open(ctx); err != nil {
		return err
	}
	unseen := p.reconcile(ctx)
	if unseen != nil {
		// Known is what stands in the list; say what is not.
		p.err.Line("Whether the secrets are still in the keychain is not known: it could not be read (" +
			string(fault.KindOf(unseen)) + "). Until it can, this ends with exit code 2.")
	}
	all, now := p.app.Connections.List(), p.app.Now()
	attention := false
	for _, r := range all {
		attention = attention || r.Attention(now) != connections.None
	}
	if asJSON {
		rows := make([]listed, len(all))
		for i, r := range all {
			rows[i] = row(r, now)
		}
		if err := p.out.JSON(rows); err != nil {
			return err
		}
	} else {
		p.printList(all, now)
	}
	switch {
	case p.incomplete(), unseen != nil:
		return status(exitUsage)
	case attention:
		return status(exitFailed)
	}
	return nil
}

// incomplete says if an earlier list could not be read: what it held is not in
// the list that began then, and nobody must take that for all well.
func (p *program) incomplete() bool {
	aside := p.app.Connections.SetAside()
	for _, path := range aside {
		p.err.Line("Connections may be missing here: an earlier list could not be read, and was kept as")
		p.err.Value(path)
	}
	if len(aside) > 0 {
		p.err.Say("",
			"Put a backup in its place, or set the missing connections up again; then delete that file. Until then "+
				"this ends with exit code 2.")
	}
	return len(aside) > 0
}

// reconcile ends what an interrupted save began, and looks whether the secrets
// are where they were put.
func (p *program) reconcile(ctx context.Context) error {
	looking, cancel := context.WithTimeout(ctx, keychainPatience)
	defer cancel()
	_, err := p.app.Connections.Reconcile(looking)
	return err
}

// states are how attention is called in JSON.
var states = map[connections.Attention]string{
	connections.None: "ok", connections.ExpiresSoon: "expires-soon", connections.TestFailed: "test-failed",
	connections.SecretMissing: "secret-missing", connections.Expired: "expired",
}

func row(r connections.Record, now time.Time) listed {
	l := listed{
		ID: r.ID, Name: r.Name, VendorID: r.VendorID, Vendor: r.VendorName, Cloud: r.CloudID,
		TenantID: r.TenantID, TenantDomain: r.TenantDomain, ClientID: r.ClientID,
		State: states[r.Attention(now)], Attention: r.Attention(now) != connections.None,
		SecretExpires: day(r.SecretExpires), ExpiryTyped: r.ExpiryTyped, LastResult: r.LastResult,
		LastHeadline: r.LastHeadline,
	}
	if left := r.DaysLeft(now); left != connections.NoExpiry {
		l.DaysLeft = &left
	}
	if !r.LastTested.IsZero() {
		l.LastTested = &r.LastTested
	}
	if r.Partly != nil {
		l.PartlyTested, l.PartlyResult = &r.Partly.When, r.Partly.Result
	}
	return l
}

func (p *program) printList(all []connections.Record, now time.Time) {
	if len(all) == 0 {
		p.err.Line("No connection is saved yet. Set one up with: entrada-cli setup")
		return
	}
	if !p.out.Terminal {
		for _, r := range all {
			p.out.Line(states[r.Attention(now)] + "\t" + console.OneLine(r.Name) + "\t" + expiry(r, now) + "\t" +
				console.OneLine(lastTest(r)))
		}
		return
	}
	width := nameWidth(all)
	for _, r := range all {
		style := map[connections.Attention]string{connections.None: console.Green,
			connections.ExpiresSoon: console.Yellow}[r.Attention(now)]
		if style == "" {
			style = console.Red
		}
		p.out.Marked(style, states[r.Attention(now)], 15,
			padded(r.Name, width)+"  "+padded(expiry(r, now), 32)+"  "+console.OneLine(lastTest(r)))
	}
}

// nameWidth is the longest name's, within reason.
func nameWidth(all []connections.Record) int {
	width := 0
	for _, r := range all {
		width = max(width, utf8.RuneCountInString(console.OneLine(r.Name)))
	}
	return min(width, 48)
}

func padded(text string, width int) string {
	text = console.OneLine(text)
	return text + fmt.Sprintf("%*s", max(0, width-utf8.RuneCountInString(text)), "")
}

func expiry(r connections.Record, now time.Time) string {
	return cmp.Or(r.Expiry(now, ""), "expiry not known")
}

func lastTest(r connections.Record) string {
	return r.TestWords(func(t time.Time) string { return "on " + day(t) })
}
