package connections

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// moodyKeychain is a memory keychain that fails as it is told.
type moodyKeychain struct {
	Keychain
	mu    sync.Mutex
	mood  fault.Kind // for every call; "" is good
	calls int
	asked bool // a call was allowed to prompt
}

func moody() *moodyKeychain { return &moodyKeychain{Keychain: MemoryKeychain()} }

func (m *moodyKeychain) check(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls++
	if mayPrompt(ctx) {
		m.asked = true
	}
	if m.mood != "" {
		return &fault.Error{Kind: m.mood, Op: "use the keychain"}
	}
	return nil
}

func (m *moodyKeychain) Get(ctx context.Context, account string) (secret.Value, error) {
	if err := m.check(ctx); err != nil {
		return secret.Value{}, err
	}
	return m.Keychain.Get(ctx, account)
}

func (m *moodyKeychain) Set(ctx context.Context, account string, v secret.Value) error {
	if err := m.check(ctx); err != nil {
		return err
	}
	return m.Keychain.Set(ctx, account, v)
}

func (m *moodyKeychain) Delete(ctx context.Context, account string) error {
	if err := m.check(ctx); err != nil {
		return err
	}
	return m.Keychain.Delete(ctx, account)
}

func (m *moodyKeychain) Probe(ctx context.Context) error { return m.check(WithoutPrompt(ctx)) }

func (m *moodyKeychain) items() int { return len(m.Keychain.(*memory).items) }

// fileLibrary is a keychain library whose items outlive the process, as real
// ones do. Only tests may keep secrets in a file.
type fileLibrary string

func (f fileLibrary) load() map[string]string {
	items := map[string]string{}
	raw, err := os.ReadFile(filepath.Join(string(f), "items"))
	if err == nil {
		_ = json.Unmarshal(raw, &items)
	}
	return items
}

func (f fileLibrary) store(items map[string]string) error {
	raw, _ := json.Marshal(items)
	return os.WriteFile(filepath.Join(string(f), "items"), raw, 0o600)
}

func (f fileLibrary) get(account string) (string, error) {
	if v, ok := f.load()[account]; ok {
		return v, nil
	}
	return "", errors.New("it could not be found in the keychain")
}

func (f fileLibrary) set(account, value string) error {
	items := f.load()
	items[account] = value
	return f.store(items)
}

func (f fileLibrary) remove(account string) error {
	items := f.load()
	delete(items, account)
	return f.store(items)
}

var day = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func sample(n int) Record {
	id := string(rune('a' + n))
	return Record{
		VendorID: "vendor-" + id, VendorName: "Vendor " + id, CloudID: "global",
		TenantID: "11111111-1111-4111-8111-11111111111" + id, TenantDomain: id + ".example",
		ClientID: "22222222-2222-4222-8222-22222222222" + id, SecretID: "33333333-3333-4333-8333-333333333333",
		SecretExpires: day.AddDate(1, 0, n), Inputs: map[string]string{"mailbox": "sales@" + id + ".example"},
		RedirectURIs: []string{"http://localhost"},
	}
}

func open(t testing.TB, dir string, kc Keychain) *Store {
	t.Helper()
	s, err := Open(dir, kc)
	must(t, err)
	s.now = func() time.Time { return day }
	return s
}

var (
	firstSecret  = secret.New("one8Q~first-secret-value-0123456789abcde")
	secondSecret = secret.New("two8Q~second-secret-value-0123456789abcd")
)
