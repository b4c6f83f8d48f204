package explain

import (
	"regexp"
	"strings"

	"entrada/internal/entra"
	"entrada/internal/secret"
)

const redacted = secret.Redacted

var (
	// The value ends where an address, JSON or a sentence would end it.
	namedSecret = regexp.MustCompile(
		`(?i)((?:client[_-]?secret|secret[_ -]?(?:value|text)|client[_-]?assertion|` +
			`access[_-]?token|refresh[_-]?token|id[_-]?token|` +
			`password|passwd|pwd|passphrase|assertion|code[_-]?verifier|device[_-]?code|` +
			`user[_-]?code|nonce|state|session[_-]?state|` +
			`api[_-]?key|x-anchormailbox|set-cookie|cookie|secret)["']?\s{0,3}[=:]\s{0,3}["']?)([^\s"'&<>,;]+)`)
	namedCode  = regexp.MustCompile(`(?i)((?:^|[^a-z])code["']?\s{0,3}[=:]\s{0,3}["']?)([^\s"'&<>,;]+)`)
	bearer     = regexp.MustCompile(`(?i)\b((?:bearer|basic|pop)\s+)([A-Za-z0-9._~+/=-]{8,})`)
	jwt        = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,4}`)
	tilded     = regexp.MustCompile(`[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{16,}`)
	grantShape = regexp.MustCompile(
		`\b(?:[01]\.A[A-Za-z0-9_-]{20,}[A-Za-z0-9_.-]*|` +
			`M\.[A-Z]\d{3}_[A-Za-z0-9]+\.[^\s"'&<>]{8,}|OAQABA[A-Za-z0-9_-]{16,})`)
	longRun = regexp.MustCompile(`[A-Za-z0-9+_~=-]{30,}`)

	harmlessCode = regexp.MustCompile(`(?i)^(?:aadsts[0-9a-z]{3,10}|\d{1,9}|0x[0-9a-f]{1,8}|[a-z][a-z_]{2,59})[.:)]?$`)
	startsCode   = regexp.MustCompile(`(?i)^aad[s5]t[s5]`)
)

// Redact returns text with everything blacked out that looks like a client
// secret, a token, an authorization code or a password, and without invisible
// and control characters. It errs on the side of blacking out.
func Redact(text string) string {
	s := plain(text)
	s = namedSecret.ReplaceAllStringFunc(s, func(m string) string {
		part := namedSecret.FindStringSubmatch(m)
		// "Invalid client secret: AADSTS7000215" holds no secret.
		if startsCode.MatchString(part[2]) {
			return m
		}
		return part[1] + redacted
	})
	s = namedCode.ReplaceAllStringFunc(s, func(m string) string {
		part := namedCode.FindStringSubmatch(m)
		if harmlessCode.MatchString(part[2]) || startsCode.MatchString(part[2]) || isKnownWord(part[2]) {
			return m
		}
		return part[1] + redacted
	})
	s = bearer.ReplaceAllString(s, "${1}"+redacted)
	s = jwt.ReplaceAllString(s, redacted)
	s = tilded.ReplaceAllString(s, redacted)
	s = grantShape.ReplaceAllString(s, redacted)
	return longRun.ReplaceAllStringFunc(s, func(run string) string {
		if looksRandom(run) && !isKnownWord(run) {
			return redacted
		}
		return run
	})
}

// looksRandom reports whether a long word mixes small letters, capital letters and
// digits. Keys do so; words, GUIDs and addresses do not.
func looksRandom(run string) bool {
	return strings.ContainsAny(run, "0123456789") &&
		strings.ContainsAny(run, "abcdefghijklmnopqrstuvwxyz") &&
		strings.ContainsAny(run, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") &&
		!entra.IsGUID(run)
}

func isKnownWord(s string) bool {
	s = strings.ToLower(s)
	codes := loaded().codes
	return codes[familyGraph][s] != nil || codes[familyOAuth][s] != nil
}
