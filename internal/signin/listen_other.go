//go:build !windows

package signin

import (
	"errors"
	"syscall"
)

// exclusive has nothing to do here: two programs cannot share a port.
func exclusive(_, _ string, _ syscall.RawConn) error { return nil }

// withoutIPv6 reports whether an address failed because there is no IPv6.
func withoutIPv6(err error) bool {
	return errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) ||
		errors.Is(err, syscall.EPROTONOSUPPORT)
}
