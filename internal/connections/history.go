package connections

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"entrada/internal/fault"
	"entrada/internal/safefile"
)

const (
	historyName   = "history.json"
	historyFormat = "entrada-history"
	maxOutcomes   = 20 // kept of each connection
)

// Outcome is the result of one or more successive tests that said the same. It names
// nobody and holds no secret.
type Outcome struct {
	First    time.Time `json:"first"`
	Last     time.Time `json:"last"`
	Times    int       `json:"times"`
	Result   string    `json:"result"` // ResultOK, ResultFailed, ResultLooked or ResultReached
	Headline string    `json:"headline"`
	Culprit  string    `json:"culprit,omitempty"`
}

// Tested is one finished test to remember.
type Tested struct {
	ID          string // of the connection
	Fingerprint string // of the secret that was tested
	When        time.Time
	Result      string
	Headline    string
	Culprit     string // of the failure to begin with
	OnlyCulprit string // Culprit, where nothing else is wrong
	Light       bool   // nobody signed in and no mailbox was tried

	// Disproved are culprits that cannot be wrong, because the test came this far.
	Disproved []string
	// Continues: it continues the test that has just reached the app, and replaces that
	// outcome.
	Continues bool
}

// history lists the outcomes of each connection, the newest first. It has a file of its
// own: so the list of connections stays small, and damage to one leaves the other.
type history map[string][]Outcome

// History returns the outcomes of a connection's tests, the newest first. It may read
// a file.
func (s *Store) History(id string) []Outcome {
	s.mu.Lock()
	e, inSession := s.session[id]
	known, before := s.history, s.changes
	s.mu.Unlock()
	if inSession {
		return slices.Clone(e.history)
	}
	if known == nil {
		// A history that cannot be read counts as empty.
		known, _ = readHistory(s.dir)
		s.mu.Lock()
		if s.changes == before {
			s.history = known
		}
		s.mu.Unlock()
	}
	return slices.Clone(known[id])
}

// Remember notes the results of tests in the records and in the history, in one write.
// It leaves out a connection that was removed meanwhile or has another secret by now:
// the test says nothing about those.
func (s *Store) Remember(tests ...Tested) error {
	if len(tests) == 0 {
		return nil
	}
	var saved []Tested
	s.mu.Lock()
	for _, t := range tests {
		if e, ok := s.session[t.ID]; ok {
			e.history = withOutcome(begun(e.history, e.record), t)
			e.record.note(t)
			s.session[t.ID] = e
		} else {
			saved = append(saved, t)
		}
	}
	s.mu.Unlock()
	if len(saved) == 0 {
		return nil
	}
	return s.change(context.Background(), func(c *content) error {
		h, err := historyToChange(s.dir)
		if err != nil {
			return err
		}
		place := make(map[string]int, len(c.Records))
		for i, r := range c.Records {
			place[r.ID] = i
		}
		for id := range h {
			if _, ok := place[id]; !ok {
				delete(h, id)
			}
		}
		for _, t := range saved {
			i, ok := place[t.ID]
			if !ok || c.Records[i].SecretFingerprint != t.Fingerprint {
				continue
			}
			h[t.ID] = withOutcome(begun(h[t.ID], c.Records[i]), t)
			c.Records[i].note(t)
		}
		if err := historyFile(s.dir).Save(h); err != nil {
			return err
		}
		s.mu.Lock()
		s.history = h
		s.mu.Unlock()
		return nil
	})
}

// DisprovedBy reports whether the last failure cannot exist any more, if nothing is
// wrong with these culprits.
func (r *Record) DisprovedBy(culprits []string) bool {
	return r.LastResult == ResultFailed && r.LastCulprit != "" && slices.Contains(culprits, r.LastCulprit)
}

