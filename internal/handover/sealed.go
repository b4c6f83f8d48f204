package handover

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

const (
	// workFactor is what opening our files costs: 2^17, about a third of a
	// second and 128 MiB.
	workFactor = 17
	// maxWorkFactor is what opening a file may cost at most. The library would
	// allow 2^22, which is 4 GiB, to whoever sends us a file.
	maxWorkFactor = 18
	// MaxFile is the largest file that Open looks at.
	MaxFile = 1 << 20
)

// Encrypted is everything, secrets included, in one age file that the
// passphrase opens; see [GeneratePassphrase].
func Encrypted(p Package, passphrase secret.Value) ([]byte, error) {
	return encrypted(p, passphrase, workFactor)
}

func encrypted(p Package, passphrase secret.Value, factor int) ([]byte, error) {
	if err := CheckPassphrase(passphrase); err != nil {
		return nil, err
	}
	r, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return nil, fault.New(fault.Misuse, "encrypt the settings", err)
	}
	r.SetWorkFactor(factor)
	return seal(p, r)
}

// EncryptedTo is [Encrypted] for somebody's public key, as age-keygen prints
// it. Keys of plugins are refused: the name of a plugin is the name of a
// program to run.
func EncryptedTo(p Package, recipient string) ([]byte, error) {
	r, err := age.ParseX25519Recipient(strings.TrimSpace(recipient))
	if err != nil {
		return nil, fault.Invalid("public key", "This is not an age public key. One begins with age1 and has 62 characters.")
	}
	return seal(p, r)
}

func seal(p Package, to age.Recipient) ([]byte, error) {
	const op = "encrypt the settings"
	p, err := p.complete()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		return nil, fault.New(fault.Unknown, op, err)
	}
	if _, err := w.Write(encode(p, env(p, true))); err != nil {
		return nil, fault.New(fault.Unknown, op, err)
	}
	if err := w.Close(); err != nil {
		return nil, fault.New(fault.Unknown, op, err)
	}
	if out.Len() > MaxFile {
		return nil, fault.New(fault.FileTooLarge, op, nil)
	}
	return out.Bytes(), nil
}

const (
	ageMark   = "age-encryption.org/"
	armorMark = armor.Header
)

// Open reads what Encrypted and JSON make; readable settings need no
// passphrase. Nothing is parsed before the whole file has been decrypted and
// found unaltered. The error is one of kind WrongPassphrase, FileCorrupt,
// FileNewer or FileTooLarge.
//
// That a file opens proves that its writer knew the passphrase, no more.
func Open(data []byte, passphrase secret.Value) (Package, error) {
	const op = "open the settings"
	corrupt := func(detail string, err error) (Package, error) {
		return Package{}, &fault.Error{Kind: fault.FileCorrupt, Op: op, Detail: detail, Err: err}
	}
	if len(data) > MaxFile {
		return Package{}, &fault.Error{Kind: fault.FileTooLarge, Op: op}
	}
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	switch {
	case bytes.HasPrefix(trimmed, []byte("{")):
		return parse(data)
	case bytes.HasPrefix(trimmed, []byte(armorMark)):
		plain, err := io.ReadAll(io.LimitReader(armor.NewReader(bytes.NewReader(trimmed)), MaxFile))
		if err != nil {
			return corrupt("It is not complete, or was changed.", err)
		}
		data = plain
	case !bytes.HasPrefix(data, []byte(ageMark)):
		return corrupt("It is not a settings file.", nil)
	}
	if passphrase.IsEmpty() {
		return Package{}, &fault.Error{Kind: fault.WrongPassphrase, Op: op, Detail: "This file needs its passphrase."}
	}
	id, err := age.NewScryptIdentity(passphrase.Reveal())
	if err != nil {
		return Package{}, fault.New(fault.Misuse, op, err)
	}
	id.SetMaxWorkFactor(maxWorkFactor)
	r, err := age.Decrypt(bytes.NewReader(data), id)
	switch {
	case errors.Is(err, age.ErrIncorrectIdentity) && bytes.Contains(firstLines(data), []byte("\n-> scrypt ")):
		return Package{}, fault.New(fault.WrongPassphrase, op, err)
	case errors.Is(err, age.ErrIncorrectIdentity):
		return Package{}, &fault.Error{Kind: fault.WrongPassphrase, Op: op, Err: err,
			Detail: "This file was encrypted for somebody's key, not with a passphrase."}
	case err != nil:
		return corrupt("It is not complete, or was changed.", err)
	}
	// The library hands out text before it has seen the end.
	plain, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return corrupt("It is not complete, or was changed.", err)
	}
	if len(plain) > MaxFile {
		return Package{}, &fault.Error{Kind: fault.FileTooLarge, Op: op}
	}
	return parse(plain)
}

func firstLines(data []byte) []byte { return data[:min(len(data), 512)] }
