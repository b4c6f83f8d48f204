package entra

import (
	"strings"
	"testing"
)

func TestGUID(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		id := NewGUID()
		version4 := IsGUID(id) && id[14] == '4' && strings.ContainsRune("89ab", rune(id[19]))
		if !version4 || !IsGUID(strings.ToUpper(id)) || seen[id] {
			t.Fatalf("%q is no random GUID, or came twice", id)
		}
		seen[id] = true
	}
	id := NewGUID()
	for _, s := range []string{
		"", id[1:], id + "0", " " + id, id + "\n", "{" + id + "}", strings.ReplaceAll(id, "-", ""),
		strings.Repeat("g", 36),
	} {
		if IsGUID(s) {
			t.Errorf("%q passes for a GUID", s)
		}
	}
}
