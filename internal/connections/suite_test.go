package connections

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// keychainSuite is what every keychain has to do: it is held against memory,
// against a library that behaves as on Windows, against gnome-keyring and
// against the Credential Manager.
func keychainSuite(t *testing.T, kc Keychain) {
	ctx := t.Context()
	must(t, kc.Probe(ctx))
	_, err := kc.Get(ctx, account)
	wantKind(t, err, fault.KeychainMissing)
	for _, text := range []string{"abc8Q~x", "ü€𝄞 \x00\n'\"", " spaces ", strings.Repeat("~", 1000),
		firstSecret.Reveal()} {
		must(t, kc.Set(ctx, account, secret.New(text)))
		got, err := kc.Get(ctx, account)
		must(t, err)
		if got.Reveal() != text {
			t.Error("another text came back")
		}
	}
	must(t, kc.Delete(ctx, account))
	must(t, kc.Delete(ctx, account)) // what is not there is deleted
	_, err = kc.Get(ctx, account)
	wantKind(t, err, fault.KeychainMissing)

	// K01: whatever its size, it comes back, in the keychain or in an envelope.
	dir := folder(t)
	s := open(t, dir, kc)
	r := sample(7)
	for _, text := range sizes() {
		v := secret.New(text)
		r, err = s.Save(ctx, r, v)
		must(t, err)
		got, err := open(t, dir, kc).Secret(ctx, r.ID)
		if err != nil || !got.Equal(v) {
			t.Errorf("%d bytes: another text came back (%v)", len(text), err)
		}
		encoded, _ := encodeValue(v)
		want := 0
		if encoded == "" || strings.HasPrefix(text, envelopeMark) {
			want = 1
		}
		if n := len(sealedFiles(t, dir)); n != want {
			t.Errorf("%d bytes: %d files", len(text), n)
		}
		if len(text) > 8 {
			noSecretIn(t, dir, v)
		}
	}
	_, err = s.Save(ctx, sample(8), secret.New(strings.Repeat("x", maxSealed+1)))
	wantKind(t, err, fault.KeychainTooLarge)

	// K16: afterwards there is nothing.
	must(t, s.RemoveEverything(ctx))
	if _, err := kc.Get(ctx, r.account()); fault.KindOf(err) != fault.KeychainMissing {
		t.Errorf("left in the keychain: %v", err)
	}
	if left := filesIn(t, dir); len(left) != 0 {
		t.Errorf("left: %q", left)
	}
}

// sizes are around each limit, ours and those of the systems, in bytes and in
// letters of several bytes.
func sizes() []string {
	var all []string
	for _, n := range []int{1, 40, 1497, 1498, 1499, 1999, 2000, 2001, 2559, 2560, 2561, 5 << 10, 50 << 10} {
		all = append(all, strings.Repeat("x", n))
	}
	return append(all, strings.Repeat("€", 499), strings.Repeat("€", 600), strings.Repeat("𝄞", 853),
		envelopeMark+"looks like one of ours")
}

// K12: names that begin like ours, or hold ours with a colon, are not ours.
func neighboursSurvive(t *testing.T, kc Keychain) {
	ctx := t.Context()
	neighbours := [][2]string{{service + ":v1", "secret"}, {service + "2", account}, {service, "somebody-elses"}}
	for _, n := range neighbours {
		must(t, keyring.Set(n[0], n[1], "theirs"))
		t.Cleanup(func() { _ = keyring.Delete(n[0], n[1]) })
	}
	s := open(t, folder(t), kc)
	for i := range 3 {
		_, err := s.Save(ctx, sample(i), firstSecret)
		must(t, err)
	}
	must(t, kc.Delete(ctx, account))
	must(t, s.RemoveEverything(ctx))
	for _, n := range neighbours {
		if got, err := keyring.Get(n[0], n[1]); err != nil || got != "theirs" {
			t.Errorf("the neighbour %q is gone: %v", n, err)
		}
	}
}

func TestKeychainSuite(t *testing.T) {
	t.Run("memory", func(t *testing.T) { keychainSuite(t, MemoryKeychain()) })
	t.Run("a library as on Windows", func(t *testing.T) { keychainSuite(t, guard(newFake())) })
}

func sealedFiles(t testing.TB, dir string) []string {
	t.Helper()
	var sealed []string
	for _, name := range filesIn(t, dir) {
		if sealedName.MatchString(name) {
			sealed = append(sealed, name)
		}
	}
	return sealed
}

