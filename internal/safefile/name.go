package safefile

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const maxName = 80

// SafeName turns any text into one file name that every system takes: ASCII
// letters, digits, and single dots, dashes and underscores between them, at
// most 80 characters, never a name that Windows keeps for itself. Letters with
// accents lose them; what has no ASCII form becomes a dash. It is never empty.
func SafeName(s string) string {
	var b strings.Builder
	pending := byte(0) // a separator, written only if a letter or digit follows
	for _, r := range norm.NFKD.String(firstRunes(s, 4*maxName)) {
		if b.Len() > maxName-4 { // room for a separator and a prefix
			break
		}
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			if pending != 0 && b.Len() > 0 {
				b.WriteByte(pending)
			}
			pending = 0
			b.WriteByte(byte(r))
		case unicode.Is(unicode.Mn, r):
			// an accent, split off its letter
		case r == '.' || r == '_':
			if pending == 0 {
				pending = byte(r)
			}
		default:
			pending = '-'
		}
	}
	name := b.String()
	if name == "" {
		return "unnamed"
	}
	if isReserved(name) {
		return SafeName("x-" + name) // cut again, so that it is its own safe name
	}
	return name
}

func firstRunes(s string, n int) string {
	count := 0
	for i := range s {
		if count == n {
			return s[:i]
		}
		count++
	}
	return s
}

// isReserved reports whether Windows takes the name for a device: with any
// extension as well, and in any case.
func isReserved(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch stem {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	rest, ok := strings.CutPrefix(stem, "COM")
	if !ok {
		rest, ok = strings.CutPrefix(stem, "LPT")
	}
	return ok && len(rest) == 1 && rest[0] >= '0' && rest[0] <= '9'
}
