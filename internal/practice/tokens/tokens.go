// Package tokens makes and reads the signed tokens of the practice tenant. The
// key is made at start, or is the one of last time when the organisation is
// kept: then tokens outlast a restart.
//
// It must not know who may have a token; identity decides that.
package tokens

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Keys signs tokens and publishes how to check them.
type Keys struct {
	signer  jose.Signer
	public  jose.JSONWebKey
	private jose.JSONWebKey
}

const keyBits = 2048

// New makes a key pair.
func New() (*Keys, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, err
	}
	var id [20]byte
	_, _ = rand.Read(id[:])
	return with(key, base64.RawURLEncoding.EncodeToString(id[:]))
}

// Kept takes up the key pair that [Keys.Keep] wrote.
func Kept(data []byte) (*Keys, error) {
	var k jose.JSONWebKey
	if err := json.Unmarshal(data, &k); err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	key, ok := k.Key.(*rsa.PrivateKey)
	if !ok || k.KeyID == "" || key.N.BitLen() < keyBits {
		return nil, errors.New("signing key: not of the kind that is made here")
	}
	if err := key.Validate(); err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	return with(key, k.KeyID)
}

func with(key *rsa.PrivateKey, id string) (*Keys, error) {
	private := jose.JSONWebKey{Key: key, KeyID: id, Algorithm: "RS256", Use: "sig"}
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.RS256, Key: private}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, err
	}
	return &Keys{signer, private.Public(), private}, nil
}

// Keep is the key pair with its private half, for the file of the pretend
// organisation and for nothing else.
func (k *Keys) Keep() ([]byte, error) { return json.Marshal(k.private) }

// Derived is text that only the private half gives, and always the same: for what
// has to outlast a restart without being kept itself.
func (k *Keys) Derived(purpose string) string {
	key, _ := k.private.Key.(*rsa.PrivateKey)
	mac := hmac.New(sha256.New, key.D.Bytes())
	_, _ = mac.Write([]byte(purpose))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Public is the key set as published.
func (k *Keys) Public() jose.JSONWebKeySet {
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{k.public}}
}

// Sign makes a compact JWT of claims.
func (k *Keys) Sign(claims map[string]any) (string, error) {
	body, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	jws, err := k.signer.Sign(body)
	if err != nil {
		return "", err
	}
	return jws.CompactSerialize()
}

// Unsigned makes a JWT that nobody should accept.
func Unsigned(claims map[string]any) string {
	body, _ := json.Marshal(claims)
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + enc(body) + "."
}

// Access is what an access token says.
type Access struct {
	Audience string   `json:"aud"`
	TenantID string   `json:"tid"`
	UserID   string   `json:"oid"` // of the service principal in an app-only token
	ClientID string   `json:"appid"`
	Kind     string   `json:"idtyp"` // "user" or "app"
	ScopeRaw string   `json:"scp"`
	Roles    []string `json:"roles"`
	Expires  int64    `json:"exp"`
	NotYet   int64    `json:"nbf"`
}

// AppOnly reports whether there is no signed-in user.
func (a Access) AppOnly() bool { return a.Kind == "app" }

// Scopes are the delegated permissions in the token.
func (a Access) Scopes() []string { return strings.Fields(a.ScopeRaw) }

// Refusal is why a token is refused, in Graph's words.
type Refusal string

// Error implements error.
func (r Refusal) Error() string { return string(r) }

// The refusals.
const (
	ErrMalformed Refusal = "CompactToken parsing failed with error code: 80049217"
	ErrSignature Refusal = "Signature is invalid."
	ErrExpired   Refusal = "Lifetime validation failed, the token is expired."
	ErrNotYet    Refusal = "Lifetime validation failed, the token is not yet valid"
)

// Read checks an access token.
func (k *Keys) Read(token string, now time.Time) (Access, error) {
	jws, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return Access{}, ErrMalformed
	}
	body, err := jws.Verify(k.public.Key)
	if err != nil {
		return Access{}, ErrSignature
	}
	var a Access
	if err := json.Unmarshal(body, &a); err != nil {
		return Access{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	switch {
	case now.Unix() >= a.Expires:
		return a, ErrExpired
	case now.Unix() < a.NotYet-300:
		return a, ErrNotYet
	}
	return a, nil
}
