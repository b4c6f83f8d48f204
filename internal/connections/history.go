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

// Outcome is what tests said of a connection, one after the other with the same
// words. It names nobody and holds nothing that is secret.
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

	// Disproved are culprits that nothing can be wrong with, as the test came as far
	// as it did.
	Disproved []string
	// Continues: it is the same test that reached the app a moment ago, and
	// takes the place of that outcome.
	Continues bool
}

// history lists the outcomes of each connection, the newest first. It lies in a
// file of its own: the list of connections stays small and quick to read, and
// what damages the one leaves the other.
type history map[string][]Outcome

// History returns what tests said of a connection, the newest first. It may
// read a file.
func (s *Store) History(id string) []Outcome {
	s.mu.Lock()
	e, inSession := s.session[id]
	known, before := s.history, s.changes
	s.mu.Unlock()
	if inSession {
		return slices.Clone(e.history)
	}
	if known == nil {
		// A history that cannot be read is as good as none.
		known, _ = readHistory(s.dir)
		s.mu.Lock()
		if s.changes == before {
			s.history = known
		}
		s.mu.Unlock()
	}
	return slices.Clone(known[id])
}

// Remember notes what tests said, many at once in one write: in the records,
// and in the history. A connection that was removed meanwhile, or has another
// secret by now, is left out: the test says nothing of what is there.
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

// DisprovedBy reports whether the last failure cannot be any more, given culprits
// that nothing is wrong with.
func (r *Record) DisprovedBy(culprits []string) bool {
	return r.LastResult == ResultFailed && r.LastCulprit != "" && slices.Contains(culprits, r.LastCulprit)
}

// note puts what a test said into the record. One that went only a part of the
// way says nothing of the rest: it takes back what it disproves, and stands
// beside what was known.
func (r *Record) note(t Tested) {
	switch {
	case t.Result == ResultOK || t.Result == ResultFailed:
		r.LastTested, r.LastResult, r.LastHeadline, r.LastCulprit, r.Partly = t.When.UTC(), t.Result, t.Headline, t.OnlyCulprit, nil
		return
	case r.DisprovedBy(t.Disproved):
		r.LastTested, r.LastResult, r.LastHeadline, r.LastCulprit = t.When.UTC(), "", t.Headline, ""
	}
	// A look proves more than a probe a night later, which does not replace it.
	if r.Partly == nil || r.Partly.Result == t.Result || t.Result == ResultLooked {
		r.Partly = &Partly{When: t.When.UTC(), Result: t.Result}
	}
}

// begun begins a history with what the record knows: the wizard's own test, which
// was made before there was a connection to remember it for.
func begun(list []Outcome, r Record) []Outcome {
	if len(list) > 0 || r.LastTested.IsZero() || r.LastResult == "" {
		return list
	}
	when := r.LastTested.UTC().Truncate(time.Second)
	return []Outcome{{First: when, Last: when, Times: 1, Result: r.LastResult, Headline: r.LastHeadline, Culprit: r.LastCulprit}}
}

// withOutcome puts a test in front of those before it, or into the newest if it
// says the same: a test that runs every night leaves one line, not twenty.
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

// forgetHistory drops what is known of a connection. The lock of the store's
// files is held.
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

// readHistory begins anew where the file is damaged: nothing depends on it. The
// file of a newer Entrada stays untouched.
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
