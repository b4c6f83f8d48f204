package graphapi

import (
	"net/http"
	"strconv"
	"strings"

	"entrada/internal/practice/directory"
)

// directoryRoutes are the organisation, its users, roles and policies.
func (s *Server) directoryRoutes() {
	s.handle("GET /v1.0/organization", readOrg, func(c *call) error {
		return c.many("organization", []map[string]any{s.organization(c)}, 100)
	})
	s.handle("GET /v1.0/organization/{id}", readOrg, func(c *call) error {
		if c.r.PathValue("id") != c.tenant.ID {
			return missing(c.r.PathValue("id"))
		}
		return c.one(http.StatusOK, "organization/$entity", s.organization(c))
	})
	s.handle("GET /v1.0/me", readSelf, func(c *call) error {
		return c.one(http.StatusOK, "users/$entity", userObject(c, c.user))
	})
	s.handle("GET /v1.0/users", readUsers, func(c *call) error { return c.many("users", s.users(c), 100) })
	s.handle("GET /v1.0/users/{user}", readSelf, s.getUser)
	s.handle("GET /v1.0/users/$count", readUsers, s.countUsers)
	for _, relation := range []string{"memberOf", "transitiveMemberOf"} {
		for _, cast := range []string{"", "/microsoft.graph.directoryRole", "/microsoft.graph.group"} {
			s.handle("GET /v1.0/me/"+relation+cast, readSelf,
				func(c *call) error { return s.memberOf(c, c.user, relation, cast) })
			s.handle("GET /v1.0/users/{user}/"+relation+cast, readUsers, func(c *call) error {
				u, ok := s.Directory.User(c.tenant.ID, c.r.PathValue("user"))
				if !ok {
					return missing(c.r.PathValue("user"))
				}
				return s.memberOf(c, u, relation, cast)
			})
		}
	}
	s.handle("GET /v1.0/directoryRoles", readRoles, func(c *call) error {
		var out []map[string]any
		for id := range directory.RoleNames {
			out = append(out, role(c, id))
		}
		ordered(out, "displayName")
		return c.many("directoryRoles", out, 100)
	})
	s.handle("GET /v1.0/policies/authorizationPolicy", readPolicies, s.authorizationPolicy)
	s.handle("GET /v1.0/policies/defaultAppManagementPolicy", readAppManaged, s.appManagementPolicy)
}

func missing(id string) error {
	return &Problem{http.StatusNotFound, "Request_ResourceNotFound",
		"Resource '" + id + "' does not exist or one of its queried reference-property objects are not present."}
}

func (s *Server) organization(c *call) map[string]any {
	t := c.tenant
	domain := func(name string, initial bool) map[string]any {
		return map[string]any{"name": name, "type": "Managed", "capabilities": "Email, OfficeCommunicationsOnline",
			"isDefault": !initial, "isInitial": initial}
	}
	return map[string]any{
		"id": t.ID, "displayName": t.Name, "tenantType": "AAD",
		"createdDateTime":   t.Created.Format("2006-01-02T15:04:05Z"),
		"countryLetterCode": "DE", "preferredLanguage": "en", "onPremisesSyncEnabled": nil, "deletedDateTime": nil,
		"verifiedDomains":            []any{domain(t.Domain, false), domain(t.Initial, true)},
		"technicalNotificationMails": []any{"alex@" + t.Domain},
		"assignedPlans":              []any{}, "provisionedPlans": []any{}, "businessPhones": []any{},
	}
}

// userObject shows the properties that Graph gives without $select, and more
// only when they are asked for.
func userObject(c *call, u *directory.User) map[string]any {
	given, surname, _ := strings.Cut(u.Name, " ")
	m := map[string]any{
		"id": u.ID, "displayName": u.Name, "givenName": given, "surname": surname, "userPrincipalName": u.Address,
		"mail":           u.Address,
		"businessPhones": []any{}, "jobTitle": nil, "mobilePhone": nil, "officeLocation": nil, "preferredLanguage": nil,
	}
	if u.Mailbox == directory.MailboxNone {
		m["mail"] = nil
	}
	q := c.r.URL.Query()
	wanted := "," + strings.ReplaceAll(q.Get("$select"), " ", "") + ","
	for name, v := range map[string]any{
		"accountEnabled": !u.Disabled, "userType": "Member", "mailNickname": strings.SplitN(u.Address, "@", 2)[0],
		"proxyAddresses": []any{"SMTP:" + u.Address}, "assignedLicenses": licences(u),
		"onPremisesSyncEnabled": u.Mailbox == directory.MailboxOnPremises,
	} {
		if strings.Contains(wanted, ","+name+",") || strings.Contains(q.Get("$filter"), name) {
			m[name] = v
		}
	}
	return m
}

func licences(u *directory.User) []any {
	if u.Mailbox != directory.MailboxCloud {
		return []any{}
	}
	// Exchange Online (Plan 1)
	return []any{map[string]any{"disabledPlans": []any{}, "skuId": "4b9405b0-7788-4568-add1-99614e613b69"}}
}

