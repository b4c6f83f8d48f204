// Package netclient is the one way in which Entrada talks to servers: an HTTP
// client with limits on time and size, the computer's proxy settings, no
// redirects and no cookies, and the words (fault kinds) for what goes wrong on
// the way.
//
// It must not know what is asked of whom: no tokens, no Microsoft Graph, no
// vendors. It never retries; who asks knows whether asking twice is safe.
package netclient

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"entrada/internal/fault"
	"entrada/internal/words"
)

// Version is the program's version in the User-Agent header. The build sets it
// (-ldflags "-X entrada/internal/netclient.Version=1.2.3").
var Version = "dev"

// How large an answer may be after decompression.
const (
	AuthBody  int64 = 1 << 20 // metadata, keys, tokens: a few KiB in practice
	GraphBody int64 = 4 << 20 // a page of messages or permissions
)

// Options are the limits of a client. The zero value is the one for sign-in.
type Options struct {
	MaxBody int64 // default AuthBody

	Dial   time.Duration // making the connection; default 10 s
	TLS    time.Duration // the TLS handshake; default 10 s
	Header time.Duration // from the request's end to the answer's header; default 20 s
	Idle   time.Duration // between two pieces of the answer; default 15 s
	Total  time.Duration // all of it; default 30 s

	proxy func(*http.Request) (*url.URL, error) // tests only
}

// maxHeader caps the header of an answer; Entra's are about 4 KiB.
const maxHeader = 256 << 10

// New makes a client. It follows no redirect: an answer that wants one is an
// error, because a 307 would carry a token request to a foreign host.
// Call CloseIdleConnections when done with it.
func New(o Options) *http.Client {
	o.MaxBody = cmp.Or(o.MaxBody, AuthBody)
	o.Dial = cmp.Or(o.Dial, 10*time.Second)
	o.TLS = cmp.Or(o.TLS, 10*time.Second)
	o.Header = cmp.Or(o.Header, 20*time.Second)
	o.Idle = cmp.Or(o.Idle, 15*time.Second)
	o.Total = cmp.Or(o.Total, 30*time.Second)
	if o.proxy == nil {
		o.proxy = systemProxy()
	}
	transport := &http.Transport{
		Proxy:                  bypassLoopback(o.proxy),
		DialContext:            dialer(&net.Dialer{Timeout: o.Dial, KeepAlive: 30 * time.Second}),
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    o.TLS,
		ResponseHeaderTimeout:  o.Header,
		MaxResponseHeaderBytes: maxHeader,
		// Hundreds of connections may be tested at once against two hosts.
		MaxIdleConnsPerHost:    32,
		IdleConnTimeout:        30 * time.Second,
		ForceAttemptHTTP2:      true,
		OnProxyConnectResponse: proxyAnswered,
	}
	return &http.Client{
		Transport: &limits{next: transport, options: o},
		Timeout:   o.Total,
		// limits refuses redirects already; this holds should that ever change.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// errIdle is the cause with which a stalled answer is cancelled.
var errIdle = errors.New("no more of the answer came")

// limits is the transport under every request: what it lets pass is no
// redirect, no refusal by a proxy, and has a body with an end.
type limits struct {
	next    *http.Transport
	options Options
}

// RoundTrip implements [http.RoundTripper].
func (l *limits) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	out := req.Clone(ctx)
	if out.Header.Get("User-Agent") == "" {
		out.Header.Set("User-Agent", "Entrada/"+Version)
	}
	resp, err := l.next.RoundTrip(out)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	if f := refusedOnTheWay(resp, l.options.MaxBody); f != nil {
		cancel(nil)
		_ = resp.Body.Close()
		return nil, f
	}
	resp.Body = newBody(resp, l.options, ctx, cancel)
	return resp, nil
}

// CloseIdleConnections lets [http.Client.CloseIdleConnections] reach the
// transport beneath.
func (l *limits) CloseIdleConnections() { l.next.CloseIdleConnections() }

// refusedOnTheWay finds the answers that no caller may take for a server's.
func refusedOnTheWay(resp *http.Response, maxBody int64) *fault.Error {
	f := &fault.Error{Op: "read the answer", Subject: hostOf(resp), Status: resp.StatusCode, When: time.Now().UTC()}
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		f.Kind, f.Detail = fault.BadAnswer, "the answer points to another address"
		if to, err := resp.Location(); err == nil && to.Host != "" {
			f.Detail += " (" + words.Printable(to.Host, 100) + ")"
		}
	case http.StatusProxyAuthRequired:
		f.Kind, f.Detail = fault.ProxyRefused, "the proxy wants a login"
	case http.StatusNetworkAuthenticationRequired: // RFC 6585 section 6
		f.Kind, f.Detail = fault.CaptivePortal, "the network wants a login"
	default:
		if resp.ContentLength <= maxBody {
			return nil
		}
		f.Kind, f.Detail = fault.BadAnswer, "the answer is too large"
	}
	return f
}

func hostOf(resp *http.Response) string {
	if resp.Request == nil || resp.Request.URL == nil {
		return ""
	}
	return resp.Request.URL.Host
}
