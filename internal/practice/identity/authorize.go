package identity

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/practice/directory"
	"entrada/internal/practice/faults"
)

// flow is one sign-in on its way through the pages.
type flow struct {
	purpose     string // "authorize", "adminconsent" or "device"
	authority   authority
	app         *directory.Application
	platform    directory.Platform
	redirect    string
	types       []string // response_type
	mode        string
	state       string
	nonce       string
	challenge   string
	method      string
	prompt      string
	hint        string
	domain      string
	raw         string // scope
	set         scopeSet
	user        *directory.User
	trail       trail
	deviceGrant *deviceGrant
	clientInfo  bool
}

const flowLife = 15 * time.Minute

func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.page(w, r, nil, refuse(9002313))
		return
	}
	f, no := s.readAuthorize(r)
	if no != nil {
		s.refuseFlow(w, r, f, no)
		return
	}
	s.begin(w, r, f)
}

// readAuthorize checks a request in a fixed order. It sends nothing to a redirect URI
// before that URI has matched the registration.
func (s *Server) readAuthorize(r *http.Request) (*flow, *refusal) {
	q := r.Form
	f := &flow{
		purpose: "authorize", mode: q.Get("response_mode"), state: q.Get("state"), nonce: q.Get("nonce"),
		challenge: q.Get("code_challenge"), method: q.Get("code_challenge_method"), prompt: q.Get("prompt"),
		hint: q.Get("login_hint"), domain: q.Get("domain_hint"), raw: q.Get("scope"), trail: s.trail(r),
		redirect: q.Get("redirect_uri"), types: strings.Fields(q.Get("response_type")),
		clientInfo: q.Get("client_info") == "1",
	}
	var no *refusal
	if f.authority, no = s.authority(r); no != nil {
		return f, no
	}
	if f.app, no = s.client(f.authority, q.Get("client_id")); no != nil {
		return f, no
	}
	if no = s.matchRedirect(f); no != nil {
		return f, no
	}
	if no = checkResponse(f); no != nil {
		return f, no
	}
	switch {
	case f.platform == directory.PlatformSPA && slices.Contains(f.types, "code") && f.challenge == "":
		return f, refuse(9002325)
	case f.challenge != "" && (len(f.challenge) < 43 || len(f.challenge) > 128):
		return f, refuse(501491)
	case f.challenge != "" && f.method != "" && f.method != "S256" && f.method != "plain":
		return f, refuse(9002313)
	}
	if f.challenge != "" && f.method == "" {
		f.method = "plain" // RFC 7636, section 4.3
	}
	f.set, no = s.scopes(r, s.tenantFor(f), f.app, f.raw)
	return f, no
}

// client finds the app that a request names and whether the authority serves it.
func (s *Server) client(a authority, clientID string) (*directory.Application, *refusal) {
	if clientID == "" {
		return nil, refuse(900144, "client_id")
	}
	where := a.name
	if a.tenant != nil {
		where = a.tenant.Name
	}
	app, ok := s.Directory.App(clientID)
	switch {
	case !ok, a.tenant != nil && app.TenantID != a.tenant.ID && !app.MultiTenant():
		return nil, refuse(700016, clientID, where)
	case a.tenant == nil && !app.MultiTenant():
		return app, refuse(50194, app.AppID, app.DisplayName)
	case a.name == "consumers" && app.SignInAudience == "AzureADMultipleOrgs":
		return app, refuse(9002332, app.AppID, app.DisplayName)
	case app.IsDisabled != nil && *app.IsDisabled, s.Faults.Hit(faults.AppDisabled):
		return app, refuse(7000112, app.AppID, app.DisplayName)
	}
	if a.tenant != nil {
		if sp, ok := s.Directory.ServicePrincipal(a.tenant.ID, app.AppID); ok && !sp.AccountEnabled {
			return app, refuse(7000112, app.AppID, app.DisplayName)
		}
	}
	return app, nil
}

func (s *Server) matchRedirect(f *flow) *refusal {
	if !f.app.HasRedirect() {
		return refuse(500113)
	}
	if f.redirect == "" {
		f.redirect = slices.Concat(f.app.Web.RedirectURIs, f.app.SPA.RedirectURIs, f.app.PublicClient.RedirectURIs)[0]
	}
	platform, ok := f.app.MatchRedirect(f.redirect)
	if !ok {
		return refuse(50011, f.redirect, f.app.AppID)
	}
	f.platform = platform
	return nil
}

func checkResponse(f *flow) *refusal {
	asked := strings.Join(f.types, " ")
	implicit := f.app.Web.ImplicitGrantSettings
	slices.Sort(f.types)
	switch {
	case len(f.types) == 0:
		return refuse(900144, "response_type")
	case slices.ContainsFunc(f.types, func(t string) bool { return t != "code" && t != "id_token" && t != "token" }):
		return refuse(70005, asked)
	case slices.Contains(f.types, "id_token") && !implicit.EnableIDTokenIssuance:
		return refuse(700054)
	case slices.Contains(f.types, "token") && !implicit.EnableAccessTokenIssuance:
		return refuse(700051)
	case slices.Contains(f.types, "id_token") && f.nonce == "":
		return refuse(90014, "nonce")
	}
	onlyCode := len(f.types) == 1 && f.types[0] == "code"
	switch f.mode {
	case "":
		if f.mode = "fragment"; onlyCode {
			f.mode = "query"
		}
	case "query":
		if !onlyCode {
			f.mode = "fragment"
			return refuse(70007, "query")
		}
	case "fragment", "form_post":
	default:
		asked := f.mode
		f.mode = "query"
		return refuse(70007, asked)
	}
	return nil
}

