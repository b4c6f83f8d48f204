//go:build !windows

package signin

import (
	"errors"
	"syscall"
)

// exclusive has nothing to do here: a port that somebody listens on is taken.
func exclusive(_, _ string, _ syscall.RawConn) error { return nil }

// withoutIPv6 reports whether an address failed for want of IPv6.
func withoutIPv6(err error) bool {
	return errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) ||
		errors.Is(err, syscall.EPROTONOSUPPORT)
}
