package netclient

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"time"

	"entrada/internal/fault"
	"entrada/internal/words"
)

// Classify gives an error of a request, or of reading its answer, its fault
// kind. It keeps an existing fault's kind. Text that a server or proxy sent
// stays out: such text may echo the request, and with it a secret.
func Classify(op string, err error) error {
	if err == nil {
		return nil
	}
	var known *fault.Error
	if errors.As(err, &known) {
		named := *known
		named.Op = op
		return &named
	}
	f := &fault.Error{Kind: fault.Unknown, Op: op, When: time.Now().UTC()}
	var request *url.Error
	if errors.As(err, &request) {
		f.Kind = fault.BadAnswer // whatever net/http has no type for, such as a malformed header
		if u, parseErr := url.Parse(request.URL); parseErr == nil {
			f.Subject = u.Host
		}
	}
	describe(f, err)
	return f
}

// describe sets kind and detail by the cause. Order matters: a look-up or a
// handshake that takes too long is also a timeout.
func describe(f *fault.Error, err error) {
	var (
		dns     *net.DNSError
		op      *net.OpError
		network net.Error
	)
	set := func(kind fault.Kind, detail string, cause error) {
		f.Kind, f.Detail, f.Err = kind, detail, cause
	}
	switch {
	case errors.Is(err, context.Canceled):
		set(fault.Cancelled, "", context.Canceled)
	case describeTLS(f, err):
	case errors.As(err, &dns):
		switch {
		case dns.IsNotFound:
			set(fault.HostNotFound, "", dns)
		case dns.IsTimeout:
			set(fault.TimedOut, "no answer to the look-up of the name", dns)
		default: // no name server can be reached
			set(fault.Offline, "names cannot be looked up", dns)
		}
		f.Subject = dns.Name
	case errors.As(err, &op) && op.Op == "proxyconnect":
		set(fault.ProxyRefused, "the proxy cannot be reached", op)
	case errors.As(err, &network) && network.Timeout():
		// The error's own text may hold more than this.
		set(fault.TimedOut, "", context.DeadlineExceeded)
	case errors.As(err, &op) && op.Op == "dial":
		set(fault.Offline, "", op)
	case errors.As(err, &op):
		set(fault.BadAnswer, "the connection was cut", op)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		set(fault.BadAnswer, "the answer was cut off", nil)
	}
}

// describeTLS recognises what fails before a byte of HTTP is exchanged.
func describeTLS(f *fault.Error, err error) bool {
	var (
		untrusted *tls.CertificateVerificationError
		plain     tls.RecordHeaderError
		alert     *net.OpError
		invalid   x509.CertificateInvalidError
		wrongHost x509.HostnameError
	)
	switch {
	case errors.As(err, &untrusted):
		f.Kind = fault.TLSUntrusted
		if len(untrusted.UnverifiedCertificates) > 0 {
			f.Subject = issuer(untrusted.UnverifiedCertificates[0])
		}
		switch {
		case errors.As(err, &wrongHost):
			f.Detail = "the certificate is for another name"
		case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
			f.Detail = "the certificate is not valid at this computer's date"
		case errors.As(err, &invalid):
			f.Detail = "the certificate does not allow this use"
		default:
			f.Detail = "the certificate's issuer is not trusted on this computer"
		}
	case errors.As(err, &plain), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		f.Kind, f.Detail = fault.BadAnswer, "the server does not speak TLS"
	case strings.Contains(err.Error(), "tls: server selected unsupported protocol version"),
		strings.Contains(err.Error(), "tls: protocol version not supported"):
		f.Kind, f.Detail = fault.TLSUntrusted, "the server offers no encryption of today"
	case errors.As(err, &alert) && alert.Op == "remote error": // crypto/tls's name for the other side's alert
		f.Kind, f.Detail, f.Err = fault.TLSUntrusted, "the server refused the encrypted connection", alert
	default:
		return false
	}
	return true
}

// issuer names who signed a certificate: with TLS inspection, the company's
// firewall, which is what a helpdesk needs to hear.
func issuer(cert *x509.Certificate) string {
	name := words.Printable(cert.Issuer.CommonName, 100)
	if org := cert.Issuer.Organization; len(org) > 0 && !strings.Contains(name, org[0]) {
		if name != "" {
			name += ", "
		}
		name += words.Printable(org[0], 100)
	}
	return name
}
