// Package faults is the switchboard of what can go wrong in the practice
// tenant: the named faults, which of them are on, and the few that concern
// every answer alike (late, cut short, replaced by a web page).
//
// It must not know identity, Graph or the directory; those rooms ask it.
//
// A fault is written name, name=value, name*times or name=value*times, such as
// "throttle-seconds=2*3": three times a Retry-After of two seconds, then well.
// Faults that are a state rather than an event (consent-missing,
// consent-admin-only, preauthorization-missing, users-cannot-register, secret-policy, slow-replication,
// clock-skew, nextlink-foreign) are not used up.
package faults

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The faults.
const (
	SecretWrong          = "secret-wrong"
	SecretExpired        = "secret-expired"
	SecretPolicy         = "secret-policy"
	ConsentMissing       = "consent-missing"
	ConsentAdminOnly     = "consent-admin-only"
	AccountForeign       = "account-foreign"
	AppDisabled          = "app-disabled"
	AssignmentRequired   = "assignment-required"
	ConditionalAccess    = "conditional-access"
	PreauthMissing       = "preauthorization-missing"
	UsersCannotRegister  = "users-cannot-register"
	NoRefreshToken       = "no-refresh-token"
	RefreshTokenExpired  = "refresh-token-expired"
	ScopeDropped         = "scope-dropped"
	QueryNotFormPost     = "query-instead-of-form-post"
	RedirectForeign      = "redirect-foreign"
	NonceWrong           = "nonce-wrong"
	IDTokenUnsigned      = "id-token-unsigned"
	IDTokenExpired       = "id-token-expired"
	IDTokenAudience      = "id-token-audience"
	IDTokenIssuer        = "id-token-issuer"
	IDTokenTenant        = "id-token-tenant"
	ClaimsChallenge      = "claims-challenge"
	MailboxUnlicensed    = "mailbox-unlicensed"
	MailboxOnPremises    = "mailbox-on-premises"
	AppAccessPolicy      = "app-access-policy"
	ThrottleSeconds      = "throttle-seconds"
	ThrottleDate         = "throttle-date"
	ThrottleMissing      = "throttle-missing"
	ThrottleHuge         = "throttle-huge"
	Unavailable          = "unavailable"
	EventDeleteFails     = "event-delete-fails"
	MailDropAfterAccept  = "mail-drop-after-accept"
	EventDropAfterAccept = "event-drop-after-accept"
	NextLinkForeign      = "nextlink-foreign"
	SlowReplication      = "slow-replication"
	ClockSkew            = "clock-skew"
	Latency              = "latency"
	Truncated            = "truncated"
	HTMLAnswer           = "html-answer"
)

// Fault describes one fault.
type Fault struct {
	Name        string `json:"name"`
	Default     string `json:"default"` // the value when none is given
	Description string `json:"description"`
}

var table = []Fault{
	{SecretWrong, "", "Sign-in: every client secret counts as wrong (AADSTS7000215)."},
	{SecretExpired, "", "Sign-in: every client secret counts as expired (AADSTS7000222)."},
	{SecretPolicy, "block",
		"Directory: the app management policy forbids client secrets; with a number of days as value, those that " +
			"live longer."},
	{ConsentMissing, "",
		"Sign-in: nobody has consented to anything; token requests get AADSTS65001, sign-ins the consent page."},
	{ConsentAdminOnly, "",
		"Sign-in: users may consent to nothing; they get the page \"Need admin approval\" (AADSTS90094)."},
	{AccountForeign, "", "Sign-in: whoever signs in counts as an account of another organisation (AADSTS50020)."},
	{AppDisabled, "", "Sign-in: the enterprise app is disabled (AADSTS7000112)."},
	{AssignmentRequired, "", "Sign-in: the app requires assignment and the user is not assigned (AADSTS50105)."},
	{ConditionalAccess, "",
		"Sign-in: a Conditional Access policy blocks it (AADSTS53003); with a client ID as value, for that app alone."},
	{PreauthMissing, "Application.ReadWrite.All",
		"Sign-in: Microsoft's own programs are no longer pre-authorised for the permission given as value " +
			"(AADSTS65002)."},
	{UsersCannotRegister, "", "Directory: \"Users can register applications\" is No, so registering takes a role."},
	{NoRefreshToken, "", "Sign-in: no refresh token comes although offline_access was asked for and granted."},
	{RefreshTokenExpired, "", "Sign-in: every refresh token counts as unused for 90 days (AADSTS700082)."},
	{ScopeDropped, "", "Sign-in: tokens lack the last Graph permission asked for, or the one named as value."},
	{QueryNotFormPost, "", "Sign-in: the answer comes in the query though form_post was asked for."},
	{RedirectForeign, "http://localhost:9/elsewhere",
		"Network: the token endpoint and Graph answer with a redirect (307) to the address given as value."},
	{NonceWrong, "", "Sign-in: the ID token carries another nonce than the one sent."},
	{IDTokenUnsigned, "", "Sign-in: the ID token has alg \"none\" and no signature."},
	{IDTokenExpired, "", "Sign-in: the ID token expired an hour ago."},
	{IDTokenAudience, "", "Sign-in: the ID token is for another app."},
	{IDTokenIssuer, "", "Sign-in: the ID token names another issuer."},
	{IDTokenTenant, "", "Sign-in: the ID token is about another tenant and person."},
	{ClaimsChallenge, "", "Graph: 401 with a claims challenge (continuous access evaluation)."},
	{MailboxUnlicensed, "", "Graph: no mailbox has a licence (404 MailboxNotEnabledForRESTAPI)."},
	{MailboxOnPremises, "", "Graph: every mailbox is on premises (404 MailboxNotEnabledForRESTAPI)."},
	{AppAccessPolicy, "",
		"Graph: a rule in Exchange keeps apps on their own away from every mailbox (403 ErrorAccessDenied)."},
	{ThrottleSeconds, "1", "Graph: 429 with Retry-After in seconds, the value."},
	{ThrottleDate, "1", "Graph: 429 with Retry-After as a date, as many seconds ahead as the value says."},
	{ThrottleMissing, "", "Graph: 429 without Retry-After."},
	{ThrottleHuge, "999999", "Graph: 429 with an absurd Retry-After, the value as it stands."},
	{Unavailable, "", "Graph: 503 ServiceUnavailable; with \"token\" as value, the token endpoint instead."},
	{EventDeleteFails, "", "Graph: deleting an event gives 500 and the event stays."},
	{MailDropAfterAccept, "", "Graph: sendMail sends the mail, then the connection breaks before the answer."},
	{EventDropAfterAccept, "", "Graph: creating an event creates it, then the connection breaks before the answer."},
	{NextLinkForeign, "https://graph.invalid", "Graph: @odata.nextLink points to another host, the value."},
	{SlowReplication, "2s", "Directory: what is written is seen by sign-in and Graph only after the value's time."},
	{ClockSkew, "10m", "Everything: the server's clock is ahead by the value (behind, if negative)."},
	{Latency, "500ms", "Everything: every answer is late by the value."},
	{Truncated, "",
		"Network: answers of the token endpoint and of Graph stop halfway; \"token\" or \"graph\" as value " +
			"chooses one."},
	{HTMLAnswer, "",
		"Network: a log-in page of the network (200, HTML) comes instead; \"token\" or \"graph\" as value " +
			"chooses one."},
}

