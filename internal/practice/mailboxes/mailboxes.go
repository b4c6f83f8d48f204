// Package mailboxes is what lies in the mailboxes of the practice tenant:
// messages, events, contacts, task lists and settings, and a record of what was
// sent and deleted so that people and tests can see what really happened.
//
// It must not know HTTP, permissions or who may read what; graphapi decides.
//
// Items are JSON objects as Graph shows them. They are never changed in place:
// a change replaces the item, so a list once handed out stays as it was.
package mailboxes

import (
	"crypto/rand"
	"encoding/base64"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"entrada/internal/practice/statefile"
)

// Item is one thing in a mailbox, with Graph's property names.
type Item map[string]any

// Text is a property as text, "" if it is none.
func (i Item) Text(name string) string { s, _ := i[name].(string); return s }

// The kinds of item. Tasks lie under their list: TasksOf.
const (
	Messages = "messages"
	Events   = "events"
	Contacts = "contacts"
	Lists    = "lists"
)

// TasksOf is the kind of the tasks of one list.
func TasksOf(list string) string { return "tasks/" + list }

// The well-known mail folders.
const (
	Inbox   = "inbox"
	Drafts  = "drafts"
	Sent    = "sentitems"
	Deleted = "deleteditems"
)

// FolderNames are the folders as Outlook calls them, in its order.
var FolderNames = []struct{ ID, Name string }{
	{Inbox, "Inbox"}, {Drafts, "Drafts"}, {Sent, "Sent Items"}, {Deleted, "Deleted Items"},
}

// Mail is the record of one mail that was accepted for sending.
type Mail struct {
	From        string    `json:"from"`
	To          []string  `json:"to"`
	Subject     string    `json:"subject"`
	Body        string    `json:"body"`
	SavedToSent bool      `json:"savedToSent"`
	ClientID    string    `json:"clientId"`
	Time        time.Time `json:"time"`
}

// Record is what stays known of an event, whether it still exists or not.
type Record struct {
	Mailbox       string `json:"mailbox"`
	ID            string `json:"id"`
	Subject       string `json:"subject"`
	TransactionID string `json:"transactionId"`
	Start         any    `json:"start"`
	End           any    `json:"end"`
	Attendees     int    `json:"attendees"`
}

// Store holds all mailboxes.
type Store struct {
	now func() time.Time

	mu      statefile.Mutex
	boxes   map[string]*box
	mails   []Mail
	deleted []Record // events
}

type box struct {
	address  string
	items    map[string][]Item
	removed  map[string][]Item
	settings Item
}

// New makes an empty store. After every change it tells changed, if not nil.
func New(now func() time.Time, changed func()) *Store {
	return &Store{now: now, mu: statefile.Mutex{Tell: changed}, boxes: map[string]*box{}}
}

// box must be called with the lock held for writing.
func (s *Store) box(userID, address string) *box {
	b := s.boxes[userID]
	if b == nil {
		b = &box{address: address, items: map[string][]Item{}, removed: map[string][]Item{}, settings: Item{
			"timeZone": "UTC", "dateFormat": "dd/MM/yyyy", "timeFormat": "HH:mm", "userPurpose": "user",
			"language": map[string]any{"locale": "en-US", "displayName": "English (United States)"},
			"automaticRepliesSetting": map[string]any{"status": "disabled", "externalAudience": "all",
				"internalReplyMessage": "", "externalReplyMessage": ""},
			"workingHours": map[string]any{"daysOfWeek": []string{"monday", "tuesday", "wednesday", "thursday",
				"friday"}, "startTime": "08:00:00.0000000", "endTime": "17:00:00.0000000",
				"timeZone": map[string]any{"name": "UTC"}},
		}}
		b.items[Lists] = []Item{{"id": NewID(), "displayName": "Tasks", "isOwner": true, "isShared": false,
			"wellknownListName": "defaultList"}}
		s.boxes[userID] = b
	}
	return b
}

// NewID makes an identifier of the kind that Exchange uses.
func NewID() string {
	var b [84]byte
	_, _ = rand.Read(b[:])
	return "AAMk" + base64.URLEncoding.EncodeToString(b[:])
}

// Stamp is a time as Exchange writes it.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// Open makes sure that a user has a mailbox.
func (s *Store) Open(userID, address string) {
	s.mu.RLock()
	_, there := s.boxes[userID]
	s.mu.RUnlock()
	if there {
		return // so that reading does not count as a change
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.box(userID, address)
}

// Add puts an item into an open mailbox and gives it an identity.
func (s *Store) Add(userID, kind string, item Item) Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(s.boxes[userID], kind, item)
}

func (s *Store) add(b *box, kind string, item Item) Item {
	item = maps.Clone(item)
	now := Stamp(s.now())
	item["id"], item["createdDateTime"], item["lastModifiedDateTime"], item["changeKey"] = NewID(), now, now,
		NewID()[:24]
	b.items[kind] = append(slices.Clone(b.items[kind]), item)
	return item
}

