// Package practising starts the practice organisation for a program, and goes
// on with the one of last time. It is a room of the commands: no other package
// may know that the organisation is pretend.
package practising

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"entrada/internal/app"
	"entrada/internal/entra"
	"entrada/internal/practice"
)

// Start starts the organisation that window and terminal share, or joins the one
// that another program has started. What a person should know, such as a damaged
// file, goes to standard error. The organisation ends with ctx or with close, at
// the one who started it.
func Start(ctx context.Context) (cloud entra.Cloud, close func(), err error) {
	home, err := app.Home(entra.Cloud{ID: entra.PracticeCloudID})
	if err != nil {
		return entra.Cloud{}, nil, err
	}
	file := filepath.Join(home, "organisation.json")
	tenant, err := practice.Start(ctx, practice.Options{StateFile: file})
	if err != nil {
		return entra.Cloud{}, nil, err
	}
	if tenant.Elsewhere() {
		_ = tenant.Close()
		cloud, err := connect(ctx, file+addresses, tenant.Cloud())
		return cloud, func() {}, err
	}
	publish(file+addresses, tenant.Cloud())
	for _, note := range tenant.Notes() {
		fmt.Fprintln(os.Stderr, "Note: "+note)
	}
	return tenant.Cloud(), func() {
		_ = os.Remove(file + addresses)
		_ = tenant.Close()
		app.TidyUp(home) // if everything was removed meanwhile
	}, nil
}
