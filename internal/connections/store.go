package connections

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"entrada/internal/fault"
	"entrada/internal/safefile"
	"entrada/internal/secret"
)

// Store is the list of saved connections. Its methods may be called from any
// goroutine; those that take a context may wait for the keychain.
type Store struct {
	dir      string
	keychain *router
	now      func() time.Time
	reached  func(string) // test only: called at moments a kill may hit

	mu      sync.Mutex
	content content
	session map[string]sessionEntry
	gone    map[string]bool // IDs whose secret the keychain does not have
	history history         // nil until somebody asks
	changes int             // how often the files were changed here
}

type sessionEntry struct {
	record  Record
	secret  secret.Value
	history []Outcome
}

// Open reads the saved connections in dir, a folder such as safefile.Home. It sets a
// damaged file aside and returns fault.FileCorrupt, whose subject is the new path. A
// second Open then begins with an empty list. It leaves the file of a newer Entrada
// alone: fault.FileNewer.
func Open(dir string, kc Keychain) (*Store, error) {
	c, err := readFile(dir)
	if fault.Is(err, fault.FileCorrupt) {
		kept, asideErr := recordsFile(dir).SetAside()
		if asideErr != nil {
			return nil, asideErr
		}
		return nil, &fault.Error{Kind: fault.FileCorrupt, Op: "read the saved connections", Subject: kept, Err: err,
			Detail: "The list of connections cannot be read. The file was kept aside, and a new list begins."}
	}
	if err != nil {
		return nil, err
	}
	_ = safefile.Sweep(dir) // leftovers do no harm; nothing depends on this
	return &Store{
		dir: dir, keychain: newRouter(dir, kc), now: time.Now, content: c,
		session: map[string]sessionEntry{}, gone: map[string]bool{},
	}, nil
}

// List returns all connections: first those that need attention, then by the
// secret's end, then by name.
func (s *Store) List() []Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Record, 0, len(s.content.Records)+len(s.session))
	for _, r := range s.content.Records {
		list = append(list, s.view(r))
	}
	for _, e := range s.session {
		list = append(list, e.record.clone())
	}
	slices.SortFunc(list, order(s.now()))
	return list
}

// Get returns one connection.
func (s *Store) Get(id string) (Record, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.session[id]; ok {
		return e.record.clone(), true
	}
	if i := s.index(id); i >= 0 {
		return s.view(s.content.Records[i]), true
	}
	return Record{}, false
}

