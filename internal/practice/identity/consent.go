package identity

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"entrada/internal/entra"
	"entrada/internal/practice/directory"
	"entrada/internal/practice/faults"
)

// afterAccount goes on when the account is known: first policies, then consent.
func (s *Server) afterAccount(w http.ResponseWriter, r *http.Request, f *flow) {
	var no *refusal
	sp, present := s.Directory.ServicePrincipal(f.user.TenantID, f.app.AppID)
	switch {
	case f.user.Disabled:
		no = refuse(50057)
	case !f.app.MultiTenant() && f.app.TenantID != f.user.TenantID:
		s.refuseForeign(w, r, f, f.user.Address)
		return
	case s.Faults.Strikes(faults.ConditionalAccess, f.app.AppID):
		no = refuse(53003)
	case present && !sp.AccountEnabled:
		no = refuse(7000112, f.app.AppID, f.app.DisplayName)
	case present && sp.AppRoleAssignmentRequired && !s.Directory.IsAssigned(f.user.TenantID, f.user.ID, sp.ID),
		s.Faults.Hit(faults.AssignmentRequired):
		no = refuse(50105, f.app.DisplayName, f.app.AppID, f.user.Address)
	}
	if no != nil {
		s.refuseFlow(w, r, f, no)
		return
	}
	if f.purpose == "adminconsent" {
		s.adminConsentPage(w, r, f)
		return
	}
	if f.set, no = s.scopes(r, f.user.TenantID, f.app, f.raw); no != nil {
		s.refuseFlow(w, r, f, no)
		return
	}
	need, no := s.needsConsent(f)
	if no != nil {
		s.refuseFlow(w, r, f, no)
		return
	}
	if f.prompt == "consent" && len(need) == 0 && f.app.Preauth == nil {
		need = append(slices.Clone(f.set.names), f.set.signIn...)
	}
	if len(need) == 0 {
		s.grant(w, r, f)
		return
	}
	if f.prompt == "none" {
		s.refuseFlow(w, r, f, refuse(65001, f.app.AppID, f.app.DisplayName).as("interaction_required"))
		return
	}
	id := entra.NewGUID()
	s.flows.put(id, f, flowLife)
	if !f.user.ConsentsForAll() && s.onlyAdmins(f, need) {
		s.approvalPage(w, r, f, id, need)
		return
	}
	s.consentPage(w, r, f, id, need, false)
}

// needsConsent lists what nobody has consented to yet.
func (s *Server) needsConsent(f *flow) ([]string, *refusal) {
	if f.app.Preauth != nil {
		for _, n := range f.set.names {
			if without, on := s.Faults.Value(faults.PreauthMissing); on && strings.EqualFold(n, without) ||
				!directory.ContainsScope(f.app.Preauth, n) {
				return nil, refuse(65002, f.app.AppID, f.set.resource)
			}
		}
		return nil, nil
	}
	granted := s.granted(f.app, f.set.resource, f.user)
	wanted := f.set.names
	if f.set.all {
		wanted = s.listed(f.user.TenantID, f.app, f.set.resource)
		if len(wanted) == 0 && len(granted) == 0 {
			return nil, refuse(650056, f.set.resource)
		}
	}
	var need []string
	for _, n := range wanted {
		if !directory.IsSignInScope(n) && !directory.ContainsScope(granted, n) {
			need = append(need, n)
		}
	}
	if len(granted) == 0 || len(need) > 0 {
		// The first consent includes signing in itself.
		for _, n := range f.set.signIn {
			if !directory.ContainsScope(granted, n) {
				need = append(need, n)
			}
		}
	}
	return need, nil
}

// granted is what the app may do in a user's name at a resource.
func (s *Server) granted(a *directory.Application, resource string, u *directory.User) []string {
	if a.Preauth != nil {
		return a.Preauth
	}
	if _, on := s.Faults.Value(faults.ConsentMissing); on {
		return nil
	}
	return s.Directory.Granted(u.TenantID, a.AppID, resource, u.ID)
}

// onlyAdmins reports whether an ordinary user may not consent to these: the
// permission says so, the Microsoft-managed policy does, or the app requires
// assignment.
func (s *Server) onlyAdmins(f *flow, need []string) bool {
	if _, on := s.Faults.Value(faults.ConsentAdminOnly); on {
		return true
	}
	if sp, ok := s.Directory.ServicePrincipal(f.user.TenantID, f.app.AppID); ok && sp.AppRoleAssignmentRequired {
		return true
	}
	resource, _ := s.Directory.Primary().ServicePrincipal(f.user.TenantID, f.set.resource)
	for _, n := range need {
		if f.set.resource == directory.GraphAppID {
			if p, ok := directory.PermissionNamed(n); ok && (p.AdminOnly || p.Managed) {
				return true
			}
			continue
		}
		if resource != nil {
			if scope, ok := resource.Scope(n); ok && scope.Type == "Admin" {
				return true
			}
		}
	}
	return false
}

