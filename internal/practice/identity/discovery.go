package identity

import (
	"net/http"
	"net/url"
	"strings"
)

// metadata is the OpenID discovery document. Asked by domain, it still carries
// the tenant's GUID, which is how a domain becomes a tenant ID.
func (s *Server) metadata(w http.ResponseWriter, r *http.Request) {
	a, no := s.authority(r)
	if no != nil {
		s.fail(w, r, no)
		return
	}
	b := base(r)
	segment, issuer := a.name, b+"/{tenantid}/v2.0"
	switch {
	case a.tenant != nil:
		segment, issuer = a.tenant.ID, b+"/"+a.tenant.ID+"/v2.0"
	case a.name == "consumers": // the tenant of personal accounts
		issuer = b + "/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"
	}
	at := b + "/" + segment
	region := any(nil)
	if a.tenant != nil {
		region = "EU"
	}
	sendJSON(w, http.StatusOK, map[string]any{
		"token_endpoint": at + "/oauth2/v2.0/token",
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt",
			"client_secret_basic", "self_signed_tls_client_auth"},
		"jwks_uri":                              at + "/discovery/v2.0/keys",
		"response_modes_supported":              []string{"query", "fragment", "form_post"},
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"response_types_supported":              []string{"code", "id_token", "code id_token", "id_token token"},
		"scopes_supported":                      []string{"openid", "profile", "email", "offline_access"},
		"issuer":                                issuer,
		"request_uri_parameter_supported":       false,
		"authorization_endpoint":                at + "/oauth2/v2.0/authorize",
		"device_authorization_endpoint":         at + "/oauth2/v2.0/devicecode",
		"http_logout_supported":                 true,
		"frontchannel_logout_supported":         true,
		"end_session_endpoint":                  at + "/oauth2/v2.0/logout",
		"claims_supported": []string{"sub", "iss", "cloud_instance_name",
			"cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host", "aud", "exp", "iat", "auth_time",
			"acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash", "c_hash", "email"},
		"tenant_region_scope": region,
		"cloud_instance_name": instanceName(r.Host),
		"msgraph_host":        hostOf(s.GraphBase(r)),
	})
}

// instanceName is login.microsoftonline.com without its first label. On
// loopback there is no such name.
func instanceName(host string) string {
	if rest, ok := strings.CutPrefix(host, "login."); ok {
		return rest
	}
	return "practice"
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

func (s *Server) keys(w http.ResponseWriter, r *http.Request) {
	if _, no := s.authority(r); no != nil {
		s.fail(w, r, no)
		return
	}
	sendJSON(w, http.StatusOK, s.Keys.Public())
}

// instance tells libraries which names stand for this cloud.
func (s *Server) instance(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query().Get("authorization_endpoint")
	u, err := url.Parse(asked)
	if err != nil || u.Host == "" {
		s.fail(w, r, refuse(9002313))
		return
	}
	tenant := strings.SplitN(strings.TrimPrefix(u.Path, "/"), "/", 2)[0]
	sendJSON(w, http.StatusOK, map[string]any{
		"tenant_discovery_endpoint": base(r) + "/" + tenant + "/v2.0/.well-known/openid-configuration",
		"api-version":               "1.1",
		"metadata": []any{map[string]any{
			"preferred_network": r.Host, "preferred_cache": r.Host, "aliases": []string{r.Host},
		}},
	})
}
