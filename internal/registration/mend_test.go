package registration_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/registration"
)

// crooked is an app that differs from what a vendor wants in everything.
func (w *world) crooked(name string, want registration.Wanted) (clientID string) {
	w.T.Helper()
	app := w.as("alex", "POST", "/applications", map[string]any{"displayName": name, "signInAudience": "AzureADMyOrg",
		"web": map[string]any{"redirectUris": []string{"https://theirs.example/cb"}}})
	sp := w.as("alex", "POST", "/servicePrincipals", map[string]any{"appId": app["appId"]})
	w.as("alex", "PATCH", "/servicePrincipals/"+sp.Text("id"), map[string]any{"accountEnabled": false})
	return app.Text("appId")
}

// Each requirement can be mended by itself, and nothing else changes with it.
func TestOneRequirementIsMended(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.engine("alex", nil)
	for vendor, ids := range map[string][]registration.RequirementID{
		"cxt": {registration.Audience, registration.Redirects, registration.SwitchesOn, registration.Asked,
			registration.Granted, registration.SecretLives, registration.Enabled},
		"gathr": {registration.Redirects, registration.Asked, registration.Granted, registration.Exposed,
			registration.SecretLives, registration.Enabled},
	} {
		for _, id := range ids {
			name := vendor + " " + string(id)
			want := wanted(t, vendor, name)
			clientID := w.crooked(name, want)
			before := e.Verify(t.Context(), want, clientID, false)
			if r := requirement(before, id); r.State != registration.Differs || !r.CanFix {
				t.Fatalf("%s: %+v", name, r)
			}
			p, err := e.Prepare(t.Context(), want, registration.App{ClientID: clientID, Only: id})
			if err != nil || len(p.Changes) == 0 {
				t.Fatalf("%s: %+v, %v", name, p.Changes, err)
			}
			res, err := e.Apply(t.Context(), p, nil)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, r := range before {
				is := requirement(res.Requirements, r.ID)
				switch {
				case r.ID == id && is.State != registration.OK:
					t.Errorf("%s: not mended: %+v", name, is)
				case r.ID != id && is.State != r.State:
					t.Errorf("%s: %s is %s now, it was %s", name, r.ID, is.State, r.State)
				}
			}
			if id != registration.SecretLives && !res.Secret.IsEmpty() {
				t.Errorf("%s: a secret was made that nobody asked for", name)
			}
			// Without a secret that somebody has to store, it ends here.
			state := registration.RunKept
			if id == registration.SecretLives {
				state = registration.RunOpen
			}
			if is := w.journalOf(p.RunID).State; is != state {
				t.Errorf("%s: the run is noted as %q, not %q", name, is, state)
			}
			if err := e.Undo(t.Context(), w.journalOf(p.RunID), nil); err != nil {
				t.Errorf("%s: undo: %v", name, err)
			}
			if r := requirement(e.Verify(t.Context(), want, clientID, false), id); r.State != registration.Differs {
				t.Errorf("%s: not taken back: %s", name, r.State)
			}
		}
	}
}

// Killed or refused in the middle, the run still mends that one thing alone.
func TestMendingGoesOnAsItBegan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := wanted(t, "cxt", "")
	clientID := w.crooked(want.AppName, want)
	p, err := w.engine("alex", nil).Prepare(t.Context(), want,
		registration.App{ClientID: clientID, Only: registration.Redirects})
	if err != nil {
		t.Fatal(err)
	}
	if _, alive := w.applyAndDie(p, 2, false); alive {
		t.Fatal("not killed")
	}
	res, err := w.engine("alex", nil).Resume(t.Context(), w.journalOf(p.RunID), nil)
	if err != nil {
		t.Fatal(err)
	}
	if state(res.Requirements, registration.Redirects) != registration.OK ||
		state(res.Requirements, registration.Audience) != registration.Differs {
		t.Errorf("%+v", res.Requirements)
	}
}

func TestWhatCannotBeMendedAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := wanted(t, "oxfordiq", "")
	clientID := w.crooked(want.AppName, want)
	for _, on := range []registration.App{
		{ClientID: clientID, Only: registration.Surplus}, {ClientID: clientID, Only: registration.Registered},
		{ClientID: clientID, Only: "x"}, {Only: registration.Audience},
	} {
		if _, err := w.engine("alex", nil).Prepare(t.Context(), want, on); !fault.Is(err, fault.Misuse) {
			t.Errorf("%+v: %v", on, err)
		}
	}
}

// Somebody whose role comes with a group may do what the role allows.
func TestRolesThroughAGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := wanted(t, "oxfordiq", "")
	p := w.prepare("pat", want)
	if !p.Held.Known || p.Held.Words() != "Cloud Application Administrator" {
		t.Fatalf("%+v", p.Held)
	}
	for _, c := range p.Changes {
		if p.May(c) != registration.Yes {
			t.Errorf("%s: %v", c.Kind, p.May(c))
		}
	}
	res, err := w.engine("pat", nil).Apply(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.exactlyOne(want, res)
}

// Roles that cannot be read are not known, which is not the same as none; and
// mailboxes that cannot be counted stop no plan.
func TestRolesAndMailboxesThatCannotBeLookedUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := wanted(t, "cxt", "")
	if p := w.prepare("alex", want); p.Mailboxes != 7 || !strings.Contains(p.Sheet("", ""), "about 7 of them") {
		t.Errorf("%d mailboxes", p.Mailboxes)
	}
	const refusal = `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}`
	e := w.engine("alex", func(next http.RoundTripper) http.RoundTripper {
		return tamper(func(r *http.Request) (*http.Response, error) {
			url := r.URL.String()
			if strings.Contains(url, "$batch") || strings.Contains(url, "MemberOf") ||
				strings.Contains(url, "/users?") {
				return &http.Response{StatusCode: 403, Request: r,
					Header: http.Header{"Content-Type": {"application/json"}},
					Body:   io.NopCloser(strings.NewReader(refusal))}, nil
			}
			return next.RoundTrip(r)
		})
	})
	p, err := e.Prepare(t.Context(), want, registration.App{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Held.Known || p.Held.Words() != "roles not known" || p.Mailboxes != 0 ||
		strings.Contains(p.Sheet("", ""), "about") {
		t.Errorf("%+v, %d mailboxes", p.Held, p.Mailboxes)
	}
	if _, others := p.Split(); len(others.Changes) != 0 ||
		slices.ContainsFunc(p.Changes, func(c registration.Change) bool { return p.May(c) == registration.No }) {
		t.Error("what is not known counts as forbidden")
	}
	if oxford := w.prepare("alex", wanted(t, "oxfordiq", "")); oxford.Mailboxes != 0 {
		t.Error("the mailboxes are counted although only people's own are in reach")
	}
}

// A registration takes no more requests than its changes and four more.
func TestRequestsOfARegistration(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, g := range guides.BuiltIn() {
		var n atomic.Int64
		e := w.engine("alex", func(next http.RoundTripper) http.RoundTripper {
			return tamper(func(r *http.Request) (*http.Response, error) { n.Add(1); return next.RoundTrip(r) })
		})
		p, err := e.Prepare(t.Context(), wanted(t, g.ID, ""), registration.App{})
		if err != nil {
			t.Fatal(err)
		}
		if n.Load() != 1 {
			t.Errorf("%s: %d requests for the plan", g.ID, n.Load())
		}
		if _, err := e.Apply(t.Context(), p, nil); err != nil {
			t.Fatal(err)
		}
		if most := int64(len(p.Changes) + 4); n.Load() > most {
			t.Errorf("%s: %d requests for %d changes", g.ID, n.Load(), len(p.Changes))
		}
	}
}
