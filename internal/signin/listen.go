package signin

import (
	"context"
	"net"
	"strconv"

	"entrada/internal/fault"
)

// listenFunc opens one address, an IP literal with a port.
type listenFunc func(ctx context.Context, network, address string) (net.Listener, error)

func listenExclusively(ctx context.Context, network, address string) (net.Listener, error) {
	return (&net.ListenConfig{Control: exclusive}).Listen(ctx, network, address)
}

// portTries is how many ports to try before giving up.
const portTries = 10

// listenPair opens the same free port on 127.0.0.1 and ::1. The redirect URI says
// "localhost", and the browser chooses one of the two addresses. If we left one out,
// another program could listen there and receive the code. The addresses are
// literals, so that no hosts file can change the interface.
func listenPair(ctx context.Context, listen listenFunc) (port int, pair []net.Listener, err error) {
	for range portTries {
		var v4, v6 net.Listener
		v4, err = listen(ctx, "tcp4", "127.0.0.1:0")
		if err != nil {
			continue
		}
		port = v4.Addr().(*net.TCPAddr).Port
		v6, err = listen(ctx, "tcp6", net.JoinHostPort("::1", strconv.Itoa(port)))
		switch {
		case err == nil:
			return port, []net.Listener{v4, v6}, nil
		case withoutIPv6(err):
			return port, []net.Listener{v4}, nil
		}
		_ = v4.Close()
	}
	return 0, nil, fault.New(fault.PortUnavailable, "open a port for the answer", err)
}