// AddEvent is Add for events. A repeated transactionId gives the event that was
// made first; it is an error if the new one differs, or if that one is gone.
func (s *Store) AddEvent(userID string, item Item) (event Item, duplicate bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.boxes[userID]
	if id := item.Text("transactionId"); id != "" {
		same := func(i Item) bool { return i.Text("transactionId") == id }
		if slices.ContainsFunc(b.removed[Events], same) {
			return nil, true
		}
		if i := slices.IndexFunc(b.items[Events], same); i >= 0 {
			old := b.items[Events][i]
			if old.Text("subject") != item.Text("subject") || !reflect.DeepEqual(old["start"], item["start"]) {
				return nil, true
			}
			return old, false
		}
	}
	return s.add(b, Events, item), false
}

// List gives the items of a kind, newest first.
func (s *Store) List(userID, kind string) []Item {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b := s.boxes[userID]
	if b == nil {
		return nil
	}
	out := slices.Clone(b.items[kind])
	slices.Reverse(out)
	return out
}

// Removed gives what was deleted for good, oldest first.
func (s *Store) Removed(userID, kind string) []Item {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if b := s.boxes[userID]; b != nil {
		return slices.Clone(b.removed[kind])
	}
	return nil
}

// Get finds one item.
func (s *Store) Get(userID, kind, id string) (Item, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if b := s.boxes[userID]; b != nil {
		for _, i := range b.items[kind] {
			if i.Text("id") == id {
				return i, true
			}
		}
	}
	return nil, false
}

// Update merges changes into an item.
func (s *Store) Update(userID, kind, id string, changes Item) (Item, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.boxes[userID]
	if b == nil {
		return nil, false
	}
	items := slices.Clone(b.items[kind])
	for n, old := range items {
		if old.Text("id") == id {
			fresh := merge(old, changes)
			fresh["id"], fresh["lastModifiedDateTime"], fresh["changeKey"] = id, Stamp(s.now()), NewID()[:24]
			items[n], b.items[kind] = fresh, items
			return fresh, true
		}
	}
	return nil, false
}

func merge(old, changes map[string]any) Item {
	out := maps.Clone(old)
	for k, v := range changes {
		was, ok1 := out[k].(map[string]any)
		now, ok2 := v.(map[string]any)
		if ok1 && ok2 {
			out[k] = map[string]any(merge(was, now))
			continue
		}
		out[k] = v
	}
	return out
}

// Take removes a draft that becomes a sent mail; nothing was deleted by that.
func (s *Store) Take(userID, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.boxes[userID]; b != nil {
		b.items[Messages] = slices.DeleteFunc(
			slices.Clone(b.items[Messages]), func(i Item) bool { return i.Text("id") == id })
	}
}

// Delete takes an item away and remembers that it was there.
func (s *Store) Delete(userID, kind, id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.boxes[userID]
	if b == nil {
		return false
	}
	i := slices.IndexFunc(b.items[kind], func(i Item) bool { return i.Text("id") == id })
	if i < 0 {
		return false
	}
	item := b.items[kind][i]
	b.removed[kind] = append(slices.Clone(b.removed[kind]), item)
	b.items[kind] = slices.Delete(slices.Clone(b.items[kind]), i, i+1)
	if kind == Events {
		s.deleted = append(s.deleted, record(b.address, item))
	}
	return true
}

// Settings are the mailbox settings.
func (s *Store) Settings(userID string) Item {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.boxes[userID].settings
}

// ChangeSettings merges changes into the mailbox settings.
func (s *Store) ChangeSettings(userID string, changes Item) Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.boxes[userID]
	b.settings = merge(b.settings, changes)
	return b.settings
}

// Send records a mail, keeps a copy for the sender if asked to, and delivers it
// to the mailboxes given (user ID to address).
func (s *Store) Send(senderID string, mail Mail, message Item, to map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	mail.Time = s.now().UTC()
	s.mails = append(s.mails, mail)
	message = maps.Clone(message)
	message["sentDateTime"], message["receivedDateTime"] = Stamp(mail.Time), Stamp(mail.Time)
	message["internetMessageId"] = "<" + strings.ToLower(NewID()[4:28]) + "@practice.invalid>"
	put := func(b *box, folder string, read bool) {
		copied := maps.Clone(message)
		copied["parentFolderId"], copied["isRead"], copied["isDraft"] = folder, read, false
		s.add(b, Messages, copied)
	}
	if mail.SavedToSent {
		put(s.boxes[senderID], Sent, true)
	}
	for id, address := range to {
		put(s.box(id, address), Inbox, false)
	}
}

// Mails is the record of all mails, oldest first.
func (s *Store) Mails() []Mail {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.mails)
}

// EventRecords tells which events exist and which were deleted.
func (s *Store) EventRecords() (live, deleted []Record) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, id := range slices.Sorted(maps.Keys(s.boxes)) {
		for _, i := range s.boxes[id].items[Events] {
			live = append(live, record(s.boxes[id].address, i))
		}
	}
	return live, slices.Clone(s.deleted)
}

func record(address string, i Item) Record {
	people, _ := i["attendees"].([]any)
	return Record{Mailbox: address, ID: i.Text("id"), Subject: i.Text("subject"),
		TransactionID: i.Text("transactionId"),
		Start:         i["start"], End: i["end"], Attendees: len(people)}
}
