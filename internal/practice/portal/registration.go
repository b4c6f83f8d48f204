package portal

import (
	"net/http"
	"slices"
	"strings"

	"entrada/internal/practice/directory"
)

type option struct{ Value, Label string }

// audiences are the choices of "Supported account types" with today's labels:
// learn.microsoft.com/entra/identity-platform/quickstart-register-app.
func audiences(t directory.Tenant) []option {
	return []option{
		{"AzureADMyOrg", "Single tenant only - " + t.Name},
		{"AzureADMultipleOrgs", "Multiple Entra ID tenants"},
		{"AzureADandPersonalMicrosoftAccount", "Any Entra ID Tenant + Personal Microsoft accounts"},
		{"PersonalMicrosoftAccount", "Personal accounts only"},
	}
}

var platforms = []option{
	{"publicClient", "Public client/native (mobile & desktop)"}, {"web", "Web"},
	{"spa", "Single-page application (SPA)"},
}

func (s *Server) listPage(v *visit) {
	apps := s.Directory.Apps(v.tenant.ID)
	if q := strings.ToLower(strings.TrimSpace(v.r.URL.Query().Get("search"))); q != "" {
		apps = slices.DeleteFunc(apps, func(a *directory.Application) bool {
			return !strings.HasPrefix(strings.ToLower(a.DisplayName), q) && strings.ToLower(a.AppID) != q
		})
	}
	slices.Reverse(apps)
	s.show(v.w, http.StatusOK, "list", v.fill(page{Title: "App registrations", Data: map[string]any{
		"Apps": apps, "Search": v.r.URL.Query().Get("search"), "MayRegister": s.mayRegister(v),
	}}))
}

func (s *Server) mayRegister(v *visit) bool {
	return s.Directory.AnyoneRegisters() || v.user.ManagesApps() || v.user.HasRole(directory.RoleApplicationDeveloper)
}

func (s *Server) newPage(v *visit) { s.registerForm(v, http.StatusOK, "", nil) }

func (s *Server) registerForm(v *visit, status int, problem string, fields map[string]string) {
	if !s.mayRegister(v) {
		s.problem(v.w, http.StatusForbidden, "You do not have access",
			"You don't have permission to register applications in the "+v.tenant.Name+
				" directory. To request access, contact your administrator.")
		return
	}
	s.show(v.w, status, "new", v.fill(page{Title: "Register an application", Error: problem, Data: map[string]any{
		"Audiences": audiences(v.tenant), "Platforms": platforms, "Name": v.r.PostFormValue("name"),
		"Audience": v.r.PostFormValue("audience"),
		"Platform": v.r.PostFormValue("platform"), "RedirectURI": v.r.PostFormValue("redirectUri"), "Fields": fields,
	}}))
}

func (s *Server) register(v *visit) {
	if !s.mayRegister(v) {
		s.registerForm(v, http.StatusForbidden, "", nil)
		return
	}
	name, audience := strings.TrimSpace(v.r.PostFormValue("name")), v.r.PostFormValue("audience")
	platform, uri := directory.Platform(v.r.PostFormValue("platform")),
		strings.TrimSpace(v.r.PostFormValue("redirectUri"))
	personal := strings.Contains(audience, "Personal")
	wrong := map[string]string{}
	if name == "" {
		wrong["name"] = "The value can't be empty."
	}
	if uri != "" && platform == "" {
		wrong["platform"] = "Select a platform."
	} else if uri != "" {
		if what := directory.CheckRedirect(uri, platform, personal, true); what != "" {
			wrong["redirectUri"] = what
		}
	}
	if len(wrong) > 0 {
		s.registerForm(v, http.StatusBadRequest, "", wrong)
		return
	}
	a := directory.Application{DisplayName: name, SignInAudience: audience}
	setAudience(&a, audience)
	if uri != "" {
		*redirects(&a, platform) = []string{uri}
	}
	// Documented: the portal alone adds User.Read, and makes the enterprise app.
	read, _ := directory.PermissionNamed("User.Read")
	a.RequiredResourceAccess = []directory.RequiredResourceAccess{{ResourceAppID: directory.GraphAppID,
		ResourceAccess: []directory.ResourceAccess{{ID: read.DelegatedID, Type: "Scope"}}}}
	owner := v.user.ID
	made, err := s.Directory.AddApp(v.tenant.ID, owner, a)
	if err != nil {
		s.registerForm(v, http.StatusBadRequest, message(err), nil)
		return
	}
	if _, err := s.Directory.EnsureServicePrincipal(v.tenant.ID, made.AppID); err != nil {
		s.problem(v.w, http.StatusInternalServerError, "The enterprise app could not be created", message(err))
		return
	}
	v.app = made
	v.done(v.page("overview"))
}

func setAudience(a *directory.Application, audience string) {
	a.SignInAudience = audience
	if strings.Contains(audience, "Personal") {
		two := 2
		a.API.RequestedAccessTokenVersion = &two
	}
}

// redirects is the list of a platform; callers replace it whole.
func redirects(a *directory.Application, p directory.Platform) *[]string {
	switch p {
	case directory.PlatformSPA:
		return &a.SPA.RedirectURIs
	case directory.PlatformNative:
		return &a.PublicClient.RedirectURIs
	}
	return &a.Web.RedirectURIs
}

func (s *Server) overviewPage(v *visit) {
	label := v.app.SignInAudience
	for _, o := range audiences(v.tenant) {
		if o.Value == label {
			label = o.Label
		}
	}
	sp, _ := s.Directory.ServicePrincipal(v.tenant.ID, v.app.AppID)
	s.show(v.w, http.StatusOK, "overview", v.fill(page{Title: v.app.DisplayName, Menu: "overview", Data: map[string]any{
		"Audience": label, "ServicePrincipal": sp, "Web": len(v.app.Web.RedirectURIs),
		"SPA":    len(v.app.SPA.RedirectURIs),
		"Native": len(v.app.PublicClient.RedirectURIs), "Secrets": len(v.app.PasswordCredentials),
	}}))
}

func (s *Server) deleteApp(v *visit) {
	if err := s.Directory.DeleteApp(v.app.AppID); err != nil {
		s.problem(v.w, http.StatusBadRequest, "The app registration could not be deleted", message(err))
		return
	}
	v.done(v.at(""))
}
