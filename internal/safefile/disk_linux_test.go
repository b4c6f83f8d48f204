package safefile

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"entrada/internal/fault"
)

func init() {
	children["smalldisk"] = onSmallDisk
}

// E04, on a real disk of 64 KiB: TestRealFullAndReadOnlyDisk mounts a disk of 64 KiB in a private corner of
// the system. Where the system forbids such corners, the same faults are
// covered by TestFailureAtAnyStepKeepsTheOldFileAndNoLeftovers.
func TestRealFullAndReadOnlyDisk(t *testing.T) {
	cmd := child(t, "smalldisk "+t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	text := strings.TrimSpace(string(out))
	if err != nil && text == "" || strings.HasPrefix(text, "mount:") {
		t.Logf("no private mounts on this system: %v %s", err, text)
		return
	}
	if err != nil || text != "ok" {
		t.Fatalf("%v: %s", err, text)
	}
}

func onSmallDisk(args []string) {
	dir := args[0]
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=64k"); err != nil {
		fmt.Println("mount:", err)
		return
	}
	path := filepath.Join(dir, "f")
	small := []byte("small")
	if err := Write(path, small, Options{}); err != nil {
		fmt.Println("small file:", err)
		return
	}
	err := Write(path, newContent, Options{Overwrite: true})
	got, _ := os.ReadFile(path)
	entries, _ := os.ReadDir(dir)
	if !fault.Is(err, fault.DiskFull) || !bytes.Equal(got, small) || len(entries) != 1 {
		fmt.Println("full disk:", err, len(got), entries)
		return
	}
	if err := syscall.Mount("none", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		fmt.Println("mount:", err)
		return
	}
	if err := Write(path, small, Options{Overwrite: true}); !fault.Is(err, fault.FileReadOnly) {
		fmt.Println("read-only disk:", err)
		return
	}
	fmt.Println("ok")
}
