package safefile

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"entrada/internal/fault"
)

// HomeVariable is the environment variable that moves [Home].
const HomeVariable = "ENTRADA_HOME"

// Home returns the folder for what is not secret, and makes it if need be. It
// is $ENTRADA_HOME, or "entrada" in the user's configuration folder.
func Home() (string, error) {
	const op = "open Entrada's folder"
	if dir := os.Getenv(HomeVariable); dir != "" {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return "", failure(op, dir, err)
		}
		// A folder that exists is the user's: its mode is not ours to change,
		// and each file in it is private by itself.
		return abs, makeFolder(op, abs)
	}
	base, err := os.UserConfigDir()
	if err != nil {
		return "", failure(op, "", err)
	}
	dir := filepath.Join(base, "entrada")
	if err := makeFolder(op, dir); err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return "", failure(op, dir, err)
	}
	return dir, nil
}

// makeFolder says what is in the way: the system's own words would be that a file is
// not there, or already is.
func makeFolder(op, dir string) error {
	inTheWay := func(detail string) error {
		return &fault.Error{Kind: fault.FolderNotFound, Op: op, Subject: dir, Detail: detail}
	}
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		switch info, err := os.Stat(at); {
		case err == nil && info.IsDir():
			if err := os.MkdirAll(dir, 0o700); err != nil {
				return failure(op, dir, err)
			}
			return nil
		case err == nil:
			return inTheWay("A file stands at " + at + ", where Entrada needs a folder.")
		}
		if link, err := os.Lstat(at); err == nil && link.Mode()&os.ModeSymlink != 0 {
			return inTheWay("At " + at + " is a link that leads to nothing, where Entrada needs a folder.")
		}
		if at == filepath.Dir(at) {
			return failure(op, dir, os.MkdirAll(dir, 0o700))
		}
	}
}

// InstanceLock is the file in the home by which a program knows that it is the
// only one.
const InstanceLock = "instance.lock"

// InstanceSocket is the socket in the home on which that program can be asked to
// show itself.
const InstanceSocket = "instance.sock"

// Lock takes the lock file at path, which nothing else is ever written to, for
// as long as this process lives or until release is called. If another process
// holds it, the error is of kind [fault.AlreadyRunning]. A process that dies
// gives its lock back.
func Lock(path string) (release func(), err error) {
	const op = "check that Entrada runs once"
	l, err := newLock(op, path)
	if err != nil {
		return nil, err
	}
	ok, err := l.TryLock()
	if err != nil {
		return nil, failure(op, path, err)
	}
	if !ok {
		return nil, &fault.Error{Kind: fault.AlreadyRunning, Op: op, Subject: path}
	}
	return func() { _ = l.Unlock() }, nil
}

// LockWait is [Lock] for a lock that is held for moments: it waits for it until
// ctx ends.
func LockWait(ctx context.Context, path string) (release func(), err error) {
	const op = "wait for another Entrada to finish saving"
	l, err := newLock(op, path)
	if err != nil {
		return nil, err
	}
	ok, err := l.TryLockContext(ctx, 10*time.Millisecond)
	if ctx.Err() != nil && !ok {
		f := fault.New(fault.KindOf(ctx.Err()), op, ctx.Err())
		f.Subject = path
		return nil, f
	}
	if err != nil {
		return nil, failure(op, path, err)
	}
	return func() { _ = l.Unlock() }, nil
}
