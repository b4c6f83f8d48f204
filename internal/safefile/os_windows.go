package safefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Windows opens no pipe by a plain path that Lstat called a regular file.
const openNoWait = 0

// documentsOfSystem is where this person's documents are: OneDrive and firms
// move them.
func documentsOfSystem() string {
	folder, err := windows.KnownFolderPath(windows.FOLDERID_Documents, windows.KF_FLAG_DEFAULT)
	if err != nil {
		return ""
	}
	return folder
}

// createPrivate makes the file with its access list from the first moment:
// this user, SYSTEM and Administrators, nothing inherited from the folder. A
// file mode means nothing here.
func createPrivate(path string) (*os.File, error) {
	fail := func(err error) error { return &os.PathError{Op: "create", Path: path, Err: err} }
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, fail(err)
	}
	sd, err := windows.SecurityDescriptorFromString(
		"D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;" + user.User.Sid.String() + ")")
	if err != nil {
		return nil, fail(err)
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, fail(err)
	}
	attributes := &windows.SecurityAttributes{SecurityDescriptor: sd}
	attributes.Length = uint32(unsafe.Sizeof(*attributes))
	h, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, 0,
		attributes, windows.CREATE_NEW, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, fail(err)
	}
	return os.NewFile(uintptr(h), path), nil
}

// private reads the access list back, for FAT and some network folders drop it:
// nobody may stand in it but those for whom it was made.
func private(f *os.File) (bool, error) {
	sd, err := windows.GetSecurityInfo(
		windows.Handle(f.Fd()), windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return false, nil // a file system without access lists
	}
	acl, _, err := sd.DACL()
	if err != nil || acl == nil {
		return false, nil // no list at all: everybody
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return false, err
	}
	for i := range uint32(acl.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(acl, i, &ace); err != nil {
			return false, err
		}
		if ace.Header.AceType == windows.ACCESS_DENIED_ACE_TYPE {
			continue
		}
		sid := (*windows.SID)(unsafe.Pointer(&ace.SidStart))
		if ace.Header.AceType != windows.ACCESS_ALLOWED_ACE_TYPE || !sid.Equals(user.User.Sid) &&
			!sid.IsWellKnown(windows.WinLocalSystemSid) && !sid.IsWellKnown(windows.WinBuiltinAdministratorsSid) {
			return false, nil
		}
	}
	return true, nil
}

// syncFolder: Windows writes the folder entry with the file.
func syncFolder(string) {}

// renameNew renames and fails if the new name exists, in one step.
func renameNew(from, to string) error {
	a, err := windows.UTF16PtrFromString(from)
	if err != nil {
		return err
	}
	b, err := windows.UTF16PtrFromString(to)
	if err != nil {
		return err
	}
	if err := windows.MoveFileEx(a, b, windows.MOVEFILE_WRITE_THROUGH); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}

func isDiskFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL) ||
		errors.Is(err, windows.ERROR_DISK_QUOTA_EXCEEDED)
}

// isReadOnly covers a file that another program has open: it cannot be replaced
// at the moment.
func isReadOnly(err error) bool {
	return errors.Is(err, windows.ERROR_WRITE_PROTECT) || errors.Is(err, windows.ERROR_SHARING_VIOLATION)
}

func isNotFound(err error) bool { return errors.Is(err, fs.ErrNotExist) }

func volumeRisk(path string) Risk {
	root, err := windows.UTF16PtrFromString(filepath.VolumeName(path) + `\`)
	if err != nil {
		return RiskNone
	}
	switch windows.GetDriveType(root) {
	case windows.DRIVE_REMOTE:
		return Network
	case windows.DRIVE_REMOVABLE:
		return Removable
	}
	return RiskNone
}
