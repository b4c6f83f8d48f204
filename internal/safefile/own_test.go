//go:build unix

package safefile

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"entrada/internal/fault"
)

// ownUntilTold owns a lock until its standard input ends.
func ownUntilTold(args []string) {
	fmt.Println(Own(args[0]))
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
}

func TestALockLivesAsLongAsItsProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.lock")
	other := child(t, "own "+path)
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if said, err := bufio.NewReader(out).ReadString('\n'); said != "<nil>\n" {
		t.Fatal(said, err)
	}
	if !IsOwnedElsewhere(path) {
		t.Error("nobody is seen to own it")
	}
	if err := Own(path); !fault.Is(err, fault.AlreadyRunning) {
		t.Errorf("taken from another: %v", err)
	}
	Disown(path) // it is not ours
	if !IsOwnedElsewhere(path) {
		t.Error("given back by somebody else")
	}
	_ = in.Close()
	_ = other.Wait()
	if IsOwnedElsewhere(path) {
		t.Error("the dead own it")
	}
	for range 2 {
		if err := Own(path); err != nil || IsOwnedElsewhere(path) {
			t.Errorf("%v", err)
		}
	}
	Disown(path)
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("it is left behind: %v", err)
	}
	if err := Own(path); err != nil {
		t.Error(err)
	}
	Disown(path)
}

// What is no plain file is no lock: to open a named pipe would wait for ever.
func TestALockIsAPlainFile(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "a.lock")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{t.TempDir(), pipe} {
		isNoLock(t, path)
	}
}

func isNoLock(t *testing.T, dir string) {
	t.Helper()
	if err := Own(dir); !fault.Is(err, fault.FileNotRegular) {
		t.Errorf("%v", err)
	}
	if _, err := Lock(dir); !fault.Is(err, fault.FileNotRegular) {
		t.Errorf("%v", err)
	}
	if _, err := LockWait(t.Context(), dir); !fault.Is(err, fault.FileNotRegular) {
		t.Errorf("%v", err)
	}
	if IsOwnedElsewhere(dir) {
		t.Error("a folder is owned")
	}
}