// Find returns the connections that a person means by a name: those with this ID or whole
// name, in any case, or else all whose name contains it.
func (s *Store) Find(name string) []Record {
	list := s.List()
	for _, match := range []func(Record) bool{
		func(r Record) bool { return r.ID == name || strings.EqualFold(r.Name, name) },
		func(r Record) bool {
			return name != "" && strings.Contains(strings.ToLower(r.Name), strings.ToLower(name))
		},
	} {
		found := slices.DeleteFunc(slices.Clone(list), func(r Record) bool { return !match(r) })
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// Reload reads the file again: another Entrada may have changed it.
func (s *Store) Reload() error {
	s.mu.Lock()
	before := s.changes
	s.mu.Unlock()
	c, err := readFile(s.dir)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// If this store has changed meanwhile, it is newer than the file that was read.
	if s.changes == before {
		s.content, s.history = c, nil
	}
	return nil
}

// UpdateRecord saves changes to records in one write. Only Save can change which secret
// belongs to a record. UpdateRecord leaves out records that no longer exist, and reports
// them as fault.InvalidInput.
func (s *Store) UpdateRecord(records ...Record) error {
	missing := false
	var saved []Record
	s.mu.Lock()
	for _, r := range records {
		if e, ok := s.session[r.ID]; ok {
			r = r.clone()
			r.SessionOnly = true
			s.session[r.ID] = sessionEntry{r, e.secret, e.history}
		} else {
			saved = append(saved, r.clone())
		}
	}
	s.mu.Unlock()
	if len(saved) == 0 {
		return nil
	}
	err := s.change(context.Background(), func(c *content) error {
		for _, r := range saved {
			i := indexOf(c.Records, r.ID)
			if i < 0 {
				missing = true
				continue
			}
			old := c.Records[i]
			if old.account() != r.account() || old.SecretFingerprint != r.SecretFingerprint {
				return &fault.Error{Kind: fault.Misuse, Op: "update a connection",
					Detail: "the secret of another registration"}
			}
			c.Records[i] = r
		}
		return nil
	})
	if err == nil && missing {
		return fault.Invalid("connection", "This connection was removed meanwhile.")
	}
	return err
}

// KeepForSession lists a connection whose record and secret stay in memory: for a
// computer without a keychain, and for people who want nothing on disk.
func (s *Store) KeepForSession(r Record, v secret.Value) Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	r = s.complete(r, v)
	r.SessionOnly = true
	s.session[r.ID] = sessionEntry{r.clone(), v, s.session[r.ID].history}
	return r
}

// complete fills in ID, name, time and fingerprint.
func (s *Store) complete(r Record, v secret.Value) Record {
	r = r.clone()
	if r.ID == "" {
		var b [8]byte
		_, _ = rand.Read(b[:]) // never fails since Go 1.24
		r.ID = hex.EncodeToString(b[:])
	}
	if r.Name == "" {
		r.Name = s.freeName(r.ID, strings.Trim(r.VendorName+" · "+r.TenantDomain, " ·"))
	}
	if r.Created.IsZero() {
		r.Created = s.now().UTC().Truncate(time.Second)
	}
	if r.SecretFingerprint != "" && r.SecretFingerprint != v.Fingerprint() {
		r.HandedOver = nil // the vendor does not have this one yet
		r.Exported = nil
		r.Partly, r.Was = nil, nil
	}
	r.SecretFingerprint = v.Fingerprint()
	r.SessionOnly, r.SecretGone, r.SecretDeleted = false, false, time.Time{}
	return r
}

// freeName tells two connections of one vendor apart. The caller holds the lock.
func (s *Store) freeName(id, name string) string {
	free := name
	for n := 2; s.taken(id, func(other string) bool { return other == free }); n++ {
		free = fmt.Sprintf("%s (%d)", name, n)
	}
	return free
}

// taken reports whether another connection has such a name. The caller holds the lock.
func (s *Store) taken(id string, is func(name string) bool) bool {
	for _, e := range s.session {
		if e.record.ID != id && is(e.record.Name) {
			return true
		}
	}
	return slices.ContainsFunc(s.content.Records, func(r Record) bool { return r.ID != id && is(r.Name) })
}

// change reads the file anew under a lock that all Entradas share, applies f
// and writes it back.
func (s *Store) change(ctx context.Context, f func(*content) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	release, err := safefile.LockWait(ctx, filepath.Join(s.dir, lockName))
	if err != nil {
		return err
	}
	defer release()
	c, err := readFile(s.dir)
	if err != nil {
		return err
	}
	if err := f(&c); err != nil {
		return err
	}
	if err := recordsFile(s.dir).Save(c); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.content = c
	s.changes++
	return nil
}

func (s *Store) view(r Record) Record {
	r = r.clone()
	r.SecretGone = s.gone[r.ID]
	return r
}

func (s *Store) index(id string) int { return indexOf(s.content.Records, id) }

func (s *Store) setGone(id string, gone bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if gone {
		s.gone[id] = true
	} else {
		delete(s.gone, id)
	}
}

func (s *Store) at(moment string) {
	if s.reached != nil {
		s.reached(moment)
	}
}

func indexOf(records []Record, id string) int {
	return slices.IndexFunc(records, func(r Record) bool { return r.ID == id })
}

// holds reports whether the record's JSON contains the secret: a person may have typed it
// into an answer or a name by mistake.
func holds(r Record, v secret.Value) bool {
	if len(v.Reveal()) < 8 {
		return false
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return true
	}
	quoted, _ := json.Marshal(v.Reveal())
	return strings.Contains(string(raw), string(quoted[1:len(quoted)-1]))
}
