//go:build bench && linux

package bench

import (
	"testing"
	"time"

	"entrada/internal/checks"
	"entrada/internal/flow/prove"
	"entrada/internal/guides"
)

const connectionTimes = 5

// measureConnection tests the connections of a vendor that asks for little and
// of one that asks for much, with somebody signed in.
func measureConnection(t *testing.T, tb *table) {
	o := newOrganisation(t)
	for _, id := range []string{"oxfordiq", "aurinko"} {
		g := guides.ByID(id)
		if g == nil {
			t.Fatalf("there is no guide %s", id)
		}
		app := o.register(g)
		subject := prove.Subject{Cloud: o.Cloud(), Guide: g, TenantID: o.Tenant, ClientID: app.clientID,
			Secret: app.secret, Features: g.DefaultFeatures()}
		session := o.signIn("megan", subject.SignInRequest(""))
		test := func() []checks.Check { return subject.Trial(o.app, session, prove.TrialOptions{}).Checks() }

		chain, last, inMailbox := o.longestChain(test())
		var times []time.Duration
		requests := 0
		for range connectionTimes {
			list := test()
			var results []checks.Result
			var took time.Duration
			took, requests = o.far(func() { results = checks.Run(t.Context(), list, nil) })
			if v := checks.Judge(results, subject.Context("")); !v.OK {
				t.Fatalf("%s: %s: %v", id, v.Headline, v.First)
			}
			times = append(times, took)
		}
		took := median(times)
		tb.ratio("testing a connection of "+g.Vendor+" ÷ its longest chain", 1.3,
			float64(took)/float64(time.Duration(chain)*latency),
			"%s ÷ %d × %s, up to “%s”; %d requests in all, %d of them in one mailbox, which takes four at once; "+
				"median of %d", ms(took), chain, latency, last, requests, inMailbox, connectionTimes)
	}
}

// longestChain runs the checks one by one and counts what each asks. A check
// asks one thing after the other, so the longest chain of requests that depend
// on each other is that of a check and of what it needs. inMailbox counts the
// requests of which only a few may be under way at once.
func (o *organisation) longestChain(list []checks.Check) (longest int, title string, inMailbox int) {
	o.T.Helper()
	length := map[checks.ID]int{}
	for _, c := range list {
		if c.Run == nil {
			continue
		}
		before, there := o.requests.Load(), o.personal.Load()
		if _, err := c.Run(o.T.Context()); err != nil {
			o.T.Fatalf("%s: %v", c.Title, err)
		}
		needed := 0
		for _, id := range c.Needs {
			needed = max(needed, length[id])
		}
		own := int(o.requests.Load() - before)
		length[c.ID] = needed + own
		inMailbox += int(o.personal.Load() - there)
		if length[c.ID] > longest {
			longest, title = length[c.ID], c.Title
		}
	}
	return longest, title, inMailbox
}
