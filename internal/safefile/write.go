// Package safefile is the one place that writes files and the one place that
// reads files a person points at. A file it writes is either the old one or
// the new one, never half of each, and readable by its owner alone; a file it
// reads is a regular one of bounded size.
//
// [Document] is a file of versioned JSON that Entrada keeps for itself.
//
// The package also knows where Entrada keeps what is not secret, that only one
// Entrada runs at a time, what makes a safe file name, and which folders are seen
// by others. It must not know what is in the files.
package safefile

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"entrada/internal/fault"
)

// Options say how to write.
type Options struct {
	// Overwrite replaces an existing file. Without it an existing file is
	// refused with [fault.FileExists], so that the person can be asked.
	Overwrite bool

	// AnyFolder accepts a folder that cannot keep a file private, such as one
	// on a memory stick. Set it only for content that anybody may see, or that
	// is encrypted.
	AnyFolder bool
}

// Write puts data at path in one step: into a temporary file of the same
// folder, to the disk, then under its name. The file is readable and writable
// by its owner alone, whatever an older file of that name allowed. Links,
// folders, pipes and devices in its place are refused, never written through.
//
// The error is one of kind FileExists, FileNotRegular, FileReadOnly or DiskFull,
// with the path as its subject, or FolderNotFound with the folder's.
func Write(path string, data []byte, o Options) error {
	return writer{}.write(path, data, o)
}

// step is a moment in writing a file.
type step string

const (
	stepCreate step = "create"
	stepWrite  step = "write"
	stepSync   step = "sync"
	stepVerify step = "verify"
	stepRename step = "rename"
	stepFolder step = "folder"
)

// writer is Write with a way for tests to fail, or die, before each step.
type writer struct {
	before  func(step) error
	private func(*os.File) (bool, error)
}

func (w writer) write(path string, data []byte, o Options) (err error) {
	const op = "save the file"
	fail := func(err error) error { return noFolder(path, failure(op, path, err)) }
	if err := checkTarget(op, path, o.Overwrite); err != nil {
		return noFolder(path, err)
	}
	if err := w.at(stepCreate); err != nil {
		return fail(err)
	}
	temp := filepath.Join(filepath.Dir(path), tempName())
	f, err := createPrivate(temp)
	if err != nil {
		return fail(err)
	}
	defer func() {
		if err != nil {
			_ = f.Close() // a second close does no harm
			_ = os.Remove(temp)
		}
	}()

	// Before the first byte: on some file systems nothing can be private, and
	// then nothing may be written at all.
	isPrivate := w.private
	if isPrivate == nil {
		isPrivate = private
	}
	if ok, err := isPrivate(f); err != nil {
		return fail(err)
	} else if !ok && !o.AnyFolder {
		return notPrivate(op, path)
	}

	if err := w.at(stepWrite); err != nil {
		return fail(err)
	}
	// Two halves, so that a test which dies in the middle leaves a torn file.
	half := len(data) / 2
	for _, part := range [][]byte{data[:half], data[half:]} {
		if _, err := f.Write(part); err != nil {
			return fail(err)
		}
		if err := w.at(stepSync); err != nil {
			return fail(err)
		}
	}
	if err := f.Sync(); err != nil {
		return fail(err)
	}
	if err := w.at(stepVerify); err != nil {
		return fail(err)
	}
	if ok, err := isPrivate(f); err != nil {
		return fail(err)
	} else if !ok && !o.AnyFolder {
		return notPrivate(op, path)
	}
	if err := f.Close(); err != nil {
		return fail(err)
	}

	if err := w.at(stepRename); err != nil {
		return fail(err)
	}
	if o.Overwrite {
		err = os.Rename(temp, path)
	} else {
		err = renameNew(temp, path)
	}
	if err != nil {
		return fail(err)
	}
	if err := w.at(stepFolder); err != nil {
		return fail(err)
	}
	// The new file is in place. That the folder itself could not be flushed
	// (many network folders cannot) is no reason to report a failure.
	syncFolder(filepath.Dir(path))
	// What an Entrada left here that was killed while writing: the folder may be
	// any that a person chose, which no start of the program would look into.
	_ = Sweep(filepath.Dir(path))
	return nil
}

func (w writer) at(s step) error {
	if w.before == nil {
		return nil
	}
	return w.before(s)
}

// checkTarget refuses what must not be replaced. Between this look and the
// rename somebody may put a link there: the rename replaces the link itself.
func checkTarget(op, path string, overwrite bool) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return failure(op, path, err)
	case !info.Mode().IsRegular():
		return notRegular(op, path)
	case !overwrite:
		return &fault.Error{Kind: fault.FileExists, Op: op, Subject: path}
	}
	return nil
}

// noFolder tells a folder that is missing from a file that is: what is to be
// written is never there yet.
func noFolder(path string, err error) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.FileNotFound {
		f.Kind, f.Subject = fault.FolderNotFound, filepath.Dir(path)
	}
	return err
}

const (
	tempPrefix = ".entrada-"
	tempSuffix = ".tmp"
)

func tempName() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return tempPrefix + hex.EncodeToString(b[:]) + tempSuffix
}

func isTempName(name string) bool {
	middle, ok := strings.CutPrefix(name, tempPrefix)
	if !ok {
		return false
	}
	middle, ok = strings.CutSuffix(middle, tempSuffix)
	_, err := hex.DecodeString(middle)
	return ok && err == nil && len(middle) == 24
}

// leftoverAge is how old a temporary file must be before it counts as left by
// a process that died: writing one takes far less, and another Entrada may be
// writing now.
const leftoverAge = time.Minute

// Sweep removes temporary files that a killed Entrada left in dir.
func Sweep(dir string) error { return sweep(dir, time.Now()) }

func sweep(dir string, now time.Time) error {
	const op = "clear up unfinished files"
	entries, err := os.ReadDir(dir)
	if err != nil {
		return failure(op, dir, err)
	}
	var first error
	for _, e := range entries {
		if !isTempName(e.Name()) || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if err != nil || now.Sub(info.ModTime()) < leftoverAge {
			continue
		}
		path := filepath.Join(dir, e.Name())
		if err := os.Remove(path); err != nil && first == nil {
			first = failure(op, path, err)
		}
	}
	return first
}
