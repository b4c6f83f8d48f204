// Package tokens makes and reads the signed tokens of the practice tenant. The
// key is made at start and never leaves memory.
//
// It must not know who may have a token; identity decides that.
package tokens

import (
	"crypto/rand"
	"crypto/rsa"
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
	signer jose.Signer
	public jose.JSONWebKey
}

// New makes a key pair.
func New() (*Keys, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	var id [20]byte
	_, _ = rand.Read(id[:])
	kid := base64.RawURLEncoding.EncodeToString(id[:])
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: kid}},
		(&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, err
	}
	return &Keys{signer, jose.JSONWebKey{Key: &key.PublicKey, KeyID: kid, Algorithm: "RS256", Use: "sig"}}, nil
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

// Reasons why a token is refused.
var (
	ErrMalformed = errors.New("CompactToken parsing failed with error code: 80049217")
	ErrSignature = errors.New("Signature is invalid.")                                  //nolint:staticcheck // Graph's words
	ErrExpired   = errors.New("Lifetime validation failed, the token is expired.")      //nolint:staticcheck // Graph's words
	ErrNotYet    = errors.New("Lifetime validation failed, the token is not yet valid") //nolint:staticcheck // Graph's words
)

// Read checks an access token.
func (k *Keys) Read(token string, now time.Time) (Access, error) {
	jws, err := jose.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
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
