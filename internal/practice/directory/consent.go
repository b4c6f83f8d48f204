package directory

import (
	"slices"
	"strings"
	"time"

	"entrada/internal/entra"
)

// ServicePrincipal finds an app's presence in a tenant by client ID.
func (d Directory) ServicePrincipal(tenantID, clientID string) (*ServicePrincipal, bool) {
	return d.FindServicePrincipal(
		tenantID, func(sp *ServicePrincipal) bool { return strings.EqualFold(sp.AppID, clientID) })
}

// FindServicePrincipal finds a service principal of a tenant.
func (d Directory) FindServicePrincipal(tenantID string, is func(*ServicePrincipal) bool) (*ServicePrincipal, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if o := d.byName[tenantID]; o != nil {
		for _, sp := range o.sps {
			if d.sees(sp.visible) && is(sp) {
				return sp, true
			}
		}
	}
	return nil, false
}

// ServicePrincipals lists those of a tenant.
func (d Directory) ServicePrincipals(tenantID string) []*ServicePrincipal {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []*ServicePrincipal
	if o := d.byName[tenantID]; o != nil {
		for _, sp := range o.sps {
			if d.sees(sp.visible) {
				out = append(out, sp)
			}
		}
	}
	return out
}

// Resource finds the API that an identifier names for callers of a tenant: an
// identifier URI or a client ID.
func (d Directory) Resource(tenantID, identifier string) (*ServicePrincipal, bool) {
	identifier = strings.TrimRight(identifier, "/")
	return d.FindServicePrincipal(tenantID, func(sp *ServicePrincipal) bool {
		return slices.ContainsFunc(
			sp.ServicePrincipalNames, func(n string) bool { return strings.EqualFold(n, identifier) })
	})
}

// AddServicePrincipal makes an app present in a tenant.
func (d Directory) AddServicePrincipal(tenantID, clientID string, change func(*ServicePrincipal)) (
	*ServicePrincipal, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o, a := d.byName[tenantID], d.apps[strings.ToLower(clientID)]
	if a == nil || !d.sees(a.visible) || a.TenantID != tenantID && !a.MultiTenant() {
		return nil, refuse(
			"Request_BadRequest",
			"The appId '%s' of the service principal does not reference a valid application object.", clientID)
	}
	for _, sp := range o.sps {
		if sp.AppID == a.AppID {
			return nil, refuse(
				"Request_MultipleObjectsWithSameKeyValue",
				"The service principal cannot be created, updated, or restored because the service principal name "+
					"%s is already in use.", a.AppID)
		}
	}
	sp := d.addServicePrincipal(o, a, d.visibleFrom())
	if change != nil {
		change(sp)
	}
	return sp, nil
}

// EnsureServicePrincipal returns the app's presence in a tenant, made if need be.
func (d Directory) EnsureServicePrincipal(tenantID, clientID string) (*ServicePrincipal, error) {
	if sp, ok := d.Primary().ServicePrincipal(tenantID, clientID); ok {
		return sp, nil
	}
	sp, err := d.Primary().AddServicePrincipal(tenantID, clientID, nil)
	if err != nil { // somebody else was quicker
		if other, ok := d.Primary().ServicePrincipal(tenantID, clientID); ok {
			return other, nil
		}
	}
	return sp, err
}

func (s *state) addServicePrincipal(o *organisation, a *Application, visible time.Time) *ServicePrincipal {
	sp := &ServicePrincipal{
		ID: entra.NewGUID(), AppID: a.AppID, AppOwnerOrganizationID: a.TenantID, ServicePrincipalType: "Application",
		AccountEnabled: true, Tags: []string{"WindowsAzureActiveDirectoryIntegratedApp"}, TenantID: o.ID,
		visible: visible,
	}
	describe(sp, a)
	o.sps = append(o.sps, sp)
	return sp
}

// describe copies what a service principal shows of its registration.
func describe(sp *ServicePrincipal, a *Application) {
	sp.DisplayName, sp.AppDisplayName, sp.SignInAudience = a.DisplayName, a.DisplayName, a.SignInAudience
	sp.ServicePrincipalNames = append([]string{a.AppID}, a.IdentifierURIs...)
	sp.OAuth2PermissionScopes, sp.AppRoles = a.API.OAuth2PermissionScopes, a.AppRoles
	set(&sp.OAuth2PermissionScopes)
	set(&sp.AppRoles)
	if a.AppID == GraphAppID {
		sp.OAuth2PermissionScopes, sp.AppRoles = graphScopes(), graphRoles()
	}
}

// UpdateServicePrincipal changes one through change, which gets a shallow copy.
func (d Directory) UpdateServicePrincipal(tenantID, id string, change func(*ServicePrincipal) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.byName[tenantID]
	for i, old := range o.sps {
		if old.ID == id && d.sees(old.visible) {
			sp := *old
			if err := change(&sp); err != nil {
				return err
			}
			sp.ID, sp.AppID, sp.TenantID, sp.visible = old.ID, old.AppID, old.TenantID, old.visible
			o.sps[i] = &sp
			return nil
		}
	}
	return notFound(id)
}

// DeleteServicePrincipal removes one with what hangs on it.
func (d Directory) DeleteServicePrincipal(tenantID, id string) error {
	if _, ok := d.FindServicePrincipal(tenantID, func(sp *ServicePrincipal) bool { return sp.ID == id }); !ok {
		return notFound(id)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.removeServicePrincipal(d.byName[tenantID], id)
	return nil
}

func (s *state) removeServicePrincipal(o *organisation, id string) {
	o.sps = slices.DeleteFunc(slices.Clone(o.sps), func(sp *ServicePrincipal) bool { return sp.ID == id })
	o.grants = slices.DeleteFunc(
		slices.Clone(o.grants), func(g *Grant) bool { return g.ClientID == id || g.ResourceID == id })
	o.assignments = slices.DeleteFunc(
		slices.Clone(o.assignments), func(a *Assignment) bool { return a.PrincipalID == id || a.ResourceID == id })
}

// AppRoleFor is the role with which everybody who is assigned to an app without
// a particular role is assigned.
const AppRoleFor = "00000000-0000-0000-0000-000000000000"
