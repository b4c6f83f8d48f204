package directory

import (
	"net/url"
	"strings"
)

// Platform is where a redirect URI is registered. It decides whether a client
// is confidential.
type Platform string

// The platforms, with the names of Graph's properties.
const (
	PlatformWeb    Platform = "web"
	PlatformSPA    Platform = "spa"
	PlatformNative Platform = "publicClient"
)

// MatchRedirect finds the platform under which uri is registered. The rules are
// those of learn.microsoft.com/entra/identity-platform/reply-url: scheme and
// host ignore case, the path does not, and the port is ignored for localhost
// alone.
func (a *Application) MatchRedirect(uri string) (Platform, bool) {
	for _, on := range []struct {
		platform Platform
		uris     []string
	}{{PlatformWeb, a.Web.RedirectURIs}, {PlatformSPA, a.SPA.RedirectURIs},
		{PlatformNative, a.PublicClient.RedirectURIs}} {
		for _, registered := range on.uris {
			if sameRedirect(registered, uri) {
				return on.platform, true
			}
		}
	}
	return "", false
}

// HasRedirect reports whether any redirect URI is registered at all.
func (a *Application) HasRedirect() bool {
	return len(a.Web.RedirectURIs)+len(a.SPA.RedirectURIs)+len(a.PublicClient.RedirectURIs) > 0
}

func sameRedirect(registered, used string) bool {
	r, err1 := url.Parse(registered)
	u, err2 := url.Parse(used)
	if err1 != nil || err2 != nil || u.Fragment != "" || u.User != nil {
		return false
	}
	if !strings.EqualFold(r.Scheme, u.Scheme) || !strings.EqualFold(r.Hostname(), u.Hostname()) {
		return false
	}
	if u.Hostname() == "::1" { // documented as not supported
		return false
	}
	if !strings.EqualFold(r.Hostname(), "localhost") && port(r) != port(u) {
		return false
	}
	return path(r) == path(u) && r.RawQuery == u.RawQuery
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return map[string]string{"http": "80", "https": "443"}[strings.ToLower(u.Scheme)]
}

func path(u *url.URL) string {
	if u.EscapedPath() == "" {
		return "/"
	}
	return u.EscapedPath()
}

// CheckRedirect tells what is wrong with a redirect URI for a registration, in
// one sentence, or "" if nothing is. Typed says whether a person typed it in
// the portal, which refuses http://127.0.0.1 though Graph takes it.
func CheckRedirect(uri string, platform Platform, personal, typed bool) string {
	u, err := url.Parse(uri)
	switch {
	case err != nil || u.Scheme == "":
		return "Must be a valid URL."
	case len(uri) > 256:
		return "Must be at most 256 characters long."
	case strings.ContainsAny(uri, "!$'(),;"):
		return "Must not contain any of the characters ! $ ' ( ) , ;"
	case strings.ContainsFunc(uri, func(r rune) bool { return r > 126 || r <= ' ' }):
		return "Must be a valid URL."
	case u.Fragment != "" || strings.Contains(uri, "#"):
		return "Must not contain a URL fragment."
	case strings.Contains(uri, "*") && (personal || typed):
		return "Must not contain wildcards."
	case u.RawQuery != "" && personal:
		return "Must not contain a query string when personal Microsoft accounts are allowed."
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Hostname())
	switch {
	case scheme == "https" || scheme == "http":
		if host == "" {
			return "Must be a valid URL."
		}
		if scheme == "http" && host != "localhost" && (typed || host != "127.0.0.1") {
			return "Must start with \"HTTPS\" or \"http://localhost\"."
		}
	case platform != PlatformNative:
		return "Must start with \"HTTPS\" or \"http://localhost\"."
	}
	return ""
}
