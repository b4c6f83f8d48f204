// Package practicetest is a practice organisation for one test: it starts it,
// breaks it, asks its Graph as the administrators' script does, registers apps in
// it, and puts people before browsers.
//
// Only tests import it. It speaks plain HTTP and must not know the product, of
// which it imports entra alone: so it holds our own client to account, and the
// tests inside of the lower packages can use it.
package practicetest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"entrada/internal/entra"
	"entrada/internal/practice"
	"entrada/internal/practice/visitor"
)

// Nowhere is a cloud to practise on that nobody answers for.
func Nowhere() entra.Cloud {
	const refused = "http://127.0.0.1:1"
	return entra.Cloud{ID: entra.PracticeCloudID, Name: "Nowhere", Login: refused, Graph: refused, Portal: refused}
}

// Organisation is a running practice tenant.
type Organisation struct {
	*practice.Server
	Tenant string // the ID of its first tenant
	Domain string // of that

	// T ends when something is refused. A subtest puts itself there.
	T testing.TB

	client *http.Client
	mu     sync.Mutex
	tokens map[string]string // of the administrators' script, by tenant
}

// Start opens a practice tenant and closes it at the end of the test.
func Start(t testing.TB, o practice.Options) *Organisation {
	t.Helper()
	// Not the test's own context: the books are looked at when that is over, too.
	server, err := practice.Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	first := server.Info().Tenants[0]
	return &Organisation{
		Server: server, Tenant: first.ID, Domain: first.Domain, T: t, tokens: map[string]string{},
		client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	}
}

// Address is somebody's, by the name before the @.
func (o *Organisation) Address(name string) string {
	o.T.Helper()
	if strings.Contains(name, "@") {
		o.T.Fatalf("%q is an address; say who by the name before the @", name)
	}
	return name + "@" + o.Domain
}

// Browser has somebody of the organisation before it.
func (o *Organisation) Browser(name string) visitor.Visitor {
	return visitor.Visitor{Account: o.Address(name)}
}

// Break switches faults on.
func (o *Organisation) Break(faults ...string) {
	o.T.Helper()
	for _, name := range faults {
		if err := o.SetFault(name, true); err != nil {
			o.T.Fatal(err)
		}
	}
}

// Mend switches faults off: those, or all of them.
func (o *Organisation) Mend(faults ...string) {
	o.T.Helper()
	if len(faults) == 0 {
		faults = o.Faults()
	}
	for _, name := range faults {
		if err := o.SetFault(name, false); err != nil {
			o.T.Fatal(err)
		}
	}
}

// Apps are the registrations with a name, as they really are.
func (o *Organisation) Apps(name string) (list []practice.AppState) {
	for _, a := range o.State().Applications {
		if a.DisplayName == name {
			list = append(list, a)
		}
	}
	return list
}

// App is the registration with a client ID, as it really is.
func (o *Organisation) App(clientID string) practice.AppState {
	o.T.Helper()
	for _, a := range o.State().Applications {
		if a.AppID == clientID {
			return a
		}
	}
	o.T.Fatalf("there is no app %s", clientID)
	return practice.AppState{}
}

// Answer is what Graph says, as JSON.
type Answer map[string]any

// Text is a member that is a string.
func (a Answer) Text(name string) string {
	s, _ := a[name].(string)
	return s
}

// List is the page of objects in an answer.
func (a Answer) List() (list []Answer) {
	values, _ := a["value"].([]any)
	for _, v := range values {
		if object, ok := v.(map[string]any); ok {
			list = append(list, object)
		}
	}
	return list
}

// Graph asks as the administrators' script does: a path behind /v1.0. A refusal
// ends the test, here and in what follows.
func (o *Organisation) Graph(method, path string, body any) Answer {
	o.T.Helper()
	return o.GraphAs(o.AdminToken(o.Tenant), method, path, body)
}

// GraphAs asks with a token of somebody's.
func (o *Organisation) GraphAs(token, method, path string, body any) Answer {
	o.T.Helper()
	var in io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			o.T.Fatal(err)
		}
		in = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, o.Cloud().Graph+"/v1.0"+path, in)
	if err != nil {
		o.T.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", "Bearer "+token)
	return o.send(r)
}

func (o *Organisation) send(r *http.Request) Answer {
	o.T.Helper()
	resp, err := o.client.Do(r)
	if err != nil {
		o.T.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode/100 != 2 {
		o.T.Fatalf("%s %s: %s %v: %s", r.Method, r.URL.Path, resp.Status, err, data)
	}
	var answer Answer
	if len(data) > 0 && json.Unmarshal(data, &answer) != nil {
		o.T.Fatalf("%s %s: no JSON object: %s", r.Method, r.URL.Path, data)
	}
	return answer
}

// AdminToken is the token of the administrators' script in one of the tenants.
func (o *Organisation) AdminToken(tenant string) string {
	o.T.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.tokens[tenant] == "" {
		admin := o.Info().AdminApp
		o.tokens[tenant] = o.token(tenant, admin.ClientID, admin.ClientSecret)
	}
	return o.tokens[tenant]
}

// Token is that of an app by itself.
func (o *Organisation) Token(a App) string {
	o.T.Helper()
	return o.token(o.Tenant, a.ClientID, a.Secret)
}

func (o *Organisation) token(tenant, clientID, secret string) string {
	o.T.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {clientID}, "client_secret": {secret},
		"scope": {o.Cloud().GraphScope(".default")}}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, o.Cloud().TokenURL(tenant),
		strings.NewReader(form.Encode()))
	if err != nil {
		o.T.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return o.send(r).Text("access_token")
}
