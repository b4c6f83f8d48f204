package registration_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"entrada/internal/entra"
	"entrada/internal/registration"
)

var errKilled = errors.New("killed")

// killer ends a process at its n-th request: before that reaches Microsoft, or
// after Microsoft has done it and before the answer arrives. What comes later in
// the dead process gets nowhere.
func killer(n int64, after bool, kill context.CancelFunc) func(http.RoundTripper) http.RoundTripper {
	var count atomic.Int64
	return func(next http.RoundTripper) http.RoundTripper {
		return tamper(func(r *http.Request) (*http.Response, error) {
			switch k := count.Add(1); {
			case k > n, k == n && !after:
				kill()
				return nil, errKilled
			case k == n:
				resp, err := next.RoundTrip(r.WithContext(context.WithoutCancel(r.Context())))
				if err == nil {
					_, _ = io.Copy(io.Discard, resp.Body)
					_ = resp.Body.Close()
				}
				kill()
				return nil, errKilled
			}
			return next.RoundTrip(r)
		})
	}
}

// killedOver ends a process after Microsoft has done what a request asked for,
// and before the answer arrives.
func killedOver(path string, kill context.CancelFunc) func(http.RoundTripper) http.RoundTripper {
	var dead atomic.Bool
	return func(next http.RoundTripper) http.RoundTripper {
		return tamper(func(r *http.Request) (*http.Response, error) {
			switch {
			case dead.Load():
				return nil, errKilled
			case !strings.HasSuffix(r.URL.Path, path):
				return next.RoundTrip(r)
			}
			resp, err := next.RoundTrip(r.WithContext(context.WithoutCancel(r.Context())))
			if err == nil {
				_ = resp.Body.Close()
			}
			dead.Store(true)
			kill()
			return nil, errKilled
		})
	}
}

// journalOf finds the journal that a killed process left.
func (w *world) journalOf(runID string) *registration.Journal {
	w.T.Helper()
	list, err := registration.Journals(w.folder)
	if err != nil {
		w.T.Fatal(err)
	}
	for _, j := range list {
		if j.Plan.RunID == runID {
			return j
		}
	}
	return nil
}

// prepare plans a new app.
func (w *world) prepare(account string, want registration.Wanted) registration.Plan {
	w.T.Helper()
	p, err := w.engine(account, nil).Prepare(w.T.Context(), want, registration.App{})
	if err != nil {
		w.T.Fatal(err)
	}
	return p
}

// applyAndDie carries a plan out in a process that is killed; alive says that it
// finished before.
func (w *world) applyAndDie(p registration.Plan, n int64, after bool) (res *registration.Result, alive bool) {
	w.T.Helper()
	ctx, cancel := context.WithCancel(w.T.Context())
	defer cancel()
	var written []byte
	journal := filepath.Join(w.folder, "registration-"+strings.ToLower(p.RunID)+".json")
	kill := sync.OnceFunc(func() { // several requests may be under way
		written, _ = os.ReadFile(journal)
		cancel()
	})
	res, err := w.engine("alex", killer(n, after, kill)).Apply(ctx, p, nil)
	if err == nil && ctx.Err() == nil {
		return res, true
	}
	// What it learnt after its death, it wrote nowhere.
	if err := os.WriteFile(journal, written, 0o600); err != nil {
		w.T.Fatal(err)
	}
	return nil, false
}

// exactlyOne checks what must hold after a run that was finished: one app, one
// secret, and that the one which was handed out.
func (w *world) exactlyOne(want registration.Wanted, res *registration.Result, but ...registration.RequirementID) {
	w.T.Helper()
	apps := w.Apps(want.AppName)
	if len(apps) != 1 || apps[0].AppID != res.ClientID {
		w.T.Fatalf("%d apps", len(apps))
	}
	if s := apps[0].Secrets; len(s) != 1 || s[0].KeyID != res.SecretID || res.Secret.IsEmpty() {
		w.T.Errorf("secrets: %+v; handed out %s", s, res.SecretID)
	}
	w.allWell(res.Requirements, but...)
	w.allWell(w.engine("alex", nil).Verify(w.T.Context(), want, res.ClientID, false), but...)
}

