//go:build !windows

package signin

import (
	"context"
	"net"
	"syscall"
	"testing"
)

func TestWithoutIPv6(t *testing.T) {
	for _, absent := range []error{syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT} {
		_, pair, err := listenPair(t.Context(),
			func(ctx context.Context, network, address string) (net.Listener, error) {
				if network == "tcp6" {
					return nil, &net.OpError{Op: "listen", Err: absent}
				}
				return listenExclusively(ctx, network, address)
			})
		if err != nil || len(pair) != 1 {
			t.Errorf("%v: %d listeners, %v", absent, len(pair), err)
		}
		closeAll(pair)
	}
}
