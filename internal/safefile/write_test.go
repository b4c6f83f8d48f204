//go:build unix

package safefile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"entrada/internal/fault"
)

var (
	oldContent = bytes.Repeat([]byte("old "), 50_000)
	newContent = bytes.Repeat([]byte("new! "), 60_000)
)

// moments are all steps of writing one file; "sync" comes after each half.
var moments = []struct {
	step step
	nth  int
}{{stepCreate, 1}, {stepWrite, 1}, {stepSync, 1}, {stepSync, 2}, {stepVerify, 1}, {stepRename, 1}, {stepFolder, 1}}

func wantKind(t *testing.T, err error, want fault.Kind) {
	t.Helper()
	if fault.KindOf(err) != want {
		t.Fatalf("got %v, want a fault of kind %q", err, want)
	}
}

func put(t *testing.T, path string, data []byte, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, data, mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

// E04: killed at any step, the target is the old file or the new one, and what
// is left beside it is swept at the next start.
func TestKilledAtAnyStepLeavesTheOldFileOrTheNew(t *testing.T) {
	for _, overwrite := range []string{"overwrite", "new"} {
		for _, m := range moments {
			t.Run(fmt.Sprint(overwrite, m), func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, "settings.age")
				if overwrite == "overwrite" {
					put(t, path, oldContent, 0o600)
				}
				out, err := child(t,
					fmt.Sprint("write ", path, " ", overwrite, " ", m.step, " ", m.nth)).CombinedOutput()
				if err == nil {
					t.Fatalf("the program lived on: %s", out)
				}

				got, err := os.ReadFile(path)
				isOld := err == nil && bytes.Equal(got, oldContent) || overwrite == "new" &&
					errors.Is(err, fs.ErrNotExist)
				isNew := err == nil && bytes.Equal(got, newContent)
				if m.step == stepFolder && !isNew || m.step != stepFolder && !isOld {
					t.Fatalf("after dying at %v the file is of %d bytes (%v)", m, len(got), err)
				}
				for _, name := range names(t, dir) {
					if name != "settings.age" && !isTempName(name) {
						t.Fatalf("left behind: %q", name)
					}
				}
				if err := sweep(dir, time.Now().Add(2*leftoverAge)); err != nil {
					t.Fatal(err)
				}
				for _, name := range names(t, dir) {
					if name != "settings.age" {
						t.Fatalf("not swept: %q", name)
					}
				}
			})
		}
	}
}

// E04: so it is when the disk is full, read-only or gone.
func TestFailureAtAnyStepKeepsTheOldFileAndNoLeftovers(t *testing.T) {
	for _, c := range []struct {
		err  error
		want fault.Kind
	}{
		{syscall.ENOSPC, fault.DiskFull},
		{syscall.EROFS, fault.FileReadOnly},
		{syscall.EACCES, fault.FileReadOnly},
		{errors.New("the cable came out"), fault.Unknown},
	} {
		for _, m := range moments[:len(moments)-1] {
			dir := t.TempDir()
			path := filepath.Join(dir, "f")
			put(t, path, oldContent, 0o600)
			count := 0
			err := writer{before: func(s step) error {
				if s == m.step {
					if count++; count == m.nth {
						return &fs.PathError{Op: "write", Path: "x", Err: c.err}
					}
				}
				return nil
			}}.write(path, newContent, Options{Overwrite: true})
			wantKind(t, err, c.want)
			if f := (*fault.Error)(nil); !errors.As(err, &f) || f.Subject != path {
				t.Fatalf("the fault does not name the file: %v", err)
			}
			if got, _ := os.ReadFile(path); !bytes.Equal(got, oldContent) {
				t.Fatalf("%v at %v: the old file is gone", c.err, m)
			}
			if n := names(t, dir); len(n) != 1 {
				t.Fatalf("%v at %v left %q", c.err, m, n)
			}
		}
	}
}

// E01: whatever the umask says and an older file of that name allowed.
func TestWriteIsPrivateWhateverWasThereBefore(t *testing.T) {
	old := syscall.Umask(0)
	defer syscall.Umask(old)
	for _, mode := range []fs.FileMode{0o644, 0o666, 0o400} {
		path := filepath.Join(t.TempDir(), "f")
		put(t, path, oldContent, mode)
		if err := Write(path, newContent, Options{Overwrite: true}); err != nil {
			t.Fatal(err)
		}
		info, _ := os.Stat(path)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("over a file of mode %v: mode %v", mode, info.Mode())
		}
	}
	path := filepath.Join(t.TempDir(), "f")
	syscall.Umask(0o777) // takes away even the owner's rights
	if err := Write(path, newContent, Options{}); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("with umask 777: mode %v", info.Mode())
	}
}

