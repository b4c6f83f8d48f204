package connections

import (
	"context"
	"path/filepath"
	"slices"

	"entrada/internal/fault"
	"entrada/internal/safefile"
)

// Report is what Reconcile found.
type Report struct {
	Missing  []Record // the keychain has no secret for these, or another one
	Finished []Record // an interrupted save was completed
	Deleted  int      // secrets that nobody knew of any more
}

// Reconcile compares the records with the keychain, and completes what an interrupted
// run began. It never prompts. If the keychain is locked or missing, it returns that
// fault and has read nothing. It skips a locked file with secrets, without an error.
func (s *Store) Reconcile(ctx context.Context) (Report, error) {
	ctx = WithoutPrompt(ctx)
	var report Report
	if err := s.Reload(); err != nil {
		return report, err
	}
	if records, unfinished := s.snapshot(); len(records)+len(unfinished) == 0 {
		return report, nil
	} else if usesKeychain(records, unfinished) {
		if err := s.keychain.Probe(ctx); err != nil {
			return report, err
		}
	}
	if err := s.finishAll(ctx, &report); err != nil {
		return report, err
	}
	records, _ := s.snapshot()
	for _, r := range records {
		if !r.SecretDeleted.IsZero() {
			continue // somebody deleted it on purpose
		}
		_, err := s.Secret(ctx, r.ID)
		switch {
		case fault.Is(err, fault.KeychainMissing, fault.KeychainCorrupt):
			r.SecretGone = true
			report.Missing = append(report.Missing, r)
		case fault.Is(err, fault.PassphraseNeeded):
		case err != nil:
			return report, err
		}
	}
	return report, nil
}

func usesKeychain(records []Record, unfinished []intent) bool {
	return slices.ContainsFunc(records, func(r Record) bool { return r.SecretIn == InKeychain }) ||
		slices.ContainsFunc(unfinished, func(n intent) bool { return !inFile(n.Account) })
}

func (s *Store) snapshot() ([]Record, []intent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.content.Records), slices.Clone(s.content.Unfinished)
}

func (s *Store) finishAll(ctx context.Context, report *Report) error {
	release, err := safefile.Lock(filepath.Join(s.dir, busyName))
	if fault.Is(err, fault.AlreadyRunning) {
		return nil // another Entrada is working on it
	}
	if err != nil {
		return err
	}
	defer release()
	if err := s.Reload(); err != nil {
		return err
	}
	records, unfinished := s.snapshot()
	for _, n := range unfinished {
		if err := s.finish(ctx, n, records, report); err != nil && !fault.Is(err, fault.PassphraseNeeded) {
			return err
		}
	}
	return nil
}

// finish completes one interrupted change. If the secret of a save arrived, it saves the
// record. Otherwise it deletes an item that no record refers to.
func (s *Store) finish(ctx context.Context, n intent, records []Record, report *Report) error {
	if n.Save != nil {
		v, err := s.keychain.Get(ctx, n.Account)
		if err != nil && !fault.Is(err, fault.KeychainMissing, fault.KeychainCorrupt) {
			return err
		}
		if err == nil && v.Fingerprint() == n.Save.SecretFingerprint {
			if err := s.record(ctx, *n.Save); err != nil {
				return err
			}
			report.Finished = append(report.Finished, n.Save.clone())
			return nil
		}
	}
	known := slices.ContainsFunc(records, func(r Record) bool { return r.account() == n.Account })
	if !known {
		if err := s.keychain.Delete(ctx, n.Account); err != nil {
			return err
		}
		if n.Save == nil {
			report.Deleted++
		}
	}
	return s.change(ctx, func(c *content) error { c.end(n.Account); return nil })
}
