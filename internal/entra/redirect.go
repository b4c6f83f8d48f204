package entra

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// bracketPattern is a name in brackets; an address of IPv6 has colons there.
var bracketPattern = regexp.MustCompile(`\[[^\]:]*\]`)

// RedirectProblem says in one sentence why a redirect URI cannot be registered
// on the Web platform, or "" if it can. The rules are Microsoft's
// (learn.microsoft.com/entra/identity-platform/reply-url). personal is true
// when the app also accepts personal Microsoft accounts.
func RedirectProblem(uri string, personal bool) string {
	if s := InputProblem(uri); s != "" {
		return s
	}
	u, err := url.Parse(uri)
	switch {
	case bracketPattern.MatchString(uri):
		return "A place in it, in brackets, is still to be filled in. Ask your vendor for the exact address."
	case strings.ContainsFunc(uri, unicode.IsSpace):
		return "There is a space in this address. Copy it again, without spaces before, after or inside."
	case err != nil || u.Host == "":
		return "This is not a complete address. It starts with https:// and is given by your vendor."
	case u.User != nil:
		return "A redirect URI cannot hold a user name."
	case u.Hostname() == "::1":
		return "Microsoft does not accept [::1]. Use localhost instead."
	case u.Scheme == "http" && u.Hostname() == "127.0.0.1":
		return "The portal does not accept http://127.0.0.1 here. Use http://localhost instead."
	case u.Scheme == "http" && u.Hostname() != "localhost":
		return "This address starts with http://. Microsoft asks for https:// (only localhost may be http)."
	case u.Scheme != "https" && u.Scheme != "http":
		return "This address must start with https://."
	case u.Fragment != "" || strings.Contains(uri, "#"):
		return "A redirect URI cannot contain #."
	case strings.Contains(uri, "*"):
		return "A redirect URI with * cannot be entered in the portal. Ask your vendor for the exact address."
	case u.RawQuery != "" && personal:
		return "With personal accounts allowed, the address cannot contain a question mark. Ask your vendor for " +
			"one without."
	case strings.ContainsAny(uri, "!$'(),;"):
		return "Microsoft does not accept the characters ! $ ' ( ) , ; in a redirect URI. Ask your vendor for " +
			"another address."
	case len(uri) > 256:
		return "This address is longer than the 256 characters that Microsoft accepts."
	}
	for _, r := range u.Host {
		if r > unicode.MaxASCII {
			return "Microsoft does not accept host names with special letters. Ask your vendor for a plain address."
		}
	}
	for label := range strings.SplitSeq(strings.ToLower(u.Hostname()), ".") {
		if strings.HasPrefix(label, "xn--") {
			// RFC 3492: it stands for other letters, which may look like another name.
			return "The name of the machine is written in code (xn--), so nobody can see whose it is. Ask your " +
				"vendor for a plain address."
		}
	}
	return ""
}
