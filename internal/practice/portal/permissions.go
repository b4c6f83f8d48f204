package portal

import (
	"net/http"
	"slices"
	"strings"

	"entrada/internal/practice/directory"
)

// permissionRow is one line of the API permissions table.
type permissionRow struct {
	ID, Type, Name, Description string
	Application                 bool
	AdminRequired               bool
	Granted                     bool
}

func (s *Server) permissionsPage(v *visit) {
	s.permissions(v, http.StatusOK, v.r.URL.Query().Get("pane"), "", "")
}

// permissions shows the table and, beside it, the pane that is open.
func (s *Server) permissions(v *visit, status int, pane, problem, notice string) {
	q := v.r.URL.Query()
	listed, others := s.permissionRows(v)
	data := map[string]any{
		"Rows": listed, "Others": others, "Pane": pane, "MayConsent": v.user.ConsentsForAll(), "Kind": q.Get("type"),
		"Search": q.Get("search"),
	}
	if pane == "graph" && q.Get("type") != "" {
		data["Choices"], data["Kept"] = s.choices(v, q.Get("type"), q.Get("search"), q["permission"])
	}
	if q.Get("consented") != "" {
		notice = "Successfully granted admin consent for the requested permissions."
	}
	s.show(v.w, status, "permissions",
		v.fill(page{Title: v.app.DisplayName + " | API permissions", Menu: "permissions", Error: problem,
			Notice: notice, Data: data}))
}

// permissionRows are the listed permissions, and those granted without being
// listed.
func (s *Server) permissionRows(v *visit) (listed, others []permissionRow) {
	resource, _ := s.Directory.ServicePrincipal(v.tenant.ID, directory.GraphAppID)
	granted := s.grantedForAll(v)
	roles := s.Directory.RolesOf(v.tenant.ID, v.app.AppID, directory.GraphAppID)
	seen := map[string]bool{}
	for _, r := range v.app.RequiredResourceAccess {
		if r.ResourceAppID != directory.GraphAppID {
			continue
		}
		for _, p := range r.ResourceAccess {
			row := permissionRow{ID: p.ID, Type: "Delegated", Name: p.ID, Description: "Unknown permission"}
			if p.Type == "Role" {
				row.Type, row.Application, row.AdminRequired = "Application", true, true
				if role, ok := resource.Role(p.ID); ok {
					row.Name, row.Description, row.Granted = role.Value, role.DisplayName,
						slices.Contains(roles, role.Value)
				}
			} else {
				for _, sc := range resource.OAuth2PermissionScopes {
					if sc.ID == p.ID {
						row.Name, row.Description = sc.Value, sc.AdminConsentDisplayName
						row.AdminRequired, row.Granted = sc.Type == "Admin", directory.ContainsScope(granted, sc.Value)
					}
				}
			}
			seen[row.Type+row.Name] = true
			listed = append(listed, row)
		}
	}
	slices.SortStableFunc(listed, func(a, b permissionRow) int { return strings.Compare(a.Name, b.Name) })
	for _, n := range granted {
		if sc, ok := resource.Scope(n); ok && !seen["Delegated"+sc.Value] {
			others = append(
				others, permissionRow{ID: sc.ID, Type: "Delegated", Name: sc.Value,
					Description: sc.AdminConsentDisplayName, Granted: true})
		}
	}
	for _, n := range roles {
		if !seen["Application"+n] {
			others = append(
				others, permissionRow{Type: "Application", Name: n, Application: true, AdminRequired: true,
					Granted: true})
		}
	}
	return listed, others
}

func (s *Server) grantedForAll(v *visit) []string {
	client, ok1 := s.Directory.ServicePrincipal(v.tenant.ID, v.app.AppID)
	resource, ok2 := s.Directory.ServicePrincipal(v.tenant.ID, directory.GraphAppID)
	if !ok1 || !ok2 {
		return nil
	}
	for _, g := range s.Directory.Grants(v.tenant.ID) {
		if g.ClientID == client.ID && g.ResourceID == resource.ID && g.PrincipalID == nil {
			return strings.Fields(g.Scope)
		}
	}
	return nil
}

type choiceRow struct {
	ID, Name, Description  string
	AdminRequired, Checked bool
}

