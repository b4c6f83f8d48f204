package directory

import (
	"slices"
	"strings"

	"entrada/internal/entra"
)

var audiences = []string{"AzureADMyOrg", multipleTenants, tenantsAndPersonal, "PersonalMicrosoftAccount"}

// fill makes every list a list, as Graph never answers null for one.
func fill(a *Application) {
	set(&a.IdentifierURIs)
	set(&a.Tags)
	set(&a.Web.RedirectURIs)
	set(&a.SPA.RedirectURIs)
	set(&a.PublicClient.RedirectURIs)
	set(&a.API.KnownClientApplications)
	set(&a.API.OAuth2PermissionScopes)
	set(&a.API.PreAuthorizedApplications)
	set(&a.AppRoles)
	set(&a.RequiredResourceAccess)
	set(&a.PasswordCredentials)
	set(&a.KeyCredentials)
}

func set[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}

// check holds a registration against the documented rules and limits:
// learn.microsoft.com/entra/identity-platform/supported-accounts-validation.
func (s *state) check(o *organisation, a, old *Application) error {
	fill(a)
	bad := func(format string, args ...any) error { return refuse("Request_BadRequest", format, args...) }
	longest, redirects := 120, 256
	if a.allowsPersonal() {
		longest, redirects = 90, 100
	}
	switch {
	case strings.TrimSpace(a.DisplayName) == "":
		return bad("A value is required for property 'displayName' of resource 'Application'.")
	case len(a.DisplayName) > longest:
		return bad("Property displayName is invalid: at most %d characters are allowed.", longest)
	case !slices.Contains(audiences, a.SignInAudience):
		return bad("Invalid value specified for property 'signInAudience' of resource 'Application'.")
	case a.allowsPersonal() && (a.API.RequestedAccessTokenVersion == nil || *a.API.RequestedAccessTokenVersion != 2):
		return bad("Property api.requestedAccessTokenVersion is invalid.")
	case old != nil && old.UniqueName != nil && (a.UniqueName == nil || *a.UniqueName != *old.UniqueName):
		return bad("Property uniqueName cannot be changed once it is set.")
	}
	if a.UniqueName != nil {
		for _, other := range s.apps {
			if other.TenantID == a.TenantID && other.AppID != a.AppID && other.UniqueName != nil &&
				*other.UniqueName == *a.UniqueName {
				return refuse(
					"Request_MultipleObjectsWithSameKeyValue",
					"Another object with the same value for property uniqueName already exists.")
			}
		}
	}
	if err := checkRedirects(a, redirects); err != nil {
		return err
	}
	for _, uri := range a.IdentifierURIs {
		if old != nil && slices.Contains(old.IdentifierURIs, uri) {
			continue
		}
		if !identifierAllowed(o, a, uri) {
			return refuse(
				"HostNameNotOnVerifiedDomain",
				"Failed to add identifier URI %s. All newly added URIs must contain a tenant verified domain, "+
					"tenant ID, or app ID, as per the default tenant policy of your organization.", uri)
		}
		for _, other := range s.apps {
			if other.TenantID == a.TenantID && other.AppID != a.AppID && slices.Contains(other.IdentifierURIs, uri) {
				return refuse(
					"Request_MultipleObjectsWithSameKeyValue",
					"Another object with the same value for property identifierUris already exists.")
			}
		}
	}
	if err := s.checkPermissions(a); err != nil {
		return err
	}
	return checkScopes(a, old)
}

func checkRedirects(a *Application, most int) error {
	n := 0
	for platform, uris := range map[Platform][]string{
		PlatformWeb: a.Web.RedirectURIs, PlatformSPA: a.SPA.RedirectURIs, PlatformNative: a.PublicClient.RedirectURIs,
	} {
		n += len(uris)
		for i, uri := range uris {
			if what := CheckRedirect(uri, platform, a.allowsPersonal(), false); what != "" {
				return refuse(
					"Request_BadRequest",
					"Invalid value specified for property '%s.redirectUris' of resource 'Application': %s", platform,
					what)
			}
			if slices.Contains(uris[:i], uri) {
				return refuse("Request_BadRequest", "Redirect URIs must have distinct values.")
			}
		}
	}
	if n > most {
		return refuse("Request_BadRequest", "The application cannot have more than %d redirect URIs.", most)
	}
	return nil
}

func (s *state) checkPermissions(a *Application) error {
	n := 0
	for _, r := range a.RequiredResourceAccess {
		n += len(r.ResourceAccess)
		if !entra.IsGUID(r.ResourceAppID) {
			return refuse(
				"Request_BadRequest",
				"Invalid value specified for property 'resourceAppId' of resource 'RequiredResourceAccess'.")
		}
		for _, p := range r.ResourceAccess {
			if !entra.IsGUID(p.ID) || p.Type != "Scope" && p.Type != "Role" {
				return refuse(
					"Request_BadRequest",
					"Invalid value specified for property 'resourceAccess' of resource 'RequiredResourceAccess'.")
			}
		}
	}
	if n > 400 || len(a.RequiredResourceAccess) > 50 {
		return refuse("Request_BadRequest", "The application cannot have more than 400 permissions of 50 APIs.")
	}
	return nil
}

func checkScopes(a, old *Application) error {
	for i, sc := range a.API.OAuth2PermissionScopes {
		if !entra.IsGUID(sc.ID) || sc.Value == "" || strings.ContainsAny(sc.Value, " \t\r\n") {
			return refuse("Request_BadRequest", "Property api.oauth2PermissionScopes is invalid.")
		}
		if slices.ContainsFunc(
			a.API.OAuth2PermissionScopes[:i],
			func(o PermissionScope) bool { return o.Value == sc.Value || o.ID == sc.ID }) {
			return refuse("Request_BadRequest", "It contains duplicate value. Please Provide unique value.")
		}
	}
	if old == nil {
		return nil
	}
	for _, sc := range old.API.OAuth2PermissionScopes {
		kept := slices.ContainsFunc(a.API.OAuth2PermissionScopes, func(n PermissionScope) bool { return n.ID == sc.ID })
		if sc.IsEnabled && !kept {
			return refuse(
				"CannotDeleteOrUpdateEnabledEntitlement",
				"Permission (scope or role) cannot be deleted or updated unless disabled first.")
		}
	}
	return nil
}

// identifierAllowed follows the table in
// learn.microsoft.com/entra/identity-platform/reference-microsoft-graph-app-manifest.
func identifierAllowed(o *organisation, a *Application, uri string) bool {
	if strings.HasSuffix(uri, "/") || len(uri) > 255 {
		return false
	}
	if v := a.API.RequestedAccessTokenVersion; v != nil && *v == 2 {
		return strings.Contains(uri, ":")
	}
	lower := strings.ToLower(uri)
	switch {
	case strings.HasPrefix(lower, "api://"):
		parts := strings.Split(strings.TrimPrefix(lower, "api://"), "/")
		return slices.Contains(parts, strings.ToLower(a.AppID)) || parts[0] == o.ID || ofDomain(o, parts[0])
	case strings.HasPrefix(lower, "https://"):
		return ofDomain(o, strings.SplitN(strings.TrimPrefix(lower, "https://"), "/", 2)[0])
	}
	return false
}

func ofDomain(o *organisation, host string) bool {
	return slices.ContainsFunc([]string{o.Domain, o.Initial}, func(d string) bool {
		return host == d || strings.HasSuffix(host, "."+d)
	})
}
