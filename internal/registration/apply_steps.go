package registration

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/guides"
)

// createApp makes the app under a unique name of this run. So however often it is
// tried, there is one app.
func (r *run) createApp(ctx context.Context, entry *Entry, again bool) error {
	name := uniqueName(r.j.Plan.RunID)
	find := func() error {
		a, err := r.e.Graph.ApplicationByUniqueName(ctx, name)
		r.app = outcome(a, err)
		return err
	}
	if again {
		// An earlier try may have made it, and an admin may have changed it since. We
		// leave it as it is.
		if err := find(); err != nil && !isStatus(err, http.StatusNotFound) {
			return err
		}
	}
	fresh := false
	if !r.app.Known {
		r.asked = true
		a, created, err := r.e.Graph.UpsertApplication(ctx, name, creation(r.w))
		fresh = created
		switch {
		case err == nil && created:
			r.app = known(a)
		case err == nil, isStatus(err, http.StatusConflict):
			// It exists, but not every server knows of it yet.
			if err := r.awaitReplication(ctx, find); err != nil {
				return err
			}
		default:
			return err
		}
	}
	r.j.ObjectID, r.j.ClientID = r.app.Value.ID, r.app.Value.ClientID
	if fresh {
		// A new app has no consents, and no owner but its creator.
		r.actual.Owners, r.actual.Federated = known[[]graph.Owner](nil), known[[]graph.FederatedCredential](nil)
		r.actual.Grants, r.actual.Roles = known[[]graph.Grant](nil), known[[]graph.RoleAssignment](nil)
	}
	return r.j.done(entry, true)
}

// snapshot is the app as it is now, or as this run has just changed it.
func (r *run) snapshot(ctx context.Context) (graph.Application, error) {
	if !r.app.Known {
		err := r.awaitReplication(ctx, func() error {
			a, err := r.e.Graph.ApplicationByClientID(ctx, r.j.ClientID)
			r.app = outcome(a, err)
			return err
		})
		if err != nil {
			return graph.Application{}, err
		}
		r.j.ObjectID = r.app.Value.ID
	}
	return r.app.Value, nil
}

// updateApp reads the app right before it changes it. Graph replaces whole lists, and
// another admin may have added to them since the plan was made. (Graph has no
// conditional update for applications that would exclude this.)
func (r *run) updateApp(ctx context.Context, entry *Entry) error {
	a, err := r.snapshot(ctx)
	if err != nil {
		return err
	}
	u := updateFor(r.w, a, r.j.Plan.Only)
	if len(u.details) == 0 {
		return r.j.done(entry, entry.Made)
	}
	// Changes in the journal of an earlier try are ours too.
	entry.Redirects = union(entry.Redirects, u.redirects)
	if len(u.access) > 0 {
		entry.Access = u.access
	}
	if u.switches != (Switches{}) {
		entry.Switches = &u.switches
	}
	if u.audience != "" {
		entry.Audience = u.audience
	}
	entry.Made = true
	if err := r.j.save(); err != nil {
		return err
	}
	r.asked = true
	if err := r.awaitReplication(
		ctx, func() error { return r.e.Graph.UpdateApplication(ctx, a.ID, u.change) }); err != nil {
		return err
	}
	r.app = Found[graph.Application]{} // what comes next needs it as it is now
	return r.j.done(entry, true)
}

