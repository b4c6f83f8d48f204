package graphapi

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"entrada/internal/practice/directory"
	"entrada/internal/practice/faults"
	"entrada/internal/practice/mailboxes"
)

// both registers a mailbox route for the signed-in user and for a named one.
func (s *Server) both(method, path string, may need, serve func(*call) error) {
	s.handle(method+" /v1.0/me"+path, may, serve)
	s.handle(method+" /v1.0/users/{user}"+path, may, serve)
}

func (s *Server) mailRoutes() {
	s.both("POST", "/sendMail", sendMail, s.sendMail)
	s.both("POST", "/microsoft.graph.sendMail", sendMail, s.sendMail)
	s.both("GET", "/messages", readMail, s.listMessages)
	s.both("POST", "/messages", writeMail, s.createDraft)
	s.both("GET", "/messages/{id}", readMail, s.getMessage)
	s.both("PATCH", "/messages/{id}", writeMail, s.updateMessage)
	s.both("DELETE", "/messages/{id}", writeMail, s.deleteMessage)
	s.both("POST", "/messages/{id}/send", sendMail, s.sendDraft)
	s.both("GET", "/mailFolders", readMail, s.listFolders)
	s.both("GET", "/mailFolders/{folder}", readMail, s.getFolder)
	s.both("GET", "/mailFolders/{folder}/messages", readMail, s.listMessages)
}

func (s *Server) sendMail(c *call) error {
	body, err := c.body()
	if err != nil {
		return err
	}
	message, ok := property(body, "message").(map[string]any)
	if !ok {
		message, ok = property(body, "Message").(map[string]any)
	}
	if !ok {
		return &Problem{http.StatusBadRequest, "ErrorInvalidRequest", "A message is required."}
	}
	save := true
	for _, name := range []string{"saveToSentItems", "SaveToSentItems"} {
		if v, ok := body[name].(bool); ok {
			save = v
		}
	}
	return s.send(c, mailboxes.Item(message), save)
}

func (s *Server) send(c *call, message mailboxes.Item, save bool) error {
	to, err := recipients(message)
	if err != nil {
		return err
	}
	if from := address(property(message, "from")); from != "" && !strings.EqualFold(from, c.owner.Address) {
		sender, ok := s.Directory.User(c.tenant.ID, from)
		if !ok || c.user == nil || !slices.Contains(sender.Delegates, c.user.ID) || !c.holds(sendMailShared) {
			return &Problem{http.StatusForbidden, "ErrorSendAsDenied",
				"The user account which was used to submit this request does not have the right to send mail on " +
					"behalf of the specified sending account., Cannot submit message."}
		}
	}
	message = maps.Clone(message)
	self := map[string]any{"emailAddress": map[string]any{"name": c.owner.Name, "address": c.owner.Address}}
	message["sender"] = self
	if message["from"] == nil {
		message["from"] = self
	}
	fillMessage(message)
	inboxes := map[string]string{}
	for _, a := range to {
		if u, ok := s.Directory.Account(a); ok &&
			(u.Mailbox == directory.MailboxCloud || u.Mailbox == directory.MailboxShared) {
			inboxes[u.ID] = u.Address
		}
	}
	content, _ := property(message, "body/content").(string)
	s.Mail.Send(c.owner.ID, mailboxes.Mail{From: address(message["from"]), To: to, Subject: message.Text("subject"),
		Body: content, SavedToSent: save, ClientID: c.token.ClientID}, message, inboxes)
	if s.Faults.Hit(faults.MailDropAfterAccept) {
		panic(http.ErrAbortHandler)
	}
	c.w.WriteHeader(http.StatusAccepted)
	return nil
}

var sendMailShared = list("Mail.Send.Shared")

func address(v any) string {
	m, _ := v.(map[string]any)
	a, _ := property(m, "emailAddress/address").(string)
	return a
}

func recipients(message mailboxes.Item) ([]string, error) {
	var out []string
	for _, name := range []string{"toRecipients", "ccRecipients", "bccRecipients"} {
		people, _ := message[name].([]any)
		for _, p := range people {
			a := address(p)
			if !strings.Contains(a, "@") {
				return nil, &Problem{http.StatusBadRequest, "ErrorInvalidRecipients",
					"At least one recipient is not valid., Recipient '" + a + "' is not resolved."}
			}
			out = append(out, a)
		}
	}
	if len(out) == 0 {
		return nil, &Problem{http.StatusBadRequest, "ErrorInvalidRecipients", "At least one recipient is required."}
	}
	return out, nil
}

// fillMessage adds what Exchange adds to every message.
func fillMessage(m mailboxes.Item) {
	content, _ := property(m, "body/content").(string)
	preview := []rune(content)
	for name, v := range map[string]any{
		"subject": "", "bodyPreview": string(preview[:min(len(preview), 255)]), "importance": "normal",
		"hasAttachments": false,
		"toRecipients":   []any{}, "ccRecipients": []any{}, "bccRecipients": []any{}, "replyTo": []any{},
		"isRead": false, "isDraft": false,
		"body":           map[string]any{"contentType": "text", "content": ""},
		"flag":           map[string]any{"flagStatus": "notFlagged"},
		"conversationId": mailboxes.NewID(), "inferenceClassification": "focused", "categories": []any{},
		"internetMessageId": nil,
		"sentDateTime":      nil, "receivedDateTime": nil, "webLink": "https://outlook.invalid/owa/",
	} {
		if m[name] == nil {
			m[name] = v
		}
	}
	m["@odata.etag"] = `W/"practice"`
}

