package graph

import (
	"context"
	"net/http"
	"net/url"

	"entrada/internal/entra"
	"entrada/internal/fault"
)

// The look-ups in the directory.
const (
	opReadRoles = "read your administrator roles"
	opCount     = "count the mailboxes"
	opFindApps  = "look for the app registration"
)

// rolesPath lists the directory roles of the signed-in person, those held
// through a group among them; roles that have to be activated first are not
// (learn.microsoft.com/graph/api/user-list-transitivememberof).
const rolesPath = "/me/transitiveMemberOf/microsoft.graph.directoryRole?$select=id,displayName,roleTemplateId"

type directoryRole struct {
	TemplateID string `json:"roleTemplateId"`
}

// MyRoles lists the template IDs of the directory roles that the signed-in
// person holds now, directly or through a group.
func (c *Client) MyRoles(ctx context.Context) ([]string, error) {
	roles, err := all[directoryRole](ctx, c, opReadRoles, rolesPath)
	if err != nil {
		return nil, err
	}
	return templateIDs(roles)
}

// templateIDs returns the template IDs of roles. Where the token may not read an object,
// Graph still lists its ID, and nothing else. Then the role is unknown.
func templateIDs(roles []directoryRole) ([]string, error) {
	ids := make([]string, 0, len(roles))
	for _, r := range roles {
		if r.TemplateID == "" {
			return nil, &fault.Error{Kind: fault.GraphRefused, Op: opReadRoles, Status: http.StatusForbidden,
				Code:   "Authorization_RequestDenied",
				Detail: "Microsoft says that there are roles, but not which."}
		}
		ids = append(ids, r.TemplateID)
	}
	return ids, nil
}

// mailboxesPath counts the organisation's own accounts that have a mail address.
// It is an advanced query: it needs the header below, and its answer may lag
// behind (learn.microsoft.com/graph/aad-advanced-queries).
var (
	mailboxesPath = "/users?" +
		query(url.Values{"$filter": {"mail ne null and userType eq 'Member'"}, "$count": {"true"}, "$select": {"id"},
			"$top": {"1"}})
	eventually = map[string]string{"ConsistencyLevel": "eventual"}
)

type counted struct {
	Count *int `json:"@odata.count"`
}

// Mailboxes tells about how many mailboxes the organisation has.
func (c *Client) Mailboxes(ctx context.Context) (int, error) {
	counting := *c
	counting.headers = eventually
	var page counted
	if err := counting.do(ctx, opCount, http.MethodGet, mailboxesPath, nil, &page, always); err != nil {
		return 0, err
	}
	return page.number()
}

func (p counted) number() (int, error) {
	if p.Count == nil {
		return 0, &fault.Error{Kind: fault.BadAnswer, Op: opCount, Detail: "the answer has no number"}
	}
	return *p.Count, nil
}

// Beginnings is what a program must know before it registers an app. Each part has an
// error of its own.
type Beginnings struct {
	Roles     []string // see [Client.MyRoles]
	RolesErr  error
	Graph     ServicePrincipal // Microsoft Graph itself in this tenant
	GraphErr  error
	Same      []Application // those of the name
	SameErr   error
	Mailboxes int
	CountErr  error
}

// Begin looks up the beginnings in one request. It looks for no empty name, and counts
// the mailboxes on demand.
func (c *Client) Begin(ctx context.Context, name string, count bool) Beginnings {
	var (
		b     Beginnings
		roles struct {
			Value []directoryRole `json:"value"`
			Next  string          `json:"@odata.nextLink"`
		}
		same struct {
			Value []Application `json:"value"`
			Next  string        `json:"@odata.nextLink"`
		}
		number counted
	)
	parts := []*part{
		{path: rolesPath, out: &roles},
		{path: principalPath(entra.GraphAppID), out: &b.Graph},
	}
	named, sum := &part{path: namedPath(name), out: &same},
		&part{path: mailboxesPath, headers: eventually, out: &number}
	if name != "" {
		parts = append(parts, named)
	}
	if count {
		parts = append(parts, sum)
	}
	// A part that did not come is asked for again by itself: single requests wait,
	// repeat, read further pages and explain refusals.
	c.getBatch(ctx, "look up what is there", parts)
	if b.Roles, b.RolesErr = templateIDs(roles.Value); !parts[0].came || roles.Next != "" {
		b.Roles, b.RolesErr = c.MyRoles(ctx)
	}
	if !parts[1].came {
		b.Graph, b.GraphErr = c.PrincipalByClientID(ctx, entra.GraphAppID)
	}
	if b.Same = same.Value; name != "" && (!named.came || same.Next != "") {
		b.Same, b.SameErr = c.ApplicationsNamed(ctx, name)
	}
	if b.Mailboxes, b.CountErr = number.number(); count && !sum.came {
		b.Mailboxes, b.CountErr = c.Mailboxes(ctx)
	}
	return b
}
