package checks

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"entrada/internal/practice/practicetest"
)

// axe lets requests to Graph pass until the one that is chosen. From then on
// the program is as good as dead: nothing of it reaches the network any more.
type axe struct {
	next  http.RoundTripper
	at    int
	after bool // the chosen request still arrives; only its answer is lost
	stop  func()

	mu   sync.Mutex
	seen int
}

// errKilled is of a kind after which nothing is tried again: the dead don't.
var errKilled = fmt.Errorf("killed: %w", context.Canceled)

func (a *axe) RoundTrip(r *http.Request) (*http.Response, error) {
	a.mu.Lock()
	a.seen++
	n := a.seen
	a.mu.Unlock()
	if n > a.at || n == a.at && !a.after {
		a.stop()
		return nil, errKilled
	}
	resp, err := a.next.RoundTrip(r)
	if n == a.at && err == nil {
		_ = resp.Body.Close()
		a.stop()
		return nil, errKilled
	}
	return resp, err
}

// TestKilledAtAnyRequest: whatever was under way, the next run finds it.
func TestKilledAtAnyRequest(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, practicetest.Delegated, aurinko...)
	whole := o.signedIn(t, "alex")
	for _, after := range []bool{false, true} {
		for at, more := 1, true; more; at++ {
			d := whole
			d.RunID = NewRunID()
			ctx, cancel := context.WithCancel(t.Context())
			dying := &axe{next: o.http.Transport, at: at, after: after, stop: cancel}
			d.HTTP = &http.Client{Transport: dying, CheckRedirect: o.http.CheckRedirect}
			v := Judge(Run(ctx, d.Checks(), nil), o.context())
			cancel()
			if more = dying.seen >= at; more == v.OK {
				t.Errorf("killed at request %d (after: %v): %+v", at, after, v)
			}
			if _, err := whole.Sweep(t.Context()); err != nil {
				t.Errorf("killed at request %d (after: %v): %v", at, after, err)
			}
			if left := o.stands(); len(left) > 0 {
				t.Fatalf("killed at request %d (after: %v): left behind: %q", at, after, left)
			}
			later := whole
			later.Now = func() time.Time { return time.Now().Add(time.Hour) } // when a mail is not awaited any more
			if _, err := later.Sweep(t.Context()); err != nil {
				t.Error(err)
			}
			o.journalled(t, 0)
		}
	}
}

// TestCancelledAtAnyRequest: a cancelled test tidies up by itself.
func TestCancelledAtAnyRequest(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, practicetest.Delegated, aurinko...)
	whole := o.signedIn(t, "alex")
	for at, more := 1, true; more; at++ {
		d := whole
		d.RunID = NewRunID()
		ctx, cancel := context.WithCancel(t.Context())
		seen := 0
		var mu sync.Mutex
		d.HTTP = &http.Client{CheckRedirect: o.http.CheckRedirect,
			Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				mu.Lock()
				if seen++; seen == at {
					cancel()
				}
				mu.Unlock()
				return o.http.Transport.RoundTrip(r)
			})}
		results := Run(ctx, d.Checks(), nil)
		cancel()
		v := Judge(results, o.context())
		more = seen >= at
		// At the very end, tidying up, there is nothing left to cancel.
		if !v.OK && !v.Cancelled {
			t.Errorf("cancelled at request %d: %+v\n%+v", at, v, results)
		}
		for _, what := range o.stands() {
			// A mail on its way cannot be called back; it is written down.
			if !strings.Contains(what, "/messages "+Subject(d.RunID)) {
				t.Errorf("cancelled at request %d: left behind: %s", at, what)
			}
		}
		if _, err := whole.Sweep(t.Context()); err != nil {
			t.Error(err)
		}
		o.clean(t, 0)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestAnAppOnItsOwnSweepsToo: killed while a contact is made in a mailbox.
func TestAnAppOnItsOwnSweepsToo(t *testing.T) {
	t.Parallel()
	names := []string{"Contacts.ReadWrite", "Calendars.ReadWrite"}
	o := newOrganisation(t, practicetest.Application, names...)
	o.Consent(o.clientID, practicetest.Application, names...)
	a := o.appOnly("megan")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	a.HTTP = &http.Client{CheckRedirect: o.http.CheckRedirect,
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			resp, err := o.http.Transport.RoundTrip(r)
			if err == nil && r.URL.Path != "/v1.0/users/"+a.Mailbox+"/contacts" &&
				!strings.HasSuffix(r.URL.Path, "/token") {
				return resp, err
			}
			if err == nil && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/contacts") {
				_ = resp.Body.Close()
				cancel()
				return nil, errKilled
			}
			if ctx.Err() != nil && err == nil {
				_ = resp.Body.Close()
				return nil, errKilled
			}
			return resp, err
		})}
	Run(ctx, a.Checks(), nil)
	if left := o.stands(); len(left) != 1 {
		t.Fatalf("%q", left)
	}
	o.journalled(t, 1)
	again := o.appOnly("megan")
	stranger := again
	stranger.Request.ClientID = o.tenant
	if gone, err := stranger.Sweep(t.Context()); len(gone) != 0 || err != nil {
		t.Errorf("another app took %q away, %v", gone, err)
	}
	if gone, err := again.Sweep(t.Context()); len(gone) != 1 || err != nil {
		t.Error(gone, err)
	}
	o.clean(t, 0)
	o.journalled(t, 0)
}
