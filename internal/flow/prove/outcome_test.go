package prove

import (
	"testing"
	"time"

	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/secret"
)

// TestWhatATestSaysOfAConnection: no network is not a broken connection, and a
// probe proves no more than it asked.
func TestWhatATestSaysOfAConnection(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		before  string
		culprit explain.Culprit
		v       checks.Verdict
		whole   bool
		after   string
		said    bool
	}{
		"no network": {before: connections.ResultOK, v: checks.Verdict{Culprit: explain.Network},
			after: connections.ResultOK},
		"Microsoft is down": {v: checks.Verdict{Culprit: explain.Microsoft}},
		"a wrong secret": {before: connections.ResultOK, v: checks.Verdict{Culprit: explain.Secret},
			after: connections.ResultFailed, said: true},
		"the probe passed": {before: connections.ResultOK, v: checks.Verdict{OK: true},
			after: connections.ResultOK, said: true},
		"never tested, only probed": {v: checks.Verdict{OK: true}, said: true},
		"the secret was mended": {before: connections.ResultFailed, culprit: explain.Secret,
			v: checks.Verdict{OK: true}, said: true},
		"a mailbox was the culprit": {before: connections.ResultFailed, culprit: explain.Mailbox,
			v: checks.Verdict{OK: true}, after: connections.ResultFailed, said: true},
		"signed in": {before: connections.ResultFailed, v: checks.Verdict{OK: true}, whole: true,
			after: connections.ResultOK, said: true},
		"only looked": {before: connections.ResultOK, v: checks.Verdict{OK: true, LookedOnly: true},
			whole: true, after: connections.ResultOK, said: true},
		"looked after consent": {before: connections.ResultFailed, culprit: explain.Consent,
			v: checks.Verdict{OK: true, LookedOnly: true}, whole: true, said: true},
		"looked, not sent": {before: connections.ResultFailed, culprit: explain.Mailbox,
			v: checks.Verdict{OK: true, LookedOnly: true}, whole: true, after: connections.ResultFailed, said: true},
		"never tested, only looked": {v: checks.Verdict{OK: true, LookedOnly: true}, whole: true, said: true},
		"cancelled": {before: connections.ResultOK, v: checks.Verdict{Cancelled: true},
			after: connections.ResultOK},
	} {
		store, err := connections.Open(t.TempDir(), connections.MemoryKeychain())
		if err != nil {
			t.Fatal(err)
		}
		r, err := store.Save(t.Context(),
			connections.Record{Name: "A", ClientID: "c", LastResult: c.before, LastHeadline: "Whatever it says",
				LastCulprit: string(c.culprit)}, secret.New("a-secret-of-some-length"))
		if err != nil {
			t.Fatal(err)
		}
		said, ok := tested(r, c.v, c.whole, now)
		if ok != c.said {
			t.Errorf("%s: it says something: %v", name, ok)
			continue
		}
		if ok {
			if err := store.Remember(said); err != nil {
				t.Fatal(err)
			}
		}
		if r, _ = store.Get(r.ID); r.LastResult != c.after {
			t.Errorf("%s: %q", name, r.LastResult)
		}
	}
}
