package graphapi

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"entrada/internal/practice/directory"
)

func (s *Server) grantRoutes() {
	s.handle("GET /v1.0/servicePrincipals", readApps, func(c *call) error {
		list := objects(s.Directory.ServicePrincipals(c.tenant.ID))
		if err := s.expand(c, list); err != nil {
			return err
		}
		return c.many("servicePrincipals", list, 100)
	})
	s.handle("POST /v1.0/servicePrincipals", writeApps, s.createServicePrincipal)
	s.handle("GET /v1.0/servicePrincipals/{id}", readApps, func(c *call) error {
		sp, err := s.servicePrincipal(c)
		if err != nil {
			return err
		}
		m := object(sp)
		if err := s.expand(c, []map[string]any{m}); err != nil {
			return err
		}
		return c.one(http.StatusOK, "servicePrincipals/$entity", m)
	})
	s.handle("GET /v1.0/servicePrincipals/{id}/{property}", readApps, func(c *call) error {
		sp, err := s.servicePrincipal(c)
		if err != nil {
			return err
		}
		return c.property("servicePrincipals", object(sp))
	})
	s.handle("PATCH /v1.0/servicePrincipals/{id}", writeApps, s.updateServicePrincipal)
	s.handle("DELETE /v1.0/servicePrincipals/{id}", writeApps, func(c *call) error {
		sp, err := s.servicePrincipal(c)
		if err == nil && !s.managesApps(c) {
			err = errPrivileges
		}
		if err == nil {
			err = s.Directory.DeleteServicePrincipal(c.tenant.ID, sp.ID)
		}
		return c.nothing(err)
	})

	s.handle("GET /v1.0/oauth2PermissionGrants", readGrants, func(c *call) error {
		return c.many("oauth2PermissionGrants", objects(s.Directory.Grants(c.tenant.ID)), 100)
	})
	s.handle("GET /v1.0/oauth2PermissionGrants/{id}", readGrants, func(c *call) error {
		for _, g := range s.Directory.Grants(c.tenant.ID) {
			if g.ID == c.r.PathValue("id") {
				return c.one(http.StatusOK, "oauth2PermissionGrants/$entity", object(g))
			}
		}
		return missing(c.r.PathValue("id"))
	})
	s.handle("GET /v1.0/servicePrincipals/{id}/oauth2PermissionGrants", readGrants, func(c *call) error {
		sp, err := s.servicePrincipal(c)
		if err != nil {
			return err
		}
		return c.many("oauth2PermissionGrants", s.relation(c, "oauth2PermissionGrants", sp.ID), 100)
	})
	s.handle("POST /v1.0/oauth2PermissionGrants", writeGrants, s.createGrant)
	s.handle("PATCH /v1.0/oauth2PermissionGrants/{id}", writeGrants, s.updateGrant)
	s.handle("DELETE /v1.0/oauth2PermissionGrants/{id}", writeGrants, func(c *call) error {
		if !s.consentsForAll(c) {
			return errPrivileges
		}
		return c.nothing(s.Directory.DeleteGrant(c.tenant.ID, c.r.PathValue("id")))
	})

	for _, side := range []string{"appRoleAssignedTo", "appRoleAssignments"} {
		s.handle("GET /v1.0/servicePrincipals/{id}/"+side, readAssigned, s.listAssignments(side))
		s.handle("POST /v1.0/servicePrincipals/{id}/"+side, writeAssigned, s.createAssignment)
		s.handle("DELETE /v1.0/servicePrincipals/{id}/"+side+"/{assignment}", writeAssigned, func(c *call) error {
			if !s.mayAssign(c, directory.GraphAppID) {
				return errPrivileges
			}
			return c.nothing(s.Directory.Unassign(c.tenant.ID, c.r.PathValue("assignment")))
		})
	}
}

// expand adds what $expand names to service principals: their relationships,
// which stand beside the properties and outside of $select.
func (s *Server) expand(c *call, list []map[string]any) error {
	names := strings.Split(c.r.URL.Query().Get("$expand"), ",")
	for _, name := range names {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if !slices.Contains([]string{"appRoleAssignments", "appRoleAssignedTo", "oauth2PermissionGrants"}, name) {
			return &Problem{http.StatusBadRequest, "BadRequest",
				"Parsing OData Select and Expand failed: Could not find a property named '" + name +
					"' on type 'microsoft.graph.servicePrincipal'."}
		}
		for _, m := range list {
			m[name] = s.relation(c, name, text(m["id"]))
		}
	}
	return nil
}

func (s *Server) relation(c *call, name, id string) []map[string]any {
	switch name {
	case "oauth2PermissionGrants":
		return objects(
			slices.DeleteFunc(
				s.Directory.Grants(c.tenant.ID), func(g *directory.Grant) bool { return g.ClientID != id }))
	case "appRoleAssignedTo":
		return objects(
			slices.DeleteFunc(
				s.Directory.Assignments(c.tenant.ID), func(a *directory.Assignment) bool { return a.ResourceID != id }))
	}
	return objects(
		slices.DeleteFunc(
			s.Directory.Assignments(c.tenant.ID), func(a *directory.Assignment) bool { return a.PrincipalID != id }))
}

func (s *Server) managesApps(c *call) bool { return c.token.AppOnly() || c.user.ManagesApps() }

