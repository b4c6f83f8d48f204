package connections

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zalando/go-keyring"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// fakeLibrary behaves like the library on Windows, limit included, and fails as
// it is told.
type fakeLibrary struct {
	mu    sync.Mutex
	items map[string]string
	calls []string

	getErr, setErr, removeErr error
	hold                      chan struct{} // every call waits here first
	holds                     string        // or this one alone
	cuts                      int           // it keeps that many bytes
	loses                     bool          // Set reports success and stores nothing
	keeps                     bool          // Delete reports success and deletes nothing
	panics                    bool
	broken                    func(string) string // what Get makes of a value
}

func newFake() *fakeLibrary { return &fakeLibrary{items: map[string]string{}} }

func (f *fakeLibrary) enter(call string) {
	f.mu.Lock()
	f.calls = append(f.calls, call)
	hold := f.hold
	f.mu.Unlock()
	if hold != nil && (f.holds == "" || f.holds == call) {
		<-hold
	}
	if f.panics {
		var odd any = "one"
		_ = odd.([]string)
	}
}

func (f *fakeLibrary) get(account string) (string, error) {
	f.enter("get")
	f.mu.Lock()
	defer f.mu.Unlock()
	v, ok := f.items[account]
	switch {
	case f.getErr != nil:
		return "", f.getErr
	case !ok:
		return "", keyring.ErrNotFound
	case f.broken != nil:
		return f.broken(v), nil
	}
	return v, nil
}

func (f *fakeLibrary) set(account, value string) error {
	f.enter("set")
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.setErr != nil {
		return f.setErr
	}
	if len(value) > 2560 {
		return keyring.ErrSetDataTooBig
	}
	if f.cuts > 0 {
		value = value[:min(len(value), f.cuts)]
	}
	if !f.loses {
		f.items[account] = value
	}
	return nil
}

func (f *fakeLibrary) remove(account string) error {
	f.enter("remove")
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.removeErr != nil {
		return f.removeErr
	}
	if _, ok := f.items[account]; !ok {
		return keyring.ErrNotFound
	}
	if !f.keeps {
		delete(f.items, account)
	}
	return nil
}

func ready(context.Context) error { return nil }

func guard(f *fakeLibrary) *guarded { return newGuarded(f, ready, silentLimit, promptLimit) }

const account = "v1/secret/0123456789abcdef0123456789abcdef"

// K01 and K02: the limit is ours, in bytes, the same everywhere; the library is not called.
func TestTooLargeNeverReachesTheLibrary(t *testing.T) {
	ctx := t.Context()
	for _, kc := range []Keychain{guard(newFake()), MemoryKeychain()} {
		for _, n := range []int{1, 1400, 1497, 1498, 1499, 1500, 1999, 2000, 2001, 2559, 2560, 2561, 5 << 10,
			50 << 10} {
			encoded := 3 + (n*8+5)/6
			err := kc.Set(ctx, account, secret.New(strings.Repeat("x", n)))
			if encoded <= 2000 {
				must(t, err)
			} else {
				wantKind(t, err, fault.KeychainTooLarge)
			}
		}
		// 600 letters, 1,800 bytes
		wantKind(t, kc.Set(ctx, account, secret.New(strings.Repeat("€", 600))), fault.KeychainTooLarge)
		must(t, kc.Set(ctx, account, secret.New(strings.Repeat("€", 400))))
	}
	f := newFake()
	_ = guard(f).Set(ctx, account, secret.New(strings.Repeat("x", 3000)))
	if len(f.calls) != 0 {
		t.Errorf("the library was called: %q", f.calls)
	}
}

// K04: a prompt that was dismissed can look like success.
func TestSuccessIsNotBelieved(t *testing.T) {
	ctx := t.Context()
	f := newFake()
	f.loses = true
	g := guard(f)
	wantKind(t, g.Set(ctx, account, secret.New("new secret")), fault.KeychainDeclined)

	f.items[account], _ = encodeValue(secret.New("old secret"))
	wantKind(t, g.Set(ctx, account, secret.New("new secret")), fault.KeychainDeclined)
	if v, err := g.Get(ctx, account); err != nil || v.Reveal() != "old secret" {
		t.Error("the older secret did not survive")
	}

	f = newFake()
	f.keeps = true
	g = guard(f)
	must(t, g.Set(ctx, account, secret.New("a secret")))
	wantKind(t, g.Delete(ctx, account), fault.KeychainDeclined)
}

