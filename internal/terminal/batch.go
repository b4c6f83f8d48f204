package terminal

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"entrada/internal/connections"
	"entrada/internal/console"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow/prove"
	"entrada/internal/secret"
)

// batch tests many connections and prints each outcome as soon as it is known.
type batch struct {
	p    *program
	o    testOptions
	list []connections.Record
	// unsaved is the secret, which may be empty, of the one connection that is
	// tested without being saved.
	unsaved *secret.Value
	width   int
	began   time.Time

	printed, failed, unfinished int
	keychainErr                 error // why secrets could not be read; see [prove.Outcome.Unread]
	reached                     int   // well as far as it went, and nobody signed in
	noSecret                    bool
	told                        time.Time // when progress was last told
	remember                    []connections.Tested
}

func (b *batch) run(ctx context.Context) error {
	tests := prove.Batch{
		App: b.p.app, List: b.list, Unsaved: b.unsaved, Parallel: b.o.parallel, Timeout: b.o.timeout,
		TooLong: fmt.Sprintf("It was given %s. --timeout gives it longer.", b.o.timeout),
	}
	if b.o.signIn {
		tests.Then = func(ctx context.Context, s prove.Subject, o prove.Outcome) prove.Outcome {
			return b.p.testSignedIn(ctx, s, b.o.readOnly, o)
		}
	}
	if b.o.json {
		b.p.out.Raw("[")
	}
	tests.Run(b.p.quietly(ctx), b.finished, b.progress)
	if b.o.json {
		if b.printed > 0 {
			b.p.out.Blank()
		}
		b.p.out.Raw("]\n")
	}
	return b.conclude(ctx)
}

// finished prints one outcome and keeps what is to be remembered.
func (b *batch) finished(position int, v prove.Outcome) {
	b.printed++
	switch {
	case v.Unread != nil:
		b.unfinished++
		b.keychainErr = cmp.Or(b.keychainErr, v.Unread)
	case v.Cancelled:
		b.unfinished++
	case v.NoSecret && v.First == nil:
		b.noSecret = true
	case !v.OK:
		b.failed++
	case v.Reached:
		b.reached++
	}
	if b.o.json {
		b.printJSON(v)
	} else {
		b.print(v)
	}
	if t, ok := v.Tested(b.list[position], b.p.app.Now()); ok && b.unsaved == nil {
		b.remember = append(b.remember, t)
	}
}

func (b *batch) printJSON(v prove.Outcome) {
	text, err := v.Report.JSON("  ")
	if err != nil {
		return
	}
	separator := "\n  "
	if b.printed > 1 {
		separator = ",\n  "
	}
	b.p.out.Raw(separator + console.Visible(text))
}

func (b *batch) print(v prove.Outcome) {
	word, style, headline := "ok", console.Green, v.Headline
	switch {
	case v.Unread != nil:
		word, style, headline = "not tested", console.Yellow, "its secret could not be read"
	case v.Cancelled:
		word, style = "cancelled", console.Yellow
	case v.NoSecret && v.First == nil:
		word, style = "partly", console.Yellow
	case !v.OK:
		word, style = "failed", console.Red
	}
	out, name := b.p.out, console.OneLine(v.Report.Name)
	if out.Terminal {
		out.Marked(style, word, 11, padded(name, b.width)+"  "+console.OneLine(headline))
	} else {
		out.Line(word + "\t" + name + "\t" + console.OneLine(headline))
	}
	if v.First != nil && !v.Cancelled && v.Unread == nil {
		for _, text := range strings.Split(strings.TrimRight(v.Explanation.Typed().Report(), "\n"), "\n") {
			out.Line("    " + console.OneLine(text))
		}
	}
}

// progressPause is how often a long run says where it is.
const progressPause = 3 * time.Second

func (b *batch) progress() {
	if time.Since(b.told) < progressPause {
		return
	}
	b.told = time.Now()
	b.p.err.Line(fmt.Sprintf("%d of %d tested, %d failed", b.printed, len(b.list), b.failed))
}

func (b *batch) conclude(ctx context.Context) error {
	remember := b.p.app.Connections.Remember(b.remember...)
	if len(b.list) > 1 || ctx.Err() != nil {
		b.p.err.Line(
			fmt.Sprintf("%d of %d tested in %.1f seconds, %d failed.", b.printed-b.unfinished, len(b.list),
				time.Since(b.began).Seconds(), b.failed))
	}
	b.goFurther()
	if remember != nil {
		b.p.err.Line("The results could not be remembered:")
		b.p.explain(b.p.err, remember, explain.Context{})
	}
	switch {
	case ctx.Err() != nil:
		b.p.err.Line("Cancelled.")
		return status(exitUsage)
	case b.keychainErr != nil:
		b.p.sayUnread(b.keychainErr)
		return status(exitUsage)
	case b.o.all && b.p.incomplete():
		return status(exitUsage)
	case b.failed+b.unfinished > 0:
		return status(exitFailed)
	case b.noSecret:
		return status(exitUsage)
	}
	return nil
}

// goFurther says how to try what was not tried.
func (b *batch) goFurther() {
	switch {
	case b.o.json:
	case b.noSecret:
		b.p.err.Line("Give the secret with --secret-fd, and it is tried as well.")
	case b.reached == 0 || b.o.signIn:
	case b.unsaved != nil:
		b.p.err.Line(
			"Sign-in and permissions can be tried once the connection is saved: entrada-cli test NAME --sign-in")
	default:
		b.p.err.Line("To try sign-in and permissions too, add --sign-in.")
	}
}

type testOptions struct {
	all      bool
	parallel int
	json     bool
	readOnly bool
	signIn   bool
	given    givenValues
	timeout  time.Duration
}

// sessionBus is the variable that says where a session's bus is (dbus-daemon(1)).
const sessionBus = "DBUS_SESSION_BUS_ADDRESS"

// sayUnread says once, for all connections, what a script can do.
func (p *program) sayUnread(why error) {
	switch {
	case fault.Is(why, fault.KeychainUnavailable) && runtime.GOOS == "linux" && os.Getenv(sessionBus) != "":
		p.err.Say("",
			"There is a session bus, but no keychain answers on it. Start one, such as gnome-keyring, or keep the "+
				"secrets in a file and give --unlock-fd.")
	case fault.Is(why, fault.KeychainUnavailable) && runtime.GOOS == "linux":
		p.err.Say("",
			"The keychain cannot be reached from here (no session bus). In cron set DBUS_SESSION_BUS_ADDRESS, or "+
				"keep the secrets in a file and give --unlock-fd.")
	case fault.Is(why, fault.KeychainUnavailable):
		p.err.Say("",
			"The keychain cannot be reached from here. Run this in your own session, or keep the secrets in a file "+
				"and give --unlock-fd.")
	case fault.Is(why, fault.PassphraseNeeded):
		p.err.Say("", "The secrets lie in a file, and nobody gave its passphrase. Give it with --unlock-fd.")
	default:
		p.explain(p.err, why, explain.Context{})
	}
}
