package agefile

import (
	"bytes"
	"errors"
	"testing"

	"filippo.io/age"

	"entrada/internal/agefile/internal/cost"
	"entrada/internal/secret"
)

var passphrase = secret.New("lomu-tiga-bafe-nodu")

// TestThePassphraseOfTheProductIsExpensive runs without package agefiletest, as the
// product does.
func TestThePassphraseOfTheProductIsExpensive(t *testing.T) {
	to, err := Recipient(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := Seal([]byte("text"), to)
	if err != nil {
		t.Fatal(err)
	}
	_, stanza, _ := bytes.Cut(sealed, []byte("\n"))
	stanza, _, _ = bytes.Cut(stanza, []byte("\n"))
	if !bytes.HasPrefix(stanza, []byte("-> scrypt ")) || !bytes.HasSuffix(stanza, []byte(" 17")) {
		t.Errorf("the work factor is not 17: %q", stanza)
	}
	id, err := Identity(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := Open(sealed, 4, id); err != nil || string(text) != "text" {
		t.Errorf("%q, %v", text, err)
	}
	if cost.Product != 17 || maxFactor != 18 {
		t.Errorf("it costs %d; at most %d is accepted", cost.Product, maxFactor)
	}
}

func cheap(t *testing.T, factor int) age.Recipient {
	t.Helper()
	r, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	r.SetWorkFactor(factor)
	return r
}

// Nothing comes out of a file that is not whole, and none may cost what it likes.
func TestOpenTrustsNoFile(t *testing.T) {
	id, err := Identity(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	other, _ := Identity(secret.New("another one"))
	text := bytes.Repeat([]byte("x"), 200<<10) // several chunks
	good, err := Seal(text, cheap(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Open(good, int64(len(text)), id); err != nil || !bytes.Equal(got, text) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	if got, err := Open(good, int64(len(text))-1, id); !errors.Is(err, ErrTooLong) || got != nil {
		t.Errorf("too long: %d bytes, %v", len(got), err)
	}
	if got, err := Open(good, int64(len(text)), other); !errors.Is(err, age.ErrIncorrectIdentity) || got != nil {
		t.Errorf("another passphrase: %d bytes, %v", len(got), err)
	}
	flipped := bytes.Clone(good)
	flipped[len(flipped)-1] ^= 1
	expensive := bytes.Replace(good, []byte(" 1\n"), []byte(" 19\n"), 1)
	for name, sealed := range map[string][]byte{
		"cut": good[:len(good)-1], "cut at a chunk": good[:len(good)/2], "flipped": flipped, "empty": nil,
		"too expensive": expensive,
	} {
		if got, err := Open(sealed, int64(len(text)), id); err == nil || got != nil ||
			errors.Is(err, age.ErrIncorrectIdentity) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

func TestAnEmptyPassphraseIsNone(t *testing.T) {
	if _, err := Recipient(secret.Value{}); err == nil {
		t.Error("an empty passphrase encrypts")
	}
	if _, err := Identity(secret.Value{}); err == nil {
		t.Error("an empty passphrase decrypts")
	}
}
