package deliver

import (
	"bytes"
	"context"
	"strings"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/flow/prove"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/safefile"
	"entrada/internal/secret"
)

// Received is a hand-over that somebody opened: the other end of the journey.
// Nothing of it is kept until [Received.Keep].
type Received struct {
	Package handover.Package
	app     app.App
}

// ReadHandOver reads a file and says what it asks for. A file that is no
// settings file, or too large, is refused without reading it to its end.
func ReadHandOver(path string) ([]byte, handover.Key, error) {
	data, err := safefile.Read(path, handover.MaxFile)
	if err != nil {
		return nil, handover.KeyNone, err
	}
	key, err := handover.KeyOf(data)
	return data, key, err
}

// OpenExported opens what was exported in any form, also one that is no
// hand-over. byKey says that it opens with a key file alone.
func OpenExported(path string, passphrase secret.Value) (p handover.Package, byKey bool, err error) {
	data, err := safefile.Read(path, handover.MaxFile)
	if err != nil {
		return p, false, err
	}
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) && handover.LooksLikeEnv(data) {
		p, err = handover.OpenEnv(data)
		return p, false, err
	}
	if key, err := handover.KeyOf(data); err == nil && key == handover.KeyIdentity {
		return p, true, nil
	}
	p, err = handover.Open(data, passphrase)
	return p, false, err
}

// Receive takes a package that was opened.
func Receive(a app.App, p handover.Package) Received { return Received{p, a} }

// HasSecret reports whether the client secret came with it.
func (r Received) HasSecret() bool { return !r.Package.ClientSecret.IsEmpty() }

// Elsewhere is why this connection cannot be asked about here, as an error of
// kind InvalidInput: a secret of a real organisation is not sent to the
// practice organisation, nor the other way round.
func (r Received) Elsewhere() error {
	const what = "hand-over"
	id := r.Package.CloudID
	practice := id == entra.PracticeCloudID
	switch {
	case id == "" || r.Package.TenantID == "" || r.Package.ClientID == "":
		return fault.Invalid(what,
			"It does not say which organisation or which app it belongs to, so it cannot be tested or kept.")
	case practice && !r.app.Cloud.IsPractice():
		return fault.Invalid(what, "It comes from a practice organisation. Open it while you practise.")
	case !practice && r.app.Cloud.IsPractice():
		return fault.Invalid(what, "It belongs to a real organisation. Open it in Entrada without practising.")
	}
	return nil
}

// Guide is the vendor's guide, nil if this Entrada does not know the vendor.
func (r Received) Guide() *guides.Guide { return r.app.GuideByID(r.Package.VendorID) }

// Record is the connection as it would be saved.
func (r Received) Record() connections.Record {
	p := r.Package
	rec := connections.Record{
		Name: strings.Trim(p.VendorName+" · "+p.TenantDomain, " ·"), VendorID: p.VendorID, VendorName: p.VendorName,
		CloudID: p.CloudID, TenantID: p.TenantID, TenantDomain: p.TenantDomain, ClientID: p.ClientID,
		SecretExpires: p.SecretExpires,
	}
	g := r.Guide()
	if g == nil {
		return rec
	}
	rec.Inputs = map[string]string{}
	byLabel := map[string]string{}
	for _, f := range p.Fields {
		byLabel[f.Label] = f.Value
	}
	for _, f := range g.Fields {
		switch f.From {
		case guides.FromInput:
			rec.Inputs[f.Input] = byLabel[f.Label]
		case guides.FromSecretID:
			rec.SecretID = byLabel[f.Label]
		}
	}
	rec.RedirectURIs = g.RedirectURLs(rec.Inputs)
	rec.Features = r.features(g)
	return rec
}

// features are those whose permissions all came along.
func (r Received) features(g *guides.Guide) []string {
	there := map[string]bool{}
	for _, p := range r.Package.Permissions {
		there[p.Name] = true
	}
	list := []string{}
	for _, f := range g.Features {
		all := len(f.Grants) > 0
		for _, name := range f.Grants {
			all = all && there[name]
		}
		if all {
			list = append(list, f.ID)
		}
	}
	return list
}

// Subject is what a test tries out. Without the vendor's guide that is what the
// permissions in the file allow.
func (r Received) Subject() prove.Subject {
	rec := r.Record()
	if s, ok := prove.FromRecord(r.app, rec, r.Package.ClientSecret); ok {
		return s
	}
	s := prove.Plain(r.app, rec, r.Package.ClientSecret)
	if g := prove.GuideIn(r.Package); g != nil {
		s.Guide, s.Features = g, g.DefaultFeatures()
	}
	return s
}

// Saved is the connection that keeping this one would replace the secret of.
func (r Received) Saved() (connections.Record, bool) {
	for _, c := range r.app.Connections.List() {
		if c.TenantID == r.Package.TenantID && c.ClientID == r.Package.ClientID && c.CloudID == r.Package.CloudID {
			return c, true
		}
	}
	return connections.Record{}, false
}

// Replaces is the saved connection whose secret is another one than that of
// the file, so that keeping the file would lose it: to be asked about first.
func (r Received) Replaces() (connections.Record, bool) {
	old, saved := r.Saved()
	return old, saved && old.SecretFingerprint != r.Package.ClientSecret.Fingerprint()
}

// Keep saves it as a connection of this computer. One that is already there gets
// the secret and keeps its name and history, unless it is kept for the session.
func (r Received) Keep(ctx context.Context, to Place) (connections.Record, error) {
	if err := r.Elsewhere(); err != nil {
		return connections.Record{}, err
	}
	if !r.HasSecret() {
		return connections.Record{},
			fault.Invalid("hand-over",
				"There is no secret in this file, so there is nothing to keep safe. Ask for the encrypted one.")
	}
	rec := r.Record()
	if old, ok := r.Saved(); ok && !old.SessionOnly && !to.Session {
		old.SecretExpires, old.ExpiryTyped, old.SecretID = rec.SecretExpires, false, rec.SecretID
		rec = old
	}
	return Keep(ctx, r.app, rec, r.Package.ClientSecret, to)
}

// ReadKeyFile reads the reader's own key: readable, or behind a passphrase.
func ReadKeyFile(path string) (handover.KeyFile, error) {
	data, err := safefile.Read(path, handover.MaxKeyFile)
	if fault.Is(err, fault.FileTooLarge) {
		return handover.KeyFile{}, fault.Invalid("key file", "This file is too large for a key file.")
	}
	if err != nil {
		return handover.KeyFile{}, err
	}
	return handover.NewKeyFile(data)
}

// HandOverKey is what opens a hand-over: the passphrase of the file, or the
// reader's own key with the passphrase of that key file, if it has one. A key
// file that is named is used, whatever the hand-over asks for.
type HandOverKey struct {
	Passphrase secret.Value
	KeyFile    string // its path; "" for none
}

// OpenHandOver decrypts what was read. What is wrong with the key file, or does
// not fit it, is an error of kind InvalidInput; a wrong passphrase, of the file
// or of the key file, is WrongPassphrase.
func OpenHandOver(data []byte, key HandOverKey) (handover.Package, error) {
	if key.KeyFile == "" {
		return handover.Open(data, key.Passphrase)
	}
	k, err := ReadKeyFile(key.KeyFile)
	if err == nil {
		k, err = k.Unlock(key.Passphrase)
	}
	if err != nil {
		return handover.Package{}, err
	}
	return handover.OpenWithKeyFile(data, k)
}