// basicOnly reports whether the token opens mail without its contents.
func (c *call) basicOnly() bool {
	return !c.holds(list("Mail.Read", "Mail.ReadWrite", "Mail.Read.Shared", "Mail.ReadWrite.Shared"))
}

func (c *call) shown(m mailboxes.Item) map[string]any {
	if !c.basicOnly() {
		return m
	}
	m = maps.Clone(m)
	for _, hidden := range []string{"body", "bodyPreview", "uniqueBody", "attachments", "extensions"} {
		delete(m, hidden)
	}
	return m
}

func (s *Server) folder(c *call) (string, error) {
	id := c.r.PathValue("folder")
	if i := slices.IndexFunc(mailboxes.FolderNames, func(f struct{ ID, Name string }) bool {
		return strings.EqualFold(f.ID, id)
	}); i >= 0 {
		return mailboxes.FolderNames[i].ID, nil
	}
	return "", errItem
}

func (s *Server) listMessages(c *call) error {
	items := s.Mail.List(c.owner.ID, mailboxes.Messages)
	if c.r.PathValue("folder") != "" {
		folder, err := s.folder(c)
		if err != nil {
			return err
		}
		items = slices.DeleteFunc(items, func(i mailboxes.Item) bool { return i.Text("parentFolderId") != folder })
	}
	out := make([]map[string]any, 0, len(items))
	for _, i := range items {
		out = append(out, c.shown(i))
	}
	return c.many("users('"+c.owner.ID+"')/messages", out, 10)
}

func (s *Server) getMessage(c *call) error {
	m, ok := s.Mail.Get(c.owner.ID, mailboxes.Messages, c.r.PathValue("id"))
	if !ok {
		return errItem
	}
	return c.one(http.StatusOK, "users('"+c.owner.ID+"')/messages/$entity", c.shown(m))
}

func (s *Server) createDraft(c *call) error {
	body, err := c.body()
	if err != nil {
		return err
	}
	m := mailboxes.Item(body)
	fillMessage(m)
	m["isDraft"], m["isRead"], m["parentFolderId"] = true, true, mailboxes.Drafts
	m = s.Mail.Add(c.owner.ID, mailboxes.Messages, m)
	return c.one(http.StatusCreated, "users('"+c.owner.ID+"')/messages/$entity", m)
}

func (s *Server) updateMessage(c *call) error {
	body, err := c.body()
	if err != nil {
		return err
	}
	m, ok := s.Mail.Update(c.owner.ID, mailboxes.Messages, c.r.PathValue("id"), body)
	if !ok {
		return errItem
	}
	return c.one(http.StatusOK, "users('"+c.owner.ID+"')/messages/$entity", m)
}

// deleteMessage moves to Deleted Items first; what lies there goes for good.
func (s *Server) deleteMessage(c *call) error {
	id := c.r.PathValue("id")
	m, ok := s.Mail.Get(c.owner.ID, mailboxes.Messages, id)
	if !ok {
		return errItem
	}
	if m.Text("parentFolderId") == mailboxes.Deleted {
		s.Mail.Delete(c.owner.ID, mailboxes.Messages, id)
	} else {
		s.Mail.Update(c.owner.ID, mailboxes.Messages, id, mailboxes.Item{"parentFolderId": mailboxes.Deleted})
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) sendDraft(c *call) error {
	m, ok := s.Mail.Get(c.owner.ID, mailboxes.Messages, c.r.PathValue("id"))
	if !ok {
		return errItem
	}
	s.Mail.Take(c.owner.ID, m.Text("id"))
	return s.send(c, m, true)
}

func (s *Server) folderObject(c *call, id, name string) map[string]any {
	total, unread := 0, 0
	for _, m := range s.Mail.List(c.owner.ID, mailboxes.Messages) {
		if m.Text("parentFolderId") == id {
			if total++; m["isRead"] == false {
				unread++
			}
		}
	}
	return map[string]any{"id": id, "displayName": name, "parentFolderId": "msgfolderroot", "childFolderCount": 0,
		"unreadItemCount": unread, "totalItemCount": total, "sizeInBytes": 0, "isHidden": false}
}

func (s *Server) listFolders(c *call) error {
	var out []map[string]any
	for _, f := range mailboxes.FolderNames {
		out = append(out, s.folderObject(c, f.ID, f.Name))
	}
	return c.many("users('"+c.owner.ID+"')/mailFolders", out, 10)
}

func (s *Server) getFolder(c *call) error {
	id, err := s.folder(c)
	if err != nil {
		return err
	}
	for _, f := range mailboxes.FolderNames {
		if f.ID == id {
			return c.one(http.StatusOK, "users('"+c.owner.ID+"')/mailFolders/$entity", s.folderObject(c, f.ID, f.Name))
		}
	}
	return errItem
}
