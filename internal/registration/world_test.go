package registration_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/guides"
	"entrada/internal/netclient"
	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
	"entrada/internal/registration"
	"entrada/internal/secret"
	"entrada/internal/signin"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a practice organisation with people in it.
type world struct {
	*practicetest.Organisation
	base   *http.Client
	folder string

	mu      sync.Mutex
	tokens  map[string]secret.Value
	ids     map[string]string // object IDs of who has signed in
	secrets []string          // values that Graph gave out, to look for where they must not be
}

func newWorld(t *testing.T, faults ...string) *world {
	t.Helper()
	w := &world{
		Organisation: practicetest.Start(t, practice.Options{Faults: faults}),
		base:         netclient.New(netclient.Options{MaxBody: netclient.GraphBody}),
		folder:       t.TempDir(), tokens: map[string]secret.Value{}, ids: map[string]string{},
	}
	t.Cleanup(w.base.CloseIdleConnections)
	return w
}

// token signs an account in the way the wizard does: Azure CLI, real pages.
func (w *world) token(account string) secret.Value {
	w.T.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if token, ok := w.tokens[account]; ok {
		return token
	}
	everything := registration.Wanted{Permissions: []registration.Permission{{Name: "Mail.Read",
		Kind: guides.Application}}}
	s, err := signin.Interactive(w.T.Context(), registration.AdminSignIn(w.Cloud(), w.Tenant, everything),
		w.Browser(account).Open, nil)
	if err != nil {
		w.T.Fatal(err)
	}
	if len(s.Missing) > 0 {
		w.T.Fatalf("the admin's token lacks %v", s.Missing)
	}
	w.tokens[account], w.ids[account] = s.AccessToken, s.Account.ObjectID
	return s.AccessToken
}

// engine works for an account, through a transport that a test may tamper with.
func (w *world) engine(account string, wrap func(http.RoundTripper) http.RoundTripper) *registration.Engine {
	w.T.Helper()
	e := w.engineWith(w.token(account), wrap)
	e.Me = w.ids[account]
	return e
}

func (w *world) engineWith(token secret.Value, wrap func(http.RoundTripper) http.RoundTripper) *registration.Engine {
	var next http.RoundTripper = listener{w.base.Transport, w}
	if wrap != nil {
		next = wrap(next)
	}
	client := &http.Client{Transport: next, Timeout: w.base.Timeout, CheckRedirect: w.base.CheckRedirect}
	return &registration.Engine{Graph: graph.New(w.Cloud(), token, client), Cloud: w.Cloud(), TenantID: w.Tenant,
		Folder: w.folder, Wait: faster(2000)}
}

// faster waits so many times less.
func faster(times int) func(context.Context, time.Duration) error {
	return func(ctx context.Context, d time.Duration) error {
		timer := time.NewTimer(d / time.Duration(times))
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			return nil
		}
	}
}

// listener remembers the secrets that go by.
type listener struct {
	next http.RoundTripper
	w    *world
}

var secretText = regexp.MustCompile(`"secretText":"([^"]+)"`)

func (l listener) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.next.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/addPassword") {
		return resp, err
	}
	data, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	if m := secretText.FindSubmatch(data); m != nil {
		l.w.mu.Lock()
		l.w.secrets = append(l.w.secrets, string(m[1]))
		l.w.mu.Unlock()
	}
	resp.Body = io.NopCloser(strings.NewReader(string(data)))
	return resp, nil
}

// tamper is a transport made of a function.
type tamper func(r *http.Request) (*http.Response, error)

func (f tamper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// counting counts requests, and what they were.
func counting(n *atomic.Int64) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return tamper(func(r *http.Request) (*http.Response, error) {
			n.Add(1)
			return next.RoundTrip(r)
		})
	}
}

// before calls f ahead of the first request that matches.
func before(method, pathEnd string, f func()) func(http.RoundTripper) http.RoundTripper {
	var once sync.Once
	return func(next http.RoundTripper) http.RoundTripper {
		return tamper(func(r *http.Request) (*http.Response, error) {
			if r.Method == method && strings.HasSuffix(r.URL.Path, pathEnd) {
				once.Do(f)
			}
			return next.RoundTrip(r)
		})
	}
}

var samples = map[guides.InputKind]string{
	guides.InputRedirectURL: "https://vendor.example/oauth/callback", guides.InputHost: "host-1.vendor.example",
	guides.InputMailbox: "shared@contoso.example", guides.InputText: "text",
}

// wanted fills a guide in with sample values.
func wanted(t *testing.T, id, name string) registration.Wanted {
	t.Helper()
	g := guides.ByID(id)
	if g == nil {
		t.Fatalf("no guide %s", id)
	}
	inputs := map[string]string{}
	for _, in := range g.Inputs {
		inputs[in.ID] = samples[in.Kind]
	}
	w, err := registration.For(g, guides.Choices{Inputs: inputs, Features: g.DefaultFeatures()}, name)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// register does everything, and fails the test if anything is not as wanted.
func (w *world) register(e *registration.Engine, want registration.Wanted) *registration.Result {
	w.T.Helper()
	p, err := e.Prepare(w.T.Context(), want, registration.App{})
	if err != nil {
		w.T.Fatal(err)
	}
	res, err := e.Apply(w.T.Context(), p, nil)
	if err != nil {
		w.T.Fatal(err)
	}
	w.allWell(res.Requirements)
	if err := e.Keep(res.RunID); err != nil {
		w.T.Fatal(err)
	}
	return res
}

// allWell fails the test if anything is not as wanted, but for what is worth
// knowing and decides nothing.
func (w *world) allWell(list []registration.Requirement, but ...registration.RequirementID) {
	w.T.Helper()
	for _, r := range list {
		if slices.Contains(but, r.ID) {
			if r.State != registration.Differs || !r.Advice {
				w.T.Errorf("%s: %s, advice %v; %q", r.ID, r.State, r.Advice, r.Have)
			}
			continue
		}
		if r.State != registration.OK {
			w.T.Errorf("%s: %s; wanted %q, there is %q, %v", r.ID, r.State, r.Want, r.Have, r.Err)
		}
	}
	if v := registration.Verdict(list); v != registration.OK {
		w.T.Errorf("verdict %s", v)
	}
}

// noSecretOnDisk looks through every file that was written.
func (w *world) noSecretOnDisk() {
	w.T.Helper()
	files, err := filepath.Glob(filepath.Join(w.folder, "*"))
	if err != nil || len(w.secrets) == 0 {
		w.T.Fatalf("nothing to look for: %v, %d secrets", err, len(w.secrets))
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			w.T.Fatal(err)
		}
		for _, s := range w.secrets {
			if strings.Contains(string(data), s) {
				w.T.Errorf("%s holds a secret", filepath.Base(name))
			}
		}
	}
}

func state(list []registration.Requirement, id registration.RequirementID) registration.State {
	return requirement(list, id).State
}

func requirement(list []registration.Requirement, id registration.RequirementID) registration.Requirement {
	for _, r := range list {
		if r.ID == id {
			return r
		}
	}
	return registration.Requirement{State: "not listed"}
}

// as asks Graph as somebody does who knows nothing of us.
func (w *world) as(account, method, path string, body any) practicetest.Answer {
	w.T.Helper()
	return w.GraphAs(w.token(account).Reveal(), method, path, body)
}

func wantKind(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if fault.KindOf(err) != kind || fault.CodeOf(err) != code {
		t.Errorf("got %v; want %s %s", err, kind, code)
	}
}
