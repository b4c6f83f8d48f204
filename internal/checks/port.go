package checks

import (
	"context"
	"net"
	"strconv"
	"time"

	"entrada/internal/netclient"
)

// portPatience is how long a machine may take to answer on a port.
const portPatience = 4 * time.Second

// PortOpen tries to reach a port of a machine from this computer and hangs up
// at once. Success says nothing about other computers, failure no more than
// that: firewalls tell them apart. The error is of a network kind.
func PortOpen(ctx context.Context, host string, port int) error {
	ctx, cancel := context.WithTimeout(ctx, portPatience)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return netclient.Classify("reach the port", err)
	}
	return conn.Close()
}
