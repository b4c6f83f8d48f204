package signin

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"sync"

	"github.com/go-jose/go-jose/v4"

	"entrada/internal/fault"
)

// keySet holds the public signing keys of a tenant. The one of go-oidc keeps running
// after its context ended, and quotes the server's answer in its errors.
type keySet struct {
	address string

	mu    sync.Mutex
	known []jose.JSONWebKey
}

// maxKeys is far above the half a dozen that Entra has.
const maxKeys = 100

// fetch replaces the known keys by those published now.
func (s *keySet) fetch(ctx context.Context, client *http.Client) error {
	var doc struct {
		Keys []json.RawMessage `json:"keys"`
	}
	status, err := getJSON(ctx, client, s.address, &doc)
	switch {
	case err != nil:
		return err
	case status >= 500:
		return &fault.Error{Kind: fault.Unavailable, Op: "fetch the signing keys", Status: status}
	case status != http.StatusOK || len(doc.Keys) == 0 || len(doc.Keys) > maxKeys:
		return &fault.Error{Kind: fault.BadAnswer, Op: "fetch the signing keys", Status: status,
			Detail: "there are no usable keys"}
	}
	var keys []jose.JSONWebKey
	for _, raw := range doc.Keys {
		var key jose.JSONWebKey
		if key.UnmarshalJSON(raw) != nil {
			continue // a future kind of key; we need another one
		}
		public, ok := key.Key.(*rsa.PublicKey)
		if ok && public.N.BitLen() >= 2048 && (key.Use == "" || key.Use == "sig") {
			keys = append(keys, key)
		}
	}
	s.mu.Lock()
	s.known = keys
	s.mu.Unlock()
	return nil
}

// named are the known keys with an ID; without one, all.
func (s *keySet) named(id string) []jose.JSONWebKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == "" {
		return slices.Clone(s.known)
	}
	return slices.DeleteFunc(slices.Clone(s.known), func(k jose.JSONWebKey) bool { return k.KeyID != id })
}

// keysFor is the key set for the check of one token; it implements [oidc.KeySet].
type keysFor struct {
	*keySet
	client *http.Client
	failed error // in fetching, which go-oidc does not pass on
}

var errSignature = errors.New("no key fits the signature")

// VerifySignature returns the payload of a token that one of the keys signed.
// It fetches the keys where none has the right ID: they change now and then.
func (k *keysFor) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	jws, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil || len(jws.Signatures) != 1 {
		return nil, errSignature
	}
	id := jws.Signatures[0].Header.KeyID
	keys := k.named(id)
	if len(keys) == 0 {
		if k.failed = k.fetch(ctx, k.client); k.failed != nil {
			return nil, k.failed
		}
		keys = k.named(id)
	}
	for _, key := range keys {
		if payload, err := jws.Verify(key); err == nil {
			return payload, nil
		}
	}
	return nil, errSignature
}
