package signin

import (
	"net"
	"syscall"
	"testing"

	"golang.org/x/sys/windows"
)

// L05: Windows lets another program share a port with SO_REUSEADDR, unless whoever
// had it first forbade that.
func TestNobodySharesOurPort(t *testing.T) {
	ours, err := listenExclusively(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ours.Close() }()
	// Wine shares no port anyhow, so ask whether it is forbidden as well.
	raw, err := ours.(*net.TCPListener).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	forbidden := 0
	_ = raw.Control(func(fd uintptr) {
		forbidden, err = windows.GetsockoptInt(windows.Handle(fd), windows.SOL_SOCKET, ^windows.SO_REUSEADDR)
	})
	if err != nil || forbidden == 0 {
		t.Errorf("sharing is not forbidden: %d %v", forbidden, err)
	}
	thief := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) {
			_ = windows.SetsockoptInt(windows.Handle(fd), windows.SOL_SOCKET, windows.SO_REUSEADDR, 1)
		})
	}}
	if theirs, err := thief.Listen(t.Context(), "tcp4", ours.Addr().String()); err == nil {
		_ = theirs.Close()
		t.Error("another program listens on our port")
	}
}