// decideConsent takes the answer of the consent and approval pages.
func (s *Server) decideConsent(w http.ResponseWriter, r *http.Request) {
	id := r.PostFormValue("flow")
	f, ok := s.flows.get(id)
	if !ok || f.user == nil {
		s.page(w, r, nil, refuse(9002313))
		return
	}
	s.flows.drop(id)
	switch r.PostFormValue("decision") {
	case "accept":
	case "return":
		s.refuseFlow(w, r, f, refuse(90094, f.app.DisplayName))
		return
	case "switch":
		again := *f
		again.user, again.prompt, again.hint = nil, "select_account", ""
		s.begin(w, r, &again)
		return
	default:
		s.refuseFlow(w, r, f, refuse(65004))
		return
	}
	if f.purpose == "adminconsent" {
		s.acceptAdminConsent(w, r, f)
		return
	}
	need, no := s.needsConsent(f)
	if no == nil && !f.user.ConsentsForAll() && s.onlyAdmins(f, need) {
		no = refuse(90094, f.app.DisplayName) // the page offered no such button
	}
	if no != nil {
		s.refuseFlow(w, r, f, no)
		return
	}
	principal := f.user.ID
	if r.PostFormValue("onBehalf") == "true" && f.user.ConsentsForAll() {
		principal = ""
	}
	if err := s.Directory.Consent(f.user.TenantID, f.app.AppID, f.set.resource, principal, need, false); err != nil {
		s.page(w, r, f, refuse(9002313))
		return
	}
	s.grant(w, r, f)
}

// adminConsent is /adminconsent (whatever the registration lists) and
// /v2.0/adminconsent (what the request names):
// learn.microsoft.com/entra/identity-platform/v2-admin-consent.
func (s *Server) adminConsent(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	f := &flow{purpose: "adminconsent", mode: "query", state: q.Get("state"), redirect: q.Get("redirect_uri"),
		raw: q.Get("scope"), prompt: "select_account", hint: q.Get("login_hint"), trail: s.trail(r)}
	var no *refusal
	if f.authority, no = s.authority(r); no == nil {
		f.app, no = s.client(f.authority, q.Get("client_id"))
	}
	if no == nil {
		if !f.app.HasRedirect() {
			no = refuse(900971)
		} else {
			no = s.matchRedirect(f)
		}
	}
	if no == nil && f.raw != "" {
		f.set, no = s.scopes(r, s.tenantFor(f), f.app, f.raw)
	} else if no == nil && strings.Contains(r.URL.Path, "/v2.0/") {
		no = refuse(900144, "scope")
	}
	if no != nil {
		s.refuseFlow(w, r, f, no)
		return
	}
	s.begin(w, r, f)
}

func (s *Server) adminConsentPage(w http.ResponseWriter, r *http.Request, f *flow) {
	id := entra.NewGUID()
	s.flows.put(id, f, flowLife)
	names := f.set.names
	if f.raw == "" || f.set.all {
		names = s.listed(f.user.TenantID, f.app, directory.GraphAppID)
	}
	if !f.user.ConsentsForAll() {
		s.approvalPage(w, r, f, id, names)
		return
	}
	s.consentPage(w, r, f, id, names, true)
}

func (s *Server) acceptAdminConsent(w http.ResponseWriter, r *http.Request, f *flow) {
	if !f.user.ConsentsForAll() {
		s.refuseFlow(w, r, f, refuse(90094, f.app.DisplayName))
		return
	}
	var err error
	if f.raw == "" || f.set.all {
		err = s.Directory.ConsentListed(f.user.TenantID, f.app.AppID, f.user.GrantsGraphRoles())
	} else {
		err = s.Directory.Consent(
			f.user.TenantID, f.app.AppID, f.set.resource, "", append(slices.Clone(f.set.names), f.set.signIn...), false)
	}
	if err != nil {
		s.page(w, r, f, refuse(9002313))
		return
	}
	s.log(f, 0)
	v := url.Values{"admin_consent": {"True"}, "tenant": {f.user.TenantID}}
	if f.raw != "" {
		v.Set("scope", f.raw)
	}
	s.answer(w, r, f, v)
}
