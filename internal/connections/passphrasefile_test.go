package connections

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"entrada/internal/agefile"
	"entrada/internal/fault"
	"entrada/internal/secret"
)

var passphrase = secret.New("lomu-tiga-nevo-hapi")

// withoutKeychain is a store on a computer that has none.
func withoutKeychain(t testing.TB, dir string) *Store {
	t.Helper()
	kc := moody()
	kc.mood = fault.KeychainUnavailable
	return open(t, dir, kc)
}

// K07: without a keychain the wizard completes, with nothing on the disk or
// with a file that only the passphrase opens.
func TestBehindAPassphrase(t *testing.T) {
	ctx, dir := t.Context(), folder(t)
	s := withoutKeychain(t, dir)
	_, err := s.Save(ctx, sample(0), firstSecret)
	wantKind(t, err, fault.KeychainUnavailable)
	if _, exists, _ := s.PassphraseFile(); exists {
		t.Fatal("a file was made that nobody asked for")
	}
	_, err = s.SaveBehindPassphrase(ctx, sample(0), firstSecret, secret.New("short"))
	wantKind(t, err, fault.WeakPassphrase)

	first, err := s.SaveBehindPassphrase(ctx, sample(0), firstSecret, passphrase)
	must(t, err)
	second, err := s.SaveBehindPassphrase(ctx, sample(1), secondSecret, passphrase)
	must(t, err)
	for _, v := range []secret.Value{firstSecret, secondSecret, passphrase} {
		noSecretIn(t, dir, v)
	}
	if info, err := os.Stat(filepath.Join(dir, passphraseFileName)); err != nil || info.Mode().Perm()&0o077 != 0 &&
		os.PathSeparator == '/' {
		t.Errorf("%v %v", info, err)
	}

	// The next start: locked until the passphrase is typed, once.
	s = withoutKeychain(t, dir)
	if _, exists, locked := s.PassphraseFile(); !exists || !locked {
		t.Error("it is not locked")
	}
	_, err = s.Secret(ctx, first.ID)
	wantKind(t, err, fault.PassphraseNeeded)
	if r, _ := s.Get(first.ID); r.SecretGone {
		t.Error("a locked file was read as an empty one")
	}
	report, err := s.Reconcile(ctx)
	must(t, err)
	if len(report.Missing) != 0 {
		t.Errorf("%+v", report)
	}
	wantKind(t, s.Unlock(secret.New("another one, as long")), fault.WrongPassphrase)
	asked := 0
	s.AskPassphrase(func(_ context.Context, again bool) (secret.Value, error) {
		asked++
		if again != (asked > 1) {
			t.Error("it is not said that the first one was wrong")
		}
		if asked == 1 {
			return secret.New("mistyped, as people do"), nil
		}
		return passphrase, nil
	})
	_, err = s.Secret(WithoutPrompt(ctx), first.ID)
	wantKind(t, err, fault.PassphraseNeeded)
	if asked != 0 {
		t.Error("work in the background asked a person")
	}
	for _, want := range []struct {
		id string
		v  secret.Value
	}{{first.ID, firstSecret}, {second.ID, secondSecret}, {first.ID, firstSecret}} {
		if v, err := s.Secret(ctx, want.id); err != nil || !v.Equal(want.v) {
			t.Errorf("another secret: %v", err)
		}
	}
	if asked != 2 {
		t.Errorf("asked %d times", asked)
	}

	// A renewed secret stays where the old one was.
	first.ID = ""
	renewed, err := s.Save(ctx, first, secondSecret)
	must(t, err)
	if v, err := s.Secret(ctx, renewed.ID); err != nil || !v.Equal(secondSecret) || renewed.SecretIn != InFile {
		t.Errorf("%+v %v", renewed, err)
	}
	must(t, s.Remove(ctx, renewed.ID))
	must(t, s.Remove(ctx, second.ID))
	if _, exists, _ := s.PassphraseFile(); exists {
		t.Error("a file without secrets is left")
	}
}

