// Package secret holds the type that every secret has in memory: client
// secrets, tokens, authorization codes, passphrases and mailbox passwords.
//
// A [Value] prints, formats, logs and marshals as "[redacted]". The text
// itself leaves through [Value.Reveal] alone, so a search for that name lists
// every place where a secret is used. The package knows nothing of where
// secrets come from or go to.
package secret

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
)

// Redacted is what stands wherever a secret would have been printed.
const Redacted = "[redacted]"

// Value is a secret. The zero Value is empty. It is not comparable with ==;
// use [Value.Equal].
type Value struct {
	_ [0]func() // no ==, which would not take constant time
	// A pointer, because fmt ignores Format for a verb that a surrounding type
	// cannot take (%p of a struct) and prints its fields as they are.
	text *string
}

// New wraps text, which the caller should then forget.
func New(text string) Value { return Value{text: &text} }

// Reveal returns the secret itself. Call it only at the place that sends,
// stores or deliberately shows it.
func (v Value) Reveal() string {
	if v.text == nil {
		return ""
	}
	return *v.text
}

// IsEmpty reports whether there is no secret.
func (v Value) IsEmpty() bool { return v.Reveal() == "" }

// Equal compares in constant time for secrets of equal length.
func (v Value) Equal(other Value) bool {
	return subtle.ConstantTimeCompare([]byte(v.Reveal()), []byte(other.Reveal())) == 1
}

// Fingerprint is a short hash of the secret that two people can read to each
// other on the phone: eight hexadecimal digits of its SHA-256 in two groups,
// such as "3f9a 02bc". An empty secret has none.
//
// Client secrets are long and random, so 32 bits of their hash give nothing
// useful away; never show the fingerprint of a password that a person chose.
func (v Value) Fingerprint() string {
	if v.IsEmpty() {
		return ""
	}
	sum := sha256.Sum256([]byte(v.Reveal()))
	digits := hex.EncodeToString(sum[:4])
	return digits[:4] + " " + digits[4:]
}

// String implements [fmt.Stringer].
func (Value) String() string { return Redacted }

// GoString implements [fmt.GoStringer].
func (Value) GoString() string { return Redacted }

// Format implements [fmt.Formatter], so that no verb reaches the text.
func (Value) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Redacted) }

// MarshalText implements [encoding.TextMarshaler], which JSON, TOML and XML
// encoders use, and log/slog.
func (Value) MarshalText() ([]byte, error) { return []byte(Redacted), nil }