// Table lists every fault.
func Table() []Fault { return slices.Clone(table) }

// Board knows which faults are on.
type Board struct {
	mu sync.Mutex
	on map[string]*setting
}

type setting struct {
	spec  string
	value string
	left  int // uses left, below zero without limit
}

// New makes a board with the given faults on.
func New(specs ...string) (*Board, error) {
	b := &Board{on: map[string]*setting{}}
	for _, spec := range specs {
		if err := b.Set(spec, true); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Set switches a fault on or off.
func (b *Board) Set(spec string, on bool) error {
	s := &setting{spec: spec, left: -1}
	rest := spec
	if i := strings.LastIndexByte(rest, '*'); i >= 0 {
		n, err := strconv.Atoi(rest[i+1:])
		if err != nil || n < 1 {
			return fmt.Errorf("fault %q: %q is no number of times", spec, rest[i+1:])
		}
		rest, s.left = rest[:i], n
	}
	name, value, given := strings.Cut(rest, "=")
	i := slices.IndexFunc(table, func(f Fault) bool { return f.Name == name })
	if i < 0 {
		return fmt.Errorf("unknown fault %q", name)
	}
	if s.value = value; !given {
		s.value = table[i].Default
	}
	switch name {
	case SlowReplication, ClockSkew, Latency:
		if _, err := time.ParseDuration(s.value); err != nil {
			return fmt.Errorf("fault %q: %w", spec, err)
		}
	case HTMLAnswer, Truncated:
		if !slices.Contains([]string{"", "token", "graph"}, s.value) {
			return fmt.Errorf("fault %q: the value is \"token\", \"graph\" or nothing", spec)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if delete(b.on, name); on {
		b.on[name] = s
	}
	return nil
}

// Active lists the faults that are on, as they were written.
func (b *Board) Active() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for _, f := range table {
		if s := b.on[f.Name]; s != nil {
			out = append(out, s.spec)
		}
	}
	return out
}

// Hit reports whether a fault strikes now and uses it up by one.
func (b *Board) Hit(name string) bool {
	_, on := b.HitValue(name)
	return on
}

// HitValue is Hit with the fault's value.
func (b *Board) HitValue(name string) (string, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.on[name]
	if s == nil {
		return "", false
	}
	if s.left > 0 {
		if s.left--; s.left == 0 {
			delete(b.on, name)
		}
	}
	return s.value, true
}

// Value is a fault's value while it is on; looking does not use it up.
func (b *Board) Value(name string) (string, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s := b.on[name]; s != nil {
		return s.value, true
	}
	return "", false
}

// Strikes is Hit for a fault whose value, if it has one, says whom it concerns.
func (b *Board) Strikes(name, whom string) bool {
	if v, on := b.Value(name); !on || v != "" && !strings.EqualFold(v, whom) {
		return false
	}
	return b.Hit(name)
}

// Duration is a fault's value as a duration, 0 while it is off.
func (b *Board) Duration(name string) time.Duration {
	v, _ := b.Value(name)
	d, _ := time.ParseDuration(v)
	return d
}

// Now is the server's idea of the time.
func (b *Board) Now() time.Time { return time.Now().Add(b.Duration(ClockSkew)) }
