package terminal

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow/prove"
	"entrada/internal/graph"
	"entrada/internal/secret"
	"entrada/internal/signin"
)

// signIn signs a person in through the browser and says what is happening.
func (p *program) signIn(ctx context.Context, to *screen, request signin.Request) (*signin.Session, error) {
	request.Client = p.app.HTTP
	told := signin.Stage("")
	strange, inAddress := false, false
	return signin.Interactive(ctx, request, p.app.Browser, func(g signin.Progress) {
		if g.InAddress && !inAddress {
			inAddress = true
			to.say("", "Microsoft answered in the page's address instead of a form. For your safety we do not use such an answer. Please press Ctrl+C and try again.")
		}
		if g.Strange >= 20 && !strange {
			strange = true
			to.say("", "Another program on this computer keeps knocking at our door. Your sign-in is not affected, but somebody should have a look.")
		}
		if g.Stage == told {
			return
		}
		told = g.Stage
		switch g.Stage {
		case signin.StageListening:
			sayLink(to, g.Link)
		case signin.StageBrowserOpening:
			to.line("Opening your browser …")
		case signin.StageWaiting:
			to.line("Waiting for you to sign in, until " + g.Deadline.Local().Format("15:04") + " …")
			// Some refusals are shown by Microsoft alone and never reach us.
			to.line("If the browser shows an error instead: entrada-cli explain")
		case signin.StageLinkNeeded:
			to.line("No browser opened by itself. Please use the link above; we wait until " + g.Deadline.Local().Format("15:04") + ".")
		case signin.StageExchanging:
			to.line("Signed in. Asking Microsoft for access …")
		case signin.StageChecking:
			to.line("Checking who signed in …")
		}
	})
}

// signInElsewhere signs a person in on another device, for a computer without a
// browser.
func (p *program) signInElsewhere(ctx context.Context, to *screen, request signin.Request) (*signin.Session, error) {
	request.Client = p.app.HTTP
	return signin.DeviceCode(ctx, request, func(d signin.DevicePrompt) {
		to.say("", "On any device, open this address:")
		to.value(d.VerificationURL)
		to.line("And enter this code there:")
		to.value(d.UserCode)
		to.say("", "Enter it only because you yourself started this here: who enters a code that somebody else has sent lets that person in.")
		to.line("Waiting for you to sign in, until " + d.Expires.Local().Format("15:04") + " …")
	})
}

// sayLink shows the address to sign in at, and before it what has to be done
// first.
func sayLink(to *screen, link string) {
	if remoteWords(to, link) {
		to.say("", "Then open the sign-in link in your own browser:")
	} else {
		to.say("", "The sign-in link, in case no browser opens by itself. Open it in a browser on this computer:")
	}
	to.value(link)
}

// remoteWords tells those who sit at another computer how their browser reaches
// this one: Microsoft sends the answer to localhost.
func remoteWords(to *screen, link string) (said bool) {
	connection := os.Getenv("SSH_CONNECTION")
	if connection == "" {
		return false
	}
	u, err := url.Parse(link)
	if err != nil {
		return false
	}
	back, err := url.Parse(u.Query().Get("redirect_uri"))
	if err != nil || back.Port() == "" {
		return false
	}
	host, port := "this-computer", ""
	// The client's address and port, then ours, as the client named them.
	if parts := strings.Fields(connection); len(parts) == 4 {
		if at, err := netip.ParseAddrPort(net.JoinHostPort(parts[2], parts[3])); err == nil {
			host = at.Addr().String()
			if at.Port() != 22 {
				port = "-p " + parts[3] + " "
			}
		}
	}
	to.say("", "You are connected over ssh. First open a second connection, in a terminal of your own computer:")
	to.value("ssh -N " + port + "-L " + back.Port() + ":localhost:" + back.Port() + " " + host)
	return true
}

// showAccount says who signed in, before anything is tried.
func (p *program) showAccount(to *screen, a signin.Account) {
	to.line("Signed in as: " + oneLine(a.Name) + " <" + oneLine(a.Username) + ">")
	to.line("Tenant ID: " + oneLine(a.TenantID))
}

