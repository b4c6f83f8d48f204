// Package entratest holds what tests say where any value of its form will do.
//
// Only tests import it. It imports nothing, so that all of them can.
package entratest

const (
	ClientID = "3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10"
	TenantID = "9a2d7e44-0c1b-4f55-8e63-1b7c5d9f2a30"
	SecretID = "c81e728d-9d4c-4f63-af06-7f89cc14862c"

	// Secret is looked for in all that is shown and written, and must not be there.
	Secret = "8xK8Q~canary-that-must-not-be-shown_0001"
)
