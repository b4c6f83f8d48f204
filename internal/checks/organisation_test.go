package checks

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/netclient"
	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
	"entrada/internal/secret"
	"entrada/internal/signin"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// organisation is a practice tenant with an app in it that asks for certain
// permissions, and an auditor who sees every mailbox.
type organisation struct {
	*practicetest.Organisation
	cloud    entra.Cloud // where the product looks, which a test may change
	tenant   string      // the same
	clientID string
	secret   secret.Value
	asked    []string
	http     *http.Client
	journal  *LeftoverList
	auditor  string // a token
}

// newOrganisation starts a practice tenant of a test's own.
func newOrganisation(t *testing.T, kind practicetest.Kind, asked ...string) *organisation {
	t.Helper()
	o := &organisation{
		Organisation: practicetest.Start(t, practice.Options{}), asked: asked,
		http:    netclient.New(netclient.Options{MaxBody: netclient.GraphBody}),
		journal: &LeftoverList{Path: filepath.Join(t.TempDir(), "leftovers.json")},
	}
	t.Cleanup(o.http.CloseIdleConnections)
	o.cloud, o.tenant = o.Cloud(), o.Tenant
	o.auditor = o.Token(o.RegisterWithConsent("Auditor", practicetest.Application,
		"Mail.ReadWrite", "Contacts.ReadWrite", "Tasks.ReadWrite.All", "Calendars.ReadWrite"))
	app := o.Register("Vendor", kind, asked...)
	o.clientID, o.secret = app.ClientID, secret.New(app.Secret)
	return o
}

// stands lists what of ours stands in any mailbox, wherever it is.
func (o *organisation) stands() (found []string) {
	o.T.Helper()
	for _, e := range o.State().Events.Live {
		found = append(found, "event "+e.Subject)
	}
	for _, who := range []string{"alex", "megan", "shared"} {
		box := "/users/" + o.Address(who)
		for path, title := range map[string]string{"/messages?$top=100": "subject",
			"/contacts?$top=100": "displayName", "/todo/lists?$top=100": "displayName"} {
			for _, item := range o.GraphAs(o.auditor, http.MethodGet, box+path, nil).List() {
				if text := item.Text(title); strings.HasPrefix(text, "Entrada") {
					found = append(found, who+path[:strings.IndexByte(path, '?')]+" "+text)
				}
			}
		}
	}
	return found
}

// clean fails unless nothing of ours is left but mails that were to stay.
func (o *organisation) clean(t *testing.T, mails int) {
	t.Helper()
	found := o.stands()
	if len(found) != mails {
		t.Errorf("left behind: %q", found)
	}
	for _, what := range found {
		if !strings.Contains(what, "/messages Entrada test ") {
			t.Errorf("left behind: %s", what)
		}
	}
}

// journalled fails unless so many leftovers are written down.
func (o *organisation) journalled(t *testing.T, want int) {
	t.Helper()
	if list, err := o.journal.List(); err != nil || len(list) != want {
		t.Errorf("%d leftovers in the journal, want %d: %+v, %v", len(list), want, list, err)
	}
}

func (o *organisation) request() signin.Request {
	scopes := []string{"openid", "profile"}
	for _, name := range o.asked {
		if name != "offline_access" {
			name = o.cloud.GraphScope(name)
		}
		scopes = append(scopes, name)
	}
	return signin.Request{
		Cloud: o.cloud, Tenant: o.tenant, ClientID: o.clientID, ClientSecret: o.secret, Scopes: scopes,
		ExpectTenant: o.tenant, Client: o.http,
	}
}

// signedIn signs somebody in through the pages of the practice tenant.
func (o *organisation) signedIn(t *testing.T, who string) Delegated {
	t.Helper()
	r := o.request()
	s, err := signin.Interactive(t.Context(), r, o.Browser(who).Open, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Delegated{
		Request: r, Session: s, Asked: o.asked, Vendor: "Xkit", HTTP: o.http, Journal: o.journal,
		RunID: NewRunID(), Now: time.Now, arrival: []time.Duration{time.Millisecond},
	}
}

func (o *organisation) context() explain.Context {
	return explain.Context{Cloud: o.cloud, TenantID: o.tenant, ClientID: o.clientID, VendorName: "Xkit"}
}

// result finds a check's result.
func result(t *testing.T, results []Result, id ID) Result {
	t.Helper()
	for _, r := range results {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("no check %s in %+v", id, results)
	return Result{}
}
