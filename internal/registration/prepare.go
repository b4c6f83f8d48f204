package registration

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/graph"
)

const planFormat = 1

// App says which app a plan is about. The zero App is a new one, unless one of
// the same name exists: then the plan comes with a [Choice].
type App struct {
	ClientID   string // this one, which exists
	AnotherOne bool   // a new one, although others have its name
	NewSecret  bool   // with ClientID: make a secret although the app has one

	// Only, with ClientID, mends this requirement alone; see [Requirement.CanFix].
	Only RequirementID
}

// Prepare finds out what has to change, and what the account may do. It changes
// nothing.
//
// For a new app, one request asks for all that it needs: the name, the roles,
// Microsoft Graph's object ID, and the number of mailboxes where it matters.
func (e *Engine) Prepare(ctx context.Context, w Wanted, on App) (Plan, error) {
	const op = "prepare the registration"
	if err := w.Check(); err != nil {
		return Plan{}, err
	}
	if on.ClientID != "" && !entra.IsGUID(on.ClientID) {
		return Plan{}, fault.Invalid("client ID", "This is not a client ID.")
	}
	if on.Only != "" && (on.ClientID == "" || !slices.Contains(mendable, on.Only)) {
		return Plan{},
			&fault.Error{Kind: fault.Misuse, Op: op, Detail: "no plan can be about " + string(on.Only) + " alone"}
	}
	p := Plan{Format: planFormat, RunID: newRunID(), CloudID: e.Cloud.ID, TenantID: e.TenantID, Made: e.now(),
		Wanted: w, ClientID: on.ClientID, Only: on.Only}
	var (
		a     Actual
		same  []graph.Application
		wrong error
	)
	if on.ClientID == "" {
		name := w.AppName
		if on.AnotherOne {
			name = ""
		}
		b := e.Graph.Begin(ctx, name, w.AppOnly())
		a = Actual{App: Found[graph.Application]{Missing: true},
			Principal: Found[graph.ServicePrincipal]{Missing: true}, Resource: outcome(b.Graph.ID, b.GraphErr)}
		same, wrong = b.Same, b.SameErr
		p.hold(b.Roles, b.RolesErr)
		p.Mailboxes = b.Mailboxes // that they could not be counted stops nothing
	} else {
		var all sync.WaitGroup
		all.Go(func() { p.hold(e.Graph.MyRoles(ctx)) })
		all.Go(func() {
			if w.AppOnly() {
				p.Mailboxes, _ = e.Graph.Mailboxes(ctx)
			}
		})
		a = e.Read(ctx, on.ClientID, false)
		all.Wait()
		wrong = a.complete(op)
	}
	if wrong != nil {
		return Plan{}, wrong
	}
	if !a.Resource.Known {
		return Plan{},
			errors.Join(
				&fault.Error{Kind: fault.GraphRefused, Op: op, Subject: "Microsoft Graph",
					Detail: "Microsoft Graph was not found in this organisation."}, a.Resource.Err)
	}
	p.resourceID = a.Resource.Value
	if a.App.Known {
		p.Existing = e.existingApp(w, a)
	}
	p.Changes = changes(w, a, on)
	if len(same) > 0 {
		p.Choice = &Choice{}
		for _, s := range same {
			p.Choice.Same = append(
				p.Choice.Same,
				SameName{ClientID: s.ClientID, Created: s.Created, Audience: audienceWords(s.SignInAudience),
					Secrets: len(s.Secrets), Ours: e.localKnowledgeOf(s.ClientID).made})
		}
	}
	return p, nil
}

// hold notes the roles of the account that prepares the plan. A failed look-up is not
// the same as no role.
func (p *Plan) hold(ids []string, err error) {
	p.Held = Held{IDs: ids, Known: err == nil, Err: err}
}

// complete returns the error of the first look-up that failed. Then there is no plan: a
// failed look-up does not mean that something is missing.
func (a Actual) complete(op string) error {
	switch {
	case a.App.Missing:
		return &fault.Error{Kind: fault.GraphRefused, Op: op, Subject: a.ClientID, Status: 404,
			Code: "Request_ResourceNotFound", Detail: "There is no app with this client ID in your organisation."}
	case !a.App.Known:
		return a.App.Err
	case !a.Principal.Known && !a.Principal.Missing:
		return a.Principal.Err
	case !a.Grants.Known && !a.Grants.Missing:
		return a.Grants.Err
	case !a.Roles.Known && !a.Roles.Missing:
		return a.Roles.Err
	case !a.Resource.Known:
		return a.Resource.Err
	}
	return nil
}

