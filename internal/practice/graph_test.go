package practice_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"entrada/internal/practice"
	"entrada/internal/practice/directory"
)

// delegated gives a token for a user with exactly these scopes.
func delegated(t *testing.T, s *practice.Server, account, scopes string) string {
	t.Helper()
	v := register(t, s, nil, scopes)
	reply := newBrowser(t).signIn(v.authorizeURL(s, "scope", scopes), account)
	got := token(t, s, v.tenant, v.redeem(reply.Get("code")))
	if got.status != http.StatusOK {
		t.Fatalf("%s: %v %s", account, reply, got.raw)
	}
	return got.text("access_token")
}

// appOnly gives a token of an app with exactly these roles.
func appOnly(t *testing.T, s *practice.Server, roles ...string) string {
	t.Helper()
	v := register(t, s, nil, "")
	bearer := admin(t, s)
	for _, r := range roles {
		p, _ := directory.PermissionNamed(r)
		made := send(t, "POST", s.Cloud().Graph+"/v1.0/servicePrincipals/"+v.graphID+"/appRoleAssignedTo", bearer,
			map[string]any{
				"principalId": v.spID, "resourceId": v.graphID, "appRoleId": p.RoleID})
		if made.status != http.StatusCreated {
			t.Fatalf("%s: %s", r, made.raw)
		}
	}
	got := token(t, s, v.tenant,
		map[string][]string{"grant_type": {"client_credentials"}, "client_id": {v.clientID},
			"client_secret": {v.secret}, "scope": {"https://graph.microsoft.com/.default"}})
	return got.text("access_token")
}

func mailTo(address, subject string, save bool) map[string]any {
	return map[string]any{"saveToSentItems": save,
		"message": map[string]any{"subject": subject, "body": map[string]any{"contentType": "Text", "content": "hello"},
			"toRecipients": []any{map[string]any{"emailAddress": map[string]any{"address": address}}}}}
}

func event(subject, transaction string) map[string]any {
	e := map[string]any{"subject": subject,
		"start": map[string]any{"dateTime": "2026-12-01T09:00:00", "timeZone": "UTC"},
		"end":   map[string]any{"dateTime": "2026-12-01T09:30:00", "timeZone": "UTC"}}
	if transaction != "" {
		e["transactionId"] = transaction
	}
	return e
}

