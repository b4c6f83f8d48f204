package directory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Saved is the directory as it outlasts a restart. What has yet to replicate
// has replicated by then.
type Saved struct {
	Tenants []SavedTenant `json:"tenants"`
	Apps    []SavedApp    `json:"applications"`
	SignIns []SignIn      `json:"signIns"`
}

// SavedTenant is one organisation with what it holds.
type SavedTenant struct {
	Tenant
	Users             []User             `json:"users"`
	ServicePrincipals []ServicePrincipal `json:"servicePrincipals"`
	Grants            []Grant            `json:"grants"`
	Assignments       []Assignment       `json:"appRoleAssignments"`
}

// SavedApp is a registration with what its JSON in Graph leaves out.
type SavedApp struct {
	Application
	TenantID string            `json:"tenantId"`
	Owners   []string          `json:"owners"`
	Hashes   map[string]string `json:"secretHashes"` // SHA-256 by key ID

	Federated []FederatedCredential `json:"federatedIdentityCredentials,omitempty"`
}

// Save takes a picture of everything but Microsoft's own apps, which come with
// the program.
func (d Directory) Save() Saved {
	d.mu.RLock()
	defer d.mu.RUnlock()
	out := Saved{SignIns: slices.Clone(d.signIns)}
	for _, a := range d.apps {
		if a.FirstParty {
			continue
		}
		s := SavedApp{*a, a.TenantID, a.Owners, map[string]string{}, a.Federated}
		for _, c := range a.PasswordCredentials {
			s.Hashes[c.KeyID] = c.SHA256
		}
		out.Apps = append(out.Apps, s)
	}
	slices.SortFunc(out.Apps, func(a, b SavedApp) int { return cmp.Compare(a.AppID, b.AppID) })
	for _, o := range d.tenants {
		t := SavedTenant{Tenant: o.Tenant, Users: values(o.users), ServicePrincipals: values(o.sps),
			Grants: values(o.grants), Assignments: values(o.assignments)}
		for i := range t.ServicePrincipals {
			if sp := &t.ServicePrincipals[i]; d.isFirstParty(sp.AppID) {
				sp.OAuth2PermissionScopes, sp.AppRoles = nil, nil // the whole catalogue
			}
		}
		out.Tenants = append(out.Tenants, t)
	}
	return out
}

func values[T any](list []*T) []T {
	out := make([]T, len(list))
	for i, p := range list {
		out[i] = *p
	}
	return out
}

func (s *state) isFirstParty(clientID string) bool {
	a := s.apps[clientID]
	return a != nil && a.FirstParty
}

// Restore fills a new directory from a picture. After an error the directory is
// of no use.
func (d Directory) Restore(from Saved) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(from.Tenants) == 0 {
		return fmt.Errorf("there is no organisation")
	}
	for _, t := range from.Tenants {
		if err := d.restoreTenant(t); err != nil {
			return fmt.Errorf("organisation %q: %w", t.Domain, err)
		}
	}
	for _, s := range from.Apps {
		a := s.Application
		a.TenantID, a.Owners, a.Federated = s.TenantID, s.Owners, s.Federated
		home := d.byName[a.TenantID]
		if home == nil || home.ID != a.TenantID || a.ID == "" || a.AppID == "" ||
			a.AppID != strings.ToLower(a.AppID) || d.apps[a.AppID] != nil {
			return fmt.Errorf("registration %q has no place", a.AppID)
		}
		for i := range a.PasswordCredentials {
			c := &a.PasswordCredentials[i]
			c.SHA256, c.SecretText = s.Hashes[c.KeyID], nil
		}
		fill(&a)
		d.apps[a.AppID] = &a
	}
	for _, o := range d.tenants {
		d.completeServicePrincipals(o)
	}
	d.signIns = from.SignIns
	return nil
}

func (d Directory) restoreTenant(t SavedTenant) error {
	o := &organisation{Tenant: t.Tenant, byUser: map[string]*User{}}
	for _, name := range []string{t.ID, strings.ToLower(t.Domain), strings.ToLower(t.Initial)} {
		if name == "" || d.byName[name] != nil {
			return fmt.Errorf("the name %q is missing or taken", name)
		}
		d.byName[name] = o
	}
	if len(t.Users) == 0 {
		return fmt.Errorf("it has no accounts")
	}
	for _, u := range t.Users {
		u.TenantID = t.ID
		for _, name := range []string{u.ID, strings.ToLower(u.Address)} {
			if name == "" || o.byUser[name] != nil {
				return fmt.Errorf("the account name %q is missing or taken", name)
			}
			o.byUser[name] = &u
		}
		o.users = append(o.users, &u)
	}
	known := map[string]bool{}
	for _, sp := range t.ServicePrincipals {
		if sp.ID == "" || sp.AppID == "" || known[sp.ID] || known[sp.AppID] {
			return fmt.Errorf("the service principal %q is missing or twice there", sp.ID)
		}
		known[sp.ID], known[sp.AppID] = true, true
		sp.TenantID = t.ID
		o.sps = append(o.sps, &sp)
	}
	for _, g := range t.Grants {
		g.TenantID = t.ID
		o.grants = append(o.grants, &g)
	}
	for _, a := range t.Assignments {
		a.TenantID = t.ID
		o.assignments = append(o.assignments, &a)
	}
	d.tenants = append(d.tenants, o)
	return nil
}

// completeServicePrincipals brings those of Microsoft's own apps up to what this
// program knows, which may be newer than the picture.
func (d Directory) completeServicePrincipals(o *organisation) {
	for _, a := range firstParty() {
		i := slices.IndexFunc(o.sps, func(sp *ServicePrincipal) bool { return sp.AppID == a.AppID })
		if i < 0 {
			d.addServicePrincipal(o, d.apps[a.AppID], time.Time{})
			continue
		}
		describe(o.sps[i], d.apps[a.AppID])
	}
}
