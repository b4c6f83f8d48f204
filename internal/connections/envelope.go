package connections

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"filippo.io/age"

	"entrada/internal/agefile"
	"entrada/internal/fault"
	"entrada/internal/safefile"
	"entrada/internal/secret"
)

// enveloped stores values that are too large for a keychain. The keychain then holds a
// key for this one value, and an encrypted file holds the value. Each value has its own
// key and file, and the item in the keychain names both. So an interruption never mixes
// an old key with a new file.
type enveloped struct {
	Keychain
	dir     string
	reached func(string) // test only: called at moments a kill may hit
}

const (
	// envelopeMark begins an item that holds a key and the name of a file.
	envelopeMark = "entrada-envelope/1 "
	sealedPrefix = "sealed-"
	sealedSuffix = ".age"
	// maxSealed is more bytes than any secret has.
	maxSealed = 1 << 20
)

var sealedName = regexp.MustCompile(`^sealed-[0-9a-f]{32}-[0-9a-f]{16}\.age$`)

func (e *enveloped) Get(ctx context.Context, account string) (secret.Value, error) {
	const op = "read from the keychain"
	item, err := e.Keychain.Get(ctx, account)
	rest, isEnvelope := strings.CutPrefix(item.Reveal(), envelopeMark)
	if err != nil || !isEnvelope {
		return item, err
	}
	corrupt := func(err error) (secret.Value, error) {
		return secret.Value{}, &fault.Error{Kind: fault.KeychainCorrupt, Op: op, Subject: account, Err: err}
	}
	name, key, _ := strings.Cut(rest, " ")
	// Somebody may have changed the item: it must not lead to another file.
	if !sealedName.MatchString(name) || !strings.HasPrefix(name, sealedStem(account)) {
		return corrupt(nil)
	}
	data, err := safefile.Read(filepath.Join(e.dir, name), 2*maxSealed)
	switch {
	case fault.Is(err, fault.FileNotFound):
		return secret.Value{}, &fault.Error{Kind: fault.KeychainMissing, Op: op, Subject: account, Err: err}
	case err != nil:
		return corrupt(err)
	}
	text, err := unsealEnvelope(data, key)
	if err != nil {
		return corrupt(err)
	}
	value, ok := strings.CutPrefix(text, account+"\n")
	if !ok {
		return corrupt(errors.New("the file belongs to another item"))
	}
	return secret.New(value), nil
}

// GetMany leaves out values in an envelope. Get opens those.
func (e *enveloped) GetMany(ctx context.Context, accounts []string) (map[string]secret.Value, error) {
	many, ok := e.Keychain.(manyReader)
	if !ok {
		return nil, nil
	}
	items, err := many.GetMany(ctx, accounts)
	maps.DeleteFunc(
		items, func(_ string, item secret.Value) bool { return strings.HasPrefix(item.Reveal(), envelopeMark) })
	return items, err
}

func (e *enveloped) Set(ctx context.Context, account string, v secret.Value) error {
	_, err := encodeValue(v)
	if err == nil && !strings.HasPrefix(v.Reveal(), envelopeMark) {
		if err := e.Keychain.Set(ctx, account, v); err != nil {
			return err
		}
		e.at("item set")
		e.removeSealed(account, "")
		return nil
	}
	if len(v.Reveal()) > maxSealed {
		return &fault.Error{Kind: fault.KeychainTooLarge, Op: "save in the keychain"}
	}
	name, item, err := e.seal(account, v)
	if err != nil {
		return err
	}
	e.at("file written")
	if err := e.Keychain.Set(ctx, account, item); err != nil {
		_ = os.Remove(filepath.Join(e.dir, name))
		return err
	}
	e.at("item set")
	e.removeSealed(account, name)
	return nil
}

// seal writes the file and returns its name and the item that opens it.
func (e *enveloped) seal(account string, v secret.Value) (name string, item secret.Value, err error) {
	fail := func(err error) (string, secret.Value, error) {
		return "", secret.Value{}, fault.New(fault.Unknown, "encrypt the secret", err)
	}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return fail(err)
	}
	// The account is part of the text, so that a renamed file is recognised.
	data, err := agefile.Seal([]byte(account+"\n"+v.Reveal()), key.Recipient())
	if err != nil {
		return fail(err)
	}
	var unique [8]byte
	_, _ = rand.Read(unique[:]) // never fails since Go 1.24
	name = sealedStem(account) + hex.EncodeToString(unique[:]) + sealedSuffix
	if err := safefile.Write(filepath.Join(e.dir, name), data, safefile.Options{AnyFolder: true}); err != nil {
		return "", secret.Value{}, err
	}
	return name, secret.New(envelopeMark + name + " " + key.String()), nil
}

func (e *enveloped) Delete(ctx context.Context, account string) error {
	if err := e.Keychain.Delete(ctx, account); err != nil {
		return err
	}
	e.removeSealed(account, "")
	return nil
}

// removeSealed deletes the files of an account except one. A file that cannot be deleted
// does no harm: its key is gone.
func (e *enveloped) removeSealed(account, except string) {
	entries, _ := os.ReadDir(e.dir)
	for _, entry := range entries {
		if name := entry.Name(); name != except && sealedName.MatchString(name) &&
			strings.HasPrefix(name, sealedStem(account)) {
			_ = os.Remove(filepath.Join(e.dir, name))
		}
	}
}

func (e *enveloped) at(moment string) {
	if e.reached != nil {
		e.reached(moment)
	}
}

// sealedStem is how the files of an account begin.
func sealedStem(account string) string {
	return sealedPrefix + account[strings.LastIndexByte(account, '/')+1:] + "-"
}

func unsealEnvelope(data []byte, key string) (string, error) {
	identity, err := age.ParseX25519Identity(key)
	if err != nil {
		return "", errors.New("no key") // not the library's words: they may quote it
	}
	text, err := agefile.Open(data, 2*maxSealed, identity)
	return string(text), err
}