func TestPermissionsAreEnforced(t *testing.T) {
	s := start(t, practice.Options{})
	tokens := map[string]string{
		"User.Read":        delegated(t, s, "megan@contoso.example", "User.Read"),
		"Mail.Send":        delegated(t, s, "megan@contoso.example", "Mail.Send"),
		"Mail.ReadBasic":   delegated(t, s, "megan@contoso.example", "Mail.ReadBasic"),
		"Calendars.Read":   delegated(t, s, "megan@contoso.example", "Calendars.Read"),
		"shared, no right": delegated(t, s, "chris@contoso.example", "Mail.Read.Shared"),
		"shared":           delegated(t, s, "megan@contoso.example", "Mail.Read.Shared"),
		"uma":              delegated(t, s, "uma@contoso.example", "User.Read Mail.Read"),
		"otto":             delegated(t, s, "otto@contoso.example", "Mail.Read Calendars.Read"),
		"app Mail.Read":    appOnly(t, s, "Mail.Read"),
		"app Mail.Send":    appOnly(t, s, "Mail.Send"),
		"app nothing":      appOnly(t, s),
		"nobody":           "",
		"forged":           "eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0.",
	}
	mail := mailTo("megan@contoso.example", "hello", false)
	for _, c := range []struct {
		who, method, path string
		body              any
		status            int
		code              string
	}{
		{"nobody", "GET", "/me", nil, 401, "InvalidAuthenticationToken"},
		{"forged", "GET", "/me", nil, 401, "InvalidAuthenticationToken"},
		{"User.Read", "GET", "/me", nil, 200, ""},
		{"User.Read", "GET", "/organization", nil, 200, ""},
		{"User.Read", "GET", "/me/memberOf", nil, 200, ""},
		{"User.Read", "GET", "/users", nil, 403, "Authorization_RequestDenied"},
		{"User.Read", "GET", "/me/messages", nil, 403, "ErrorAccessDenied"},
		{"User.Read", "POST", "/me/sendMail", mail, 403, "ErrorAccessDenied"},
		{"User.Read", "GET", "/applications", nil, 403, "Authorization_RequestDenied"},
		{"User.Read", "GET", "/policies/authorizationPolicy", nil, 403, "Authorization_RequestDenied"},
		{"Mail.Send", "POST", "/me/sendMail", mail, 202, ""},
		{"Mail.Send", "GET", "/me/messages", nil, 403, "ErrorAccessDenied"},
		{"Mail.Send", "GET", "/me", nil, 403, "Authorization_RequestDenied"},
		{"Mail.ReadBasic", "GET", "/me/messages", nil, 200, ""},
		{"Mail.ReadBasic", "POST", "/me/messages", map[string]any{"subject": "draft"}, 403, "ErrorAccessDenied"},
		{"Calendars.Read", "GET", "/me/events", nil, 200, ""},
		{"Calendars.Read", "POST", "/me/events", event("x", ""), 403, "ErrorAccessDenied"},
		{"Calendars.Read", "GET", "/me/calendarView", nil, 400, "ErrorInvalidParameter"},
		{"Calendars.Read", "GET",
			"/me/calendarView?startDateTime=2026-11-20T00:00:00Z&endDateTime=2026-11-21T00:00:00Z", nil, 200, ""},
		{"Calendars.Read", "GET", "/me/events/none", nil, 404, "ErrorItemNotFound"},
		{"shared", "GET", "/users/shared@contoso.example/messages", nil, 200, ""},
		{"shared", "GET", "/users/alex@contoso.example/messages", nil, 403, "ErrorAccessDenied"},
		{"shared, no right", "GET", "/users/shared@contoso.example/messages", nil, 403, "ErrorAccessDenied"},
		{"uma", "GET", "/me/messages", nil, 404, "MailboxNotEnabledForRESTAPI"},
		{"otto", "GET", "/me/messages", nil, 404, "MailboxNotEnabledForRESTAPI"},
		{"otto", "GET", "/me/calendars", nil, 404, "MailboxNotEnabledForRESTAPI"},
		{"app Mail.Read", "GET", "/me/messages", nil, 400, "BadRequest"},
		{"app Mail.Read", "GET", "/users/megan@contoso.example/messages", nil, 200, ""},
		{"app Mail.Read", "GET", "/users/nobody@contoso.example/messages", nil, 404, "ErrorInvalidUser"},
		{"app Mail.Read", "POST", "/users/megan@contoso.example/sendMail", mail, 403, "ErrorAccessDenied"},
		{"app Mail.Send", "POST", "/users/megan@contoso.example/sendMail", mail, 202, ""},
		{"app nothing", "GET", "/users/megan@contoso.example/messages", nil, 403, "ErrorAccessDenied"},
		{"app nothing", "GET", "/organization", nil, 403, "Authorization_RequestDenied"},
		{"User.Read", "GET", "/nothing", nil, 400, "BadRequest"},
	} {
		got := send(t, c.method, s.Cloud().Graph+"/v1.0"+c.path, tokens[c.who], c.body)
		if got.status != c.status || got.graphCode() != c.code {
			t.Errorf("%s: %s %s: want %d %s, got %d %s", c.who, c.method, c.path, c.status, c.code, got.status, got.raw)
		}
		if got.header.Get("Request-Id") == "" || got.header.Get("Date") == "" {
			t.Errorf("%s: no request-id or Date", c.path)
		}
	}
}

func TestShapeOfGraphErrors(t *testing.T) {
	s := start(t, practice.Options{})
	got := send(t, "GET", s.Cloud().Graph+"/v1.0/me", "", nil, "client-request-id", "my-own-id")
	inner, _ := got.json["error"].(map[string]any)["innerError"].(map[string]any)
	if inner["client-request-id"] != "my-own-id" || inner["request-id"] != got.header.Get("Request-Id") ||
		inner["date"] == nil {
		t.Errorf("inner error: %s", got.raw)
	}
	if got.header.Get("Client-Request-Id") != "my-own-id" || got.header.Get("WWW-Authenticate") == "" {
		t.Errorf("headers: %v", got.header)
	}
}

