package connections

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/zalando/go-keyring"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// service is the name under which all items lie. It must never change, and has
// no colon: Windows joins service and account with one.
const service = "Entrada"

const opLook = "look at the keychain"

const (
	silentLimit = 5 * time.Second   // for a call without a prompt
	promptLimit = 120 * time.Second // while a person may have to type a password
	// probeValid is how long a good probe counts. Batch tests read hundreds of
	// secrets in a row.
	probeValid = 2 * time.Second
)

// SystemKeychain is the keychain of this computer: the Credential Manager, the
// macOS keychain or the Secret Service. The library has no time limits, may report
// success for a dismissed prompt, and may panic. This keychain corrects all of that.
//
// On Linux, secrets cross the session's message bus unencrypted. A program that can read
// there could also ask for them.
//
// It protects from other users of the computer and from a thief of the disk. Programs of
// the same user can read the items: on macOS because they belong to /usr/bin/security, on
// Windows always, on Linux while the keyring is unlocked.
func SystemKeychain() Keychain {
	return newGuarded(library{}, probeSystem, silentLimit, promptLimit)
}

// backend is what a keychain library offers.
type backend interface {
	get(account string) (string, error)
	set(account, value string) error
	remove(account string) error
}

// manyBackend is a backend that can read many items together. Items that it leaves out
// are read with get.
type manyBackend interface {
	getMany(ctx context.Context, accounts []string) (map[string]string, error)
}

type library struct{}

func (library) get(account string) (string, error) { return keyring.Get(service, account) }
func (library) set(account, value string) error    { return keyring.Set(service, account, value) }
func (library) remove(account string) error        { return keyring.Delete(service, account) }

// getMany bypasses the library, which reads one item at a time.
func (library) getMany(ctx context.Context, accounts []string) (map[string]string, error) {
	return readMany(ctx, accounts)
}

// guarded gives a backend time limits and verified results, and calls it for one caller
// at a time.
type guarded struct {
	backend        backend
	probe          func(context.Context) error
	silent, prompt time.Duration

	turn   chan struct{} // holds one token while a call is under way
	stuck  atomic.Bool   // the call under way was given up
	probed time.Time     // last good probe; guarded by turn
}

func newGuarded(b backend, probe func(context.Context) error, silent, prompt time.Duration) *guarded {
	return &guarded{backend: b, probe: probe, silent: silent, prompt: prompt, turn: make(chan struct{}, 1)}
}

func (g *guarded) Get(ctx context.Context, account string) (secret.Value, error) {
	const op = "read from the keychain"
	// Not a named result: a call that was given up may still write to it.
	var found secret.Value
	err := g.do(ctx, op, func(ctx context.Context) error {
		if err := g.ready(ctx); err != nil {
			return err
		}
		text, err := g.backend.get(account)
		if err != nil {
			return keychainFault(op, err)
		}
		v, ok := decodeValue(text)
		if !ok {
			return &fault.Error{Kind: fault.KeychainCorrupt, Op: op, Subject: account}
		}
		found = v
		return nil
	}, nil)
	if err != nil {
		return secret.Value{}, err
	}
	return found, nil
}

func (g *guarded) GetMany(ctx context.Context, accounts []string) (map[string]secret.Value, error) {
	many, ok := g.backend.(manyBackend)
	if !ok || len(accounts) < 2 {
		return nil, nil
	}
	var found map[string]secret.Value // as in Get
	err := g.do(ctx, "read from the keychain", func(ctx context.Context) error {
		if err := g.ready(ctx); err != nil {
			return err
		}
		// Shorter than the limit of the whole call: if it times out, reading one by one may
		// still work.
		ctx, cancel := context.WithTimeout(ctx, g.silent/2)
		defer cancel()
		texts, err := many.getMany(ctx, accounts)
		if err != nil {
			return nil // the library may still get an answer
		}
		values := make(map[string]secret.Value, len(texts))
		for account, text := range texts {
			if v, ok := decodeValue(text); ok {
				values[account] = v
			}
		}
		found = values
		return nil
	}, nil)
	if err != nil {
		return nil, err
	}
	return found, nil
}

