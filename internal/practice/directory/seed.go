package directory

import (
	"cmp"
	"fmt"
	"slices"

	"entrada/internal/entra"
)

// AdminApp is the ready-made application with administrator roles.
type AdminApp struct{ ClientID, ClientSecret, TenantID, KeyID string }

// adminAppRoles let a script set up whatever it wants to test.
var adminAppRoles = []string{
	"Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All",
	"Directory.Read.All", "User.Read.All", "Organization.Read.All", "Policy.Read.All",
}

// Seed fills a directory with n organisations and an administrator app that is
// present in all of them.
func Seed(d Directory, n int) (AdminApp, error) { return Complete(d, n, AdminApp{}) }

// Complete is Seed for a directory that may hold some of it already: was is the
// administrator app it had, with the text that its secret is to have; without one
// it gets a new secret.
func Complete(d Directory, n int, was AdminApp) (AdminApp, error) {
	for i := len(d.Tenants()) + 1; i <= n; i++ {
		suffix, name := "", "Contoso (practice)"
		if i > 1 {
			suffix, name = fmt.Sprint(i), fmt.Sprintf("Contoso %d (practice)", i)
		}
		t := d.AddTenant(
			Tenant{Name: name, Domain: "contoso" + suffix + ".example",
				Initial: "contoso" + suffix + ".onmicrosoft.example"})
		seedUsers(d, t)
	}
	app, err := adminApp(d, was)
	if err != nil {
		return AdminApp{}, err
	}
	label := "Practice scripts"
	now := d.Now()
	text := cmp.Or(was.ClientSecret, newSecretText())
	secret, err := d.addSecret(app.AppID, &label, text, now, now.AddDate(2, 0, 0))
	if err != nil {
		return AdminApp{}, err
	}
	for _, t := range d.Tenants() {
		if err := d.ConsentListed(t.ID, app.AppID, true); err != nil {
			return AdminApp{}, err
		}
	}
	return AdminApp{app.AppID, *secret.SecretText, app.TenantID, secret.KeyID}, nil
}

// adminApp finds the administrator app or registers it, and makes it list what
// it needs.
func adminApp(d Directory, was AdminApp) (*Application, error) {
	access := []RequiredResourceAccess{listRoles(adminAppRoles)}
	if old, ok := d.App(was.ClientID); ok {
		return d.UpdateApp(old.AppID, func(a *Application) error {
			a.RequiredResourceAccess = access
			a.PasswordCredentials = slices.DeleteFunc(
				slices.Clone(a.PasswordCredentials), func(c PasswordCredential) bool { return c.KeyID == was.KeyID })
			return nil
		})
	}
	two := 2
	return d.AddApp(
		d.Tenants()[0].ID, "", Application{DisplayName: "Practice administrator app", SignInAudience: multipleTenants,
			API: API{RequestedAccessTokenVersion: &two}, RequiredResourceAccess: access})
}

func seedUsers(d Directory, t Tenant) {
	add := func(local, name string, mailbox MailboxKind, roles ...string) *User {
		return d.AddUser(
			User{TenantID: t.ID, Address: local + "@" + t.Domain, Name: name, Mailbox: mailbox, Roles: roles,
				Disabled: mailbox == MailboxShared})
	}
	alex := add("alex", "Alex Wilber", MailboxCloud, RoleGlobalAdministrator)
	add("chris", "Chris Green", MailboxCloud, RoleCloudApplicationAdministrator)
	add("dana", "Dana Swope", MailboxCloud, RoleApplicationDeveloper)
	pat := add("pat", "Pat Fernandez", MailboxCloud)
	megan := add("megan", "Megan Bowen", MailboxCloud)
	add("uma", "Uma Nair", MailboxNone)
	add("otto", "Otto Lang", MailboxOnPremises)
	shared := add("shared", "Contoso Shared Mailbox", MailboxShared)

	d.mu.Lock()
	defer d.mu.Unlock()
	// Nobody else has seen them yet.
	shared.Delegates = []string{alex.ID, megan.ID}
	pat.Groups = []Group{{ID: entra.NewGUID(), Name: "App registration team",
		Roles: []string{RoleCloudApplicationAdministrator}}}
}

func listRoles(names []string) RequiredResourceAccess {
	r := RequiredResourceAccess{ResourceAppID: GraphAppID}
	for _, n := range names {
		p, _ := PermissionNamed(n)
		r.ResourceAccess = append(r.ResourceAccess, ResourceAccess{ID: p.RoleID, Type: "Role"})
	}
	return r
}

// ConsentListed grants for everybody what the registration lists: the delegated
// permissions and, with roles, the application permissions too.
func (d Directory) ConsentListed(tenantID, clientID string, roles bool) error {
	d = d.Primary()
	a, ok := d.App(clientID)
	if !ok {
		return notFound(clientID)
	}
	client, err := d.EnsureServicePrincipal(tenantID, clientID)
	if err != nil {
		return err
	}
	for _, r := range a.RequiredResourceAccess {
		resource, ok := d.ServicePrincipal(tenantID, r.ResourceAppID)
		if !ok {
			continue
		}
		var scopes []string
		for _, p := range r.ResourceAccess {
			if p.Type == "Scope" {
				for _, s := range resource.OAuth2PermissionScopes {
					if s.ID == p.ID {
						scopes = append(scopes, s.Value)
					}
				}
				continue
			}
			if role, ok := resource.Role(p.ID); ok && roles && !d.hasRole(tenantID, client.ID, resource.ID, role.ID) {
				if _, err := d.Assign(tenantID, client.ID, resource.ID, role.ID); err != nil {
					return err
				}
			}
		}
		if len(scopes) > 0 {
			if err := d.Consent(tenantID, clientID, r.ResourceAppID, "", scopes, true); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d Directory) hasRole(tenantID, principalID, resourceID, roleID string) bool {
	for _, a := range d.Assignments(tenantID) {
		if a.PrincipalID == principalID && a.ResourceID == resourceID && a.AppRoleID == roleID {
			return true
		}
	}
	return false
}