func filesIn(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// K10: what was altered, swapped or half-written is missing or corrupt, and
// never another secret or a mixture.
func TestEnvelopesAreNeverMixed(t *testing.T) {
	ctx, dir, kc := t.Context(), folder(t), MemoryKeychain()
	e := &enveloped{Keychain: kc, dir: dir}
	other := account[:len(account)-1] + "0"
	first, second := secret.New(strings.Repeat("one ", 1000)), secret.New(strings.Repeat("two ", 1000))
	must(t, e.Set(ctx, account, first))
	must(t, e.Set(ctx, other, second))
	ours, theirs := "", ""
	for _, name := range sealedFiles(t, dir) {
		if strings.HasPrefix(name, sealedStem(account)) {
			ours = filepath.Join(dir, name)
		} else {
			theirs = filepath.Join(dir, name)
		}
	}
	good, err := os.ReadFile(ours)
	must(t, err)
	foreign, err := os.ReadFile(theirs)
	must(t, err)
	refused := func(what string, data []byte) {
		t.Helper()
		must(t, os.WriteFile(ours, data, 0o600))
		if v, err := e.Get(ctx, account); !fault.Is(err, fault.KeychainCorrupt) || !v.IsEmpty() {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("another item's file", foreign)
	refused("empty", nil)
	for cut := 1; cut < len(good); cut += 211 {
		refused(fmt.Sprint("cut at ", cut), good[:cut])
	}
	for at := 0; at < len(good); at += 173 {
		flipped := append([]byte(nil), good...)
		flipped[at] ^= 1
		refused(fmt.Sprint("a bit at ", at), flipped)
	}
	must(t, os.WriteFile(ours, good, 0o600))
	if v, err := e.Get(ctx, account); err != nil || !v.Equal(first) {
		t.Fatal("the good file no longer opens", err)
	}
	// K09: the file is gone, the item is not.
	must(t, os.Remove(ours))
	_, err = e.Get(ctx, account)
	wantKind(t, err, fault.KeychainMissing)

	// An item that was altered leads nowhere else.
	for _, item := range []string{envelopeMark, envelopeMark + "../connections.json KEY",
		envelopeMark + filepath.Base(theirs) + " KEY", envelopeMark + filepath.Base(ours) + " AGE-PLUGIN-EVIL-1"} {
		must(t, kc.Set(ctx, account, secret.New(item)))
		must(t, os.WriteFile(ours, good, 0o600))
		_, err := e.Get(ctx, account)
		wantKind(t, err, fault.KeychainCorrupt)
	}
}

// K10: killed after each write, the old secret or the new one is there.
func TestEnvelopeKilledAfterEachWrite(t *testing.T) {
	large := func(word string) secret.Value { return secret.New(strings.Repeat(word+" ", 1000)) }
	for _, c := range []struct {
		name     string
		old, new secret.Value
	}{
		{"small then large", firstSecret, large("new")},
		{"large then large", large("old"), large("new")},
		{"large then small", large("old"), secondSecret},
	} {
		for _, moment := range []string{"file written", "item set"} {
			if moment == "file written" && c.new.Equal(secondSecret) {
				continue // a small one writes no file
			}
			t.Run(c.name+", "+moment, func(t *testing.T) {
				ctx, dir, kc := t.Context(), folder(t), MemoryKeychain()
				must(t, (&enveloped{Keychain: kc, dir: dir}).Set(ctx, account, c.old))
				dying := &enveloped{Keychain: kc, dir: dir, reached: func(at string) {
					if at == moment {
						panic("killed")
					}
				}}
				func() {
					defer func() { _ = recover() }()
					_ = dying.Set(ctx, account, c.new)
					t.Error("it lived on")
				}()
				want := c.old
				if moment == "item set" {
					want = c.new
				}
				e := &enveloped{Keychain: kc, dir: dir}
				if v, err := e.Get(ctx, account); err != nil || !v.Equal(want) {
					t.Errorf("neither the old one nor the new one as a whole: %v", err)
				}
				must(t, e.Set(ctx, account, c.new))
				if n := len(sealedFiles(t, dir)); n > 1 {
					t.Errorf("%d files are left", n)
				}
				must(t, e.Delete(ctx, account))
				if left := filesIn(t, dir); len(left) != 0 {
					t.Errorf("left: %q", left)
				}
			})
		}
	}
}

// A keychain that does not take the key keeps no file either.
func TestEnvelopeWithoutAKeychainLeavesNoFile(t *testing.T) {
	ctx, dir, kc := t.Context(), folder(t), moody()
	kc.mood = fault.KeychainDeclined
	_, err := open(t, dir, kc).Save(ctx, sample(0), secret.New(strings.Repeat("x", 5000)))
	wantKind(t, err, fault.KeychainDeclined)
	if left := sealedFiles(t, dir); len(left) != 0 {
		t.Errorf("left: %q", left)
	}
}