// K09: somebody else wrote into our item.
func TestAlteredItems(t *testing.T) {
	ctx := t.Context()
	for name, broken := range map[string]func(string) string{
		"cut":       func(s string) string { return s[:len(s)-1] },
		"foreign":   func(string) string { return "hunter2" },
		"empty":     func(string) string { return "" },
		"no base64": func(string) string { return "v1:***" },
		"newer":     func(s string) string { return "v2" + s[2:] },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake()
			g := guard(f)
			must(t, g.Set(ctx, account, secret.New("a secret.")))
			f.broken = broken
			wantKind(t, g.Set(ctx, account, secret.New("a secret,")), fault.KeychainCorrupt)
			if _, err := g.Get(ctx, account); name != "cut" { // which only the fingerprint shows
				wantKind(t, err, fault.KeychainCorrupt)
			}
		})
	}
}

// K15: the library panics on answers of another type.
func TestPanicInTheLibraryIsAFault(t *testing.T) {
	f := newFake()
	f.panics = true
	g := guard(f)
	_, err := g.Get(t.Context(), account)
	wantKind(t, err, fault.KeychainUnavailable)
	wantKind(t, g.Set(t.Context(), account, secret.New("a secret")), fault.KeychainUnavailable)
	f.panics = false
	must(t, g.Set(t.Context(), account, secret.New("a secret"))) // its turn was given back
}

func TestCallsAreOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.hold = make(chan struct{})
		g := guard(f)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { _, _ = g.Get(t.Context(), account) })
		}
		synctest.Wait()
		if len(f.calls) != 1 {
			t.Errorf("%d calls at a time", len(f.calls))
		}
		close(f.hold)
		all.Wait()
	})
}

// K03 and K05: what can be asked without a prompt is asked before.
func TestProbeComesFirst(t *testing.T) {
	locked := &fault.Error{Kind: fault.KeychainLocked}
	away := &fault.Error{Kind: fault.KeychainUnavailable}
	hangs := func(ctx context.Context) error { <-ctx.Done(); return keychainFault("look", ctx.Err()) }
	for _, c := range []struct {
		name   string
		probe  func(context.Context) error
		silent fault.Kind // what a silent Get reports
		asking fault.Kind // what a Get that may prompt reports
	}{
		{"good", ready, fault.KeychainMissing, fault.KeychainMissing},
		{"locked", func(context.Context) error { return locked }, fault.KeychainLocked, fault.KeychainMissing},
		{"away", func(context.Context) error { return away }, fault.KeychainUnavailable, fault.KeychainUnavailable},
		{"hangs", hangs, fault.KeychainTimedOut, fault.KeychainTimedOut},
		{"panics", func(context.Context) error { panic("odd") }, fault.KeychainUnavailable, fault.KeychainUnavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				g := newGuarded(f, c.probe, silentLimit, promptLimit)
				began := time.Now()
				_, err := g.Get(WithoutPrompt(t.Context()), account)
				wantKind(t, err, c.silent)
				if len(f.calls) != 0 && c.silent != fault.KeychainMissing {
					t.Errorf("the library was called: %q", f.calls)
				}
				_, err = g.Get(t.Context(), account)
				wantKind(t, err, c.asking)
				if took := time.Since(began); took > 2*silentLimit {
					t.Errorf("a probe took %v", took)
				}
				want := c.silent
				if want == fault.KeychainMissing {
					want = ""
				}
				wantKind(t, g.Probe(t.Context()), want)
				synctest.Wait()
			})
		})
	}
}

func TestProbeCountsForAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		probes := 0
		f := newFake()
		g := newGuarded(f, func(context.Context) error { probes++; return nil }, silentLimit, promptLimit)
		for range 100 {
			_, _ = g.Get(t.Context(), account)
		}
		if probes != 1 {
			t.Errorf("%d probes for 100 reads", probes)
		}
		<-time.After(probeValid)
		_, _ = g.Get(t.Context(), account)
		f.getErr = exit(36)
		_, _ = g.Get(t.Context(), account)
		_, _ = g.Get(t.Context(), account)
		if probes != 3 {
			t.Errorf("%d probes; one more was due after a while, and one after an error", probes)
		}
	})
}
