// Package connections is what Entrada remembers: a record of each connection and its
// client secret. The record holds nothing secret and lies in a file. The secret lies in
// the system's keychain or, if the person prefers, in memory alone or in a file behind a
// passphrase.
//
// A secret is never written readable to a file, whatever the keychain answers.
// The package must not know windows, the network or what a vendor asks for.
package connections

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/words"
)

// Record is one saved connection, without its secret.
type Record struct {
	ID   string `json:"id"`   // random, stable
	Name string `json:"name"` // "OxfordIQ · contoso.example"

	VendorID   string `json:"vendorId"`
	VendorName string `json:"vendorName"`

	CloudID      string `json:"cloudId"`
	TenantID     string `json:"tenantId"`
	TenantDomain string `json:"tenantDomain,omitempty"`
	TenantName   string `json:"tenantName,omitempty"`

	ClientID      string    `json:"clientId"`
	SecretID      string    `json:"secretId,omitempty"`
	SecretExpires time.Time `json:"secretExpires,omitzero"` // zero: not known
	ExpiryTyped   bool      `json:"expiryTyped,omitempty"`  // it is what somebody typed, not what the registration says

	// SecretIn is where the secret lies.
	SecretIn Place `json:"secretIn,omitempty"`

	// SecretFingerprint tells whether the secret in the keychain is the one
	// that was saved; see secret.Value.Fingerprint.
	SecretFingerprint string `json:"secretFingerprint,omitempty"`

	RedirectURIs []string          `json:"redirectUris,omitempty"`
	Inputs       map[string]string `json:"inputs,omitempty"` // answers to the guide's questions, never a secret
	Audience     string            `json:"audience,omitempty"`
	Features     []string          `json:"features,omitempty"` // what the vendor may do, where the guide gives a choice

	Created      time.Time `json:"created,omitzero"`
	LastTested   time.Time `json:"lastTested,omitzero"`
	LastResult   string    `json:"lastResult,omitempty"` // ResultOK, ResultFailed or "" (never tested)
	LastHeadline string    `json:"lastHeadline,omitempty"`
	// LastCulprit is what the last test found wrong; "" where it passed, or where
	// several things were wrong.
	LastCulprit string `json:"lastCulprit,omitempty"`
	// Partly is a later test that passed and covered less; nil if there is none.
	Partly *Partly `json:"partly,omitempty"`
	// Was is what was known before a test without a sign-in failed; nil if none did.
	// It holds again as soon as such a test passes.
	Was        *Was        `json:"was,omitempty"`
	HandedOver *HandedOver `json:"handedOver,omitempty"`
	// Exported is where the encrypted file with this secret lies; nil where none
	// was made.
	Exported *Exported `json:"exported,omitempty"`
	// SecretDeleted is when a person deleted the secret here, because the vendor has it.
	// Then the keychain must not have it.
	SecretDeleted time.Time `json:"secretDeleted,omitzero"`

	// SessionOnly: record and secret are in memory and end with the program.
	SessionOnly bool `json:"-"`
	// SecretGone: the keychain has no secret for this record, as far as is
	// known; set by Store.
	SecretGone bool `json:"-"`
}

// Place is where a secret lies for good.
type Place string

// The places.
const (
	InKeychain Place = ""
	InFile     Place = "passphrase-file"
)

// The values of Record.LastResult and of Outcome.Result.
const (
	ResultOK     = "ok"
	ResultFailed = "failed"
	// ResultReached: organisation, app and secret are right, and nobody signed
	// in. ResultLooked: the sign-in and what may be read work, and nothing was
	// sent or created. Both in an Outcome and in Partly alone, for they do not
	// prove that the connection works.
	ResultReached = "reached"
	ResultLooked  = "looked"
)

// Was is what tests had said before.
type Was struct {
	Tested   time.Time `json:"tested,omitzero"`
	Result   string    `json:"result,omitempty"`
	Headline string    `json:"headline,omitempty"`
	Culprit  string    `json:"culprit,omitempty"`
	Partly   *Partly   `json:"partly,omitempty"`
}

// Partly is a test that passed as far as it went.
type Partly struct {
	When   time.Time `json:"when"`
	Result string    `json:"result"` // ResultReached or ResultLooked
}

// TestWords says in a few words what tests said of a connection, and what they
// left out. on puts a moment into words: "on 3 May".
func (r Record) TestWords(on func(time.Time) string) string {
	words := ""
	switch r.LastResult {
	case ResultOK:
		words = "worked " + on(r.LastTested)
	case ResultFailed:
		words = "did not work " + on(r.LastTested) + ": " + r.LastHeadline
	}
	if r.Partly != nil {
		if words != "" {
			words += "; "
		}
		if r.Partly.Result == ResultLooked {
			words += "reading worked " + on(r.Partly.When) + ", sending was not tried"
		} else {
			words += "the secret worked " + on(r.Partly.When) + ", nobody signed in"
		}
	}
	if words == "" {
		return "not tested yet"
	}
	return words
}

