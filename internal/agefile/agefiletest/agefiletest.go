// Package agefiletest makes passphrases cheap in tests that are not about their cost.
// Import it for its effect:
//
//	import _ "entrada/internal/agefile/agefiletest"
//
// Only tests may import it; the architecture test holds that.
package agefiletest

import "entrada/internal/agefile/internal/cost"

func init() { cost.Factor = 1 }
