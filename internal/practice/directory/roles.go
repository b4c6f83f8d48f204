package directory

// The directory roles in play, by role template ID.
const (
	RoleGlobalAdministrator           = "62e90394-69f5-4237-9190-012177145e10"
	RoleApplicationAdministrator      = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"
	RoleCloudApplicationAdministrator = "158c047a-c907-4556-b7ef-446551a6b5f7"
	RolePrivilegedRoleAdministrator   = "e8611ab8-c189-46e8-94e1-60213ab1f814"
	RoleApplicationDeveloper          = "cf1c38e5-3621-4004-a7cb-879624dced7c"
	RoleExchangeAdministrator         = "29232cdf-9323-42fd-ade2-1d097af3e4de"
)

// RoleNames are the roles in words.
var RoleNames = map[string]string{
	RoleGlobalAdministrator:           "Global Administrator",
	RoleApplicationAdministrator:      "Application Administrator",
	RoleCloudApplicationAdministrator: "Cloud Application Administrator",
	RolePrivilegedRoleAdministrator:   "Privileged Role Administrator",
	RoleApplicationDeveloper:          "Application Developer",
	RoleExchangeAdministrator:         "Exchange Administrator",
}

// ManagesApps reports whether the user may change every registration.
func (u *User) ManagesApps() bool {
	return u.HasRole(RoleGlobalAdministrator, RoleApplicationAdministrator, RoleCloudApplicationAdministrator)
}

// ConsentsForAll reports whether the user may consent to delegated permissions
// for everybody.
func (u *User) ConsentsForAll() bool { return u.ManagesApps() || u.GrantsGraphRoles() }

// GrantsGraphRoles reports whether the user may grant application permissions
// of Microsoft Graph, which the application administrators may not:
// learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent.
func (u *User) GrantsGraphRoles() bool {
	return u.HasRole(RoleGlobalAdministrator, RolePrivilegedRoleAdministrator)
}