// update turns an existing app into the wanted one. It removes nothing, because somebody
// may need it.
type update struct {
	change    graph.ApplicationChange
	details   []string
	redirects []string               // added
	access    []graph.ResourceAccess // added
	switches  Switches               // turned on
	audience  string                 // before, if it changes
}

// updateFor finds the update, or as much of it as mends one requirement.
func updateFor(w Wanted, a graph.Application, only RequirementID) update {
	var u update
	about := func(id RequirementID) bool { return only == "" || only == id }
	if want := graphAudience(w.Audience); about(Audience) && a.SignInAudience != want {
		u.change.SignInAudience, u.audience = &want, a.SignInAudience
		u.details = append(u.details, "Accounts: "+audienceWords(want)+" instead of "+audienceWords(a.SignInAudience))
	}
	// Only Graph's refusal documents it: with personal accounts it must be 2
	// (github.com/microsoftgraph/microsoft-graph-docs/issues/21685).
	if about(Audience) && w.personal() && a.API.TokenVersion != 2 {
		u.change.API = &graph.APIChange{TokenVersion: new(2)}
		u.details = append(u.details, "Version of access tokens: 2, as personal accounts need it")
	}
	web := graph.WebChange{}
	if about(Redirects) {
		u.addRedirects(w, a)
	}
	if len(u.redirects) > 0 {
		web.RedirectURIs = new(append(slices.Clone(a.Web.RedirectURIs), u.redirects...))
	}
	if about(SwitchesOn) {
		have := switchesOf(a)
		if u.switches = w.Switches.without(have); u.switches != (Switches{}) {
			u.details = append(u.details, "Switch on: "+switchWords(u.switches))
		}
		if u.switches.PublicClient {
			u.change.FallbackPublicClient = new(true)
		}
		if u.switches.AccessTokens || u.switches.IDTokens {
			on := have.or(w.Switches)
			web.Implicit = &graph.ImplicitGrant{IDTokens: on.IDTokens, AccessTokens: on.AccessTokens}
		}
	}
	if web != (graph.WebChange{}) {
		u.change.Web = &web
	}
	if merged, added := mergeAccess(a.RequiredResourceAccess, w); about(Asked) && len(added) > 0 {
		u.change.RequiredResourceAccess, u.access = &merged,
			[]graph.ResourceAccess{{ResourceAppID: entra.GraphAppID, Access: added}}
		for _, p := range added {
			u.details = append(u.details, "Ask for: "+nameOf(entra.GraphAppID, p))
		}
	}
	return u
}

func (u *update) addRedirects(w Wanted, a graph.Application) {
	list := registeredURIs(a)
	for _, r := range w.Redirects {
		there := slices.ContainsFunc(list, func(l registered) bool {
			return l.platform == platformWeb && acceptsURI(l.uri, r.URI) || l.uri == r.URI
		})
		if !there {
			u.redirects = append(u.redirects, r.URI)
			u.details = append(u.details, "Add the sign-in address (Web): "+r.URI)
		}
	}
}

// mergeAccess adds the wanted permissions to those that are listed.
func mergeAccess(have []graph.ResourceAccess, w Wanted) (merged []graph.ResourceAccess, added []graph.AccessEntry) {
	for _, r := range have {
		merged = append(merged, graph.ResourceAccess{ResourceAppID: r.ResourceAppID, Access: slices.Clone(r.Access)})
	}
	i := slices.IndexFunc(
		merged, func(r graph.ResourceAccess) bool { return strings.EqualFold(r.ResourceAppID, entra.GraphAppID) })
	if i < 0 {
		merged = append(merged, graph.ResourceAccess{ResourceAppID: entra.GraphAppID})
		i = len(merged) - 1
	}
	for _, p := range w.Permissions {
		entry := graph.AccessEntry{ID: p.ID(), Type: "Scope"}
		if p.Kind == "application" {
			entry.Type = "Role"
		}
		if !slices.ContainsFunc(
			merged[i].Access,
			func(o graph.AccessEntry) bool { return o.Type == entry.Type && strings.EqualFold(o.ID, entry.ID) }) {
			merged[i].Access = append(merged[i].Access, entry)
			added = append(added, entry)
		}
	}
	return merged, added
}

// creation is the request that makes a new app. It always sends the audience: without
// it, Graph would let personal accounts in
// (learn.microsoft.com/graph/api/resources/application).
func creation(w Wanted) graph.ApplicationChange {
	u := updateFor(w, graph.Application{}, "")
	c := u.change
	c.DisplayName, c.SignInAudience = &w.AppName, new(graphAudience(w.Audience))
	c.FallbackPublicClient = &w.Switches.PublicClient
	return c
}
