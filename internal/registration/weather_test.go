package registration_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"entrada/internal/fault"
	"entrada/internal/registration"
	"entrada/internal/secret"
)

func failure(t *testing.T, err error) *registration.Failure {
	t.Helper()
	var f *registration.Failure
	if !errors.As(err, &f) {
		t.Fatalf("got %v; want a failure with its change", err)
	}
	return f
}

// Somebody without the role does what they may; the rest goes as a sheet to the
// person who has it, who opens the file and finishes.
func TestTheRoleIsSomebodyElses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct{ vendor, first, second string }{
		{"oxfordiq", "dana", "chris"}, // Application Developer, then Cloud Application Administrator
		{"oxfordiq", "megan", "alex"}, // no role at all; everybody may register apps
		{"cxt", "chris", "alex"},      // application permissions take a Global Administrator
	} {
		name := c.vendor + " by " + c.first
		want := wanted(t, c.vendor, name)
		e := w.engine(c.first, nil)
		p, err := e.Prepare(t.Context(), want, registration.App{})
		if err != nil {
			t.Fatal(err)
		}
		mine, others := p.Split()
		if len(mine.Changes) != 3 || len(others.Changes) != len(p.Changes)-3 {
			t.Fatalf("%s: %d and %d changes", name, len(mine.Changes), len(others.Changes))
		}
		_, err = e.Apply(t.Context(), p, nil)
		f := failure(t, err)
		wantKind(t, err, fault.GraphRefused, "Authorization_RequestDenied")
		if f.Change.Kind != others.Changes[0].Kind || len(f.Fixers) == 0 {
			t.Errorf("%s: failed at %s, which %v may do", name, f.Change.Kind, f.Fixers)
		}
		if err := e.Undo(t.Context(), w.journalOf(p.RunID), nil); err != nil {
			t.Fatal(err)
		}
		p = w.prepare(c.first, want)
		mine, others = p.Split()
		res, err := e.Apply(t.Context(), mine, nil)
		if err != nil {
			t.Fatal(err)
		}
		if state(res.Requirements, registration.Granted) != registration.Differs {
			t.Errorf("%s: %+v", name, requirement(res.Requirements, registration.Granted))
		}
		others.ClientID = res.ClientID
		file, err := others.JSON()
		if err != nil {
			t.Fatal(err)
		}
		opened, err := registration.ReadPlan(file)
		if err != nil {
			t.Fatal(err)
		}
		boss := w.engine(c.second, nil)
		rest, err := boss.Prepare(t.Context(), opened.Wanted, registration.App{ClientID: opened.ClientID})
		if err != nil || len(rest.Changes) != len(others.Changes) {
			t.Fatalf("%s: %+v, %v", name, rest.Changes, err)
		}
		done, err := boss.Apply(t.Context(), rest, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(w.App(res.ClientID).Owners) == 0 {
			w.allWell(done.Requirements)
		} else {
			w.allWell(done.Requirements, registration.Others)
			if r := requirement(done.Requirements, registration.Others); len(r.Items) != 1 ||
				!strings.Contains(r.Items[0].Name, "The owner ") {
				t.Errorf("%s: who else can use it: %+v", name, r.Items)
			}
		}
		if !done.Secret.IsEmpty() || len(w.App(res.ClientID).Secrets) != 1 {
			t.Error("the second person made a secret as well")
		}
	}
}

func TestNobodyMayRegister(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "users-cannot-register")
	p := w.prepare("megan", wanted(t, "oxfordiq", ""))
	_, err := w.engine("megan", nil).Apply(t.Context(), p, nil)
	if f := failure(t, err); f.Change.Kind != registration.CreateApp ||
		f.Fixers[0] != registration.ApplicationDeveloper {
		t.Errorf("%+v", f)
	}
}

func TestSecretsForbidden(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "secret-policy")
	want := wanted(t, "oxfordiq", "")
	e := w.engine("alex", nil)
	p := w.prepare("alex", want)
	res, err := e.Apply(t.Context(), p, nil)
	wantKind(t, err, fault.GraphRefused, "CredentialTypeNotAllowedAsPerAppPolicy")
	if f := failure(t, err); f.Change.Kind != registration.AddSecret || res.ClientID == "" {
		t.Errorf("%+v", f)
	}
	// The policy is lifted, and the same run goes on.
	w.Mend("secret-policy")
	res, err = e.Resume(t.Context(), w.journalOf(p.RunID), nil)
	if err != nil {
		t.Fatal(err)
	}
	w.exactlyOne(want, res)
}

