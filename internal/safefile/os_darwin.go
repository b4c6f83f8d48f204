package safefile

import "golang.org/x/sys/unix"

func renameExclusively(from, to string) error { return unix.RenamexNp(from, to, unix.RENAME_EXCL) }

func isNetwork(volume unix.Statfs_t) bool {
	switch unix.ByteSliceToString(volume.Fstypename[:]) {
	case "smbfs", "nfs", "afpfs", "webdav":
		return true
	}
	return false
}
