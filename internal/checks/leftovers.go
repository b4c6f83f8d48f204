package checks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/safefile"
)

// Kind is what a leftover is.
type Kind string

// The kinds. A list of tasks is deleted with the tasks in it.
const (
	KindEvent    Kind = "event"
	KindDraft    Kind = "draft"
	KindContact  Kind = "contact"
	KindTaskList Kind = "task-list"
	KindMail     Kind = "mail"
)

// Name is the kind for people, as in "a calendar event".
func (k Kind) Name() string {
	switch k {
	case KindEvent, "":
		return "calendar event"
	case KindTaskList:
		return "task list"
	}
	return string(k)
}

func (k Kind) family() entra.Family {
	switch k {
	case KindEvent, "":
		return entra.FamilyCalendar
	case KindContact:
		return entra.FamilyContacts
	case KindTaskList:
		return entra.FamilyTasks
	case KindDraft, KindMail:
		return entra.FamilyMail
	}
	return "" // of a newer Entrada, which deletes it
}

// Leftover is an object of a test that may still be in a mailbox.
type Leftover struct {
	Kind     Kind      `json:"kind,omitempty"` // files of older versions have none: they knew events only
	RunID    string    `json:"run"`
	Subject  string    `json:"subject"`
	Start    time.Time `json:"start"`             // of an event; else as Made
	Made     time.Time `json:"made,omitzero"`     // unknown in files of older versions
	Account  string    `json:"account"`           // for people to read
	Mailbox  string    `json:"mailbox,omitempty"` // "" is the account's own
	CloudID  string    `json:"cloud"`
	TenantID string    `json:"tenant"`
	ObjectID string    `json:"object"` // "" where an app signed in by itself
	ClientID string    `json:"client"`
}

// key is what tells leftovers apart.
func (l Leftover) key() [6]string {
	kind := l.Kind
	if kind == "" {
		kind = KindEvent
	}
	return [6]string{string(kind), l.RunID, l.ObjectID, l.ClientID, strings.ToLower(l.Mailbox), l.Subject}
}

// LeftoverList remembers leftovers in a file, across crashes. The zero LeftoverList with
// a Path is ready to use; it is safe for concurrent use, also by several
// Journals and several processes with the same Path.
type LeftoverList struct {
	Path string
	mu   sync.Mutex
}

const (
	maxJournal = 256 << 10
	maxLock    = 10 * time.Second // for another process to finish its change
)

// List returns what may be left in mailboxes, oldest first.
func (j *LeftoverList) List() ([]Leftover, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.read()
}

// leftovers is the body of the file.
type leftovers struct {
	List []Leftover `json:"leftovers"`
}

func (j *LeftoverList) document() safefile.Document[leftovers] {
	return safefile.Document[leftovers]{
		Path: j.Path, Format: "entrada-leftovers", Version: 2, Max: maxJournal, AnyFolder: true,
		Op: "read the list of test entries",
		Legacy: func(raw []byte) (leftovers, error) { // the list alone
			var l leftovers
			err := json.Unmarshal(raw, &l.List)
			return l, err
		},
	}
}

func (j *LeftoverList) read() ([]Leftover, error) {
	l, err := j.document().Load()
	if fault.Is(err, fault.FileNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for i := range l.List {
		if l.List[i].Kind == "" {
			l.List[i].Kind = KindEvent
		}
	}
	return l.List, nil
}

// Add notes a leftover before it exists.
func (j *LeftoverList) Add(l Leftover) error {
	return j.change(func(list []Leftover) []Leftover { return append(list, l) })
}

// Remove removes a leftover from the list.
func (j *LeftoverList) Remove(l Leftover) error {
	return j.change(func(list []Leftover) []Leftover {
		return slices.DeleteFunc(list, func(o Leftover) bool { return o.key() == l.key() })
	})
}

func (j *LeftoverList) change(f func([]Leftover) []Leftover) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), maxLock)
	defer cancel()
	release, err := safefile.LockWait(ctx, j.Path+".lock")
	if err != nil {
		return err
	}
	defer release()
	list, err := j.read()
	if fault.Is(err, fault.FileCorrupt) {
		_, err = j.document().SetAside()
	}
	if err != nil {
		return err
	}
	return j.document().Save(leftovers{f(list)})
}

// held are the objects of tests that run in this process now. Another test must not
// delete them, in this program or in another one.
var held sync.Map

