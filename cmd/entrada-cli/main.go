// Command entrada-cli is Entrada in a terminal: no window, no cgo.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"entrada/internal/entra"
	"entrada/internal/journey"
	"entrada/internal/launch"
	"entrada/internal/netclient"
	"entrada/internal/practice"
	"entrada/internal/terminal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// Who presses Ctrl+C a second time does not want to wait for tidying up.
	context.AfterFunc(ctx, stop)
	code := terminal.Run(ctx, os.Args[1:], terminal.Options{
		Version: netclient.Version, In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Cloud: entra.Global(), Open: open, Practice: startPractice,
	})
	stop()
	os.Exit(code)
}

func open(cloud entra.Cloud) (journey.World, func(), error) {
	return launch.World(launch.Options{Cloud: cloud})
}

// startPractice goes on with the practice organisation of last time.
func startPractice(ctx context.Context) (entra.Cloud, func(), error) {
	home, err := launch.Home(entra.Cloud{ID: entra.PracticeCloudID})
	if err != nil {
		return entra.Cloud{}, nil, err
	}
	tenant, err := practice.Start(ctx, practice.Options{StateFile: filepath.Join(home, "organisation.json")})
	if err != nil {
		return entra.Cloud{}, nil, err
	}
	for _, note := range tenant.Notes() {
		fmt.Fprintln(os.Stderr, note)
	}
	return tenant.Cloud(), func() { _ = tenant.Close() }, nil
}
