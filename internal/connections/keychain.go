package connections

import (
	"context"
	"encoding/base64"
	"strings"
	"sync"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// Keychain keeps secrets for this user. Every error is of one of the kinds
// fault.Keychain… or fault.Cancelled.
type Keychain interface {
	// Get returns a secret; a missing one is fault.KeychainMissing.
	Get(ctx context.Context, account string) (secret.Value, error)
	// Set stores a secret and has read it back when it returns nil.
	Set(ctx context.Context, account string, v secret.Value) error
	// Delete removes a secret, which need not exist. It returns nil only after it has
	// checked that the secret is gone.
	Delete(ctx context.Context, account string) error
	// Probe reports, without a prompt, whether secrets can be stored now. A keychain
	// that only has to be unlocked is fault.KeychainLocked.
	Probe(ctx context.Context) error
}

// manyReader is a Keychain that may read many secrets faster together than one
// by one.
type manyReader interface {
	// GetMany returns the secrets that it could read without a prompt. Call Get for the
	// others. Its error is the one that Get would return for each.
	GetMany(ctx context.Context, accounts []string) (map[string]secret.Value, error)
}

type withoutPromptKey struct{}

// WithoutPrompt marks a context for work in the background: the keychain shows no
// prompt. If it needs one, the error is fault.KeychainLocked.
func WithoutPrompt(ctx context.Context) context.Context {
	return context.WithValue(ctx, withoutPromptKey{}, true)
}

func mayPrompt(ctx context.Context) bool { return ctx.Value(withoutPromptKey{}) == nil }

const (
	valuePrefix = "v1:"
	// maxValue is in bytes after encoding, and fits every system: Windows takes 2,560
	// bytes, and the command line of the macOS keychain 4,096 in all.
	maxValue = 2000
)

func encodeValue(v secret.Value) (string, error) {
	text := valuePrefix + base64.RawURLEncoding.EncodeToString([]byte(v.Reveal()))
	if len(text) > maxValue {
		return "", &fault.Error{Kind: fault.KeychainTooLarge, Op: "save in the keychain"}
	}
	return text, nil
}

func decodeValue(text string) (secret.Value, bool) {
	rest, ok := strings.CutPrefix(text, valuePrefix)
	if !ok {
		return secret.Value{}, false
	}
	plain, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	if err != nil {
		return secret.Value{}, false
	}
	return secret.New(string(plain)), true
}

// MemoryKeychain keeps secrets until the program ends: for the practice tenant, and for
// people who want nothing on disk.
func MemoryKeychain() Keychain { return &memory{items: map[string]secret.Value{}} }

type memory struct {
	mu    sync.Mutex
	items map[string]secret.Value
}

func (m *memory) Get(ctx context.Context, account string) (secret.Value, error) {
	const op = "read from memory"
	if ctx.Err() != nil {
		return secret.Value{}, ended(op, ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.items[account]
	if !ok {
		return secret.Value{}, &fault.Error{Kind: fault.KeychainMissing, Op: op, Subject: account}
	}
	return v, nil
}

func (m *memory) Set(ctx context.Context, account string, v secret.Value) error {
	if ctx.Err() != nil {
		return ended("save in memory", ctx)
	}
	if _, err := encodeValue(v); err != nil {
		return err // what does not fit elsewhere does not fit here
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.items[account] = v
	return nil
}

func (m *memory) Delete(ctx context.Context, account string) error {
	if ctx.Err() != nil {
		return ended("delete from memory", ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.items, account)
	return nil
}

func (m *memory) Probe(ctx context.Context) error {
	if ctx.Err() != nil {
		return ended("look at memory", ctx)
	}
	return nil
}

// ended is the fault for a context that is over.
func ended(op string, ctx context.Context) error {
	kind := fault.Cancelled
	if fault.KindOf(ctx.Err()) == fault.TimedOut {
		kind = fault.KeychainTimedOut
	}
	return fault.New(kind, op, ctx.Err())
}
