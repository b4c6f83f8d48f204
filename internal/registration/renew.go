package registration

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/guides"
	"entrada/internal/safefile"
	"entrada/internal/secret"
)

// RenewRequest says which secret to replace.
type RenewRequest struct {
	ClientID    string
	OldKeyID    string // the Secret ID of the one in use; "" keeps all that are there
	Description string
	Months      int
}

// Renewal is a secret that is being replaced. The old one works until
// [Engine.FinishRenewal] removes it. So the new one can be tested and handed over
// first.
type Renewal struct {
	RunID       string       `json:"run"`
	CloudID     string       `json:"cloud"`
	TenantID    string       `json:"tenant"`
	ClientID    string       `json:"client"`
	Description string       `json:"description"`
	OldKeyID    string       `json:"old"`
	NewKeyID    string       `json:"new,omitempty"`
	Kept        bool         `json:"kept"` // the new one is tested and stored
	Secret      secret.Value `json:"-"`
	End         time.Time    `json:"end"`
	Notes       []string     `json:"-"`

	path string
}

const renewalPrefix = "renewal-"

// Renew adds a new secret beside the old one.
func (e *Engine) Renew(ctx context.Context, r RenewRequest, waiting func(time.Duration)) (*Renewal, error) {
	switch {
	case !entra.IsGUID(r.ClientID):
		return nil, fault.Invalid("client ID", "This is not a client ID.")
	case r.OldKeyID != "" && !entra.IsGUID(r.OldKeyID):
		return nil, fault.Invalid("secret ID", "This is not the ID of a secret.")
	case r.Months < 1 || r.Months > 24:
		return nil, fault.Invalid("secret", "A client secret lasts from 1 to 24 months.")
	case !guides.IsPlain(r.Description) || len(r.Description) > 100:
		return nil, fault.Invalid(
			"description", "The description is too long or has characters that do not belong there.")
	}
	release, err := e.lock()
	if err != nil {
		return nil, err
	}
	defer release()
	a, err := e.Graph.ApplicationByClientID(ctx, r.ClientID)
	if err != nil {
		return nil, err
	}
	n := &Renewal{RunID: newRunID(), CloudID: e.Cloud.ID, TenantID: e.TenantID, ClientID: a.ClientID,
		Description: r.Description, OldKeyID: r.OldKeyID}
	n.path = filepath.Join(e.Folder, renewalPrefix+strings.ToLower(n.RunID)+".json")
	if err := safefile.Own(ownerOf(n.path)); err != nil {
		return nil, err
	}
	if err := n.save(); err != nil {
		return nil, err
	}
	m := secretMaker{e: e, app: a, name: secretName(r.Description, n.RunID), months: r.Months, waiting: waiting}
	password, value, err := m.make(ctx)
	if err != nil {
		if !outcomeUnknown(err) && ctx.Err() == nil {
			_ = n.forget() // refused: there is nothing to take back
		}
		return nil, err
	}
	n.NewKeyID, n.End, n.Secret, n.Notes = password.KeyID, password.End, value, m.notes
	return n, n.save()
}

// KeepRenewal notes that the new secret is tested and stored. Before that, a renewal
// counts as interrupted and has to be rolled back.
func (e *Engine) KeepRenewal(n *Renewal) error {
	n.Kept = true
	if err := n.save(); err != nil {
		return err
	}
	safefile.Disown(ownerOf(n.path))
	return nil
}

// FinishRenewal removes the old secret. Call it once the vendor uses the new one.
func (e *Engine) FinishRenewal(ctx context.Context, n *Renewal) error {
	if err := e.owns(n); err != nil {
		return err
	}
	if n.NewKeyID == "" || !n.Kept {
		// The old secret may be the only one whose value anybody has.
		return &fault.Error{Kind: fault.Misuse, Op: "finish the renewal", Detail: "the new secret was not stored"}
	}
	a, err := e.Graph.ApplicationByClientID(ctx, n.ClientID)
	if err != nil {
		return err
	}
	if !hasKey(a.Secrets, n.NewKeyID) {
		// Somebody removed the new one: then the old one must stay, and there is
		// nothing to finish or to roll back any more.
		n.Kept = false
		return errors.Join(&fault.Error{Kind: fault.GraphRefused, Op: "finish the renewal", Subject: a.DisplayName,
			Detail: "The new secret is no longer there, so the old one was left. Somebody may have deleted it. " +
				"Renew once more."}, n.forget())
	}
	if n.OldKeyID != "" && n.OldKeyID != n.NewKeyID && hasKey(a.Secrets, n.OldKeyID) {
		if err := e.removeSecret(ctx, a, n.OldKeyID); err != nil {
			return err
		}
	}
	return n.forget()
}

// RollBackRenewal removes the new secret; the old one still works. Call it also for a
// renewal that was interrupted before it was kept: the value of its secret is lost.
func (e *Engine) RollBackRenewal(ctx context.Context, n *Renewal) error {
	if err := e.owns(n); err != nil {
		return err
	}
	m := secretMaker{e: e, app: graph.Application{ClientID: n.ClientID}, name: secretName(n.Description, n.RunID)}
	if err := m.sweep(ctx); err != nil && !isStatus(err, 404) {
		return err
	}
	return n.forget()
}

func (e *Engine) owns(n *Renewal) error {
	if n.TenantID != e.TenantID || n.CloudID != e.Cloud.ID {
		return fault.Invalid("organisation", "This was done in another organisation.")
	}
	return safefile.Own(ownerOf(n.path))
}

// IsElsewhere reports whether another program that lives is at work on the renewal: it
// is not interrupted.
func (n *Renewal) IsElsewhere() bool { return safefile.IsOwnedElsewhere(ownerOf(n.path)) }

// Renewals lists the renewals that are not finished. If one is Kept, both secrets work
// until it is finished. Any other has to be rolled back.
func Renewals(folder string) ([]*Renewal, error) {
	return readAll(folder, renewalPrefix, readRenewal)
}

func readRenewal(path string) (*Renewal, error) {
	n, err := renewalAt(path).Load()
	if err != nil {
		return nil, err
	}
	n.path = path
	return &n, nil
}

func renewalAt(path string) safefile.Document[Renewal] {
	return safefile.Document[Renewal]{
		Path: path, Format: "entrada-renewal", Version: journalVersion, Max: maxJournal, AnyFolder: true,
		Op:     "read what was done",
		Valid:  Renewal.isSafe,
		Legacy: fromVersion1[Renewal],
	}
}

// isSafe checks what is sent to Graph.
func (n Renewal) isSafe() bool {
	return runIDPattern.MatchString(n.RunID) && entra.IsGUID(n.ClientID) && entra.IsGUID(n.TenantID) &&
		(n.OldKeyID == "" || entra.IsGUID(n.OldKeyID)) && (n.NewKeyID == "" || entra.IsGUID(n.NewKeyID))
}

func (n *Renewal) save() error { return renewalAt(n.path).Save(*n) }

func (n *Renewal) forget() error {
	if err := os.Remove(n.path); err != nil && !os.IsNotExist(err) {
		f := fault.New(fault.FileReadOnly, "forget what was done", err)
		f.Subject = n.path
		return f
	}
	safefile.Disown(ownerOf(n.path))
	return nil
}
