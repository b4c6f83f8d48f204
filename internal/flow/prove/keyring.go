package prove

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
	silent := k.unavailable()
	if r, ok := k.store.Get(id); silent != nil && (!ok || !r.SessionOnly) {
		return secret.Value{}, silent
	}
	v, err := k.store.Secret(ctx, id)
	k.noteError(err)
	return v, err
}

// noteError remembers that the keychain does not answer.
func (k *keyring) noteError(err error) {
	if fault.Is(err, fault.KeychainUnavailable, fault.KeychainLocked, fault.KeychainTimedOut, fault.KeychainDeclined) {
		k.mu.Lock()
		k.silent = err
		k.mu.Unlock()
	}
}

func (k *keyring) unavailable() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.silent
}

// prefetched is a secret that was read before its turn; empty if it was not.
type prefetched struct {
	value secret.Value
	took  time.Duration // to read it, together with others
}

// prefetch reads the secrets of a few connections together. Those that do not come
// so are read in their turn.
func (k *keyring) prefetch(ctx context.Context, group []connections.Record) []prefetched {
	keys := make([]prefetched, len(group))
	if len(group) == 1 || k.unavailable() != nil {
		return keys
	}
	ids := make([]string, len(group))
	for i, r := range group {
		ids[i] = r.ID
	}
	began := time.Now()
	read, err := k.store.SecretsAtHand(ctx, ids)
	k.noteError(err)
	took := time.Since(began)
	for i, id := range ids {
		keys[i] = prefetched{read[id], took}
	}
	return keys
}

// secret is the secret of a connection, and what is to be told of reading it.
func (k *keyring) secret(ctx context.Context, id string, key prefetched) (secret.Value, checks.Result) {
	if !key.value.IsEmpty() {
		return key.value, checks.FromKeychain(nil, key.took)
	}
	began := time.Now()
	v, err := k.get(ctx, id)
	return v, checks.FromKeychain(err, time.Since(began))
}

// unreadable is why a saved secret could not be read, where that says nothing of
// the connection and nothing else is wrong: the test could not run.
func unreadable(results []checks.Result) (why error) {
	for _, r := range results {
		switch {
		case r.State != checks.Failed:
		case r.ID == checks.CheckKeychain &&
			fault.Is(r.Err, fault.KeychainUnavailable, fault.KeychainLocked, fault.KeychainTimedOut,
				fault.KeychainDeclined, fault.PassphraseNeeded):
			why = r.Err
		default:
			return nil
		}
	}
	return why
}
