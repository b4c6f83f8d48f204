package identity

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"entrada/internal/practice/directory"
	"entrada/internal/practice/faults"
)

// refreshLife is how long a refresh token may stay unused. That of a single-page app
// ends after a day in any case.
const (
	refreshLife    = 90 * 24 * time.Hour
	refreshLifeSPA = 24 * time.Hour
	refreshKept    = refreshLife + 30*24*time.Hour
)

// refreshGrant is what a refresh token stands for.
type refreshGrant struct {
	flow   *flow
	issued time.Time
}

// token is the token endpoint.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	if origin := r.Header.Get("Origin"); origin != "" {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Expose-Headers", "Content-Length,Content-Encoding,x-ms-request-id")
	}
	if r.Method == http.MethodOptions {
		w.Header().Set("Access-Control-Allow-Methods", "POST, OPTIONS")
		w.WriteHeader(http.StatusOK)
		return
	}
	if r.Method != http.MethodPost {
		s.page(w, r, nil, refuse(900561, r.Method))
		return
	}
	if v, on := s.Faults.Value(faults.Unavailable); on && v == "token" && s.Faults.Hit(faults.Unavailable) {
		sendJSON(w, http.StatusServiceUnavailable,
			map[string]any{"error": "temporarily_unavailable",
				"error_description": "AADSTS90033: A transient error has occurred. Please try again.",
				"error_codes":       []int{90033}})
		return
	}
	// Entra refuses chunked bodies: github.com/panva/openid-client/issues/420.
	if slices.Contains(r.TransferEncoding, "chunked") {
		http.Error(w, "", http.StatusNotFound)
		return
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/x-www-form-urlencoded" {
		s.fail(w, r, refuse(900144, "grant_type"))
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, refuse(9002313))
		return
	}
	body, no := s.serveToken(r)
	if no != nil {
		s.fail(w, r, no)
		return
	}
	s.mark(w, s.trail(r))
	sendJSON(w, http.StatusOK, body)
}

func (s *Server) serveToken(r *http.Request) (map[string]any, *refusal) {
	a, no := s.authority(r)
	if no != nil {
		return nil, no
	}
	form := r.PostForm
	kind := form.Get("grant_type")
	if kind == "" {
		return nil, refuse(900144, "grant_type")
	}
	who := s.credentials(r)
	switch kind {
	case "authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code",
		"device_code", "password":
	default:
		return nil, refuse(70003, kind)
	}
	if (kind == "client_credentials" || kind == "password") && a.tenant == nil &&
		(kind == "client_credentials" || a.name != "organizations") {
		return nil, refuse(9001023)
	}
	app, no := s.client(a, who.id)
	if no != nil {
		return nil, no
	}
	switch kind {
	case "authorization_code":
		return s.redeemCode(r, a, app, who)
	case "refresh_token":
		return s.redeemRefresh(r, app, who)
	case "client_credentials":
		return s.clientCredentials(r, a, app, who)
	case "password":
		// Every practice account has multi-factor authentication, with which
		// this flow cannot work.
		return nil, refuse(50076, directory.GraphAppID)
	}
	return s.redeemDevice(r, app, who)
}

// credentials are the client ID and secret of a request, in the body or by HTTP Basic.
type credentials struct {
	id, secret string
	given      bool // a secret was given, even an empty one in Basic
	assertion  bool
}

func (s *Server) credentials(r *http.Request) credentials {
	c := credentials{id: r.PostForm.Get("client_id"), secret: r.PostForm.Get("client_secret"),
		assertion: r.PostForm.Get("client_assertion") != ""}
	c.given = c.secret != ""
	if user, password, ok := r.BasicAuth(); ok {
		// RFC 6749, section 2.3.1: both are form-encoded first.
		if u, err := url.QueryUnescape(user); err == nil {
			user = u
		}
		if p, err := url.QueryUnescape(password); err == nil {
			password = p
		}
		c.id, c.secret, c.given = user, password, true
	}
	return c
}

// confidential checks the secret of a client that must have one.
func (s *Server) confidential(app *directory.Application, c credentials) *refusal {
	switch {
	case c.assertion:
		return refuse(700027)
	case !c.given || c.secret == "":
		return refuse(7000218)
	case s.Faults.Hit(faults.SecretWrong):
		return refuse(7000215, app.AppID)
	case s.Faults.Hit(faults.SecretExpired):
		return refuse(7000222, app.AppID)
	}
	switch verdict, _ := s.Directory.CheckSecret(app, c.secret); verdict {
	case directory.SecretGood:
		return nil
	case directory.SecretExpired:
		return refuse(7000222, app.AppID)
	}
	return refuse(7000215, app.AppID)
}

// byPlatform applies the client rules of the platform under which the redirect
// URI in use is registered.
func (s *Server) byPlatform(
	r *http.Request, app *directory.Application, platform directory.Platform, c credentials) *refusal {
	origin := r.Header.Get("Origin")
	switch platform {
	case directory.PlatformWeb:
		if origin != "" {
			return refuse(9002326, origin)
		}
		return s.confidential(app, c)
	case directory.PlatformSPA:
		if origin == "" {
			return refuse(9002327)
		}
	default:
		if origin != "" {
			return refuse(9002326, origin)
		}
	}
	if c.given || c.assertion {
		return refuse(700025)
	}
	return nil
}