// A secret that the organisation finds too long is made as long as it allows,
// and that is said. Who may read the policy needs one try more, others feel
// their way.
func TestSecretTooLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "secret-policy=100")
	for name, c := range map[string]struct {
		engine *registration.Engine
		days   float64
	}{
		"policy not readable": {w.engine("alex", nil), 90},
		"policy readable":     {w.engineWith(secret.New(w.AdminToken(w.Tenant)), nil), 100},
	} {
		want := wanted(t, "oxfordiq", name)
		p, err := c.engine.Prepare(t.Context(), want, registration.App{})
		if err != nil {
			t.Fatal(err)
		}
		res, err := c.engine.Apply(t.Context(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		if d := time.Until(res.SecretEnd).Hours() / 24; d > c.days || d < c.days-1 {
			t.Errorf("%s: lasts %.1f days", name, d)
		}
		if len(res.Notes) != 1 || !strings.Contains(res.Notes[0], "does not allow") {
			t.Errorf("%s: %q", name, res.Notes)
		}
		w.exactlyOne(want, res)
	}
}

func TestTheNameIsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const name = "CXT Software Mail"
	clientID := w.halfDone(name)
	e := w.engine("alex", nil)
	want := wanted(t, "oxfordiq", name)
	p := w.prepare("alex", want)
	if p.Choice == nil || len(p.Choice.Same) != 1 || p.Choice.Same[0].ClientID != clientID || p.Choice.Same[0].Ours ||
		p.Choice.Same[0].Secrets != 1 {
		t.Fatalf("%+v", p.Choice)
	}
	if _, err := e.Apply(t.Context(), p, nil); !fault.Is(err, fault.InvalidInput) {
		t.Errorf("applied without an answer: %v", err)
	}
	if len(w.Apps(name)) != 1 {
		t.Error("something was created")
	}
	p, err := e.Prepare(t.Context(), want, registration.App{ClientID: clientID, NewSecret: true})
	if err != nil {
		t.Fatal(err)
	}
	res, err := e.Apply(t.Context(), p, nil)
	if err != nil || res.ClientID != clientID || registration.Verdict(res.Requirements) != registration.OK {
		t.Fatalf("%+v, %v", res, err)
	}
	if uris := w.App(clientID).Web.RedirectURIs; len(uris) != 2 || uris[0] != "https://theirs.example/cb" {
		t.Errorf("addresses: %v", uris)
	}
	p, err = e.Prepare(t.Context(), want, registration.App{AnotherOne: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Apply(t.Context(), p, nil); err != nil || len(w.Apps(name)) != 2 {
		t.Errorf("%v, %d apps", err, len(w.Apps(name)))
	}
	if p = w.prepare("alex", want); len(p.Choice.Same) != 2 || p.Choice.Same[0].Ours == p.Choice.Same[1].Ours {
		t.Errorf("%+v", p.Choice)
	}
}

// An app that accepts personal accounts can have two secrets.
func TestTwoSecretsAtMost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.engine("alex", nil)
	want := wanted(t, "xkit", "")
	res := w.register(e, want)
	add := func(start, end string) string {
		body := map[string]any{"passwordCredential": map[string]any{"displayName": "theirs", "startDateTime": start,
			"endDateTime": end}}
		return w.as("alex", "POST", "/applications/"+res.ObjectID+"/addPassword", body).Text("keyId")
	}
	renew := registration.RenewRequest{ClientID: res.ClientID, OldKeyID: res.SecretID, Description: "Xkit", Months: 6}

	inUse := add("2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z")
	_, err := e.Renew(t.Context(), renew, nil)
	var f *fault.Error
	if !errors.As(err, &f) || !strings.Contains(f.Detail, "can have two") {
		t.Fatalf("a third secret: %v", err)
	}
	if s := w.App(res.ClientID).Secrets; len(s) != 2 {
		t.Errorf("%+v", s)
	}
	w.as("alex", "POST", "/applications/"+res.ObjectID+"/removePassword", map[string]any{"keyId": inUse})

	expired := add("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z")
	n, err := e.Renew(t.Context(), renew, nil)
	if err != nil || len(n.Notes) != 1 {
		t.Fatalf("%+v, %v", n, err)
	}
	for _, s := range w.App(res.ClientID).Secrets {
		if s.KeyID == expired {
			t.Error("the expired secret is still there")
		}
	}
}

// Throttling and outages, at each request of a registration.
func TestBadMoments(t *testing.T) {
	for _, name := range []string{"throttle-seconds=1*1", "unavailable*1"} {
		for n := int64(1); n <= 5; n++ {
			t.Run(fmt.Sprint(name, " at ", n), func(t *testing.T) {
				t.Parallel() // each waits for a second or so
				w := newWorld(t)
				want := wanted(t, "oxfordiq", "")
				p := w.prepare("alex", want)
				var count atomic.Int64
				e := w.engine("alex", func(next http.RoundTripper) http.RoundTripper {
					return tamper(func(r *http.Request) (*http.Response, error) {
						if count.Add(1) == n {
							w.Break(name)
						}
						return next.RoundTrip(r)
					})
				})
				res, err := e.Apply(t.Context(), p, nil)
				if err != nil {
					t.Fatal(err)
				}
				w.exactlyOne(want, res)
			})
		}
	}
}

// The secret is made, but its answer is lost on the way.
func TestTheSecretsAnswerIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := wanted(t, "oxfordiq", "")
	p := w.prepare("alex", want)
	lost, stale := 0, 0
	secrets := regexp.MustCompile(`"passwordCredentials":\[[^]]*\]`)
	e := w.engine("alex", func(next http.RoundTripper) http.RoundTripper {
		return tamper(func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if r.Method == http.MethodGet && lost > 0 && stale < 2 && err == nil {
				// A server that has not heard of the secrets yet.
				stale++
				data, _ := io.ReadAll(resp.Body)
				_ = resp.Body.Close()
				resp.Body = io.NopCloser(
					strings.NewReader(secrets.ReplaceAllString(string(data), `"passwordCredentials":[]`)))
				resp.ContentLength = -1
				return resp, nil
			}
			if strings.HasSuffix(r.URL.Path, "/addPassword") && lost < 2 && err == nil {
				lost++
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
				return nil, io.ErrUnexpectedEOF
			}
			return resp, err
		})
	})
	res, err := e.Apply(t.Context(), p, nil)
	if err != nil || lost != 2 || stale != 2 {
		t.Fatalf("%v, %d answers lost, %d stale", err, lost, stale)
	}
	w.exactlyOne(want, res)
}

func TestTheAppIsDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{"/servicePrincipals", "/oauth2PermissionGrants", "/addPassword"} {
		want := wanted(t, "oxfordiq", "Deleted before "+path)
		p := w.prepare("alex", want)
		e := w.engine("alex", before("POST", path, func() {
			w.as("chris", "DELETE", "/applications/"+w.Apps(want.AppName)[0].ID, nil)
		}))
		_, err := e.Apply(t.Context(), p, nil)
		f := failure(t, err)
		var cause *fault.Error
		if !errors.As(f, &cause) || cause.Kind != fault.GraphRefused {
			t.Errorf("%s: %v", path, err)
		}
		if err := e.Undo(t.Context(), w.journalOf(p.RunID), nil); err != nil || len(w.Apps(want.AppName)) != 0 {
			t.Errorf("%s: undo: %v", path, err)
		}
	}
}

// What is written is seen late, by reads and writes alike.
func TestSlowReplication(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.token("alex") // before anything is slow
	w.Break("slow-replication=1s")
	for _, vendor := range []string{"cxt", "gathr"} {
		want := wanted(t, vendor, "")
		p := w.prepare("alex", want)
		var waits []time.Duration
		e := w.engine("alex", nil)
		e.Wait = faster(50) // more than a second in all
		res, err := e.Apply(t.Context(), p, func(p registration.Progress) {
			if p.Stage == registration.Waiting {
				waits = append(waits, p.Wait)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		w.allWell(res.Requirements)
		if len(waits) < 2 || waits[0] != time.Second || waits[1] != 2*time.Second {
			t.Errorf("%s: waits %v", vendor, waits)
		}
		if err := e.Undo(t.Context(), w.journalOf(p.RunID), nil); err != nil || len(w.Apps(want.AppName)) != 0 {
			t.Errorf("%s: undo: %v", vendor, err)
		}
	}
}

// Killed while the new app is not yet visible to a single server.
func TestKilledDuringSlowReplication(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.token("alex")
	w.Break("slow-replication=150ms")
	for _, then := range []string{"resume", "undo"} {
		want := wanted(t, "oxfordiq", then)
		p := w.prepare("alex", want)
		if _, alive := w.applyAndDie(p, 1, true); alive {
			t.Fatal("not killed")
		}
		e := w.engine("alex", nil)
		e.Wait = faster(200)
		if then == "undo" {
			if err := e.Undo(t.Context(), w.journalOf(p.RunID), nil); err != nil {
				t.Fatal(err)
			}
		} else if res, err := e.Resume(t.Context(), w.journalOf(p.RunID), nil); err != nil {
			t.Fatal(err)
		} else {
			w.allWell(res.Requirements)
		}
		<-time.After(200 * time.Millisecond) // until all that was made can be seen
		if apps := w.Apps(then); len(apps) != map[string]int{"resume": 1}[then] {
			t.Errorf("%s: %d apps", then, len(apps))
		}
	}
}
