package entra

import (
	"regexp"
	"strings"

	"entrada/internal/fault"
)

var domainPattern = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)

// personalDomains belong to personal Microsoft accounts and to other mail
// providers; no organisation can be found from them.
var personalDomains = map[string]bool{
	"outlook.com": true, "hotmail.com": true, "live.com": true, "msn.com": true, "passport.com": true,
	"gmail.com": true, "googlemail.com": true, "yahoo.com": true, "icloud.com": true, "gmx.de": true, "gmx.net": true,
	"web.de": true,
}

// ParseOrganisation takes what an admin typed to say which organisation is
// meant: an e-mail address, a domain, a web address of the organisation, or a
// tenant ID. It returns the domain or tenant ID, in lower case. The error is of
// kind [fault.InvalidInput] and carries one sentence for the field.
func ParseOrganisation(text string) (string, error) {
	invalid := func(s string) (string, error) { return "", fault.Invalid("organisation", s) }
	clean, _ := CleanPaste(text)
	clean = strings.ToLower(clean)
	if clean == "" {
		return invalid("Type your work e-mail address, such as you@yourcompany.com.")
	}
	if hasSignInAnswer(clean) {
		return invalid(
			"This is an address with a sign-in code in it. Never paste such an address anywhere. Type your work " +
				"e-mail address.")
	}
	if IsGUID(clean) {
		return clean, nil
	}
	if i := strings.LastIndex(clean, "@"); i >= 0 {
		if strings.ContainsAny(clean, " \t") || i == 0 {
			return invalid("This is not a complete e-mail address. It looks like you@yourcompany.com.")
		}
		clean = clean[i+1:]
	}
	clean = strings.TrimPrefix(strings.TrimPrefix(clean, "https://"), "http://")
	clean, _, _ = strings.Cut(clean, "/")
	clean = strings.TrimPrefix(strings.TrimSuffix(clean, "."), "www.")
	switch {
	case personalDomains[clean]:
		return invalid("This is a personal address. Type the work address that you use with Microsoft 365.")
	case !strings.Contains(clean, "."):
		return invalid(
			"This is not complete. Type the whole e-mail address, such as you@yourcompany.com, or the part " +
				"behind the @.")
	case !domainPattern.MatchString(clean) || len(clean) > 253:
		return invalid(
			"This is not a domain we can look up. Type an e-mail address or a domain with plain letters, such as " +
				"yourcompany.com.")
	}
	return clean, nil
}
