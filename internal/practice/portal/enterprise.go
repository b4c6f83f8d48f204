package portal

import (
	"net/http"

	"entrada/internal/practice/directory"
)

// enterpriseList shows every app that the organisation knows, Microsoft's own
// among them.
func (s *Server) enterpriseList(v *visit) {
	s.show(v.w, http.StatusOK, "enterprise-list",
		v.fill(page{Title: "Enterprise apps | All applications", Data: map[string]any{
			"Apps": s.Directory.ServicePrincipals(v.tenant.ID),
		}}))
}

// ofPrincipal is signedIn for the pages of one enterprise app.
func (s *Server) ofPrincipal(serve func(*visit, *directory.ServicePrincipal)) http.HandlerFunc {
	return s.signedIn(func(v *visit) {
		sp, ok := s.Directory.FindServicePrincipal(
			v.tenant.ID, func(sp *directory.ServicePrincipal) bool { return sp.ID == v.r.PathValue("id") })
		if !ok {
			s.problem(v.w, http.StatusNotFound, "Enterprise app not found",
				"There is no enterprise app with that object ID in "+v.tenant.Name+".")
			return
		}
		serve(v, sp)
	})
}

func (s *Server) enterprisePage(v *visit, sp *directory.ServicePrincipal) {
	p := v.fill(page{Title: sp.DisplayName + " | Properties", Data: map[string]any{"Principal": sp}})
	p.Can = v.user.ManagesApps()
	if v.r.URL.Query().Get("saved") != "" {
		p.Notice = "The properties are saved."
	}
	s.show(v.w, http.StatusOK, "enterprise", p)
}

func (s *Server) saveEnterprise(v *visit, sp *directory.ServicePrincipal) {
	if !v.user.ManagesApps() {
		s.problem(v.w, http.StatusForbidden, "You do not have access",
			"You need the role Application Administrator or Cloud Application Administrator to change an "+
				"enterprise app.")
		return
	}
	err := s.Directory.UpdateServicePrincipal(v.tenant.ID, sp.ID, func(sp *directory.ServicePrincipal) error {
		sp.AccountEnabled = v.r.PostFormValue("enabled") == "yes"
		sp.AppRoleAssignmentRequired = v.r.PostFormValue("assignment") == "yes"
		return nil
	})
	if err != nil {
		s.problem(v.w, http.StatusBadRequest, "The properties could not be saved", message(err))
		return
	}
	v.done(v.enterprise("/" + sp.ID + "?saved=1"))
}

func (v *visit) enterprise(rest string) string {
	return "/portal/" + v.tenant.ID + "/enterprise" + rest
}
