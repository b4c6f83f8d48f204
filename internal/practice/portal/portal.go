// Package portal is the admin center of the practice tenant: server-rendered
// pages with today's labels, for the steps of registering an app. It also shows
// the mailboxes, and switches faults.
//
// It must not know tokens or Graph; it works on the directory as the real
// portal works for its signed-in user, with that user's rights.
package portal

import (
	"net/http"
	"slices"
	"sync"

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
	Control   Control
}

// Server answers for the portal host.
type Server struct {
	Config
	handler http.Handler

	mu       sync.Mutex
	sessions map[string]string // cookie to account address
	shown    map[string]fresh  // secrets that are shown once
}

// fresh is a client secret on its way to the one page that shows it.
type fresh struct{ KeyID, Value string }

// New makes the portal.
func New(c Config) *Server {
	s := &Server{Config: c, sessions: map[string]string{}, shown: map[string]fresh{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /{tenant}/{$}", s.home)
	mux.HandleFunc("GET /portal/go", s.route)
	mux.HandleFunc("GET /portal/signin", s.signInPage)
	mux.HandleFunc("POST /portal/signin", s.signIn)
	mux.HandleFunc("POST /portal/signout", s.signOut)

	const tenant, app = "/portal/{tenant}/apps", "/portal/{tenant}/apps/{app}/"
	mux.HandleFunc("GET "+tenant, s.signedIn(s.listPage))
	mux.HandleFunc("GET "+tenant+"/new", s.signedIn(s.newPage))
	mux.HandleFunc("POST "+tenant+"/new", s.signedIn(s.register))
	mux.HandleFunc("GET "+app+"overview", s.ofApp(s.overviewPage))
	mux.HandleFunc("POST "+app+"delete", s.changesApp(s.deleteApp))
	mux.HandleFunc("GET "+app+"authentication", s.ofApp(s.authenticationPage))
	mux.HandleFunc("POST "+app+"authentication/add", s.changesApp(s.addRedirect))
	mux.HandleFunc("POST "+app+"authentication/remove", s.changesApp(s.removeRedirect))
	mux.HandleFunc("POST "+app+"authentication/accounts", s.changesApp(s.saveAccounts))
	mux.HandleFunc("POST "+app+"authentication/settings", s.changesApp(s.saveSettings))
	mux.HandleFunc("GET "+app+"permissions", s.ofApp(s.permissionsPage))
	mux.HandleFunc("POST "+app+"permissions/add", s.changesApp(s.addPermissions))
	mux.HandleFunc("POST "+app+"permissions/remove", s.changesApp(s.removePermission))
	mux.HandleFunc("POST "+app+"permissions/consent", s.ofApp(s.grantConsent))
	mux.HandleFunc("GET "+app+"secrets", s.ofApp(s.secretsPage))
	mux.HandleFunc("POST "+app+"secrets/add", s.changesApp(s.addSecret))
	mux.HandleFunc("POST "+app+"secrets/remove", s.changesApp(s.removeSecret))
	mux.HandleFunc("GET "+app+"expose", s.ofApp(s.exposePage))
	mux.HandleFunc("POST "+app+"expose/uri", s.changesApp(s.setIdentifier))
	mux.HandleFunc("POST "+app+"expose/scope", s.changesApp(s.addScope))

	const enterprise = "/portal/{tenant}/enterprise"
	mux.HandleFunc("GET "+enterprise, s.signedIn(s.enterpriseList))
	mux.HandleFunc("GET "+enterprise+"/{id}", s.ofPrincipal(s.enterprisePage))
	mux.HandleFunc("POST "+enterprise+"/{id}", s.ofPrincipal(s.saveEnterprise))

	mux.HandleFunc("GET /mailboxes", s.mailboxesPage)
	mux.HandleFunc("GET /_practice/state", s.statePage)
	mux.HandleFunc("GET /_practice/faults", s.faultsPage)
	mux.HandleFunc("POST /_practice/faults", s.setFault)
	// Pages elsewhere must not be able to press these buttons.
	s.handler = http.NewCrossOriginProtection().Handler(mux)
	return s
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	s.handler.ServeHTTP(w, r)
}

// visit is one request of a signed-in person.
type visit struct {
	w      http.ResponseWriter
	r      *http.Request
	tenant directory.Tenant
	user   *directory.User
	app    *directory.Application
}

func (v *visit) at(rest string) string { return "/portal/" + v.tenant.ID + "/apps" + rest }

func (v *visit) page(name string) string { return v.at("/" + v.app.AppID + "/" + name) }

// mayChange reports whether the person may change the registration.
func (v *visit) mayChange() bool {
	return v.user.ManagesApps() || v.app != nil && slices.Contains(v.app.Owners, v.user.ID)
}

// signedIn lets a request through for an account of the tenant in the address,
// and sends everybody else to the account picker.
func (s *Server) signedIn(serve func(*visit)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		t, ok := s.Directory.TenantNamed(r.PathValue("tenant"))
		if !ok {
			s.problem(w, http.StatusNotFound, "Tenant not found", "There is no practice organisation with that ID.")
			return
		}
		user := s.account(r)
		if user == nil || user.TenantID != t.ID {
			s.toSignIn(w, r, t.ID)
			return
		}
		serve(&visit{w: w, r: r, tenant: t, user: user})
	}
}

// ofApp is signedIn for the pages of one registration.
func (s *Server) ofApp(serve func(*visit)) http.HandlerFunc {
	return s.signedIn(func(v *visit) {
		a, ok := s.Directory.App(v.r.PathValue("app"))
		if !ok || a.TenantID != v.tenant.ID {
			s.problem(v.w, http.StatusNotFound, "App registration not found",
				"There is no app registration with that Application (client) ID in "+v.tenant.Name+
					". It may have been deleted, or it may be in another tenant.")
			return
		}
		v.app = a
		serve(v)
	})
}

// changesApp is ofApp for those who may change the registration.
func (s *Server) changesApp(serve func(*visit)) http.HandlerFunc {
	return s.ofApp(func(v *visit) {
		if !v.mayChange() {
			s.problem(v.w, http.StatusForbidden, "You do not have access",
				"You need to be an owner of this app registration, or to have the role Application Administrator "+
					"or Cloud Application Administrator, to change it.")
			return
		}
		serve(v)
	})
}
