package signin

import (
	"errors"
	"syscall"

	"golang.org/x/sys/windows"
)

// exclusive keeps another program from sharing our port with SO_REUSEADDR, as
// Windows otherwise allows it to ("Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE",
// learn.microsoft.com). winsock2.h defines the option as ~SO_REUSEADDR.
func exclusive(_, _ string, c syscall.RawConn) error {
	var failed error
	err := c.Control(func(handle uintptr) {
		failed = windows.SetsockoptInt(windows.Handle(handle), windows.SOL_SOCKET, ^windows.SO_REUSEADDR, 1)
	})
	return errors.Join(err, failed)
}

// withoutIPv6 reports whether an address failed because there is no IPv6.
func withoutIPv6(err error) bool {
	return errors.Is(err, windows.WSAEADDRNOTAVAIL) || errors.Is(err, windows.WSAEAFNOSUPPORT)
}