// note writes the result of a test into the record. A partial test says nothing about
// the rest: what it raises it also clears, and then what was known before holds again.
func (r *Record) note(t Tested) {
	when := t.When.UTC()
	switch {
	case t.Result == ResultFailed && t.Light:
		if r.Was == nil {
			r.Was = &Was{r.LastTested, r.LastResult, r.LastHeadline, r.LastCulprit, r.Partly}
		}
		r.LastTested, r.LastResult, r.Partly = when, t.Result, nil
		r.LastHeadline, r.LastCulprit = t.Headline, t.OnlyCulprit
		return
	case t.Result == ResultOK || t.Result == ResultFailed:
		r.LastTested, r.LastResult, r.Partly, r.Was = when, t.Result, nil, nil
		r.LastHeadline, r.LastCulprit = t.Headline, t.OnlyCulprit
		return
	}
	if w := r.Was; w != nil {
		r.LastTested, r.LastResult, r.LastHeadline, r.LastCulprit = w.Tested, w.Result, w.Headline, w.Culprit
		r.Partly, r.Was = w.Partly, nil
	}
	if r.DisprovedBy(t.Disproved) {
		r.LastTested, r.LastResult, r.LastHeadline, r.LastCulprit = when, "", t.Headline, ""
	}
	// A read-only test proves more than a later probe, which does not replace it.
	if r.Partly == nil || r.Partly.Result == t.Result || t.Result == ResultLooked {
		r.Partly = &Partly{When: when, Result: t.Result}
	}
}

// begun starts a history with the result in the record: that of the wizard's test, which
// ran before the connection was saved.
func begun(list []Outcome, r Record) []Outcome {
	if len(list) > 0 || r.LastTested.IsZero() || r.LastResult == "" {
		return list
	}
	when := r.LastTested.UTC().Truncate(time.Second)
	return []Outcome{{
		First: when, Last: when, Times: 1, Result: r.LastResult, Headline: r.LastHeadline, Culprit: r.LastCulprit,
	}}
}

// withOutcome adds a test to the front of the list, or to the newest outcome if that is
// the same. So a test that runs every night leaves one line, not twenty.
func withOutcome(list []Outcome, t Tested) []Outcome {
	when := t.When.UTC().Truncate(time.Second)
	if t.Continues && len(list) > 0 && list[0].Result == ResultReached {
		list = slices.Clone(list)
		if list[0].Times--; list[0].Times == 0 {
			list = list[1:]
		}
	}
	if len(list) > 0 && list[0].Result == t.Result && list[0].Headline == t.Headline && list[0].Culprit == t.Culprit {
		list = slices.Clone(list)
		list[0].Last = when
		list[0].Times++
		return list
	}
	list = slices.Insert(slices.Clone(list), 0, Outcome{when, when, 1, t.Result, t.Headline, t.Culprit})
	return list[:min(len(list), maxOutcomes)]
}

// forgetHistory removes the history of a connection. The caller holds the lock of the
// store's files.
func (s *Store) forgetHistory(id string) error {
	h, err := historyToChange(s.dir)
	if err != nil || len(h[id]) == 0 {
		return err
	}
	delete(h, id)
	s.mu.Lock()
	s.history = nil
	s.mu.Unlock()
	return historyFile(s.dir).Save(h)
}

// historyFile is the file with the histories in dir.
func historyFile(dir string) safefile.Document[history] {
	return safefile.Document[history]{
		Path: filepath.Join(dir, historyName), Format: historyFormat, Version: fileVersion, Max: maxFile,
		Op: "read the results of earlier tests", Legacy: fromVersion1[history](historyFormat),
		Valid: func(h history) bool { return h != nil },
	}
}

// readHistory returns an empty history if the file is damaged: nothing depends on it. It
// leaves the file of a newer Entrada alone.
func readHistory(dir string) (history, error) {
	h, err := historyFile(dir).Load()
	if fault.Is(err, fault.FileNotFound, fault.FileCorrupt) {
		return history{}, nil
	}
	return h, err
}

// historyToChange is readHistory before the file is written: a damaged one is set
// aside, not replaced.
func historyToChange(dir string) (history, error) {
	h, err := historyFile(dir).Load()
	switch {
	case fault.Is(err, fault.FileCorrupt):
		_, err = historyFile(dir).SetAside()
		return history{}, err
	case fault.Is(err, fault.FileNotFound):
		return history{}, nil
	}
	return h, err
}
