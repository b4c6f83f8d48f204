//go:build unix

package safefile

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"entrada/internal/fault"
)

// I02: only so much is read.
func TestReadIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	for _, c := range []struct {
		size int
		want fault.Kind
	}{{0, ""}, {99, ""}, {100, ""}, {101, fault.FileTooLarge}, {10_000, fault.FileTooLarge}} {
		data := bytes.Repeat([]byte("x"), c.size)
		put(t, path, data, 0o600)
		got, err := Read(path, 100)
		wantKind(t, err, c.want)
		if c.want == "" && !bytes.Equal(got, data) {
			t.Fatal("other content")
		}
	}

	sparse := filepath.Join(t.TempDir(), "sparse")
	put(t, sparse, nil, 0o600)
	if err := os.Truncate(sparse, 10<<30); err != nil {
		t.Fatal(err)
	}
	_, err := Read(sparse, 1<<20)
	wantKind(t, err, fault.FileTooLarge)
}

// I02: pipes, devices and folders are no files.
func TestReadRefusesWhatCouldHang(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	put(t, in("real"), nil, 0o600)
	_ = os.Symlink(in("real"), in("link"))
	if err := syscall.Mkfifo(in("pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{in("link"), in("pipe"), dir, "/dev/zero", "/dev/null"} {
		_, err := Read(p, 100)
		wantKind(t, err, fault.FileNotRegular)
	}
	for _, p := range []string{in("nothing"), filepath.Join(in("real"), "below")} {
		_, err := Read(p, 100)
		wantKind(t, err, fault.FileNotFound)
	}
}

// A file of size 0 that has content all the same, as a growing one would.
// I02: a file that grows, or lies about its size.
func TestReadDoesNotTrustTheSize(t *testing.T) {
	if _, err := os.Stat("/proc/self/maps"); err != nil {
		t.Log("no /proc on this system")
		return
	}
	_, err := Read("/proc/self/maps", 10)
	wantKind(t, err, fault.FileTooLarge)
}

func TestHome(t *testing.T) {
	base := t.TempDir()
	t.Setenv(HomeVariable, "")
	t.Setenv("XDG_CONFIG_HOME", base)
	t.Setenv("HOME", base)
	dir := filepath.Join(base, "entrada")
	if err := os.Mkdir(dir, 0o755); err != nil && !os.IsExist(err) {
		t.Fatal(err)
	}
	got, err := Home()
	if err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(got); !strings.HasPrefix(got, base) || filepath.Base(got) != "entrada" ||
		info.Mode().Perm() != 0o700 {
		t.Fatalf("%s %v", got, info.Mode())
	}

	own := filepath.Join(base, "own", "place")
	t.Setenv(HomeVariable, own)
	if got, err = Home(); err != nil || got != own {
		t.Fatal(got, err)
	}
	if info, _ := os.Stat(own); info.Mode().Perm() != 0o700 {
		t.Fatal(info.Mode())
	}
	put(t, filepath.Join(base, "file"), nil, 0o600)
	if err := os.Symlink(filepath.Join(base, "nowhere"), filepath.Join(base, "link")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(base, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	const file, link = "A file stands at", "a link that leads to nothing"
	for at, words := range map[string]string{
		"file": file, "file/below": file, "pipe": file, "link": link, "link/below": link,
	} {
		t.Setenv(HomeVariable, filepath.Join(base, filepath.FromSlash(at)))
		var f *fault.Error
		if _, err = Home(); !errors.As(err, &f) || f.Kind != fault.FolderNotFound ||
			!strings.Contains(f.Detail, words) {
			t.Errorf("%s was taken for the folder: %v", at, err)
		}
	}
}

// P05: of ten at once one runs, and one that was killed gives its place back.
func TestOfTenAtOnceOneRuns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	type process struct {
		cmd   *exec.Cmd
		stdin io.WriteCloser
		says  *bufio.Reader
	}
	start := func() process {
		cmd := child(t, "lock "+path)
		in, _ := cmd.StdinPipe()
		out, _ := cmd.StdoutPipe()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return process{cmd, in, bufio.NewReader(out)}
	}
	var all []process
	for range 10 {
		all = append(all, start())
	}
	var holder *process
	for i := range all {
		line, err := all[i].says.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case line == "held\n" && holder == nil:
			holder = &all[i]
		case !strings.Contains(line, string(fault.AlreadyRunning)):
			t.Errorf("said %q", line)
		}
	}
	if holder == nil {
		t.Fatal("nobody got the lock")
	}
	_, err := Lock(path)
	wantKind(t, err, fault.AlreadyRunning)

	_ = holder.cmd.Process.Kill() // kill -9: nobody gives the lock back
	_ = holder.cmd.Wait()
	release, err := Lock(path)
	if err != nil {
		t.Fatalf("after the holder died: %v", err)
	}
	release()
	for _, p := range all {
		_ = p.stdin.Close()
		_ = p.cmd.Wait()
	}
	_, err = Lock(filepath.Join(path, "below", "x"))
	wantKind(t, err, fault.FileNotFound)
}

func TestLockWait(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	release, err := LockWait(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan error)
	go func() {
		second, err := LockWait(t.Context(), path)
		if err == nil {
			second()
		}
		got <- err
	}()
	release()
	if err := <-got; err != nil {
		t.Fatal(err)
	}

	release, _ = Lock(path)
	defer release()
	ctx, cancel := contextThatEnds(t)
	defer cancel()
	_, err = LockWait(ctx, path)
	wantKind(t, err, fault.TimedOut)
}

// I02: what takes the place of a file between the look and the reading is not read.
func TestAFileThatIsSwappedIsNotRead(t *testing.T) {
	dir := t.TempDir()
	path, other := filepath.Join(dir, "asked-for"), filepath.Join(dir, "other")
	for _, name := range []string{path, other} {
		if err := os.WriteFile(name, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := readSeen("read", path, before, 100); err != nil || string(data) != path {
		t.Fatalf("%q, %v", data, err)
	}
	if err := os.Rename(other, path); err != nil {
		t.Fatal(err)
	}
	if data, err := readSeen("read", path, before, 100); !fault.Is(err, fault.FileNotRegular) || data != nil {
		t.Errorf("%q, %v", data, err)
	}
}

// Nobody is told that another program is at work because the computer is busy: a lock
// that is free is taken, however late it is.
func TestAFreeLockIsTakenHoweverLateItIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.lock")
	if err := own(path, -time.Hour); err != nil {
		t.Fatal(err)
	}
	Disown(path)
	other := flock.New(path)
	if ok, err := other.TryLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if err := own(path, -time.Hour); !fault.Is(err, fault.AlreadyRunning) {
		t.Errorf("%v", err)
	}
	if err := other.Unlock(); err != nil {
		t.Fatal(err)
	}
	if err := own(path, -time.Hour); err != nil {
		t.Error(err)
	}
	Disown(path)
}
