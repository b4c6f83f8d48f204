package graphapi

import (
	"maps"
	"net/http"

	"entrada/internal/practice/mailboxes"
)

// peopleRoutes are contacts, tasks and mailbox settings.
func (s *Server) peopleRoutes() {
	contact := collection{mailboxes.Contacts, "contacts"}
	s.both("GET", "/contacts", readContacts, s.list(contact))
	s.both("POST", "/contacts", writeContacts, s.create(contact, contactDefaults))
	s.both("GET", "/contacts/{id}", readContacts, s.get(contact))
	s.both("PATCH", "/contacts/{id}", writeContacts, s.update(contact))
	s.both("DELETE", "/contacts/{id}", writeContacts, s.remove(contact))

	lists := collection{mailboxes.Lists, "todo/lists"}
	s.both("GET", "/todo/lists", readTasks, s.list(lists))
	s.both("POST", "/todo/lists", writeTasks, s.create(lists, listDefaults))
	s.both("GET", "/todo/lists/{id}", readTasks, s.get(lists))
	s.both("PATCH", "/todo/lists/{id}", writeTasks, s.update(lists))
	s.both("DELETE", "/todo/lists/{id}", writeTasks, s.remove(lists))

	tasks := collection{"", "todo/lists/tasks"}
	s.both("GET", "/todo/lists/{list}/tasks", readTasks, s.list(tasks))
	s.both("POST", "/todo/lists/{list}/tasks", writeTasks, s.create(tasks, taskDefaults))
	s.both("GET", "/todo/lists/{list}/tasks/{id}", readTasks, s.get(tasks))
	s.both("PATCH", "/todo/lists/{list}/tasks/{id}", writeTasks, s.update(tasks))
	s.both("DELETE", "/todo/lists/{list}/tasks/{id}", writeTasks, s.remove(tasks))

	s.both("GET", "/mailboxSettings", readSettings, func(c *call) error {
		return c.one(http.StatusOK, "users('"+c.owner.ID+"')/mailboxSettings", s.Mail.Settings(c.owner.ID))
	})
	s.both("PATCH", "/mailboxSettings", writeSettings, func(c *call) error {
		body, err := c.body()
		if err != nil {
			return err
		}
		return c.one(http.StatusOK, "users('"+c.owner.ID+"')/mailboxSettings", s.Mail.ChangeSettings(c.owner.ID, body))
	})
}

// collection is a set of items that needs no rules of its own.
type collection struct {
	kind string // "" for the tasks of the list in the address
	name string
}

func (s *Server) kindOf(c *call, in collection) (string, error) {
	if in.kind != "" {
		return in.kind, nil
	}
	list := c.r.PathValue("list")
	if list == "tasks" || list == "defaultList" { // the default list may be named so
		for _, l := range s.Mail.List(c.owner.ID, mailboxes.Lists) {
			if l.Text("wellknownListName") == "defaultList" {
				list = l.Text("id")
			}
		}
	}
	if _, ok := s.Mail.Get(c.owner.ID, mailboxes.Lists, list); !ok {
		return "", errItem
	}
	return mailboxes.TasksOf(list), nil
}

// within answers once it is known which kind of items is asked for.
func (s *Server) within(in collection, answer func(c *call, kind string) error) func(*call) error {
	return func(c *call) error {
		kind, err := s.kindOf(c, in)
		if err != nil {
			return err
		}
		return answer(c, kind)
	}
}

func (s *Server) list(in collection) func(*call) error {
	return s.within(in, func(c *call, kind string) error {
		var out []map[string]any
		for _, i := range s.Mail.List(c.owner.ID, kind) {
			out = append(out, i)
		}
		return c.many("users('"+c.owner.ID+"')/"+in.name, out, 10)
	})
}

func (s *Server) create(in collection, defaults func(mailboxes.Item) *Problem) func(*call) error {
	return s.within(in, func(c *call, kind string) error {
		body, err := c.body()
		if err != nil {
			return err
		}
		item := maps.Clone(mailboxes.Item(body))
		if p := defaults(item); p != nil {
			return p
		}
		return c.one(
			http.StatusCreated, "users('"+c.owner.ID+"')/"+in.name+"/$entity", s.Mail.Add(c.owner.ID, kind, item))
	})
}

func (s *Server) get(in collection) func(*call) error {
	return s.within(in, func(c *call, kind string) error {
		item, ok := s.Mail.Get(c.owner.ID, kind, c.r.PathValue("id"))
		if !ok {
			return errItem
		}
		return c.one(http.StatusOK, "users('"+c.owner.ID+"')/"+in.name+"/$entity", item)
	})
}

func (s *Server) update(in collection) func(*call) error {
	return s.within(in, func(c *call, kind string) error {
		body, err := c.body()
		if err != nil {
			return err
		}
		item, ok := s.Mail.Update(c.owner.ID, kind, c.r.PathValue("id"), body)
		if !ok {
			return errItem
		}
		return c.one(http.StatusOK, "users('"+c.owner.ID+"')/"+in.name+"/$entity", item)
	})
}

func (s *Server) remove(in collection) func(*call) error {
	return s.within(in, func(c *call, kind string) error {
		id := c.r.PathValue("id")
		if item, ok := s.Mail.Get(c.owner.ID, kind, id); ok && item.Text("wellknownListName") == "defaultList" {
			return &Problem{http.StatusBadRequest, "invalidRequest", "The default list cannot be deleted."}
		}
		if !s.Mail.Delete(c.owner.ID, kind, id) {
			return errItem
		}
		c.w.WriteHeader(http.StatusNoContent)
		return nil
	})
}

func contactDefaults(i mailboxes.Item) *Problem {
	if i["displayName"] == nil {
		i["displayName"] = i.Text("givenName") + " " + i.Text("surname")
	}
	for _, name := range []string{"givenName", "surname", "companyName", "jobTitle", "mobilePhone", "fileAs"} {
		if i[name] == nil {
			i[name] = ""
		}
	}
	for _, name := range []string{"emailAddresses", "businessPhones", "homePhones", "categories"} {
		if i[name] == nil {
			i[name] = []any{}
		}
	}
	return nil
}

func listDefaults(i mailboxes.Item) *Problem {
	if i.Text("displayName") == "" {
		return &Problem{http.StatusBadRequest, "invalidRequest", "Invalid request: displayName is required."}
	}
	i["isOwner"], i["isShared"], i["wellknownListName"] = true, false, "none"
	return nil
}

func taskDefaults(i mailboxes.Item) *Problem {
	if i.Text("title") == "" {
		return &Problem{http.StatusBadRequest, "invalidRequest", "Invalid request: title is required."}
	}
	for name, v := range map[string]any{
		"status": "notStarted", "importance": "normal", "isReminderOn": false, "hasAttachments": false,
		"categories": []any{},
		"body":       map[string]any{"content": "", "contentType": "text"},
	} {
		if i[name] == nil {
			i[name] = v
		}
	}
	return nil
}
