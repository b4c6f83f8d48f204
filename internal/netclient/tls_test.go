package netclient

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"entrada/internal/fault"
)

// authority is a certificate authority such as a company's firewall has.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{key: key}
	a.cert = a.sign(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "Inspection CA\r\n", Organization: []string{"Example Firewall Ltd"}},
		IsCA:    true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, key)
	return a
}

func (a *authority) sign(t *testing.T, template *x509.Certificate, key *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	if template.NotAfter.IsZero() {
		template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	}
	parent := a.cert
	if parent == nil {
		parent = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// server serves over TLS with a certificate from this authority.
func (a *authority) server(t *testing.T, config *tls.Config, change func(*x509.Certificate)) string {
	if config == nil {
		config = &tls.Config{}
	}
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "server"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if change != nil {
		change(template)
	}
	leaf := a.sign(t, template, key)
	config.Certificates = []tls.Certificate{{Certificate: [][]byte{leaf.Raw}, PrivateKey: key}}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "reached")
	}))
	s.TLS = config
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

func TestUntrustedTLS(t *testing.T) {
	a := newAuthority(t)
	for name, c := range map[string]struct {
		config  *tls.Config
		change  func(*x509.Certificate)
		subject string
		detail  string
	}{
		"unknown issuer": {subject: "Inspection CA, Example Firewall Ltd", detail: "issuer is not trusted"},
		"other name": {
			change:  func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"other.example"} },
			subject: "Inspection CA, Example Firewall Ltd", detail: "another name",
		},
		"expired": {
			change: func(c *x509.Certificate) {
				c.NotBefore, c.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
			},
			subject: "Inspection CA, Example Firewall Ltd", detail: "not valid at this computer's date",
		},
		"TLS 1.1 at most": {config: &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11},
			detail: "encryption of today"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := fetch(t, Options{}, a.server(t, c.config, c.change))
			wantKind(t, err, fault.TLSUntrusted)
			var f *fault.Error
			if !errors.As(err, &f) || !strings.Contains(f.Detail, c.detail) {
				t.Fatalf("%v does not say %q", err, c.detail)
			}
			if c.subject != "" && f.Subject != c.subject {
				t.Errorf("subject %q", f.Subject)
			}
		})
	}
	t.Run("no TLS at all", func(t *testing.T) {
		s := serve(t, func(http.ResponseWriter, *http.Request) {})
		_, err := fetch(t, Options{}, strings.Replace(s.URL, "http:", "https:", 1))
		wantKind(t, err, fault.BadAnswer)
	})
}

const childFetches = "ENTRADA_TEST_FETCH"

// fetchAsChild is this test program in another role: the system's roots are
// read once per process, so that only a new one can be given others.
func fetchAsChild() {
	address := os.Getenv(childFetches)
	if address == "" {
		return
	}
	resp, err := New(Options{}).Get(address)
	if err != nil {
		fmt.Println(fault.KindOf(Classify("ask", err)))
		os.Exit(0)
	}
	_, _ = io.Copy(os.Stdout, resp.Body)
	os.Exit(0)
}

// A company's authority that the computer trusts is trusted by Entrada. Other
// systems than Linux keep theirs in a store that a test had better not change.
func TestSystemRootsAreTrusted(t *testing.T) {
	a := newAuthority(t)
	address := a.server(t, nil, nil)
	file := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}),
		0o600); err != nil {
		t.Fatal(err)
	}
	run := func(env ...string) string {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), append(env, childFetches+"="+address)...)
		out, err := child.Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(bytes.TrimSpace(out))
	}
	if got := run(); got != string(fault.TLSUntrusted) {
		t.Errorf("without the authority: %s", got)
	}
	if got := run("SSL_CERT_FILE=" + file); runtime.GOOS == "linux" && got != "reached" {
		t.Errorf("with the authority: %s", got)
	}
}
