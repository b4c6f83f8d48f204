package checks

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"entrada/internal/entra"
	"entrada/internal/graph"
)

// The checks of one mailbox. In a shared mailbox they begin with "shared-".
const (
	CheckSettings      ID = "mailbox-settings"
	CheckMailRead      ID = "mail-read"
	CheckMailWrite     ID = "mail-write"
	CheckMail          ID = "mail-send"
	CheckCalendarRead  ID = "calendar-read"
	CheckCalendar      ID = "calendar-write"
	CheckContactsRead  ID = "contacts-read"
	CheckContactsWrite ID = "contacts-write"
	CheckTasksRead     ID = "tasks-read"
	CheckTasksWrite    ID = "tasks-write"
)

// subjectPrefix is the start of the subject of everything that a test creates. Entrada
// deletes nothing else, whatever the journal says.
const subjectPrefix = "Entrada test "

// Subject marks what a run leaves in a mailbox.
func Subject(runID string) string { return subjectPrefix + runID }

// draftSubject differs from that of the mail, which is searched at the same time.
func draftSubject(runID string) string { return Subject(runID) + " (draft)" }

// mailbox is one mailbox and how to try things out in it.
type mailbox struct {
	connect func() *graph.Client
	limiter *graph.FairLimiter // see mailboxLimit
	at      string             // address; "" is the signed-in person's
	needs   []ID               // what must have passed before

	prefix ID     // of the checks' IDs
	where  string // ends the checks' titles

	mailTitle string
	to        func() string // where the test mail goes
	receives  bool          // the test mail arrives in this very mailbox

	vendor   string
	runID    string
	now      func() time.Time
	journal  *LeftoverList
	left     Leftover // but for kind, subject and time
	readOnly bool
	notTried string // if set, why nothing can be tried here

	arrival []time.Duration // the pauses between looks for the mail; nil for the usual ones
}

// mailboxLimit is how many concurrent requests Exchange Online allows an app in one
// mailbox (learn.microsoft.com/graph/throttling-limits). It throttles any further one.
// The vendor's own requests count as well.
const mailboxLimit = 4

// client is the client of one check. The checks share the limiter request by request, so
// that a long check does not delay a short one.
func (m mailbox) client() *graph.Client { return m.connect().WithLimiter(m.limiter) }

// checks lists the checks for what is allowed here. Each tests the strongest permission
// of its family. A read-only test tries a weaker one in its place.
func (m mailbox) checks(may mailboxAccess) []Check {
	var list []Check
	add := func(id ID, title string, changes bool, run func(context.Context) (string, error)) {
		c := Check{ID: m.prefix + id, Title: title, Needs: m.needs, Run: run}
		switch {
		case m.notTried != "":
			c.Run, c.NotAskedWhy = nil, m.notTried
		case changes && m.readOnly:
			c.Run, c.NotAskedWhy, c.NotAskedFor = nil, "read-only test", SkippedReadOnly
		}
		list = append(list, c)
	}
	try := func(
		f entra.Family, readID ID, readTitle string, read func(context.Context) (string, error), writeID ID,
		writeTitle string, write func(context.Context) (string, error)) {
		l := may.levels[f]
		if l == reads || l == writes && (m.readOnly || write == nil) {
			add(readID, readTitle+m.where, false, read)
		}
		if l == writes && write != nil {
			add(writeID, writeTitle+m.where, true, write)
		}
	}
	// Settings are somebody's own; a test does not change them.
	try(entra.FamilySettings, CheckSettings, "Mailbox settings read", m.settings, "", "", nil)
	try(entra.FamilyMail, CheckMailRead, "Newest mail read", m.newestMail, CheckMailWrite,
		"Draft created, read and deleted", m.draft)
	if may.sends {
		mail := may.levels[entra.FamilyMail]
		add(CheckMail, m.mailTitle, true, func(ctx context.Context) (string, error) {
			return m.mail(ctx, m.receives && mail >= reads, m.receives && mail == writes)
		})
	}
	try(entra.FamilyCalendar, CheckCalendarRead, "Calendar read", m.week, CheckCalendar,
		"Calendar event created, read and deleted", m.event)
	try(entra.FamilyContacts, CheckContactsRead, "Contacts read", m.contacts, CheckContactsWrite,
		"Contact created, read and deleted", m.contact)
	try(entra.FamilyTasks, CheckTasksRead, "Task lists read", m.taskLists, CheckTasksWrite,
		"Task created, read and deleted", m.task)
	return list
}

// The details of reading say how much there was, never what: people pass reports on.