func TestMail(t *testing.T) {
	s := start(t, practice.Options{})
	me := s.Cloud().Graph + "/v1.0/me"
	megan := delegated(t, s, "megan@contoso.example", "Mail.Send Mail.ReadWrite")
	for i := range 12 {
		if got := send(t, "POST", me+"/sendMail", megan,
			mailTo("alex@contoso.example", fmt.Sprint("Test ", i), i == 0)); got.status != http.StatusAccepted ||
			got.raw != "" {
			t.Fatalf("send: %d %s", got.status, got.raw)
		}
	}
	alex := delegated(t, s, "alex@contoso.example", "Mail.Read")
	page := send(t, "GET", me+"/messages?$select=subject&$count=true", alex, nil)
	next, _ := page.json["@odata.nextLink"].(string)
	if list, _ := page.json["value"].([]any); len(list) != 10 || page.json["@odata.count"] != float64(12) ||
		next == "" {
		t.Fatalf("first page: %s", page.raw)
	}
	rest := send(t, "GET", next, alex, nil)
	if list, _ := rest.json["value"].([]any); len(list) != 2 || rest.json["@odata.nextLink"] != nil ||
		strings.Contains(rest.raw, "toRecipients") {
		t.Errorf("second page: %s", rest.raw)
	}
	found := send(t, "GET", me+"/messages?$top=5&$filter=subject%20eq%20'Test%203'", alex, nil)
	if list, _ := found.json["value"].([]any); len(list) != 1 {
		t.Errorf("filter: %s", found.raw)
	}
	if sent := send(t, "GET", me+"/mailFolders/sentitems/messages", megan, nil); strings.Count(sent.raw,
		`"subject"`) != 1 {
		t.Errorf("sent items: %s", sent.raw)
	}
	if bad := send(t, "POST", me+"/sendMail", megan,
		mailTo("nobody", "x", true)); bad.graphCode() != "ErrorInvalidRecipients" {
		t.Errorf("no address: %s", bad.raw)
	}
	spoof := mailTo("alex@contoso.example", "x", true)
	spoof["message"].(map[string]any)["from"] = map[string]any{
		"emailAddress": map[string]any{"address": "chris@contoso.example"}}
	if got := send(t, "POST", me+"/sendMail", megan, spoof); got.graphCode() != "ErrorSendAsDenied" {
		t.Errorf("in another's name: %s", got.raw)
	}
	draft := send(t, "POST", me+"/messages", megan, map[string]any{"subject": "Draft"})
	id := draft.text("id")
	if changed := send(t, "PATCH", me+"/messages/"+id, megan,
		map[string]any{"subject": "Better"}); changed.text("subject") != "Better" {
		t.Errorf("change: %s", changed.raw)
	}
	for i, want := range []int{204, 204, 404} { // to Deleted Items, for good, gone
		if got := send(t, "DELETE", me+"/messages/"+id, megan, nil); got.status != want {
			t.Errorf("deletion %d: %d", i, got.status)
		}
	}
	if mails := s.State().Mails; len(mails) != 12 || mails[0].From != "megan@contoso.example" ||
		mails[0].To[0] != "alex@contoso.example" || !mails[0].SavedToSent || mails[1].SavedToSent {
		t.Errorf("record of mails: %+v", mails)
	}
	b := newBrowser(t)
	b.open(s.Cloud().Portal + "/mailboxes")
	b.sees("Test 11", "from megan@contoso.example", "Sent Items", "Deleted for good")
}

