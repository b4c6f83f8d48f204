package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/safefile"
	"entrada/internal/words"
)

// Stored is one kind of thing that Entrada keeps on this computer.
type Stored struct {
	What  string
	Where string
	Names []string // of items in the keychain, or of files
}

// inKeychain is how the keychain is called in a list of places.
const inKeychain = "The keychain of this computer, under the name “Entrada”"

// practiceFolder is where practised things are kept apart from real ones.
const practiceFolder = "practice"

// kinds are the files that Entrada writes into its folder, by name; those of
// package connections are known there.
var kinds = []struct {
	what     string
	folder   string // below the home; "" is the home itself
	patterns []string
}{
	{"Your place in the wizard", "", []string{"journey.json*", "journey.lock"}},
	{"Notes of test events that may be left in a calendar", "", []string{"leftovers.json*", "test-*.lock"}},
	{"Notes of what was registered, to go on or take it back", "registrations",
		[]string{"registration-*.json*", "renewal-*.json*", "registration-*.lock", "renewal-*.lock",
			"registration.lock"}},
	{"Guides of your own", "guides", []string{"*.toml"}},
	{"The practice organisation", practiceFolder, []string{"organisation.json*"}},
}

// running are the files of the practice organisation that is practised on. It
// holds a lock beside them, and takes that away itself when it ends.
var running = []string{"organisation.json", "organisation.json.damaged*"}

// Stored lists what Entrada keeps on this computer now. It asks the keychain
// nothing.
func (a App) Stored() []Stored {
	list := storedIn(a.Home, a.Connections)
	if a.Cloud.IsPractice() {
		if names := matching(a.Home, running); len(names) > 0 {
			list = append(list, Stored{"The practice organisation", a.Home, names})
		}
		return list
	}
	if practised, err := a.practised(); err == nil && practised != nil {
		for _, s := range storedIn(practised.Home, practised.Connections) {
			s.What = "Practised: " + words.LowerFirst(s.What)
			list = append(list, s)
		}
	}
	return list
}

func storedIn(home string, store *connections.Store) []Stored {
	var list []Stored
	add := func(what, where string, names []string) {
		if len(names) > 0 {
			list = append(list, Stored{what, where, names})
		}
	}
	items, files := store.Stored()
	add("Client secrets", inKeychain, items)
	secret := func(name string) bool { return strings.HasSuffix(name, ".age") }
	add("Client secrets, encrypted", home,
		slices.DeleteFunc(slices.Clone(files), func(n string) bool { return !secret(n) }))
	add("Saved connections, and what tests said of them; nothing secret", home,
		slices.DeleteFunc(slices.Clone(files), secret))
	for _, k := range kinds {
		folder := filepath.Join(home, k.folder)
		add(k.what, folder, matching(folder, k.patterns))
	}
	return list
}

// matching are the regular files of a folder that one of the patterns fits.
func matching(folder string, patterns []string) []string {
	entries, _ := os.ReadDir(folder)
	var names []string
	for _, e := range entries {
		fits := slices.ContainsFunc(patterns, func(p string) bool { ok, _ := filepath.Match(p, e.Name()); return ok })
		if fits && e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	return names
}

// practised is the world of what was practised, nil if there is none.
func (a App) practised() (*App, error) {
	home := filepath.Join(a.Home, practiceFolder)
	if _, err := os.Stat(home); err != nil {
		return nil, nil
	}
	store, err := a.Connections.Beside(home)
	if fault.Is(err, fault.FileCorrupt) {
		store, err = a.Connections.Beside(home) // the damaged file was kept aside
	}
	if err != nil {
		return nil, err
	}
	other := a
	other.Home, other.Connections = home, store
	return &other, nil
}

// RemoveEverything deletes what [App.Stored] lists: the items in the keychain
// first, and only when they are gone the files. It has looked that all of it is
// gone when it returns nil. What else lies in the folders is not touched.
//
// While practising that is what was practised, and the real connections stay. The
// organisation goes on until the program ends; it finds its file gone, and writes
// no other.
func (a App) RemoveEverything(ctx context.Context) error {
	if !a.Cloud.IsPractice() {
		if err := a.removePractised(ctx); err != nil {
			return err
		}
	}
	if err := a.Connections.RemoveEverything(ctx); err != nil {
		return err
	}
	for _, k := range kinds {
		if err := removeMatching(filepath.Join(a.Home, k.folder), k.patterns); err != nil {
			return err
		}
	}
	if a.Cloud.IsPractice() {
		if err := removeMatching(a.Home, running); err != nil {
			return err
		}
	}
	_ = safefile.Sweep(a.Home)
	if left := a.Stored(); len(left) > 0 {
		return &fault.Error{Kind: fault.FileReadOnly, Op: "remove everything", Subject: left[0].Where,
			Detail: fmt.Sprintf("%s: still there.", left[0].What)}
	}
	return nil
}

func (a App) removePractised(ctx context.Context) error {
	practised, err := a.practised()
	if err != nil || practised == nil {
		return err
	}
	// Not under the eyes of a practice window.
	lock := filepath.Join(practised.Home, safefile.InstanceLock)
	release, err := safefile.Lock(lock)
	if err != nil {
		return err
	}
	err = practised.Connections.RemoveEverything(ctx)
	for _, k := range kinds {
		if err == nil {
			err = removeMatching(filepath.Join(practised.Home, k.folder), k.patterns)
		}
	}
	release()
	if err != nil {
		return err
	}
	if err := removeMatching(practised.Home, []string{"organisation.json*", safefile.InstanceLock}); err != nil {
		return err
	}
	_ = safefile.Sweep(practised.Home)
	_ = os.Remove(filepath.Join(practised.Home, safefile.InstanceSocket)) // of a program that was killed
	_ = os.Remove(practised.Home)                                         // only if nothing else is in it
	return nil
}

// removeMatching deletes files by their names, and the folder if it is empty
// then and lies below the home.
func removeMatching(folder string, patterns []string) error {
	for _, name := range matching(folder, patterns) {
		path := filepath.Join(folder, name)
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return &fault.Error{Kind: fault.FileReadOnly, Op: "remove everything", Subject: path, Err: err}
		}
	}
	if base := filepath.Base(folder); base == "registrations" || base == "guides" {
		_ = os.Remove(folder)
	}
	return nil
}
