package checks

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/signin"
)

// The checks of a delegated connection.
const (
	CheckSignedIn ID = "signed-in"
	CheckGranted  ID = "granted"
	CheckRefresh  ID = "refresh"
	CheckProfile  ID = "profile"
	CheckMail     ID = "mail-send"
	CheckCalendar ID = "calendar-write"
)

// Delegated is the test of a connection in the name of the person who signed
// in. It leaves nothing in the mailbox but the one mail.
type Delegated struct {
	Request signin.Request // what the sign-in asked for, secret included
	Session *signin.Session
	Asked   []string // permission names the vendor asks for
	Vendor  string
	HTTP    *http.Client
	Journal *Journal
	RunID   string // four characters that mark this run's mail and event
	Now     func() time.Time
	OnWait  func(time.Duration)
}

// NewRunID makes a mark for one run, such as "7F3A".
func NewRunID() string {
	var b [2]byte
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("%X", b[:])
}

func (d Delegated) client() *graph.Client {
	c := graph.New(d.Request.Cloud, d.Session.AccessToken, d.HTTP)
	c.OnWait = d.OnWait
	return c
}

// Checks lists the checks for what was asked. Permissions that Entrada cannot
// try out are covered by "Permissions granted" alone.
func (d Delegated) Checks() []Check {
	// Where the mail goes: the sign-in name, until the profile says better.
	address := d.Session.Account.Username
	list := []Check{
		{ID: CheckSignedIn, Title: "Signed in", Run: func(context.Context) (string, error) { return d.Session.Account.Username, nil }},
		{ID: CheckGranted, Title: "Permissions granted", Run: d.granted},
		{ID: CheckRefresh, Title: "Stays connected", Needs: []ID{CheckSignedIn}, Run: d.refresh},
		{ID: CheckProfile, Title: "Profile read", Run: func(ctx context.Context) (string, error) {
			me, err := d.client().Me(ctx)
			if err == nil && me.Address() != "" {
				address = me.Address()
			}
			return me.DisplayName, err
		}},
		{ID: CheckMail, Title: "Mail to yourself sent", Needs: []ID{CheckProfile}, Mailbox: true, Run: func(ctx context.Context) (string, error) { return d.mail(ctx, address) }},
		{ID: CheckCalendar, Title: "Calendar event created, read and deleted", Needs: []ID{CheckProfile}, Mailbox: true, Run: d.calendar},
	}
	for i := range list {
		switch list[i].ID {
		case CheckRefresh:
			list[i] = d.onlyIfAsked(list[i], "offline_access")
		case CheckProfile:
			list[i] = d.onlyIfAsked(list[i], "User.Read")
		case CheckMail:
			list[i] = d.onlyIfAsked(list[i], "Mail.Send")
		case CheckCalendar:
			list[i] = d.onlyIfAsked(list[i], "Calendars.ReadWrite")
		}
	}
	return list
}

func (d Delegated) onlyIfAsked(c Check, permission string) Check {
	if !slices.Contains(d.Asked, permission) {
		c.Run, c.NotAskedWhy = nil, d.Vendor+" did not ask for it"
	}
	return c
}

func (d Delegated) granted(context.Context) (string, error) {
	if len(d.Session.Missing) > 0 {
		return "", &fault.Error{Kind: fault.ScopeMissing, Op: "compare the permissions", Subject: strings.Join(d.Session.Missing, ", ")}
	}
	return strings.Join(d.Asked, ", "), nil
}

// refresh proves what the vendor depends on when the person is away: that a
// refresh token comes and works. The new tokens are forgotten at once.
func (d Delegated) refresh(ctx context.Context) (string, error) {
	if d.Session.RefreshToken.IsEmpty() {
		return "", fault.New(fault.NoRefreshToken, "stay connected", nil)
	}
	if _, err := signin.Refresh(ctx, d.Request, d.Session); err != nil {
		return "", err
	}
	return "a new token came without asking anybody", nil
}

// Subject marks what a run leaves in a mailbox.
func Subject(runID string) string { return "Entrada test " + runID }

func (d Delegated) mail(ctx context.Context, address string) (string, error) {
	text := fmt.Sprintf("This mail was sent by Entrada to test the connection for %s.\n\nIt shows that mail can be sent. You can delete it.\n", d.Vendor)
	if err := d.client().SendMail(ctx, "", address, Subject(d.RunID), text); err != nil {
		return "", err
	}
	return "“" + Subject(d.RunID) + "” is on its way to " + address, nil
}

// cleanUpTime is how long the deletion may take after the test was cancelled.
const cleanUpTime = 15 * time.Second

func (d Delegated) calendar(ctx context.Context) (detail string, err error) {
	start := d.Now().UTC().Add(24 * time.Hour).Truncate(time.Hour)
	event := graph.Event{
		Subject: Subject(d.RunID), Start: start, End: start.Add(15 * time.Minute),
		TransactionID: "entrada-" + d.RunID + "-" + rand.Text(),
	}
	left := Leftover{
		RunID: d.RunID, Subject: event.Subject, Start: start, Account: d.Session.Account.Username,
		CloudID: d.Request.Cloud.ID, TenantID: d.Session.Account.TenantID, ObjectID: d.Session.Account.ObjectID, ClientID: d.Request.ClientID,
	}
	// Written down before it exists, so that a crash in between leaves a trace.
	if err := d.Journal.Add(left); err != nil {
		return "", err
	}
	client := d.client()
	made, err := client.CreateEvent(ctx, "", event)
	if err != nil {
		if fault.Is(err, fault.GraphRefused, fault.Throttled) {
			return "", errors.Join(err, d.Journal.Remove(left))
		}
		// It may have been created all the same: look for it by its subject.
		return "", errors.Join(err, removeLeftover(context.WithoutCancel(ctx), client, d.Journal, left))
	}
	read, readErr := client.ReadEvent(ctx, "", made.ID)
	if readErr == nil && (read.Subject != event.Subject || !read.Start.Equal(event.Start)) {
		readErr = &fault.Error{Kind: fault.BadAnswer, Op: "read the calendar event", Detail: "the event came back changed"}
	}
	// A cancelled test still tidies up.
	cleanCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
	defer cancel()
	if err := client.DeleteEvent(cleanCtx, "", made.ID); err != nil {
		return "", &fault.Error{Kind: fault.LeftBehind, Op: "delete the calendar event", Subject: event.Subject, Code: fault.CodeOf(err), Err: err}
	}
	if err := d.Journal.Remove(left); err != nil {
		return "", err
	}
	if readErr != nil {
		return "", readErr
	}
	return "created, read and deleted again", nil
}
