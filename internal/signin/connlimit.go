package signin

import (
	"context"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	maxConnections = 128                    // that have brought no request yet
	hardLimit      = 1024                   // of each kind, whatever they do
	headerGrace    = 100 * time.Millisecond // a browser sends its whole request in one piece
)

// connLimiter keeps a flood from this computer away from the browser's answer. When
// there are too many connections, it closes the oldest that has sent nothing, and
// then the oldest that has not come to the end of its request's header. If it refused
// new ones instead, idle connections could keep the browser out. A request that is
// complete is left to the server's time limits.
type connLimiter struct {
	grace time.Duration

	mu      sync.Mutex
	open    []*limitedConn // that have brought no request yet, the oldest first
	serving []*limitedConn // whose request's header is complete, the oldest first
}

// wrap returns a listener whose connections count towards the limit.
func (c *connLimiter) wrap(l net.Listener) net.Listener { return &limitedListener{l, c} }

type limitedListener struct {
	net.Listener
	limiter *connLimiter
}

// Accept implements [net.Listener].
func (l *limitedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	limited := &limitedConn{Conn: conn, limiter: l.limiter, since: time.Now()}
	l.limiter.admit(limited)
	return limited, nil
}

func (c *connLimiter) admit(conn *limitedConn) {
	c.mu.Lock()
	c.open = append(c.open, conn)
	var victim *limitedConn
	if len(c.open) > maxConnections {
		if i := c.dispensable(); i >= 0 {
			victim = c.open[i]
			c.open = slices.Delete(c.open, i, i+1)
		}
	}
	c.mu.Unlock()
	if victim != nil {
		_ = victim.Conn.Close()
	}
}

// dispensable is the connection to close; -1 for none. A browser gets time to send
// what it connected for, as long as there is any room.
func (c *connLimiter) dispensable() int {
	full, now := len(c.open) > hardLimit, time.Now()
	old := func(conn *limitedConn) bool { return full || now.Sub(conn.since) > c.grace }
	silent := func(conn *limitedConn) bool { return old(conn) && conn.isSilent() }
	if i := slices.IndexFunc(c.open, silent); i >= 0 {
		return i
	}
	return slices.IndexFunc(c.open, old)
}

func (c *connLimiter) forget(conn *limitedConn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, list := range []*[]*limitedConn{&c.open, &c.serving} {
		if i := slices.Index(*list, conn); i >= 0 {
			*list = slices.Delete(*list, i, i+1)
		}
	}
}

// serve takes a connection out of those that wait.
func (c *connLimiter) serve(conn *limitedConn) {
	c.mu.Lock()
	i := slices.Index(c.open, conn)
	if i < 0 {
		c.mu.Unlock()
		return // it is closed
	}
	c.open = slices.Delete(c.open, i, i+1)
	c.serving = append(c.serving, conn)
	var oldest *limitedConn
	if len(c.serving) > hardLimit {
		oldest, c.serving = c.serving[0], c.serving[1:]
	}
	c.mu.Unlock()
	if oldest != nil {
		_ = oldest.Conn.Close()
	}
}

type limitedConn struct {
	net.Conn
	limiter *connLimiter
	since   time.Time
	sent    bool // guarded by the limiter
}

// isSilent reports whether nothing has come: neither read by the server, nor waiting
// to be read.
func (conn *limitedConn) isSilent() bool {
	conn.sent = conn.sent || hasBytesWaiting(conn.Conn)
	return !conn.sent
}

// Read implements [net.Conn].
func (conn *limitedConn) Read(b []byte) (int, error) {
	n, err := conn.Conn.Read(b)
	if n > 0 {
		conn.limiter.mu.Lock()
		conn.sent = true
		conn.limiter.mu.Unlock()
	}
	return n, err
}

// Close implements [net.Conn].
func (conn *limitedConn) Close() error {
	conn.limiter.forget(conn)
	return conn.Conn.Close()
}

// connKey is where a request's context holds its connection.
type connKey struct{}

// withConn is for [http.Server.ConnContext].
func withConn(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}

// hasRequest is told of each request: its header is complete, so its connection is not
// one of those that wait.
func hasRequest(r *http.Request) {
	if conn, ok := r.Context().Value(connKey{}).(*limitedConn); ok {
		conn.limiter.serve(conn)
	}
}