func TestCalendar(t *testing.T) {
	s := start(t, practice.Options{})
	me := s.Cloud().Graph + "/v1.0/me"
	megan := delegated(t, s, "megan@contoso.example", "Calendars.ReadWrite")
	made := send(t, "POST", me+"/events", megan, event("Test", "run-1"))
	if made.status != http.StatusCreated {
		t.Fatal(made.raw)
	}
	again := send(t, "POST", me+"/events", megan, event("Test", "run-1"))
	if again.status != http.StatusCreated || again.text("id") != made.text("id") {
		t.Errorf("the same again: %s", again.raw)
	}
	if other := send(t, "POST", me+"/events", megan,
		event("Another", "run-1")); other.graphCode() != "ErrorDuplicateTransactionId" {
		t.Errorf("another with the same transactionId: %s", other.raw)
	}
	view := send(t, "GET", me+"/calendarView?startDateTime=2026-12-01T09:15:00Z&endDateTime=2026-12-01T10:00:00Z",
		megan, nil)
	if !strings.Contains(view.raw, made.text("id")) {
		t.Errorf("view: %s", view.raw)
	}
	if empty := send(t, "GET", me+"/calendarView?startDateTime=2026-12-01T09:30:00Z&endDateTime=2026-12-01T10:00:00Z",
		megan, nil); strings.Contains(empty.raw, made.text("id")) {
		t.Errorf("view after its end: %s", empty.raw)
	}
	if bad := send(t, "POST", me+"/events", megan,
		map[string]any{"subject": "x"}); bad.status != http.StatusBadRequest {
		t.Errorf("no times: %s", bad.raw)
	}
	if got := send(t, "PATCH", me+"/events/"+made.text("id"), megan,
		map[string]any{"subject": "Renamed"}); got.text("subject") != "Renamed" ||
		got.text("transactionId") != "run-1" {
		t.Errorf("change: %s", got.raw)
	}
	for i, want := range []int{204, 404} {
		if got := send(t, "DELETE", me+"/events/"+made.text("id"), megan, nil); got.status != want {
			t.Errorf("deletion %d: %d %s", i, got.status, got.raw)
		}
	}
	if e := s.State().Events; len(e.Live) != 0 || e.DeletedCount != 1 || e.Deleted[0].TransactionID != "run-1" {
		t.Errorf("record of events: %+v", e)
	}
}

func TestContactsTasksAndSettings(t *testing.T) {
	s := start(t, practice.Options{})
	me := s.Cloud().Graph + "/v1.0/me"
	megan := delegated(t, s, "megan@contoso.example", "Contacts.ReadWrite Tasks.ReadWrite MailboxSettings.ReadWrite")
	lists := send(t, "GET", me+"/todo/lists", megan, nil)
	first, _ := lists.json["value"].([]any)[0].(map[string]any)
	for path, body := range map[string]map[string]any{
		"/contacts": {"givenName": "Pat", "surname": "Lee"},
		"/todo/lists/" + first["id"].(string) + "/tasks": {"title": "Test"},
		"/todo/lists": {"displayName": "Test"},
	} {
		made := send(t, "POST", me+path, megan, body)
		if made.status != http.StatusCreated {
			t.Errorf("%s: %s", path, made.raw)
			continue
		}
		one := me + path + "/" + made.text("id")
		if got := send(t, "GET", one, megan, nil); got.status != http.StatusOK {
			t.Errorf("%s: %s", path, got.raw)
		}
		for _, want := range []int{204, 404} {
			if got := send(t, "DELETE", one, megan, nil); got.status != want {
				t.Errorf("%s: deletion %d", path, got.status)
			}
		}
	}
	if got := send(t, "PATCH", me+"/mailboxSettings", megan,
		map[string]any{"timeZone": "Europe/Berlin"}); got.text("timeZone") != "Europe/Berlin" ||
		got.text("timeFormat") == "" {
		t.Errorf("settings: %s", got.raw)
	}
}

func TestFourAtOncePerMailbox(t *testing.T) {
	s := start(t, practice.Options{})
	megan := delegated(t, s, "megan@contoso.example", "Mail.Read")
	set(t, s, "latency=300ms") // long enough for all to meet
	atOnce := func(n int) (refusals int) {
		var all sync.WaitGroup
		codes := make([]string, n)
		for i := range n {
			all.Go(func() { codes[i] = send(t, "GET", s.Cloud().Graph+"/v1.0/me/messages", megan, nil).graphCode() })
		}
		all.Wait()
		for _, c := range codes {
			if c == "ApplicationThrottled" {
				refusals++
			} else if c != "" {
				t.Errorf("%d at once: %s", n, c)
			}
		}
		return refusals
	}
	if n := atOnce(4); n != 0 {
		t.Errorf("%d of four requests at once were refused", n)
	}
	if atOnce(10) == 0 {
		t.Error("none of ten requests at once was refused")
	}
}