func (j *LeftoverList) hold(l Leftover) (release func()) {
	held.Store(l.key(), true)
	lock := j.lockOf(l)
	// Without the lock another program may delete the object: then this test fails, and
	// nothing is left.
	_ = safefile.Own(lock)
	return func() {
		held.Delete(l.key())
		safefile.Disown(lock)
	}
}

func (j *LeftoverList) isHeld(l Leftover) bool {
	_, here := held.Load(l.key())
	return here || safefile.IsOwnedElsewhere(j.lockOf(l))
}

// lockOf is the lock that a program holds as long as it works with the object.
func (j *LeftoverList) lockOf(l Leftover) string {
	key := l.key()
	sum := sha256.Sum256([]byte(strings.Join(key[:], "\x00")))
	return filepath.Join(filepath.Dir(j.Path), "test-"+hex.EncodeToString(sum[:6])+".lock")
}

// sweep deletes the leftovers that mine accepts. It calls connect only if there are any.
func (j *LeftoverList) sweep(
	ctx context.Context, now time.Time, mine func(Leftover) bool,
	connect func(context.Context) (*graph.Client, error)) ([]string, error) {
	list, err := j.List()
	if err != nil {
		return nil, err
	}
	var client *graph.Client
	var gone []string
	var failures error
	for _, l := range list {
		if !mine(l) || j.isHeld(l) {
			continue
		}
		if client == nil {
			if client, err = connect(ctx); err != nil {
				return nil, err
			}
		}
		limited, cancel := context.WithTimeout(ctx, cleanUpTime)
		done, err := j.takeAway(limited, client, l, now)
		cancel()
		if err != nil {
			failures = errors.Join(failures, err)
		} else if done {
			gone = append(gone, l.Subject)
		}
	}
	return gone, failures
}

// How long an object may still appear: a mail takes time, and a request without an
// answer may still be waiting at Microsoft.
const (
	mailTravels    = 10 * time.Minute
	requestTravels = 2 * time.Minute
)

// mayAppear reports whether a leftover that was not found may still appear.
func (l Leftover) mayAppear(now time.Time) bool {
	age := now.Sub(l.Made)
	return age < requestTravels || l.Kind == KindMail && age < mailTravels
}

// takeAway finds a leftover in its mailbox, deletes it and removes it from the list. If
// it is not there, it was never created or is gone. If it may still appear, it stays in
// the list and done is false.
func (j *LeftoverList) takeAway(ctx context.Context, client *graph.Client, l Leftover, now time.Time) (
	done bool, err error) {
	if !strings.HasPrefix(l.Subject, subjectPrefix) {
		return false, j.Remove(l) // not ours, whoever wrote it into the list
	}
	ids, remove, err := find(ctx, client, l)
	if err != nil {
		return false, stayed(l, err)
	}
	for _, id := range ids {
		if err := remove(ctx, l.Mailbox, id); err != nil {
			return false, stayed(l, err)
		}
	}
	if len(ids) == 0 && l.mayAppear(now) {
		return false, nil // looked for again at the next run
	}
	return true, j.Remove(l)
}

// find looks for a leftover by its subject.
func find(ctx context.Context, client *graph.Client, l Leftover) (
	ids []string, remove func(ctx context.Context, box, id string) error, err error) {
	add := func(subject, id string) {
		if subject == l.Subject {
			ids = append(ids, id)
		}
	}
	switch l.Kind {
	case KindDraft, KindMail:
		messages, err := client.MessagesWithSubject(ctx, l.Mailbox, l.Subject)
		for _, m := range messages {
			add(m.Subject, m.ID)
		}
		return ids, client.DeleteMessage, err
	case KindContact:
		contacts, err := client.ContactsNamed(ctx, l.Mailbox, l.Subject)
		for _, c := range contacts {
			add(c.DisplayName, c.ID)
		}
		return ids, client.DeleteContact, err
	case KindTaskList:
		lists, err := client.TaskLists(ctx, l.Mailbox)
		for _, t := range lists {
			add(t.DisplayName, t.ID)
		}
		return ids, client.DeleteTaskList, err
	default:
		events, err := client.EventsBetween(ctx, l.Mailbox, l.Start.Add(-time.Minute), l.Start.Add(time.Hour))
		for _, e := range events {
			add(e.Subject, e.ID)
		}
		return ids, client.DeleteEvent, err
	}
}
