package connections

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"entrada/internal/fault"
	"entrada/internal/safefile"
	"entrada/internal/secret"
)

// Save stores the secret where the record says, checks that it is there, and then saves
// the record. It returns the saved record. If the keychain refuses the secret, Save
// saves nothing and returns the fault: the caller then offers KeepForSession and
// SaveBehindPassphrase. A registration that is already saved keeps its ID.
func (s *Store) Save(ctx context.Context, r Record, v secret.Value) (Record, error) {
	const op = "save the connection"
	if v.IsEmpty() || r.ClientID == "" {
		return Record{}, &fault.Error{Kind: fault.Misuse, Op: op, Detail: "no client ID or no secret"}
	}
	if holds(r, v) {
		return Record{}, &fault.Error{Kind: fault.Misuse, Op: op, Detail: "a secret in a field that is saved readable"}
	}
	release, err := s.alone(ctx)
	if err != nil {
		return Record{}, err
	}
	defer release()
	account := r.account()
	var replaced *Record // the record that this one takes the place of
	err = s.change(ctx, func(c *content) error {
		same := slices.IndexFunc(c.Records, func(o Record) bool { return o.registration() == r.registration() })
		if r.ID == "" && same >= 0 {
			r.ID = c.Records[same].ID
			r.Created = c.Records[same].Created
		} else if same >= 0 && c.Records[same].ID != r.ID {
			return fault.Invalid("connection", "This registration is already saved as “"+c.Records[same].Name+"”.")
		}
		if i := indexOf(c.Records, r.ID); i >= 0 {
			old := c.Records[i]
			replaced = &old
		}
		s.mu.Lock()
		r = s.complete(r, v)
		s.mu.Unlock()
		c.begin(intent{Account: account, Save: &r})
		return nil
	})
	if err != nil {
		return Record{}, err
	}
	s.at("noted")

	if err := s.keychain.Set(ctx, account, v); err != nil {
		s.takeBack(ctx, account, replaced, err)
		return Record{}, err
	}
	s.at("stored")

	err = s.record(ctx, r)
	if err != nil {
		return Record{}, err // the note stays: Reconcile completes it
	}
	s.mu.Lock()
	delete(s.session, r.ID)
	delete(s.gone, r.ID)
	s.mu.Unlock()
	return r, nil
}

// SaveBehindPassphrase is Save for a computer without a keychain: the secret goes into
// the file behind a passphrase. An existing file must have the same passphrase. For a new
// file, the caller has checked how strong it is.
func (s *Store) SaveBehindPassphrase(ctx context.Context, r Record, v, passphrase secret.Value) (Record, error) {
	if err := s.Unlock(passphrase); err != nil {
		return Record{}, err
	}
	r.SecretIn = InFile // from here on a file that is open needs no passphrase
	return s.Save(ctx, r, v)
}

// Unlock takes the passphrase of the file with secrets until the program ends. A wrong
// one is fault.WrongPassphrase.
func (s *Store) Unlock(passphrase secret.Value) error { return s.keychain.file.unlock(passphrase) }

// AskPassphrase sets the function that asks the person for the passphrase when a secret
// is needed and the file is locked. Without one, the error is fault.PassphraseNeeded.
func (s *Store) AskPassphrase(ask Asker) { s.keychain.ask = ask }

// PassphraseFile tells where the file with secrets lies, whether it is there,
// and whether it still waits for its passphrase.
func (s *Store) PassphraseFile() (path string, exists, locked bool) {
	f := s.keychain.file
	return f.path, f.exists(), f.locked()
}

// Probe tells without any prompt whether secrets can be put into the keychain;
// see Keychain.
func (s *Store) Probe(ctx context.Context) error { return s.keychain.Probe(ctx) }

// record completes a save whose secret is in the keychain. It saves the record, and
// deletes the secret of another registration that the record had before.
func (s *Store) record(ctx context.Context, r Record) error {
	abandoned := ""
	err := s.change(ctx, func(c *content) error {
		if i := indexOf(c.Records, r.ID); i >= 0 && c.Records[i].account() != r.account() {
			abandoned = c.Records[i].account()
			c.begin(intent{Account: abandoned})
		}
		c.put(r)
		c.end(r.account())
		return nil
	})
	if err != nil {
		return err
	}
	s.at("recorded")
	if abandoned != "" && s.keychain.Delete(ctx, abandoned) == nil {
		// If it cannot be deleted, the note stays, and Reconcile tries again.
		_ = s.change(ctx, func(c *content) error { c.end(abandoned); return nil })
	}
	return nil
}

