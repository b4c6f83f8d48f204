// Command entrada is the setup wizard's window.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"time"

	"entrada/assets"
	"entrada/cmd/internal/practising"
	"entrada/internal/app"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/netclient"
	"entrada/internal/ui/pages"
	"entrada/internal/ui/parts"
)

func main() {
	f := parseFlags()
	switch {
	case f.version:
		fmt.Println("Entrada " + netclient.Version)
		return
	case f.licences:
		fmt.Print(assets.Licences)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, f)
	stop()
	if err != nil {
		fmt.Fprint(os.Stderr, explain.Error(err, explain.Context{}).Report())
		os.Exit(2)
	}
}

func run(ctx context.Context, f flags) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cloud, practise := entra.Global(), startPractice
	if f.practice {
		practice, end, err := practising.Start(ctx)
		if err != nil {
			return err
		}
		defer end()
		cloud, practise = practice, nil
	}
	running, release, err := app.Open(app.Options{Cloud: cloud, SingleInstance: true})
	if fault.Is(err, fault.AlreadyRunning) && app.SendToRunning(cloud, f.wish) {
		return nil
	}
	if err != nil {
		return errors.Join(err, showAlone(err))
	}
	defer release()

	application, window := newWindow()
	window.SetOnClosed(parts.TakeBackCopied)
	content := pages.OpenWindow(ctx, window, running, practise)
	content.OnLaunch(f.wish)
	stopListening := app.Listen(running.Home, func(w app.Launch) { parts.Post(func() { content.OnSecondLaunch(w) }) })
	unwatch := context.AfterFunc(ctx, func() { parts.Post(func() { parts.TakeBackCopied(); application.Quit() }) })
	window.ShowAndRun()
	// Once the window is gone, what is posted happens at once and on the
	// goroutine that posts it: neither what others ask for, nor the end itself,
	// nor results of work under way may be posted now.
	stopListening()
	unwatch()
	cancel()
	parts.Settle(5 * time.Second)
	return nil
}
