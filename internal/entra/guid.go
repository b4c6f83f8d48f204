package entra

import (
	"crypto/rand"
	"fmt"
	"regexp"
)

// GUIDPattern is the form of a GUID within a regular expression; it has no groups.
const GUIDPattern = `[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`

var guid = regexp.MustCompile(`^` + GUIDPattern + `$`)

// IsGUID reports whether s has the form of a client, tenant or secret ID.
func IsGUID(s string) bool { return guid.MatchString(s) }

// NewGUID makes a random GUID, of version 4 (RFC 9562).
func NewGUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