// takeBack removes the note of a save that the keychain refused. A call that was given
// up may still succeed. Then the note becomes one to delete the item, unless the item
// belongs to an earlier record.
func (s *Store) takeBack(ctx context.Context, account string, replaced *Record, cause error) {
	doubtful := fault.Is(cause, fault.KeychainTimedOut, fault.Cancelled)
	_ = s.change(ctx, func(c *content) error {
		c.end(account)
		if doubtful && (replaced == nil || replaced.account() != account) {
			c.begin(intent{Account: account})
		}
		return nil
	})
}

// Secret returns a connection's secret. If the keychain has none, or another
// than was saved, the error is fault.KeychainMissing or fault.KeychainCorrupt
// and the record is marked.
func (s *Store) Secret(ctx context.Context, id string) (secret.Value, error) {
	const op = "get the connection's secret"
	s.mu.Lock()
	e, inSession := s.session[id]
	i := s.index(id)
	var r Record
	if i >= 0 {
		r = s.content.Records[i]
	}
	s.mu.Unlock()
	if inSession {
		return e.secret, nil
	}
	if i < 0 {
		return secret.Value{}, fault.Invalid("connection", "This connection was removed meanwhile.")
	}
	if !r.SecretDeleted.IsZero() {
		return secret.Value{}, errDeletedHere(r)
	}
	v, err := s.keychain.Get(ctx, r.account())
	if err == nil && r.SecretFingerprint != "" && v.Fingerprint() != r.SecretFingerprint {
		err = &fault.Error{Kind: fault.KeychainCorrupt, Op: op, Subject: r.Name,
			Detail: "The keychain holds another secret than the one that was saved here."}
	}
	switch {
	case fault.Is(err, fault.KeychainMissing, fault.KeychainCorrupt):
		s.setGone(id, true)
		return secret.Value{}, err
	case err != nil:
		return secret.Value{}, err
	}
	s.setGone(id, false)
	return v, nil
}

// SecretsAtHand reads the secrets of many connections together, where the keychain does
// that faster than one by one. It never prompts. For a secret that it leaves out, call
// [Store.Secret]. Its error is the one that Secret would return for each.
func (s *Store) SecretsAtHand(ctx context.Context, ids []string) (map[string]secret.Value, error) {
	var wanted []Record
	var accounts []string
	s.mu.Lock()
	for _, id := range ids {
		_, inSession := s.session[id]
		if i := s.index(id); i >= 0 && !inSession && s.content.Records[i].SecretDeleted.IsZero() &&
			!inFile(s.content.Records[i].account()) {
			wanted = append(wanted, s.content.Records[i])
			accounts = append(accounts, s.content.Records[i].account())
		}
	}
	s.mu.Unlock()
	read, err := s.keychain.GetMany(ctx, accounts)
	if err != nil {
		return nil, err
	}
	byID := map[string]secret.Value{}
	for _, r := range wanted {
		v, ok := read[r.account()]
		if ok && (r.SecretFingerprint == "" || v.Fingerprint() == r.SecretFingerprint) {
			byID[r.ID] = v
			s.setGone(r.ID, false)
		}
	}
	return byID, nil
}

// Remove deletes a connection and its secret. If there is no keychain now, or the secret
// lies in a locked file, Remove deletes the connection alone and returns a fault: a later
// Reconcile deletes the secret. On any other fault it removes nothing.
func (s *Store) Remove(ctx context.Context, id string) error {
	s.mu.Lock()
	if _, ok := s.session[id]; ok {
		delete(s.session, id)
		s.mu.Unlock()
		return nil
	}
	i := s.index(id)
	if i < 0 {
		s.mu.Unlock()
		return nil
	}
	r := s.content.Records[i]
	s.mu.Unlock()

	release, err := s.alone(ctx)
	if err != nil {
		return err
	}
	defer release()
	err = s.keychain.Delete(ctx, r.account())
	if fault.Is(err, fault.PassphraseNeeded) && s.lastInFile(r.account()) {
		err = s.keychain.file.destroy()
	}
	noKeychain := fault.Is(err, fault.KeychainUnavailable, fault.PassphraseNeeded)
	if err != nil && !noKeychain {
		return err
	}
	s.at("deleted")
	if fileErr := s.change(ctx, func(c *content) error {
		c.drop(id)
		c.end(r.account())
		_ = s.forgetHistory(id) // Remember drops it later if this fails
		if noKeychain {
			c.begin(intent{Account: r.account()})
		}
		return nil
	}); fileErr != nil {
		return fileErr
	}
	s.setGone(id, false)
	if noKeychain {
		f := &fault.Error{Kind: fault.KindOf(err), Op: "remove the connection", Subject: r.Name, Err: err,
			Detail: "The connection is gone from the list. Its secret will be deleted when the keychain answers again."}
		if f.Kind == fault.PassphraseNeeded {
			f.Detail = "The connection is gone from the list. Its secret will be deleted when you next type the " +
				"passphrase of your secrets."
		}
		return f
	}
	return nil
}

