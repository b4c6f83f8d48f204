package signin

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"
)

// crowd is a port with connections that nobody serves.
type crowd struct {
	t        *testing.T
	limiter  *connLimiter
	listener net.Listener
}

func newCrowd(t *testing.T) *crowd {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	c := &crowd{t: t, limiter: &connLimiter{grace: time.Hour}}
	c.listener = c.limiter.wrap(l)
	return c
}

// connect opens a connection on which the other side sends text at once.
func (c *crowd) connect(text string) (near *limitedConn, far net.Conn) {
	c.t.Helper()
	far, err := net.Dial("tcp4", c.listener.Addr().String())
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := io.WriteString(far, text); err != nil {
		c.t.Fatal(err)
	}
	accepted, err := c.listener.Accept()
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _, _ = far.Close(), accepted.Close() })
	return accepted.(*limitedConn), far
}

func isOpen(conn net.Conn) bool { return conn.SetDeadline(time.Time{}) == nil }

// age makes what is open look as if it had come earlier.
func (c *crowd) age(by time.Duration) {
	c.limiter.mu.Lock()
	defer c.limiter.mu.Unlock()
	for _, conn := range c.limiter.open {
		conn.since = conn.since.Add(-by)
	}
}

// A flood of connections that send nothing turns itself out, the oldest first, and
// nobody who has sent something. Who has just come gets time to send.
func TestTheSilentAreTurnedOut(t *testing.T) {
	c := newCrowd(t)
	browser, _ := c.connect("POST /signin/callback HTTP/1.1\r\n")
	var silent []*limitedConn
	for i := range 300 {
		near, _ := c.connect("")
		silent = append(silent, near)
		if i >= 127 {
			c.age(2 * time.Hour)
		}
	}
	if !isOpen(browser) {
		t.Error("whoever had sent something was turned out")
	}
	for i, conn := range silent {
		if isOpen(conn) != (i >= 300-128) {
			t.Fatalf("connection %d of 300: open is %v", i, isOpen(conn))
		}
	}
	for range 200 {
		near, _ := c.connect("")
		defer func() {
			if !isOpen(near) {
				t.Error("whoever had just come was turned out")
			}
		}()
	}
}

// Of those that stop in the middle of a header the oldest goes, but not before a
// browser would have sent all of it, and there is an end to it.
func TestHalfRequestsAreTurnedOutLater(t *testing.T) {
	c := newCrowd(t)
	var half []*limitedConn
	for range 200 {
		near, _ := c.connect("POST /signin")
		half = append(half, near)
	}
	for i, conn := range half {
		if !isOpen(conn) {
			t.Fatalf("connection %d of 200 was turned out at once", i)
		}
	}
	c.age(2 * time.Hour)
	c.connect("POST /signin")
	if isOpen(half[0]) || !isOpen(half[1]) {
		t.Errorf("open: the oldest %v, the next %v", isOpen(half[0]), isOpen(half[1]))
	}
	for range 1100 {
		near := &limitedConn{Conn: half[1].Conn, limiter: c.limiter, since: time.Now(), sent: true}
		c.limiter.admit(near)
	}
	if n := len(c.limiter.open); n > 1025 {
		t.Errorf("%d are open", n)
	}
}

// A request that is on its way is not turned out, whoever comes after it.
func TestARequestIsServedInAnyCrowd(t *testing.T) {
	c := newCrowd(t)
	door := newCallback("state", 1, "", &authority{})
	browser, _ := c.connect("POST")
	r := httptest.NewRequestWithContext(withConn(t.Context(), browser), http.MethodPost, "http://localhost:1/", nil)
	door.ServeHTTP(httptest.NewRecorder(), r)
	for range 300 {
		c.connect("")
		near, _ := c.connect("P")
		near.since = near.since.Add(-2 * time.Hour)
	}
	if !isOpen(browser) {
		t.Error("it was turned out")
	}
	_ = browser.Close()
	if len(c.limiter.serving) != 0 {
		t.Errorf("%d are still served", len(c.limiter.serving))
	}
}

// brief ends a test within a minute where the answer does not get through.
func brief() limits {
	l := standard()
	l.attempt = time.Minute
	return l
}

// While a flood of each kind goes on, every sign-in comes to its end.
func TestAFloodCostsNoSignIn(t *testing.T) {
	for name, text := range map[string]string{
		"silent": "", "half": "POST /signin/callback HTTP/1.1\r\nHost:",
		"slow body": "POST /signin/callback HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx",
	} {
		t.Run(name, func(t *testing.T) {
			for range 2 {
				during(t, newFake(t), brief(), func(d door) {
					var flood sync.WaitGroup
					stop := make(chan struct{})
					for range 4 {
						flood.Go(func() {
							for range 400 {
								select {
								case <-stop:
									return
								default:
								}
								if c, err := net.Dial("tcp4", "127.0.0.1:"+d.redirect.Port()); err == nil {
									_, _ = io.WriteString(c, text)
									t.Cleanup(func() { _ = c.Close() })
								}
							}
						})
					}
					t.Cleanup(func() { close(stop); flood.Wait() })
				})
			}
		})
	}
}

func TestSlowConnections(t *testing.T) {
	t.Run("cannot keep the browser out", func(t *testing.T) {
		f := newFake(t)
		var took time.Duration
		during(t, f, brief(), func(d door) {
			for i := range 200 {
				c, err := net.Dial("tcp4", "127.0.0.1:"+d.redirect.Port())
				if err != nil {
					t.Error(err)
					return
				}
				t.Cleanup(func() { _ = c.Close() })
				_, _ = io.WriteString(c, "POST /signin/callback HTTP/1.1\r\n"[:i%30])
			}
			start := time.Now()
			if status, _ := d.post(t, d.form("state", "wrong")); status != 400 {
				t.Errorf("status %d", status)
			}
			took = time.Since(start)
		})
		if took > 2*time.Second {
			t.Errorf("an answer took %v", took)
		}
	})
	t.Run("are closed", func(t *testing.T) {
		l := standard()
		l.readHeader, l.readWrite = 50*time.Millisecond, 100*time.Millisecond
		during(t, newFake(t), l, func(d door) {
			for _, half := range []string{"POST /signin/call",
				"POST /signin/callback HTTP/1.1\r\nHost: localhost:" + d.redirect.Port() +
					"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n\r\nstate="} {
				c, err := net.Dial("tcp4", "127.0.0.1:"+d.redirect.Port())
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.WriteString(c, half)
				_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
				if _, err := io.Copy(io.Discard, c); err != nil && errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("%q is still open", half)
				}
				_ = c.Close()
			}
		})
	})
}
