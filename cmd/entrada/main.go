// Command entrada is the setup wizard's window.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/launch"
	"entrada/internal/netclient"
	"entrada/internal/practice"
	"entrada/internal/ui/pages"
	"entrada/internal/ui/parts"
)

func main() {
	practise := flag.Bool("practice", false, "use the practice organisation; nothing touches Microsoft")
	vendor := flag.String("vendor", "", "begin with this vendor's `ID`")
	version := flag.Bool("version", false, "print the version and exit")
	flag.Parse()
	if *version {
		fmt.Println("Entrada " + netclient.Version)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *practise, *vendor)
	stop()
	if err != nil {
		fmt.Fprint(os.Stderr, explain.Error(err, explain.Context{}).Report())
		os.Exit(2)
	}
}

func run(ctx context.Context, practise bool, vendor string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cloud, another := entra.Global(), startPractice
	if practise {
		tenant, err := practice.Start(ctx, practice.Options{})
		if err != nil {
			return err
		}
		defer func() { _ = tenant.Close() }()
		cloud, another = tenant.Cloud(), nil
	}
	world, release, err := launch.World(launch.Options{Cloud: cloud, Alone: true})
	if err != nil {
		return errors.Join(err, showAlone(err))
	}
	defer release()

	application, window := newWindow()
	shown := pages.Open(ctx, window, world, another)
	if vendor != "" {
		shown.StartWith(vendor)
	}
	go func() {
		<-ctx.Done()
		parts.Post(application.Quit)
	}()
	window.ShowAndRun()
	// Results of work under way would arrive on a foreign goroutine once the
	// window is gone.
	cancel()
	parts.Settle(5 * time.Second)
	return nil
}
