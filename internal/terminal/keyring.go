package terminal

import (
	"context"
	"sync"
	"time"

	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/secret"
)

// keyring asks the keychain until it turns out that it does not answer: the
// same silence a thousand times would take hours.
type keyring struct {
	store  *connections.Store
	mu     sync.Mutex
	silent error
}

func (k *keyring) get(ctx context.Context, id string) (secret.Value, error) {
	silent := k.silence()
	if r, ok := k.store.Get(id); silent != nil && (!ok || !r.SessionOnly) {
		return secret.Value{}, silent
	}
	v, err := k.store.Secret(ctx, id)
	k.heed(err)
	return v, err
}

// heed remembers that the keychain does not answer.
func (k *keyring) heed(err error) {
	if fault.Is(err, fault.KeychainUnavailable, fault.KeychainLocked, fault.KeychainTimedOut, fault.KeychainDeclined) {
		k.mu.Lock()
		k.silent = err
		k.mu.Unlock()
	}
}

func (k *keyring) silence() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.silent
}

// early is a secret that was read before its turn; empty if it was not.
type early struct {
	value secret.Value
	took  time.Duration // to read it, together with others
}

// ahead reads the secrets of a few connections together. Those that do not come
// so are read in their turn.
func (k *keyring) ahead(ctx context.Context, group []connections.Record) []early {
	keys := make([]early, len(group))
	if len(group) == 1 || k.silence() != nil {
		return keys
	}
	ids := make([]string, len(group))
	for i, r := range group {
		ids[i] = r.ID
	}
	began := time.Now()
	read, err := k.store.SecretsAtHand(ctx, ids)
	k.heed(err)
	took := time.Since(began)
	for i, id := range ids {
		keys[i] = early{read[id], took}
	}
	return keys
}

// secret is the secret of a connection, and what is to be told of reading it.
func (k *keyring) secret(ctx context.Context, id string, key early) (secret.Value, checks.Result) {
	if !key.value.IsEmpty() {
		return key.value, checks.FromKeychain(nil, key.took)
	}
	began := time.Now()
	v, err := k.get(ctx, id)
	return v, checks.FromKeychain(err, time.Since(began))
}
