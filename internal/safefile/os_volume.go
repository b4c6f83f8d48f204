//go:build linux || darwin

package safefile

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// renameNew renames and fails if the new name exists, in one step.
func renameNew(from, to string) error {
	err := renameExclusively(from, to)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.ENOSYS) {
		return lookThenRename(from, to) // this file system cannot
	}
	if err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}

// volumeRisk asks the system what kind of file system holds the nearest
// existing folder.
func volumeRisk(path string) Risk {
	var s unix.Statfs_t
	for unix.Statfs(path, &s) != nil {
		up := filepath.Dir(path)
		if up == path {
			return RiskNone
		}
		path = up
	}
	if isNetwork(s) {
		return Network
	}
	return RiskNone
}
