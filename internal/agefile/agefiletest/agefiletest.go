// Package agefiletest makes passphrases cheap in tests that are not about their cost.
// Import it for its effect, or for a file that "age -p" could have made.
//
// Only tests may import it; the architecture test holds that.
package agefiletest

import (
	"bytes"
	"io"

	"filippo.io/age"

	"entrada/internal/agefile/internal/cost"
)

func init() { cost.Factor = 1 }

// Locked is what "age -p" makes of a text, with a work factor of 10. It panics on
// an error.
func Locked(text, passphrase string) string {
	var b bytes.Buffer
	to, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		panic(err)
	}
	to.SetWorkFactor(10)
	w, err := age.Encrypt(&b, to)
	if err == nil {
		_, _ = io.WriteString(w, text)
		err = w.Close()
	}
	if err != nil {
		panic(err)
	}
	return b.String()
}
