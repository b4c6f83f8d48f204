package signin

import (
	"context"
	"net"
	"net/http"
	"slices"
	"sync"
)

// connLimiter keeps at most maxConnections connections open. When it is full, it closes
// the oldest: a browser is done within milliseconds, so the oldest one is idle on
// purpose. If it refused new ones instead, idle connections could keep the browser out.
type connLimiter struct {
	mu   sync.Mutex
	open []*limitedConn // oldest first
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
	limited := &limitedConn{Conn: conn, limiter: l.limiter}
	l.limiter.admit(limited)
	return limited, nil
}

func (c *connLimiter) admit(conn *limitedConn) {
	var oldest *limitedConn
	c.mu.Lock()
	if len(c.open) >= maxConnections {
		oldest, c.open = c.open[0], c.open[1:]
	}
	c.open = append(c.open, conn)
	c.mu.Unlock()
	if oldest != nil {
		_ = oldest.Conn.Close()
	}
}

type limitedConn struct {
	net.Conn
	limiter *connLimiter
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

// spare takes a request's connection out of the count. It brought the state, so the
// browser is at its other end and waits for its page.
func spare(r *http.Request) {
	if conn, ok := r.Context().Value(connKey{}).(*limitedConn); ok {
		conn.limiter.forget(conn)
	}
}

func (c *connLimiter) forget(conn *limitedConn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(c.open, conn); i >= 0 {
		c.open = slices.Delete(c.open, i, i+1)
	}
}
