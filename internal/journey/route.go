package journey

import (
	"os"
	"strings"

	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/guides"
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

// Registration is an app registration that an administrator's sign-in may look
// at and change: that of a journey, or that of a saved connection.
type Registration struct {
	Wanted   registration.Wanted
	Cloud    entra.Cloud
	TenantID string
	Domain   string
	ClientID string // "" while there is none

	world    World
	secretID string // of the secret that is in use, if it is known
}

// Registration is that of this journey. The error is of kind InvalidInput.
func (j *Journey) Registration() (Registration, error) {
	wanted, err := registration.For(j.guide, j.Choices(), "")
	return Registration{wanted, j.Cloud(), j.answers.TenantID, j.answers.TenantDomain, j.answers.ClientID, j.world, j.answers.SecretID}, err
}

// SavedRegistration is that of a saved connection.
func (w World) SavedRegistration(r connections.Record) (Registration, error) {
	g := w.GuideByID(r.VendorID)
	if g == nil {
		return Registration{}, fault.Invalid("vendor", "The guide of "+r.VendorName+" is not there any more.")
	}
	wanted, err := registration.For(g, guides.Choices{Audience: guides.Audience(r.Audience), Inputs: r.Inputs, Features: features(r, g)}, "")
	return Registration{wanted, w.CloudOf(r.CloudID), r.TenantID, r.TenantDomain, r.ClientID, w, r.SecretID}, err
}

// RequestedRegistration is what a request from a colleague is about.
func (w World) RequestedRegistration(p registration.Plan) (Registration, error) {
	cloud := w.CloudOf(p.CloudID)
	if cloud.ID != p.CloudID {
		return Registration{}, fault.Invalid("request", "This request is for an organisation in another cloud of Microsoft.")
	}
	return Registration{p.Wanted, cloud, p.TenantID, "", p.ClientID, w, ""}, nil
}

// SignIn is the administrator's sign-in. other takes the second of Microsoft's
// own programs, for an organisation that keeps the first one out.
func (r Registration) SignIn(other bool) signin.Request {
	if other {
		return r.SignInWith(registration.GraphCommandLine)
	}
	return r.SignInWith(registration.AzureCLI)
}

// SignInWith is the administrator's sign-in with any program, such as one of the
// organisation's own.
func (r Registration) SignInWith(program string) signin.Request {
	request := registration.AdminSignInWith(r.Cloud, r.TenantID, r.Wanted, program)
	request.ExpectTenant, request.Client = r.TenantID, r.world.HTTP
	return request
}

// Engine works on the registration with an administrator's token; without a
// session it can only note what was done.
func (r Registration) Engine(s *signin.Session) *registration.Engine {
	e := &registration.Engine{Cloud: r.Cloud, TenantID: r.TenantID, Folder: r.world.registrations(), Now: r.world.Now}
	// Should this fail, the first file that is written says why.
	_ = os.MkdirAll(e.Folder, 0o700)
	if s != nil {
		e.Graph, e.Me = graph.New(r.Cloud, s.AccessToken, r.world.HTTP), s.Account.ObjectID
		e.Secrets = r.secretsHere()
	}
	return e
}

// secretsHere are the IDs of the client secrets that are in use here.
func (r Registration) secretsHere() (ids []string) {
	if r.secretID != "" {
		ids = append(ids, r.secretID)
	}
	if r.world.Connections == nil {
		return ids
	}
	for _, c := range r.world.Connections.List() {
		if c.SecretID != "" && strings.EqualFold(c.TenantID, r.TenantID) && strings.EqualFold(c.ClientID, r.ClientID) {
			ids = append(ids, c.SecretID)
		}
	}
	return ids
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
		j.clientSecret, j.answers.SecretID, j.answers.SecretExpires, j.answers.ExpiryTyped = r.Secret, r.SecretID, r.SecretEnd, false
		j.forgetTest()
	}
	j.probed = true
}

// SetChecked remembers how the registration compared with what is wanted, and
// takes from it when the secret expires. note says what was corrected, "" if
// nothing was; the error is about a connection that is saved already.
func (j *Journey) SetChecked(list []registration.Requirement) (note string, err error) {
	a := &j.answers
	a.Check = registration.Verdict(list)
	end, found, note := expiryIn(list, a.SecretID, a.SecretExpires)
	if found {
		a.SecretExpires, a.ExpiryTyped = end, false
	}
	if saved, ok := j.world.Connections.Get(a.ConnectionID); ok {
		_, _, err = j.world.CorrectExpiry(saved, list)
	}
	return note, err
}

// Checked reports whether the registration was looked at, whatever came of it.
func (j *Journey) Checked() bool { return j.answers.Check != "" }

// Unregistered forgets an app that was taken back.
func (j *Journey) Unregistered() {
	j.forgetApp()
	j.done[PageNeeds] = true
}