// P04: killed between the file with the secret and the list, the save is
// completed once the passphrase was typed, and no sooner.
func TestKilledBetweenThePassphraseFileAndTheList(t *testing.T) {
	ctx, dir := t.Context(), folder(t)
	dying := withoutKeychain(t, dir)
	dying.reached = func(at string) {
		if at == "stored" {
			panic("killed")
		}
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = dying.SaveBehindPassphrase(ctx, sample(0), firstSecret, passphrase)
		t.Error("it lived on")
	}()
	s := withoutKeychain(t, dir)
	report, err := s.Reconcile(ctx)
	if err != nil || len(report.Finished)+len(report.Missing)+report.Deleted != 0 {
		t.Errorf("while it is locked: %+v %v", report, err)
	}
	must(t, s.Unlock(passphrase))
	report, err = s.Reconcile(ctx)
	must(t, err)
	if len(report.Finished) != 1 || len(s.List()) != 1 {
		t.Fatalf("%+v with %d records", report, len(s.List()))
	}
	if v, err := s.Secret(ctx, s.List()[0].ID); err != nil || !v.Equal(firstSecret) {
		t.Errorf("another secret: %v", err)
	}
}

// K08: who would rather not is not asked again by the same work.
func TestThePassphraseCanBeDeclined(t *testing.T) {
	ctx, dir := t.Context(), folder(t)
	r, err := withoutKeychain(t, dir).SaveBehindPassphrase(ctx, sample(0), firstSecret, passphrase)
	must(t, err)
	s := withoutKeychain(t, dir)
	asked := 0
	s.AskPassphrase(func(context.Context, bool) (secret.Value, error) {
		asked++
		return secret.Value{}, nil
	})
	_, err = s.Secret(ctx, r.ID)
	wantKind(t, err, fault.PassphraseNeeded)
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	s.AskPassphrase(func(context.Context, bool) (secret.Value, error) {
		asked++
		return secret.New("not the passphrase"), nil
	})
	_, err = s.Secret(ctx, r.ID)
	wantKind(t, err, fault.WrongPassphrase)
	if asked != 1+tries {
		t.Errorf("asked %d times", asked)
	}
}

// A batch asks once, however many wait.
func TestManyWaitForOnePassphrase(t *testing.T) {
	ctx, dir := t.Context(), folder(t)
	made := withoutKeychain(t, dir)
	var ids []string
	for n := range 5 {
		r, err := made.SaveBehindPassphrase(ctx, sample(n), firstSecret, passphrase)
		must(t, err)
		ids = append(ids, r.ID)
	}
	s := withoutKeychain(t, dir)
	var asked atomic.Int32
	s.AskPassphrase(func(context.Context, bool) (secret.Value, error) {
		asked.Add(1)
		return passphrase, nil
	})
	done := make(chan error)
	for _, id := range ids {
		go func() { _, err := s.Secret(ctx, id); done <- err }()
	}
	for range ids {
		must(t, <-done)
	}
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
}

// What needs not be read can go without the passphrase.
func TestRemoveWithoutThePassphrase(t *testing.T) {
	ctx, dir := t.Context(), folder(t)
	made := withoutKeychain(t, dir)
	first, err := made.SaveBehindPassphrase(ctx, sample(0), firstSecret, passphrase)
	must(t, err)
	second, err := made.SaveBehindPassphrase(ctx, sample(1), secondSecret, passphrase)
	must(t, err)
	s := withoutKeychain(t, dir)
	wantKind(t, s.Remove(ctx, first.ID), fault.PassphraseNeeded) // which says that the secret goes later
	if len(s.List()) != 1 {
		t.Fatal("the connection is still there")
	}
	must(t, s.Unlock(passphrase))
	report, err := s.Reconcile(ctx)
	must(t, err)
	if report.Deleted != 1 {
		t.Errorf("%+v", report)
	}
	s = withoutKeychain(t, dir)
	must(t, s.Remove(ctx, second.ID)) // the last one takes the file along
	if _, exists, _ := s.PassphraseFile(); exists {
		t.Error("the file is left")
	}
}

func TestRemoveEverythingTakesThePassphraseFileAlong(t *testing.T) {
	ctx, dir := t.Context(), folder(t)
	_, err := withoutKeychain(t, dir).SaveBehindPassphrase(ctx, sample(0), firstSecret, passphrase)
	must(t, err)
	must(t, withoutKeychain(t, dir).RemoveEverything(ctx))
	if left := filesIn(t, dir); len(left) != 0 {
		t.Errorf("left: %q", left)
	}
}

