package identity

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"entrada/internal/entra"
	"entrada/internal/practice/directory"
	"entrada/internal/practice/faults"
	"entrada/internal/practice/tokens"
)

// userTokens is a successful answer of the token endpoint for a signed-in user.
func (s *Server) userTokens(r *http.Request, f *flow) (map[string]any, *refusal) {
	need, no := s.needsConsent(f)
	if no != nil {
		return nil, no
	}
	if len(need) > 0 {
		return nil, refuse(65001, f.app.AppID, f.app.DisplayName)
	}
	access, err := s.accessToken(r, f)
	if err != nil {
		return nil, refuse(9002313)
	}
	body := map[string]any{
		"token_type": "Bearer", "scope": access.scope, "expires_in": access.life, "ext_expires_in": access.life,
		"access_token": access.token,
	}
	if f.set.has("openid") {
		id, err := s.idToken(r, f)
		if err != nil {
			return nil, refuse(9002313)
		}
		body["id_token"] = id
	}
	if f.set.has("offline_access") && !s.Faults.Hit(faults.NoRefreshToken) {
		// As long as real tokens. Some keychains have a size limit, which a short token
		// would hide.
		token := "1.A" + directory.RandomText(1520)
		// Kept after it expires: an expired token and an unknown one get other errors.
		s.refresh.put(hashed(token), &refreshGrant{f, s.Clock()}, refreshKept)
		body["refresh_token"] = token
	}
	if f.clientInfo {
		info, _ := json.Marshal(map[string]string{"uid": f.user.ID, "utid": f.user.TenantID})
		body["client_info"] = base64.RawURLEncoding.EncodeToString(info)
	}
	return body, nil
}

type issued struct {
	token string
	scope string
	life  int
}

// accessToken carries everything that was granted at the resource, not only
// what this request asked for, as Entra's do.
func (s *Server) accessToken(r *http.Request, f *flow) (issued, error) {
	scopes := slices.DeleteFunc(slices.Clone(s.granted(f.app, f.set.resource, f.user)), directory.IsSignInScope)
	if v, on := s.Faults.HitValue(faults.ScopeDropped); on {
		if v == "" && len(f.set.names) > 0 {
			v = f.set.names[len(f.set.names)-1]
		}
		scopes = slices.DeleteFunc(scopes, func(n string) bool { return strings.EqualFold(n, v) })
	}
	shown := make([]string, 0, len(scopes))
	for _, n := range scopes {
		shown = append(shown, f.set.written(n))
	}
	for _, n := range f.set.signIn {
		if n != "offline_access" { // never in the token: it is about the refresh token
			scopes, shown = append(scopes, n), append(shown, n)
		}
	}
	sp, _ := s.Directory.Primary().ServicePrincipal(f.user.TenantID, f.app.AppID)
	if sp == nil {
		sp = &directory.ServicePrincipal{}
	}
	claims, life := s.accessClaims(r, f.user.TenantID, f.app, f.set.resource)
	for k, v := range map[string]any{
		"oid": f.user.ID, "sub": pairwise(f.user.ID, f.app.AppID), "idtyp": "user", "scp": strings.Join(scopes, " "),
		"upn": f.user.Address, "unique_name": f.user.Address, "name": f.user.Name,
		"wids": append([]string{}, f.user.AllRoles()...),
	} {
		claims[k] = v
	}
	token, err := s.Keys.Sign(claims)
	return issued{token, strings.Join(shown, " "), life}, err
}

func (s *Server) appToken(
	r *http.Request, tenantID string, a *directory.Application, sp *directory.ServicePrincipal, set scopeSet) (
	string, int, error) {
	claims, life := s.accessClaims(r, tenantID, a, set.resource)
	claims["oid"], claims["sub"], claims["idtyp"] = sp.ID, sp.ID, "app"
	if roles := s.Directory.RolesOf(tenantID, a.AppID, set.resource); len(roles) > 0 {
		claims["roles"] = roles
	}
	token, err := s.Keys.Sign(claims)
	return token, life, err
}

// accessClaims are those of every access token. Graph's are of version 1.0
// whichever endpoint issued them.
func (s *Server) accessClaims(r *http.Request, tenantID string, a *directory.Application, resource string) (
	map[string]any, int) {
	now := s.Directory.Now().Unix()
	life := 3600 + rand.IntN(1800) - 1 // documented: a random time between 60 and 90 minutes
	return map[string]any{
		"aud": resource, "iss": base(r) + "/" + tenantID + "/", "iat": now, "nbf": now, "exp": now + int64(life),
		"app_displayname": a.DisplayName, "appid": a.AppID, "appidacr": "1", "tid": tenantID, "ver": "1.0",
		"uti": directory.RandomText(22),
	}, life
}

func (s *Server) idToken(r *http.Request, f *flow) (string, error) {
	now := s.Directory.Now().Unix()
	claims := map[string]any{
		"aud": f.app.AppID, "iss": base(r) + "/" + f.user.TenantID + "/v2.0", "iat": now, "nbf": now, "exp": now + 3600,
		"oid": f.user.ID, "sub": pairwise(f.user.ID, f.app.AppID), "tid": f.user.TenantID, "ver": "2.0",
		"uti": directory.RandomText(22),
	}
	if f.nonce != "" {
		claims["nonce"] = f.nonce
	}
	if f.set.has("profile") {
		claims["preferred_username"], claims["name"] = f.user.Address, f.user.Name
	}
	if f.set.has("email") {
		claims["email"] = f.user.Address
	}
	for fault, wrong := range map[string]map[string]any{
		faults.NonceWrong:      {"nonce": entra.NewGUID()},
		faults.IDTokenExpired:  {"iat": now - 7200, "nbf": now - 7200, "exp": now - 3600},
		faults.IDTokenAudience: {"aud": entra.NewGUID()},
		faults.IDTokenIssuer:   {"iss": "https://login.invalid/" + f.user.TenantID + "/v2.0"},
		faults.IDTokenTenant: {"tid": entra.NewGUID(), "oid": entra.NewGUID(),
			"preferred_username": "pat@elsewhere.example"},
	} {
		if s.Faults.Hit(fault) {
			maps.Copy(claims, wrong)
		}
	}
	if s.Faults.Hit(faults.IDTokenUnsigned) {
		return tokens.Unsigned(claims), nil
	}
	return s.Keys.Sign(claims)
}

// pairwise is a subject that differs from app to app.
func pairwise(userID, appID string) string {
	sum := sha256.Sum256([]byte(userID + "|" + appID))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
