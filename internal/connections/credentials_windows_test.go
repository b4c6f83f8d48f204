package connections

import (
	"strings"
	"testing"

	"github.com/danieljoos/wincred"
)

// The Credential Manager itself, or Wine's.
func TestCredentialManager(t *testing.T) {
	kc := SystemKeychain()
	keychainSuite(t, kc)
	neighboursSurvive(t, kc)

	// K14: what is listed tells nobody whose it is.
	s := open(t, folder(t), kc)
	r, err := s.Save(t.Context(), sample(0), firstSecret)
	must(t, err)
	list, err := wincred.List()
	must(t, err)
	seen := false
	for _, c := range list {
		seen = seen || strings.HasSuffix(c.TargetName, r.account())
		for _, tell := range []string{r.TenantID, r.TenantDomain, r.ClientID, r.VendorName, firstSecret.Reveal()} {
			if strings.Contains(c.TargetName+c.UserName+c.Comment, tell) {
				t.Errorf("the list shows %q", tell)
			}
		}
	}
	if !seen {
		t.Error("the item is not listed; the test looks in the wrong place")
	}
	must(t, s.RemoveEverything(t.Context()))
}
