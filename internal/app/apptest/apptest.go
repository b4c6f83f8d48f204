// Package apptest makes an app.App for one test.
//
// Only tests import it. It must not know what the test is about, nor start an
// organisation: the cloud is given to it.
package apptest

import (
	"context"
	"testing"
	"time"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/netclient"
)

// Now is the time of an App until the test gives it another clock.
func Now() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// New is an App with an empty folder, a keychain in memory, and a browser that
// nobody sits at.
func New(t testing.TB, cloud entra.Cloud) app.App {
	t.Helper()
	return In(t, t.TempDir(), cloud)
}

// In is New in a folder of the test's choice.
func In(t testing.TB, home string, cloud entra.Cloud) app.App {
	t.Helper()
	store, err := connections.Open(home, connections.MemoryKeychain())
	if err != nil {
		t.Fatal(err)
	}
	client := netclient.New(netclient.Options{MaxBody: netclient.GraphBody})
	t.Cleanup(client.CloseIdleConnections)
	return app.App{
		Cloud: cloud, HTTP: client, Browser: func(context.Context, string) error { return nil },
		Connections: store, Home: home, Now: Now, Version: "test",
	}
}
