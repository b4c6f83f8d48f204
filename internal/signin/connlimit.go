package signin

import (
	"net"
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
	l := conn.limiter
	l.mu.Lock()
	if i := slices.Index(l.open, conn); i >= 0 {
		l.open = slices.Delete(l.open, i, i+1)
	}
	l.mu.Unlock()
	return conn.Conn.Close()
}