// E01: a memory stick keeps no modes: nothing private may be written there, and not
// a byte is before that is known.
func TestWriteWhereNothingIsPrivate(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	stick := writer{private: func(f *os.File) (bool, error) {
		if info, err := f.Stat(); err != nil || info.Size() > 0 {
			t.Error("bytes were written before the look")
		}
		return false, nil
	}}
	wantKind(t, stick.write(path, newContent, Options{}), fault.FileReadOnly)
	if n := names(t, dir); len(n) != 0 {
		t.Fatalf("left behind: %q", n)
	}
	stick.private = func(*os.File) (bool, error) { return false, nil }
	if err := stick.write(path, newContent, Options{AnyFolder: true}); err != nil {
		t.Fatal(err)
	}
}

// E05: no silent replacement, and no backup of what was replaced.
func TestWriteAsksBeforeItReplaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := Write(path, oldContent, Options{}); err != nil {
		t.Fatal(err)
	}
	wantKind(t, Write(path, newContent, Options{}), fault.FileExists)
	if got, _ := os.ReadFile(path); !bytes.Equal(got, oldContent) {
		t.Fatal("the file was replaced all the same")
	}
	if err := Write(path, newContent, Options{Overwrite: true}); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); !bytes.Equal(got, newContent) {
		t.Fatal("the file was not replaced")
	}
	if n := names(t, filepath.Dir(path)); len(n) != 1 {
		t.Fatalf("a backup or temporary file stayed: %q", n)
	}
}

// E03: nothing is written through a link, nor into anything but a file.
func TestWriteRefusesLinksAndSpecialFiles(t *testing.T) {
	dir := t.TempDir()
	victim := filepath.Join(dir, "victim")
	put(t, victim, []byte("victim"), 0o644)
	in := func(name string) string { return filepath.Join(dir, name) }
	for name, make := range map[string]func(string) error{
		"link":     func(p string) error { return os.Symlink(victim, p) },
		"dangling": func(p string) error { return os.Symlink(in("nowhere"), p) },
		"folder":   func(p string) error { return os.Mkdir(p, 0o700) },
		"pipe":     func(p string) error { return syscall.Mkfifo(p, 0o600) },
	} {
		if err := make(in(name)); err != nil {
			t.Fatal(err)
		}
		for _, overwrite := range []bool{false, true} {
			wantKind(t, Write(in(name), newContent, Options{Overwrite: overwrite}), fault.FileNotRegular)
		}
	}
	if _, err := os.Lstat(in("nowhere")); err == nil {
		t.Error("written through a dangling link")
	}
	wantKind(t, Write("/dev/null", newContent, Options{Overwrite: true}), fault.FileNotRegular)
	if got, _ := os.ReadFile(victim); string(got) != "victim" {
		t.Error("written through a link")
	}

	// A folder that is reached through a link is the person's own choice.
	real := in("real")
	_ = os.Mkdir(real, 0o700)
	_ = os.Symlink(real, in("way"))
	if err := Write(filepath.Join(in("way"), "f"), newContent, Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(real, "f")); err != nil {
		t.Fatal(err)
	}
}

// E03: somebody puts a link or a file there after the look.
func TestWriteLosesNoRace(t *testing.T) {
	for _, overwrite := range []bool{true, false} {
		dir := t.TempDir()
		path, victim := filepath.Join(dir, "f"), filepath.Join(dir, "victim")
		put(t, victim, []byte("victim"), 0o644)
		err := writer{before: func(s step) error {
			if s == stepRename {
				return os.Symlink(victim, path)
			}
			return nil
		}}.write(path, newContent, Options{Overwrite: overwrite})
		if overwrite && err != nil {
			t.Fatal(err)
		}
		if !overwrite {
			wantKind(t, err, fault.FileExists)
		}
		if got, _ := os.ReadFile(victim); string(got) != "victim" {
			t.Fatal("written through the link")
		}
	}
}

func TestLookThenRenameAlsoRefuses(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	put(t, a, oldContent, 0o600)
	if err := lookThenRename(a, b); err != nil {
		t.Fatal(err)
	}
	put(t, a, newContent, 0o600)
	if err := lookThenRename(a, b); !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
}