func (g *guarded) Set(ctx context.Context, account string, v secret.Value) error {
	const op = "save in the keychain"
	// Before the library sees it: on macOS the library leaves a process running when a
	// value is too large.
	text, err := encodeValue(v)
	if err != nil {
		return err
	}
	var before string // what the item held, so that a failure leaves it as it was
	had, stored := false, false
	restore := func() {
		if had {
			_ = g.backend.set(account, before)
		} else {
			_ = g.backend.remove(account)
		}
	}
	return g.do(ctx, op, func(ctx context.Context) error {
		if err := g.ready(ctx); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ended(op, ctx) // given up meanwhile: do not begin
		}
		before, err = g.backend.get(account)
		if had = err == nil; !had && keychainKind(err) != fault.KeychainMissing {
			return keychainFault(op, err)
		}
		if ctx.Err() != nil {
			return ended(op, ctx)
		}
		if err := g.backend.set(account, text); err != nil {
			return withoutSecret(keychainFault(op, err), text, v)
		}
		stored = true
		// Read it back: the library may report a success that is none.
		back, err := g.backend.get(account)
		switch got, ok := decodeValue(back); {
		case err == nil && ok && got.Equal(v):
			return nil
		case err == nil && ok && !strings.HasPrefix(text, back):
			return &fault.Error{Kind: fault.KeychainDeclined, Op: op,
				Detail: "The keychain kept an older secret instead."}
		}
		restore()
		stored = false
		switch {
		case keychainKind(err) == fault.KeychainMissing:
			return &fault.Error{Kind: fault.KeychainDeclined, Op: op,
				Detail: "The keychain took the secret but did not keep it."}
		case err != nil:
			return withoutSecret(keychainFault(op, err), text, v)
		default:
			return &fault.Error{Kind: fault.KeychainCorrupt, Op: op, Subject: account}
		}
	}, func() {
		// The person was told that nothing was saved. The earlier value may be the only
		// copy of a secret that works, so restore it.
		if !stored {
			return
		}
		if now, err := g.backend.get(account); err == nil && now == text {
			restore()
		}
	})
}

func (g *guarded) Delete(ctx context.Context, account string) error {
	const op = "delete from the keychain"
	return g.do(ctx, op, func(ctx context.Context) error {
		if err := g.ready(ctx); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ended(op, ctx)
		}
		err := g.backend.remove(account)
		if err != nil && keychainKind(err) != fault.KeychainMissing {
			return keychainFault(op, err)
		}
		switch _, err := g.backend.get(account); {
		case keychainKind(err) == fault.KeychainMissing:
			return nil
		case err != nil:
			return keychainFault(op, err)
		default:
			return &fault.Error{Kind: fault.KeychainDeclined, Op: op,
				Detail: "The keychain still has the secret."}
		}
	}, nil)
}

func (g *guarded) Probe(ctx context.Context) error {
	return g.do(WithoutPrompt(ctx), opLook, g.ready, nil)
}

// ready finds out, before the library is called, whether the keychain answers and whether
// it needs a prompt. It is called with the turn held.
func (g *guarded) ready(ctx context.Context) error {
	if !g.probed.IsZero() && time.Since(g.probed) < probeValid {
		return nil
	}
	probeCtx, cancel := context.WithTimeout(ctx, g.silent)
	defer cancel()
	err := g.probe(probeCtx)
	switch {
	case err == nil:
		g.probed = time.Now()
		return nil
	case fault.Is(err, fault.KeychainLocked) && mayPrompt(ctx):
		return nil
	case ctx.Err() == nil && probeCtx.Err() != nil && !fault.Is(err, fault.KeychainUnavailable):
		return fault.New(fault.KeychainTimedOut, opLook, err)
	default:
		return err
	}
}

// do runs work in a goroutine of its own, one at a time, and gives it up at the time
// limit. If work then ends after all, late undoes its effects before the next call.
func (g *guarded) do(ctx context.Context, op string, work func(context.Context) error, late func()) error {
	limit := g.silent
	if mayPrompt(ctx) {
		limit = g.prompt
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if ctx.Err() != nil {
		return ended(op, ctx)
	}
	if err := g.takeTurn(ctx, op); err != nil {
		return err
	}

	const running, finished, givenUp = 0, 1, 2
	var state atomic.Int32
	done := make(chan error, 1)
	go func() {
		defer func() {
			g.stuck.Store(false)
			<-g.turn
		}()
		err := withoutPanic(op, func() error { return work(ctx) })
		if err != nil && !fault.Is(err, fault.KeychainMissing) {
			g.probed = time.Time{} // something changed: look again next time
		}
		if state.CompareAndSwap(running, finished) {
			done <- err
		} else if late != nil {
			_ = withoutPanic(op, func() error { late(); return nil })
		}
	}()

	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		if state.CompareAndSwap(running, givenUp) {
			g.stuck.Store(true)
			return ended(op, ctx)
		}
		return <-done
	}
}

// takeTurn waits until the running call ends. It waits only briefly if that one hangs.
func (g *guarded) takeTurn(ctx context.Context, op string) error {
	if g.stuck.Load() {
		short, cancel := context.WithTimeout(ctx, g.silent)
		defer cancel()
		ctx = short
	}
	select {
	case g.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ended(op, ctx)
	}
}

func withoutPanic(op string, work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			// Not the text of the panic: it may quote the secret.
			err = fault.New(
				fault.KeychainUnavailable, op, fmt.Errorf("the keychain answered with something unexpected (%T)", p))
		}
	}()
	return work()
}
