package signin

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if got := fault.KindOf(err); got != kind {
		t.Errorf("kind %q, want %q (%v)", got, kind, err)
	}
}

// diary notes a sign-in's progress.
type diary struct {
	pages []Progress
	at    func(Progress)
}

func (d *diary) write(p Progress) {
	d.pages = append(d.pages, p)
	if d.at != nil {
		d.at(p)
	}
}

func (d *diary) stages() []Stage {
	var stages []Stage
	for _, p := range d.pages {
		if len(stages) == 0 || stages[len(stages)-1] != p.Stage {
			stages = append(stages, p.Stage)
		}
	}
	return stages
}

// portIsClosed fails the test if anybody still listens at the redirect.
func (d *diary) portIsClosed(t *testing.T) {
	t.Helper()
	if len(d.pages) == 0 {
		return // it never came to that
	}
	link, _ := url.Parse(d.pages[0].Link)
	redirect, _ := url.Parse(link.Query().Get("redirect_uri"))
	for _, host := range []string{"127.0.0.1", "::1"} {
		if c, err := net.Dial("tcp", net.JoinHostPort(host, redirect.Port())); err == nil {
			_ = c.Close()
			t.Errorf("somebody still listens on %s", c.RemoteAddr())
		}
	}
}

func TestSignIn(t *testing.T) {
	f := newFake(t)
	var d diary
	r := f.request()
	r.LoginHint = "ada@contoso.example"
	s, err := Interactive(t.Context(), r, f.browser(), d.write)
	if err != nil {
		t.Fatal(err)
	}
	want := Account{"Ada Admin", "ada@contoso.example", tenantA, personID}
	if diff := cmp.Diff(want, s.Account); diff != "" {
		t.Error(diff)
	}
	if s.AccessToken.Reveal() != canary+"-access-token" || s.RefreshToken.Reveal() != canary+"-refresh-token-1" {
		t.Error("the tokens are not those that were given")
	}
	if left := time.Until(s.Expires); left < 59*time.Minute || left > time.Hour {
		t.Errorf("expires in %v", left)
	}
	if diff := cmp.Diff([]string{"openid", "profile", "Mail.Send", "User.Read", "offline_access"}, s.Granted,
		sorted); diff != "" {
		t.Error(diff)
	}
	if len(s.Missing) != 0 {
		t.Errorf("missing %q", s.Missing)
	}
	if diff := cmp.Diff([]Stage{StageListening, StageBrowserOpening, StageWaiting, StageExchanging, StageChecking},
		withWaiting(d.stages())); diff != "" {
		t.Error(diff)
	}
	d.portIsClosed(t)

	link, err := url.Parse(d.pages[0].Link)
	if err != nil {
		t.Fatal(err)
	}
	q := link.Query()
	for name, want := range map[string]string{
		"client_id": clientID, "response_type": "code", "response_mode": "form_post",
		"code_challenge_method": "S256", "prompt": "select_account", "login_hint": "ada@contoso.example",
		"scope": "openid profile offline_access https://graph.test/Mail.Send",
	} {
		if q.Get(name) != want {
			t.Errorf("%s=%q, want %q", name, q.Get(name), want)
		}
	}
	if !strings.HasPrefix(d.pages[0].Link, f.server.URL+"/"+tenantA+"/oauth2/v2.0/authorize?") {
		t.Errorf("the link leads to %s", link.Host+link.Path)
	}
	if redirect := q.Get("redirect_uri"); !strings.HasPrefix(redirect, "http://localhost:") ||
		!strings.HasSuffix(redirect, "/signin/callback") {
		t.Errorf("redirect %q", redirect)
	}
	form := f.forms[0]
	if f.calls() != 1 || form.Get("client_secret") != r.ClientSecret.Reveal() ||
		form.Get("redirect_uri") != q.Get("redirect_uri") {
		t.Errorf("%d token calls, form fields %d", f.calls(), len(form))
	}
	f.noSecretIn(s, d.pages, *s)
}

var sorted = cmp.Transformer("sorted", func(in []string) []string {
	return slices.Sorted(slices.Values(in))
})

// withWaiting adds the stage that a fast enough browser leaves out.
func withWaiting(stages []Stage) []Stage {
	if i := slices.Index(stages, StageExchanging); i > 0 && !slices.Contains(stages, StageWaiting) {
		return slices.Insert(stages, i, StageWaiting)
	}
	return stages
}

func TestPortClosesBeforeTheExchange(t *testing.T) {
	f := newFake(t)
	var d diary
	d.at = func(p Progress) {
		if p.Stage == StageExchanging {
			d.portIsClosed(t)
		}
	}
	if _, err := Interactive(t.Context(), f.request(), f.browser(), d.write); err != nil {
		t.Fatal(err)
	}
}