// tenantFor is the tenant to name while no account is chosen yet.
func (s *Server) tenantFor(f *flow) string {
	switch {
	case f.user != nil:
		return f.user.TenantID
	case f.authority.tenant != nil:
		return f.authority.tenant.ID
	}
	if t, ok := s.Directory.TenantNamed(f.app.TenantID); ok {
		return t.ID
	}
	return s.Directory.Tenants()[0].ID
}

// begin shows the account picker, or goes on with the account of the browser's session.
func (s *Server) begin(w http.ResponseWriter, r *http.Request, f *flow) {
	signedIn := s.signedIn(r)
	if f.prompt == "" || f.prompt == "none" || f.prompt == "consent" {
		fitting := slices.DeleteFunc(slices.Clone(signedIn), func(u *directory.User) bool {
			return f.hint != "" && !strings.EqualFold(u.Address, f.hint) ||
				f.hint == "" && f.authority.tenant != nil && u.TenantID != f.authority.tenant.ID
		})
		if len(fitting) == 1 {
			f.user = fitting[0]
			s.afterAccount(w, r, f)
			return
		}
	}
	if f.prompt == "none" {
		s.refuseFlow(w, r, f, refuse(50058))
		return
	}
	id := entra.NewGUID()
	s.flows.put(id, f, flowLife)
	s.pickerPage(w, r, f, id, "")
}

// chooseAccount takes the account picker's answer.
func (s *Server) chooseAccount(w http.ResponseWriter, r *http.Request) {
	id := r.PostFormValue("flow")
	f, ok := s.flows.get(id)
	if !ok {
		s.page(w, r, nil, refuse(9002313))
		return
	}
	address := strings.TrimSpace(r.PostFormValue("account"))
	if address == "" {
		address = strings.TrimSpace(r.PostFormValue("other"))
	}
	if !strings.Contains(address, "@") {
		s.pickerPage(w, r, f, id, "Enter a valid email address, phone number, or Skype name.")
		return
	}
	user, known := s.Directory.Account(address)
	domainOurs := false
	if _, ours := s.Directory.TenantNamed(address[strings.LastIndexByte(address, '@')+1:]); ours {
		domainOurs = true
	}
	switch {
	case !known && domainOurs:
		s.pickerPage(
			w, r, f, id,
			"This username may be incorrect. Make sure you typed it correctly. Otherwise, contact your admin.")
		return
	case !known || f.authority.tenant != nil && user.TenantID != f.authority.tenant.ID ||
		s.Faults.Hit(faults.AccountForeign):
		s.refuseForeign(w, r, f, address)
		return
	}
	next := *f // pages may be reloaded: never change a stored flow
	next.user = user
	if user.Disabled {
		s.refuseFlow(w, r, &next, refuse(50057))
		return
	}
	s.remember(w, r, user)
	s.flows.drop(id)
	s.afterAccount(w, r, &next)
}

func (s *Server) refuseForeign(w http.ResponseWriter, r *http.Request, f *flow, address string) {
	tenant, provider := f.authority.name, "live.com"
	if f.authority.tenant != nil {
		tenant = f.authority.tenant.Name
	}
	if u, ok := s.Directory.Account(address); ok {
		provider = "https://sts.windows.net/" + u.TenantID + "/"
	}
	s.refuseFlow(w, r, f, refuse(50020, address, provider, tenant, f.app.AppID, f.app.DisplayName))
}

// refuseFlow tells the app, or only the person where Entra does so too.
func (s *Server) refuseFlow(w http.ResponseWriter, r *http.Request, f *flow, no *refusal) {
	s.log(f, no.code)
	matched := f.purpose != "device" && f.platform != ""
	if no.stay || !matched {
		s.page(w, r, f, no)
		return
	}
	v := url.Values{"error": {no.oauth}, "error_description": {f.trail.describe(no)}}
	if no.code == 65004 {
		v.Set("error_subcode", "cancel")
	}
	if f.purpose == "adminconsent" {
		v.Set("admin_consent", "True")
	} else {
		v.Set("error_uri", base(r)+"/error?code="+itoa(no.code))
	}
	s.answer(w, r, f, v)
}

func (s *Server) log(f *flow, code int) {
	entry := directory.SignIn{
		RedirectURI: f.redirect, ResponseMode: f.mode, CodeChallengeMethod: f.method, Prompt: f.prompt,
		Scopes: strings.Fields(f.raw), ResultCode: code, CorrelationID: f.trail.correlation,
	}
	if f.challenge == "" {
		entry.CodeChallengeMethod = ""
	}
	if f.app != nil {
		entry.ClientID = f.app.AppID
	}
	if f.authority.tenant != nil {
		entry.TenantID = f.authority.tenant.ID
	}
	if f.user != nil {
		entry.Account, entry.TenantID = f.user.Address, f.user.TenantID
	}
	s.Directory.LogSignIn(entry)
}
