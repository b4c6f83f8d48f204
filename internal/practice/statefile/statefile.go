// Package statefile is the file in which the pretend organisation outlasts a
// restart: who holds it, how it is read, set aside and replaced, and when.
//
// It must not know what is in it, apart from the number of the version.
package statefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Why a file is not taken up.
var (
	ErrInUse   = errors.New("another program has it open")
	ErrNewer   = errors.New("a newer version wrote it")
	ErrDamaged = errors.New("it is damaged")
)

// Pauses between a change and its writing, and after a writing that failed.
const (
	pause      = 200 * time.Millisecond
	afterWrong = 2 * time.Second
)

// File is a state file that this process holds. A nil File keeps nothing.
type File struct {
	path string
	lock *flock.Flock

	dirty   chan struct{}
	stop    chan struct{}
	running sync.WaitGroup
	closing sync.Once

	mu      sync.Mutex // one writing at a time
	encode  func() ([]byte, error)
	failed  func(error)
	written []byte
}

// Open takes the file at path for this process until [File.Close] and reads it;
// data is nil if there is none yet. With [ErrDamaged], the file is held all the
// same, so that it can be set aside; with any other error nothing was touched.
func Open(path string, version int) (f *File, data []byte, err error) {
	if path, err = filepath.Abs(path); err != nil {
		return nil, nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, nil, err
	}
	for _, name := range []string{path, path + ".lock"} {
		// To open a named pipe would wait for ever.
		if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
			return nil, nil, fmt.Errorf("%s is no ordinary file", name)
		}
	}
	lock := flock.New(path + ".lock")
	switch mine, err := lock.TryLock(); {
	case err != nil:
		return nil, nil, err
	case !mine:
		return nil, nil, ErrInUse
	}
	f = &File{path: path, lock: lock, dirty: make(chan struct{}, 1), stop: make(chan struct{})}
	f.sweep()
	data, err = read(path, version)
	if err != nil && !errors.Is(err, ErrDamaged) {
		_ = lock.Unlock()
		return nil, nil, err
	}
	return f, data, err
}

func read(path string, version int) ([]byte, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var head struct {
		Version int `json:"version"`
	}
	switch err := json.Unmarshal(data, &head); {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	case head.Version < 1:
		return nil, fmt.Errorf("%w: it has no version", ErrDamaged)
	case head.Version > version:
		return nil, ErrNewer
	}
	return data, nil
}

// SetAside renames the file to a name that is free, path.damaged at best, and
// returns that name.
func (f *File) SetAside() (string, error) {
	name := f.path + ".damaged"
	for i := 2; ; i++ {
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			break
		}
		name = f.path + ".damaged-" + strconv.Itoa(i)
	}
	return name, os.Rename(f.path, name)
}

// Keep writes what encode gives: now, and soon after each [File.Changed]. A
// writing that fails later is told to failed, and tried again.
func (f *File) Keep(encode func() ([]byte, error), failed func(error)) error {
	f.encode, f.failed = encode, failed
	if err := f.save(); err != nil {
		return err
	}
	f.running.Go(f.run)
	return nil
}

// Changed tells that there may be something new to write. It never waits.
func (f *File) Changed() {
	if f == nil {
		return
	}
	select {
	case f.dirty <- struct{}{}:
	default:
	}
}

func (f *File) run() {
	wait := pause
	for {
		select {
		case <-f.stop:
			return
		case <-f.dirty:
		}
		select {
		case <-f.stop: // Close writes
			return
		case <-time.After(wait):
		}
		if wait = pause; f.save() != nil {
			wait = afterWrong
			f.Changed()
		}
	}
}

func (f *File) save() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.removed() {
		return nil
	}
	data, err := f.encode()
	if err == nil && !bytes.Equal(data, f.written) {
		if err = replace(f.path, data); err == nil {
			f.written = data
		}
	}
	if err != nil {
		f.failed(err)
	}
	return err
}

// removed reports whether somebody deleted the file after it was written, who
// will not want it back.
func (f *File) removed() bool {
	if f.written == nil {
		return false
	}
	_, err := os.Lstat(f.path)
	return errors.Is(err, fs.ErrNotExist)
}

// Close writes what is new and lets the file go; of one that was deleted
// meanwhile nothing stays. It may be called more than once, and on nil.
func (f *File) Close() error { return f.end(true) }

// Release lets the file go as it is.
func (f *File) Release() { _ = f.end(false) }

func (f *File) end(write bool) (err error) {
	if f == nil {
		return nil
	}
	f.closing.Do(func() {
		close(f.stop)
		f.running.Wait()
		if write && f.encode != nil {
			err = f.save()
		}
		gone := f.removed()
		err = errors.Join(err, f.lock.Unlock())
		if gone {
			_ = os.Remove(f.lock.Path())
		}
	})
	return err
}

const temporary = ".new-"

// replace puts the file in place whole or not at all: a process that dies
// meanwhile leaves the old one.
func replace(path string, data []byte) (err error) {
	t, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+temporary+"*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = t.Close()
			_ = os.Remove(t.Name())
		}
	}()
	if _, err = t.Write(data); err != nil {
		return err
	}
	// Otherwise a power cut may leave the new name with nothing behind it.
	if err = t.Sync(); err != nil {
		return err
	}
	if err = t.Close(); err != nil {
		return err
	}
	return os.Rename(t.Name(), path)
}

// sweep removes what a process that was killed while writing left behind.
func (f *File) sweep() {
	folder := filepath.Dir(f.path)
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "."+filepath.Base(f.path)+temporary) {
			_ = os.Remove(filepath.Join(folder, e.Name()))
		}
	}
}
