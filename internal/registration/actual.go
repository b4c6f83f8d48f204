package registration

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/graph"
)

// Actual is what Graph says about an app. Each part is looked up by itself. A part with
// the zero value was not looked up, and no part stands for another.
type Actual struct {
	ClientID  string
	App       Found[graph.Application]
	Principal Found[graph.ServicePrincipal]
	Grants    Found[[]graph.Grant] // of the app, at every API
	Roles     Found[[]graph.RoleAssignment]
	Owners    Found[[]graph.Owner]
	Federated Found[[]graph.FederatedCredential]
	Resource  Found[string]              // object ID of Microsoft Graph itself in this tenant
	Consent   Found[graph.ConsentPolicy] // looked up only on request

	local localKnowledge
}

// Found is the outcome of one look-up. Not Known and not Missing means: could
// not be checked, for the reason in Err if there is one.
type Found[T any] struct {
	Value   T
	Known   bool
	Missing bool // Graph says that it does not exist
	Err     error
}

func known[T any](v T) Found[T] { return Found[T]{Value: v, Known: true} }

// outcome turns an answer into a Found. Only a 404 means that there is nothing.
func outcome[T any](v T, err error) Found[T] {
	switch {
	case err == nil:
		return known(v)
	case isStatus(err, http.StatusNotFound):
		return Found[T]{Missing: true}
	default:
		return Found[T]{Err: err}
	}
}

func isStatus(err error, status int) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Status == status
}

// Read looks up everything that [Compare] needs, all at once. With policies it
// also reads the tenant's consent settings, which takes the permission
// Policy.Read.All.
func (e *Engine) Read(ctx context.Context, clientID string, policies bool) Actual {
	a := Actual{ClientID: clientID, local: e.localKnowledgeOf(clientID)}
	var all sync.WaitGroup
	all.Go(func() { a.App = outcome(e.Graph.ApplicationByClientID(ctx, clientID)) })
	all.Go(func() { a.Principal = outcome(e.Graph.PrincipalByClientID(ctx, clientID)) })
	all.Go(func() { a.Grants = outcome(e.Graph.GrantsOf(ctx, clientID)) })
	all.Go(func() { a.Roles = outcome(e.Graph.RolesOf(ctx, clientID)) })
	all.Go(func() { a.holders(e.Graph.Holders(ctx, clientID)) })
	all.Go(func() { a.Resource = e.resource(ctx) })
	if policies {
		all.Go(func() { a.Consent = outcome(e.Graph.ConsentPolicy(ctx)) })
	}
	all.Wait()
	return a
}

func (a *Actual) holders(h graph.Holders) {
	a.Owners, a.Federated = outcome(h.Owners, h.OwnersErr), outcome(h.Federated, h.FederatedErr)
}

// resource finds Microsoft Graph in the tenant: its object ID differs from
// tenant to tenant, and consents name it.
func (e *Engine) resource(ctx context.Context) Found[string] {
	p, err := e.Graph.PrincipalByClientID(ctx, entra.GraphAppID)
	return outcome(p.ID, err)
}

// Verify reads what is there and compares it with what is wanted.
func (e *Engine) Verify(ctx context.Context, w Wanted, clientID string, policies bool) []Requirement {
	return Compare(w, e.Read(ctx, clientID, policies), e.now())
}
