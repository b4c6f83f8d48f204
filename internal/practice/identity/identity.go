// Package identity is the sign-in service of the practice tenant: discovery,
// keys, the pages of the authorization endpoint, the token endpoint, device
// codes and admin consent, as the Microsoft identity platform documents them.
//
// It decides who gets a token with what in it. It must not know Graph's
// resources, mailboxes or the portal, nor what any client of ours needs.
package identity

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/practice/directory"
	"entrada/internal/practice/faults"
	"entrada/internal/practice/tokens"
)

// Config is what the service stands on.
type Config struct {
	Directory directory.Directory
	Keys      *tokens.Keys
	Faults    *faults.Board
	GraphBase func(*http.Request) string // Graph's address as this client should see it
	Clock     func() time.Time           // measures lifetimes; nil is time.Now
	Changed   func()                     // told when there is another refresh token; may be nil
}

// Server answers for the login host.
type Server struct {
	Config
	mux      *http.ServeMux
	flows    *ttlStore[*flow]
	codes    *ttlStore[*codeGrant]
	refresh  *ttlStore[*refreshGrant] // by the token's hash
	devices  *ttlStore[*deviceGrant]  // by device code
	sessions *ttlStore[*session]
}

// New makes the service.
func New(c Config) *Server {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	s := &Server{
		Config: c, mux: http.NewServeMux(),
		flows: newTTLStore[*flow](c.Clock), codes: newTTLStore[*codeGrant](c.Clock),
		refresh: newTTLStore[*refreshGrant](c.Clock),
		devices: newTTLStore[*deviceGrant](c.Clock), sessions: newTTLStore[*session](c.Clock),
	}
	s.refresh.changed = c.Changed
	s.mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", s.metadata)
	s.mux.HandleFunc("GET /{tenant}/discovery/v2.0/keys", s.keys)
	s.mux.HandleFunc("GET /common/discovery/instance", s.instance)
	s.mux.HandleFunc("/{tenant}/oauth2/v2.0/authorize", s.authorize)
	s.mux.HandleFunc("POST /practice/account", s.chooseAccount)
	s.mux.HandleFunc("POST /practice/consent", s.decideConsent)
	s.mux.HandleFunc("/{tenant}/oauth2/v2.0/token", s.token)
	s.mux.HandleFunc("POST /{tenant}/oauth2/v2.0/devicecode", s.deviceCode)
	s.mux.HandleFunc("GET /{tenant}/oauth2/deviceauth", s.devicePage)
	s.mux.HandleFunc("POST /{tenant}/oauth2/deviceauth", s.deviceEnter)
	s.mux.HandleFunc("GET /{tenant}/adminconsent", s.adminConsent)
	s.mux.HandleFunc("GET /{tenant}/v2.0/adminconsent", s.adminConsent)
	s.mux.HandleFunc("GET /{tenant}/oauth2/v2.0/logout", s.logout)
	s.mux.HandleFunc("GET /error", s.errorLookUp)
	return s
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	s.mux.ServeHTTP(w, r)
}

// base is the service's own address as the client wrote it.
func base(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// authority is the {tenant} part of an address.
type authority struct {
	name   string
	tenant *directory.Tenant // nil for common, organizations and consumers
}

var dnsName = regexp.MustCompile(`^([a-zA-Z0-9_]([a-zA-Z0-9_-]*[a-zA-Z0-9])?\.)+[a-zA-Z]{2,}$`)

func (s *Server) authority(r *http.Request) (authority, *refusal) {
	name := r.PathValue("tenant")
	switch strings.ToLower(name) {
	case "common", "organizations", "consumers":
		return authority{name: strings.ToLower(name)}, nil
	}
	if t, ok := s.Directory.TenantNamed(name); ok {
		return authority{name, &t}, nil
	}
	if entra.IsGUID(name) || dnsName.MatchString(name) {
		return authority{}, refuse(90002, name)
	}
	return authority{}, refuse(900023, name)
}
