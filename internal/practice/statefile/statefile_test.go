package statefile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, path string) *File {
	t.Helper()
	f, _, err := Open(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Release)
	return f
}

func waitFor(t *testing.T, path, want string) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	limit := time.NewTimer(10 * time.Second)
	defer limit.Stop()
	for {
		if data, _ := os.ReadFile(path); string(data) == want {
			return
		}
		select {
		case <-look.C:
		case <-limit.C:
			t.Fatalf("%q never comes", want)
		}
	}
}

func TestWritingFollowsChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.json")
	f := open(t, path)
	var text atomic.Value
	text.Store(`{"version":1}`)
	var encoded atomic.Int32
	encode := func() ([]byte, error) { encoded.Add(1); return []byte(text.Load().(string)), nil }
	if err := f.Keep(encode, func(err error) { t.Error(err) }); err != nil {
		t.Fatal(err)
	}
	waitFor(t, path, `{"version":1}`)
	text.Store(`{"version":1,"a":2}`)
	began := time.Now()
	var all sync.WaitGroup
	for range 50 {
		all.Go(f.Changed)
	}
	all.Wait()
	waitFor(t, path, `{"version":1,"a":2}`)
	if n := encoded.Load(); n > 3 {
		t.Errorf("50 changes at once are written %d times", n-1)
	}
	if took := time.Since(began); took > 2*time.Second { // 300 ms on a machine at rest
		t.Errorf("written after %v", took)
	}
	text.Store(`{"version":1,"last":3}`)
	f.Changed()
	if err := errors.Join(f.Close(), f.Close()); err != nil {
		t.Error(err)
	}
	waitFor(t, path, `{"version":1,"last":3}`)
}

func TestNothingNewIsNotWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.json")
	f := open(t, path)
	if err := f.Keep(func() ([]byte, error) { return []byte(`{"version":1}`), nil },
		func(err error) { t.Error(err) }); err != nil {
		t.Fatal(err)
	}
	// Whoever removes the file starts afresh, if nothing happened since.
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	f.Changed()
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error("it was written although nothing is new")
	}
}

func TestAFailureIsToldAndTriedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.json")
	f := open(t, path)
	var wrong atomic.Bool
	var told atomic.Int32
	text := "first"
	err := f.Keep(func() ([]byte, error) {
		if wrong.Load() {
			return nil, errors.New("no")
		}
		if told.Load() > 0 {
			return []byte("second"), nil
		}
		return []byte(text), nil
	}, func(error) { told.Add(1); wrong.Store(false) })
	if err != nil {
		t.Fatal(err)
	}
	wrong.Store(true)
	f.Changed()
	waitFor(t, path, "second") // without another change
	if told.Load() != 1 {
		t.Errorf("told %d times", told.Load())
	}
}

func TestLeftoversAndNames(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "s[1].json")
	left := filepath.Join(folder, ".s[1].json.new-123")
	for _, name := range []string{path, left, path + ".damaged"} {
		if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, _, err := Open(path, 1)
	if !errors.Is(err, ErrDamaged) {
		t.Fatal(err)
	}
	defer f.Release()
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Error("what a killed process left is still there")
	}
	if _, _, err := Open(path, 1); !errors.Is(err, ErrInUse) {
		t.Errorf("opened twice: %v", err)
	}
	if name, err := f.SetAside(); err != nil || name != path+".damaged-2" {
		t.Errorf("%s %v", name, err)
	}
}

func TestNilKeepsNothing(t *testing.T) {
	var f *File
	f.Changed()
	f.Release()
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

func TestTheMutexTells(t *testing.T) {
	told, guarded := 0, 0
	m := Mutex{Tell: func() { told++ }}
	m.Lock()
	guarded++
	m.Unlock()
	m.RLock()
	seen := guarded
	m.RUnlock()
	if told != 1 || seen != 1 {
		t.Errorf("told %d times", told)
	}
}

// Who deletes the file does not want it back: it is written no more, and with the
// end of the program its lock goes as well.
func TestADeletedFileStaysDeleted(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "state.json")
	f, _, err := Open(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := f.Keep(func() ([]byte, error) { n++; return fmt.Appendf(nil, `{"version":1,"n":%d}`, n), nil },
		func(err error) { t.Error(err) }); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := f.save(); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}