// HandedOver notes when the settings went to the vendor, and to whom.
type HandedOver struct {
	When time.Time `json:"when"`
	To   string    `json:"to"`
}

// Exported is what was made for the vendor last; nothing in it is secret.
type Exported struct {
	File            string `json:"file"`            // the path of the encrypted file
	Sheet           string `json:"sheet,omitempty"` // of the sheet beside it
	ForKey          bool   `json:"forKey,omitempty"`
	MailboxPassword bool   `json:"mailboxPassword,omitempty"` // it is in there, too
}

// Attention is why a connection needs somebody to look at it.
type Attention int

// The reasons, from none to the gravest. Only the gravest is reported.
const (
	None Attention = iota
	ExpiresSoon
	TestFailed
	SecretMissing
	Expired
)

// SoonDays is [entra.SoonDays].
const SoonDays = entra.SoonDays

// NoExpiry is what DaysLeft returns when the end is not known.
const NoExpiry = math.MaxInt32

// DaysLeft is how many days a calendar counts until the secret expires: 0 on its
// last day, negative once it has expired, NoExpiry if the end is not known.
func (r Record) DaysLeft(now time.Time) int {
	if r.SecretExpires.IsZero() {
		return NoExpiry
	}
	midnight := func(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }
	days := int(midnight(r.SecretExpires).Sub(midnight(now)) / (24 * time.Hour))
	if now.After(r.SecretExpires) {
		return min(days, -1)
	}
	return days
}

// Expiry says when the secret of something expires: "the secret expires in 30 days",
// with as typed where nobody has looked; "" if that is not known. of is whose
// secret it is, such as " of “Xkit”".
func (r Record) Expiry(now time.Time, of string) string {
	words := "the secret" + of
	switch left := r.DaysLeft(now); {
	case left == NoExpiry:
		return ""
	case left < 0:
		return words + " has expired"
	case left == 0:
		words += " expires today"
	case left == 1:
		words += " expires tomorrow"
	default:
		words += fmt.Sprintf(" expires in %d days", left)
	}
	if r.ExpiryTyped {
		words += ", as typed"
	}
	return words
}

// Lasts says in a few words how long the secret works, "" if that is not known.
func (r Record) Lasts(now time.Time) string {
	switch left := r.DaysLeft(now); {
	case left == NoExpiry:
		return ""
	case left < 0:
		return "expired by its date"
	case left == 0:
		return "expires today"
	default:
		return words.Count(left, "day", "days") + " left"
	}
}

// Attention returns the gravest reason to look at this connection.
func (r Record) Attention(now time.Time) Attention {
	switch left := r.DaysLeft(now); {
	case left < 0:
		return Expired
	case r.SecretGone && r.SecretDeleted.IsZero():
		return SecretMissing
	case r.LastResult == ResultFailed:
		return TestFailed
	case left <= SoonDays:
		return ExpiresSoon
	default:
		return None
	}
}

func (r Record) clone() Record {
	r.RedirectURIs = slices.Clone(r.RedirectURIs)
	r.Inputs = maps.Clone(r.Inputs)
	r.Features = slices.Clone(r.Features)
	if r.Partly != nil {
		p := *r.Partly
		r.Partly = &p
	}
	if r.Was != nil {
		w := *r.Was
		r.Was = &w
	}
	if r.HandedOver != nil {
		h := *r.HandedOver
		r.HandedOver = &h
	}
	if r.Exported != nil {
		e := *r.Exported
		r.Exported = &e
	}
	return r
}

// account is the name of the secret in its place. The same registration always has the
// same name, and the name does not reveal whose it is.
func (r Record) account() string {
	if r.SecretIn == InFile {
		return filePrefix + r.registration()
	}
	return "v1/secret/" + r.registration()
}

// registration is the same for the same app in the same organisation.
func (r Record) registration() string {
	sum := sha256.Sum256([]byte(strings.ToLower(r.CloudID + "|" + r.TenantID + "|" + r.ClientID)))
	return hex.EncodeToString(sum[:16])
}

// order sorts broken connections first, then those that expire soon, then the rest.
// Among equals it sorts by expiry, then by name.
func order(now time.Time) func(a, b Record) int {
	rank := func(r Record) int {
		switch r.Attention(now) {
		case None:
			return 2
		case ExpiresSoon:
			return 1
		default:
			return 0
		}
	}
	return func(a, b Record) int {
		if c := rank(a) - rank(b); c != 0 {
			return c
		}
		if a.SecretExpires.IsZero() != b.SecretExpires.IsZero() {
			if b.SecretExpires.IsZero() {
				return -1
			}
			return 1
		}
		if c := a.SecretExpires.Compare(b.SecretExpires); c != 0 {
			return c
		}
		if c := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	}
}
