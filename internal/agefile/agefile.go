// Package agefile encrypts and decrypts in the age format (age-encryption.org). It is the
// one place that decides what a passphrase costs.
//
// It must not know what is in a file, nor where a file lies.
package agefile

import (
	"bytes"
	"errors"
	"io"

	"filippo.io/age"

	"entrada/internal/agefile/internal/cost"
	"entrada/internal/secret"
)

// maxFactor is the highest work factor that Entrada accepts in a file. The library would
// accept 2^22, which takes 4 GiB, from whoever sends a file.
const maxFactor = 18

// ErrTooLong is the error of [Open] for a text that is longer than allowed.
var ErrTooLong = errors.New("the decrypted text is too long")

// Recipient encrypts for a passphrase. It costs 2^17 rounds of scrypt: about a third of a
// second and 128 MiB, for us as for somebody who guesses.
func Recipient(passphrase secret.Value) (age.Recipient, error) {
	r, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return nil, err
	}
	r.SetWorkFactor(cost.Factor)
	return r, nil
}

// Identity decrypts with a passphrase, unless the file would cost far more than ours.
func Identity(passphrase secret.Value) (age.Identity, error) {
	id, err := age.NewScryptIdentity(passphrase.Reveal())
	if err != nil {
		return nil, err
	}
	id.SetMaxWorkFactor(maxFactor)
	return id, nil
}

// Seal encrypts a text.
func Seal(text []byte, to age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Open decrypts a text of at most max bytes. It returns the text only after the whole file
// proved unchanged: the library returns text before it has read the end. If none of the
// identities fits, the error is [age.ErrIncorrectIdentity].
func Open(sealed []byte, max int64, with ...age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), with...)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(r, max+1))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) > max {
		return nil, ErrTooLong
	}
	return text, nil
}
