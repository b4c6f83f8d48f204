package signin

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

func TestTheOldestConnectionIsClosed(t *testing.T) {
	r := &connLimiter{}
	var near, far []net.Conn
	for range maxConnections + 3 {
		a, b := net.Pipe()
		g := &limitedConn{Conn: a, limiter: r}
		r.admit(g)
		near, far = append(near, g), append(far, b)
	}
	if len(r.open) != maxConnections || r.open[0] != near[3] {
		t.Errorf("%d are open", len(r.open))
	}
	for i, c := range far {
		go func() { _, _ = near[i].Read(make([]byte, 1)) }()
		_, err := c.Write([]byte("x"))
		if (err != nil) != (i < 3) {
			t.Errorf("connection %d: %v", i, err)
		}
	}
	for _, c := range near {
		_ = c.Close()
		_ = c.Close()
	}
	if len(r.open) != 0 {
		t.Errorf("%d are still open", len(r.open))
	}
}

// Whoever brought the state gets the page, however many came after.
func TestTheAnswersConnectionIsSpared(t *testing.T) {
	limiter, door := &connLimiter{}, newCallback("state", 1, "", &authority{})
	connect := func() *limitedConn {
		near, far := net.Pipe()
		t.Cleanup(func() { _, _ = near.Close(), far.Close() })
		conn := &limitedConn{Conn: near, limiter: limiter}
		limiter.admit(conn)
		return conn
	}
	post := func(conn net.Conn, state string) {
		form := url.Values{"code": {"c"}, "state": {state}}
		r := httptest.NewRequestWithContext(withConn(t.Context(), conn), http.MethodPost, "http://localhost:1/",
			strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		door.ServeHTTP(httptest.NewRecorder(), r)
	}
	isOpen := func(conn net.Conn) bool { return conn.SetDeadline(time.Time{}) == nil }
	stranger, browser := connect(), connect()
	post(stranger, "strange")
	post(browser, "state")
	for range maxConnections {
		connect()
	}
	if isOpen(stranger) || !isOpen(browser) {
		t.Errorf("open: the stranger's %v, the browser's %v", isOpen(stranger), isOpen(browser))
	}
}

func TestSlowConnections(t *testing.T) {
	t.Run("cannot keep the browser out", func(t *testing.T) {
		f := newFake(t)
		var took time.Duration
		during(t, f, standard(), func(d door) {
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
