package practice_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"entrada/internal/entra"
	"entrada/internal/practice"
)

// again starts a practice tenant that the test closes itself.
func again(t *testing.T, file string) *practice.Server {
	t.Helper()
	s, err := practice.Start(t.Context(), practice.Options{StateFile: file})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func closed(t *testing.T, s *practice.Server) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func content(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// registerInPortal goes the guided route with a browser and gives an app with a
// secret, Mail.Send and Calendars.ReadWrite, and consent for everybody.
func registerInPortal(t *testing.T, s *practice.Server) vendor {
	t.Helper()
	b := newBrowser(t)
	b.portal(s, entra.PageNewRegistration, "alex@contoso.example", "")
	b.submit("register-form", map[string]string{"name": "Kept Vendor", "audience": "AzureADMyOrg"})
	v := vendor{clientID: b.element("application-client-id"), tenant: s.Info().Tenants[0].ID}
	b.portal(s, entra.PageAuthentication, "", v.clientID)
	b.open(b.at.String() + "?pane=configure&platform=web")
	b.submit("redirect-form", map[string]string{"redirectUri": "http://localhost/callback"})
	b.portal(s, entra.PagePermissions, "", v.clientID)
	at := b.at.String()
	fields := url.Values{"type": {"delegated"},
		"permission": {permissionID("Mail.Send"), permissionID("Calendars.ReadWrite"), permissionID("offline_access")}}
	r, _ := http.NewRequest("POST", at+"/add", strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.do(r)
	b.open(at + "?pane=consent")
	b.submit("consent-form", nil)
	b.portal(s, entra.PageSecrets, "", v.clientID)
	b.open(b.at.String() + "?pane=new")
	b.submit("secret-form", map[string]string{"description": "kept secret", "expires": "365"})
	v.secret = b.element("secret-value")
	return v
}

// probe asks for an app-only token, as the connection test does.
func probe(t *testing.T, s *practice.Server, v vendor) {
	t.Helper()
	got := token(t, s, v.tenant,
		url.Values{"grant_type": {"client_credentials"}, "client_id": {v.clientID}, "client_secret": {v.secret},
			"scope": {s.Cloud().GraphScope(".default")}})
	if got.status != http.StatusOK {
		t.Errorf("client credentials: %d %s", got.status, got.raw)
	}
}

// lasting is the part of the state that a restart must not change. The
// administrator app gets a new secret each time.
func lasting(t *testing.T, s *practice.Server) string {
	t.Helper()
	st := s.State()
	st.Requests = nil
	for i := range st.Applications {
		if st.Applications[i].AppID == s.Info().AdminApp.ClientID {
			st.Applications[i].Secrets, st.Applications[i].PasswordCredentials = nil, nil
		}
	}
	for i := range st.SignIns {
		st.SignIns[i].Scopes = nil // named Graph by its address of then
	}
	data, err := json.MarshalIndent(st, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestTheOrganisationOutlastsARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new", "folder", "tenant.json")
	s := again(t, file)
	v := registerInPortal(t, s)
	scopes := "openid offline_access " + s.Cloud().GraphScope("Mail.Send") + " " +
		s.Cloud().GraphScope("Calendars.ReadWrite")
	reply := newBrowser(t).signIn(v.authorizeURL(s, "scope", scopes), "megan@contoso.example")
	got := token(t, s, v.tenant, v.redeem(reply.Get("code")))
	access, refresh := got.text("access_token"), got.text("refresh_token")
	if access == "" || refresh == "" {
		t.Fatalf("no tokens: %s", got.raw)
	}
	me := s.Cloud().Graph + "/v1.0/me"
	send(t, "POST", me+"/sendMail", access, mailTo("megan@contoso.example", "kept mail", true))
	gone := send(t, "POST", me+"/events", access, event("gone", "t-gone"))
	send(t, "DELETE", me+"/events/"+gone.text("id"), access, nil)
	kept := send(t, "POST", me+"/events", access, event("kept event", "t-kept"))
	other := delegated(t, s, "alex@contoso.example", "Contacts.ReadWrite Tasks.ReadWrite MailboxSettings.ReadWrite")
	send(t, "POST", me+"/contacts", other, map[string]any{"givenName": "Kept", "surname": "Contact"})
	send(t, "POST", me+"/todo/lists/tasks/tasks", other, map[string]any{"title": "kept task"})
	send(t, "PATCH", me+"/mailboxSettings", other, map[string]any{"timeZone": "Pacific Standard Time"})
	before, info := lasting(t, s), s.Info()
	closed(t, s)

	text := content(t, file)
	for what, canary := range map[string]string{"the secret": v.secret,
		"the scripts' secret": info.AdminApp.ClientSecret, "an access token": access,
		"a refresh token": refresh, "a code": reply.Get("code"),
		"our sign-in address": strings.TrimPrefix(info.Login, "http://"),
		"our Graph address":   strings.TrimPrefix(info.Graph, "http://"),
		"our portal address":  strings.TrimPrefix(info.Portal, "http://")} {
		if strings.Contains(text, canary) {
			t.Errorf("the file holds %s", what)
		}
	}
	if mode := fileMode(t, file); mode != 0o600 {
		t.Errorf("mode %v", mode)
	}

	s = again(t, file)
	if notes := s.Notes(); len(notes) > 0 {
		t.Error(notes)
	}
	if after := lasting(t, s); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	if s.Info().AdminApp.ClientID != info.AdminApp.ClientID || !reflect.DeepEqual(s.Info().Tenants, info.Tenants) {
		t.Errorf("before: %+v\nafter: %+v", info, s.Info())
	}
	probe(t, s, v)
	b := newBrowser(t)
	b.portal(s, entra.PageSecrets, "alex@contoso.example", v.clientID)
	b.sees("kept secret", v.secret[:3]+"******************")
	b.portal(s, entra.PagePermissions, "", v.clientID)
	b.sees("Calendars.ReadWrite", "Granted for Contoso (practice)")
	b.portal(s, entra.PageAuthentication, "", v.clientID)
	b.sees("http://localhost/callback")
	b.open(s.Cloud().Portal + "/mailboxes")
	b.sees("kept mail", "kept event", "Kept Contact", "gone")
	me = s.Cloud().Graph + "/v1.0/me"
	if again := send(t, "POST", me+"/events", access,
		event("kept event", "t-kept")); again.text("id") != kept.text("id") {
		t.Errorf("the access token of before, the event of before: %d %s", again.status, again.raw)
	}
	if tasks := send(t, "GET", me+"/todo/lists/tasks/tasks", other, nil); !strings.Contains(tasks.raw, "kept task") {
		t.Errorf("tasks: %s", tasks.raw)
	}
	if set := send(t, "PATCH", me+"/mailboxSettings", other,
		map[string]any{"workingHours": map[string]any{"startTime": "07:00:00"}}); set.text(
		"timeZone") != "Pacific Standard Time" {
		t.Errorf("settings: %s", set.raw)
	}
	fresh := token(t, s, v.tenant,
		url.Values{"grant_type": {"refresh_token"}, "client_id": {v.clientID}, "client_secret": {v.secret},
			"refresh_token": {refresh}})
	if fresh.status != http.StatusOK || !strings.Contains(fresh.text("scope"), "Calendars.ReadWrite") ||
		fresh.text("id_token") == "" {
		t.Errorf("refresh: %s", fresh.raw)
	}
	admin(t, s)
	old := url.Values{"grant_type": {"client_credentials"}, "client_id": {info.AdminApp.ClientID},
		"client_secret": {info.AdminApp.ClientSecret}, "scope": {"https://graph.microsoft.com/.default"}}
	if same := token(t, s, v.tenant, old); same.status != http.StatusOK {
		t.Errorf("the scripts' secret of last time: %s", same.raw)
	}
}

func TestTheAdministratorAppComesBackAndTenantsAreAdded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tenant.json")
	s := again(t, file)
	first := s.Info()
	if got := send(t, "DELETE", s.Cloud().Graph+"/v1.0/applications(appId='"+first.AdminApp.ClientID+"')", admin(t, s),
		nil); got.status != http.StatusNoContent {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	closed(t, s)
	// Secrets may be forbidden from the start; the scripts' own still works.
	s, err := practice.Start(t.Context(),
		practice.Options{StateFile: file, Tenants: 3, Faults: []string{"secret-policy"}})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, s)
	if admin(t, s); len(s.Info().Tenants) != 3 || s.Info().Tenants[0].ID != first.Tenants[0].ID ||
		s.Info().Tenants[2].Domain != "contoso3.example" {
		t.Errorf("%+v", s.Info())
	}
}

func TestDamagedFilesAreSetAside(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "tenant.json")
	s := again(t, file)
	register(t, s, nil, "User.Read")
	id := s.Info().Tenants[0].ID
	closed(t, s)
	good := content(t, file)
	bad := map[string]string{
		"empty": "", "nothing": "null", "a list": "[]", "no JSON": "{", "no version": "{}",
		"version 0": `{"version":0}`, "a version in words": `{"version":"1"}`,
		"nothing but a version": `{"version":1}`, "cut": good[:len(good)/2], "more behind": good + "}",
		"no key":                strings.Replace(good, `"kty":"RSA"`, `"kty":"oct"`, 1),
		"half a key":            strings.Replace(good, `"d":"`, `"x":"`, 1),
		"two of a name":         strings.Replace(good, "megan@contoso.example", "alex@contoso.example", 1),
		"an app without a home": strings.ReplaceAll(good, `"tenantId":"`+id, `"tenantId":"x`+id),
		"other kinds":           strings.Replace(good, `"users":[`, `"users":[7,`, 1),
		"an empty account":      strings.Replace(good, `"users":[`, `"users":[null,`, 1),
	}
	for name, text := range bad {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "tenant.json")
			if text == good {
				t.Fatal("not damaged at all")
			}
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			s := again(t, file)
			if notes := strings.Join(s.Notes(), "\n"); !strings.Contains(notes, "set aside as tenant.json.damaged") {
				t.Errorf("notes: %q", notes)
			}
			v := register(t, s, nil, "User.Read")
			closed(t, s)
			if content(t, file+".damaged") != text {
				t.Error("the damaged file is not kept as it was")
			}
			s = again(t, file)
			if len(s.Notes()) > 0 {
				t.Error(s.Notes())
			}
			probe(t, s, v)
			closed(t, s)
		})
	}
}

