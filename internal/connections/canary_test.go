package connections

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/fault"
)

// TestNoSecretAnywhere walks through everything that can be done, with
// keychains that work and that fail while quoting the secret, and looks for it
// in every error, log line, record and file.
func TestNoSecretAnywhere(t *testing.T) {
	ctx, dir := t.Context(), folder(t)
	var seen strings.Builder
	log := slog.New(slog.NewTextHandler(&seen, nil))
	note := func(v any, err error) {
		fmt.Fprintf(&seen, "%v %+v %#v %s\n", v, v, v, fmt.Sprint(err))
		fmt.Fprintf(&seen, "%+v %#v\n", err, err)
		for e := err; e != nil; e = errors.Unwrap(e) {
			fmt.Fprintf(&seen, "%#v\n", e)
		}
		log.Info("done", "value", v, "error", err)
		raw, _ := json.Marshal(v)
		seen.Write(raw)
	}

	for _, spoil := range []func(*fakeLibrary){
		func(*fakeLibrary) {},
		func(f *fakeLibrary) { f.setErr = errors.New("cannot store " + firstSecret.Reveal()) },
		func(f *fakeLibrary) { v, _ := encodeValue(firstSecret); f.setErr = errors.New("-w " + v) },
		func(f *fakeLibrary) { f.loses = true },
		func(f *fakeLibrary) { f.panics = true },
		func(f *fakeLibrary) { f.broken = func(s string) string { return s[1:] } },
		func(f *fakeLibrary) { f.removeErr = exit(36) },
	} {
		f := newFake()
		spoil(f)
		kc := guard(f)
		s, err := Open(dir, kc)
		note(s, err)
		r, err := s.Save(ctx, sample(0), firstSecret)
		note(r, err)
		leaky := sample(1)
		leaky.Name = firstSecret.Reveal()
		_, err = s.Save(ctx, leaky, firstSecret)
		wantKind(t, err, fault.Misuse)
		note(nil, err)
		note(s.KeepForSession(sample(2), firstSecret), nil)
		v, err := s.Secret(ctx, r.ID)
		note(v, err)
		note(s.List(), s.UpdateRecord(s.List()...))
		report, err := s.Reconcile(ctx)
		note(report, err)
		note(s, s.Remove(ctx, r.ID))
		note(s, s.RemoveEverything(ctx))
		kc.turn <- struct{}{} // the last call has let go of it
		note(kc, nil)
		<-kc.turn
	}
	mem := MemoryKeychain()
	must(t, mem.Set(ctx, account, firstSecret))
	note(mem, nil)

	must(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			raw, _ := os.ReadFile(path)
			seen.Write(raw)
		}
		return err
	}))
	text := firstSecret.Reveal()
	for _, form := range []string{text, text[6:20], base64.RawURLEncoding.EncodeToString([]byte(text)),
		hex.EncodeToString([]byte(text)), fmt.Sprint([]byte(text))} {
		if strings.Contains(seen.String(), form) {
			t.Errorf("the secret shows, as %.12s…", form)
		}
	}
	if !strings.Contains(seen.String(), firstSecret.Fingerprint()) {
		t.Error("nothing was recorded at all; the test proves nothing")
	}
}
