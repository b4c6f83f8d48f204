package signin

import (
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// Tunnel is the command by which the browser of somebody who is here over ssh reaches
// the port that the answer to a sign-in link comes back to; "" for a link without one.
// connection is the variable SSH_CONNECTION (ssh(1)).
func Tunnel(link, connection string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	back, err := url.Parse(u.Query().Get("redirect_uri"))
	if err != nil || back.Port() == "" {
		return ""
	}
	host, port := "this-computer", ""
	// The client's address and port, then ours, as the client named them.
	if parts := strings.Fields(connection); len(parts) == 4 {
		if at, err := netip.ParseAddrPort(net.JoinHostPort(parts[2], parts[3])); err == nil {
			host = at.Addr().String()
			if at.Port() != 22 {
				port = "-p " + parts[3] + " "
			}
		}
	}
	return "ssh -N " + port + "-L " + back.Port() + ":localhost:" + back.Port() + " " + host
}
