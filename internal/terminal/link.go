package terminal

import (
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"entrada/internal/console"
)

// sayLink shows the address to sign in at, and before it what has to be done
// first.
func sayLink(to *console.Output, link string) {
	if remoteWords(to, link) {
		to.Say("", "Then open the sign-in link in your own browser:")
	} else {
		to.Say("", "The sign-in link, in case no browser opens by itself. Open it in a browser on this computer:")
	}
	to.Value(link)
}

// remoteWords tells those who sit at another computer how their browser reaches
// this one: Microsoft sends the answer to localhost.
func remoteWords(to *console.Output, link string) (said bool) {
	connection := os.Getenv("SSH_CONNECTION")
	if connection == "" {
		return false
	}
	u, err := url.Parse(link)
	if err != nil {
		return false
	}
	back, err := url.Parse(u.Query().Get("redirect_uri"))
	if err != nil || back.Port() == "" {
		return false
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
	to.Say("", "You are connected over ssh. First open a second connection, in a terminal of your own computer:")
	to.Value("ssh -N " + port + "-L " + back.Port() + ":localhost:" + back.Port() + " " + host)
	return true
}
