package netclient

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"entrada/internal/fault"
)

func TestMain(m *testing.M) {
	fetchAsChild() // see tls_test.go
	goleak.VerifyTestMain(m)
}

const canary = "canary-7f3a91"

// soon are limits short enough to wait for.
var soon = Options{
	Dial: 200 * time.Millisecond, TLS: 200 * time.Millisecond,
	Header: 200 * time.Millisecond, Idle: 200 * time.Millisecond,
	Total: 5 * time.Second, MaxBody: 1000,
}

// unhurried has the limits of time that the program has: for what is not about
// time, on a busy computer as well.
var unhurried = Options{MaxBody: soon.MaxBody}

// fetch posts the canary and reads the whole answer.
func fetch(t *testing.T, o Options, address string) (string, error) {
	t.Helper()
	client := New(o)
	defer client.CloseIdleConnections()
	resp, err := client.Post(address, "application/x-www-form-urlencoded", strings.NewReader("code="+canary))
	if err != nil {
		return "", Classify("ask", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return string(text), Classify("ask", err)
}

func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if got := fault.KindOf(err); got != kind {
		t.Errorf("kind %q, want %q (%v)", got, kind, err)
	}
	if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, canary) {
		t.Errorf("the error shows the request: %s", text)
	}
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// raw serves each connection by hand and returns the address.
func raw(t *testing.T, talk func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			talk(c)
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return l.Addr().String()
}

// untilGone waits until the client has hung up.
func untilGone(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

func readRequest(c net.Conn) {
	req, err := http.ReadRequest(bufio.NewReader(c))
	if err == nil {
		_, _ = io.Copy(io.Discard, req.Body)
	}
}

func TestEveryWaitEnds(t *testing.T) {
	say := func(text string) func(net.Conn) {
		return func(c net.Conn) { readRequest(c); _, _ = io.WriteString(c, text); untilGone(c) }
	}
	for name, c := range map[string]struct {
		scheme string
		talk   func(net.Conn)
	}{
		"accepted, nothing more": {"http", untilGone},
		"no TLS handshake":       {"https", untilGone},
		"half a header":          {"http", say("HTTP/1.1 200 OK\r\nContent-")},
		"half a body":            {"http", say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := fetch(t, soon, c.scheme+"://"+raw(t, c.talk)+"/")
			wantKind(t, err, fault.TimedOut)
		})
	}
	t.Run("a drip that never stops", func(t *testing.T) {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-tick.C:
					_, _ = io.WriteString(w, " ")
					_ = http.NewResponseController(w).Flush()
				case <-r.Context().Done():
					return
				}
			}
		})
		o := soon
		o.Total = 300 * time.Millisecond
		_, err := fetch(t, o, s.URL)
		wantKind(t, err, fault.TimedOut)
	})
	t.Run("an answer that stalls", func(t *testing.T) {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "half")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		})
		o := soon
		o.Total = time.Hour // only the pause ends it
		text, err := fetch(t, o, s.URL)
		wantKind(t, err, fault.TimedOut)
		if text != "half" {
			t.Errorf("%q", text)
		}
	})
	t.Run("the program's own limits", func(t *testing.T) {
		client := New(Options{})
		if o := client.Transport.(*limits).options; o.Idle != 15*time.Second || o.Total != 30*time.Second ||
			client.Timeout != o.Total {
			t.Errorf("%+v", o)
		}
	})
	t.Run("a slow reader is not a slow server", func(t *testing.T) {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "whole") })
		o := soon
		o.Idle = time.Millisecond
		client := New(o)
		defer client.CloseIdleConnections()
		resp, err := client.Get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		<-time.After(20 * time.Millisecond)
		if text, err := io.ReadAll(resp.Body); err != nil || string(text) != "whole" {
			t.Fatalf("%q, %v", text, err)
		}
	})
}

func TestAnswersHaveASizeLimit(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		fits   bool
	}{
		"just fits":    {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1000)) }, true},
		"one too many": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1001)) }, false},
		"empty":        {func(http.ResponseWriter, *http.Request) {}, true},
		"a large promise": {func(w http.ResponseWriter,
			_ *http.Request) {
			w.Header().Set("Content-Length", "1073741824")
		}, false},
		"endless pieces": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = w.Write(make([]byte, 4096))
			}
		}, false},
		"a small archive of zeros": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write(make([]byte, 1<<20))
			_ = z.Close()
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := fetch(t, unhurried, serve(t, c.answer).URL)
			if c.fits {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			wantKind(t, err, fault.BadAnswer)
			if len(text) > 1000 {
				t.Errorf("%d bytes came through", len(text))
			}
		})
	}
	t.Run("an endless header", func(t *testing.T) {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("x", 2*maxHeader))
		})
		_, err := fetch(t, unhurried, s.URL)
		wantKind(t, err, fault.BadAnswer)
	})
}

func TestNoRedirectIsFollowed(t *testing.T) {
	var elsewhere atomic.Int32
	other := serve(t, func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) })
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := serve(t,
			func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL+"/"+canary, status) })
		_, err := fetch(t, unhurried, s.URL)
		wantKind(t, err, fault.BadAnswer)
		if !strings.Contains(err.Error(), strings.TrimPrefix(other.URL, "http://")) {
			t.Errorf("%v does not say where it was to go", err)
		}
	}
	if n := elsewhere.Load(); n != 0 {
		t.Errorf("the other host was asked %d times", n)
	}
}

func TestUserAgentAndNoCookies(t *testing.T) {
	var agent, cookie string
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		agent, cookie = r.UserAgent(), r.Header.Get("Cookie")
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
	})
	for range 2 {
		if _, err := fetch(t, unhurried, s.URL); err != nil {
			t.Fatal(err)
		}
	}
	if agent != "Entrada/"+Version || cookie != "" {
		t.Errorf("agent %q, cookie %q", agent, cookie)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	client := New(Options{})
	defer client.CloseIdleConnections()
	req, _ := http.NewRequestWithContext(ctx, "GET", s.URL, nil)
	_, err := client.Do(req)
	wantKind(t, Classify("ask", err), fault.Cancelled)
}

func TestConnectionsAreReused(t *testing.T) {
	var made atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "answer")
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			made.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	client := New(Options{})
	defer client.CloseIdleConnections()
	for range 5 {
		resp, err := client.Get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	if n := made.Load(); n != 1 {
		t.Errorf("%d connections for 5 requests", n)
	}
}
