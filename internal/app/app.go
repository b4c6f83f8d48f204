// Package app is what a running Entrada has: the cloud, the HTTP client, the
// stores, the clock, the folders, the guides of this computer, the inventory of
// what is kept, and the runs that registered something. Window and terminal open
// it the same way.
//
// It must not know windows, terminals or the wizard, nor whether the cloud that
// it is given is a real one.
package app

import (
	"cmp"
	"net/http"
	"path/filepath"
	"time"

	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/guides"
	"entrada/internal/safefile"
	"entrada/internal/signin"
)

// App is what every conversation may reach.
type App struct {
	Cloud       entra.Cloud // where organisations are looked up first
	HTTP        *http.Client
	Browser     signin.Opener
	Connections *connections.Store
	Home        string // the folder for what is not secret
	Folder      string // where files are suggested to go; "" for the person's documents
	Now         func() time.Time
	Version     string
}

// Suggested is the folder where a file is suggested to go.
func (a App) Suggested() string { return cmp.Or(a.Folder, safefile.Documents()) }

// CloudOf finds a cloud by its ID; the one the program was started on if it is
// not known, or is practised on.
func (a App) CloudOf(id string) entra.Cloud {
	for _, c := range entra.Clouds() {
		if c.ID == id && a.Cloud.ID != id && !a.Cloud.IsPractice() {
			return c
		}
	}
	return a.Cloud
}

// Journal is the list of test events that may be left in calendars.
func (a App) Journal() *checks.LeftoverList {
	return &checks.LeftoverList{Path: filepath.Join(a.Home, "leftovers.json")}
}

// Features are those that were chosen; a record from before there was a choice
// has none.
func Features(r connections.Record, g *guides.Guide) []string {
	if r.Features == nil {
		return g.DefaultFeatures()
	}
	return r.Features
}
