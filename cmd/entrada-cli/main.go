// Command entrada-cli is Entrada in a terminal: no window, no cgo.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"entrada/cmd/internal/practising"
	"entrada/internal/app"
	"entrada/internal/entra"
	"entrada/internal/netclient"
	"entrada/internal/terminal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// Who presses Ctrl+C a second time does not want to wait for tidying up.
	context.AfterFunc(ctx, stop)
	code := terminal.Run(ctx, os.Args[1:], terminal.Options{
		Version: netclient.Version, In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Cloud: entra.Global(), Open: open, Practice: practising.Start,
	})
	stop()
	os.Exit(code)
}

// Files go where one stands, as with any tool of a terminal.
func open(cloud entra.Cloud) (app.App, func(), error) {
	folder, err := os.Getwd()
	if err != nil {
		folder = "."
	}
	return app.Open(app.Options{Cloud: cloud, Folder: folder})
}