// TestKilledAnywhere kills the program at each of its requests, before and after
// it was carried out, and then goes on, or takes everything back.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	for _, vendor := range []string{"oxfordiq", "cxt", "gathr"} {
		t.Run(vendor, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for n, finished := int64(1), false; !finished && !t.Failed(); n++ {
				for _, after := range []bool{false, true} {
					for _, then := range []string{"resume", "undo"} {
						finished = w.killOnce(t, vendor, n, after, then) || finished
					}
				}
				if finished && n < 5 {
					t.Errorf("only %d requests were tried", n)
				}
			}
			w.T = t
			w.noSecretOnDisk()
		})
	}
}

func (w *world) killOnce(t *testing.T, vendor string, n int64, after bool, then string) (finished bool) {
	name := fmt.Sprintf("%d after=%v %s", n, after, then)
	t.Run(name, func(t *testing.T) {
		w.T = t
		want := wanted(t, vendor, name)
		p := w.prepare("alex", want)
		if _, finished = w.applyAndDie(p, n, after); finished {
			return
		}
		j := w.journalOf(p.RunID)
		if j == nil {
			t.Fatal("there is no journal of it")
		}
		e := w.engine("alex", nil)
		if then == "resume" {
			res, err := e.Resume(t.Context(), j, nil)
			if err != nil {
				t.Fatal(err)
			}
			w.exactlyOne(want, res)
			return
		}
		if items := e.Preview(t.Context(), j); len(items) != 1 || items[0].Kind != registration.CreateApp {
			t.Errorf("preview: %+v", items)
		}
		if err := e.Undo(t.Context(), j, nil); err != nil {
			t.Fatal(err)
		}
		if apps := w.Apps(name); len(apps) != 0 {
			t.Errorf("%d apps are left", len(apps))
		}
		if j := w.journalOf(p.RunID); j.State != registration.RunUndone {
			t.Errorf("the journal says %s", j.State)
		}
	})
	return finished
}

// TestKilledAgainAndAgain: one process after the other is killed, each at a later
// request than the one before.
func TestKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, after := range []bool{false, true} {
		want := wanted(t, "cxt", fmt.Sprint("Again ", after))
		p := w.prepare("alex", want)
		var res *registration.Result
		alive := false
		for life := int64(1); !alive; life++ {
			if life == 20 {
				t.Fatal("it never finishes")
			}
			res, alive = w.applyAndDie(p, life, after)
			if apps := w.Apps(want.AppName); len(apps) > 1 || len(apps) == 1 && len(apps[0].Secrets) > 1 {
				t.Fatalf("after life %d: %d apps, %+v", life, len(apps), apps[0].Secrets)
			}
		}
		w.exactlyOne(want, res)
	}
}

// TestKilledTwiceOverTheSecret: one process dies while it makes the secret, the
// next at each of its requests. At no moment is there a second secret.
func TestKilledTwiceOverTheSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for m := int64(1); ; m++ {
		finished := false
		for _, after := range []bool{false, true} {
			want := wanted(t, "cxt", fmt.Sprint("Twice ", m, after))
			p := w.prepare("alex", want)
			ctx, kill := context.WithCancel(t.Context())
			_, err := w.engine("alex", killedOver("/addPassword", kill)).Apply(ctx, p, nil)
			kill()
			if err == nil || len(w.Apps(want.AppName)[0].Secrets) != 1 {
				t.Fatal("the first process did not die over the secret", err)
			}
			res, alive := w.applyAndDie(p, m, after)
			if s := w.Apps(want.AppName)[0].Secrets; len(s) > 1 {
				t.Fatalf("killed at %d: %d secrets", m, len(s))
			}
			if finished = alive; alive {
				w.exactlyOne(want, res)
			}
		}
		if finished {
			return
		}
	}
}

// TestAdoptedAsItIs: between two tries an admin has worked on the app.
func TestAdoptedAsItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := wanted(t, "gathr", "")
	p := w.prepare("alex", want)
	if _, alive := w.applyAndDie(p, 1, true); alive {
		t.Fatal("not killed")
	}
	uris := []string{want.Redirects[0].URI, want.Redirects[1].URI, "https://theirs.example/cb"}
	w.as("chris", "PATCH", "/applications/"+w.Apps(want.AppName)[0].ID,
		map[string]any{"web": map[string]any{"redirectUris": uris}})
	res, err := w.engine("alex", nil).Resume(t.Context(), w.journalOf(p.RunID), nil)
	if err != nil {
		t.Fatal(err)
	}
	w.exactlyOne(want, res, registration.Others) // their address
	if got := w.App(res.ClientID).Web.RedirectURIs; len(got) != 3 {
		t.Errorf("addresses: %v", got)
	}
}

