package app

import (
	"testing"
	"time"

	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/secret"
)

func TestStory(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.Local)
	type said struct {
		daysAgo int
		result  string
		culprit explain.Culprit
	}
	const ok, failed, reached, looked = connections.ResultOK, connections.ResultFailed, connections.ResultReached,
		connections.ResultLooked
	for name, c := range map[string]struct {
		said []said
		want string
	}{
		"never":      {nil, "Not tested yet."},
		"worked":     {[]said{{3, ok, ""}}, "Worked on Tuesday 17 November."},
		"a year ago": {[]said{{370, ok, ""}}, "Worked on 15 November 2025."},
		"today":      {[]said{{0, ok, ""}}, "Worked today at 09:00."},
		"taken back": {[]said{{3, ok, ""}, {0, failed, explain.Consent}},
			"Worked on Tuesday 17 November. Since then: consent was taken back."},
		"the same minute": {[]said{{0, ok, ""}, {0, failed, explain.Consent}},
			"Worked today at 09:00. Since then: consent was taken back."},
		"never worked": {[]said{{2, failed, explain.Secret}}, "Did not work on Wednesday 18 November: Headline."},
		"mended":       {[]said{{5, failed, explain.Secret}, {3, ok, ""}}, "Worked on Tuesday 17 November."},
		"only reached": {[]said{{1, reached, ""}},
			"Organisation, app and secret were right yesterday at 09:00. Nobody has signed in for a test yet."},
		"worked, reached": {[]said{{3, ok, ""}, {1, reached, ""}},
			"Worked on Tuesday 17 November. Organisation, app and secret were right yesterday at 09:00."},
		"failed, reached": {[]said{{3, failed, explain.Mailbox}, {1, reached, ""}},
			"Did not work on Tuesday 17 November: Headline. Organisation, app and secret were right yesterday " +
				"at 09:00."},
		"reached, failed": {[]said{{3, reached, ""}, {1, failed, explain.Mailbox}},
			"Did not work yesterday at 09:00: Headline."},
		"only looked": {[]said{{1, looked, ""}},
			"Sign-in and reading worked yesterday at 09:00; sending and creating were not tried."},
		"worked, looked": {[]said{{3, ok, ""}, {2, reached, ""}, {1, looked, ""}},
			"Worked on Tuesday 17 November. Sign-in and reading worked yesterday at 09:00; sending and creating " +
				"were not tried."},
		"looked, worked": {[]said{{3, looked, ""}, {1, ok, ""}}, "Worked yesterday at 09:00."},
		"failed otherwise": {[]said{{3, ok, ""}, {1, failed, "of a newer Entrada"}},
			"Worked on Tuesday 17 November. Since then: Headline."},
	} {
		store, err := connections.Open(t.TempDir(), connections.MemoryKeychain())
		if err != nil {
			t.Fatal(err)
		}
		r := store.KeepForSession(connections.Record{Name: "A", ClientID: "c"}, secret.New("a-secret-of-some-length"))
		for _, s := range c.said {
			if err := store.Remember(
				connections.Tested{ID: r.ID, When: now.AddDate(0, 0, -s.daysAgo), Result: s.result,
					Headline: "Headline", Culprit: string(s.culprit)}); err != nil {
				t.Fatal(err)
			}
		}
		w := App{Connections: store, Now: func() time.Time { return now }}
		if got := w.Story(r); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func newApp(t *testing.T) App {
	t.Helper()
	home := t.TempDir()
	store, err := connections.Open(home, connections.MemoryKeychain())
	if err != nil {
		t.Fatal(err)
	}
	return App{Cloud: entra.Global(), Connections: store, Home: home, Version: "test",
		Now: func() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }}
}