func (s *Server) consentsForAll(c *call) bool { return c.token.AppOnly() || c.user.ConsentsForAll() }

// mayAssign follows the documented rule that application administrators may
// grant anything but app roles of Microsoft Graph.
func (s *Server) mayAssign(c *call, resourceAppID string) bool {
	switch {
	case c.token.AppOnly():
		return true
	case resourceAppID == directory.GraphAppID:
		return c.user.GrantsGraphRoles()
	}
	return c.user.ConsentsForAll()
}

func (s *Server) servicePrincipal(c *call) (*directory.ServicePrincipal, error) {
	ref := c.r.PathValue("id")
	clientID, byApp := strings.CutPrefix(strings.TrimSuffix(ref, "'"), "appId='")
	sp, ok := s.Directory.FindServicePrincipal(c.tenant.ID, func(sp *directory.ServicePrincipal) bool {
		return byApp && strings.EqualFold(sp.AppID, clientID) || !byApp && sp.ID == ref
	})
	if !ok {
		return nil, missing(ref)
	}
	return sp, nil
}

func (s *Server) createServicePrincipal(c *call) error {
	body, err := c.body()
	if err != nil {
		return err
	}
	clientID, _ := body["appId"].(string)
	a, ok := s.Directory.App(clientID)
	owned := ok && slices.Contains(a.Owners, c.token.UserID)
	if !s.managesApps(c) && !owned {
		return errPrivileges
	}
	sp, err := s.Directory.AddServicePrincipal(c.tenant.ID, clientID, func(sp *directory.ServicePrincipal) {
		sp.Tags = []string{} // only the portal adds its tag unasked
		if required, ok := body["appRoleAssignmentRequired"].(bool); ok {
			sp.AppRoleAssignmentRequired = required
		}
		if tags, ok := body["tags"].([]any); ok {
			for _, t := range tags {
				sp.Tags = append(sp.Tags, text(t))
			}
		}
	})
	if err != nil {
		return err
	}
	return c.one(http.StatusCreated, "servicePrincipals/$entity", object(sp))
}

func (s *Server) updateServicePrincipal(c *call) error {
	sp, err := s.servicePrincipal(c)
	if err != nil {
		return err
	}
	if !s.managesApps(c) {
		return errPrivileges
	}
	body, err := c.body()
	if err != nil {
		return err
	}
	return c.nothing(s.Directory.UpdateServicePrincipal(c.tenant.ID, sp.ID, func(sp *directory.ServicePrincipal) error {
		for name, v := range body {
			flag, isFlag := v.(bool)
			values, isList := v.([]any)
			switch {
			case name == "accountEnabled" && isFlag:
				sp.AccountEnabled = flag
			case name == "appRoleAssignmentRequired" && isFlag:
				sp.AppRoleAssignmentRequired = flag
			case name == "tags" && isList:
				sp.Tags = []string{}
				for _, t := range values {
					sp.Tags = append(sp.Tags, text(t))
				}
			default:
				return &Problem{http.StatusBadRequest, "Request_BadRequest", "Invalid property '" + name + "'."}
			}
		}
		return nil
	}))
}

func (s *Server) createGrant(c *call) error {
	if !s.consentsForAll(c) {
		return errPrivileges
	}
	body, err := c.body()
	if err != nil {
		return err
	}
	var g directory.Grant
	data, _ := json.Marshal(body)
	if err := json.Unmarshal(data, &g); err != nil {
		return &Problem{http.StatusBadRequest, "Request_BadRequest", "Invalid value specified in the request body."}
	}
	made, err := s.Directory.AddGrant(c.tenant.ID, g)
	if err != nil {
		return err
	}
	return c.one(http.StatusCreated, "oauth2PermissionGrants/$entity", object(made))
}

func (s *Server) updateGrant(c *call) error {
	if !s.consentsForAll(c) {
		return errPrivileges
	}
	body, err := c.body()
	if err != nil {
		return err
	}
	scope, ok := body["scope"].(string)
	if !ok {
		return errNotGiven
	}
	return c.nothing(s.Directory.UpdateGrant(c.tenant.ID, c.r.PathValue("id"), scope))
}

func (s *Server) listAssignments(side string) func(*call) error {
	return func(c *call) error {
		sp, err := s.servicePrincipal(c)
		if err != nil {
			return err
		}
		return c.many("appRoleAssignments", s.relation(c, side, sp.ID), 100)
	}
}

func (s *Server) createAssignment(c *call) error {
	if _, err := s.servicePrincipal(c); err != nil {
		return err
	}
	body, err := c.body()
	if err != nil {
		return err
	}
	principal, resource, role := text(body["principalId"]), text(body["resourceId"]), text(body["appRoleId"])
	sp, ok := s.Directory.FindServicePrincipal(
		c.tenant.ID, func(sp *directory.ServicePrincipal) bool { return sp.ID == resource })
	if !ok {
		return missing(resource)
	}
	if !s.mayAssign(c, sp.AppID) {
		return errPrivileges
	}
	a, err := s.Directory.Assign(c.tenant.ID, principal, resource, role)
	if err != nil {
		return err
	}
	return c.one(http.StatusCreated, "appRoleAssignments/$entity", object(a))
}
