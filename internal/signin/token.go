package signin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/netclient"
	"entrada/internal/secret"
)

// tokens is a token answer whose form has been checked.
type tokens struct {
	access, refresh secret.Value
	id              string // the ID token, "" if none came
	expires         time.Time
	granted         []string
	skew            time.Duration
	skewKnown       bool
}

// oauthConfig fixes two things. The token endpoint is the cloud's, whatever the
// metadata says. The client secret goes into the body: otherwise x/oauth2 tries both
// places and sends a one-time code twice.
func oauthConfig(r Request, redirect string) *oauth2.Config {
	return &oauth2.Config{
		ClientID:     r.ClientID,
		ClientSecret: r.ClientSecret.Reveal(),
		RedirectURL:  redirect,
		Scopes:       r.Scopes,
		Endpoint: oauth2.Endpoint{
			AuthURL:   r.Cloud.AuthorizeURL(r.Tenant),
			TokenURL:  r.Cloud.TokenURL(r.Tenant),
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
}

// exchange redeems a code, once: a second try would be a replay.
func exchange(
	ctx context.Context, op string, client *http.Client, r Request, config *oauth2.Config, code,
	verifier secret.Value) (*tokens, error) {
	call := newTokenCall(client)
	token, err := config.Exchange(call.in(ctx), code.Reveal(), oauth2.VerifierOption(verifier.Reveal()))
	if err != nil {
		return nil, tokenFault(op, err, r.ClientSecret, code, verifier)
	}
	return call.read(op, token)
}

// grant asks the token endpoint with another grant than a code.
func grant(ctx context.Context, op string, client *http.Client, r Request, params url.Values, scopes []string,
	secrets ...secret.Value) (*tokens, error) {
	call := newTokenCall(client)
	token, err := call.ask(ctx, r, params, scopes)
	if err != nil {
		return nil, tokenFault(op, err, append(secrets, r.ClientSecret)...)
	}
	return call.read(op, token)
}

// ask sends the request. x/oauth2 has one client for all grants except the code grant,
// and names it after the most frequent one.
func (c *tokenCall) ask(ctx context.Context, r Request, params url.Values, scopes []string) (*oauth2.Token, error) {
	config := clientcredentials.Config{
		ClientID:       r.ClientID,
		ClientSecret:   r.ClientSecret.Reveal(),
		TokenURL:       r.Cloud.TokenURL(r.Tenant),
		Scopes:         scopes,
		EndpointParams: params,
		AuthStyle:      oauth2.AuthStyleInParams,
	}
	return config.Token(c.in(ctx))
}

func appOnly(ctx context.Context, op string, client *http.Client, r Request) (*Session, error) {
	got, err := grant(ctx, op, client, r, nil, []string{r.Cloud.GraphScope(".default")})
	if err != nil {
		return nil, err
	}
	s := &Session{AccessToken: got.access, Expires: got.expires, ClockSkew: got.skew, Granted: rolesIn(got.access)}
	if entra.IsGUID(r.Tenant) {
		s.Account.TenantID = r.Tenant
	}
	return s, nil
}

// rolesIn reads the application permissions from an access token; nil if it cannot.
// Only Graph checks the token, and its form may change at any time
// (learn.microsoft.com/entra/identity-platform/access-tokens). So the result is shown
// to people, and decides nothing.
func rolesIn(token secret.Value) []string {
	parsed, err := jwt.ParseSigned(token.Reveal(), []jose.SignatureAlgorithm{jose.RS256, jose.PS256})
	if err != nil {
		return nil
	}
	claims := struct {
		Roles []string `json:"roles"`
	}{Roles: []string{}}
	if parsed.UnsafeClaimsWithoutVerification(&claims) != nil {
		return nil
	}
	return claims.Roles
}

func refresh(ctx context.Context, op string, client *http.Client, r Request, old *Session) (*Session, error) {
	params := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {old.RefreshToken.Reveal()}}
	got, err := grant(ctx, op, client, r, params, r.Scopes, old.RefreshToken)
	if err != nil {
		return nil, err
	}
	authority, who := old.authority, old.Account
	if got.id != "" {
		if authority == nil {
			if authority, err = discover(ctx, op, client, r); err != nil {
				return nil, err
			}
		}
		// OpenID Connect Core section 12.2: no nonce, but the same person.
		if who, err = authority.identify(ctx, op, client, r, got, nil); err != nil {
			return nil, err
		}
		if old.Account.ObjectID != "" &&
			(who.ObjectID != old.Account.ObjectID || who.TenantID != old.Account.TenantID) {
			return nil, &fault.Error{Kind: fault.TokenInvalid, Op: op,
				Detail: "the refreshed tokens are for another account", When: time.Now().UTC()}
		}
	}
	if got.refresh.IsEmpty() {
		got.refresh = old.RefreshToken
	}
	return newSession(r, got, who, authority), nil
}

// tokenCall is one request to the token endpoint. It is the transport of x/oauth2, and
// passes on JSON only. Otherwise x/oauth2 would take a line of plain text for a token,
// and a read error for a failed request.
type tokenCall struct {
	client    *http.Client
	started   time.Time
	skew      time.Duration
	skewKnown bool
}

func newTokenCall(client *http.Client) *tokenCall {
	return &tokenCall{client: client, started: time.Now()}
}

func (c *tokenCall) in(ctx context.Context) context.Context {
	guarded := *c.client
	guarded.Transport = roundTrip(c.do)
	return context.WithValue(ctx, oauth2.HTTPClient, &guarded)
}

type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip implements [http.RoundTripper].
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func (c *tokenCall) do(req *http.Request) (*http.Response, error) {
	resp, err := c.client.Transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	c.skew, c.skewKnown = netclient.ClockSkew(resp)
	if err := netclient.CheckJSON(resp); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// read checks a token answer against RFC 6749 section 5.1 and Entra's documentation.
// x/oauth2 only requires an access token.
func (c *tokenCall) read(op string, token *oauth2.Token) (*tokens, error) {
	invalid := func(detail string) error {
		return &fault.Error{Kind: fault.TokenInvalid, Op: op, Detail: detail, When: time.Now().UTC()}
	}
	text := func(name string) string { s, _ := token.Extra(name).(string); return s }
	lifetime, ok := seconds(token.Extra("expires_in"))
	newRefresh, id := text("refresh_token"), text("id_token")
	switch {
	// Not token.Type(), which makes Bearer of nothing.
	case token.TokenType != "Bearer" && token.TokenType != "bearer":
		return nil, invalid("the token is not a bearer token")
	case !fitToken(token.AccessToken) || token.AccessToken == "":
		return nil, invalid("the access token is malformed")
	case !fitToken(newRefresh):
		return nil, invalid("the refresh token is malformed")
	case !fitToken(id):
		return nil, invalid("the ID token is malformed")
	case !ok || lifetime < time.Minute || lifetime > 24*time.Hour:
		return nil, invalid("the access token's lifetime is out of range")
	}
	return &tokens{
		access:  secret.New(token.AccessToken),
		refresh: secret.New(newRefresh),
		id:      id,
		// Measured from before the request, on the monotonic clock.
		expires:   c.started.Add(lifetime),
		granted:   splitScopes(text("scope")),
		skew:      c.skew,
		skewKnown: c.skewKnown,
	}, nil
}

// fitToken: Entra's tokens are a few KiB; more than this fits no header.
func fitToken(token string) bool { return len(token) <= 64<<10 && printable(token) }

// seconds reads expires_in, a number that some servers put in quotes.
func seconds(value any) (time.Duration, bool) {
	switch v := value.(type) {
	case float64:
		return time.Duration(min(max(v, -1), 1e6)) * time.Second, true
	case string:
		n, err := strconv.ParseUint(v, 10, 20)
		return time.Duration(n) * time.Second, err == nil
	}
	return 0, false
}

// tokenFault gives an error of x/oauth2 a kind. It drops the error's text: that quotes
// the answer, and the answer of a proxy may quote the request.
func tokenFault(op string, err error, secrets ...secret.Value) error {
	var said *oauth2.RetrieveError
	var known *fault.Error
	var request *url.Error
	switch {
	case errors.As(err, &said):
		e := oauthError{Error: said.ErrorCode, Description: said.ErrorDescription}
		// For the fields that x/oauth2 does not know; without them it is one all the same.
		_ = json.Unmarshal(said.Body, &e)
		f := e.fault(op, said.Response.StatusCode, secrets...)
		f.RetryAfter = netclient.RetryAfter(said.Response)
		return f
	case errors.As(err, &known), errors.As(err, &request), errors.Is(err, context.Canceled):
		return netclient.Classify(op, err)
	default: // it came, as JSON, but is no token answer
		return &fault.Error{Kind: fault.TokenInvalid, Op: op, Detail: "the answer holds no token",
			When: time.Now().UTC()}
	}
}
