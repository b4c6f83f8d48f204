package pages

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"entrada/internal/practice/practicetest"
)

// doPlan brings the second route to its plan.
func (r *rig) doPlan(vendor string) {
	r.t.Helper()
	r.onNeeds(vendor)
	r.press("Do it for me")
	r.pressPrimary()
	r.untilTitle("The plan")
}

// before calls do once, when a request with the method and path is on its way.
func (r *rig) before(method, path string, do func()) {
	real := r.app.HTTP
	var begun atomic.Bool // do may send such requests itself
	r.app.HTTP = &http.Client{Transport: tampered(func(q *http.Request) (*http.Response, error) {
		if q.Method == method && strings.Contains(q.URL.Path, path) && begun.CompareAndSwap(false, true) {
			do()
		}
		return real.Transport.RoundTrip(q)
	})}
}

// TestBadWeatherIsToldTruly: what goes wrong in the middle ends on a page that
// says what was made, what was not, why, and what to do; and when it is over,
// the same run goes on to its end with one app.
func TestBadWeatherIsToldTruly(t *testing.T) {
	for _, c := range []struct {
		name, account string
		spec          string // the fault
		after         bool   // it begins once the plan is there
		hook          func(r *rig, server *practicetest.Organisation)
		says          []string
		mended        bool // Go on brings it to its end once the fault is gone
	}{
		{name: "nobody-may-register", account: "megan", spec: "users-cannot-register",
			says: []string{"not begun",
				"Somebody with the role Application Developer, Cloud Application Administrator",
				"Save a request for that person"}},
		{name: "secrets-forbidden", account: "alex", spec: "secret-policy", mended: true,
			says: []string{"does not allow", "this is what could not be made", "Who can fix it:", "Take it back"}},
		{name: "service-down", account: "alex", spec: "unavailable", after: true, mended: true,
			says: []string{"Microsoft's service is not available right now.", "Who can fix it:",
				"begun; it may have been made or not", "not begun"}},
		{name: "deleted-meanwhile", account: "alex",
			hook: func(r *rig, server *practicetest.Organisation) {
				r.before(http.MethodPost, "/addPassword", func() {
					server.Graph(http.MethodDelete, "/applications/"+server.Apps("OxfordIQ Outlook Integration")[0].ID,
						nil)
				})
			},
			says: []string{"begun; it may have been made or not", "Take it back"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, server := practiceRig(t, c.account)
			before := len(server.State().Applications)
			set := func(on bool) {
				if c.spec == "" {
					return
				}
				if err := server.SetFault(c.spec, on); err != nil {
					t.Fatal(err)
				}
			}
			if !c.after {
				set(true)
			}
			if c.hook != nil {
				c.hook(r, server)
			}
			r.doPlan("oxfordiq")
			if c.after {
				set(true)
			}
			r.pressPrimary()
			if c.hook != nil {
				// Entrada waits for minutes; a person need not.
				r.until("the wait", func() bool { return strings.Contains(texts(r), "we look again in 4 s") })
				r.press("Stop here")
			}
			r.untilTitle("The plan is not finished")
			r.snap("weather-" + c.name)
			for _, words := range c.says {
				if !strings.Contains(texts(r), words) && !r.offers(words) {
					t.Errorf("the page does not say %q: %s", words, texts(r))
				}
			}
			if r.journey.HasSecret() {
				t.Error("there is a secret although the plan is not finished")
			}
			if c.mended {
				set(false)
				r.press("Go on")
				r.untilTitle("Everything is as it should be")
				if n := len(server.State().Applications); n != before+1 || !r.journey.HasSecret() {
					t.Errorf("%d apps, %d were there before", n, before)
				}
				return
			}
			if c.spec == "users-cannot-register" {
				return // nothing was made
			}
			r.press("Take it back")
			r.untilTitle("Take it back?")
			r.press("Take it back")
			r.untilTitle("Taking it back")
			r.until("the wait", func() bool { return strings.Contains(texts(r), "The app is not to be found.") })
			r.snap("weather-" + c.name + "-undo")
			r.press("Stop here")
			r.untilTitle("It could not all be taken back")
			if n := len(server.State().Applications); n != before {
				t.Errorf("%d apps are left, %d were there before", n, before)
			}
		})
	}
}

