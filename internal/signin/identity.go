package signin

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/netclient"
	"entrada/internal/words"
)

// authority is who may sign our ID tokens: the issuer of one tenant with its keys,
// or, for "organizations", the issuer of any tenant of the cloud.
type authority struct {
	cloud    entra.Cloud
	issuer   string // "" for any tenant's
	promised bool   // answers carry "iss" (RFC 9207)
	keys     *keySet
}

// anyTenant stands in the metadata of "organizations" where a tenant would.
const anyTenant = "{tenantid}"

// discover fetches a tenant's metadata. It fixes the issuer and the place of
// the keys; the authorize and token endpoints are the cloud's.
func discover(ctx context.Context, op string, client *http.Client, r Request) (*authority, error) {
	var doc struct {
		oauthError
		Issuer   string `json:"issuer"`
		Keys     string `json:"jwks_uri"`
		Promised bool   `json:"authorization_response_iss_parameter_supported"`
	}
	status, err := getJSON(ctx, client, r.Cloud.MetadataURL(r.Tenant), &doc)
	switch {
	case err != nil:
		return nil, netclient.Classify(op, err)
	case status == http.StatusNotFound && doc.Error == "":
		return nil, &fault.Error{Kind: fault.TenantNotFound, Op: op, Subject: r.Tenant, Status: status,
			When: time.Now().UTC()}
	case status != http.StatusOK:
		f := doc.fault(op, status)
		f.Subject = r.Tenant
		return nil, f
	}
	named, ok := tenantOf(r.Cloud, doc.Issuer)
	switch {
	case !ok && doc.Issuer != r.Cloud.Issuer(anyTenant),
		ok && entra.IsGUID(r.Tenant) && !strings.EqualFold(named, r.Tenant):
		return nil, &fault.Error{Kind: fault.BadAnswer, Op: op, Subject: r.Tenant,
			Detail: "the sign-in service describes another tenant", When: time.Now().UTC()}
	case !sameHost(doc.Keys, r.Cloud.Login):
		return nil, &fault.Error{Kind: fault.BadAnswer, Op: op, Subject: r.Tenant,
			Detail: "the sign-in service's keys are elsewhere", When: time.Now().UTC()}
	}
	a := &authority{cloud: r.Cloud, issuer: doc.Issuer, promised: doc.Promised, keys: &keySet{address: doc.Keys}}
	if !ok {
		a.issuer = ""
	}
	return a, nil
}

// tenantOf is the tenant of an issuer in this cloud.
func tenantOf(cloud entra.Cloud, issuer string) (string, bool) {
	before, after, _ := strings.Cut(cloud.Issuer(anyTenant), anyTenant)
	rest, ok := strings.CutPrefix(issuer, before)
	id, ok2 := strings.CutSuffix(rest, after)
	return id, ok && ok2 && entra.IsGUID(id)
}

func sameHost(a, b string) bool {
	u, err1 := url.Parse(a)
	v, err2 := url.Parse(b)
	return err1 == nil && err2 == nil && u.User == nil && u.Scheme == v.Scheme && u.Host == v.Host
}

// allowsAnswerFrom applies RFC 9207 to the "iss" values of an answer: there
// must be one if the metadata promises it, and it must be the pinned one.
func (a *authority) allowsAnswerFrom(iss []string) bool {
	if len(iss) == 0 {
		return !a.promised
	}
	return len(iss) == 1 && a.allows(iss[0])
}

func (a *authority) allows(issuer string) bool {
	if a.issuer != "" {
		return issuer == a.issuer
	}
	_, ok := tenantOf(a.cloud, issuer)
	return ok
}

// claims are the claims that go-oidc does not check.
type claims struct {
	TenantID  string `json:"tid"`
	ObjectID  string `json:"oid"`
	Name      string `json:"name"`
	Username  string `json:"preferred_username"`
	NotBefore *int64 `json:"nbf"`
}

