package practising

import (
	"context"
	"encoding/json"
	"net"
	"net/netip"
	"net/url"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/safefile"
)

// addresses ends the name of the file, beside the organisation's own, that says
// where the running one answers.
const addresses = ".at"

// doors are the addresses of a running organisation.
type doors struct {
	Login  string `json:"login"`
	Graph  string `json:"graph"`
	Portal string `json:"portal"`
}

// tell writes where the organisation answers. Without it nobody can join, and is
// told so.
func tell(file string, c entra.Cloud) {
	if data, err := json.Marshal(doors{c.Login, c.Graph, c.Portal}); err == nil {
		_ = safefile.Write(file, data, safefile.Options{Overwrite: true, AnyFolder: true})
	}
}

// patience is how long the other program may take to say where it answers: it
// may have started a moment ago.
const patience = 2 * time.Second

// join is the cloud of the organisation that another program has started. c is
// one of the same kind.
func join(ctx context.Context, file string, c entra.Cloud) (entra.Cloud, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		var d doors
		data, err := safefile.Read(file, 4<<10)
		if err == nil && json.Unmarshal(data, &d) == nil && answers(d.Login) && answers(d.Graph) && answers(d.Portal) {
			c.Login, c.Graph, c.Portal = d.Login, d.Graph, d.Portal
			return c, nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-limited.Done():
			return entra.Cloud{},
				&fault.Error{Kind: fault.AlreadyRunning, Op: "join the practice organisation", Err: err,
					Detail: "Another program has the practice organisation open and does not answer. Nothing can " +
						"be practised until it ends."}
		}
	}
}

// answers reports whether somebody answers there, on this computer.
func answers(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" {
		return false
	}
	at, err := netip.ParseAddrPort(u.Host)
	if err != nil || !at.Addr().IsLoopback() {
		return false
	}
	c, err := net.DialTimeout("tcp", u.Host, time.Second)
	if err != nil {
		return false
	}
	return c.Close() == nil
}
