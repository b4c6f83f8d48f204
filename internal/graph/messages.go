package graph

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
)

// Message is a mail or a draft, without its contents.
type Message struct {
	ID      string `json:"id"`
	Subject string `json:"subject"`
	IsDraft bool   `json:"isDraft"`
}

// keepingIDs asks for IDs that outlive a move between folders; without them, a
// message gets another ID when it goes to the deleted items
// (learn.microsoft.com/graph/outlook-immutable-id).
func (c *Client) keepingIDs() *Client {
	same := *c
	same.headers = map[string]string{"Prefer": `IdType="ImmutableId"`}
	return &same
}

// ReadSubjects reads the newest mails' subjects (Mail.ReadBasic is enough;
// learn.microsoft.com/graph/api/user-list-messages).
func (c *Client) ReadSubjects(ctx context.Context, box string, top int) ([]string, error) {
	var page struct {
		Value []Message `json:"value"`
	}
	err := c.do(
		ctx, "read mail", http.MethodGet,
		mailbox(box)+"/messages?$select=subject,receivedDateTime&$top="+strconv.Itoa(top), nil, &page, always)
	subjects := make([]string, 0, len(page.Value))
	for _, m := range page.Value {
		subjects = append(subjects, m.Subject)
	}
	return subjects, err
}

// MessagesWithSubject finds mails and drafts in all folders by their exact
// subject, at most 20 (learn.microsoft.com/graph/api/user-list-messages).
func (c *Client) MessagesWithSubject(ctx context.Context, box, subject string) ([]Message, error) {
	var page struct {
		Value []Message `json:"value"`
	}
	q := url.Values{"$filter": {"subject eq " + quoted(subject)}, "$select": {"id,subject,isDraft"}, "$top": {"20"}}
	err := c.keepingIDs().do(
		ctx, "look for a mail", http.MethodGet, mailbox(box)+"/messages?"+query(q), nil, &page, always)
	return page.Value, err
}

// CreateDraft puts a plain-text draft into the drafts folder. It is not idempotent, so it
// is not repeated when the outcome is unknown
// (learn.microsoft.com/graph/api/user-post-messages).
func (c *Client) CreateDraft(ctx context.Context, box, subject, text string) (Message, error) {
	const op = "create a draft"
	body := map[string]any{"subject": subject, "body": map[string]string{"contentType": "Text", "content": text}}
	var m Message
	err := c.keepingIDs().do(ctx, op, http.MethodPost, mailbox(box)+"/messages", body, &m, never)
	return m, needID(op, m.ID, err)
}

// ReadMessage reads a mail or draft back
// (learn.microsoft.com/graph/api/message-get).
func (c *Client) ReadMessage(ctx context.Context, box, id string) (Message, error) {
	var m Message
	err := c.keepingIDs().do(
		ctx, "read the mail", http.MethodGet,
		mailbox(box)+"/messages/"+url.PathEscape(id)+"?$select=id,subject,isDraft", nil, &m, always)
	return m, err
}

// DeleteMessage removes a mail or draft for good, as far as people can see: the
// first deletion moves it to the deleted items, the second takes it from there.
// The action permanentDelete exists in the worldwide cloud alone
// (learn.microsoft.com/graph/api/message-delete, …/message-permanentdelete).
// One that is gone already counts as removed.
func (c *Client) DeleteMessage(ctx context.Context, box, id string) error {
	for range 2 {
		err := c.keepingIDs().do(
			ctx, "delete the mail", http.MethodDelete, mailbox(box)+"/messages/"+url.PathEscape(id), nil, nil, always)
		if gone(err) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}