func (m mailbox) settings(ctx context.Context) (string, error) {
	s, err := m.client().MailboxSettings(ctx, m.at)
	if err != nil || s.TimeZone == "" {
		return "", err
	}
	return "time zone " + s.TimeZone, nil
}

func (m mailbox) newestMail(ctx context.Context) (string, error) {
	subjects, err := m.client().ReadSubjects(ctx, m.at, 5)
	return amount(err, len(subjects), "the newest mail", "the newest %d mails", "it could be read, and is empty")
}

func (m mailbox) week(ctx context.Context) (string, error) {
	from := m.now().UTC()
	events, err := m.client().EventsBetween(ctx, m.at, from, from.Add(7*24*time.Hour))
	return amount(
		err, len(events), "one entry in the coming week", "%d entries in the coming week",
		"no entry in the coming week")
}

func (m mailbox) contacts(ctx context.Context) (string, error) {
	list, err := m.client().Contacts(ctx, m.at, 5)
	return amount(err, len(list), "the first contact", "the first %d contacts", "they could be read; there are none")
}

func (m mailbox) taskLists(ctx context.Context) (string, error) {
	list, err := m.client().TaskLists(ctx, m.at)
	return amount(err, len(list), "one list", "%d lists", "they could be read; there are none")
}

func amount(err error, n int, one, more, none string) (string, error) {
	switch {
	case err != nil:
		return "", err
	case n == 0:
		return none, nil
	case n == 1:
		return one, nil
	}
	return fmt.Sprintf(more, n), nil
}

func (m mailbox) event(ctx context.Context) (string, error) {
	client := m.client()
	start := m.now().UTC().Add(24 * time.Hour).Truncate(time.Hour)
	event := graph.Event{
		Subject: Subject(m.runID), Start: start, End: start.Add(15 * time.Minute),
		TransactionID: "entrada-" + m.runID + "-" + rand.Text(),
	}
	return m.tryOut(ctx, trial{
		kind: KindEvent, subject: event.Subject, at: start,
		create: func(ctx context.Context) (string, error) {
			made, err := client.CreateEvent(ctx, m.at, event)
			return made.ID, err
		},
		read: func(ctx context.Context, id string) (bool, error) {
			e, err := client.ReadEvent(ctx, m.at, id)
			return e.Subject == event.Subject && e.Start.Equal(event.Start), err
		},
		remove: func(ctx context.Context, id string) error { return client.DeleteEvent(ctx, m.at, id) },
	})
}

func (m mailbox) draft(ctx context.Context) (string, error) {
	client, subject := m.client(), draftSubject(m.runID)
	return m.tryOut(ctx, trial{
		kind: KindDraft, subject: subject, at: m.now().UTC(),
		create: func(ctx context.Context) (string, error) {
			made, err := client.CreateDraft(
				ctx, m.at, subject, "Made by Entrada to test the connection for "+m.vendor+". It was never sent.\n")
			return made.ID, err
		},
		read: func(ctx context.Context, id string) (bool, error) {
			d, err := client.ReadMessage(ctx, m.at, id)
			return d.Subject == subject, err
		},
		remove: func(ctx context.Context, id string) error { return client.DeleteMessage(ctx, m.at, id) },
	})
}

func (m mailbox) contact(ctx context.Context) (string, error) {
	client, name := m.client(), Subject(m.runID)
	return m.tryOut(ctx, trial{
		kind: KindContact, subject: name, at: m.now().UTC(),
		create: func(ctx context.Context) (string, error) {
			made, err := client.CreateContact(ctx, m.at, name)
			return made.ID, err
		},
		read: func(ctx context.Context, id string) (bool, error) {
			c, err := client.ReadContact(ctx, m.at, id)
			return c.DisplayName == name, err
		},
		remove: func(ctx context.Context, id string) error { return client.DeleteContact(ctx, m.at, id) },
	})
}

// task makes a list of its own for the task. So the person's own tasks do not change, and
// one deletion removes everything.
func (m mailbox) task(ctx context.Context) (string, error) {
	client, title := m.client(), Subject(m.runID)
	return m.tryOut(ctx, trial{
		kind: KindTaskList, subject: title, at: m.now().UTC(),
		create: func(ctx context.Context) (string, error) {
			made, err := client.CreateTaskList(ctx, m.at, title)
			return made.ID, err
		},
		read: func(ctx context.Context, list string) (bool, error) {
			made, err := client.CreateTask(ctx, m.at, list, title)
			if err != nil {
				return false, err
			}
			t, err := client.ReadTask(ctx, m.at, list, made.ID)
			return t.Title == title, err
		},
		remove: func(ctx context.Context, id string) error { return client.DeleteTaskList(ctx, m.at, id) },
	})
}
