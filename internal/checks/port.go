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

// PortOpen connects to a port of a machine from this computer, and closes the connection
// at once. The result says nothing about other computers, because firewalls treat them
// differently. The error is of a network kind.
func PortOpen(ctx context.Context, host string, port int) error {
	ctx, cancel := context.WithTimeout(ctx, portPatience)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return netclient.Classify("reach the port", err)
	}
	return conn.Close()
}
