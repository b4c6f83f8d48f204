package app

import (
	"os"
	"slices"
	"strings"

	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/guides"
	"entrada/internal/registration"
	"entrada/internal/signin"
)

// Registration is an app registration that an administrator's sign-in may look
// at and change: that of a journey, or that of a saved connection.
type Registration struct {
	Wanted   registration.Wanted
	Cloud    entra.Cloud
	TenantID string
	Domain   string
	ClientID string // "" while there is none

	App      App
	SecretID string // of the secret that is in use, if it is known
}

// SavedRegistration is that of a saved connection.
func (a App) SavedRegistration(r connections.Record) (Registration, error) {
	g := a.GuideByID(r.VendorID)
	if g == nil {
		return Registration{}, fault.Invalid("vendor", "The guide of "+r.VendorName+" is not there any more.")
	}
	wanted, err := registration.For(
		g, guides.Choices{Audience: guides.Audience(r.Audience), Inputs: r.Inputs, Features: Features(r, g)}, "")
	return Registration{wanted, a.CloudOf(r.CloudID), r.TenantID, r.TenantDomain, r.ClientID, a, r.SecretID}, err
}

// RequestedRegistration is what a request from a colleague is about.
func (a App) RequestedRegistration(p registration.Plan) (Registration, error) {
	cloud := a.CloudOf(p.CloudID)
	if cloud.ID != p.CloudID {
		return Registration{},
			fault.Invalid("request", "This request is for an organisation in another cloud of Microsoft.")
	}
	return Registration{p.Wanted, cloud, p.TenantID, "", p.ClientID, a, ""}, nil
}

// SignInWith is the administrator's sign-in with any program, such as one of the
// organisation's own.
func (r Registration) SignInWith(program string) signin.Request {
	request := registration.AdminSignInWith(r.Cloud, r.TenantID, r.Wanted, program)
	request.ExpectTenant, request.Client = r.TenantID, r.App.HTTP
	return request
}

// Engine works on the registration with an administrator's token; without a
// session it can only note what was done.
func (r Registration) Engine(s *signin.Session) *registration.Engine {
	e := &registration.Engine{Cloud: r.Cloud, TenantID: r.TenantID, Folder: r.App.registrations(), Now: r.App.Now}
	// Should this fail, the first file that is written says why.
	_ = os.MkdirAll(e.Folder, 0o700)
	if s != nil {
		e.Graph, e.Me = graph.New(r.Cloud, s.AccessToken, r.App.HTTP), s.Account.ObjectID
		e.Secrets = r.secretsHere()
	}
	return e
}

// secretsHere are the IDs of the client secrets that are in use here.
func (r Registration) secretsHere() (ids []string) {
	if r.SecretID != "" {
		ids = append(ids, r.SecretID)
	}
	if r.App.Connections == nil {
		return ids
	}
	for _, c := range r.App.Connections.List() {
		if c.SecretID != "" && strings.EqualFold(c.TenantID, r.TenantID) && strings.EqualFold(c.ClientID, r.ClientID) {
			ids = append(ids, c.SecretID)
		}
	}
	return ids
}

// Interrupted is the last run of this registration that was begun and neither
// finished nor taken back; nil if there is none. One that another program is at work
// on is not interrupted. To go on with it replaces the
// secret that it made, so a run whose secret is in a connection is none of them.
func (r Registration) Interrupted() *registration.Journal {
	return r.lastRun(func(j *registration.Journal) bool {
		return j.State == registration.RunOpen && !j.IsElsewhere() && !r.App.holdsSecretOf(j)
	})
}

// Made is the last run that made or changed an app, and that can still be taken
// back; nil if there is none.
func (r Registration) Made(clientID string) *registration.Journal {
	return r.lastRun(func(j *registration.Journal) bool {
		return j.State != registration.RunUndone && strings.EqualFold(j.ClientID, clientID) && !j.IsElsewhere()
	})
}

// Run is the run of an ID; nil if there is none.
func (r Registration) Run(id string) *registration.Journal {
	return r.lastRun(func(j *registration.Journal) bool { return j.Plan.RunID == id })
}

func (r Registration) lastRun(is func(*registration.Journal) bool) *registration.Journal {
	// A file that cannot be read is no reason to stop: writing the next one will
	// say so.
	list, _ := registration.Journals(r.Engine(nil).Folder)
	for _, j := range slices.Backward(list) {
		if j.Plan.TenantID == r.TenantID && j.Plan.CloudID == r.Cloud.ID &&
			j.Plan.Wanted.GuideID == r.Wanted.GuideID && is(j) {
			return j
		}
	}
	return nil
}
