package entra

import (
	"encoding/json"
	"strings"
)

// maxClaims is far more than any claims challenge holds, in bytes.
const maxClaims = 3 << 10

// IsClaims reports whether a text may be the parameter claims of a sign-in: a JSON
// object of at most 3 KiB (openid.net/specs/openid-connect-core-1_0.html section 5.5).
func IsClaims(text string) bool {
	return len(text) <= maxClaims && strings.HasPrefix(text, "{") && json.Valid([]byte(text))
}
