package registration

import (
	"slices"
	"strings"
)

// Role is a directory role of Microsoft Entra.
type Role struct {
	TemplateID string // the same in every tenant
	Name       string
}

// The roles that registering takes
// (learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference).
var (
	GlobalAdministrator           = Role{"62e90394-69f5-4237-9190-012177145e10", "Global Administrator"}
	PrivilegedRoleAdministrator   = Role{"e8611ab8-c189-46e8-94e1-60213ab1f814", "Privileged Role Administrator"}
	CloudApplicationAdministrator = Role{"158c047a-c907-4556-b7ef-446551a6b5f7", "Cloud Application Administrator"}
	ApplicationAdministrator      = Role{"9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "Application Administrator"}
	ApplicationDeveloper          = Role{"cf1c38e5-3621-4004-a7cb-879624dced7c", "Application Developer"}
)

// Who can do what. Application administrators may grant any permission except
// app roles of Microsoft Graph
// (learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent).
var (
	appAdmins  = []Role{CloudApplicationAdministrator, ApplicationAdministrator, GlobalAdministrator}
	registrars = append([]Role{ApplicationDeveloper}, appAdmins...)
	consenters = append(slices.Clone(appAdmins), PrivilegedRoleAdministrator)
	roleGivers = []Role{PrivilegedRoleAdministrator, GlobalAdministrator}
)

// RoleNames is a list of roles in words: "A, B or C".
func RoleNames(roles []Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = r.Name
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// Held are the directory roles of the account that is signed in.
type Held struct {
	IDs   []string // template IDs
	Known bool     // false: could not be read, or an app is signed in
	Err   error
}

// Words names the roles that matter for registering, or says that there is none
// or that they could not be read.
func (h Held) Words() string {
	if !h.Known {
		return "roles not known"
	}
	var held []Role
	for _, r := range []Role{GlobalAdministrator, PrivilegedRoleAdministrator, CloudApplicationAdministrator,
		ApplicationAdministrator, ApplicationDeveloper} {
		if slices.Contains(h.IDs, r.TemplateID) {
			held = append(held, r)
		}
	}
	if len(held) == 0 {
		return "no role for registering apps"
	}
	names := make([]string, len(held))
	for i, r := range held {
		names[i] = r.Name
	}
	return strings.Join(names, ", ")
}

// Permit says whether the account may make a change.
type Permit int

// The permits. Perhaps: the roles are not known, or the change also falls to
// people without a role, such as the owner of an app.
const (
	Perhaps Permit = iota
	Yes
	No
)

func (h Held) may(roles []Role, others bool) Permit {
	if slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(h.IDs, r.TemplateID) }) {
		return Yes
	}
	if !h.Known || others {
		return Perhaps
	}
	return No
}
