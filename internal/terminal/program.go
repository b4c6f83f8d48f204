package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/secret"
)

// The exit codes; scripts rely on them.
const (
	exitOK     = 0 // all well
	exitFailed = 1 // something was looked at and is not well
	exitUsage  = 2 // not understood, could not run, interrupted, or its output is lost
)

// Options are what the commands may reach.
type Options struct {
	Version string
	In      io.Reader
	Out     io.Writer // what was asked for
	Err     io.Writer // everything beside it

	// Cloud is where organisations are looked up first. Open makes ready what a
	// journey may reach in a cloud; it is called only by commands that need it.
	Cloud entra.Cloud
	Open  func(entra.Cloud) (w app.App, release func(), err error)

	// Practice starts a practice organisation, which release ends.
	Practice func(context.Context) (c entra.Cloud, release func(), err error)
}

// program is one run.
type program struct {
	Options
	out, err *screen
	in       *input

	practice bool
	unlockFD int          // --unlock-fd
	keepIn   secret.Value // the passphrase of a file with secrets that is still to be made
	mayMake  bool         // the command may make that file
	app      app.App
	releases []func()
}

// status ends a command with an exit code and no further words.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// usageError is a command that could not be understood.
type usageError struct{ sentence string }

func (u usageError) Error() string { return u.sentence }

func usage(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// began marks errors of a command's own work; cobra's own are about usage.
type began struct{ error }

func (b began) Unwrap() error { return b.error }

func (p *program) exitCode(ctx context.Context, err error) int {
	var s status
	var u usageError
	var own began
	switch {
	case p.out.lost != nil:
		p.err.line("The output could not be written: " + oneLine(p.out.lost.Error()))
		return exitUsage
	case err == nil:
		return exitOK
	case errors.As(err, &s):
		return int(s)
	case errors.As(err, &u):
		p.err.line(u.sentence)
		return exitUsage
	case !errors.As(err, &own):
		p.err.line(err.Error())
		p.err.line("Try: entrada-cli help")
		return exitUsage
	case ctx.Err() != nil || fault.Is(err, fault.Cancelled):
		p.err.line("Cancelled.")
		return exitUsage
	}
	p.explain(p.err, own.error, explain.Context{Cloud: p.Cloud})
	return exitUsage
}

// explain puts an error into words. One that says by itself what to do keeps
// its own sentence.
func (p *program) explain(to *screen, err error, c explain.Context) {
	if sentence := fault.Sentence(err); sentence != "" {
		to.line(sentence)
		return
	}
	to.report(explain.Error(err, c).Report())
}

// run wraps a command's own work, so that its errors are told from cobra's.
func (p *program) run(work func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		if err := work(c.Context(), args); err != nil {
			return began{err}
		}
		return nil
	}
}

// open makes the app ready, once.
func (p *program) open(ctx context.Context) error {
	if p.app.Connections != nil {
		return nil
	}
	cloud := p.Cloud
	if p.practice {
		c, release, err := p.Practice(ctx)
		if err != nil {
			return err
		}
		p.releases = append(p.releases, release)
		cloud = c
		p.err.line("Practice organisation: nothing here touches Microsoft. Its portal: " + c.Portal + "/")
	}
	app, release, err := p.Open(cloud)
	if err != nil {
		return err
	}
	p.releases = append(p.releases, release)
	p.app, p.Cloud = app, cloud
	if err := p.unlocked(ctx); err != nil {
		return err
	}
	return nil
}

// release gives everything back, the last first.
func (p *program) release() {
	for i := len(p.releases) - 1; i >= 0; i-- {
		p.releases[i]()
	}
	p.releases = nil
}

// one finds the connection that a name means.
func (p *program) one(name string) (connections.Record, error) {
	found := p.app.Connections.Find(name)
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return connections.Record{}, usage("No saved connection has this name. See: entrada-cli list")
	}
	sentence := "Several connections have this in their name. Say which:"
	for _, r := range found[:min(len(found), 10)] {
		sentence += "\n  " + r.ID + "  " + r.Name
	}
	return connections.Record{}, usageError{sentence}
}

// names completes the names of saved connections in the shell.
func (p *program) names(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	if p.practice || p.open(c.Context()) != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var list []string
	for _, r := range p.app.Connections.List() {
		list = append(list, visible(r.Name))
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

// quietly keeps the keychain from asking anything where nobody could answer.
func (p *program) quietly(ctx context.Context) context.Context {
	if p.in.terminal && p.err.terminal {
		return ctx
	}
	return connections.WithoutPrompt(ctx)
}

// day is a date for people and scripts alike.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
