package identity

import (
	"net/http"
	"slices"
	"strings"

	"entrada/internal/practice/directory"
)

// scopeSet is what a request asks for: sign-in scopes, and permissions of one
// resource.
type scopeSet struct {
	raw      string
	signIn   []string          // openid, profile, email, offline_access
	resource string            // client ID of the resource
	names    []string          // permissions, as the resource spells them
	all      bool              // .default
	prefix   string            // how the answer qualifies names that were not asked for
	asked    map[string]string // permission to how it was written in the request
}

func (set scopeSet) has(signIn string) bool { return slices.Contains(set.signIn, signIn) }

// written is a permission as it stands in the answer's scope. It is spelled as in the
// request, because clients compare the two.
func (set scopeSet) written(name string) string {
	if w, ok := set.asked[name]; ok {
		return w
	}
	return set.prefix + name
}

var graphNames = []string{
	"https://graph.microsoft.com", "https://graph.microsoft.us", "https://dod-graph.microsoft.us",
	"https://microsoftgraph.chinacloudapi.cn", directory.GraphAppID,
}

func (s *Server) isGraph(r *http.Request, identifier string) bool {
	identifier = strings.ToLower(strings.TrimRight(identifier, "/"))
	return slices.Contains(graphNames, identifier) || identifier == strings.ToLower(s.GraphBase(r))
}

// splitScope parts "https://graph.microsoft.com/Mail.Send" at the last slash. A
// bare name belongs to Graph.
func splitScope(scope string) (resource, name string) {
	i := strings.LastIndexByte(scope, '/')
	if i < 0 {
		return "", scope
	}
	return strings.TrimRight(scope[:i], "/"), scope[i+1:]
}

// scopes reads the scope parameter for callers of a tenant.
func (s *Server) scopes(r *http.Request, tenantID string, a *directory.Application, raw string) (scopeSet, *refusal) {
	set := scopeSet{raw: raw, resource: directory.GraphAppID, asked: map[string]string{}}
	fields := strings.Fields(raw)
	if len(fields) == 0 {
		return set, refuse(900144, "scope")
	}
	chosen, named := "", false
	for _, f := range fields {
		resource, name := splitScope(f)
		graph := resource == "" || s.isGraph(r, resource)
		if graph && directory.IsSignInScope(name) {
			set.signIn = append(set.signIn, strings.ToLower(name))
			continue
		}
		id := directory.GraphAppID
		if !graph {
			sp, ok := s.Directory.Resource(tenantID, resource)
			if !ok {
				return set, refuse(500011, resource, tenantID)
			}
			id = sp.AppID
		}
		if named && id != chosen {
			return set, refuse(700022)
		}
		chosen, named, set.resource = id, true, id
		if resource != "" {
			set.prefix = resource + "/"
		}
		if name == ".default" {
			set.all = true
			continue
		}
		sp, ok := s.Directory.Primary().ServicePrincipal(tenantID, id)
		if !ok {
			return set, refuse(500011, resource, tenantID)
		}
		scope, ok := sp.Scope(name)
		if !ok {
			return set, refuse(650053, a.DisplayName, name, id)
		}
		set.names = append(set.names, scope.Value)
		set.asked[scope.Value] = f
	}
	if set.all && len(set.names) > 0 {
		return set, refuse(70011, raw, ".default scope can't be combined with resource-specific scopes.")
	}
	return set, nil
}

// listed are the delegated permissions of a resource that a registration lists.
func (s *Server) listed(tenantID string, a *directory.Application, resourceAppID string) []string {
	sp, ok := s.Directory.Primary().ServicePrincipal(tenantID, resourceAppID)
	if !ok {
		return nil
	}
	var out []string
	for _, r := range a.RequiredResourceAccess {
		if !strings.EqualFold(r.ResourceAppID, resourceAppID) {
			continue
		}
		for _, p := range r.ResourceAccess {
			for _, scope := range sp.OAuth2PermissionScopes {
				if p.Type == "Scope" && strings.EqualFold(p.ID, scope.ID) {
					out = append(out, scope.Value)
				}
			}
		}
	}
	return out
}
