package netclient

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"entrada/internal/fault"
)

func through(t *testing.T, proxy string) Options {
	t.Helper()
	u, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	o := soon
	o.proxy = http.ProxyURL(u)
	return o
}

func TestProxyRefusals(t *testing.T) {
	for _, c := range []struct {
		status int
		target string
		kind   fault.Kind
		detail string
	}{
		{407, "https://login.example/", fault.ProxyRefused, "wants a login"},
		{403, "https://login.example/", fault.ProxyRefused, "forbids the address"},
		{502, "https://login.example/", fault.ProxyRefused, "cannot reach"},
		{400, "https://login.example/", fault.ProxyRefused, "does not connect"},
		{407, "http://login.example/", fault.ProxyRefused, "wants a login"},
	} {
		proxy := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Proxy-Authenticate", "Negotiate")
			w.WriteHeader(c.status)
		})
		_, err := fetch(t, through(t, proxy.URL), c.target)
		wantKind(t, err, c.kind)
		var f *fault.Error
		if !errors.As(err, &f) || !strings.Contains(f.Detail, c.detail) || f.Status != c.status {
			t.Errorf("%d for %s: %v", c.status, c.target, err)
		}
	}
}

func TestProxyThatIsOff(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := "http://" + l.Addr().String()
	_ = l.Close()
	_, err = fetch(t, through(t, dead), "https://login.example/")
	wantKind(t, err, fault.ProxyRefused)
	if !strings.Contains(err.Error(), "the proxy cannot be reached") ||
		!strings.Contains(err.Error(), l.Addr().String()) {
		t.Errorf("%v does not blame the proxy", err)
	}

	t.Setenv("HTTP_PROXY", dead)
	t.Setenv("HTTPS_PROXY", dead)
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "reached") })
	if text, err := fetch(t, soon, s.URL); err != nil || text != "reached" {
		t.Errorf("loopback with a dead proxy in the environment: %q, %v", text, err)
	}
}

func TestProxyFromTheEnvironment(t *testing.T) {
	var asked atomic.Value
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) { asked.Store(r.Host); w.WriteHeader(403) })
	t.Setenv("HTTPS_PROXY", proxy.URL)
	t.Setenv("NO_PROXY", "")
	_, err := fetch(t, soon, "https://login.example/")
	wantKind(t, err, fault.ProxyRefused)
	if asked.Load() != "login.example:443" {
		t.Errorf("the proxy was asked for %v", asked.Load())
	}

	t.Setenv("NO_PROXY", ".example")
	find := systemProxy()
	req, _ := http.NewRequest("GET", "https://login.example/", nil)
	if p, err := find(req); p != nil || err != nil {
		t.Errorf("%v, %v despite NO_PROXY", p, err)
	}
}

func TestLoopbackBypassesAnyProxy(t *testing.T) {
	find := bypassLoopback(func(*http.Request) (*url.URL, error) { return &url.URL{Host: "proxy"}, nil })
	for host, direct := range map[string]bool{
		"localhost": true, "LOCALHOST.": true, "127.0.0.1:80": true, "127.8.8.8": true, "[::1]:9": true,
		"a.localhost":       true,
		"localhost.example": false, "128.0.0.1": false, "login.example": false, "[2001:db8::1]": false,
	} {
		req, _ := http.NewRequest("GET", "http://"+host+"/", nil)
		if p, _ := find(req); (p == nil) != direct {
			t.Errorf("%s: proxy %v", host, p)
		}
	}
}

func TestScriptProxy(t *testing.T) {
	for answer, want := range map[string]string{
		"": "", "DIRECT": "", " direct ; PROXY a:1": "",
		"PROXY a.example:8080; DIRECT": "http://a.example:8080",
		"a.example:8080;b.example":     "http://a.example:8080",
		"https=a.example:8080":         "http://a.example:8080",
	} {
		got := ""
		if u := scriptProxy(answer); u != nil {
			got = u.String()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", answer, got, want)
		}
	}
}

func TestScriptIsNotRunForEachRequest(t *testing.T) {
	now, runs := time.Now(), 0
	find := remember(func(string) string { runs++; return "p" }, func() time.Time { return now })
	for range 3 {
		find("https://a/")
	}
	find("https://b/")
	now = now.Add(6 * time.Minute)
	find("https://a/")
	if runs != 3 {
		t.Errorf("%d runs, want 3", runs)
	}
}

// A proxy that wants a login is called that, whatever else its answer holds.
func TestALoginOfAProxyInAnyDress(t *testing.T) {
	for name, answer := range map[string]string{
		"control character": "HTTP/1.1 407 Proxy Authentication Required\r\n" +
			"Proxy-Authenticate: Basic realm=\"\x01\"\r\n\r\n",
		"no header":    "HTTP/1.0 407\r\n\r\n",
		"no colon":     "HTTP/1.1 407 X\r\nthis is no header\r\n\r\n",
		"large":        "HTTP/1.1 407 X\r\nA: " + strings.Repeat("a", 1<<20) + "\r\n\r\n",
		"cut":          "HTTP/1.1 407 X\r\nProxy-Auth",
		"blank before": "\r\nHTTP/1.1 407 X\r\n\r\n",
	} {
		for _, target := range []string{"https://login.example/", "http://login.example/"} {
			l, err := net.Listen("tcp4", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				c, err := l.Accept()
				if err != nil {
					return
				}
				defer func() { _ = c.Close() }()
				_, _ = c.Read(make([]byte, 4096))
				_, _ = io.WriteString(c, answer)
			}()
			_, err = fetch(t, through(t, "http://"+l.Addr().String()), target)
			_ = l.Close()
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != fault.ProxyRefused || !strings.Contains(f.Detail, "wants a login") {
				t.Errorf("%s, %s: %v", name, target, err)
			}
		}
		for how, pieces := range inPieces {
			_, err := io.ReadAll(&greeted{Conn: readable{r: pieces(strings.NewReader(answer))}})
			if !fault.Is(err, fault.ProxyRefused) {
				t.Errorf("%s, %s: %v", name, how, err)
			}
		}
	}
	for _, other := range []string{"", "H", "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 407 x\r\n", "\x16\x03\x01 407",
		"HTTP/1.1 4070 x\n", strings.Repeat("HTTP/1.1 ", 100)} {
		for name, pieces := range inPieces {
			got, err := io.ReadAll(&greeted{Conn: readable{r: pieces(strings.NewReader(other))}})
			if string(got) != other || err != nil {
				t.Errorf("%q, %s, is read as %q, %v", other, name, got, err)
			}
		}
	}
}

var inPieces = map[string]func(io.Reader) io.Reader{"byte by byte": iotest.OneByteReader, "halves": iotest.HalfReader,
	"with the end": iotest.DataErrReader}

type readable struct {
	net.Conn
	r io.Reader
}

func (r readable) Read(p []byte) (int, error) { return r.r.Read(p) }
