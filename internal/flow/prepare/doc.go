// Package prepare is what comes before Microsoft Entra: which vendor, with a
// guide that was made or brought if it is not listed; which organisation; what
// the vendor gives first, and what is needed.
//
// It must not know windows or terminals; each draws the screens in its own way.
package prepare
