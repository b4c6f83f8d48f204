package prove_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"entrada/internal/entra"
	"entrada/internal/flow/flowtest"
	"entrada/internal/journey"
)

// A claims challenge is answered once, by a sign-in that somebody agrees to and that asks
// for what is wanted. A second one is a result, with what to do.
func TestAClaimsChallengeIsAnsweredOnce(t *testing.T) {
	d := newDesk(t, "oxfordiq", journey.DoForMe)
	var asked []string
	open := d.app.Browser
	d.app.Browser = func(ctx context.Context, link string) error {
		u, err := url.Parse(link)
		if err != nil {
			return err
		}
		asked = append(asked, u.Query().Get("claims"))
		return open(ctx, link)
	}
	s := d.Go(d.test(), "is-this-you", "test")
	d.Break("claims-challenge*1")
	s = d.Go(s, "fresh-sign-in", "yes")
	if len(asked) != 1 || asked[0] != "" {
		t.Fatalf("a browser was opened unasked: %q", asked)
	}
	has(t, flowtest.Words(s), "Microsoft wants a fresh sign-in", "begins again")
	s = d.Go(s, "is-this-you", "sign in")
	if len(asked) != 2 || !entra.IsClaims(asked[1]) || !strings.Contains(asked[1], `"nbf"`) {
		t.Fatalf("the sign-in asked for %q", asked)
	}
	if s = d.Go(s, "passed", "yes"); s.ID != "passed" {
		t.Errorf("%s", flowtest.Words(s))
	}

	// A challenge that comes again after the fresh sign-in is no circle.
	s = d.Go(d.Settle(s.Back()), "is-this-you", "again")
	d.Break("claims-challenge")
	s = d.Go(s, "is-this-you", "yes", "sign in")
	s = d.Go(s, "failed", "yes")
	has(t, flowtest.Words(s), "Microsoft wants a fresh sign-in before it goes on", "Sign in again")
}
