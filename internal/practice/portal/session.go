package portal

import (
	"net/http"
	"net/url"
	"strings"

	"entrada/internal/entra"
	"entrada/internal/practice/directory"
)

// Cookies are shared by all ports of a host, so the name differs from that of
// the sign-in service.
const sessionCookie = "practice-portal"

func (s *Server) account(r *http.Request) *directory.User {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	address := s.sessions[c.Value]
	s.mu.Unlock()
	u, ok := s.Directory.Account(address)
	if !ok {
		return nil
	}
	return u
}

func (s *Server) toSignIn(w http.ResponseWriter, r *http.Request, tenantID string) {
	next := r.URL.RequestURI()
	if r.Method != http.MethodGet {
		next = "/portal/" + tenantID + "/apps"
	}
	http.Redirect(
		w, r, "/portal/signin?"+url.Values{"next": {next}, "tenant": {tenantID}}.Encode(), http.StatusSeeOther)
}

func (s *Server) signInPage(w http.ResponseWriter, r *http.Request) {
	t, ok := s.Directory.TenantNamed(r.URL.Query().Get("tenant"))
	if !ok {
		t = s.Directory.Tenants()[0]
	}
	var accounts []*directory.User
	for _, u := range s.Directory.Users(t.ID) {
		if !u.Disabled {
			accounts = append(accounts, u)
		}
	}
	s.show(w, http.StatusOK, "signin", page{Title: "Sign in to the admin center", Data: map[string]any{
		"Accounts": accounts, "Next": r.URL.Query().Get("next"), "TenantName": t.Name,
	}})
}

func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	address := r.PostFormValue("account")
	if address == "" {
		address = strings.TrimSpace(r.PostFormValue("other"))
	}
	u, ok := s.Directory.Account(address)
	if !ok || u.Disabled {
		s.problem(w, http.StatusBadRequest, "We couldn't find an account with that username",
			"Go back and pick one of the practice accounts.")
		return
	}
	id := entra.NewGUID()
	s.mu.Lock()
	s.sessions[id] = u.Address
	s.mu.Unlock()
	http.SetCookie(
		w, &http.Cookie{Name: sessionCookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
			Secure: r.TLS != nil})
	next := r.PostFormValue("next")
	// Only to ourselves; "//host" would be elsewhere.
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.HasPrefix(next, "/\\") {
		next = "/portal/" + u.TenantID + "/apps"
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(sessionCookie); err == nil {
		s.mu.Lock()
		delete(s.sessions, c.Value)
		s.mu.Unlock()
	}
	http.SetCookie(
		w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// home carries the script that turns the portal's #view/… addresses into pages.
func (s *Server) home(w http.ResponseWriter, r *http.Request) {
	tenantID := ""
	if name := r.PathValue("tenant"); name != "" {
		t, ok := s.Directory.TenantNamed(name)
		if !ok {
			s.problem(w, http.StatusNotFound, "Tenant not found", "There is no practice organisation with that ID.")
			return
		}
		tenantID = t.ID
	}
	s.show(w, http.StatusOK, "home",
		page{Title: "Microsoft Entra admin center (practice)", User: s.account(r), Data: map[string]any{
			"Tenant": tenantID, "Tenants": s.Directory.Tenants(),
		}})
}

// blades are the portal's names for the pages of one registration.
var blades = map[string]string{
	"Overview": "overview", "Authentication": "authentication", "CallAnAPI": "permissions", "Credentials": "secrets",
	"ProtectAnAPI": "expose", "Quickstart": "overview",
}

// route sends a #view/… address to its page.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	tenantID := r.URL.Query().Get("tenant")
	if tenantID == "" {
		u := s.account(r)
		if u == nil {
			s.toSignIn(w, r, s.Directory.Tenants()[0].ID)
			return
		}
		tenantID = u.TenantID
	}
	parts := strings.Split(r.URL.Query().Get("view"), "/")
	after := func(name string) string {
		for i, p := range parts[:len(parts)-1] {
			if p == name {
				return parts[i+1]
			}
		}
		return ""
	}
	to := "/portal/" + url.PathEscape(tenantID) + "/apps"
	switch {
	case len(parts) > 1 && parts[1] == "StartboardApplicationsMenuBlade":
		to = "/portal/" + url.PathEscape(tenantID) + "/enterprise"
	case len(parts) > 1 && parts[1] == "ManagedAppMenuBlade" && after("objectId") != "":
		to = "/portal/" + url.PathEscape(tenantID) + "/enterprise/" + url.PathEscape(after("objectId"))
	case len(parts) < 2 || parts[0] != "Microsoft_AAD_RegisteredApps":
		s.problem(w, http.StatusNotFound, "Not in the practice tenant",
			"The practice admin center has the pages of App registrations and of Enterprise apps only.")
		return
	case parts[1] == "CreateApplicationBlade":
		to += "/new"
	case parts[1] == "ApplicationMenuBlade":
		name, ok := blades[after("~")]
		if !ok || after("appId") == "" {
			s.problem(w, http.StatusNotFound, "Not in the practice tenant",
				"The practice admin center does not have this page of an app registration.")
			return
		}
		to += "/" + url.PathEscape(after("appId")) + "/" + name
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
