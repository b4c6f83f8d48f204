package graph

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
)

// Contact is an entry of the address book.
type Contact struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
}

// Contacts reads the first entries of the address book
// (learn.microsoft.com/graph/api/user-list-contacts).
func (c *Client) Contacts(ctx context.Context, box string, top int) ([]Contact, error) {
	var page struct {
		Value []Contact `json:"value"`
	}
	err := c.do(
		ctx, "read the contacts", http.MethodGet,
		mailbox(box)+"/contacts?$select=id,displayName&$top="+strconv.Itoa(top), nil, &page, always)
	return page.Value, err
}

// ContactsNamed finds contacts by their exact name, at most 20
// (learn.microsoft.com/graph/api/user-list-contacts).
func (c *Client) ContactsNamed(ctx context.Context, box, name string) ([]Contact, error) {
	var page struct {
		Value []Contact `json:"value"`
	}
	q := url.Values{"$filter": {"displayName eq " + quoted(name)}, "$select": {"id,displayName"}, "$top": {"20"}}
	err := c.do(ctx, "look for a contact", http.MethodGet, mailbox(box)+"/contacts?"+query(q), nil, &page, always)
	return page.Value, err
}

// CreateContact makes a contact with a name and nothing else. It is not idempotent, so it
// is not repeated when the outcome is unknown
// (learn.microsoft.com/graph/api/user-post-contacts).
func (c *Client) CreateContact(ctx context.Context, box, name string) (Contact, error) {
	const op = "create a contact"
	var out Contact
	err := c.do(
		ctx, op, http.MethodPost, mailbox(box)+"/contacts", map[string]string{"displayName": name, "givenName": name},
		&out, never)
	return out, needID(op, out.ID, err)
}

// ReadContact reads a contact back (learn.microsoft.com/graph/api/contact-get).
func (c *Client) ReadContact(ctx context.Context, box, id string) (Contact, error) {
	var out Contact
	err := c.do(
		ctx, "read the contact", http.MethodGet,
		mailbox(box)+"/contacts/"+url.PathEscape(id)+"?$select=id,displayName", nil, &out, always)
	return out, err
}

// DeleteContact removes a contact. One that is gone already counts as removed
// (learn.microsoft.com/graph/api/contact-delete).
func (c *Client) DeleteContact(ctx context.Context, box, id string) error {
	err := c.do(
		ctx, "delete the contact", http.MethodDelete, mailbox(box)+"/contacts/"+url.PathEscape(id), nil, nil, always)
	if gone(err) {
		return nil
	}
	return err
}

// TaskList is a list of Microsoft To Do.
type TaskList struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
}

// Task is an entry of such a list.
type Task struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// TaskLists reads all task lists
// (learn.microsoft.com/graph/api/todo-list-lists).
func (c *Client) TaskLists(ctx context.Context, box string) ([]TaskList, error) {
	return all[TaskList](ctx, c, "read the task lists", mailbox(box)+"/todo/lists?$top=100")
}

// CreateTaskList makes a task list. It is not idempotent, so it is not repeated when the
// outcome is unknown
// (learn.microsoft.com/graph/api/todo-post-lists).
func (c *Client) CreateTaskList(ctx context.Context, box, name string) (TaskList, error) {
	const op = "create a task list"
	var out TaskList
	err := c.do(
		ctx, op, http.MethodPost, mailbox(box)+"/todo/lists", map[string]string{"displayName": name}, &out, never)
	return out, needID(op, out.ID, err)
}

// DeleteTaskList removes a list with the tasks in it. One that is gone already
// counts as removed (learn.microsoft.com/graph/api/todotasklist-delete).
func (c *Client) DeleteTaskList(ctx context.Context, box, id string) error {
	err := c.do(
		ctx, "delete the task list", http.MethodDelete, mailbox(box)+"/todo/lists/"+url.PathEscape(id), nil, nil,
		always)
	if gone(err) {
		return nil
	}
	return err
}

// CreateTask makes a task in a list. It is not idempotent, so it is not repeated when the
// outcome is unknown
// (learn.microsoft.com/graph/api/todotasklist-post-tasks).
func (c *Client) CreateTask(ctx context.Context, box, list, title string) (Task, error) {
	const op = "create a task"
	var out Task
	err := c.do(
		ctx, op, http.MethodPost, mailbox(box)+"/todo/lists/"+url.PathEscape(list)+"/tasks",
		map[string]string{"title": title}, &out, never)
	return out, needID(op, out.ID, err)
}

// ReadTask reads a task back (learn.microsoft.com/graph/api/todotask-get).
func (c *Client) ReadTask(ctx context.Context, box, list, id string) (Task, error) {
	var out Task
	err := c.do(
		ctx, "read the task", http.MethodGet,
		mailbox(box)+"/todo/lists/"+url.PathEscape(list)+"/tasks/"+url.PathEscape(id), nil, &out, always)
	return out, err
}

// MailboxSettings are the settings of a mailbox that a test shows.
type MailboxSettings struct {
	TimeZone string `json:"timeZone"`
}

// MailboxSettings reads a mailbox's settings
// (learn.microsoft.com/graph/api/user-get-mailboxsettings).
func (c *Client) MailboxSettings(ctx context.Context, box string) (MailboxSettings, error) {
	var out MailboxSettings
	err := c.do(ctx, "read the mailbox settings", http.MethodGet, mailbox(box)+"/mailboxSettings", nil, &out, always)
	return out, err
}
