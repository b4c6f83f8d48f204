//go:build unix

package signin

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// hasBytesWaiting reports whether the other side has sent something that nobody has read.
func hasBytesWaiting(conn net.Conn) bool {
	raw, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	control, err := raw.SyscallConn()
	if err != nil {
		return false
	}
	var n int
	_ = control.Control(func(fd uintptr) {
		var b [1]byte
		n, _, _ = unix.Recvfrom(int(fd), b[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
	})
	return n > 0
}
