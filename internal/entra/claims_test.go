package entra

import (
	"strings"
	"testing"
)

func TestIsClaims(t *testing.T) {
	for text, want := range map[string]bool{
		`{"access_token":{"nbf":{"essential":true,"value":"1702682181"}}}`: true, `{}`: true, ``: false, `[]`: false,
		`"x"`: false, `{`: false, `{}x`: false, `{"a":"` + strings.Repeat("a", maxClaims) + `"}`: false,
	} {
		if IsClaims(text) != want {
			t.Errorf("%.40s is taken: %t", text, !want)
		}
	}
}
