package signin

import (
	"net"
	"testing"
)

func TestRoomTurnsOutTheOldest(t *testing.T) {
	r := &room{}
	var near, far []net.Conn
	for range maxConnections + 3 {
		a, b := net.Pipe()
		g := &guest{Conn: a, room: r}
		r.seat(g)
		near, far = append(near, g), append(far, b)
	}
	if len(r.seated) != maxConnections || r.seated[0] != near[3] {
		t.Errorf("%d are seated", len(r.seated))
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
	if len(r.seated) != 0 {
		t.Errorf("%d are still seated", len(r.seated))
	}
}
