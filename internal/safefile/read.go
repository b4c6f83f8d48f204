package safefile

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"entrada/internal/fault"
)

// Read returns the content of a regular file of at most max bytes. Links,
// folders, pipes and devices are refused before they are opened, so that none
// can make the program wait. The error is one of kind FileNotFound,
// FileNotRegular, FileTooLarge or FileReadOnly (may not be read), with the path
// as its subject.
func Read(path string, max int64) ([]byte, error) {
	const op = "read the file"
	before, err := os.Lstat(path)
	if err != nil {
		return nil, failure(op, path, err)
	}
	if !before.Mode().IsRegular() {
		return nil, notRead(op, path)
	}
	return readSeen(op, path, before, max)
}

// readSeen reads what was looked at before, and nothing that came into its place since.
func readSeen(op, path string, before fs.FileInfo, max int64) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|openNoWait, 0)
	if err != nil {
		return nil, failure(op, path, err)
	}
	defer f.Close()
	opened, err := f.Stat()
	if err != nil {
		return nil, failure(op, path, err)
	}
	if !opened.Mode().IsRegular() || !os.SameFile(before, opened) {
		return nil, notRead(op, path)
	}
	tooLarge := &fault.Error{Kind: fault.FileTooLarge, Op: op, Subject: path}
	if opened.Size() > max {
		return nil, tooLarge
	}
	// The file may grow while it is read: one byte more than allowed tells.
	data, err := io.ReadAll(io.LimitReader(f, max+1))
	if err != nil {
		return nil, failure(op, path, err)
	}
	if int64(len(data)) > max {
		return nil, tooLarge
	}
	return data, nil
}

// failure gives an error of the operating system its kind.
func failure(op, path string, err error) error {
	f := fault.New(fault.Unknown, op, err)
	f.Subject = path
	switch {
	case isDiskFull(err):
		f.Kind = fault.DiskFull
	case isReadOnly(err), errors.Is(err, fs.ErrPermission):
		f.Kind = fault.FileReadOnly
	case errors.Is(err, fs.ErrExist):
		f.Kind = fault.FileExists
	case isNotFound(err):
		f.Kind = fault.FileNotFound
	}
	return f
}

func notRegular(op, path string) error {
	return &fault.Error{Kind: fault.FileNotRegular, Op: op, Subject: path}
}

func notRead(op, path string) error {
	return &fault.Error{Kind: fault.FileNotRegular, Op: op, Subject: path,
		Detail: "It is a folder, a link or a device. Entrada reads ordinary files only."}
}

func notPrivate(op, path string) error {
	return &fault.Error{Kind: fault.FileReadOnly, Op: op, Subject: path,
		Detail: "This folder cannot keep a file private. Choose a folder on this computer's own disk."}
}
