package checks

import (
	"cmp"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"entrada/internal/explain"
	"entrada/internal/netclient"
	"entrada/internal/practice/practicetest"
	"entrada/internal/secret"
	"entrada/internal/signin"
)

// patient is a connection that somebody brings to the helpdesk, with what is
// wrong with it.
type patient struct {
	*organisation
	byItself bool         // application permissions
	way      *http.Client // the computer's way out
	who      string       // signs in, or is the mailbox of an app on its own
	declines bool
	shared   string
	patience time.Duration
	later    []string // faults that begin after the sign-in
	page     string   // a refusal that Microsoft showed in the browser alone
}

// diagnose asks what the helpdesk asks, in its order: the way to Microsoft, the
// three values, the sign-in, and what the vendor may do. It goes no further than
// the first of these that fails.
func (p *patient) diagnose(t *testing.T) (explain.Explanation, Verdict, []Result) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), cmp.Or(p.patience, time.Minute))
	defer cancel()
	results := Run(ctx, append(Reach{Cloud: p.cloud, HTTP: p.way}.Checks(),
		Probe{Cloud: p.cloud, TenantID: p.tenant, ClientID: p.clientID, Secret: p.secret, HTTP: p.way}.Checks()...),
		nil)
	if v := Judge(results, p.context()); !v.OK {
		return v.Explanation, v, results
	}
	r := p.request()
	r.Client = p.way
	var list []Check
	if p.byItself {
		p.Break(p.later...)
		r.Scopes = nil
		list = AppOnly{Request: r, Asked: p.asked, Mailbox: p.Address(p.who), Vendor: "Xkit", HTTP: p.way,
			Journal: p.journal,
			RunID:   NewRunID(), Now: time.Now, arrival: []time.Duration{time.Millisecond}}.Checks()
	} else {
		person := p.Browser(p.who)
		person.Decline, person.Saw = p.declines, func(page string) {
			if strings.Contains(page, "AADSTS") {
				p.page = page
				cancel() // nobody waits for what will not come
			}
		}
		session, err := signin.Interactive(ctx, r, person.Open, nil)
		if p.page != "" {
			return explain.Text(p.page, p.context())[0], Verdict{}, results
		}
		if err != nil {
			results = append(results, Result{ID: CheckSignedIn, Title: "Signed in", State: Failed, Err: err})
			v := Judge(results, p.context())
			return v.Explanation, v, results
		}
		p.Break(p.later...)
		list = Delegated{Request: r, Session: session, Asked: p.asked, Vendor: "Xkit", HTTP: p.way, Journal: p.journal,
			SharedMailbox: p.shared,
			RunID:         NewRunID(), Now: time.Now, arrival: []time.Duration{time.Millisecond}}.Checks()
	}
	results = append(results, Run(ctx, list, nil)...)
	v := Judge(results, p.context())
	return v.Explanation, v, results
}

// told is what the helpdesk hears first. The headline is the culprit's, unless
// another one is given.
type told struct {
	culprit  explain.Culprit
	next     string // the label of the next click
	code     string
	headline string
}

