package safefile

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

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

func makeFolder(op, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return failure(op, dir, err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return failure(op, dir, err)
	}
	if !info.IsDir() {
		return notRegular(op, dir)
	}
	return nil
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
	l := flock.New(path)
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
	l := flock.New(path)
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
