package identity

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"entrada/internal/entra"
	"entrada/internal/practice/directory"
)

// Cookies are shared by all ports of a host, so the name must differ from the
// portal's.
const sessionCookie = "practice-signin"

// session is who is signed in in one browser.
type session struct {
	mu    sync.Mutex
	users []*directory.User
}

func (s *Server) signedIn(r *http.Request) []*directory.User {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil
	}
	in, ok := s.sessions.get(c.Value)
	if !ok {
		return nil
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.Clone(in.users)
}

func (s *Server) remember(w http.ResponseWriter, r *http.Request, u *directory.User) {
	var in *session
	if c, err := r.Cookie(sessionCookie); err == nil {
		in, _ = s.sessions.get(c.Value)
	}
	if in == nil {
		in = &session{}
		id := entra.NewGUID()
		s.sessions.put(id, in, 24*time.Hour)
		http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: id, Path: "/", HttpOnly: true,
			SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil})
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.users = append(slices.DeleteFunc(in.users, func(o *directory.User) bool { return o.ID == u.ID }), u)
}

func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(sessionCookie); err == nil {
		s.sessions.drop(c.Value)
		http.SetCookie(
			w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	to := r.URL.Query().Get("post_logout_redirect_uri")
	// Only to where some app is registered: no open redirect.
	for _, t := range s.Directory.Tenants() {
		for _, a := range s.Directory.Apps(t.ID) {
			if _, ok := a.MatchRedirect(to); ok && to != "" {
				http.Redirect(w, r, to, http.StatusFound)
				return
			}
		}
	}
	s.show(w, http.StatusOK, "done",
		map[string]any{"Title": "You signed out of your account",
			"Text": "It's a good idea to close all browser windows."})
}
