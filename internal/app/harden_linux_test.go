package app

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"entrada/internal/entra"
	"entrada/internal/safefile"
)

// T14: neither a core dump nor another program of the same user gets at the
// memory of a program that has opened its world.
func TestMemoryIsClosed(t *testing.T) {
	t.Setenv(safefile.HomeVariable, t.TempDir())
	_, release, err := Open(Options{Cloud: entra.Global()})
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	var cores unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &cores); err != nil || cores.Cur != 0 {
		t.Errorf("core dumps of %d bytes, %v", cores.Cur, err)
	}
	if dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0); err != nil || dumpable != 0 {
		t.Errorf("the memory is open: %d, %v", dumpable, err)
	}
	// It can still find itself, and start itself for practice.
	if _, err := os.Readlink("/proc/self/exe"); err != nil {
		t.Error(err)
	}
}
