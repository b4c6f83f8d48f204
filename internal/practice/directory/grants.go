package directory

import (
	"slices"
	"strings"

	"entrada/internal/entra"
)

// Grants lists the delegated consents of a tenant.
func (d Directory) Grants(tenantID string) []*Grant {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []*Grant
	if o := d.byName[tenantID]; o != nil {
		for _, g := range o.grants {
			if d.sees(g.visible) {
				out = append(out, g)
			}
		}
	}
	return out
}

// AddGrant makes a delegated consent; one per client, resource and principal.
func (d Directory) AddGrant(tenantID string, g Grant) (*Grant, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.byName[tenantID]
	var client, resource *ServicePrincipal
	for _, sp := range o.sps {
		if !d.sees(sp.visible) {
			continue
		}
		if sp.ID == g.ClientID {
			client = sp
		}
		if sp.ID == g.ResourceID {
			resource = sp
		}
	}
	switch {
	case client == nil:
		return nil, notFound(g.ClientID)
	case resource == nil:
		return nil, notFound(g.ResourceID)
	case g.ConsentType != "AllPrincipals" && g.ConsentType != "Principal":
		return nil, refuse(
			"Request_BadRequest",
			"Invalid value specified for property 'consentType' of resource 'oAuth2PermissionGrant'.")
	case (g.PrincipalID == nil) != (g.ConsentType == "AllPrincipals"):
		return nil, refuse(
			"Request_BadRequest",
			"Property 'principalId' must be given for consentType 'Principal' and for that alone.")
	case g.PrincipalID != nil && o.byUser[*g.PrincipalID] == nil:
		return nil, notFound(*g.PrincipalID)
	}
	for _, other := range o.grants {
		if sameGrantee(other, &g) {
			return nil, refuse("Request_MultipleObjectsWithSameKeyValue", "Permission entry already exists.")
		}
	}
	g.ID, g.TenantID, g.Scope, g.visible = entra.NewGUID(), tenantID, strings.TrimSpace(g.Scope), d.visibleFrom()
	o.grants = append(o.grants, &g)
	return &g, nil
}

// UpdateGrant replaces the scopes of a consent.
func (d Directory) UpdateGrant(tenantID, id, scope string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.byName[tenantID]
	for i, old := range o.grants {
		if old.ID == id && d.sees(old.visible) {
			g := *old
			g.Scope = strings.TrimSpace(scope)
			o.grants[i] = &g
			return nil
		}
	}
	return notFound(id)
}

// DeleteGrant takes a consent away.
func (d Directory) DeleteGrant(tenantID, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.byName[tenantID]
	n := len(o.grants)
	o.grants = slices.DeleteFunc(slices.Clone(o.grants), func(g *Grant) bool { return g.ID == id && d.sees(g.visible) })
	if len(o.grants) == n {
		return notFound(id)
	}
	return nil
}

func sameGrantee(a, b *Grant) bool {
	principal := func(g *Grant) string {
		if g.PrincipalID == nil {
			return ""
		}
		return *g.PrincipalID
	}
	return a.ClientID == b.ClientID && a.ResourceID == b.ResourceID && a.ConsentType == b.ConsentType &&
		principal(a) == principal(b)
}

// Consent adds scopes to what a client may do at a resource, for one user or,
// with an empty userID, for everybody. With replace, the scopes become exactly
// these, as "Grant admin consent" in the portal does it.
func (d Directory) Consent(tenantID, clientID, resourceAppID, userID string, scopes []string, replace bool) error {
	d = d.Primary()
	client, err := d.EnsureServicePrincipal(tenantID, clientID)
	if err != nil {
		return err
	}
	resource, err := d.EnsureServicePrincipal(tenantID, resourceAppID)
	if err != nil {
		return err
	}
	want := Grant{ClientID: client.ID, ResourceID: resource.ID, ConsentType: "AllPrincipals"}
	if userID != "" {
		want.ConsentType, want.PrincipalID = "Principal", &userID
	}
	for _, g := range d.Grants(tenantID) {
		if sameGrantee(g, &want) {
			if !replace {
				scopes = mergeScopes(strings.Fields(g.Scope), scopes)
			}
			return d.UpdateGrant(tenantID, g.ID, strings.Join(scopes, " "))
		}
	}
	want.Scope = strings.Join(mergeScopes(nil, scopes), " ")
	_, err = d.AddGrant(tenantID, want)
	return err
}

