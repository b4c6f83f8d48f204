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
	r, err := parseRecipient(recipient)
	if err != nil {
		return nil, err
	}
	return seal(p, r)
}

// CheckPublicKey refuses what is no public key to encrypt for. The error is of
// kind fault.InvalidInput and its Detail says what one looks like.
func CheckPublicKey(recipient string) error {
	_, err := parseRecipient(recipient)
	return err
}

func parseRecipient(recipient string) (*age.X25519Recipient, error) {
	r, err := age.ParseX25519Recipient(strings.TrimSpace(recipient))
	if err != nil {
		return nil, fault.Invalid("public key", "This is not a public key of the right kind. One begins with age1 and has 62 characters; the vendor can copy it again.")
	}
	return r, nil
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
	if _, err := w.Write(encode(p, true)); err != nil {
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

// Key is what a file asks for before it opens.
type Key string

// The keys.
const (
	KeyNone       Key = ""           // everybody can read it
	KeyPassphrase Key = "passphrase" // it was closed with one
	KeyIdentity   Key = "identity"   // it was closed for somebody's public key
)

// KeyOf says what a file asks for. What is no settings file at all, or too
// large, is the error that Open would give.
func KeyOf(data []byte) (Key, error) {
	sealed, err := unwrap(data)
	switch {
	case err != nil:
		return KeyNone, err
	case sealed == nil:
		return KeyNone, nil
	case bytes.Contains(firstLines(sealed), []byte("\n-> scrypt ")):
		return KeyPassphrase, nil
	default:
		return KeyIdentity, nil
	}
}

// Open reads what Encrypted and JSON make; readable settings need no
// passphrase. Nothing is parsed before the whole file has been decrypted and
// found unaltered. The error is one of kind WrongPassphrase, FileCorrupt,
// FileNewer or FileTooLarge.
//
// That a file opens proves that its writer knew the passphrase, no more.
func Open(data []byte, passphrase secret.Value) (Package, error) {
	return unseal(data, func() (age.Identity, error) {
		if passphrase.IsEmpty() {
			return nil, &fault.Error{Kind: fault.WrongPassphrase, Op: opOpen, Detail: "This file needs its passphrase."}
		}
		id, err := age.NewScryptIdentity(passphrase.Reveal())
		if err != nil {
			return nil, fault.New(fault.Misuse, opOpen, err)
		}
		id.SetMaxWorkFactor(maxWorkFactor)
		return id, nil
	})
}

// OpenWithIdentity is [Open] for a file that was closed with EncryptedTo;
// identity is the text of a key file, as age-keygen writes it.
func OpenWithIdentity(data []byte, identity secret.Value) (Package, error) {
	return unseal(data, func() (age.Identity, error) {
		list, err := age.ParseIdentities(strings.NewReader(identity.Reveal()))
		if err != nil || len(list) != 1 {
			// The library's own words would quote the key.
			return nil, fault.Invalid("key file", "This is not a key file. It holds one line that begins with AGE-SECRET-KEY-1.")
		}
		return list[0], nil
	})
}

const opOpen = "open the settings"

func corrupt(detail string, err error) error {
	return &fault.Error{Kind: fault.FileCorrupt, Op: opOpen, Detail: detail, Err: err}
}

const cutOrChanged = "It is not complete, or was changed."

// unwrap returns the encrypted bytes; nil if the file is readable as it is.
func unwrap(data []byte) ([]byte, error) {
	if len(data) > MaxFile {
		return nil, &fault.Error{Kind: fault.FileTooLarge, Op: opOpen}
	}
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	switch {
	case bytes.HasPrefix(trimmed, []byte("{")):
		return nil, nil
	case bytes.HasPrefix(trimmed, []byte(armorMark)):
		plain, err := io.ReadAll(io.LimitReader(armor.NewReader(bytes.NewReader(trimmed)), MaxFile))
		if err != nil {
			return nil, corrupt(cutOrChanged, err)
		}
		return plain, nil
	case !bytes.HasPrefix(data, []byte(ageMark)):
		return nil, corrupt("It is not a settings file.", nil)
	}
	return data, nil
}

func unseal(data []byte, identity func() (age.Identity, error)) (Package, error) {
	sealed, err := unwrap(data)
	switch {
	case err != nil:
		return Package{}, err
	case sealed == nil:
		return parse(data)
	}
	id, err := identity()
	if err != nil {
		return Package{}, err
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), id)
	if errors.Is(err, age.ErrIncorrectIdentity) {
		return Package{}, notOurs(sealed, id, err)
	}
	if err != nil {
		return Package{}, corrupt(cutOrChanged, err)
	}
	// The library hands out text before it has seen the end.
	plain, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return Package{}, corrupt(cutOrChanged, err)
	}
	if len(plain) > MaxFile {
		return Package{}, &fault.Error{Kind: fault.FileTooLarge, Op: opOpen}
	}
	return parse(plain)
}

// notOurs says why a key did not fit.
func notOurs(sealed []byte, id age.Identity, cause error) error {
	_, typed := id.(*age.ScryptIdentity)
	key, _ := KeyOf(sealed)
	detail := ""
	switch {
	case typed && key != KeyPassphrase:
		detail = "This file was encrypted for somebody's key, not with a passphrase."
	case !typed && key == KeyPassphrase:
		detail = "This file was encrypted with a passphrase, not for a key."
	case !typed:
		detail = "This file was encrypted for another key."
	}
	return &fault.Error{Kind: fault.WrongPassphrase, Op: opOpen, Detail: detail, Err: cause}
}

func firstLines(data []byte) []byte { return data[:min(len(data), 512)] }
