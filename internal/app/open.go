package app

import (
	"os"
	"path/filepath"
	"slices"
	"time"

	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/netclient"
	"entrada/internal/safefile"
	"entrada/internal/signin"
)

// Options say how to start.
type Options struct {
	Cloud  entra.Cloud // where organisations are looked up first
	Folder string      // as in [App]

	// SingleInstance keeps a second program of the same home from starting; it is
	// refused with fault.AlreadyRunning. The command line shares the home.
	SingleInstance bool
}

// Home is the folder of a cloud: what was practised is kept apart from what is
// real.
func Home(cloud entra.Cloud) (string, error) {
	home, err := safefile.Home()
	if err != nil || !cloud.IsPractice() {
		return home, err
	}
	home = filepath.Join(home, "practice")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return "", &fault.Error{Kind: fault.FileReadOnly, Op: "make the folder for practice", Subject: home, Err: err}
	}
	return home, nil
}

// Open opens all that a program may reach. release gives it back; call it when
// the program ends.
func Open(o Options) (a App, release func(), err error) {
	harden()
	release = func() {}
	home, err := Home(o.Cloud)
	if err != nil {
		return a, release, err
	}
	if o.SingleInstance {
		if release, err = safefile.Lock(filepath.Join(home, safefile.InstanceLock)); err != nil {
			return a, func() {}, err
		}
	}
	store, err := openStore(home)
	if err != nil {
		release()
		return a, func() {}, err
	}
	client := netclient.New(netclient.Options{MaxBody: netclient.GraphBody})
	unlock := release
	if o.SingleInstance {
		free := release
		unlock = func() { free(); TidyUp(home) }
	}
	return App{
			Cloud: o.Cloud, Folder: o.Folder, HTTP: client, Browser: signin.SystemBrowser, Connections: store,
			Home: home, Now: time.Now, Version: netclient.Version,
		}, func() {
			client.CloseIdleConnections()
			unlock()
		}, nil
}

// TidyUp takes the home away if nothing but what a program that has ended knew
// itself by is in it: everything was removed, or nothing was ever kept.
func TidyUp(home string) {
	entries, err := os.ReadDir(home)
	if err != nil || slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		return e.Name() != safefile.InstanceLock && e.Name() != safefile.InstanceSocket
	}) {
		return
	}
	lock := filepath.Join(home, safefile.InstanceLock)
	release, err := safefile.Lock(lock)
	if err != nil {
		return // another one is starting
	}
	_ = os.Remove(filepath.Join(home, safefile.InstanceSocket)) // of one that was killed
	release()
	_ = os.Remove(lock)
	_ = os.Remove(home)
}

// openStore begins with an empty list when the file was damaged; the damaged
// one is kept aside by the first try.
func openStore(home string) (*connections.Store, error) {
	store, err := connections.Open(home, connections.SystemKeychain())
	if fault.Is(err, fault.FileCorrupt) {
		return connections.Open(home, connections.SystemKeychain())
	}
	return store, err
}
