package signin

import (
	"net"
	"slices"
	"sync"
)

// room holds at most maxConnections connections. When it is full, the oldest
// goes: a browser is done within milliseconds, so the oldest is one that came
// to sit. Turning newcomers away instead would let it keep the browser out.
type room struct {
	mu     sync.Mutex
	seated []*guest // oldest first
}

// behind wraps a listener so that what it accepts takes a seat.
func (r *room) behind(l net.Listener) net.Listener { return &roomListener{l, r} }

type roomListener struct {
	net.Listener
	room *room
}

// Accept implements [net.Listener].
func (l *roomListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	g := &guest{Conn: conn, room: l.room}
	l.room.seat(g)
	return g, nil
}

func (r *room) seat(g *guest) {
	var oldest *guest
	r.mu.Lock()
	if len(r.seated) >= maxConnections {
		oldest, r.seated = r.seated[0], r.seated[1:]
	}
	r.seated = append(r.seated, g)
	r.mu.Unlock()
	if oldest != nil {
		_ = oldest.Conn.Close()
	}
}

type guest struct {
	net.Conn
	room *room
}

// Close implements [net.Conn].
func (g *guest) Close() error {
	g.room.mu.Lock()
	if i := slices.Index(g.room.seated, g); i >= 0 {
		g.room.seated = slices.Delete(g.room.seated, i, i+1)
	}
	g.room.mu.Unlock()
	return g.Conn.Close()
}
