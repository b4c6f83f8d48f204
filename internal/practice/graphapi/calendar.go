package graphapi

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"entrada/internal/practice/faults"
	"entrada/internal/practice/mailboxes"
)

func (s *Server) calendarRoutes() {
	for _, path := range []string{"", "/calendar", "/calendars/{calendar}"} {
		s.both("GET", path+"/events", readCalendar, s.inCalendar(s.listEvents))
		s.both("POST", path+"/events", writeCalendar, s.inCalendar(s.createEvent))
		s.both("GET", path+"/events/{id}", readCalendar, s.inCalendar(s.getEvent))
		s.both("PATCH", path+"/events/{id}", writeCalendar, s.inCalendar(s.updateEvent))
		s.both("DELETE", path+"/events/{id}", writeCalendar, s.inCalendar(s.deleteEvent))
		s.both("GET", path+"/calendarView", readCalendar, s.inCalendar(s.calendarView))
	}
	s.both("GET", "/calendar", readCalendar, s.getCalendar)
	s.both("GET", "/calendars", readCalendar, s.listCalendars)
	s.both("GET", "/calendars/{calendar}", readCalendar, s.inCalendar(s.getCalendar))
}

// inCalendar lets a request through if it is about the one calendar there is.
func (s *Server) inCalendar(serve func(*call) error) func(*call) error {
	return func(c *call) error {
		if id := c.r.PathValue("calendar"); id != "" && id != calendarID(c) {
			return errItem
		}
		return serve(c)
	}
}

func calendarID(c *call) string {
	return "AAMkCalendar" + strings.ReplaceAll(c.owner.ID, "-", "") + "="
}

func (s *Server) calendar(c *call) map[string]any {
	return map[string]any{
		"id": calendarID(c), "name": "Calendar", "color": "auto", "hexColor": "", "isDefaultCalendar": true,
		"canShare":            true,
		"canViewPrivateItems": true, "canEdit": true, "isRemovable": false, "isTallyingResponses": true,
		"owner": map[string]any{"name": c.owner.Name, "address": c.owner.Address},
	}
}

func (s *Server) getCalendar(c *call) error {
	return c.one(http.StatusOK, "users('"+c.owner.ID+"')/calendar/$entity", s.calendar(c))
}

func (s *Server) listCalendars(c *call) error {
	return c.many("users('"+c.owner.ID+"')/calendars", []map[string]any{s.calendar(c)}, 10)
}

func (s *Server) listEvents(c *call) error {
	return s.events(c, s.Mail.List(c.owner.ID, mailboxes.Events), "events")
}

func (s *Server) events(c *call, items []mailboxes.Item, context string) error {
	basic := !c.holds(
		list("Calendars.Read", "Calendars.ReadWrite", "Calendars.Read.Shared", "Calendars.ReadWrite.Shared"))
	out := make([]map[string]any, 0, len(items))
	for _, i := range items {
		i = c.inZone(i)
		if basic {
			i = maps.Clone(i)
			delete(i, "body")
			delete(i, "bodyPreview")
			delete(i, "attachments")
		}
		out = append(out, i)
	}
	return c.many("users('"+c.owner.ID+"')/"+context, out, 10)
}