func (s *Server) redeemCode(r *http.Request, a authority, app *directory.Application, c credentials) (
	map[string]any, *refusal) {
	form := r.PostForm
	code := form.Get("code")
	if code == "" {
		return nil, refuse(900144, "code")
	}
	g, ok := s.codes.get(code)
	if !ok || g.flow.app.AppID != app.AppID {
		return nil, refuse(70000)
	}
	f := g.flow
	if no := s.byPlatform(r, app, f.platform, c); no != nil {
		return nil, no
	}
	switch {
	case form.Get("redirect_uri") != f.redirect:
		return nil, refuse(500112, form.Get("redirect_uri"), f.redirect)
	case a.tenant != nil && a.tenant.ID != f.user.TenantID:
		return nil, refuse(700005)
	case f.challenge != "" && form.Get("code_verifier") == "":
		return nil, refuse(900144, "code_verifier").as("invalid_grant")
	case f.challenge != "" && !verifies(f, form.Get("code_verifier")),
		f.challenge == "" && form.Get("code_verifier") != "":
		return nil, refuse(501481)
	case s.Clock().Sub(g.issued) > codeLife:
		return nil, refuse(70008)
	case !g.redeemed.CompareAndSwap(false, true):
		return nil, refuse(54005)
	}
	next := *f
	next.clientInfo = next.clientInfo || form.Get("client_info") == "1"
	if raw := form.Get("scope"); raw != "" {
		set, no := s.scopes(r, f.user.TenantID, app, raw)
		if no != nil {
			return nil, no
		}
		set.signIn = both(f.set.signIn, set.signIn)
		next.set = set
	}
	return s.userTokens(r, &next)
}

// both joins the sign-in scopes of the two requests: MSAL for Go names openid
// and offline_access to the token endpoint alone, and Entra gives it both.
func both(first, second []string) []string {
	out := slices.Clone(first)
	for _, n := range second {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

func verifies(f *flow, verifier string) bool {
	want := verifier
	if f.method == "S256" {
		sum := sha256.Sum256([]byte(verifier))
		want = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return subtle.ConstantTimeCompare([]byte(want), []byte(f.challenge)) == 1
}

func (s *Server) redeemRefresh(r *http.Request, app *directory.Application, c credentials) (map[string]any, *refusal) {
	token := r.PostForm.Get("refresh_token")
	if token == "" {
		return nil, refuse(900144, "refresh_token")
	}
	g, ok := s.refresh.get(hashed(token))
	if !ok || g.flow.app.AppID != app.AppID {
		return nil, refuse(70000)
	}
	if no := s.byPlatform(r, app, g.flow.platform, c); no != nil {
		return nil, no
	}
	user, exists := s.Directory.User(g.flow.user.TenantID, g.flow.user.ID)
	switch {
	case g.flow.platform == directory.PlatformSPA && s.Clock().Sub(g.issued) > refreshLifeSPA:
		return nil, refuse(700084, g.issued.UTC().Format("2006-01-02T15:04:05.0000000Z"))
	case s.Clock().Sub(g.issued) > refreshLife, s.Faults.Hit(faults.RefreshTokenExpired):
		return nil, refuse(700082, g.issued.UTC().Format("2006-01-02T15:04:05.0000000Z"))
	case !exists || user.Disabled:
		return nil, refuse(50057)
	}
	next := *g.flow
	next.user = user
	next.clientInfo = next.clientInfo || r.PostForm.Get("client_info") == "1"
	if raw := r.PostForm.Get("scope"); raw != "" {
		set, no := s.scopes(r, user.TenantID, app, raw)
		if no != nil {
			return nil, no
		}
		set.signIn = both(next.set.signIn, set.signIn)
		next.set = set
	}
	return s.userTokens(r, &next)
}

func (s *Server) clientCredentials(r *http.Request, a authority, app *directory.Application, c credentials) (
	map[string]any, *refusal) {
	if !c.given && !c.assertion {
		return nil, refuse(7000216)
	}
	if no := s.confidential(app, c); no != nil {
		return nil, no
	}
	raw := strings.TrimSpace(r.PostForm.Get("scope"))
	if raw == "" {
		return nil, refuse(900144, "scope")
	}
	// MSAL for Go adds openid, profile and offline_access even here, and Entra
	// lets them pass.
	names := slices.DeleteFunc(strings.Fields(raw), directory.IsSignInScope)
	if len(names) != 1 || !strings.HasSuffix(names[0], "/.default") {
		return nil, refuse(1002012, raw)
	}
	set, no := s.scopes(r, a.tenant.ID, app, names[0])
	if no != nil {
		return nil, no
	}
	sp, ok := s.Directory.ServicePrincipal(a.tenant.ID, app.AppID)
	if !ok {
		return nil, refuse(7000229, app.AppID, a.tenant.ID)
	}
	token, life, err := s.appToken(r, a.tenant.ID, app, sp, set)
	if err != nil {
		return nil, refuse(9002313)
	}
	return map[string]any{"token_type": "Bearer", "expires_in": life, "ext_expires_in": life, "access_token": token},
		nil
}