// TestWhatTheHelpdeskIsTold: whatever is wrong, the first thing that it hears is
// true: which link is broken, and the one next click that mends it or brings it
// to whoever can.
func TestWhatTheHelpdeskIsTold(t *testing.T) {
	const (
		nowhere   = "11111111-2222-4333-8444-555555555555"
		delegated = practicetest.Delegated
		byItself  = practicetest.Application
	)
	fails := func(names ...string) func(*testing.T, *patient) {
		return func(t *testing.T, p *patient) { p.Break(names...) }
	}
	later := func(names ...string) func(*testing.T, *patient) {
		return func(_ *testing.T, p *patient) { p.later = names }
	}
	dials := func(err func(address string) error) func(*testing.T, *patient) {
		return func(t *testing.T, p *patient) {
			p.goesOut(t,
				&http.Transport{DialContext: func(_ context.Context, _, address string) (net.Conn, error) {
					return nil,
						err(address)
				}})
		}
	}
	everything := []string{"User.Read", "Mail.ReadWrite", "Mail.Send", "Mail.Read.Shared", "Calendars.ReadWrite",
		"Contacts.ReadWrite", "offline_access"}
	for name, c := range map[string]struct {
		told
		kind    practicetest.Kind // delegated if empty
		asked   []string
		nobody  bool // has consented yet
		arrange func(*testing.T, *patient)
	}{
		// This computer and the network.
		"the clock is behind": {told: told{explain.ThisComputer, "Try again", "clock-wrong", ""},
			arrange: fails("clock-skew=12m")},
		"the clock is ahead": {told: told{explain.ThisComputer, "Try again", "clock-wrong", ""},
			arrange: fails("clock-skew=-12m")},
		"nobody listens": {told: told{explain.Network, "Try again", "offline", ""}, arrange: dials(func(string) error {
			return &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
		})},
		"a name is not known": {told: told{explain.Network, "Try again", "host-not-found", ""},
			arrange: dials(func(a string) error {
				return &net.OpError{Op: "dial", Net: "tcp",
					Err: &net.DNSError{Err: "no such host", Name: a, IsNotFound: true}}
			})},
		"no name server": {told: told{explain.Network, "Try again", "offline", ""},
			arrange: dials(func(a string) error {
				return &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "server misbehaving", Name: a}}
			})},
		"only Graph is blocked": {told: told{explain.Network, "Try again", "offline", ""},
			arrange: func(t *testing.T, p *patient) {
				graph, _ := url.Parse(p.cloud.Graph)
				var d net.Dialer
				p.goesOut(t,
					&http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
						if address == graph.Host {
							return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
						}
						return d.DialContext(ctx, network, address)
					}})
			}},
		"a firewall swallows it": {told: told{explain.Network, "Try again", "timed-out", ""},
			arrange: func(t *testing.T, p *patient) { p.Break("latency=30s"); p.patience = 300 * time.Millisecond }},
		"a firewall opens the TLS": {told: told{explain.Network, "Copy this for your administrator", "tls-untrusted",
			""}, arrange: func(t *testing.T,
			p *patient) {
			p.behind(t, httptest.NewTLSServer(http.NotFoundHandler()))
		}},
		"a server without TLS": {told: told{explain.Network, "Try again", "bad-answer", ""},
			arrange: func(t *testing.T, p *patient) {
				s := httptest.NewServer(http.NotFoundHandler())
				s.URL = strings.Replace(s.URL, "http:", "https:", 1)
				p.behind(t, s)
			}},
		"the proxy is gone": {told: told{explain.Network, "Check the network settings", "proxy-refused", ""},
			arrange: func(t *testing.T, p *patient) { p.proxied(t) }},
		"a network that wants": {told: told{explain.Network, "Try again", "captive-portal", ""},
			arrange: fails("html-answer")},
		"answers are cut": {told: told{explain.Network, "Try again", "bad-answer", ""},
			arrange: fails("truncated")},
		"somebody leads elsewhere": {told: told{explain.Network, "Try again", "bad-answer", ""},
			arrange: fails("redirect-foreign")},
		"cut after the sign-in": {told: told{explain.Network, "Try again", "bad-answer", ""},
			arrange: later("truncated=graph")},
		"the hotel comes back": {told: told{explain.Network, "Try again", "captive-portal", ""},
			arrange: later("html-answer=graph")},
		"the token's way is broken": {told: told{explain.Network, "Try again", "captive-portal", ""},
			arrange: later("html-answer=token")},
		"led elsewhere later": {told: told{explain.Network, "Try again", "bad-answer", ""},
			arrange: later("redirect-foreign")},

		// The three values.
		"another organisation": {told: told{explain.Organisation, "Correct the entry", "AADSTS90002", ""},
			arrange: func(_ *testing.T, p *patient) { p.tenant = nowhere }},
		"a domain mistyped": {told: told{explain.Organisation, "Correct the entry", "AADSTS90002", ""},
			arrange: func(_ *testing.T, p *patient) { p.tenant = "contosso.example" }},
		"another app": {told: told{explain.AppRegistration, "Open App registrations", "AADSTS700016", ""},
			arrange: func(_ *testing.T, p *patient) { p.clientID = nowhere }},
		"the secret is wrong": {told: told{explain.Secret, "Paste the values again", "AADSTS7000215", ""},
			arrange: func(_ *testing.T, p *patient) { p.secret = secret.New("nearly") }},
		"the secret is an ID": {told: told{explain.Secret, "Paste the values again", "AADSTS7000215", ""},
			arrange: func(_ *testing.T, p *patient) { p.secret = secret.New(nowhere) }},
		"the secret is over": {told: told{explain.Secret, "Make a new client secret", "AADSTS7000222", ""},
			arrange: fails("secret-expired")},
		"the app is disabled": {told: told{explain.AppRegistration, "Open Enterprise apps", "AADSTS7000112", ""},
			arrange: fails("app-disabled")},
		"sign-in is down": {told: told{explain.Microsoft, "See Microsoft's service status", "AADSTS90033", ""},
			arrange: fails("unavailable=token")},

		// The sign-in.
		"the person declines": {told: told{explain.Consent, "Sign in again", "AADSTS65004", ""}, nobody: true,
			arrange: func(_ *testing.T, p *patient) { p.declines = true }},
		"only admins consent": {told: told{explain.Consent, "Sign in again", "AADSTS65004", ""}, nobody: true,
			arrange: fails("consent-admin-only")},
		"a foreign account": {told: told{explain.Account, "Sign in with another account", "AADSTS50020", ""},
			arrange: fails("account-foreign")},
		"not assigned": {told: told{explain.OrganisationPolicy, "Open Enterprise apps", "AADSTS50105", ""},
			arrange: fails("assignment-required")},
		"a policy blocks": {told: told{explain.OrganisationPolicy, "Open the sign-in logs", "AADSTS53003", ""},
			arrange: fails("conditional-access")},
		"no staying connected": {told: told{explain.Consent, "Open the app's API permissions", "scope-missing", ""},
			arrange: fails("no-refresh-token")},
		"one permission lacks": {told: told{explain.Consent, "Open the app's API permissions", "scope-missing", ""},
			arrange: fails("scope-dropped=Contacts.ReadWrite")},
		"a swapped answer": {told: told{explain.Microsoft, "Sign in again", "token-invalid", ""},
			arrange: fails("nonce-wrong")},
		"an unsigned token": {told: told{explain.Microsoft, "Sign in again", "token-invalid", ""},
			arrange: fails("id-token-unsigned")},
		"an old token": {told: told{explain.Microsoft, "Sign in again", "token-invalid", ""},
			arrange: fails("id-token-expired")},
		"another app's token": {told: told{explain.Microsoft, "Sign in again", "token-invalid", ""},
			arrange: fails("id-token-audience")},
		"another issuer": {told: told{explain.Microsoft, "Sign in again", "token-invalid", ""},
			arrange: fails("id-token-issuer")},
		"another organisation's": {told: told{explain.Microsoft, "Sign in again", "token-invalid", ""},
			arrange: fails("id-token-tenant")},

		// What has changed since.
		"consent was taken back": {told: told{explain.Consent, "Open the app's API permissions", "AADSTS65001", ""},
			arrange: later("consent-missing")},
		"the app was disabled": {told: told{explain.AppRegistration, "Open Enterprise apps", "AADSTS7000112", ""},
			arrange: later("app-disabled")},
		"the secret ran out": {told: told{explain.Secret, "Make a new client secret", "AADSTS7000222", ""},
			arrange: later("secret-expired")},
		"nobody came for 90 days": {told: told{explain.Account, "Copy this for the vendor", "AADSTS700082", ""},
			arrange: later("refresh-token-expired")},
		"the token is challenged": {told: told{explain.OrganisationPolicy, "Sign in again", "insufficient_claims", ""},
			arrange: later("claims-challenge")},

		// The mailbox.
		"no licence": {told: told{explain.Mailbox, "Test with another mailbox",
			"MailboxNotEnabledForRESTAPI", ""}, arrange: func(_ *testing.T, p *patient) { p.who = "uma" }},
		"a mailbox on premises": {told: told{explain.Mailbox, "Test with another mailbox",
			"MailboxNotEnabledForRESTAPI", ""}, arrange: func(_ *testing.T, p *patient) { p.who = "otto" }},
		"a shared one not found": {told: told{explain.Mailbox, "Test with another mailbox", "ErrorInvalidUser", ""},
			arrange: func(_ *testing.T, p *patient) { p.shared = p.Address("nobody") }},
		"a shared one closed": {told: told{explain.Mailbox, "Open the Exchange admin center", "ErrorAccessDenied",
			""}, arrange: func(_ *testing.T, p *patient) { p.who, p.shared = "chris", p.Address("shared") }},
		"an event stays": {told: told{explain.Mailbox, "Open the mailbox", "ErrorInternalServerError", ""},
			arrange: later("event-delete-fails")},
		"an absurd wait": {told: told{explain.Microsoft, "Wait a little, then try again", "TooManyRequests", ""},
			arrange: later("throttle-huge")},
		"a mail into the dark": {told: told{explain.Network, "Open the mailbox", "maybe-sent", ""},
			asked: []string{"Mail.Send"}, arrange: later("mail-drop-after-accept")},

		// An app on its own.
		"nobody granted it": {told: told{explain.Consent, "Open the app's API permissions", "ErrorAccessDenied",
			""}, kind: byItself, asked: []string{"Mail.Read", "Mail.Send"}, arrange: func(*testing.T, *patient) {}},
		"one grant is missing": {told: told{explain.Consent, "Open the app's API permissions", "ErrorAccessDenied",
			""}, kind: byItself, asked: []string{"Mail.Read", "Mail.Send"},
			arrange: func(_ *testing.T, p *patient) { p.Consent(p.clientID, byItself, "Mail.Read") }},
		"a mailbox that is not": {told: told{explain.Mailbox, "Test with another mailbox", "ErrorInvalidUser", ""},
			kind: byItself, asked: []string{"Mail.Read"},
			arrange: func(_ *testing.T, p *patient) { p.Consent(p.clientID, byItself, "Mail.Read"); p.who = "nobody" }},
		"no licence for the app": {told: told{explain.Mailbox, "Test with another mailbox",
			"MailboxNotEnabledForRESTAPI", ""}, kind: byItself, asked: []string{"Mail.Read"},
			arrange: func(_ *testing.T, p *patient) { p.Consent(p.clientID, byItself, "Mail.Read"); p.who = "uma" }},
		"on premises for the app": {told: told{explain.Mailbox, "Test with another mailbox",
			"MailboxNotEnabledForRESTAPI", ""}, kind: byItself, asked: []string{"Mail.Read"},
			arrange: func(_ *testing.T, p *patient) { p.Consent(p.clientID, byItself, "Mail.Read"); p.who = "otto" }},
		"a rule in Exchange": {told: told{explain.OrganisationPolicy, "Test with another mailbox", "ErrorAccessDenied",
			""}, kind: byItself, asked: []string{"Mail.Read"}, arrange: func(_ *testing.T, p *patient) {
			p.Consent(p.clientID, byItself, "Mail.Read")
			p.later = []string{"app-access-policy"}
		}},
		"Graph is down for the app": {told: told{explain.Microsoft, "Wait a little, then try again", "TooManyRequests",
			""}, kind: byItself, asked: []string{"Mail.Read"}, arrange: func(_ *testing.T, p *patient) {
			p.Consent(p.clientID, byItself, "Mail.Read")
			p.later = []string{"throttle-huge"}
		}},
		"the app's secret is wrong": {told: told{explain.Secret, "Paste the values again", "AADSTS7000215", ""},
			kind: byItself, asked: []string{"Mail.Read"},
			arrange: func(_ *testing.T, p *patient) { p.secret = secret.New("nearly") }},
		"the app's secret ran out": {told: told{explain.Secret, "Make a new client secret", "AADSTS7000222", ""},
			kind: byItself, asked: []string{"Mail.Read"},
			arrange: func(_ *testing.T, p *patient) { p.later = []string{"secret-expired"} }},
		"two things at once": {told: told{explain.Consent, "Open the app's API permissions", "AADSTS65001",
			"2 things are wrong"},
			arrange: func(_ *testing.T, p *patient) { p.who = "uma"; p.later = []string{"consent-missing"} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := c.asked
			if asked == nil {
				asked = everything
			}
			p := &patient{organisation: newOrganisation(t, cmp.Or(c.kind, delegated), asked...),
				byItself: c.kind == byItself, who: "megan"}
			p.way = p.organisation.http
			if !p.byItself && !c.nobody {
				p.Consent(p.clientID, delegated, append([]string{"openid", "profile"}, asked...)...)
			}
			c.arrange(t, p)
			e, v, results := p.diagnose(t)
			p.Mend()
			if e.Culprit != c.culprit || e.Next.Label != c.next || e.Code != c.code {
				t.Errorf("told of %s: %q, %s\n%+v\n%+v", e.Culprit, e.Next.Label, e.Code, e, results)
			}
			headline := cmp.Or(c.headline, "One thing is wrong: "+inSentence(c.culprit.Name()))
			if p.page == "" && v.Headline != headline {
				t.Errorf("%q, want %q", v.Headline, headline)
			}
			if e.What == "" || e.Why == "" || e.Who == "" || e.Next.Action == "" || !e.Known {
				t.Errorf("no words for it: %+v", e)
			}
			for _, part := range results {
				if part.State == Running || part.State == Waiting {
					t.Errorf("%s is still %s", part.Title, part.State)
				}
			}
		})
	}
}

// goesOut gives the patient's computer another way out.
func (p *patient) goesOut(t *testing.T, transport *http.Transport) {
	client := netclient.New(netclient.Options{MaxBody: netclient.GraphBody})
	client.Transport = transport
	p.way = client
	t.Cleanup(transport.CloseIdleConnections)
}

// behind puts another server in Microsoft's place.
func (p *patient) behind(t *testing.T, s *httptest.Server) {
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // it will be hung up on
	t.Cleanup(s.Close)
	p.cloud.Login, p.cloud.Graph = s.URL, s.URL
}

// proxied puts a proxy in the way that is gone.
func (p *patient) proxied(t *testing.T) {
	proxy := httptest.NewServer(http.NotFoundHandler())
	proxy.Close()
	address, _ := url.Parse(proxy.URL)
	p.cloud.Login, p.cloud.Graph = "https://login.microsoftonline.com", "https://graph.microsoft.com"
	p.goesOut(t, &http.Transport{Proxy: http.ProxyURL(address)})
}