// lastInFile reports whether the file with secrets holds no other known account.
func (s *Store) lastInFile(account string) bool {
	records, unfinished := s.snapshot()
	return !slices.ContainsFunc(
		records, func(r Record) bool { return r.SecretIn == InFile && r.account() != account }) &&
		!slices.ContainsFunc(
			unfinished, func(n intent) bool { return n.Save != nil && inFile(n.Account) && n.Account != account })
}

// RemoveEverything deletes all connections, all their secrets and every file of this
// package. If the keychain does not delete a secret, its connection stays in the list, and
// the first fault is returned.
func (s *Store) RemoveEverything(ctx context.Context) error {
	release, err := s.alone(ctx)
	if err != nil {
		return err
	}
	err = s.forgetAll(ctx)
	release()
	if err != nil {
		return err
	}
	_ = safefile.Sweep(s.dir)
	return removeFiles(s.dir)
}

func (s *Store) forgetAll(ctx context.Context) error {
	if err := s.Reload(); err != nil {
		return err
	}
	s.mu.Lock()
	clear(s.session)
	accounts := map[string]bool{}
	for _, r := range s.content.Records {
		accounts[r.account()] = true
	}
	for _, n := range s.content.Unfinished {
		accounts[n.Account] = true
	}
	s.mu.Unlock()

	var first error
	if first = s.keychain.file.destroy(); first == nil {
		maps.DeleteFunc(accounts, func(account string, _ bool) bool { return inFile(account) })
	}
	for account := range accounts {
		if first != nil {
			break // the others would fail in the same way, each after a timeout
		}
		if first = s.keychain.Delete(ctx, account); first == nil {
			delete(accounts, account)
		}
	}
	err := s.change(ctx, func(c *content) error {
		c.Records = slices.DeleteFunc(c.Records, func(r Record) bool { return !accounts[r.account()] })
		c.Unfinished = slices.DeleteFunc(c.Unfinished, func(n intent) bool { return !accounts[n.Account] })
		return nil
	})
	if first != nil {
		return first
	}
	return err
}

// Stored names what lies on this computer: files, and those items in the keychain that
// the list knows. It does not ask the keychain.
func (s *Store) Stored() (items, files []string) {
	records, unfinished := s.snapshot()
	accounts := map[string]bool{}
	for _, r := range records {
		accounts[r.account()] = true
	}
	for _, n := range unfinished {
		accounts[n.Account] = true
	}
	maps.DeleteFunc(accounts, func(account string, _ bool) bool { return inFile(account) })
	entries, _ := os.ReadDir(s.dir)
	for _, e := range entries {
		if isOurs(e.Name()) {
			files = append(files, e.Name())
		}
	}
	return slices.Sorted(maps.Keys(accounts)), files
}

// Beside opens the connections in another folder, with the same keychain.
func (s *Store) Beside(dir string) (*Store, error) { return Open(dir, s.keychain.Keychain) }

// alone waits until no other Entrada is changing the keychain.
func (s *Store) alone(ctx context.Context) (release func(), err error) {
	return safefile.LockWait(ctx, filepath.Join(s.dir, busyName))
}

func (c *content) begin(n intent) {
	c.end(n.Account)
	c.Unfinished = append(c.Unfinished, n)
}

func (c *content) end(account string) {
	c.Unfinished = slices.DeleteFunc(c.Unfinished, func(n intent) bool { return n.Account == account })
}

func (c *content) put(r Record) {
	if i := indexOf(c.Records, r.ID); i >= 0 {
		c.Records[i] = r
		return
	}
	c.Records = append(c.Records, r)
}

func (c *content) drop(id string) {
	c.Records = slices.DeleteFunc(c.Records, func(r Record) bool { return r.ID == id })
}
