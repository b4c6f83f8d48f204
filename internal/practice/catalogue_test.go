package practice_test

import (
	"testing"

	"entrada/internal/entra"
	"entrada/internal/practice/directory"
)

// The product and the practice tenant each have a table of permissions, written
// apart from each other. A slip of the pen in one shows here.
func TestBothTablesOfPermissionsAgree(t *testing.T) {
	for _, want := range entra.Permissions() {
		got, ok := directory.PermissionNamed(want.Name)
		switch {
		case !ok:
			t.Errorf("the practice tenant lacks %s", want.Name)
		case got.Name != want.Name || got.DelegatedID != want.DelegatedID || got.RoleID != want.RoleID:
			t.Errorf("%s: practice has %s %q %q, the product %q %q", want.Name, got.Name, got.DelegatedID, got.RoleID,
				want.DelegatedID, want.RoleID)
		case want.DelegatedID != "" && want.UsersMayConsent != (!got.AdminOnly && !got.Managed):
			t.Errorf("%s: may users consent? the product says %v", want.Name, want.UsersMayConsent)
		}
	}
}
