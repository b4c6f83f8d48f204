// Package signin gets tokens from the Microsoft identity platform: for a
// person through the system browser and a short-lived server on loopback, for
// an app with its client secret, and silently with a refresh token.
//
// Nothing here is written to disk or to a log. It must not know what the
// tokens are for, how connections are saved, or how errors are put into words.
package signin

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/netclient"
	"entrada/internal/secret"
)

// Request is what to sign in to.
type Request struct {
	Cloud        entra.Cloud
	Tenant       string       // the tenant's GUID or a domain of it; "organizations" for any
	ClientID     string       //
	ClientSecret secret.Value // empty for a public client (the platform "Mobile and desktop applications")
	RedirectPath string       // "" for http://localhost; the port is added
	Scopes       []string     // as sent: "openid", "https://graph.microsoft.com/Mail.Send", "offline_access"
	LoginHint    string       // the account to offer first
	Claims       string       // as a claims challenge wants them, see [entra.IsClaims]; mostly empty
	ExpectTenant string       // the only tenant's GUID to accept; "" accepts any

	// Client is made by [netclient.New]; nil makes one for this call alone.
	// Share one where many connections are tested.
	Client *http.Client
}

// Stage is what is happening now.
type Stage string

// The stages, in their order.
const (
	StageListening      Stage = "listening"       // the port is open and the link is known
	StageBrowserOpening Stage = "browser-opening" //
	StageWaiting        Stage = "waiting"         // the browser is open, the person's turn
	StageLinkNeeded     Stage = "link-needed"     // no browser opened: the person must use the link
	StageExchanging     Stage = "exchanging"      // the code for the tokens
	StageChecking       Stage = "checking"        // the ID token
)

// Progress is what a window shows during a sign-in.
type Progress struct {
	Stage Stage
	// Link is the sign-in link to copy. A token also takes the verifier, so nobody gets
	// one with the link. But on some systems others can read the arguments of the
	// browser. They may sign in with the link as themselves. So the account is shown
	// before anything is done in its name.
	Link string
	// Strange counts requests to our port that were not the answer. Browsers
	// cause a few. 20 or more are an attack.
	Strange int
	// InAddress says that the answer came in the address and not in a form. Entrada
	// never uses such an answer (RFC 9700 section 4.3.1), and no other will come.
	InAddress bool
	Deadline  time.Time // when waiting ends
}

// Account is who signed in, as the checked ID token says. TenantID and
// ObjectID identify; the other two are for show and may change.
type Account struct {
	Name     string
	Username string // preferred_username, mostly the address
	TenantID string
	ObjectID string
}

// Session is the outcome of a sign-in. It lives in memory only.
type Session struct {
	Account      Account // empty for an app on its own but for TenantID, when that was given
	AccessToken  secret.Value
	RefreshToken secret.Value // empty without offline_access
	Expires      time.Time    // of the access token
	// permissions granted, bare names: "Mail.Send"; of an app on its own nil if the token does not tell
	Granted   []string
	Missing   []string      // asked for and not granted, bare names
	ClockSkew time.Duration // this computer's clock against the server's, positive when ahead; 0 when unknown

	authority *authority // kept so that a refresh need not fetch metadata and keys again
}

// Interactive signs a person in with the system browser: the authorization
// code flow with PKCE (RFC 7636, RFC 8252), the answer posted as a form to
// loopback. It ends with a session, an error, ctx, or after five minutes.
//
// open shows the link in a browser. Without open, or if it fails, the person uses the
// link of report. report may be nil; it is called from this goroutine only. openid
// and profile are always asked for: only the ID token says who signed in.
func Interactive(ctx context.Context, r Request, open Opener, report func(Progress)) (*Session, error) {
	return standard().interactive(ctx, r, open, report)
}

// Refresh gets a new access token without a person, once. The returned session
// keeps the old refresh token where no newer one came.
func Refresh(ctx context.Context, r Request, s *Session) (*Session, error) {
	const op = "refresh the sign-in"
	if err := r.check(op); err != nil {
		return nil, err
	}
	if s == nil || s.RefreshToken.IsEmpty() {
		return nil, fault.New(fault.NoRefreshToken, op, nil)
	}
	client, done := r.client()
	defer done()
	return refresh(ctx, op, client, r, s)
}

// AppOnly signs the app itself in with its client secret (the client
// credentials grant), for all application permissions that it was granted.
// Microsoft does not list those in the answer, so Granted stays empty.
func AppOnly(ctx context.Context, r Request) (*Session, error) {
	const op = "sign in as the app"
	if err := r.check(op); err != nil {
		return nil, err
	}
	if r.ClientSecret.IsEmpty() {
		return nil, &fault.Error{Kind: fault.Misuse, Op: op, Detail: "no client secret was given"}
	}
	client, done := r.client()
	defer done()
	return appOnly(ctx, op, client, r)
}

// identityScopes are the scopes with those that an ID token needs: oid comes
// with profile only (learn.microsoft.com/entra/identity-platform/id-token-claims-reference).
func (r Request) identityScopes() []string {
	scopes := slices.Clone(r.Scopes)
	for _, scope := range []string{"openid", "profile"} {
		if !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}

// client returns the caller's HTTP client, or one of its own that done closes.
func (r Request) client() (client *http.Client, done func()) {
	if r.Client != nil {
		return r.Client, func() {}
	}
	client = netclient.New(netclient.Options{})
	return client, client.CloseIdleConnections
}

var (
	tenant = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.-]{0,254}$`)
	path   = regexp.MustCompile(`^(/[0-9A-Za-z._~-]+)*/?$`)
)

// check finds requests that cannot be made, before anything is opened or sent.
func (r Request) check(op string) error {
	login, err := url.Parse(r.Cloud.Login)
	switch {
	case err != nil || !safeToOpen(login):
		return &fault.Error{Kind: fault.Misuse, Op: op,
			Detail: "the cloud's sign-in address is neither https nor on this computer"}
	case !path.MatchString(r.RedirectPath) || slices.Contains(strings.Split(r.RedirectPath, "/"), ".."):
		return &fault.Error{Kind: fault.Misuse, Op: op, Detail: "the redirect path is not a plain path"}
	case r.ExpectTenant != "" && !entra.IsGUID(r.ExpectTenant):
		return &fault.Error{Kind: fault.Misuse, Op: op, Detail: "the tenant to expect is not a GUID"}
	case r.Claims != "" && !entra.IsClaims(r.Claims):
		return &fault.Error{Kind: fault.Misuse, Op: op, Detail: "the claims are no JSON object"}
	case !tenant.MatchString(r.Tenant):
		return fault.Invalid("tenant", "This is neither a tenant ID nor a domain.")
	case r.ClientID == "" || !printable(r.ClientID):
		return fault.Invalid("client ID", "This is not a client ID.")
	}
	return nil
}

// safeToOpen allows https, and http on this computer, where no network reads along.
func safeToOpen(u *url.URL) bool {
	if u.User != nil || u.Hostname() == "" || u.Opaque != "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && netclient.IsLoopback(u.Hostname())
}

// printable reports whether text is ASCII without spaces and controls, as
// tokens and codes are (RFC 6749 appendix A).
func printable(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c >= 0x7f })
}
