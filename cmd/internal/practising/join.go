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

// endpoints are the addresses of a running organisation.
type endpoints struct {
	Login  string `json:"login"`
	Graph  string `json:"graph"`
	Portal string `json:"portal"`
}

// publish writes where the organisation answers. Without it nobody can join, and is
// told so.
func publish(file string, c entra.Cloud) {
	if data, err := json.Marshal(endpoints{c.Login, c.Graph, c.Portal}); err == nil {
		_ = safefile.Write(file, data, safefile.Options{Overwrite: true, AnyFolder: true})
	}
}

// patience is how long the other program may take to say where it answers: it
// may have started a moment ago.
const patience = 2 * time.Second

// connect is the cloud of the organisation that another program has started. c is
// one of the same kind.
func connect(ctx context.Context, file string, c entra.Cloud) (entra.Cloud, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		var e endpoints
		data, err := safefile.Read(file, 4<<10)
		if err == nil && json.Unmarshal(data, &e) == nil &&
			isListening(e.Login) && isListening(e.Graph) && isListening(e.Portal) {
			c.Login, c.Graph, c.Portal = e.Login, e.Graph, e.Portal
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

// isListening reports whether somebody listens there, on this computer.
func isListening(address string) bool {
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
