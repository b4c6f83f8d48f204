package signin

import (
	"context"
	"errors"
	"net"
	"strings"
	"syscall"
	"testing"

	"entrada/internal/fault"
)

func haveIPv6(t *testing.T) bool {
	t.Helper()
	l, err := net.Listen("tcp6", "[::1]:0")
	if err == nil {
		_ = l.Close()
	}
	return err == nil
}

func closeAll(listeners []net.Listener) {
	for _, l := range listeners {
		_ = l.Close()
	}
}

func TestListensOnLoopbackOnly(t *testing.T) {
	port, pair, err := listenPair(t.Context(), listenExclusively)
	if err != nil {
		t.Fatal(err)
	}
	defer closeAll(pair)
	want := 1
	if haveIPv6(t) {
		want = 2
	}
	if len(pair) != want {
		t.Errorf("%d listeners, want %d", len(pair), want)
	}
	for _, l := range pair {
		if a := l.Addr().(*net.TCPAddr); !a.IP.IsLoopback() || a.Port != port {
			t.Errorf("listens on %v, not on port %d of loopback", a, port)
		}
		// Nobody else can take the place beside us.
		if other, err := net.Listen("tcp", l.Addr().String()); err == nil {
			_ = other.Close()
			t.Errorf("a second listener on %v", l.Addr())
		}
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		ip, _, err := net.ParseCIDR(a.String())
		if err != nil || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
			continue
		}
		if c, err := net.Dial("tcp",
			net.JoinHostPort(ip.String(), pair[0].Addr().String()[len("127.0.0.1:"):])); err == nil {
			_ = c.Close()
			t.Errorf("reachable on %v", ip)
		}
	}
}

func TestPortTakenByAnother(t *testing.T) {
	taken := syscall.EADDRINUSE
	for name, c := range map[string]struct {
		failing int // of the first calls for v6
		works   bool
	}{
		"never": {0, true}, "once": {1, true}, "nine times": {9, true}, "always": {10, false},
	} {
		var v4s, v6s int
		var opened []net.Listener
		port, pair, err := listenPair(t.Context(),
			func(ctx context.Context, network, address string) (net.Listener, error) {
				if network == "tcp4" {
					v4s++
					if !strings.HasPrefix(address, "127.0.0.1:") {
						t.Errorf("listens on %s", address)
					}
					l, err := listenExclusively(ctx, network, address)
					opened = append(opened, l)
					return l, err
				}
				if v6s++; v6s <= c.failing {
					return nil, &net.OpError{Op: "listen", Err: taken}
				}
				if !strings.HasPrefix(address, "[::1]:") {
					t.Errorf("listens on %s", address)
				}
				return net.Listen("tcp4", "127.0.0.1:0") // stands in, should there be no IPv6 here
			})
		if c.works {
			if err != nil || port == 0 || len(pair) != 2 || v6s != c.failing+1 {
				t.Errorf("%s: port %d, %d listeners, %d tries, %v", name, port, len(pair), v6s, err)
			}
			closeAll(pair)
		} else {
			wantKind(t, err, fault.PortUnavailable)
			if v4s != 10 {
				t.Errorf("%s: %d tries", name, v4s)
			}
		}
		for _, l := range opened { // what was given up is free again
			if !c.works || l != pair[0] {
				if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
					t.Errorf("%s: a listener stayed open", name)
				}
			}
		}
	}
}

func TestNoPortAtAll(t *testing.T) {
	for _, failing := range []int{1, 9, 10} {
		var tries int
		_, pair, err := listenPair(t.Context(),
			func(ctx context.Context, network, address string) (net.Listener, error) {
				if network == "tcp4" {
					if tries++; tries <= failing {
						return nil, &net.OpError{Op: "listen", Err: syscall.EMFILE}
					}
				}
				return listenExclusively(ctx, network, address)
			})
		if failing < 10 {
			if err != nil {
				t.Errorf("%d failures: %v", failing, err)
			}
			closeAll(pair)
			continue
		}
		wantKind(t, err, fault.PortUnavailable)
	}
}

// Another program that sits on ::1 would get the code; so another port is used.
func TestStrangerOnTheOtherFamily(t *testing.T) {
	if !haveIPv6(t) {
		return // then there is no such place to sit
	}
	var strangers []net.Listener
	port, pair, err := listenPair(t.Context(),
		func(ctx context.Context, network, address string) (net.Listener, error) {
			if network == "tcp6" && len(strangers) < 3 {
				l, err := net.Listen(network, address)
				if err != nil {
					return nil, err
				}
				strangers = append(strangers, l)
			}
			return listenExclusively(ctx, network, address)
		})
	if err != nil {
		t.Fatal(err)
	}
	defer closeAll(pair)
	defer closeAll(strangers)
	for _, l := range strangers {
		if l.Addr().(*net.TCPAddr).Port == port {
			t.Error("the port is shared with a stranger")
		}
	}
	if len(strangers) != 3 || len(pair) != 2 {
		t.Errorf("%d strangers, %d listeners", len(strangers), len(pair))
	}
}

func TestEitherAddressFamilyServes(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1", "localhost"} {
		f := newFake(t)
		_, err := Interactive(t.Context(), f.request(), f.visit(func(d door) {
			port := d.redirect.Port()
			d.redirect.Host = net.JoinHostPort(host, port)
			if host == "::1" && !haveIPv6(t) {
				d.redirect.Host = "localhost:" + port
			}
			if status, _ := d.post(t, d.form()); status != 200 {
				t.Errorf("%s: status %d", host, status)
			}
		}), nil)
		if err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
}