func TestPublicClientSendsNoSecret(t *testing.T) {
	f := newFake(t)
	r := f.request()
	r.ClientSecret, r.RedirectPath = secret.Value{}, ""
	if _, err := Interactive(t.Context(), r, f.browser(), nil); err != nil {
		t.Fatal(err)
	}
	if f.forms[0].Has("client_secret") || f.forms[0].Has("client_assertion") {
		t.Error("a public client sent a secret")
	}
}

func TestEachAttemptIsNew(t *testing.T) {
	f := newFake(t)
	var links []url.Values
	for range 2 {
		_, err := Interactive(t.Context(), f.request(), func(ctx context.Context, link string) error {
			links = append(links, f.follow(link).link)
			return f.browser()(ctx, link)
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if a, b := links[0].Get(name), links[1].Get(name); a == b || len(a) < 43 || len(b) < 43 {
			t.Errorf("%s: %q and %q", name, a, b)
		}
	}
	if f.forms[0].Get("code_verifier") == f.forms[1].Get("code_verifier") {
		t.Error("a verifier was used twice")
	}
}

func TestIdentityScopesAreAlwaysAsked(t *testing.T) {
	f := newFake(t)
	r := f.request()
	r.Scopes = []string{"https://graph.test/Mail.Send"}
	var d diary
	s, err := Interactive(t.Context(), r, f.browser(), d.write)
	if err != nil || s.Account.ObjectID != personID {
		t.Fatalf("%v, %v", s, err)
	}
	if !strings.Contains(d.pages[0].Link, "scope=https%3A%2F%2Fgraph.test%2FMail.Send+openid+profile") {
		t.Error(d.pages[0].Link)
	}
	if len(r.Scopes) != 1 {
		t.Error("the caller's scopes were changed")
	}
}

func TestTenantByDomainAndForAnyOrganisation(t *testing.T) {
	for _, name := range []string{"contoso.example", "organizations"} {
		f := newFake(t)
		r := f.request()
		r.Tenant = name
		s, err := Interactive(t.Context(), r, f.browser("iss", f.cloud().Issuer(tenantA)), nil)
		if err != nil || s.Account.TenantID != tenantA {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
}

func TestRefusalInTheForm(t *testing.T) {
	f := newFake(t)
	var state string
	var d diary
	_, err := Interactive(t.Context(), f.request(), f.visit(func(door door) {
		state = door.link.Get("state")
		form := url.Values{"state": {state}, "error": {"access_denied"}, "error_description": {
			"AADSTS65004: User declined to consent to access the app.\x1b[31m " + state +
				" <script>\r\nTrace ID: 11111111-2222-4333-8444-555555555555\r\n" +
				"Correlation ID: 66666666-7777-4888-8999-000000000000\r\nTimestamp: 2026-11-20 10:11:12Z"}}
		status, page := door.post(t, form)
		if status != 200 || string(page) != string(pageNotCompleted.text) {
			t.Errorf("status %d, page %s", status, page)
		}
	}), d.write)
	var got *fault.Error
	if !errors.As(err, &got) {
		t.Fatal(err)
	}
	want := &fault.Error{
		Kind: fault.Refused, Op: "sign in", Code: "AADSTS65004",
		Detail:  "User declined to consent to access the app. [31m [redacted] <script>",
		TraceID: "11111111-2222-4333-8444-555555555555", CorrelationID: "66666666-7777-4888-8999-000000000000",
		When: time.Date(2026, 11, 20, 10, 11, 12, 0, time.UTC),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if f.calls() != 0 {
		t.Error("the token endpoint was asked")
	}
	d.portIsClosed(t)
}

func TestCancelAtEachStage(t *testing.T) {
	hang := func(cancel func(), r *http.Request) { cancel(); <-r.Context().Done() }
	for name, prepare := range map[string]func(f *fakeEntra, d *diary, cancel func()) Opener{
		"metadata": func(f *fakeEntra, _ *diary, cancel func()) Opener {
			f.metadata = func(_ http.ResponseWriter, r *http.Request, _ map[string]any) { hang(cancel, r) }
			return f.browser()
		},
		"listening": func(f *fakeEntra, d *diary, cancel func()) Opener {
			d.at = func(p Progress) {
				if p.Stage == StageListening {
					cancel()
				}
			}
			return func(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() }
		},
		"opening": func(f *fakeEntra, _ *diary, cancel func()) Opener {
			return func(ctx context.Context, _ string) error { cancel(); <-ctx.Done(); return ctx.Err() }
		},
		"waiting": func(f *fakeEntra, d *diary, cancel func()) Opener {
			d.at = func(p Progress) {
				if p.Stage == StageWaiting {
					cancel()
				}
			}
			return func(context.Context, string) error { return nil }
		},
		"exchanging": func(f *fakeEntra, _ *diary, cancel func()) Opener {
			f.token = func(_ http.ResponseWriter, r *http.Request, _ map[string]any) { hang(cancel, r) }
			return f.browser()
		},
		"checking": func(f *fakeEntra, d *diary, cancel func()) Opener {
			// The keys fetched ahead do not fail the sign-in, those asked for then do.
			f.published = nil
			d.at = func(p Progress) {
				if p.Stage == StageChecking {
					f.serveKeysWith(
						func(_ http.ResponseWriter, r *http.Request, _ jose.JSONWebKeySet) { hang(cancel, r) })
				}
			}
			return f.browser()
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var d diary
			_, err := Interactive(ctx, f.request(), prepare(f, &d, cancel), d.write)
			wantKind(t, err, fault.Cancelled)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%v does not wrap the context's error", err)
			}
			f.noSecretIn(err, d.pages)
			d.portIsClosed(t)
		})
	}
}

func TestWaitEnds(t *testing.T) {
	// The waits themselves need no network, so that five minutes pass at once.
	waitFor := func(t *testing.T, deadline time.Duration, open Opener) (stages []Stage, took time.Duration, err error) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			l := standard()
			start := time.Now()
			p := Progress{Deadline: start.Add(deadline)}
			idle := newCallback("state", 1, "", &authority{})
			_, err = l.wait(t.Context(), "sign in", p, idle, open, func(s Stage) { stages = append(stages, s) })
			took = time.Since(start)
		})
		return stages, took, err
	}
	opened := func(context.Context, string) error { return nil }
	hangs := func(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() }
	fails := func(context.Context, string) error { return errors.New("no browser") }

	stages, took, err := waitFor(t, 5*time.Minute, opened)
	wantKind(t, err, fault.SignInTimedOut)
	if took != 5*time.Minute || !slices.Equal(stages, []Stage{StageBrowserOpening, StageWaiting}) {
		t.Errorf("after %v: %v", took, stages)
	}
	for _, open := range []Opener{hangs, fails} {
		stages, _, _ = waitFor(t, 5*time.Minute, open)
		if !slices.Equal(stages, []Stage{StageBrowserOpening, StageLinkNeeded}) {
			t.Errorf("%v", stages)
		}
	}
	if stages, _, _ = waitFor(t, 5*time.Minute, nil); !slices.Equal(stages, []Stage{StageLinkNeeded}) {
		t.Errorf("without an opener: %v", stages)
	}
	// A computer that slept: the deadline on the wall is long over.
	_, took, err = waitFor(t, -time.Hour, opened)
	wantKind(t, err, fault.SignInTimedOut)
	if took > 10*time.Second {
		t.Errorf("noticed only after %v", took)
	}
}

