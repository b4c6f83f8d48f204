// Package portal is the admin center of the practice tenant: server-rendered
// pages with today's labels, for the steps of registering an app. It also shows
// the mailboxes, and switches faults.
//
// It must not know tokens or Graph; it works on the directory as the real
// portal works for its signed-in user, with that user's rights.
package portal

import (
	"encoding/json"
	"net/http"

	"entrada/internal/practice/directory"
	"entrada/internal/practice/faults"
	"entrada/internal/practice/mailboxes"
)

// Control is what stands behind /_practice/.
type Control interface {
	State() any
	Table() []faults.Fault
	Active() []string
	Set(spec string, on bool) error
	Value(name string) (string, bool)
}

// Config is what the portal stands on.
type Config struct {
	Directory directory.Directory
	Mail      *mailboxes.Store
	LoginBase func(*http.Request) string
	Control   Control
}

// Server answers for the portal host.
type Server struct {
	Config
	mux *http.ServeMux
}

// New makes the portal.
func New(c Config) *Server {
	s := &Server{Config: c, mux: http.NewServeMux()}
	s.mux.HandleFunc("GET /_practice/state", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = json.NewEncoder(w).Encode(s.Control.State())
	})
	return s
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	s.mux.ServeHTTP(w, r)
}
