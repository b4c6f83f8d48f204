package connections

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"entrada/internal/fault"
)

func tested(r Record, days int, result, headline string) Tested {
	return Tested{ID: r.ID, Fingerprint: r.SecretFingerprint, When: day.AddDate(0, 0, days), Result: result,
		Headline: headline, Culprit: "consent"}
}

// TestHistoryIsKeptBesideTheRecord: both programs see it, equal results in a
// row are one line, and the list does not grow for ever.
func TestHistoryIsKeptBesideTheRecord(t *testing.T) {
	ctx, kc, dir := t.Context(), MemoryKeychain(), folder(t)
	window := open(t, dir, kc)
	r, err := window.Save(ctx, sample(0), firstSecret)
	must(t, err)
	cli := open(t, dir, kc)
	for n := range 3 {
		must(t, cli.Remember(tested(r, n, ResultOK, "Everything works")))
	}
	must(t, cli.Remember(tested(r, 3, ResultFailed, "One thing is wrong: the consent")))
	must(t, window.Reload())
	list := window.History(r.ID)
	if len(list) != 2 || list[0].Result != ResultFailed || list[1].Times != 3 || !list[1].First.Equal(day) ||
		!list[1].Last.Equal(day.AddDate(0, 0, 2)) {
		t.Fatalf("%+v", list)
	}
	if now, _ := window.Get(r.ID); now.LastResult != ResultFailed || !now.LastTested.Equal(day.AddDate(0, 0, 3)) {
		t.Errorf("%+v", now)
	}
	for n := range 50 {
		must(t, window.Remember(tested(r, 4+n, ResultFailed, fmt.Sprint("Thing ", n))))
	}
	if list := open(t, dir, kc).History(r.ID); len(list) != maxOutcomes || list[0].Headline != "Thing 49" {
		t.Errorf("%d outcomes, first %+v", len(list), list[0])
	}
	must(t, window.Remove(ctx, r.ID))
	raw, _ := os.ReadFile(filepath.Join(dir, historyName))
	if strings.Contains(string(raw), r.ID) {
		t.Error("what was removed left its history")
	}
}

// TestRememberChangesNothingElse: a test takes minutes, and meanwhile anything
// may have happened to the connection.
func TestRememberChangesNothingElse(t *testing.T) {
	ctx, kc, dir := t.Context(), MemoryKeychain(), folder(t)
	s := open(t, dir, kc)
	var saved []Record
	for n := range 3 {
		r, err := s.Save(ctx, sample(n), firstSecret)
		must(t, err)
		saved = append(saved, r)
	}
	other := open(t, dir, kc)
	must(t, other.Remove(ctx, saved[0].ID))
	renewed := saved[1]
	renewed.Name = "renamed"
	_, err := other.Save(ctx, renewed, secondSecret)
	must(t, err)
	for _, r := range saved {
		must(t, s.Remember(tested(r, 0, ResultFailed, "One thing is wrong: the client secret")))
	}
	if len(s.List()) != 2 {
		t.Error("a removed connection came back")
	}
	if r, _ := s.Get(saved[1].ID); r.LastResult != "" || r.Name != "renamed" || len(s.History(r.ID)) != 0 {
		t.Errorf("a test of the old secret was held against the new one: %+v", r)
	}
	if r, _ := s.Get(saved[2].ID); r.LastResult != ResultFailed {
		t.Errorf("%+v", r)
	}
}

func TestWhatReachingTheAppProves(t *testing.T) {
	r := Record{LastResult: ResultFailed, LastHeadline: "One thing is wrong", LastCulprit: "secret"}
	others := []string{"mailbox", "One thing is wrong", ""}
	r.note(Tested{Result: ResultReached, Headline: "works again", Disproved: others})
	if r.LastResult != ResultFailed {
		t.Error("reaching the app mended a mailbox")
	}
	r.note(Tested{Result: ResultReached, Headline: "works again", Disproved: []string{"consent", "secret"}, When: day})
	if r.LastResult != "" || r.LastCulprit != "" || r.LastHeadline != "works again" || !r.LastTested.Equal(day) {
		t.Errorf("%+v", r)
	}
	r.note(Tested{Result: ResultFailed, Headline: "2 things are wrong", Culprit: "secret"})
	if r.note(Tested{Result: ResultReached,
		Disproved: []string{"consent", "secret", ""}}); r.LastResult != ResultFailed {
		t.Error("reaching the app mended one thing of two")
	}
	r.note(Tested{Result: ResultFailed, Headline: "One thing", Culprit: "secret", OnlyCulprit: "secret"})
	if r.LastCulprit != "secret" {
		t.Errorf("%+v", r)
	}
	if r.note(Tested{Result: ResultOK}); r.LastCulprit != "" {
		t.Error("what works has a culprit")
	}
	r = Record{LastResult: ResultOK, LastTested: day}
	r.note(Tested{Result: ResultReached, When: day.AddDate(0, 0, 1)})
	if !r.LastTested.Equal(day) {
		t.Error("reaching the app counts as a whole test")
	}
}