// TestBadWeatherThatPasses: a short fault only takes a moment, and what the
// organisation's rules change is said.
func TestBadWeatherThatPasses(t *testing.T) {
	for name, c := range map[string]struct {
		spec string
		says string
	}{
		"throttled":       {"throttle-seconds=1*2", ""},
		"down-for-once":   {"unavailable*1", ""},
		"secret-too-long": {"secret-policy=100", "does not allow"},
	} {
		t.Run(name, func(t *testing.T) {
			r, server := practiceRig(t, "alex")
			r.doPlan("oxfordiq")
			if err := server.SetFault(c.spec, true); err != nil {
				t.Fatal(err)
			}
			r.pressPrimary()
			r.untilTitle("Everything is as it should be")
			r.snap("weather-" + name)
			if !strings.Contains(texts(r), c.says) {
				t.Errorf("it is not said: %s", texts(r))
			}
		})
	}
}

// TestAnotherAdministratorAtTheSameTime: what somebody else grants meanwhile is
// merged, and nothing of it lost.
func TestAnotherAdministratorAtTheSameTime(t *testing.T) {
	r, server := practiceRig(t, "alex")
	r.before(http.MethodPost, "/oauth2PermissionGrants", func() {
		server.Consent(server.Apps("OxfordIQ Outlook Integration")[0].AppID, practicetest.Delegated, "Contacts.Read")
	})
	r.doPlan("oxfordiq")
	r.pressPrimary()
	r.untilTitle("Everything needed is there")
	r.snap("weather-another-admin")
	if text := texts(r); !strings.Contains(text, "Contacts.Read") {
		t.Errorf("what the other one granted is lost, or not said: %s", text)
	}
}

// TestTheNameIsTaken: an app of the same name is asked about before anything is
// made.
func TestTheNameIsTaken(t *testing.T) {
	r, server := practiceRig(t, "alex")
	server.Graph(http.MethodPost, "/applications",
		json.RawMessage(`{"displayName":"OxfordIQ Outlook Integration","signInAudience":"AzureADMyOrg"}`))
	before := len(server.State().Applications)
	r.onNeeds("oxfordiq")
	r.press("Do it for me")
	r.pressPrimary()
	r.untilTitle("An app of this name exists")
	r.snap("weather-name-taken")
	r.choose(1) // use it; Enter alone makes another one
	r.pressPrimary()
	r.untilTitle("The plan")
	r.pressPrimary()
	r.untilTitle("Everything is as it should be")
	if n := len(server.State().Applications); n != before || !r.journey.HasSecret() {
		t.Errorf("%d apps, %d were there before", n, before)
	}
}

// TestAThirdSecretIsRefused: an app that lets private accounts in has two at most.
func TestAThirdSecretIsRefused(t *testing.T) {
	r, server := practiceRig(t, "alex")
	saved := r.saveConnection("xkit")
	server.Graph(http.MethodPost, "/applications(appId='"+saved.ClientID+"')/addPassword",
		json.RawMessage(`{"passwordCredential":{"displayName":"theirs"}}`))
	renew(r.nav, saved)
	r.pressPrimary()
	r.untilTitle("The secret was not renewed")
	r.snap("weather-two-secrets")
	if text := texts(r); !strings.Contains(text, "cannot have a third") ||
		!strings.Contains(text, "Open Certificates & secrets") {
		t.Error(text)
	}
	for _, a := range server.State().Applications {
		if a.AppID == saved.ClientID && len(a.Secrets) != 2 {
			t.Errorf("%d secrets", len(a.Secrets))
		}
	}
}
