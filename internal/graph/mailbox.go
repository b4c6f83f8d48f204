package graph

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"entrada/internal/fault"
)

// User is the signed-in person or another account.
type User struct {
	ID                string `json:"id"`
	DisplayName       string `json:"displayName"`
	UserPrincipalName string `json:"userPrincipalName"`
	Mail              string `json:"mail"` // "" usually means: no mailbox
}

// Address is the address to write to.
func (u User) Address() string {
	if u.Mail != "" {
		return u.Mail
	}
	return u.UserPrincipalName
}

// Organization is the tenant as it calls itself.
type Organization struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
}

// Me reads the signed-in person's profile (permission User.Read;
// learn.microsoft.com/graph/api/user-get).
func (c *Client) Me(ctx context.Context) (User, error) {
	var u User
	err := c.do(
		ctx, "read the profile", http.MethodGet, "/me?$select=id,displayName,userPrincipalName,mail", nil, &u, always)
	return u, err
}

// Organization reads the tenant's name (User.Read is enough for it;
// learn.microsoft.com/graph/api/organization-list).
func (c *Client) Organization(ctx context.Context) (Organization, error) {
	var page struct {
		Value []Organization `json:"value"`
	}
	const op = "read the organisation's name"
	if err := c.do(ctx, op, http.MethodGet, "/organization?$select=id,displayName", nil, &page, always); err != nil {
		return Organization{}, err
	}
	if len(page.Value) == 0 {
		return Organization{}, &fault.Error{Kind: fault.BadAnswer, Op: op, Detail: "no organisation in the answer"}
	}
	return page.Value[0], nil
}

// SendMail sends a plain-text mail from a mailbox ("" is the signed-in
// person's) and keeps no copy in its sent items. Graph answers 202 without an
// ID, so a failure after the request went out cannot be told from success: it
// is of kind MaybeSent and must not be repeated
// (learn.microsoft.com/graph/api/user-sendmail).
func (c *Client) SendMail(ctx context.Context, from, to, subject, text string) error {
	const op = "send a mail"
	body := map[string]any{
		"message": map[string]any{
			"subject":      subject,
			"body":         map[string]string{"contentType": "Text", "content": text},
			"toRecipients": []any{map[string]any{"emailAddress": map[string]string{"address": to}}},
		},
		"saveToSentItems": false,
	}
	err := c.do(ctx, op, http.MethodPost, mailbox(from)+"/sendMail", body, nil, never)
	var f *fault.Error
	if errors.As(err, &f) && !ChangedNothing(err) {
		switch f.Kind {
		case fault.TimedOut, fault.BadAnswer, fault.Unavailable, fault.Cancelled:
			return &fault.Error{Kind: fault.MaybeSent, Op: op, Subject: to, Status: f.Status, Code: f.Code,
				RequestID: f.RequestID, TraceID: f.TraceID, When: f.When, Err: err}
		}
	}
	return err
}

// Event is a calendar event without attendees.
type Event struct {
	ID            string
	Subject       string
	Start, End    time.Time // UTC, whole seconds
	TransactionID string    // makes creation safe to repeat
}

type dateTimeZone struct {
	DateTime string `json:"dateTime"`
	TimeZone string `json:"timeZone"`
}

type eventJSON struct {
	ID            string        `json:"id,omitempty"`
	Subject       string        `json:"subject"`
	Start         *dateTimeZone `json:"start,omitempty"`
	End           *dateTimeZone `json:"end,omitempty"`
	TransactionID string        `json:"transactionId,omitempty"`
	ShowAs        string        `json:"showAs,omitempty"`
	Reminder      *bool         `json:"isReminderOn,omitempty"`
}

func (e eventJSON) event() Event {
	out := Event{ID: e.ID, Subject: e.Subject, TransactionID: e.TransactionID}
	if e.Start != nil {
		out.Start = parseTime(*e.Start)
	}
	if e.End != nil {
		out.End = parseTime(*e.End)
	}
	return out
}

// parseTime reads Graph's times, which have no offset and up to seven decimals. It
// returns the zero time for an unknown zone.
func parseTime(d dateTimeZone) time.Time {
	if d.TimeZone != "UTC" {
		return time.Time{}
	}
	t, err := time.Parse("2006-01-02T15:04:05.9999999", d.DateTime)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

func utc(t time.Time) *dateTimeZone {
	return &dateTimeZone{t.UTC().Format("2006-01-02T15:04:05"), "UTC"}
}

// CreateEvent puts an event into the calendar, shown as free and without a
// reminder. Repeating it with the same TransactionID makes no second one
// (learn.microsoft.com/graph/api/resources/event).
func (c *Client) CreateEvent(ctx context.Context, box string, e Event) (Event, error) {
	off := false
	body := eventJSON{Subject: e.Subject, Start: utc(e.Start), End: utc(e.End), TransactionID: e.TransactionID,
		ShowAs: "free", Reminder: &off}
	var out eventJSON
	const op = "create a calendar event"
	err := c.do(ctx, op, http.MethodPost, mailbox(box)+"/events", body, &out, always)
	return out.event(), needID(op, out.ID, err)
}

// ReadEvent reads an event back (learn.microsoft.com/graph/api/event-get).
func (c *Client) ReadEvent(ctx context.Context, box, id string) (Event, error) {
	var out eventJSON
	err := c.do(
		ctx, "read the calendar event", http.MethodGet,
		mailbox(box)+"/events/"+url.PathEscape(id)+"?$select=id,subject,start,end,transactionId", nil, &out, always)
	return out.event(), err
}

// DeleteEvent removes an event. One that is gone already counts as removed
// (learn.microsoft.com/graph/api/event-delete).
func (c *Client) DeleteEvent(ctx context.Context, box, id string) error {
	err := c.do(
		ctx, "delete the calendar event", http.MethodDelete, mailbox(box)+"/events/"+url.PathEscape(id), nil, nil,
		always)
	if gone(err) {
		return nil
	}
	return err
}

// EventsBetween lists what the calendar holds in a span of time, at most 50
// (learn.microsoft.com/graph/api/user-list-calendarview).
func (c *Client) EventsBetween(ctx context.Context, box string, from, to time.Time) ([]Event, error) {
	var page struct {
		Value []eventJSON `json:"value"`
	}
	q := url.Values{
		"startDateTime": {from.UTC().Format(time.RFC3339)}, "endDateTime": {to.UTC().Format(time.RFC3339)},
		"$select": {"id,subject,start,end"}, "$top": {strconv.Itoa(50)},
	}
	err := c.do(ctx, "read the calendar", http.MethodGet, mailbox(box)+"/calendarView?"+q.Encode(), nil, &page, always)
	events := make([]Event, 0, len(page.Value))
	for _, e := range page.Value {
		events = append(events, e.event())
	}
	return events, err
}