// What went only a part of the way stands beside what was known, in words.
func TestWhatWasNotTriedIsSaid(t *testing.T) {
	on := func(when time.Time) string { return "on " + when.Format(time.DateOnly) }
	at := func(days int, result string) Tested { return Tested{Result: result, When: day.AddDate(0, 0, days)} }
	for want, tests := range map[string][]Tested{
		"not tested yet": nil,
		"the secret worked on 2026-11-20, nobody signed in": {at(0, ResultReached)},
		"reading worked on 2026-11-21, sending was not tried": {at(0, ResultReached),
			at(1, ResultLooked), at(2, ResultReached)},
		"worked on 2026-11-20": {at(-1, ResultLooked), at(0, ResultOK)},
		"worked on 2026-11-20; reading worked on 2026-11-21, sending was not tried": {at(0, ResultOK),
			at(1, ResultLooked)},
		"did not work on 2026-11-20: ; reading worked on 2026-11-21, sending was not tried": {at(0, ResultFailed),
			at(1, ResultLooked)},
	} {
		var r Record
		for _, tested := range tests {
			r.note(tested)
		}
		if got := r.TestWords(on); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestTheWizardsOwnTestIsWhereTheHistoryBegins: it was made before there was
// anything saved.
func TestTheWizardsOwnTestIsWhereTheHistoryBegins(t *testing.T) {
	s := open(t, folder(t), MemoryKeychain())
	r := sample(0)
	r.LastTested, r.LastResult, r.LastHeadline = day, ResultOK, "Everything works"
	r, err := s.Save(t.Context(), r, firstSecret)
	must(t, err)
	must(t, s.Remember(tested(r, 3, ResultFailed, "One thing is wrong: the consent")))
	if list := s.History(r.ID); len(list) != 2 || list[1].Result != ResultOK || !list[1].Last.Equal(day) {
		t.Errorf("%+v", list)
	}
}

// TestATestThatGoesOnIsOneTest: first the app is reached, then somebody signs in.
func TestATestThatGoesOnIsOneTest(t *testing.T) {
	whole := Tested{Result: ResultOK, Headline: "all", When: day, Continues: true}
	list := withOutcome(withOutcome(nil, Tested{Result: ResultReached, When: day}), whole)
	if len(list) != 1 || list[0].Result != ResultOK {
		t.Errorf("%+v", list)
	}
	nightly := withOutcome(withOutcome(nil, Tested{Result: ResultReached, When: day}),
		Tested{Result: ResultReached, When: day})
	list = withOutcome(nightly, whole)
	if len(list) != 2 || list[1].Times != 1 || nightly[0].Times != 2 {
		t.Errorf("%+v, %+v", list, nightly)
	}
}

func TestADamagedHistoryBeginsAnew(t *testing.T) {
	ctx, kc, dir := t.Context(), MemoryKeychain(), folder(t)
	s := open(t, dir, kc)
	r, err := s.Save(ctx, sample(0), firstSecret)
	must(t, err)
	path := filepath.Join(dir, historyName)
	for _, damage := range []string{"", "x", "{}", `{"format":"entrada-history","version":2,"sha256":"0","body":{}}`,
		"null"} {
		must(t, os.WriteFile(path, []byte(damage), 0o600))
		must(t, s.Reload())
		if got := s.History(r.ID); len(got) != 0 {
			t.Errorf("%q: %+v", damage, got)
		}
		must(t, s.Remember(tested(r, 0, ResultOK, "Everything works")))
		if got := open(t, dir, kc).History(r.ID); len(got) == 0 || got[0].Culprit != "consent" {
			t.Errorf("%q: %+v", damage, got)
		}
	}
	if aside := historyFile(dir).Aside(); len(aside) != 5 {
		t.Errorf("set aside: %q", aside)
	}
	newer := `{"format":"entrada-history","version":3,"more":[]}`
	must(t, os.WriteFile(path, []byte(newer), 0o600))
	wantKind(t, s.Remember(tested(r, 0, ResultOK, "Everything works")), fault.FileNewer)
	if raw, _ := os.ReadFile(path); string(raw) != newer {
		t.Error("the history of a newer Entrada was overwritten")
	}
}

func TestHistoryOfThisSessionStaysInMemory(t *testing.T) {
	dir := folder(t)
	s := open(t, dir, MemoryKeychain())
	r := s.KeepForSession(sample(0), firstSecret)
	must(t, s.Remember(tested(r, 0, ResultFailed, "One thing is wrong: the consent")))
	if got, _ := s.Get(r.ID); got.LastResult != ResultFailed || len(s.History(r.ID)) != 1 {
		t.Errorf("%+v", got)
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("something was written: %v", files)
	}
}

// TestHistoryOfAThousand: one write for all, quick to read, and two programs at
// once lose nothing.
func TestHistoryOfAThousand(t *testing.T) {
	dir := folder(t)
	c := content{}
	for n := range 1000 {
		r := sample(n)
		r.ID, r.ClientID = fmt.Sprintf("%016x", n), fmt.Sprint("client ", n)
		c.Records = append(c.Records, r)
	}
	must(t, recordsFile(dir).Save(c))
	a, b := open(t, dir, MemoryKeychain()), open(t, dir, MemoryKeychain())
	var all sync.WaitGroup
	for part, s := range []*Store{a, b} {
		all.Go(func() {
			var tests []Tested
			for _, r := range c.Records[part*500 : part*500+500] {
				tests = append(tests, tested(r, 0, ResultOK, "Everything works"))
			}
			if err := s.Remember(tests...); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	fresh := open(t, dir, MemoryKeychain())
	for _, r := range fresh.List() {
		if r.LastResult != ResultOK || len(fresh.History(r.ID)) != 1 {
			t.Fatalf("lost: %+v", r)
		}
	}
	began := time.Now()
	if _, err := readHistory(dir); err != nil {
		t.Fatal(err)
	}
	t.Logf("reading 1,000 histories took %v", time.Since(began))
}
