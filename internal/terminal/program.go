package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/console"
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

// standardStream stands for the standard input where a file is read, and for the
// standard output where one is written.
const standardStream = "-"

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
	out, err *console.Output
	in       *console.Input

	practice bool
	unlockFD int          // --unlock-fd
	keepIn   secret.Value // the passphrase of a file with secrets that is still to be made
	mayMake  bool         // the command may make that file
	app      app.App
	releases []func()

	silence atomic.Pointer[func()] // ends the reading beside work that is under way
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
	case p.out.Lost != nil:
		p.err.Line("The output could not be written: " + console.OneLine(p.out.Lost.Error()))
		return exitUsage
	case err == nil:
		return exitOK
	case errors.As(err, &s):
		return int(s)
	case errors.As(err, &u):
		p.err.Block(u.sentence)
		return exitUsage
	case !errors.As(err, &own):
		p.err.Line(err.Error())
		p.err.Line("Try: entrada-cli help")
		return exitUsage
	case ctx.Err() != nil || fault.Is(err, fault.Cancelled):
		p.err.Line("Cancelled.")
		return exitUsage
	}
	p.explain(p.err, own.error, explain.Context{Cloud: p.Cloud})
	return exitUsage
}

// explain puts an error into words. One that says by itself what to do keeps
// its own sentence.
func (p *program) explain(to *console.Output, err error, c explain.Context) {
	if sentence := fault.Sentence(err); sentence != "" {
		to.Line(sentence)
		return
	}
	to.Report(explain.Error(err, c).Typed().Report())
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

// quietly keeps the keychain from asking anything where nobody could answer.
func (p *program) quietly(ctx context.Context) context.Context {
	if p.in.Terminal && p.err.Terminal {
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

// guideGone is said of a saved connection whose vendor's guide is nowhere.
const guideGone = "the guide of this vendor is neither part of this version of Entrada nor among your own"
