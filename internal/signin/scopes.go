package signin

import (
	"slices"
	"strings"
)

// newSession makes the session of a person.
func newSession(r Request, got *tokens, who Account, authority *authority) *Session {
	s := &Session{
		Account: who, AccessToken: got.access, RefreshToken: got.refresh,
		Expires: got.expires, ClockSkew: got.skew, authority: authority,
	}
	s.Granted, s.Missing = compareScopes(r.Scopes, got)
	return s
}

// compareScopes compares the scopes that were asked for with those that were granted.
// For OpenID scopes the answer itself shows it: a refresh token, an ID token.
func compareScopes(asked []string, got *tokens) (granted, missing []string) {
	granted = got.granted
	if granted == nil {
		granted = bareScopes(asked) // RFC 6749 section 5.1: not said means as asked
	}
	granted = slices.DeleteFunc(slices.Clone(granted), func(name string) bool {
		return strings.EqualFold(name, "offline_access") && got.refresh.IsEmpty()
	})
	has := func(name string) bool {
		return slices.ContainsFunc(granted, func(g string) bool { return strings.EqualFold(g, name) })
	}
	implied := map[string]bool{"offline_access": !got.refresh.IsEmpty()}
	for _, name := range []string{"openid", "profile", "email"} {
		implied[name] = got.id != ""
	}
	for _, name := range bareScopes(asked) {
		switch {
		case has(name), strings.EqualFold(name, ".default"): // .default asks for whatever there is
		case implied[strings.ToLower(name)]:
			granted = append(granted, name)
		default:
			missing = append(missing, name)
		}
	}
	return granted, missing
}

// splitScopes reads the "scope" of an answer; nil when there is none.
func splitScopes(text string) []string { return bareScopes(strings.Fields(text)) }

// bareScopes removes the resource from each scope: Entra answers sometimes with it
// and sometimes without. "https://graph.microsoft.com/Mail.Send" becomes "Mail.Send".
func bareScopes(scopes []string) []string {
	var bare []string
	for _, scope := range scopes {
		if strings.Contains(scope, "://") {
			scope = scope[strings.LastIndex(scope, "/")+1:]
		}
		if scope != "" && !slices.Contains(bare, scope) {
			bare = append(bare, scope)
		}
	}
	return bare
}