// choices are the permissions that match a search; kept are those ticked before
// that do not match.
func (s *Server) choices(v *visit, kind, search string, ticked []string) (shown []choiceRow, kept []string) {
	resource, _ := s.Directory.ServicePrincipal(v.tenant.ID, directory.GraphAppID)
	var all []choiceRow
	if kind == "application" {
		for _, r := range resource.AppRoles {
			all = append(all, choiceRow{r.ID, r.Value, r.DisplayName, true, false})
		}
	} else {
		for _, sc := range resource.OAuth2PermissionScopes {
			all = append(all, choiceRow{sc.ID, sc.Value, sc.AdminConsentDisplayName, sc.Type == "Admin", false})
		}
	}
	for _, c := range all {
		c.Checked = slices.Contains(ticked, c.ID)
		if strings.Contains(strings.ToLower(c.Name), strings.ToLower(strings.TrimSpace(search))) {
			shown = append(shown, c)
		} else if c.Checked {
			kept = append(kept, c.ID)
		}
	}
	slices.SortFunc(shown, func(a, b choiceRow) int { return strings.Compare(a.Name, b.Name) })
	return shown, kept
}

func (s *Server) addPermissions(v *visit) {
	_ = v.r.ParseForm()
	kind := "Scope"
	if v.r.PostFormValue("type") == "application" {
		kind = "Role"
	}
	_, err := s.Directory.UpdateApp(v.app.AppID, func(a *directory.Application) error {
		for _, id := range v.r.PostForm["permission"] {
			listPermission(a, directory.ResourceAccess{ID: id, Type: kind})
		}
		return nil
	})
	if err != nil {
		s.permissions(v, http.StatusBadRequest, "", message(err), "")
		return
	}
	v.done(v.page("permissions"))
}

func listPermission(a *directory.Application, p directory.ResourceAccess) {
	all := slices.Clone(a.RequiredResourceAccess)
	i := slices.IndexFunc(
		all, func(r directory.RequiredResourceAccess) bool { return r.ResourceAppID == directory.GraphAppID })
	if i < 0 {
		all = append(all, directory.RequiredResourceAccess{ResourceAppID: directory.GraphAppID})
		i = len(all) - 1
	}
	if !slices.Contains(all[i].ResourceAccess, p) {
		all[i].ResourceAccess = append(slices.Clone(all[i].ResourceAccess), p)
	}
	a.RequiredResourceAccess = all
}

func (s *Server) removePermission(v *visit) {
	_, err := s.Directory.UpdateApp(v.app.AppID, func(a *directory.Application) error {
		all := slices.Clone(a.RequiredResourceAccess)
		for i := range all {
			all[i].ResourceAccess = slices.DeleteFunc(
				slices.Clone(all[i].ResourceAccess), func(p directory.ResourceAccess) bool {
					return p.ID == v.r.PostFormValue("permission")
				})
		}
		a.RequiredResourceAccess = slices.DeleteFunc(
			all, func(r directory.RequiredResourceAccess) bool { return len(r.ResourceAccess) == 0 })
		return nil
	})
	if err != nil {
		s.permissions(v, http.StatusBadRequest, "", message(err), "")
		return
	}
	v.done(v.page("permissions"))
}

// grantConsent is "Grant admin consent" after Yes. Application administrators
// may grant everything but app roles of Microsoft Graph.
func (s *Server) grantConsent(v *visit) {
	if !v.user.ConsentsForAll() {
		s.problem(v.w, http.StatusForbidden, "You do not have access",
			"Granting admin consent needs the role Cloud Application Administrator, Application Administrator, "+
				"Privileged Role Administrator or Global Administrator.")
		return
	}
	listed, _ := s.permissionRows(v)
	if slices.ContainsFunc(listed, func(r permissionRow) bool { return r.Application && !r.Granted }) &&
		!v.user.GrantsGraphRoles() {
		s.permissions(
			v, http.StatusForbidden, "",
			"Could not grant admin consent. Your organization does not have a subscription (or service principal), "+
				"or you do not have the role that these application permissions need: Privileged Role "+
				"Administrator or Global Administrator.", "")
		return
	}
	if err := s.Directory.ConsentListed(v.tenant.ID, v.app.AppID, v.user.GrantsGraphRoles()); err != nil {
		s.permissions(v, http.StatusBadRequest, "", message(err), "")
		return
	}
	v.done(v.page("permissions?consented=1"))
}
