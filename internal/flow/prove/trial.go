package prove

import (
	"context"
	"slices"
	"strings"
	"time"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/guides"
	"entrada/internal/signin"
)

// Trial is a connection test, in somebody's name or in the app's own.
type Trial interface {
	// Checks lists what is tried out.
	Checks() []checks.Check
	// Sweep takes away what an earlier run left behind.
	Sweep(ctx context.Context) ([]string, error)
}

// TrialOptions say how to test.
type TrialOptions struct {
	SharedMailbox string              // to try as well, in the name of a person; "" for none
	ReadOnly      bool                // create and send nothing
	OnWait        func(time.Duration) // hears how long Microsoft asks us to wait; may be nil
}

// Trial is the connection test in the name of whoever signed in; without a
// session, in the app's own.
func (s Subject) Trial(a app.App, session *signin.Session, o TrialOptions) Trial {
	if session == nil {
		return checks.AppOnly{
			Request: signin.Request{Cloud: s.Cloud, Tenant: s.TenantID, ClientID: s.ClientID, ClientSecret: s.Secret},
			Asked:   s.AppAsked(), Mailbox: s.Mailbox, Vendor: s.Guide.Vendor, ReadOnly: o.ReadOnly,
			HTTP: a.HTTP, Journal: a.Journal(), RunID: checks.NewRunID(), Now: a.Now, OnWait: o.OnWait,
		}
	}
	return checks.Delegated{
		Request: s.SignInRequest(""), Session: session, Asked: s.Asked(), Vendor: s.Guide.Vendor,
		SharedMailbox: o.SharedMailbox, ReadOnly: o.ReadOnly,
		HTTP: a.HTTP, Journal: a.Journal(), RunID: checks.NewRunID(), Now: a.Now, OnWait: o.OnWait,
	}
}

// tries are what a test does for permissions: the strongest of each kind alone.
var tries = []struct {
	change  string // what is done for those of changing, which a look leaves out
	changes []string
	look    string // what is done for the others
	reads   []string
}{
	{change: "send a mail", changes: []string{"Mail.Send"}},
	{"make a draft and delete it", []string{"Mail.ReadWrite"}, "read mail", []string{"Mail.Read", "Mail.ReadBasic"}},
	{"create a calendar event, read it and delete it", []string{"Calendars.ReadWrite"},
		"read the calendar", []string{"Calendars.Read"}},
	{"create a contact and delete it", []string{"Contacts.ReadWrite"}, "read contacts", []string{"Contacts.Read"}},
	{"create a task and delete it", []string{"Tasks.ReadWrite", "Tasks.ReadWrite.All"},
		"read tasks", []string{"Tasks.Read", "Tasks.Read.All"}},
	{look: "read the mailbox settings", reads: []string{"MailboxSettings.Read", "MailboxSettings.ReadWrite"}},
	{look: "stay connected", reads: []string{"offline_access"}},
}

// WhatIsTried says in words what the test will do.
func (s Subject) WhatIsTried(lookOnly bool) string {
	var list []string
	for _, t := range tries {
		changes := s.asks(t.changes...)
		switch {
		case changes && !lookOnly:
			list = append(list, t.change)
		case t.look != "" && (changes || s.asks(t.reads...)):
			list = append(list, t.look)
		}
	}
	switch n := len(list); n {
	case 0:
		return "read what it may read"
	case 1:
		return list[0]
	default:
		return strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	}
}

// WhatStays says what a test leaves in the mailbox; "" where it only reads.
func (s Subject) WhatStays() string {
	creates := slices.ContainsFunc(s.everything(),
		func(name string) bool { return strings.Contains(name, ".ReadWrite") })
	switch {
	case s.asks("Mail.Send") && s.asks("Mail.ReadWrite"):
		return "nothing. The test mail and whatever else is created are deleted again."
	case s.asks("Mail.Send"):
		return "one short mail. Whatever else is created is deleted again, and the sign-in is forgotten."
	case creates:
		return "nothing. Whatever is created is deleted again."
	}
	return ""
}

func (s Subject) everything() []string { return append(s.Asked(), s.AppAsked()...) }

// asks reports whether the vendor asks for one of these permissions.
func (s Subject) asks(names ...string) bool {
	asked := s.everything()
	return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(asked, name) })
}

// anyMailbox judges an address as the guides' question for one does.
var anyMailbox = guides.Input{ID: "mailbox", Kind: guides.InputMailbox, Optional: true}

// CheckMailbox says what is wrong with the address of a mailbox, as an error of
// kind InvalidInput.
func CheckMailbox(text string) error { return anyMailbox.Check(text, "") }
