package connections

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// K03: no call waits for ever.
func TestLibraryThatHangs(t *testing.T) {
	for _, c := range []struct {
		name string
		ctx  func(context.Context) context.Context
		want time.Duration
	}{
		// The times of the design, not the constants: nobody waits an hour for a keychain.
		{"silent", WithoutPrompt, 5 * time.Second},
		{"with a prompt", func(ctx context.Context) context.Context { return ctx }, 2 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				f.hold = make(chan struct{})
				g := guard(f)
				began := time.Now()
				wantKind(t, g.Set(c.ctx(t.Context()), account, secret.New("a secret")), fault.KeychainTimedOut)
				if took := time.Since(began); took != c.want {
					t.Errorf("given up after %v, not %v", took, c.want)
				}
				// The next one does not wait for two minutes behind it.
				began = time.Now()
				_, err := g.Get(t.Context(), account)
				wantKind(t, err, fault.KeychainTimedOut)
				if took := time.Since(began); took != silentLimit {
					t.Errorf("the next one waited %v", took)
				}
				// At last it answers: nothing must stay, and the way is free.
				close(f.hold)
				synctest.Wait()
				if len(f.items) != 0 {
					t.Error("“not saved” was reported, and it was saved")
				}
				must(t, g.Set(t.Context(), account, secret.New("a secret")))
				synctest.Wait()
				if len(f.items) != 1 {
					t.Error("the late clean-up took the next secret away")
				}
			})
		})
	}
}

// K03: nor longer than the person.
func TestCancelEndsTheWaitAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.hold = make(chan struct{})
		g := guard(f)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- g.Set(ctx, account, secret.New("a secret")) }()
		synctest.Wait()
		began := time.Now()
		cancel()
		wantKind(t, <-done, fault.Cancelled)
		if time.Since(began) != 0 {
			t.Error("it waited")
		}
		close(f.hold)
		synctest.Wait()
		if len(f.items) != 0 {
			t.Error("a cancelled save stayed")
		}
		_, err := g.Get(ctx, account)
		wantKind(t, err, fault.Cancelled)
	})
}

// K03: what an item held before may be the only copy of a secret that works. A
// save that failed leaves it there, however late it succeeds after all.
func TestASaveThatFailedLeavesTheOldSecret(t *testing.T) {
	for name, late := range map[string]string{"late from the first": "", "late in the end": "set"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				s := open(t, folder(t), guard(f))
				r, err := s.Save(t.Context(), sample(0), firstSecret)
				must(t, err)
				f.hold, f.holds = make(chan struct{}), late
				_, err = s.Save(t.Context(), r, secondSecret)
				wantKind(t, err, fault.KeychainTimedOut)
				close(f.hold) // the person unlocks the keyring after all
				synctest.Wait()
				if v, err := s.Secret(t.Context(), r.ID); err != nil || !v.Equal(firstSecret) {
					t.Errorf("the secret that works is gone: %v", err)
				}
				// A later save is one like any other.
				_, err = s.Save(t.Context(), r, secondSecret)
				must(t, err)
				if v, err := s.Secret(t.Context(), r.ID); err != nil || !v.Equal(secondSecret) {
					t.Error("not the next one", err)
				}
			})
		})
	}
	t.Run("a keychain that cuts long ones", func(t *testing.T) {
		f := newFake()
		g := guard(f)
		must(t, g.Set(t.Context(), account, firstSecret))
		f.cuts = len(firstSecret.Reveal()) * 2
		wantKind(t, g.Set(t.Context(), account, secret.New(strings.Repeat("x", 200))), fault.KeychainCorrupt)
		if v, err := g.Get(t.Context(), account); err != nil || !v.Equal(firstSecret) {
			t.Errorf("the secret that works is gone: %v", err)
		}
		fresh := account[:len(account)-1] + "0"
		wantKind(t, g.Set(t.Context(), fresh, secret.New(strings.Repeat("x", 200))), fault.KeychainCorrupt)
		if _, left := f.items[fresh]; left {
			t.Error("half a secret stays in the keychain, and nothing knows of it")
		}
	})
}

// A read that succeeds after it was given up hands out nothing.
func TestLateReadIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		g := guard(f)
		must(t, g.Set(t.Context(), account, secret.New("a secret")))
		f.hold = make(chan struct{})
		v, err := g.Get(WithoutPrompt(t.Context()), account)
		wantKind(t, err, fault.KeychainTimedOut)
		close(f.hold)
		synctest.Wait()
		if !v.IsEmpty() {
			t.Error("it was handed out after all")
		}
	})
}

// K08: a late set that fails, as after a dismissed prompt, is followed by no other
// call: it could prompt again.
func TestNoSecondPromptAfterALateRefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.hold, f.holds, f.setErr = make(chan struct{}), "set", errors.New("dismissed")
		g := guard(f)
		wantKind(t, g.Set(t.Context(), account, secret.New("a secret")), fault.KeychainTimedOut)
		close(f.hold)
		synctest.Wait()
		if got := strings.Join(f.calls, " "); got != "get set" {
			t.Errorf("calls: %s", got)
		}
	})
}
