package terminal

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/prove"
	"entrada/internal/signin"
)

// signIn signs a person in and says what is happening.
func (p *program) signIn(ctx context.Context, to *screen, how flow.SignIn) (session *signin.Session, err error) {
	how.App = p.app
	how.Cancelled = func() *flow.Screen {
		err = fault.New(fault.Cancelled, "sign in", ctx.Err())
		return flow.End(flow.Forgone)
	}
	how.Done = func(s *signin.Session, failed error) *flow.Screen {
		session, err = s, failed
		return flow.End(flow.Done)
	}
	w := &wizard{p: p, out: to}
	if _, stopped := w.converse(ctx, how.Screen()); stopped != nil {
		return nil, stopped
	}
	return session, err
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

// testSignedIn is the rest of a connection's test: as a person.
func (p *program) testSignedIn(
	ctx context.Context, subject prove.Subject, readOnly bool, before prove.Outcome,
) prove.Outcome {
	if !subject.Tries() {
		p.err.line(oneLine(subject.Name) + ": " + guideGone + "; what it may do cannot be tried out.")
		return before
	}
	p.err.heading(subject.Name)
	if subject.Guide.AppOnly() {
		p.err.line(subject.Guide.Vendor + " signs in by itself, so no browser is needed. Mailbox: " +
			oneLine(subject.Mailbox))
	}
	try := prove.Try{App: p.app, Subject: subject, LookOnly: readOnly, Before: before.Results, Took: before.Took}
	outcome := try.Stopped()
	stop := flow.Over(flow.Forgone)
	try.Start, try.Ways = stop, []flow.Choice{{ID: "stop", Label: "Stop here", Next: stop}}
	try.Done = func(o prove.Outcome) *flow.Screen {
		outcome = o
		return flow.End(flow.Done)
	}
	w := &wizard{p: p, out: p.err}
	_, _ = w.converse(ctx, try.Begin()) // who leaves in the middle has stopped
	return outcome
}
