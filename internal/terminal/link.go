package terminal

import (
	"os"

	"entrada/internal/console"
	"entrada/internal/signin"
)

// sayLink shows the address to sign in at. Those who sit at another computer are told
// first how their browser reaches this one: Microsoft sends the answer to localhost.
func sayLink(to *console.Output, link string) {
	tunnel := ""
	if ssh := os.Getenv("SSH_CONNECTION"); ssh != "" {
		tunnel = signin.Tunnel(link, ssh)
	}
	if tunnel == "" {
		to.Say("", "The sign-in link, in case no browser opens by itself. Open it in a browser on this computer:")
	} else {
		to.Say("", "You are connected over ssh. First open a second connection, in a terminal of your own computer:")
		to.Value(tunnel)
		to.Say("", "Then open the sign-in link in your own browser:")
	}
	to.Value(link)
}