// when reads a dateTimeTimeZone.
func when(v any) (time.Time, bool) {
	m, _ := v.(map[string]any)
	name, _ := m["timeZone"].(string)
	in, ok := zone(name)
	if !ok {
		return time.Time{}, false
	}
	written, _ := m["dateTime"].(string)
	for _, layout := range []string{"2006-01-02T15:04:05.9999999", "2006-01-02T15:04:05", "2006-01-02T15:04",
		time.RFC3339Nano} {
		if t, err := time.ParseInLocation(layout, written, in); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// stored is a dateTimeTimeZone as Exchange gives it back: UTC, seven decimals.
func stored(t time.Time) map[string]any {
	return map[string]any{"dateTime": t.UTC().Format("2006-01-02T15:04:05.0000000"), "timeZone": "UTC"}
}

func (s *Server) createEvent(c *call) error {
	body, err := c.body()
	if err != nil {
		return err
	}
	start, ok1 := when(body["start"])
	end, ok2 := when(body["end"])
	switch {
	case !ok1 || !ok2:
		return &Problem{http.StatusBadRequest, "ErrorPropertyValidationFailure",
			"At least one property failed validation."}
	case end.Before(start):
		return &Problem{http.StatusBadRequest, "ErrorPropertyValidationFailure",
			"The end time of the event must not be before its start time."}
	}
	e := mailboxes.Item(body)
	zone, _ := property(body, "start/timeZone").(string)
	e["originalStartTimeZone"], e["originalEndTimeZone"] = zone, zone
	e["start"], e["end"] = stored(start), stored(end)
	content, _ := property(body, "body/content").(string)
	self := map[string]any{"emailAddress": map[string]any{"name": c.owner.Name, "address": c.owner.Address}}
	for name, v := range map[string]any{
		"subject": "", "body": map[string]any{"contentType": "text", "content": ""}, "bodyPreview": content,
		"attendees": []any{}, "isAllDay": false,
		"isCancelled": false, "isDraft": false, "isOnlineMeeting": false, "isOrganizer": true, "isReminderOn": true,
		"importance":  "normal",
		"sensitivity": "normal", "showAs": "busy", "type": "singleInstance", "responseRequested": true,
		"hasAttachments": false,
		"location":       map[string]any{"displayName": ""}, "locations": []any{}, "categories": []any{},
		"recurrence": nil, "seriesMasterId": nil,
		"transactionId": nil, "reminderMinutesBeforeStart": 15, "allowNewTimeProposals": true,
		"iCalUId":   mailboxes.NewID(),
		"organizer": self, "responseStatus": map[string]any{"response": "organizer", "time": "0001-01-01T00:00:00Z"},
		"webLink": "https://outlook.invalid/owa/",
	} {
		if e[name] == nil {
			e[name] = v
		}
	}
	e["@odata.etag"] = `W/"practice"`
	event, duplicate := s.Mail.AddEvent(c.owner.ID, e)
	if duplicate {
		return &Problem{http.StatusConflict, "ErrorDuplicateTransactionId",
			"Your request can't be completed. The TransactionId specified in the request has already been used to " +
				"create a different event."}
	}
	s.invite(c, event)
	if s.Faults.Hit(faults.EventDropAfterAccept) {
		panic(http.ErrAbortHandler)
	}
	c.w.Header().Set("Location", base(c.r)+"/v1.0/users('"+c.owner.ID+"')/events('"+event.Text("id")+"')")
	return c.one(http.StatusCreated, "users('"+c.owner.ID+"')/events/$entity", event)
}

// invite mails the attendees, as Exchange does without asking.
func (s *Server) invite(c *call, event mailboxes.Item) {
	people, _ := event["attendees"].([]any)
	if len(people) == 0 {
		return
	}
	var to []string
	inboxes := map[string]string{}
	for _, p := range people {
		a := address(p)
		to = append(to, a)
		if u, ok := s.Directory.Account(a); ok {
			inboxes[u.ID] = u.Address
		}
	}
	m := mailboxes.Item{"subject": event["subject"], "toRecipients": people, "from": event["organizer"],
		"sender": event["organizer"]}
	fillMessage(m)
	s.Mail.Send(
		c.owner.ID, mailboxes.Mail{From: c.owner.Address, To: to, Subject: "Invitation: " + event.Text("subject"),
			ClientID: c.token.ClientID}, m, inboxes)
}

func (s *Server) getEvent(c *call) error {
	e, ok := s.Mail.Get(c.owner.ID, mailboxes.Events, c.r.PathValue("id"))
	if !ok {
		return errItem
	}
	return c.one(http.StatusOK, "users('"+c.owner.ID+"')/events/$entity", c.inZone(e))
}

// inZone shows an event in the time zone of "Prefer: outlook.timezone".
func (c *call) inZone(e mailboxes.Item) mailboxes.Item {
	_, name, asked := strings.Cut(c.r.Header.Get("Prefer"), `outlook.timezone="`)
	name, _, _ = strings.Cut(name, `"`)
	in, known := zone(name)
	if !asked || !known {
		return e
	}
	c.w.Header().Set("Preference-Applied", `outlook.timezone="`+name+`"`)
	e = maps.Clone(e)
	for _, side := range []string{"start", "end"} {
		t, _ := when(e[side])
		e[side] = map[string]any{"dateTime": t.In(in).Format("2006-01-02T15:04:05.0000000"), "timeZone": name}
	}
	return e
}

func (s *Server) updateEvent(c *call) error {
	body, err := c.body()
	if err != nil {
		return err
	}
	for _, name := range []string{"start", "end"} {
		if v, given := body[name]; given {
			t, ok := when(v)
			if !ok {
				return &Problem{http.StatusBadRequest, "ErrorPropertyValidationFailure",
					"At least one property failed validation."}
			}
			body[name] = stored(t)
		}
	}
	delete(body, "transactionId") // documented: not after creation
	e, ok := s.Mail.Update(c.owner.ID, mailboxes.Events, c.r.PathValue("id"), body)
	if !ok {
		return errItem
	}
	return c.one(http.StatusOK, "users('"+c.owner.ID+"')/events/$entity", e)
}

func (s *Server) deleteEvent(c *call) error {
	if s.Faults.Hit(faults.EventDeleteFails) {
		return &Problem{http.StatusInternalServerError, "ErrorInternalServerError",
			"An internal server error occurred. The operation failed."}
	}
	if !s.Mail.Delete(c.owner.ID, mailboxes.Events, c.r.PathValue("id")) {
		return errItem
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) calendarView(c *call) error {
	q := c.r.URL.Query()
	from, err1 := viewTime(q.Get("startDateTime"))
	to, err2 := viewTime(q.Get("endDateTime"))
	if err1 != nil || err2 != nil {
		return &Problem{http.StatusBadRequest, "ErrorInvalidParameter",
			"This request requires a time window specified by the query string parameters StartDateTime and " +
				"EndDateTime."}
	}
	items := slices.DeleteFunc(s.Mail.List(c.owner.ID, mailboxes.Events), func(e mailboxes.Item) bool {
		start, _ := when(e["start"])
		end, _ := when(e["end"])
		return !start.Before(to) || !end.After(from)
	})
	return s.events(c, items, "calendarView")
}

func viewTime(s string) (time.Time, error) {
	// A plus sign that was not escaped arrives as a space.
	s = strings.ReplaceAll(s, " ", "+")
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t, nil
	}
	if t, err := time.Parse("2006-01-02T15:04:05", s); err == nil {
		return t, nil
	}
	return time.Parse("2006-01-02", s)
}
