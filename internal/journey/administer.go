package journey

import (
	"path/filepath"
	"slices"
	"strings"

	"entrada/internal/entra"
	"entrada/internal/registration"
	"entrada/internal/safefile"
	"entrada/internal/signin"
)

// What window and terminal share of the work with an administrator's sign-in.

// Program is whose name Microsoft's sign-in page shows to the administrator.
// The zero value is the first of Microsoft's own.
type Program struct {
	Second bool   // the second of Microsoft's own, where an organisation keeps the first one out
	Own    string // client ID of one that the organisation has registered itself; it goes before
}

// Name is what Microsoft's page calls it.
func (p Program) Name() string {
	switch {
	case p.Own != "":
		return "a program of your own organisation"
	case p.Second:
		return "Microsoft Graph Command Line Tools"
	}
	return "Microsoft Azure CLI"
}

// CheckProgram judges the client ID of an organisation's own program.
func (r Registration) CheckProgram(text string) entra.Verdict {
	return entra.CheckClientID(text, entra.Known{TenantID: r.TenantID})
}

// SignInTo is the administrator's sign-in under the name of a program.
func (r Registration) SignInTo(p Program) signin.Request {
	if p.Own != "" {
		return r.SignInWith(p.Own)
	}
	return r.SignIn(p.Second)
}

// Interrupted is the last run of this registration that was begun and neither
// finished nor taken back; nil if there is none. To go on with it replaces the
// secret that it made, so a run whose secret is in a connection is none of them.
func (r Registration) Interrupted() *registration.Journal {
	return r.lastRun(func(j *registration.Journal) bool {
		return j.State == registration.RunOpen && !r.world.holdsSecretOf(j)
	})
}

// Made is the last run that made or changed an app, and that can still be taken
// back; nil if there is none.
func (r Registration) Made(clientID string) *registration.Journal {
	return r.lastRun(func(j *registration.Journal) bool {
		return j.State != registration.RunUndone && strings.EqualFold(j.ClientID, clientID)
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
		if j.Plan.TenantID == r.TenantID && j.Plan.CloudID == r.Cloud.ID && j.Plan.Wanted.GuideID == r.Wanted.GuideID && is(j) {
			return j
		}
	}
	return nil
}

// SaveRequest writes what somebody with the role has to do: words to read, and
// a file to open in Entrada. Neither holds a secret. from is who asks.
func (r Registration) SaveRequest(p registration.Plan, from, folder string) (words, file string, err error) {
	name := filepath.Join(folder, safefile.SafeName("Request "+p.Wanted.Vendor))
	words, file = name+".txt", name+".json"
	data, err := p.JSON()
	if err != nil {
		return "", "", err
	}
	o := safefile.Options{Overwrite: true, AnyFolder: true}
	if err := safefile.Write(file, data, o); err != nil {
		return "", "", err
	}
	return words, file, safefile.Write(words, []byte(p.Sheet(from, r.Domain)), o)
}

// ReadRequest opens a request that a colleague without the role has sent.
// Nothing happens but reading.
func ReadRequest(path string) (registration.Plan, error) {
	data, err := safefile.Read(path, registration.MaxPlanFile)
	if err != nil {
		return registration.Plan{}, err
	}
	return registration.ReadPlan(data)
}

// WithoutSecret leaves the making of a secret to whoever asked: at the desk of
// the person with the role it would be lost.
func WithoutSecret(p registration.Plan) registration.Plan {
	p.Changes = slices.DeleteFunc(slices.Clone(p.Changes), func(c registration.Change) bool { return c.Kind == registration.AddSecret })
	return p
}

// Lacking are the roles of which somebody else has to have one, because the
// account that prepared the plan may not make all of its changes; nil if it may.
func Lacking(p registration.Plan) []registration.Role {
	var lacking []registration.Role
	for _, c := range p.Changes {
		if p.May(c) == registration.No {
			lacking, _ = c.Roles()
		}
	}
	return lacking
}

// Mendable reports whether a difference can be mended with a plan.
func Mendable(list []registration.Requirement) bool {
	return slices.ContainsFunc(list, func(r registration.Requirement) bool { return r.State == registration.Differs && r.CanFix })
}