func TestFilesThatAreLeftAlone(t *testing.T) {
	folder := t.TempDir()
	newer := filepath.Join(folder, "newer.json")
	const text = `{"version": 2, "what": "comes one day"}`
	if err := os.WriteFile(newer, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	taken := filepath.Join(folder, "taken.json")
	holder := again(t, taken)
	for file, want := range map[string]string{newer: "newer version", taken: "in use by another program",
		filepath.Join(newer, "tenant.json"): "cannot be opened", folder: "cannot be opened"} {
		s := again(t, file)
		if notes := s.Notes(); len(notes) != 1 || !strings.Contains(notes[0], want) ||
			!strings.Contains(notes[0], "nothing of it is kept") {
			t.Errorf("%s: %q", file, notes)
		}
		probe(t, s, register(t, s, nil, "User.Read"))
		closed(t, s)
	}
	if content(t, newer) != text {
		t.Error("the newer file was changed")
	}
	v := register(t, holder, nil, "User.Read")
	closed(t, holder)
	back := again(t, taken)
	probe(t, back, v)
	if n := len(back.State().Applications); n != 2 {
		t.Errorf("%d applications", n)
	}
}

// Everything at once while the file is written again and again.
func TestConcurrentUseIsKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tenant.json")
	s := again(t, file)
	bearer, g := admin(t, s), s.Cloud().Graph+"/v1.0"
	mail := appOnly(t, s, "Mail.Send", "Calendars.ReadWrite")
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			for j := range 5 {
				made := send(t, "POST", g+"/applications", bearer,
					map[string]any{"displayName": fmt.Sprint("app ", i, j), "signInAudience": "AzureADMyOrg"})
				send(t, "POST", g+"/applications/"+made.text("id")+"/addPassword", bearer, map[string]any{})
				who := g + "/users/" + []string{"megan", "alex", "chris"}[i%3] + "@contoso.example"
				send(t, "POST", who+"/sendMail", mail, mailTo("megan@contoso.example", fmt.Sprint(i, j), true))
				send(t, "POST", who+"/events", mail, event(fmt.Sprint(i, j), ""))
				if !json.Valid([]byte(content(t, file))) {
					t.Error("half a file")
				}
			}
		})
	}
	all.Wait()
	before := lasting(t, s)
	closed(t, s)
	s = again(t, file)
	if after := lasting(t, s); after != before || len(s.State().Applications) != 32 || len(s.State().Mails) != 30 {
		t.Errorf("%d applications, %d mails; before:\n%s\nafter:\n%s", len(s.State().Applications),
			len(s.State().Mails), before, after)
	}
}
