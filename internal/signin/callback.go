package signin

import (
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"log"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"entrada/internal/secret"
)

const (
	maxForm   = 64 << 10 // a code is about 1.5 KiB
	maxHeader = 16 << 10
)

// authorization is what the browser brought: a code, or an error.
type authorization struct {
	code                 secret.Value
	problem, description string
}

// callback answers requests to our port. Any web page and any program on this
// computer can send some. Only a request with the right state counts, be it a
// success or an error. Nothing else ends the wait.
type callback struct {
	state     string
	path      string
	hosts     []string
	authority *authority

	once      sync.Mutex
	page      *page               // given for the answer; nil before it came
	answer    chan *authorization // holds one
	strange   atomic.Int64        // requests refused
	inAddress atomic.Bool         // see Progress
	changed   chan struct{}       // after either of the two changed
}

func newCallback(state string, port int, path string, authority *authority) *callback {
	if path == "" {
		path = "/" // what a browser asks for at http://localhost:port
	}
	return &callback{
		state: state, path: path, hosts: redirectHosts(port), authority: authority,
		answer: make(chan *authorization, 1), changed: make(chan struct{}, 1),
	}
}

// ServeHTTP implements [http.Handler]. Answers are constant: nothing of a
// request, not even an error's text, comes back to whoever sent it.
func (c *callback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	hasRequest(r)
	status, page := c.judge(w, r)
	if status >= 400 && status != http.StatusGone {
		c.strange.Add(1)
		select {
		case c.changed <- struct{}{}:
		default: // one is waiting already
		}
	}
	page.write(w, status)
}

// judge checks a request in a fixed order. The first check that fails refuses it.
func (c *callback) judge(w http.ResponseWriter, r *http.Request) (int, *page) {
	h := r.Header
	switch {
	case !slices.Contains(c.hosts, r.Host): // a foreign name that leads here: DNS rebinding
		return http.StatusMisdirectedRequest, pageNotCompleted
	case isPrefetch(h):
		return http.StatusNoContent, nil
	case h.Get("Sec-Fetch-Mode") != "" && h.Get("Sec-Fetch-Mode") != "navigate":
		// A script or image on some page. The origin may be any: organisations
		// that federate sign in elsewhere.
		return http.StatusForbidden, pageNotCompleted
	case r.URL.Path != c.path || r.URL.RawPath != "":
		return http.StatusNotFound, pageNotCompleted
	case r.Method != http.MethodPost:
		c.lookAtAddress(r)
		w.Header().Set("Allow", http.MethodPost)
		return http.StatusMethodNotAllowed, pageNotCompleted
	case !isForm(h):
		return http.StatusUnsupportedMediaType, pageNotCompleted
	case r.ContentLength > maxForm:
		return http.StatusRequestEntityTooLarge, pageNotCompleted
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge, pageNotCompleted
	} else if err != nil || r.URL.RawQuery != "" {
		return http.StatusBadRequest, pageNotCompleted
	}
	// Only the body: net/http's Form would add the parameters of the address.
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return http.StatusBadRequest, pageNotCompleted
	}
	return c.take(form)
}

// take reads the form. It checks the state first: if an error without the state
// counted as an answer, any web page could end a sign-in.
func (c *callback) take(form url.Values) (int, *page) {
	for _, name := range []string{"state", "code", "error", "error_description", "iss"} {
		if len(form[name]) > 1 {
			return http.StatusBadRequest, pageNotCompleted
		}
	}
	code, problem := form.Get("code"), form.Get("error")
	switch {
	case !c.isState(form.Get("state")):
		return http.StatusBadRequest, pageNotCompleted
	case (code == "") == (problem == ""), !printable(code):
		return http.StatusBadRequest, pageNotCompleted
	case !c.authority.allowsAnswerFrom(form["iss"]):
		return http.StatusBadRequest, pageNotCompleted
	}
	c.once.Lock()
	defer c.once.Unlock()
	if c.page != nil {
		// A reload, or a second click: it gets the page of the first.
		return http.StatusGone, c.page
	}
	if c.page = pageReceived; problem != "" {
		c.page = pageNotCompleted
	}
	c.answer <- &authorization{secret.New(code), problem, form.Get("error_description")}
	return http.StatusOK, c.page
}

func (c *callback) isState(got string) bool {
	return subtle.ConstantTimeCompare([]byte(got), []byte(c.state)) == 1
}

// lookAtAddress notices an answer in the address, so that the window can say
// why no other answer will come. It never reads the code in it.
func (c *callback) lookAtAddress(r *http.Request) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err == nil && (query.Has("code") || query.Has("error")) && c.isState(query.Get("state")) {
		c.inAddress.Store(true)
	}
}

// isPrefetch reports whether a browser or scanner loads the page in advance, before a
// person asked for it.
func isPrefetch(h http.Header) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Moz"} {
		if strings.Contains(strings.ToLower(h.Get(name)), "prefetch") {
			return true
		}
	}
	return false
}

func isForm(h http.Header) bool {
	media, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && media == "application/x-www-form-urlencoded" && h.Get("Content-Encoding") == ""
}

// server is the port while it is open.
type server struct {
	http      *http.Server
	listeners []net.Listener
	drain     time.Duration
	running   sync.WaitGroup
	once      sync.Once
}

// serve starts to answer. The listeners stay open from the choice of the port to its
// end, so that no other program can take the port in between.
func (l limits) serve(handler http.Handler, listeners []net.Listener) *server {
	s := &server{
		http: &http.Server{
			Handler:                      handler,
			ConnContext:                  withConn,
			DisableGeneralOptionsHandler: true,
			ReadHeaderTimeout:            l.readHeader,
			ReadTimeout:                  l.readWrite,
			WriteTimeout:                 l.readWrite,
			MaxHeaderBytes:               maxHeader,
			ErrorLog:                     log.New(io.Discard, "", 0), // its messages quote requests
		},
		listeners: listeners,
		drain:     l.drain,
	}
	s.http.SetKeepAlivesEnabled(false)
	limiter := &connLimiter{grace: headerGrace}
	for _, l := range listeners {
		s.running.Go(func() { _ = s.http.Serve(limiter.wrap(l)) })
	}
	return s
}

// stop closes the port at once. With drain, the browser still receives the page that
// is being sent. That takes a second at most, in the background; the next stop waits
// for it.
func (s *server) stop(drain bool) {
	s.once.Do(func() {
		for _, l := range s.listeners {
			_ = l.Close()
		}
		if drain {
			s.running.Go(func() {
				ctx, cancel := context.WithTimeout(context.Background(), s.drain)
				defer cancel()
				_ = s.http.Shutdown(ctx)
			})
		}
	})
	if !drain {
		s.running.Wait()
		_ = s.http.Close()
	}
}
