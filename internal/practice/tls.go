package practice

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// TLSInfo says where the practice tenant answers under the names of a cloud.
type TLSInfo struct {
	Address string   `json:"address"` // host:port to connect to, whatever the name
	CAFile  string   `json:"caFile"`
	Hosts   []string `json:"hosts"`
}

const (
	caFile    = "ca.pem"
	caKeyFile = "ca-key.pem"
)

// secure turns the last listener into a TLS one.
func (d *doors) secure(o Options, s *Server) error {
	if len(o.Hosts) == 0 {
		return fmt.Errorf("practice: a folder for TLS but no host names")
	}
	authority, key, err := openAuthority(o.TLSDir)
	if err != nil {
		return fmt.Errorf("practice: certificate authority: %w", err)
	}
	certificate, err := issue(authority, key, o.Hosts)
	if err != nil {
		return fmt.Errorf("practice: certificate: %w", err)
	}
	last := len(d.listeners) - 1
	address := d.listeners[last].Addr().String()
	d.listeners[last] = tls.NewListener(d.listeners[last], &tls.Config{
		Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
	})
	file, err := filepath.Abs(filepath.Join(o.TLSDir, caFile))
	if err != nil {
		return err
	}
	s.tls = &TLSInfo{Address: address, CAFile: file, Hosts: o.Hosts}
	return nil
}

// openAuthority reads the authority in a folder, or makes one.
func openAuthority(folder string) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	certificate, key, err := readAuthority(folder)
	if err == nil && time.Until(certificate.NotAfter) > time.Hour {
		return certificate, key, nil
	}
	return makeAuthority(folder)
}

func readAuthority(folder string) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	pair, err := tls.LoadX509KeyPair(filepath.Join(folder, caFile), filepath.Join(folder, caKeyFile))
	if err != nil {
		return nil, nil, err
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return nil, nil, fmt.Errorf("%s holds another kind of key", caKeyFile)
	}
	certificate, err := x509.ParseCertificate(pair.Certificate[0])
	return certificate, key, err
}

func makeAuthority(folder string) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "Entrada practice authority (this computer only)"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(0, 0, 30), IsCA: true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign, MaxPathLenZero: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, nil, err
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, nil, err
	}
	for name, block := range map[string]*pem.Block{
		caFile: {Type: "CERTIFICATE", Bytes: der}, caKeyFile: {Type: "EC PRIVATE KEY", Bytes: private},
	} {
		path := filepath.Join(folder, name)
		// An existing file would keep its own, perhaps looser, mode.
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return nil, nil, err
		}
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			return nil, nil, err
		}
	}
	certificate, err := x509.ParseCertificate(der)
	return certificate, key, err
}

func issue(authority *x509.Certificate, key *ecdsa.PrivateKey, hosts []string) (tls.Certificate, error) {
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: hosts[0]}, DNSNames: hosts,
		NotBefore: authority.NotBefore, NotAfter: authority.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, authority, &own.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der, authority.Raw}, PrivateKey: own}, err
}

func serial() *big.Int {
	n, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	return n
}

// byHost chooses the room by the name that was asked for.
func (s *Server) byHost(login, graph, portal http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch roomOf(r.Host) {
		case "login":
			login.ServeHTTP(w, r)
		case "graph":
			graph.ServeHTTP(w, r)
		default:
			portal.ServeHTTP(w, r)
		}
	})
}

func roomOf(host string) string {
	for _, room := range []string{"login", "graph"} {
		if strings.Contains(strings.ToLower(host), room) {
			return room
		}
	}
	return "portal"
}

// sibling is the address of another room as the client of r should see it:
// under TLS by name, with the port that the client used.
func (s *Server) sibling(r *http.Request, room, plain string) string {
	if r.TLS == nil {
		return plain
	}
	port := ""
	if _, p, err := net.SplitHostPort(r.Host); err == nil {
		port = ":" + p
	}
	for _, h := range s.hosts {
		if roomOf(h) == room {
			return "https://" + h + port
		}
	}
	return plain
}

func (s *Server) graphBase(r *http.Request) string { return s.sibling(r, "graph", s.cloud.Graph) }
