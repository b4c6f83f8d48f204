package app

import (
	"path/filepath"
	"strings"

	"entrada/internal/connections"
	"entrada/internal/registration"
)

// A registration that was interrupted is gone on with, and then a new secret
// takes the place of the one that it made, whose value is lost. It is not lost
// once it is in a connection, or in a file for the vendor: what follows keeps
// such a secret from being replaced, at whatever moment the program ends.

// registrations is the folder with the notes of what was registered.
func (a App) registrations() string { return filepath.Join(a.Home, "registrations") }

// KeepRegistration says that the secret of a connection is stored, or is about to
// leave for the vendor, so that no later try replaces it. A connection that was
// not registered here has nothing to mark.
func (a App) KeepRegistration(r connections.Record) error {
	// A run that cannot be read cannot be gone on with either.
	runs, _ := registration.Journals(a.registrations())
	for _, run := range runs {
		if run.State != registration.RunOpen || !madeSecretOf(run, r) {
			continue
		}
		e := registration.Engine{Folder: a.registrations()}
		if err := e.Keep(run.Plan.RunID); err != nil {
			return err
		}
	}
	return nil
}

// Renewals finds what became of renewals of a connection's secret: kept is one
// whose old secret still works, nil if there is none; lost are those whose new
// secret nobody has, because the program ended before it was saved. They are to
// be rolled back before another one is made.
func (a App) Renewals(r connections.Record) (kept *registration.Renewal, lost []*registration.Renewal) {
	// One that cannot be read can be removed in the portal alone.
	list, _ := registration.Renewals(a.registrations())
	for _, n := range list {
		if n.CloudID != r.CloudID || n.TenantID != r.TenantID || !strings.EqualFold(n.ClientID, r.ClientID) ||
			n.IsElsewhere() {
			continue
		}
		// Saved, and the program ended before that was noted. Should noting it
		// fail, the next look does it.
		if !n.Kept && n.NewKeyID != "" && strings.EqualFold(n.NewKeyID, r.SecretID) && !r.SessionOnly {
			_ = (&registration.Engine{Folder: a.registrations()}).KeepRenewal(n)
		}
		if n.Kept {
			kept = n
		} else {
			lost = append(lost, n)
		}
	}
	return kept, lost
}

// madeSecretOf reports whether the secret of a connection is the one that a run
// made last.
func madeSecretOf(run *registration.Journal, r connections.Record) bool {
	return run.SecretID() != "" && strings.EqualFold(run.SecretID(), r.SecretID) &&
		strings.EqualFold(run.ClientID, r.ClientID) &&
		run.Plan.TenantID == r.TenantID && run.Plan.CloudID == r.CloudID
}

// holdsSecretOf reports whether a connection has the secret that an open run
// made. The program has then ended after the connection was saved and before the
// run was marked, which is made good; a connection for this session alone leaves
// no such mark, for its secret is lost with the session.
func (a App) holdsSecretOf(run *registration.Journal) bool {
	for _, r := range a.Connections.List() {
		if !madeSecretOf(run, r) {
			continue
		}
		if !r.SessionOnly {
			// Should this fail, the next look does it.
			_ = a.KeepRegistration(r)
		}
		return true
	}
	return false
}