func mergeScopes(have, more []string) []string {
	out := slices.Clone(have)
	for _, s := range more {
		if !ContainsScope(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// ContainsScope reports whether the list has the scope; names ignore case.
func ContainsScope(list []string, scope string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, scope) })
}

// Granted lists the scopes that a client has at a resource for one user: what
// was granted for everybody and to the user.
func (d Directory) Granted(tenantID, clientID, resourceAppID, userID string) []string {
	client, ok1 := d.ServicePrincipal(tenantID, clientID)
	resource, ok2 := d.ServicePrincipal(tenantID, resourceAppID)
	if !ok1 || !ok2 {
		return nil
	}
	var out []string
	for _, g := range d.Grants(tenantID) {
		if g.ClientID == client.ID && g.ResourceID == resource.ID &&
			(g.PrincipalID == nil || *g.PrincipalID == userID) {
			out = mergeScopes(out, strings.Fields(g.Scope))
		}
	}
	return out
}

// Assignments lists the app role assignments of a tenant.
func (d Directory) Assignments(tenantID string) []*Assignment {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []*Assignment
	if o := d.byName[tenantID]; o != nil {
		for _, a := range o.assignments {
			if d.sees(a.visible) {
				out = append(out, a)
			}
		}
	}
	return out
}

// Assign grants an application permission to an app, or assigns a user to one.
func (d Directory) Assign(tenantID, principalID, resourceID, roleID string) (*Assignment, error) {
	resource, ok := d.FindServicePrincipal(tenantID, func(sp *ServicePrincipal) bool { return sp.ID == resourceID })
	if !ok {
		return nil, notFound(resourceID)
	}
	a := Assignment{ID: entra.NewGUID(), AppRoleID: roleID, CreatedDateTime: d.Now(), PrincipalID: principalID,
		ResourceID: resourceID, ResourceDisplayName: resource.DisplayName, TenantID: tenantID}
	if sp, ok := d.FindServicePrincipal(tenantID, func(sp *ServicePrincipal) bool { return sp.ID == principalID }); ok {
		a.PrincipalType, a.PrincipalDisplayName = "ServicePrincipal", sp.DisplayName
	} else if u, ok := d.User(tenantID, principalID); ok {
		a.PrincipalType, a.PrincipalDisplayName = "User", u.Name
	} else {
		return nil, notFound(principalID)
	}
	if _, ok := resource.Role(roleID); !ok && roleID != AppRoleFor {
		return nil, refuse(
			"Request_BadRequest", "Permission being assigned was not found on application '%s'.", resource.AppID)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.byName[tenantID]
	for _, other := range o.assignments {
		if other.PrincipalID == principalID && other.ResourceID == resourceID &&
			strings.EqualFold(other.AppRoleID, roleID) {
			return nil, refuse("Request_BadRequest", "Permission being assigned already exists on the object")
		}
	}
	a.visible = d.visibleFrom()
	o.assignments = append(o.assignments, &a)
	return &a, nil
}

// Unassign takes an app role assignment away.
func (d Directory) Unassign(tenantID, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.byName[tenantID]
	n := len(o.assignments)
	o.assignments = slices.DeleteFunc(
		slices.Clone(o.assignments), func(a *Assignment) bool { return a.ID == id && d.sees(a.visible) })
	if len(o.assignments) == n {
		return notFound(id)
	}
	return nil
}

// RolesOf names the application permissions that an app holds at a resource.
func (d Directory) RolesOf(tenantID, clientID, resourceAppID string) []string {
	client, ok1 := d.ServicePrincipal(tenantID, clientID)
	resource, ok2 := d.ServicePrincipal(tenantID, resourceAppID)
	if !ok1 || !ok2 {
		return nil
	}
	var out []string
	for _, a := range d.Assignments(tenantID) {
		if a.PrincipalID == client.ID && a.ResourceID == resource.ID {
			if role, ok := resource.Role(a.AppRoleID); ok {
				out = append(out, role.Value)
			}
		}
	}
	return out
}

// IsAssigned reports whether a user is assigned to an app.
func (d Directory) IsAssigned(tenantID, userID, spID string) bool {
	return slices.ContainsFunc(d.Assignments(tenantID), func(a *Assignment) bool {
		return a.PrincipalID == userID && a.ResourceID == spID
	})
}