// identify checks the ID token of a token answer and says who it is about.
// nonce is nil after a refresh, which has none.
func (a *authority) identify(
	ctx context.Context, op string, client *http.Client, r Request, got *tokens, nonce *string) (Account, error) {
	invalid := func(detail string) (Account, error) {
		return Account{}, &fault.Error{Kind: fault.TokenInvalid, Op: op, Detail: detail, When: time.Now().UTC()}
	}
	if got.id == "" {
		return invalid("no ID token came")
	}
	// go-oidc checks signature, algorithm and audience. We check issuer and times
	// below: there a wrong clock or account can be told from a wrong token.
	keys := &keysFor{keySet: a.keys, client: client}
	token, err := oidc.NewVerifier("", keys, &oidc.Config{
		ClientID: r.ClientID, SupportedSigningAlgs: []string{oidc.RS256},
		SkipIssuerCheck: true, SkipExpiryCheck: true,
	}).Verify(ctx, got.id)
	switch {
	case keys.failed != nil: // go-oidc does not pass it on
		return Account{}, netclient.Classify(op, keys.failed)
	case err != nil:
		return invalid("the ID token's signature, algorithm or audience is wrong")
	}
	var c claims
	if err := token.Claims(&c); err != nil {
		return invalid("the ID token's claims are malformed")
	}
	switch {
	case len(token.Audience) != 1: // Entra's have one; more would need more rules
		return invalid("the ID token is for several apps")
	case !entra.IsGUID(c.TenantID) || token.Issuer != a.cloud.Issuer(c.TenantID):
		return invalid("the ID token's issuer is wrong")
	case !entra.IsGUID(c.ObjectID) || token.Subject == "":
		return invalid("the ID token does not say who signed in")
	case nonce != nil && subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(*nonce)) != 1:
		return invalid("the ID token belongs to another sign-in")
	case token.AccessTokenHash != "" && token.VerifyAccessToken(got.access.Reveal()) != nil:
		return invalid("the ID token belongs to another access token")
	}
	if detail := outOfTime(token, c); detail != "" {
		if skew := got.skew; got.skewKnown && skew.Abs() >= maxSkew {
			return Account{},
				&fault.Error{Kind: fault.ClockWrong, Op: op, Detail: skewWords(skew), When: time.Now().UTC()}
		}
		return invalid(detail)
	}
	who := Account{
		Name:     words.Printable(c.Name, 256),
		Username: words.Printable(c.Username, 256),
		TenantID: c.TenantID, ObjectID: c.ObjectID,
	}
	switch {
	case r.ExpectTenant != "" && !strings.EqualFold(c.TenantID, r.ExpectTenant):
		return Account{}, &fault.Error{Kind: fault.WrongAccount, Op: op, Subject: who.Username, When: time.Now().UTC()}
	case !a.allows(token.Issuer):
		return invalid("the ID token's issuer is another tenant")
	}
	return who, nil
}

// outOfTime says what is wrong with the token's times, "" if nothing is.
func outOfTime(token *oidc.IDToken, c claims) string {
	// As much as Microsoft's own libraries allow for clocks that differ.
	soon := time.Now().Add(5 * time.Minute)
	switch {
	case !token.Expiry.After(time.Now()):
		return "the ID token has expired"
	case token.IssuedAt.IsZero() || token.IssuedAt.After(soon):
		return "the ID token comes from the future"
	case c.NotBefore != nil && time.Unix(*c.NotBefore, 0).After(soon):
		return "the ID token is not valid yet"
	}
	return ""
}

// maxSkew is from when on a difference between two clocks is worth a word. Microsoft's
// tokens bear five minutes (learn.microsoft.com/entra/identity-platform/access-tokens).
const maxSkew = 2 * time.Minute

// ClockWords say that this computer's clock is off, in a few words; "" where it is not,
// or where that is unknown. The sign-in has worked all the same.
func (s *Session) ClockWords() string {
	if s.ClockSkew.Abs() < maxSkew {
		return ""
	}
	return skewWords(s.ClockSkew)
}

func skewWords(skew time.Duration) string {
	way := "ahead"
	if skew < 0 {
		way = "behind"
	}
	return "this computer's clock is " + strings.TrimSuffix(skew.Abs().Round(time.Minute).String(), "0s") + " " + way
}

// getJSON fetches JSON of any status.
func getJSON(ctx context.Context, client *http.Client, address string, into any) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	return doJSON(client, req, into)
}

func doJSON(client *http.Client, req *http.Request, into any) (int, error) {
	req.Header.Set("Accept", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	if err := netclient.CheckJSON(resp); err != nil {
		return 0, err
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		var known *fault.Error
		if errors.As(err, &known) {
			return 0, known
		}
		return 0, &fault.Error{Kind: fault.BadAnswer, Op: "read the answer", Subject: req.URL.Host,
			Detail: "the answer is not what was asked for"}
	}
	return resp.StatusCode, nil
}
