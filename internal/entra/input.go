package entra

import (
	"regexp"
	"strings"
)

// answerOfSignIn is said of an address that holds what Microsoft answered.
const answerOfSignIn = "This is an address with a sign-in code in it. Never paste such an address anywhere: whoever " +
	"has it can sign in as you."

// answerPattern is a parameter that only the answer of a sign-in has (RFC 6749, 4.1.2
// and 4.2.2; openid.net/specs/oauth-v2-multiple-response-types-1_0.html).
var answerPattern = regexp.MustCompile(`(?i)[?&#](?:code|access_token|id_token)=`)

// hasSignInAnswer reports whether text is an address with a code or a token in it.
func hasSignInAnswer(text string) bool {
	return isWebAddress(strings.ToLower(text)) && answerPattern.MatchString(text)
}

// templatePattern is a place in a document's text that somebody has to fill in.
var templatePattern = regexp.MustCompile(
	`(?i)\{[^{}]*\}|<[^<>@]*>|%7b|%3c|` + // {id}, <your server>; not <name@example.com>
		`(?:^|[/.@])your[-_]?(?:server|domain|company|tenant|host|instance|site|subdomain|organi[sz]ation)(?:[/.:]|$)`)

// InputProblem says in one sentence why a text from a document or an address bar
// cannot be meant as an address or a value: a place is left to be filled in, or it is
// the answer of a sign-in. It is "" for any other text.
func InputProblem(text string) string {
	if hasSignInAnswer(text) {
		return answerOfSignIn
	}
	if left := templatePattern.FindString(text); left != "" {
		return "A place in it is still to be filled in: " + strings.Trim(left, "/.@:") +
			". Put your own value there, or ask your vendor for it."
	}
	return ""
}