func (s *Server) getUser(c *call) error {
	name := c.r.PathValue("user")
	u, ok := s.Directory.User(c.tenant.ID, name)
	if !ok {
		return missing(name)
	}
	if !c.token.AppOnly() && u.ID != c.user.ID && !c.holds(readUsers.own) {
		return errPrivileges
	}
	return c.one(http.StatusOK, "users/$entity", userObject(c, u))
}

func role(c *call, template string) map[string]any {
	return map[string]any{
		"@odata.type": "#microsoft.graph.directoryRole", "id": template[:24] + c.tenant.ID[24:], "deletedDateTime": nil,
		"displayName": directory.RoleNames[template], "description": directory.RoleNames[template],
		"roleTemplateId": template,
	}
}

// memberOf lists the groups and roles that a user is in: directly, or with
// transitiveMemberOf also the roles that come with a group
// (learn.microsoft.com/graph/api/user-list-transitivememberof).
func (s *Server) memberOf(c *call, u *directory.User, relation, cast string) error {
	out := []map[string]any{}
	if cast != "/microsoft.graph.directoryRole" {
		for _, g := range u.Groups {
			out = append(out, c.limited(readGroups, map[string]any{
				"@odata.type": "#microsoft.graph.group", "id": g.ID, "displayName": g.Name, "isAssignableToRole": true,
				"mailEnabled": false, "securityEnabled": true, "groupTypes": []any{},
			}))
		}
	}
	if cast != "/microsoft.graph.group" {
		roles := u.Roles
		if relation == "transitiveMemberOf" {
			roles = u.AllRoles()
		}
		for _, r := range roles {
			out = append(out, c.limited(readRoles, role(c, r)))
		}
	}
	return c.many("directoryObjects", out, 100)
}

// limited leaves of an object that the token may not read its kind and ID:
// learn.microsoft.com/graph/permissions-overview, "limited information returned
// for inaccessible member objects".
func (c *call) limited(may need, m map[string]any) map[string]any {
	names := may.own
	if c.token.AppOnly() {
		names = may.app
	}
	if c.holds(names) {
		return m
	}
	for name := range m {
		if name != "@odata.type" && name != "id" {
			m[name] = nil
		}
	}
	return m
}

// countUsers is an advanced query: learn.microsoft.com/graph/aad-advanced-queries.
func (s *Server) countUsers(c *call) error {
	if !c.eventual() {
		return &Problem{http.StatusBadRequest, "Request_BadRequest", "$count is not currently supported."}
	}
	items, err := filtered(s.users(c), c.r.URL.Query().Get("$filter"), true)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "text/plain")
	_, _ = c.w.Write([]byte(strconv.Itoa(len(items))))
	return nil
}

func (s *Server) users(c *call) []map[string]any {
	var out []map[string]any
	for _, u := range s.Directory.Users(c.tenant.ID) {
		out = append(out, userObject(c, u))
	}
	return out
}

// authorizationPolicy shows the Microsoft-managed consent settings that new
// tenants have since 2025.
func (s *Server) authorizationPolicy(c *call) error {
	return c.one(http.StatusOK, "policies/authorizationPolicy/$entity", map[string]any{
		"id": "authorizationPolicy", "displayName": "Authorization Policy",
		"description":      "Used to manage authorization related settings across the company.",
		"allowInvitesFrom": "everyone", "allowedToSignUpEmailBasedSubscriptions": true, "allowedToUseSSPR": true,
		"allowEmailVerifiedUsersToJoinOrganization": false, "allowUserConsentForRiskyApps": nil,
		"blockMsolPowerShell": false,
		"guestUserRoleId":     "10dae51f-b6af-4016-8d66-8c2a99b929b3",
		"defaultUserRolePermissions": map[string]any{
			"allowedToCreateApps": s.Directory.AnyoneRegisters(), "allowedToCreateSecurityGroups": true,
			"allowedToCreateTenants":                   true,
			"allowedToReadBitlockerKeysForOwnedDevice": true, "allowedToReadOtherUsers": true,
			"permissionGrantPoliciesAssigned": s.consentPolicies(),
		},
	})
}

func (s *Server) appManagementPolicy(c *call) error {
	restrictions := []any{}
	blocked, longest := s.Directory.SecretRule()
	since := "2020-01-01T00:00:00Z"
	if blocked {
		restrictions = append(
			restrictions,
			map[string]any{"restrictionType": "passwordAddition", "state": "enabled", "maxLifetime": nil,
				"restrictForAppsCreatedAfterDateTime": since})
	}
	if longest > 0 {
		restrictions = append(
			restrictions,
			map[string]any{"restrictionType": "passwordLifetime", "state": "enabled", "maxLifetime": isoDays(longest),
				"restrictForAppsCreatedAfterDateTime": since})
	}
	return c.one(http.StatusOK, "policies/defaultAppManagementPolicy/$entity", map[string]any{
		"id": "00000000-0000-0000-0000-000000000000", "displayName": "Default app management tenant policy",
		"description": "Default tenant policy that enforces app management restrictions on applications and " +
			"service principals.", "isEnabled": len(restrictions) > 0,
		"applicationRestrictions":      map[string]any{"passwordCredentials": restrictions, "keyCredentials": []any{}},
		"servicePrincipalRestrictions": map[string]any{"passwordCredentials": []any{}, "keyCredentials": []any{}},
	})
}
