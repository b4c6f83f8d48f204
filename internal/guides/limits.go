package guides

import (
	"strings"
	"unicode"
)

// What a guide may ask for. A guide that is accepted can be carried to its end, so
// the registration, the hand-over and a colleague's request keep to the same limits.
const (
	MaxVendor      = 40  // characters
	MaxLabel       = 60  // characters of a field's label
	MaxDescription = 100 // characters of a secret's description
	MaxFields      = 100
	MaxPermissions = 100
	MaxExposed     = 20
	MaxMonths      = 24      // Microsoft's portal offers no longer life of a secret
	MaxText        = 4 << 10 // bytes of any text
	maxCharacters  = 1200    // of any text
)

// Limits returns how many characters an app's name and how many redirect URIs an app
// may have (learn.microsoft.com/entra/identity-platform/supported-accounts-validation).
func (a Audience) Limits() (name, redirects int) {
	if a == MultiTenantPersonal {
		return 90, 100
	}
	return 120, 256
}

// IsPlain reports whether a text stands on one line, with nothing in it that a person
// cannot see and nothing around it that pasting would lose.
func IsPlain(text string) bool {
	return text == strings.TrimSpace(text) && !strings.ContainsFunc(text, isHidden)
}

// isHidden are characters that a person cannot see, and line breaks.
func isHidden(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Zl, unicode.Zp) ||
		unicode.IsControl(r) || r == '\ufffc'
}
