//go:build bench && linux

package bench

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"entrada/internal/app"
	"entrada/internal/app/apptest"
	"entrada/internal/graph"
	"entrada/internal/guides"
	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
	"entrada/internal/registration"
	"entrada/internal/secret"
	"entrada/internal/signin"
)

// organisation is a practice organisation with the wizard before it, and a count
// of what the wizard asks.
type organisation struct {
	*practicetest.Organisation
	app      app.App
	requests atomic.Int64
	personal atomic.Int64 // of them, those in the mailbox of who is signed in
}

func newOrganisation(t *testing.T) *organisation {
	t.Helper()
	o := &organisation{Organisation: practicetest.Start(t, practice.Options{})}
	o.app = apptest.In(t, scratch(t), o.Cloud())
	o.app.Now = time.Now
	client := o.app.HTTP
	o.app.HTTP = &http.Client{Transport: counter{client.Transport, o}, Timeout: client.Timeout,
		CheckRedirect: client.CheckRedirect}
	return o
}

// counter counts requests on their way.
type counter struct {
	next http.RoundTripper
	o    *organisation
}

func (c counter) RoundTrip(r *http.Request) (*http.Response, error) {
	c.o.requests.Add(1)
	if strings.HasPrefix(r.URL.Path, "/v1.0/me/") {
		c.o.personal.Add(1)
	}
	return c.next.RoundTrip(r)
}

// far does something while every answer takes as long as Microsoft's, and
// returns how long it took and how many requests it made.
func (o *organisation) far(do func()) (took time.Duration, requests int) {
	o.T.Helper()
	o.Break(fmt.Sprintf("latency=%s", latency))
	before, began := o.requests.Load(), time.Now()
	do()
	took, requests = time.Since(began), int(o.requests.Load()-before)
	o.Mend("latency")
	return took, requests
}

// signIn signs somebody in through the sign-in pages.
func (o *organisation) signIn(who string, r signin.Request) *signin.Session {
	o.T.Helper()
	r.Client = o.app.HTTP
	s, err := signin.Interactive(o.T.Context(), r, o.Browser(who).Open, nil)
	if err != nil {
		o.T.Fatal(err)
	}
	return s
}

// wanted is what a vendor asks for, with sample values for its questions.
func (o *organisation) wanted(g *guides.Guide) registration.Wanted {
	o.T.Helper()
	inputs := map[string]string{}
	for _, in := range g.Inputs {
		inputs[in.ID] = samples[in.Kind]
		if in.Kind == guides.InputMailbox {
			inputs[in.ID] = o.Address("megan")
		}
	}
	w, err := registration.For(g, guides.Choices{Inputs: inputs, Features: g.DefaultFeatures()}, "")
	if err != nil {
		o.T.Fatal(err)
	}
	return w
}

// registered is an app as the wizard registered it.
type registered struct {
	clientID string
	secret   secret.Value
	changes  int
	requests int
	took     time.Duration
}

// register lets an administrator sign in and registers the app, at Microsoft's
// distance; the sign-in is not counted, for that time is the person's.
func (o *organisation) register(g *guides.Guide) registered {
	o.T.Helper()
	want := o.wanted(g)
	session := o.signIn("alex", registration.AdminSignIn(o.Cloud(), o.Tenant, want))
	e := &registration.Engine{Graph: graph.New(o.Cloud(), session.AccessToken, o.app.HTTP), Cloud: o.Cloud(),
		TenantID: o.Tenant, Folder: o.T.TempDir()}
	var plan registration.Plan
	var result *registration.Result
	var err error
	took, requests := o.far(func() {
		if plan, err = e.Prepare(o.T.Context(), want, registration.App{}); err == nil {
			result, err = e.Apply(o.T.Context(), plan, nil)
		}
	})
	if err != nil {
		o.T.Fatal(err)
	}
	if v := registration.Verdict(result.Requirements); v != registration.OK {
		o.T.Fatalf("%s: the registration is %s", g.ID, v)
	}
	return registered{result.ClientID, result.Secret, len(plan.Changes), requests, took}
}

// measureRegistration registers an app for each vendor.
func measureRegistration(t *testing.T, tb *table) {
	const spare = 4 // requests beyond the changes
	o := newOrganisation(t)
	for _, g := range guides.BuiltIn() {
		r := o.register(g)
		tb.ratio("registering for "+g.Vendor+": requests ÷ (changes + 4)", 1,
			float64(r.requests)/float64(r.changes+spare),
			"%d requests for %d changes; %s, which is %.2f × the requests one after the other",
			r.requests, r.changes, ms(r.took), float64(r.took)/float64(time.Duration(r.requests)*latency))
	}
}
