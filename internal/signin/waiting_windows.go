package signin

import (
	"net"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// fionread asks a socket how many bytes wait (learn.microsoft.com/windows/win32/winsock/winsock-ioctls).
const fionread = 0x4004667f

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
	var waiting, returned uint32
	_ = control.Control(func(fd uintptr) {
		_ = windows.WSAIoctl(windows.Handle(fd), fionread, nil, 0, (*byte)(unsafe.Pointer(&waiting)), 4, &returned,
			nil, 0)
	})
	return waiting > 0
}