func TestWriteWhereItCannot(t *testing.T) {
	dir := t.TempDir()
	wantKind(t, Write(filepath.Join(dir, "no", "f"), newContent, Options{}), fault.FolderNotFound)
	put(t, filepath.Join(dir, "file"), nil, 0o600)
	wantKind(t, Write(filepath.Join(dir, "file", "f"), newContent, Options{}), fault.FolderNotFound)
}

// E13: nothing passes through another folder: the system's one for temporary files
// may be on another disk, and is anybody's.
func TestWriteUsesNoOtherFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	t.Setenv("TMPDIR", "/nonexistent")
	if err := Write(path, newContent, Options{}); err != nil {
		t.Fatal(err)
	}
}

// E04: the sweep at the start.
func TestSweepTakesOnlyOurLeftovers(t *testing.T) {
	dir := t.TempDir()
	keep := []string{".entrada-0011223344556677889900.tmp", ".entrada-zz1122334455667788990011.tmp", ".entrada.tmp",
		"settings.json", ".entrada-001122334455667788990011"}
	for _, n := range keep {
		put(t, filepath.Join(dir, n), nil, 0o600)
	}
	leftover := tempName()
	put(t, filepath.Join(dir, leftover), nil, 0o600)
	folder := tempName()
	_ = os.Mkdir(filepath.Join(dir, folder), 0o700)

	if err := Sweep(dir); err != nil {
		t.Fatal(err)
	}
	if n := names(t, dir); len(n) != len(keep)+2 {
		t.Fatalf("a file that may be written right now was swept: %q", n)
	}
	if err := sweep(dir, time.Now().Add(2*leftoverAge)); err != nil {
		t.Fatal(err)
	}
	if n := names(t, dir); len(n) != len(keep)+1 {
		t.Fatalf("swept too much or too little: %q", n)
	}
	wantKind(t, Sweep(filepath.Join(dir, "no")), fault.FileNotFound)
}

// E06: a link does not hide where a folder really is.
func TestFolderRiskFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	synced := filepath.Join(dir, "Dropbox")
	if err := os.Mkdir(synced, 0o700); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "mine")
	if err := os.Symlink(synced, link); err != nil {
		t.Fatal(err)
	}
	if got := FolderRisk(filepath.Join(link, "new", "file.json")); got != CloudSynced {
		t.Errorf("through a link: %q", got)
	}
	if got := FolderRisk(filepath.Join(dir, "plain", "file.json")); got != RiskNone {
		t.Errorf("a plain folder: %q", got)
	}
}

// E06: Dropbox says itself where it is.
func TestFolderRiskKnowsADropboxOfAnyName(t *testing.T) {
	home, synced := t.TempDir(), t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("APPDATA", "")
	t.Setenv("LOCALAPPDATA", "")
	if err := os.Mkdir(filepath.Join(home, ".dropbox"), 0o700); err != nil {
		t.Fatal(err)
	}
	for content, want := range map[string]Risk{
		fmt.Sprintf(`{"personal": {"path": %q, "host": 1}}`, synced): CloudSynced,
		`{"personal": {"path": "relative"}}`:                         RiskNone,
		`{"personal": 1}`:                                            RiskNone,
		`not JSON`:                                                   RiskNone,
	} {
		put(t, filepath.Join(home, ".dropbox", "info.json"), []byte(content), 0o600)
		if got := FolderRisk(filepath.Join(synced, "work", "file.age")); got != want {
			t.Errorf("%s: %q", content, got)
		}
		if got := FolderRisk(filepath.Join(home, "file.age")); got != RiskNone {
			t.Errorf("the folder beside it: %q", got)
		}
	}
}

// E04: a folder that somebody chose is swept by the next file that goes there.
func TestTheNextWriteSweeps(t *testing.T) {
	dir := t.TempDir()
	leftover, fresh := filepath.Join(dir, tempName()), filepath.Join(dir, tempName())
	put(t, leftover, oldContent, 0o600)
	put(t, fresh, oldContent, 0o600) // another Entrada may be writing it now
	old := time.Now().Add(-2 * leftoverAge)
	if err := os.Chtimes(leftover, old, old); err != nil {
		t.Fatal(err)
	}
	if err := Write(filepath.Join(dir, "f"), newContent, Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(leftover); err == nil {
		t.Error("the leftover is still there")
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Error("a file that may be written right now was swept")
	}
}
