package journey

import (
	"os"
	"path/filepath"

	"entrada/internal/entra"
	"entrada/internal/graph"
	"entrada/internal/registration"
	"entrada/internal/signin"
)

// Route is how the app gets registered.
type Route string

// The two routes. Both end in the same registration.
const (
	ShowMe  Route = ""      // the person does it in the portal
	DoForMe Route = "do-it" // Entrada does it with an administrator's sign-in
)

// PageDoIt is where Entrada registers the app itself.
const PageDoIt PageID = "do-it"

// Route is the route that was chosen.
func (j *Journey) Route() Route { return j.answers.Route }

// ChooseRoute takes a route. What was registered or pasted stays: both routes
// lead to the same values.
func (j *Journey) ChooseRoute(r Route) { j.answers.Route = r }

// Wanted is what the registration has to be.
func (j *Journey) Wanted() (registration.Wanted, error) {
	return registration.For(j.guide, j.Choices(), "")
}

// AdminSignIn is the sign-in that registering needs.
func (j *Journey) AdminSignIn(w registration.Wanted) signin.Request {
	r := registration.AdminSignIn(j.Cloud(), j.answers.TenantID, w)
	r.ExpectTenant, r.Client = j.answers.TenantID, j.world.HTTP
	return r
}

// Engine registers in the chosen organisation, with an administrator's token.
func (j *Journey) Engine(s *signin.Session) *registration.Engine {
	return j.world.engine(j.Cloud(), j.answers.TenantID, s)
}

func (w World) engine(cloud entra.Cloud, tenantID string, s *signin.Session) *registration.Engine {
	e := &registration.Engine{Cloud: cloud, TenantID: tenantID, Folder: filepath.Join(w.Home, "registrations"), Now: w.Now}
	// Should this fail, the first file that is written says why.
	_ = os.MkdirAll(e.Folder, 0o700)
	if s != nil {
		e.Graph = graph.New(cloud, s.AccessToken, w.HTTP)
	}
	return e
}

// App says which app the registration is about: the one that is known already,
// or a new one. One whose secret was lost gets another.
func (j *Journey) App() registration.App {
	if j.answers.ClientID == "" {
		return registration.App{}
	}
	return registration.App{ClientID: j.answers.ClientID, NewSecret: j.clientSecret.IsEmpty() && j.answers.ConnectionID == ""}
}

// Registered takes what came of a plan. The secret is in memory until the
// connection is saved.
func (j *Journey) Registered(r *registration.Result) {
	if j.answers.ClientID != r.ClientID {
		j.forgetTest()
	}
	j.answers.ClientID = r.ClientID
	if !r.Secret.IsEmpty() {
		j.clientSecret, j.answers.SecretID, j.answers.SecretExpires = r.Secret, r.SecretID, r.SecretEnd
		j.forgetTest()
	}
	j.probed = true
	j.registered = r
}

// Unregistered forgets an app that was taken back.
func (j *Journey) Unregistered() {
	j.forgetApp()
	j.registered = nil
	j.done[PageNeeds] = true
}

// KeepRegistration says that the secret of a registration is stored, so that it
// is not replaced by a later try.
func (j *Journey) KeepRegistration() error {
	if j.registered == nil || j.registered.Secret.IsEmpty() {
		return nil
	}
	return j.Engine(nil).Keep(j.registered)
}