// tryOut tries out what the vendor may do, a line for each check: as whoever
// signed in, or as the app itself if there is no session. name is the
// organisation's own name, if it could be read.
func (p *program) tryOut(ctx context.Context, to *screen, s prove.Subject, session *signin.Session, o prove.TrialOptions) (results []checks.Result, name string) {
	o.OnWait = func(d time.Duration) { to.line("  Microsoft asks us to wait " + d.Round(time.Second).String() + ".") }
	trial := s.AppTest(p.app, o)
	if session != nil {
		trial = s.Test(p.app, session, o)
	}
	if _, err := trial.Sweep(ctx); err != nil {
		to.line("  What an earlier test left in a mailbox could not be removed yet.")
	}
	results = checks.Run(ctx, trial.Checks(), func(r checks.Result) { p.showCheck(to, r) })
	if session == nil {
		return results, ""
	}
	if organisation, err := graph.New(s.Cloud, session.AccessToken, p.app.HTTP).Organization(ctx); err == nil {
		name = organisation.DisplayName
	}
	return results, name
}

// byItself reports whether the vendor's software signs in with nobody there.
func byItself(s prove.Subject) bool { return s.Guide.AppOnly() }

// checkWords are the states of a check that is over.
var checkWords = map[checks.State][2]string{
	checks.Passed:   {"ok", green},
	checks.Failed:   {"failed", red},
	checks.Skipped:  {"skipped", yellow},
	checks.NotAsked: {"not asked", faint},
}

// showCheck writes a line for a check that is over.
func (p *program) showCheck(to *screen, r checks.Result) {
	word, over := checkWords[r.State]
	if !over {
		return
	}
	text := r.Title
	if r.Detail != "" {
		text += " (" + explain.Redact(r.Detail) + ")"
	}
	const margin = "             " // below the title
	for i, line := range to.wrap(margin+oneLine(text), len(margin)) {
		if i == 0 {
			line = "  " + to.mark(word[1], word[0], 11) + strings.TrimPrefix(line, margin)
		} else {
			line = margin + line
		}
		to.raw(line + "\n")
	}
}

// testSignedIn is the rest of a connection's test: as a person.
func (p *program) testSignedIn(ctx context.Context, r connections.Record, v secret.Value, readOnly bool, before []checks.Result) verdict {
	subject, known := prove.FromRecord(p.app, r, v)
	if !known {
		p.err.line(oneLine(r.Name) + ": " + guideGone + "; what it may do cannot be tried out.")
		return p.verdictOf(r, before, nil)
	}
	p.err.heading(r.Name)
	var as *signin.Account
	with := func(more ...checks.Result) verdict {
		return p.verdictOf(r, append(append([]checks.Result{}, before...), more...), as)
	}
	if byItself(subject) {
		p.err.line(subject.Guide.Vendor + " signs in by itself, so no browser is needed. Mailbox: " + oneLine(subject.Mailbox))
		results, _ := p.tryOut(ctx, p.err, subject, nil, prove.TrialOptions{ReadOnly: readOnly})
		verdict := with(results...)
		verdict.signedIn = true
		return verdict
	}
	over := checks.Result{ID: checks.CheckSignedIn, Title: "Signed in",
		State: checks.Skipped, Skipped: checks.SkippedCancelled, Detail: "cancelled"}
	for {
		session, err := p.signIn(ctx, p.err, subject.SignInRequest(""))
		if fault.Is(err, fault.Cancelled) {
			return with(over)
		}
		if err != nil {
			over.State, over.Err, over.Skipped, over.Detail = checks.Failed, err, "", ""
			return with(over)
		}
		p.showAccount(p.err, session.Account)
		as = &session.Account
		switch answer, err := p.confirmAccount(ctx, readOnly); {
		case err != nil || answer == stopHere:
			return with(over)
		case answer == anotherAccount:
			continue
		}
		results, _ := p.tryOut(ctx, p.err, subject, session, prove.TrialOptions{ReadOnly: readOnly})
		verdict := with(results...)
		verdict.signedIn = true
		return verdict
	}
}

// leavesBehind is said before anything is tried.
const leavesBehind = "The test tries out what the vendor may do in this mailbox. What it creates there it takes away again; one short mail to yourself may stay."

type accountAnswer int

const (
	thisAccount accountAnswer = iota
	anotherAccount
	stopHere
)

func (p *program) confirmAccount(ctx context.Context, readOnly bool) (accountAnswer, error) {
	if !readOnly {
		p.err.say("", leavesBehind)
	}
	for {
		p.err.raw("Press Enter to go on, or type other for another account, or stop: ")
		text, err := p.in.line(ctx)
		if err != nil && !errors.Is(err, errTooLong) {
			return stopHere, err
		}
		switch word(text) {
		case "", "y", "yes":
			return thisAccount, nil
		case "other", "o":
			return anotherAccount, nil
		case "stop", "s", "n", "no", "quit", "q":
			return stopHere, nil
		}
	}
}