// TestKilledBeforeTheSecretIsKept: the caller had the secret and died.
func TestKilledBeforeTheSecretIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := wanted(t, "oxfordiq", "")
	p := w.prepare("alex", want)
	e := w.engine("alex", nil)
	lost, err := e.Apply(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := e.Resume(t.Context(), w.journalOf(p.RunID), nil)
	if err != nil {
		t.Fatal(err)
	}
	if res.Secret.Equal(lost.Secret) {
		t.Error("the lost secret is still in use")
	}
	w.exactlyOne(want, res)
	if err := e.Keep(res.RunID); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Resume(t.Context(), w.journalOf(p.RunID), nil); err == nil {
		t.Error("a run that is finished replaces its secret")
	}
	w.exactlyOne(want, res)
}

// TestKilledOnAnAppThatExisted: what was there before stays, resumed or undone.
func TestKilledOnAnAppThatExisted(t *testing.T) {
	t.Parallel()
	for _, then := range []string{"resume", "undo"} {
		for _, bare := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, without enterprise app=%v", then, bare), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				for n, finished := int64(1), false; !finished && !t.Failed(); n++ {
					for _, after := range []bool{false, true} {
						finished = w.killOnceHalfDone(t, n, after, then, bare) || finished
					}
				}
			})
		}
	}
}

func (w *world) killOnceHalfDone(t *testing.T, n int64, after bool, then string, bare bool) (finished bool) {
	name := fmt.Sprintf("%d after=%v", n, after)
	t.Run(name, func(t *testing.T) {
		w.T = t
		want := wanted(t, "gathr", name)
		clientID := w.halfDone(name)
		if bare {
			w.as("alex", "DELETE", "/servicePrincipals/"+w.Principal(clientID), nil)
		}
		was := w.picture(clientID)
		e := w.engine("alex", nil)
		p, err := e.Prepare(t.Context(), want, registration.App{ClientID: clientID, NewSecret: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, finished = w.applyAndDie(p, n, after); finished {
			return
		}
		j := w.journalOf(p.RunID)
		if then == "resume" {
			res, err := e.Resume(t.Context(), j, nil)
			if err != nil {
				t.Fatal(err)
			}
			// Contacts.Read is theirs, and more than the vendor needs.
			if state(res.Requirements, registration.Surplus) != registration.Differs && !bare ||
				registration.Verdict(res.Requirements) != registration.OK {
				t.Errorf("%+v", res.Requirements)
			}
			if s := w.App(clientID).Secrets; len(s) != 2 {
				t.Errorf("secrets: %+v", s)
			}
			j = w.journalOf(p.RunID)
		}
		if err := e.Undo(t.Context(), j, nil); err != nil {
			t.Fatal(err)
		}
		samePicture(t, was, w.picture(clientID))
	})
	return finished
}

// halfDone registers an app as somebody did who stopped half-way, with things of
// their own in it.
func (w *world) halfDone(name string) (clientID string) {
	w.T.Helper()
	graphID := w.Principal(entra.GraphAppID)
	app := w.as("alex", "POST", "/applications", map[string]any{"displayName": name,
		"signInAudience": "AzureADMultipleOrgs",
		"web":            map[string]any{"redirectUris": []string{"https://theirs.example/cb"}},
		"requiredResourceAccess": []any{map[string]any{"resourceAppId": entra.GraphAppID,
			"resourceAccess": []any{map[string]any{"id": "570282fd-fa5c-430d-a7fd-fc8dc98a9dca", "type": "Scope"}}}}})
	sp := w.as("alex", "POST", "/servicePrincipals", map[string]any{"appId": app["appId"]})
	w.as("alex", "POST", "/oauth2PermissionGrants", map[string]any{"clientId": sp["id"], "consentType": "AllPrincipals",
		"resourceId": graphID, "scope": "Mail.Read Contacts.Read"})
	w.as("alex", "POST", "/applications/"+app.Text("id")+"/addPassword",
		map[string]any{"passwordCredential": map[string]any{"displayName": "theirs"}})
	return app.Text("appId")
}

func samePicture(t *testing.T, was, is map[string]any) {
	t.Helper()
	if diff := diffOf(was, is); diff != "" {
		t.Errorf("before (-) and after (+):\n%s", diff)
	}
}