func TestTimeLimitClosesThePort(t *testing.T) {
	f := newFake(t)
	l := standard()
	l.attempt = 50 * time.Millisecond
	var d diary
	_, err := l.interactive(t.Context(), f.request(), func(context.Context, string) error { return nil }, d.write)
	wantKind(t, err, fault.SignInTimedOut)
	d.portIsClosed(t)
}

// The person can still use the link when no browser opens.
func TestSignInThroughTheLink(t *testing.T) {
	f := newFake(t)
	d := diary{at: func(p Progress) {
		if p.Stage == StageLinkNeeded {
			go func() { _ = f.browser()(t.Context(), p.Link) }()
		}
	}}
	_, err := Interactive(t.Context(), f.request(), func(context.Context, string) error { return errors.New("none") },
		d.write)
	if err != nil {
		t.Fatal(err)
	}
}

func TestRequestsThatCannotBeMade(t *testing.T) {
	f := newFake(t)
	for name, c := range map[string]struct {
		change func(*Request)
		kind   fault.Kind
	}{
		"no cloud":             {func(r *Request) { r.Cloud.Login = "" }, fault.Misuse},
		"plain http elsewhere": {func(r *Request) { r.Cloud.Login = "http://login.example" }, fault.Misuse},
		"another scheme":       {func(r *Request) { r.Cloud.Login = "file:///etc" }, fault.Misuse},
		"no tenant":            {func(r *Request) { r.Tenant = "" }, fault.InvalidInput},
		"a path as tenant":     {func(r *Request) { r.Tenant = "../" + tenantA }, fault.InvalidInput},
		"no client ID":         {func(r *Request) { r.ClientID = "" }, fault.InvalidInput},
		"spaces in client ID":  {func(r *Request) { r.ClientID = "a b" }, fault.InvalidInput},
		"no path":              {func(r *Request) { r.RedirectPath = "callback" }, fault.Misuse},
		"a path with query":    {func(r *Request) { r.RedirectPath = "/a?b" }, fault.Misuse},
		"a path upwards":       {func(r *Request) { r.RedirectPath = "/a/../b" }, fault.Misuse},
		"odd expectation":      {func(r *Request) { r.ExpectTenant = "contoso" }, fault.Misuse},
	} {
		r := f.request()
		c.change(&r)
		_, err := Interactive(t.Context(), r, f.browser(), func(Progress) { t.Errorf("%s: it began", name) })
		wantKind(t, err, c.kind)
		_, err = AppOnly(t.Context(), r)
		wantKind(t, err, c.kind)
	}
}
