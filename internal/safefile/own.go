package safefile

import (
	"os"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"entrada/internal/fault"
)

// owned are the lock files that this program holds until it ends.
var owned = struct {
	mu    sync.Mutex
	locks map[string]*flock.Flock
}{locks: map[string]*flock.Flock{}}

// ownPatience is how long somebody may look at a lock who does not want it.
const ownPatience = 250 * time.Millisecond

// Own takes the lock file at path for as long as this program lives, or until [Disown].
// A program that has it may take it again. If another program has it, the error is of
// kind [fault.AlreadyRunning]. A program that dies gives its locks back.
func Own(path string) error { return own(path, ownPatience) }

func own(path string, patience time.Duration) error {
	const op = "see whether another Entrada is at work on this"
	owned.mu.Lock()
	defer owned.mu.Unlock()
	if owned.locks[path] != nil {
		return nil
	}
	// Only a lock that somebody has runs out of patience, not a busy computer.
	for end := time.Now().Add(patience); ; {
		before, _ := os.Stat(path)
		l, err := newLock(op, path)
		if err != nil {
			return err
		}
		ok, err := l.TryLock()
		if err != nil {
			return failure(op, path, err)
		}
		if !ok {
			_ = l.Close()
			if time.Now().After(end) {
				return &fault.Error{Kind: fault.AlreadyRunning, Op: op, Subject: path,
					Detail: "Another Entrada on this computer is at work on this."}
			}
			time.Sleep(ownPatience / 50)
			continue
		}
		// Whoever had it may have removed it meanwhile: then it is another file, and
		// this lock keeps nobody out.
		if after, err := os.Stat(path); err == nil && before != nil && os.SameFile(before, after) {
			owned.locks[path] = l
			return nil
		}
		_ = l.Unlock()
	}
}

// Disown gives a lock of [Own] back and removes its file.
func Disown(path string) {
	owned.mu.Lock()
	defer owned.mu.Unlock()
	if l := owned.locks[path]; l != nil {
		_ = os.Remove(path) // Windows refuses, and then it stays
		_ = l.Unlock()
		delete(owned.locks, path)
	}
}

// IsOwnedElsewhere reports whether another program that lives owns the lock file.
func IsOwnedElsewhere(path string) bool {
	owned.mu.Lock()
	defer owned.mu.Unlock()
	if owned.locks[path] != nil {
		return false
	}
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return false
	}
	l := flock.New(path)
	ok, err := l.TryRLock()
	if ok {
		_ = l.Unlock()
	}
	return !ok && err == nil
}

// newLock refuses what is no plain file: to open a named pipe would wait for ever.
func newLock(op, path string) (*flock.Flock, error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return nil, notRegular(op, path)
	}
	return flock.New(path), nil
}
