package registration_test

import (
	"context"
	"encoding/json"
	"fmt"
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

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/guides"
	"entrada/internal/netclient"
	"entrada/internal/practice"
	"entrada/internal/practice/visitor"
	"entrada/internal/registration"
	"entrada/internal/secret"
	"entrada/internal/signin"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a practice organisation with people in it.
type world struct {
	t      *testing.T
	server *practice.Server
	cloud  entra.Cloud
	tenant string
	domain string
	base   *http.Client
	folder string

	mu      sync.Mutex
	tokens  map[string]secret.Value
	ids     map[string]string // object IDs of who has signed in
	secrets []string          // values that Graph gave out, to look for where they must not be
}

func newWorld(t *testing.T, faults ...string) *world {
	t.Helper()
	server, err := practice.Start(context.Background(), practice.Options{Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	base := netclient.New(netclient.Options{MaxBody: netclient.GraphBody})
	t.Cleanup(func() { base.CloseIdleConnections(); _ = server.Close() })
	info := server.Info()
	return &world{t: t, server: server, cloud: server.Cloud(), tenant: info.Tenants[0].ID, domain: info.Tenants[0].Domain, base: base,
		folder: t.TempDir(), tokens: map[string]secret.Value{}, ids: map[string]string{}}
}

// token signs an account in the way the wizard does: Azure CLI, real pages.
func (w *world) token(account string) secret.Value {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if token, ok := w.tokens[account]; ok {
		return token
	}
	everything := registration.Wanted{Permissions: []registration.Permission{{Name: "Mail.Read", Kind: guides.Application}}}
	s, err := signin.Interactive(w.t.Context(), registration.AdminSignIn(w.cloud, w.tenant, everything), w.browser(account), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(s.Missing) > 0 {
		w.t.Fatalf("the admin's token lacks %v", s.Missing)
	}
	w.tokens[account], w.ids[account] = s.AccessToken, s.Account.ObjectID
	return s.AccessToken
}

// browser has a person of the organisation in front of it, by the first part of
// the address.
func (w *world) browser(account string) signin.Opener {
	return visitor.Visitor{Account: account + "@" + w.domain}.Open
}

// appToken is that of the practice tenant's own administrator app, which may
// read policies.
func (w *world) appToken() secret.Value {
	w.t.Helper()
	admin := w.server.Info().AdminApp
	s, err := signin.AppOnly(w.t.Context(), signin.Request{Cloud: w.cloud, Tenant: w.tenant, ClientID: admin.ClientID, ClientSecret: secret.New(admin.ClientSecret)})
	if err != nil {
		w.t.Fatal(err)
	}
	return s.AccessToken
}

// engine works for an account, through a transport that a test may tamper with.
func (w *world) engine(account string, wrap func(http.RoundTripper) http.RoundTripper) *registration.Engine {
	w.t.Helper()
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
	return &registration.Engine{Graph: graph.New(w.cloud, token, client), Cloud: w.cloud, TenantID: w.tenant, Folder: w.folder, Wait: hurry}
}

// hurry waits a two-hundredth of the time.
func hurry(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d / 200)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
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

// apps are the registrations with a name, as they really are.
func (w *world) apps(name string) []practice.AppState {
	var list []practice.AppState
	for _, a := range w.server.State().Applications {
		if a.DisplayName == name {
			list = append(list, a)
		}
	}
	return list
}

func (w *world) app(clientID string) practice.AppState {
	w.t.Helper()
	for _, a := range w.server.State().Applications {
		if a.AppID == clientID {
			return a
		}
	}
	w.t.Fatalf("there is no app %s", clientID)
	return practice.AppState{}
}

// register does everything, and fails the test if anything is not as wanted.
func (w *world) register(e *registration.Engine, want registration.Wanted) *registration.Result {
	w.t.Helper()
	p, err := e.Prepare(w.t.Context(), want, registration.App{})
	if err != nil {
		w.t.Fatal(err)
	}
	res, err := e.Apply(w.t.Context(), p, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.allWell(res.Requirements)
	if err := e.Keep(res.RunID); err != nil {
		w.t.Fatal(err)
	}
	return res
}

// allWell fails the test if anything is not as wanted, but for what is worth
// knowing and decides nothing.
func (w *world) allWell(list []registration.Requirement, but ...registration.RequirementID) {
	w.t.Helper()
	for _, r := range list {
		if slices.Contains(but, r.ID) {
			if r.State != registration.Differs || !r.Advice {
				w.t.Errorf("%s: %s, advice %v; %q", r.ID, r.State, r.Advice, r.Have)
			}
			continue
		}
		if r.State != registration.OK {
			w.t.Errorf("%s: %s; wanted %q, there is %q, %v", r.ID, r.State, r.Want, r.Have, r.Err)
		}
	}
	if v := registration.Verdict(list); v != registration.OK {
		w.t.Errorf("verdict %s", v)
	}
}

// noSecretOnDisk looks through every file that was written.
func (w *world) noSecretOnDisk() {
	w.t.Helper()
	files, err := filepath.Glob(filepath.Join(w.folder, "*"))
	if err != nil || len(w.secrets) == 0 {
		w.t.Fatalf("nothing to look for: %v, %d secrets", err, len(w.secrets))
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, s := range w.secrets {
			if strings.Contains(string(data), s) {
				w.t.Errorf("%s holds a secret", filepath.Base(name))
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

// send calls Graph as somebody else would.
func (w *world) send(token secret.Value, method, path string, body any) map[string]any {
	w.t.Helper()
	status, answer := w.try(token, method, path, body)
	if status >= 300 {
		w.t.Fatalf("%s %s: %d %v", method, path, status, answer)
	}
	return answer
}

func (w *world) try(token secret.Value, method, path string, body any) (int, map[string]any) {
	w.t.Helper()
	var in io.Reader
	if body != nil {
		data, _ := json.Marshal(body)
		in = strings.NewReader(string(data))
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.cloud.Graph+"/v1.0"+path, in)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token.Reveal())
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer map[string]any
	_ = json.NewDecoder(resp.Body).Decode(&answer)
	return resp.StatusCode, answer
}

func (w *world) fault(name string, on bool) {
	w.t.Helper()
	if err := w.server.SetFault(name, on); err != nil {
		w.t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if fault.KindOf(err) != kind || fault.CodeOf(err) != code {
		t.Errorf("got %v; want %s %s", err, kind, code)
	}
}

func text(v any) string { return fmt.Sprint(v) }
