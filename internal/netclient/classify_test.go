package netclient

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"syscall"
	"testing"

	"entrada/internal/fault"
)

func TestBrokenConnections(t *testing.T) {
	say := func(text string) func(net.Conn) {
		return func(c net.Conn) { readRequest(c); _, _ = io.WriteString(c, text) }
	}
	for name, talk := range map[string]func(net.Conn){
		"closed at once":        func(net.Conn) {},
		"closed after reading":  readRequest,
		"body shorter than due": say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
		"pieces cut off":        say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf"),
		"bad piece length":      say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + canary + "\r\n"),
		"not HTTP":              say("220 mail.example " + canary + "\r\n"),
		"echo as header":        say("HTTP/1.1 200 OK\r\n" + canary + "\r\n\r\n"),
		"echo as status":        say("HTTP/1.1 " + canary + "\r\n\r\n"),
		"echo as length":        say("HTTP/1.1 200 OK\r\nContent-Length: " + canary + "\r\n\r\n"),
		"echo as encoding":      say("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + canary + "\r\n\r\n"),
		"false gzip":            say("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"),
		"reset": func(c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
			_ = c.(*net.TCPConn).SetLinger(0)
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := fetch(t, soon, "http://"+raw(t, talk)+"/")
			wantKind(t, err, fault.BadAnswer)
		})
	}
}

func TestRefusedConnection(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	_, err = fetch(t, soon, "http://"+address)
	wantKind(t, err, fault.Offline)
	var f *fault.Error
	if !errors.As(err, &f) || f.Subject != address || f.Op != "ask" || f.When.IsZero() {
		t.Errorf("%+v", f)
	}
}

func TestClassify(t *testing.T) {
	wrap := func(err error) error {
		return &url.Error{Op: "Get", URL: "https://login.example/a?b=" + canary, Err: err}
	}
	dial := func(err error) error { return wrap(&net.OpError{Op: "dial", Net: "tcp", Err: err}) }
	for _, c := range []struct {
		name    string
		err     error
		kind    fault.Kind
		subject string
	}{
		{"no such name", dial(&net.DNSError{Err: "no such host", Name: "login.example", IsNotFound: true}),
			fault.HostNotFound, "login.example"},
		{"name server silent", dial(&net.DNSError{Err: "i/o timeout", Name: "login.example", IsTimeout: true}),
			fault.TimedOut, "login.example"},
		{"no name server", dial(&net.DNSError{Err: "server misbehaving", Name: "login.example", IsTemporary: true}),
			fault.Offline, "login.example"},
		{"no route", dial(syscall.ENETUNREACH), fault.Offline, "login.example"},
		{"a black hole", dial(context.DeadlineExceeded), fault.TimedOut, "login.example"},
		{"a proxy that is off",
			wrap(&net.OpError{Op: "proxyconnect", Addr: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 8080},
				Err: syscall.ECONNREFUSED}), fault.ProxyRefused, "login.example"},
		{"cancelled", wrap(context.Canceled), fault.Cancelled, "login.example"},
		{"deadline", context.DeadlineExceeded, fault.TimedOut, ""},
		{"a fault stays", wrap(&fault.Error{Kind: fault.Throttled, Subject: "s"}), fault.Throttled, "s"},
		{"unknown, on the way", wrap(errors.New("malformed " + canary)), fault.BadAnswer, "login.example"},
		{"unknown", errors.New("something"), fault.Unknown, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Classify("ask", c.err)
			wantKind(t, err, c.kind)
			var f *fault.Error
			if !errors.As(err, &f) || f.Subject != c.subject || f.Op != "ask" {
				t.Errorf("%+v", f)
			}
		})
	}
	if Classify("ask", nil) != nil {
		t.Error("nil became an error")
	}
	if !errors.Is(Classify("ask", wrap(context.Canceled)), context.Canceled) {
		t.Error("a cancelled context is not recognised any more")
	}
}
