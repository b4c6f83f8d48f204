package directory

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
)

const secretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-"

// newSecretText makes a value that looks like today's: 40 characters with
// "8Q~" after the third, so that checks of pasted values can be tried on it.
func newSecretText() string { return RandomText(3) + "8Q~" + RandomText(34) }

// SecretText gives 37 characters or more the form of a secret.
func SecretText(from string) string { return from[:3] + "8Q~" + from[3:37] }

// RandomText is n random characters of those that secrets are made of.
func RandomText(n int) string {
	out := make([]byte, 0, n)
	buf := make([]byte, n)
	for len(out) < n {
		_, _ = rand.Read(buf)
		for _, b := range buf {
			// Drop the tail that would favour some characters.
			if int(b) < 256/len(secretAlphabet)*len(secretAlphabet) && len(out) < n {
				out = append(out, secretAlphabet[int(b)%len(secretAlphabet)])
			}
		}
	}
	return string(out)
}

// hashSecret needs neither salt nor stretching: the text has over 200 random
// bits, and tests compare it with the hash of what they were shown.
func hashSecret(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func sameSecret(hash, text string) bool {
	return subtle.ConstantTimeCompare([]byte(hash), []byte(hashSecret(text))) == 1
}
