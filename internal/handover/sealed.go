package handover

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"entrada/internal/agefile"
	"entrada/internal/fault"
	"entrada/internal/secret"
)

const (
	// MaxFile is the largest file that Open looks at.
	MaxFile = 1 << 20
)

// Encrypted is everything, secrets included, in one age file that the
// passphrase opens; see [GeneratePassphrase].
func Encrypted(p Package, passphrase secret.Value) ([]byte, error) {
	if err := CheckPassphrase(passphrase); err != nil {
		return nil, err
	}
	r, err := agefile.Recipient(passphrase)
	if err != nil {
		return nil, fault.New(fault.Misuse, "encrypt the settings", err)
	}
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
		return nil, fault.Invalid(
			"public key",
			"This is not a public key of the right kind. One begins with age1 and has 62 characters; the vendor "+
				"can copy it again.")
	}
	return r, nil
}

func seal(p Package, to age.Recipient) ([]byte, error) {
	const op = "encrypt the settings"
	p, err := p.complete()
	if err != nil {
		return nil, err
	}
	sealed, err := agefile.Seal(encode(p, true), to)
	if err != nil {
		return nil, fault.New(fault.Unknown, op, err)
	}
	if len(sealed) > MaxFile {
		return nil, fault.New(fault.FileTooLarge, op, nil)
	}
	return sealed, nil
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
	}
	return keyOfSealed(sealed), nil
}

// Open reads what Encrypted and JSON make; readable settings need no
// passphrase. Nothing is parsed before the whole file has been decrypted and
// found unaltered. The error is one of kind WrongPassphrase, FileCorrupt,
// FileNewer or FileTooLarge.
//
// That a file opens proves that its writer knew the passphrase, no more.
func Open(data []byte, passphrase secret.Value) (Package, error) {
	return unseal(data, func() ([]age.Identity, error) {
		if passphrase.IsEmpty() {
			return nil, &fault.Error{Kind: fault.WrongPassphrase, Op: opOpen, Detail: "This file needs its passphrase."}
		}
		id, err := scryptIdentity(passphrase)
		list := []age.Identity{id}
		if heard, ok := asGenerated(passphrase); err == nil && ok {
			id, err = scryptIdentity(heard)
			list = append(list, id)
		}
		return list, err
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
	sealed, ok, err := sealedBytes(data)
	switch {
	case err != nil:
		return nil, corrupt(cutOrChanged, err)
	case ok:
		return sealed, nil
	case bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")):
		return nil, nil
	}
	if LooksLikeEnv(data) {
		return nil, forDevelopers("a .env file")
	}
	return nil, corrupt("It is not a settings file.", nil)
}

// forDevelopers is for what Entrada itself writes, for somebody else's programs.
func forDevelopers(what string) error {
	return fault.Invalid(
		"hand-over", "This is "+what+" for developers. Entrada opens *.settings.age and *.settings.json.")
}

// sealedBytes returns the bytes of an age file, which may come as text; ok is
// false if it is none.
func sealedBytes(data []byte) (sealed []byte, ok bool, err error) {
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	if bytes.HasPrefix(trimmed, []byte(armorMark)) {
		sealed, err = io.ReadAll(io.LimitReader(armor.NewReader(bytes.NewReader(trimmed)), MaxFile))
		return sealed, err == nil, err
	}
	return data, bytes.HasPrefix(data, []byte(ageMark)), nil
}

func keyOfSealed(sealed []byte) Key {
	if bytes.Contains(firstLines(sealed), []byte("\n-> scrypt ")) {
		return KeyPassphrase
	}
	return KeyIdentity
}

func unseal(data []byte, identities func() ([]age.Identity, error)) (Package, error) {
	sealed, err := unwrap(data)
	switch {
	case err != nil:
		return Package{}, err
	case sealed == nil:
		return parse(data)
	}
	list, err := identities()
	if err != nil {
		return Package{}, err
	}
	plain, err := agefile.Open(sealed, MaxFile, list...)
	switch {
	case errors.Is(err, age.ErrIncorrectIdentity):
		return Package{}, notOurs(sealed, list[0], err)
	case errors.Is(err, agefile.ErrTooLong):
		return Package{}, &fault.Error{Kind: fault.FileTooLarge, Op: opOpen}
	case err != nil:
		return Package{}, corrupt(cutOrChanged, err)
	}
	return parse(plain)
}

// notOurs says why a key did not fit: a key file is another one to choose, a
// passphrase is typed again.
func notOurs(sealed []byte, id age.Identity, cause error) error {
	_, typed := id.(*age.ScryptIdentity)
	key := keyOfSealed(sealed)
	switch {
	case !typed && key == KeyPassphrase:
		return noKeyFile("This file was locked with a passphrase, not for a key.")
	case !typed:
		return noKeyFile(
			"This file was locked for another key than the one in this key file. Choose another key file, or ask " +
				"whoever sent it which public key they used.")
	}
	f := fault.New(fault.WrongPassphrase, opOpen, cause)
	if key != KeyPassphrase {
		f.Detail = "This file was locked with somebody's public key, not with a passphrase."
	}
	return f
}

func firstLines(data []byte) []byte { return data[:min(len(data), 512)] }