func union(a, b []string) []string {
	a = slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

func (r *run) createPrincipal(ctx context.Context, entry *Entry, again bool) error {
	if r.j.ClientID == "" {
		return misplaced(entry)
	}
	made := true
	r.asked = true
	err := r.awaitReplication(ctx, func() error {
		p, err := r.e.Graph.CreatePrincipal(ctx, r.j.ClientID)
		if isStatus(err, http.StatusConflict) {
			// The plan found none. An earlier try of ours made it, or somebody else did
			// meanwhile and may have granted permissions.
			made, r.actual.Grants, r.actual.Roles = again, Found[[]graph.Grant]{}, Found[[]graph.RoleAssignment]{}
			r.asked = again
			return nil
		}
		if err == nil {
			r.actual.Principal = known(p)
		}
		return err
	})
	if err != nil {
		return err
	}
	p, err := r.principal(ctx)
	if err != nil {
		return err
	}
	r.j.PrincipalID = p.ID
	return r.j.done(entry, made)
}

// principal is the app's object in the tenant; consents hang on it.
func (r *run) principal(ctx context.Context) (graph.ServicePrincipal, error) {
	if !r.actual.Principal.Known {
		err := r.awaitReplication(ctx, func() error {
			p, err := r.e.Graph.PrincipalByClientID(ctx, r.j.ClientID)
			r.actual.Principal = outcome(p, err)
			return err
		})
		if err != nil {
			return graph.ServicePrincipal{}, err
		}
	}
	return r.actual.Principal.Value, nil
}

func (r *run) enablePrincipal(ctx context.Context, entry *Entry) error {
	p, err := r.principal(ctx)
	if err != nil {
		return err
	}
	r.asked = true
	if err := r.e.Graph.EnablePrincipal(ctx, p.ID, true); err != nil {
		return err
	}
	r.actual.Principal.Value.Enabled = true
	entry.ID = p.ID
	return r.j.done(entry, true)
}

// expose adds the scopes. The Application ID URI contains the client ID, so it cannot be
// part of the creation
// (learn.microsoft.com/entra/identity-platform/reference-microsoft-graph-app-manifest).
func (r *run) expose(ctx context.Context, entry *Entry) error {
	a, err := r.snapshot(ctx)
	if err != nil {
		return err
	}
	scopes := slices.Clone(a.API.Scopes)
	for _, name := range entry.Names {
		i := slices.IndexFunc(scopes, func(s graph.Scope) bool { return s.Value == name })
		if i >= 0 {
			scopes[i].Enabled = true
			continue
		}
		s := graph.Scope{ID: entra.NewGUID(), Value: name, Type: "User", Enabled: true, AdminTitle: name,
			AdminDescription: name}
		scopes, entry.Scopes = append(scopes, s), append(entry.Scopes, s.ID)
	}
	uris := slices.Clone(a.IdentifierURIs)
	if len(uris) == 0 {
		entry.Identify = "api://" + a.ClientID
		uris = []string{entry.Identify}
	}
	if err := r.j.save(); err != nil {
		return err
	}
	change := graph.ApplicationChange{IdentifierURIs: &uris, API: &graph.APIChange{Scopes: &scopes}}
	r.asked = true
	if err := r.awaitReplication(
		ctx, func() error { return r.e.Graph.UpdateApplication(ctx, a.ID, change) }); err != nil {
		return err
	}
	r.app.Value.API.Scopes, r.app.Value.IdentifierURIs = scopes, uris
	return r.j.done(entry, true)
}

// grant consents to the delegated permissions for everybody. There is one consent per
// app and API. What it contains already stays.
func (r *run) grant(ctx context.Context, entry *Entry, again bool) error {
	p, err := r.principal(ctx)
	if err != nil {
		return err
	}
	want := r.w.names(guides.Delegated)
	if !again && r.actual.Grants.Known {
		done, err := r.newGrant(ctx, entry, p, want)
		if done || err != nil {
			return err
		}
	}
	for range 3 {
		grants, err := r.grants(ctx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(grants, func(g graph.Grant) bool {
			return g.ConsentType == graph.ForEverybody && g.ResourceID == r.j.ResourceID
		})
		if i < 0 {
			if done, err := r.newGrant(ctx, entry, p, want); done || err != nil {
				return err
			}
			continue // somebody made it meanwhile
		}
		have := grants[i]
		missing := missingNames(want, strings.Fields(strings.ToLower(have.Scope)))
		entry.ID = have.ID
		if len(missing) == 0 {
			return r.j.done(entry, entry.Made)
		}
		// Undo removes these from the consent, and no others.
		entry.Scopes, entry.Made = union(entry.Scopes, missing), true
		if err := r.j.save(); err != nil {
			return err
		}
		r.asked = true
		scope := strings.Join(append(strings.Fields(have.Scope), missing...), " ")
		switch err = r.e.Graph.UpdateGrant(ctx, have.ID, scope); {
		case err == nil:
			grants[i].Scope = scope
			return r.j.done(entry, true)
		case !isStatus(err, http.StatusNotFound):
			return err
		}
		// Somebody deleted it between our look and our change.
		entry.ID, r.asked = "", false
	}
	return &fault.Error{Kind: fault.GraphRefused, Op: "grant the permissions", Status: http.StatusConflict,
		Subject: r.j.AppName(),
		Detail:  "Somebody else is changing the consents of this app right now. Try again in a moment."}
}

// newGrant makes the consent; done is false if there is one already.
func (r *run) newGrant(ctx context.Context, entry *Entry, p graph.ServicePrincipal, want []string) (
	done bool, err error) {
	entry.Scopes, entry.Made = want, true
	if err := r.j.save(); err != nil {
		return false, err
	}
	r.asked = true
	err = r.awaitReplication(ctx, func() error {
		g, err := r.e.Graph.CreateGrant(ctx, p.ID, r.j.ResourceID, strings.Join(want, " "))
		if err == nil {
			entry.ID = g.ID
			if r.actual.Grants.Known {
				r.actual.Grants.Value = append(r.actual.Grants.Value, g)
			}
		}
		return err
	})
	if isStatus(err, http.StatusConflict) {
		r.actual.Grants = Found[[]graph.Grant]{}
		entry.Scopes, entry.Made, r.asked = nil, false, false // what is there is somebody else's
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, r.j.done(entry, true)
}

func (r *run) grants(ctx context.Context) (list []graph.Grant, err error) {
	err = r.awaitReplication(ctx, func() error {
		list, err = r.e.Graph.GrantsOf(ctx, r.j.ClientID)
		return err
	})
	r.actual.Grants = outcome(list, err)
	return list, err
}

func (r *run) assign(ctx context.Context, entry *Entry, again bool) error {
	p, err := r.principal(ctx)
	if err != nil {
		return err
	}
	if len(entry.Names) != 1 {
		return misplaced(entry)
	}
	roleID := Permission{entry.Names[0], guides.Application}.ID()
	r.asked = true
	err = r.awaitReplication(ctx, func() error {
		a, err := r.e.Graph.AssignRole(ctx, p.ID, r.j.ResourceID, roleID)
		if err == nil {
			entry.ID = a.ID
			if r.actual.Roles.Known {
				r.actual.Roles.Value = append(r.actual.Roles.Value, a)
			}
		}
		return err
	})
	if err == nil {
		return r.j.done(entry, true)
	}
	if !isStatus(err, http.StatusBadRequest) && !isStatus(err, http.StatusConflict) {
		return err
	}
	// Graph also refuses what is granted already, and has no code for it: look.
	roles, failed := r.e.Graph.RolesOf(ctx, r.j.ClientID)
	if failed != nil {
		return err
	}
	r.actual.Roles = known(roles)
	for _, a := range roles {
		if strings.EqualFold(a.RoleID, roleID) {
			entry.ID = a.ID
			return r.j.done(entry, again)
		}
	}
	return err
}

func misplaced(entry *Entry) error {
	return &fault.Error{Kind: fault.Misuse, Op: "carry out the plan",
		Detail: "the change " + string(entry.Kind) + " has nothing to work on"}
}
