package netclient

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-ieproxy"
	"golang.org/x/net/http/httpproxy"

	"entrada/internal/fault"
)

// systemProxy follows, in this order: the environment (HTTPS_PROXY, NO_PROXY),
// the proxy script and then the fixed proxy of the computer's settings. Go
// itself reads the environment alone, so that behind many a company's proxy
// the browser would work and Entrada would not.
//
// "Detect settings automatically" (WPAD) is left out: any computer on the
// network can answer that question, and asking it can hand out the user's
// Windows credentials.
func systemProxy() func(*http.Request) (*url.URL, error) {
	if env := httpproxy.FromEnvironment(); env.HTTPProxy != "" || env.HTTPSProxy != "" {
		find := env.ProxyFunc()
		return func(req *http.Request) (*url.URL, error) { return find(req.URL) }
	}
	settings := ieproxy.GetConf()
	var fixed func(*url.URL) (*url.URL, error)
	if settings.Static.Active {
		any := settings.Static.Protocols[""]
		config := httpproxy.Config{HTTPProxy: any, HTTPSProxy: any, NoProxy: settings.Static.NoProxy}
		if p := settings.Static.Protocols["http"]; p != "" {
			config.HTTPProxy = p
		}
		if p := settings.Static.Protocols["https"]; p != "" {
			config.HTTPSProxy = p
		}
		fixed = config.ProxyFunc()
	}
	var script func(string) string
	if settings.Automatic.Active && settings.Automatic.PreConfiguredURL != "" {
		script = remember(settings.Automatic.FindProxyForURL, time.Now)
	}
	return func(req *http.Request) (*url.URL, error) {
		if script != nil {
			// Only the host is the script's business, not what is asked of it.
			if p := scriptProxy(script(req.URL.Scheme + "://" + req.URL.Host + "/")); p != nil {
				return p, nil
			}
		}
		if fixed != nil {
			return fixed(req.URL)
		}
		return nil, nil
	}
}

// scriptProxy reads the first entry of a proxy script's answer, such as
// "PROXY proxy.example:8080; DIRECT" or "proxy.example:8080".
func scriptProxy(answer string) *url.URL {
	first, _, _ := strings.Cut(answer, ";")
	fields := strings.Fields(first)
	if len(fields) == 0 || strings.EqualFold(fields[0], "DIRECT") {
		return nil
	}
	host := fields[len(fields)-1]
	if _, after, ok := strings.Cut(host, "="); ok { // "https=proxy.example:8080"
		host = after
	}
	return &url.URL{Scheme: "http", Host: host}
}

// remember keeps a script's answers for a few minutes: each run of a script
// fetches it anew (go-ieproxy issue 6).
func remember(find func(string) string, now func() time.Time) func(string) string {
	type answer struct {
		proxy string
		until time.Time
	}
	var mu sync.Mutex
	known := map[string]answer{}
	return func(address string) string {
		mu.Lock()
		defer mu.Unlock()
		if a, ok := known[address]; ok && now().Before(a.until) {
			return a.proxy
		}
		a := answer{find(address), now().Add(5 * time.Minute)}
		known[address] = a
		return a.proxy
	}
}

// bypassLoopback keeps what is on this computer off every proxy, whatever a
// script says: the practice tenant lives there.
func bypassLoopback(find func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(req *http.Request) (*url.URL, error) {
		if IsLoopback(req.URL.Hostname()) {
			return nil, nil
		}
		return find(req)
	}
}

// IsLoopback reports whether host (without port) means this computer.
func IsLoopback(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") { // RFC 6761 section 6.3
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// dialer makes connections that know a proxy's wish for a login by the first line of its
// answer: what else stands in that may be no HTTP, and net/http would say no more.
func dialer(d *net.Dialer) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := d.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &greeted{Conn: c, address: address}, nil
	}
}

// greeted looks at how the first answer on a connection begins, and holds it back
// until that is known.
type greeted struct {
	net.Conn
	address string
	known   bool
	begun   []byte // was read, and not given out
	err     error  // came behind it
}

// wantsLogin is how such an answer begins (RFC 9110 section 15.5.8).
var wantsLogin = regexp.MustCompile(`^\s*HTTP/1\.[01] +407\b`)

// longestBegun is enough of an answer to know its status.
const longestBegun = 32

func (g *greeted) Read(p []byte) (int, error) {
	for !g.known {
		var more [longestBegun]byte
		n, err := g.Conn.Read(more[:longestBegun-len(g.begun)])
		g.begun, g.err = append(g.begun, more[:n]...), err
		g.known = err != nil || len(g.begun) == longestBegun || !mayWantLogin(g.begun)
		if g.known && wantsLogin.Match(g.begun) {
			return 0, &fault.Error{Kind: fault.ProxyRefused, Op: "connect through the proxy", Subject: g.address,
				Status: http.StatusProxyAuthRequired, Detail: "the proxy wants a login", When: time.Now().UTC()}
		}
	}
	if len(g.begun) > 0 {
		n := copy(p, g.begun)
		g.begun = g.begun[n:]
		return n, nil
	}
	if g.err != nil {
		return 0, g.err
	}
	return g.Conn.Read(p)
}

// mayWantLogin reports whether more has to be read to know.
func mayWantLogin(begun []byte) bool {
	const first = "HTTP/1."
	line := bytes.TrimLeft(begun, "\r\n\t ")
	return bytes.HasPrefix([]byte(first), line[:min(len(line), len(first))]) && !bytes.Contains(line, []byte("\n"))
}

// proxyAnswered gives a proxy's refusal of CONNECT a kind; net/http would make
// an error of its status text.
func proxyAnswered(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	f := &fault.Error{
		Kind: fault.ProxyRefused, Op: "connect through the proxy",
		Subject: proxy.Host, Status: resp.StatusCode, When: time.Now().UTC(),
	}
	switch resp.StatusCode {
	case http.StatusProxyAuthRequired:
		f.Detail = "the proxy wants a login"
	case http.StatusForbidden:
		f.Detail = "the proxy forbids the address"
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		f.Detail = "the proxy cannot reach the address"
	default:
		f.Detail = "the proxy does not connect to the address"
	}
	return f
}