// The keychain is back: the secret moves, and the file goes.
func TestFromTheFileIntoTheKeychain(t *testing.T) {
	ctx, dir := t.Context(), folder(t)
	r, err := withoutKeychain(t, dir).SaveBehindPassphrase(ctx, sample(0), firstSecret, passphrase)
	must(t, err)
	kc := moody()
	s := open(t, dir, kc)
	must(t, s.Unlock(passphrase))
	moved, err := s.Save(ctx, sample(0), firstSecret)
	must(t, err)
	if moved.ID != r.ID || len(s.List()) != 1 || kc.items() != 1 {
		t.Errorf("%+v, %d items", moved, kc.items())
	}
	if _, exists, _ := s.PassphraseFile(); exists {
		t.Error("the file is left")
	}
}

func TestTwoEntradasShareThePassphraseFile(t *testing.T) {
	ctx, dir := t.Context(), folder(t)
	a, b := withoutKeychain(t, dir), withoutKeychain(t, dir)
	first, err := a.SaveBehindPassphrase(ctx, sample(0), firstSecret, passphrase)
	must(t, err)
	_, err = b.SaveBehindPassphrase(ctx, sample(1), secondSecret, passphrase)
	must(t, err)
	must(t, a.Reload())
	for _, r := range a.List() {
		if _, err := a.Secret(ctx, r.ID); err != nil {
			t.Error(err)
		}
	}
	must(t, b.Remove(ctx, first.ID))
	if _, err := a.Secret(ctx, first.ID); !fault.Is(err, fault.KeychainMissing) {
		t.Errorf("what the other one removed is still handed out: %v", err)
	}
}

// Truncated, altered, foreign, newer and costly files: a fault, and never an
// overwritten file.
func TestDamagedPassphraseFile(t *testing.T) {
	ctx, dir := t.Context(), folder(t)
	r, err := withoutKeychain(t, dir).SaveBehindPassphrase(ctx, sample(0), firstSecret, passphrase)
	must(t, err)
	path := filepath.Join(dir, passphraseFileName)
	good, err := os.ReadFile(path)
	must(t, err)
	sealed := func(text string) []byte {
		to, err := agefile.Recipient(passphrase)
		must(t, err)
		data, err := agefile.Seal([]byte(text), to)
		must(t, err)
		return data
	}
	for name, c := range map[string]struct {
		data []byte
		want fault.Kind
	}{
		"cut":        {good[:len(good)-1], fault.FileCorrupt},
		"empty":      {nil, fault.FileCorrupt},
		"no age":     {[]byte("PK\x03\x04"), fault.FileCorrupt},
		"flipped":    {append(bytes.Clone(good[:len(good)-1]), good[len(good)-1]^1), fault.FileCorrupt},
		"foreign":    {sealed(`{"format":"entrada-settings","version":1}`), fault.FileCorrupt},
		"not JSON":   {sealed(`hello`), fault.FileCorrupt},
		"more":       {sealed(`{"format":"entrada-secrets","version":1,"items":{},"more":1}`), fault.FileCorrupt},
		"newer":      {sealed(`{"format":"entrada-secrets","version":2,"future":[]}`), fault.FileNewer},
		"costs 4 GB": {bytes.Replace(good, []byte(" 1\n"), []byte(" 22\n"), 1), fault.FileCorrupt},
	} {
		must(t, os.WriteFile(path, c.data, 0o600))
		s := withoutKeychain(t, dir)
		wantKind(t, s.Unlock(passphrase), c.want)
		_, err := s.SaveBehindPassphrase(ctx, sample(1), secondSecret, passphrase)
		wantKind(t, err, c.want)
		if got, _ := os.ReadFile(path); !bytes.Equal(got, c.data) {
			t.Errorf("%s: it was overwritten", name)
		}
	}
	must(t, os.WriteFile(path, good, 0o600))
	s := withoutKeychain(t, dir)
	must(t, s.Unlock(passphrase))
	_, err = s.Secret(ctx, r.ID)
	must(t, err)
}

// No error, log or print of the store repeats the passphrase.
func TestThePassphraseIsNotRepeated(t *testing.T) {
	ctx, dir := t.Context(), folder(t)
	s := withoutKeychain(t, dir)
	r, err := s.SaveBehindPassphrase(ctx, sample(0), firstSecret, passphrase)
	must(t, err)
	wrong := secret.New("the wrong one, at length")
	text := fmt.Sprintf("%v %+v %#v %v %+v", s.keychain.file, s, r, s.Unlock(wrong), s.Unlock(wrong))
	for _, v := range []secret.Value{firstSecret, passphrase, wrong} {
		if strings.Contains(text, v.Reveal()) ||
			strings.Contains(text, strings.Trim(fmt.Sprint([]byte(v.Reveal())), "[]")) {
			t.Error(text)
		}
	}
}
