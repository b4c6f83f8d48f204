package terminal

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"entrada/internal/connections"
	"entrada/internal/console"
	"entrada/internal/flow/prove"
)

const (
	defaultParallel = 8
	maxParallel     = 64
)

func (p *program) testCommand() *cobra.Command {
	o := testOptions{}
	c := &cobra.Command{
		Use:   "test [NAME…]",
		Short: "Test saved connections",
		Long: `Ask Microsoft about each connection, without a sign-in: does the organisation
exist, does the app exist in it, and does the secret open it?

With --sign-in, on a terminal, a person signs in through the browser as well, and
what the vendor may do is tried out: one mail to oneself, one calendar event that
is deleted again. With --read-only nothing is sent or created.

With --tenant and --client-id, test values that are not saved. They are not kept.

Exits with 0 if all is well, 1 if something failed, 2 if it could not run to the
end or had no secret to try. A name may be a part of one; every connection that has it is tested.

` + testContract,
		Example: `  entrada-cli test OxfordIQ
  entrada-cli test --all --json --parallel 20
  entrada-cli test OxfordIQ --sign-in
  entrada-cli test --tenant contoso.com --client-id 3f6b1c9e-… --secret-fd 3 3<secret.txt`,
		ValidArgsFunction: p.names,
		RunE:              p.run(func(ctx context.Context, args []string) error { return p.test(ctx, args, o) }),
	}
	f := c.Flags()
	f.BoolVar(&o.all, "all", false, "test every saved connection")
	f.IntVar(&o.parallel, "parallel", defaultParallel, "test up to `N` connections at once")
	f.BoolVar(&o.json, "json", false, "for scripts")
	f.BoolVar(&o.readOnly, "read-only", false, "send no mail and make no event: only look")
	f.BoolVar(&o.signIn, "sign-in", false, "sign in through the browser and try out what the vendor may do")
	o.given.flags(f)
	f.DurationVar(&o.timeout, "timeout", 30*time.Second, "how long one connection may take without a sign-in")
	return c
}

func (p *program) test(ctx context.Context, names []string, o testOptions) error {
	switch {
	case o.given.any() && (o.all || len(names) > 0 || o.signIn):
		return usage("--tenant and --client-id test values that are not saved; leave out names, --all and --sign-in.")
	case !o.given.any() && o.all == (len(names) > 0):
		return usage("Name the connections to test, or use --all. See: entrada-cli list")
	case o.parallel < 1 || o.parallel > maxParallel:
		return usage("--parallel is a number from 1 to %d.", maxParallel)
	case o.timeout <= 0:
		return usage("--timeout is a time such as 30s.")
	case o.signIn && !(p.in.Terminal && p.err.Terminal):
		return usage("--sign-in needs a terminal and somebody who signs in.")
	}
	if err := p.open(ctx); err != nil {
		return err
	}
	b := &batch{p: p, began: time.Now(), told: time.Now()}
	if o.given.any() {
		r, v, err := p.given(ctx, o.given)
		if err != nil {
			return err
		}
		b.list, b.unsaved = []connections.Record{r}, &v
	} else {
		chosen, err := p.chosen(names)
		if err != nil {
			if o.json && o.all {
				_ = p.out.JSON([]prove.Outcome{}) // as list does: what reads it finds a list
			}
			return err
		}
		b.list = chosen
	}
	if o.signIn {
		o.parallel = 1 // one browser, one person
	}
	b.o, b.width = o, nameWidth(b.list)
	return b.run(ctx)
}

// chosen lists the connections to test, each once.
func (p *program) chosen(names []string) ([]connections.Record, error) {
	if len(names) == 0 {
		all := p.app.Connections.List()
		if len(all) == 0 {
			p.incomplete()
			return nil, usage("No connection is saved yet: there is nothing to test.")
		}
		return all, nil
	}
	var list []connections.Record
	seen := map[string]bool{}
	for _, name := range names {
		found := p.app.Connections.Find(name)
		if len(found) == 0 {
			return nil, usage("No saved connection is called “%s”. See: entrada-cli list", console.OneLine(name))
		}
		for _, r := range found {
			if !seen[r.ID] {
				seen[r.ID] = true
				list = append(list, r)
			}
		}
	}
	return list, nil
}
