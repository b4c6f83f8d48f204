package signin

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"entrada/internal/fault"
	"entrada/internal/netclient"
	"entrada/internal/secret"
)

// limits are the time limits of a sign-in. Only tests change the standard ones.
type limits struct {
	attempt    time.Duration // for the person
	browser    time.Duration // until the link is shown as the way to go
	readHeader time.Duration // of a request to our port
	readWrite  time.Duration // all of such a request, and its answer
	drain      time.Duration // for answers on their way when the port closes
	wallCheck  time.Duration // how often to look at the clock on the wall
	listen     listenFunc
}

func standard() limits {
	return limits{
		attempt:    5 * time.Minute,
		browser:    browserPatience,
		readHeader: 3 * time.Second,
		readWrite:  5 * time.Second,
		drain:      time.Second,
		wallCheck:  5 * time.Second,
		listen:     listenExclusively,
	}
}

// attempt holds the values of one sign-in. Nothing of it is used again.
type attempt struct {
	state, nonce string
	verifier     secret.Value
}

func newAttempt() attempt {
	// 32 random bytes each.
	return attempt{oauth2.GenerateVerifier(), oauth2.GenerateVerifier(), secret.New(oauth2.GenerateVerifier())}
}

func (l limits) interactive(ctx context.Context, r Request, open Opener, report func(Progress)) (*Session, error) {
	const op = "sign in"
	if err := r.check(op); err != nil {
		return nil, err
	}
	r.Scopes = r.identityScopes()
	client, done := r.client()
	defer done()

	// Ask before a browser opens. If the tenant does not exist, or the network is down,
	// we can say so better than a page in the browser.
	authority, err := discover(ctx, op, client, r)
	if err != nil {
		return nil, err
	}

	a := newAttempt()
	port, listeners, err := listenPair(ctx, l.listen)
	if err != nil {
		return nil, err
	}
	config := oauthConfig(r, "http://localhost:"+strconv.Itoa(port)+r.RedirectPath)
	door := newCallback(a.state, port, r.RedirectPath, authority)
	server := l.serve(door, listeners)
	defer server.stop(false)

	p := Progress{Stage: StageListening, Link: authorizeLink(config, r, a), Deadline: time.Now().Add(l.attempt)}
	tell := func(stage Stage) {
		p.Stage, p.Strange, p.InAddress = stage, int(door.strange.Load()), door.inAddress.Load()
		if report != nil {
			report(p)
		}
	}
	tell(StageListening)
	answer, err := l.wait(ctx, op, p, door, open, tell)
	if err != nil {
		return nil, err
	}
	server.stop(true)
	if answer.problem != "" {
		said := oauthError{Error: answer.problem, Description: answer.description}
		return nil, said.fault(op, 0, r.ClientSecret, a.verifier, secret.New(a.state), secret.New(a.nonce))
	}

	tell(StageExchanging)
	session, err := redeem(ctx, op, client, r, config, authority, a, answer.code, func() { tell(StageChecking) })
	if err != nil {
		return nil, err
	}
	return session, nil
}

// authorizeLink is the address for the browser. It alone sets the response mode: a
// posted form keeps the code out of addresses, histories, logs and screenshots.
func authorizeLink(config *oauth2.Config, r Request, a attempt) string {
	options := []oauth2.AuthCodeOption{
		oauth2.S256ChallengeOption(a.verifier.Reveal()),
		oauth2.SetAuthURLParam("response_mode", "form_post"),
		oauth2.SetAuthURLParam("nonce", a.nonce),
		// A person with several accounts must be able to choose. One who is signed in
		// with the wrong account must notice.
		oauth2.SetAuthURLParam("prompt", "select_account"),
	}
	if r.Claims != "" {
		options = append(options, oauth2.SetAuthURLParam("claims", r.Claims))
	}
	if r.LoginHint != "" {
		options = append(options, oauth2.SetAuthURLParam("login_hint", r.LoginHint))
	}
	return config.AuthCodeURL(a.state, options...)
}

// wait opens the browser and waits for the one answer that counts.
func (l limits) wait(ctx context.Context, op string, p Progress, door *callback, open Opener, tell func(Stage)) (
	*authorization, error) {
	opening, stopOpening := context.WithCancel(ctx)
	defer stopOpening()
	opened := make(chan error, 1)
	stage := StageBrowserOpening
	if open == nil {
		stage = StageLinkNeeded
	}
	tell(stage)
	if open != nil {
		go func() { opened <- open(opening, p.Link) }()
	}

	slow := time.NewTimer(l.browser)
	defer slow.Stop()
	limit := time.NewTimer(l.attempt)
	defer limit.Stop()
	wall := time.NewTicker(l.wallCheck)
	defer wall.Stop()
	timedOut := func() error {
		return &fault.Error{Kind: fault.SignInTimedOut, Op: op, When: time.Now().UTC()}
	}
	for {
		select {
		case answer := <-door.answer:
			return answer, nil
		case err := <-opened:
			if stage = StageWaiting; err != nil {
				stage = StageLinkNeeded
			}
			tell(stage)
		case <-slow.C:
			if stage == StageBrowserOpening {
				stage = StageLinkNeeded
				tell(stage)
			}
		case <-door.changed:
			tell(stage)
		case <-limit.C:
			return nil, timedOut()
		case <-wall.C:
			// A timer stops while the computer sleeps. The wall clock goes on, and a code
			// from an hour ago has expired.
			if time.Now().Round(0).After(p.Deadline.Round(0)) {
				return nil, timedOut()
			}
		case <-ctx.Done():
			return nil, netclient.Classify(op, ctx.Err())
		}
	}
}

// redeem turns the code into a checked session.
func redeem(ctx context.Context, op string, client *http.Client, r Request, config *oauth2.Config,
	authority *authority, a attempt, code secret.Value, checking func()) (*Session, error) {
	ctx, cancel := context.WithCancel(ctx)
	var fetching sync.WaitGroup
	defer fetching.Wait()
	defer cancel()
	// The keys are needed right after this. If the fetch fails here, they are fetched
	// again there, and that error is shown.
	fetching.Go(func() { _ = authority.keys.fetch(ctx, client) })

	answer, err := exchange(ctx, op, client, r, config, code, a.verifier)
	if err != nil {
		return nil, err
	}
	checking()
	fetching.Wait()
	who, err := authority.identify(ctx, op, client, r, answer, &a.nonce)
	if err != nil {
		return nil, err
	}
	return newSession(r, answer, who, authority), nil
}

// redirectHosts are the names under which a browser may reach our port.
func redirectHosts(port int) []string {
	p := strconv.Itoa(port)
	return []string{"localhost:" + p, net.JoinHostPort("127.0.0.1", p), net.JoinHostPort("::1", p)}
}
