package handover

import (
	"errors"
	"strings"

	"filippo.io/age"

	"entrada/internal/agefile"
	"entrada/internal/fault"
	"entrada/internal/secret"
)

// MaxKeyFile is the largest file that NewKeyFile looks at.
const MaxKeyFile = 16 << 10

// KeyFile is somebody's own key, as age-keygen writes it, or that file behind a
// passphrase, as "age -p" makes of it.
type KeyFile struct {
	text   secret.Value // the keys, one a line; empty while it is locked
	sealed []byte       // nil once it is open
}

const opKeyFile = "open the key file"

func noKeyFile(detail string) error { return fault.Invalid("key file", detail) }

// NewKeyFile takes the content of a file that should hold a key. The error is
// of kind fault.InvalidInput and never quotes the file.
func NewKeyFile(data []byte) (KeyFile, error) {
	if len(data) > MaxKeyFile {
		return KeyFile{}, noKeyFile("This file is too large for a key file.")
	}
	sealed, ok, err := sealedBytes(data)
	switch {
	case err != nil:
		return KeyFile{}, noKeyFile("The key file is not complete, or was changed.")
	case ok && keyOfSealed(sealed) != KeyPassphrase:
		return KeyFile{},
			noKeyFile("This key file is itself locked with a key. Entrada opens one that is readable, or behind a " +
				"passphrase.")
	case ok:
		return KeyFile{sealed: sealed}, nil
	}
	k := KeyFile{text: secretOf(string(data))}
	_, err = k.identities()
	return k, err
}

// IsZero reports whether there is no key file at all.
func (k KeyFile) IsZero() bool { return k.text.IsEmpty() && k.sealed == nil }

// Locked reports whether the key file opens with a passphrase of its own.
func (k KeyFile) Locked() bool { return k.sealed != nil }

// Unlock opens a key file that is locked; one that is not stays as it is. It
// costs as much as a hand-over may cost at most, and no more. The error is of
// kind WrongPassphrase or InvalidInput.
func (k KeyFile) Unlock(passphrase secret.Value) (KeyFile, error) {
	if !k.Locked() {
		return k, nil
	}
	wrong := &fault.Error{Kind: fault.WrongPassphrase, Op: opKeyFile,
		Detail: "The key file does not open with this passphrase."}
	if passphrase.IsEmpty() {
		wrong.Detail = "The key file needs its passphrase."
		return k, wrong
	}
	id, err := scryptIdentity(passphrase)
	if err != nil {
		return k, err
	}
	plain, err := agefile.Open(k.sealed, MaxKeyFile, id)
	switch {
	case errors.Is(err, age.ErrIncorrectIdentity):
		wrong.Err = err
		return k, wrong
	case err != nil:
		return k, noKeyFile("The key file is not complete, was changed," +
			" or would take more memory to open than Entrada allows.")
	}
	open := KeyFile{text: secretOf(string(plain))}
	_, err = open.identities()
	return open, err
}

func (k KeyFile) identities() ([]age.Identity, error) {
	list, err := age.ParseIdentities(strings.NewReader(k.text.Reveal()))
	if err != nil {
		// The library's own words may quote the key.
		return nil, noKeyFile("This is not a key file. One holds a line that begins with AGE-SECRET-KEY-1.")
	}
	return list, nil
}

func scryptIdentity(passphrase secret.Value) (age.Identity, error) {
	id, err := agefile.Identity(passphrase)
	if err != nil {
		return nil, fault.New(fault.Misuse, opOpen, err)
	}
	return id, nil
}

// OpenWithKeyFile is [Open] for a file that was closed with EncryptedTo. The
// key file has to be open; one that does not fit is fault.InvalidInput.
func OpenWithKeyFile(data []byte, k KeyFile) (Package, error) {
	return unseal(data, func() ([]age.Identity, error) {
		if k.Locked() {
			return nil, &fault.Error{Kind: fault.WrongPassphrase, Op: opKeyFile,
				Detail: "The key file needs its passphrase."}
		}
		return k.identities()
	})
}
