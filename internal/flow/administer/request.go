package administer

import (
	"path/filepath"
	"slices"

	"entrada/internal/app"
	"entrada/internal/registration"
	"entrada/internal/safefile"
)

// SaveRequest writes what somebody with the role has to do: words to read, and
// a file to open in Entrada. Neither holds a secret. from is who asks.
func SaveRequest(r app.Registration, p registration.Plan, from, folder string) (words, file string, err error) {
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
