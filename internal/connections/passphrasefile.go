package connections

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"filippo.io/age"

	"entrada/internal/agefile"
	"entrada/internal/fault"
	"entrada/internal/safefile"
	"entrada/internal/secret"
)

// passphraseFile is the keychain for a computer that has none: one age file with all
// secrets, behind one passphrase. Entrada asks for the passphrase once in a session. The
// file exists only if somebody chose it.
type passphraseFile struct {
	path string

	mu         sync.Mutex
	passphrase secret.Value      // empty until somebody typed it
	read       [sha256.Size]byte // of the file that items came from
	items      map[string]secret.Value
}

const (
	passphraseFileName = "secrets.age"
	secretsFormat      = "entrada-secrets"
	// leastPassphrase is the minimum length in bytes. The caller who asks the person
	// checks more.
	leastPassphrase = 12
)

type secretsContent struct {
	Format  string            `json:"format"`
	Version int               `json:"version"`
	Items   map[string][]byte `json:"items"`
}

func newPassphraseFile(dir string) *passphraseFile {
	return &passphraseFile{path: filepath.Join(dir, passphraseFileName)}
}

// exists reports whether there is a file to open.
func (p *passphraseFile) exists() bool {
	_, err := os.Lstat(p.path)
	return err == nil
}

// locked reports whether there is a file whose passphrase nobody has typed yet.
func (p *passphraseFile) locked() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.passphrase.IsEmpty() && p.exists()
}

// unlock takes the passphrase of the file, or of a new file.
func (p *passphraseFile) unlock(passphrase secret.Value) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.exists() && len(passphrase.Reveal()) < leastPassphrase {
		return &fault.Error{Kind: fault.WeakPassphrase, Op: "make the file for secrets",
			Detail: "Use at least 12 characters."}
	}
	before := p.passphrase
	p.passphrase, p.read = passphrase, [sha256.Size]byte{}
	if err := p.refresh(); err != nil {
		p.passphrase = before
		return err
	}
	return nil
}

// refresh reads the file if it has changed. It is called with mu held.
func (p *passphraseFile) refresh() error {
	const op = "open the file with your secrets"
	data, err := safefile.Read(p.path, maxFile)
	if fault.Is(err, fault.FileNotFound) {
		p.items, p.read = map[string]secret.Value{}, [sha256.Size]byte{}
		return nil
	}
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	if p.items != nil && sum == p.read {
		return nil
	}
	if p.passphrase.IsEmpty() {
		return &fault.Error{Kind: fault.PassphraseNeeded, Op: op, Subject: p.path}
	}
	items, err := p.open(data)
	if err != nil {
		if fault.Is(err, fault.WrongPassphrase) {
			p.passphrase, p.items = secret.Value{}, nil
		}
		return err
	}
	p.items, p.read = items, sum
	return nil
}

func (p *passphraseFile) open(data []byte) (map[string]secret.Value, error) {
	const op = "open the file with your secrets"
	corrupt := func(err error) (map[string]secret.Value, error) {
		return nil, &fault.Error{Kind: fault.FileCorrupt, Op: op, Subject: p.path, Err: err}
	}
	identity, err := agefile.Identity(p.passphrase)
	if err != nil {
		return nil, fault.New(fault.WrongPassphrase, op, errors.New("it is empty"))
	}
	text, err := agefile.Open(data, maxFile, identity)
	if errors.Is(err, age.ErrIncorrectIdentity) {
		return nil, fault.New(fault.WrongPassphrase, op, err)
	}
	if err != nil {
		return corrupt(err)
	}
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if json.Unmarshal(text, &head) != nil || head.Format != secretsFormat || head.Version < 1 {
		return corrupt(errors.New("it is another kind of file"))
	}
	if head.Version > 1 {
		return nil, &fault.Error{Kind: fault.FileNewer, Op: op, Subject: p.path}
	}
	var c secretsContent
	if safefile.DecodeStrictly(text, &c) != nil || c.Items == nil {
		return corrupt(errors.New("it cannot be read")) // not the decoder's words: they may quote
	}
	items := make(map[string]secret.Value, len(c.Items))
	for account, v := range c.Items {
		items[account] = secret.New(string(v))
	}
	return items, nil
}

// write encrypts all items anew, and opens the result to verify it. It is called with mu
// held.
func (p *passphraseFile) write(items map[string]secret.Value) error {
	const op = "save the file with your secrets"
	c := secretsContent{secretsFormat, 1, make(map[string][]byte, len(items))}
	for account, v := range items {
		c.Items[account] = []byte(v.Reveal())
	}
	text, err := json.Marshal(c)
	if err != nil {
		return fault.New(fault.Misuse, op, err)
	}
	to, err := agefile.Recipient(p.passphrase)
	if err != nil {
		return fault.New(fault.PassphraseNeeded, op, err)
	}
	data, err := agefile.Seal(text, to)
	if err != nil {
		return fault.New(fault.Unknown, op, err)
	}
	if _, err := p.open(data); err != nil {
		return err
	}
	if err := safefile.Write(p.path, data, safefile.Options{Overwrite: true, AnyFolder: true}); err != nil {
		return err
	}
	p.items, p.read = nil, [sha256.Size]byte{}
	return p.refresh()
}

func (p *passphraseFile) Get(ctx context.Context, account string) (secret.Value, error) {
	const op = "read from the file with your secrets"
	if ctx.Err() != nil {
		return secret.Value{}, ended(op, ctx)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.refresh(); err != nil {
		return secret.Value{}, err
	}
	v, ok := p.items[account]
	if !ok {
		return secret.Value{}, &fault.Error{Kind: fault.KeychainMissing, Op: op, Subject: account}
	}
	return v, nil
}

func (p *passphraseFile) Set(ctx context.Context, account string, v secret.Value) error {
	return p.change(ctx, func(items map[string]secret.Value) { items[account] = v })
}

func (p *passphraseFile) Delete(ctx context.Context, account string) error {
	return p.change(ctx, func(items map[string]secret.Value) { delete(items, account) })
}

func (p *passphraseFile) change(ctx context.Context, f func(map[string]secret.Value)) error {
	if ctx.Err() != nil {
		return ended("change the file with your secrets", ctx)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.refresh(); err != nil {
		return err
	}
	items := maps.Clone(p.items)
	f(items)
	if len(items) == 0 {
		return p.remove()
	}
	return p.write(items)
}

// Probe is for the interface alone: the file does not say whether there is a keychain.
func (p *passphraseFile) Probe(context.Context) error { return nil }

// destroy deletes the file, which needs no passphrase.
func (p *passphraseFile) destroy() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.remove()
}

func (p *passphraseFile) remove() error {
	if err := os.Remove(p.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return &fault.Error{Kind: fault.FileReadOnly, Op: "delete the file with your secrets", Subject: p.path,
			Err: err}
	}
	// The next one may get another passphrase.
	p.passphrase, p.items, p.read = secret.Value{}, nil, [sha256.Size]byte{}
	return nil
}

// Asker asks the person for the passphrase of the file with secrets. again says that the
// previous one was wrong. It is called from any goroutine, but never by work in the
// background.
type Asker func(ctx context.Context, again bool) (secret.Value, error)

// router sends each call to one of the two places where a secret can lie: the keychain
// or the file. The account says which.
type router struct {
	*enveloped
	file *passphraseFile

	asking chan struct{} // holds one token while the person is asked
	ask    Asker
}

// filePrefix begins the accounts of the file; the rest is as in the keychain.
const filePrefix = "v1/file/"

func inFile(account string) bool { return strings.HasPrefix(account, filePrefix) }

func newRouter(dir string, kc Keychain) *router {
	return &router{enveloped: &enveloped{Keychain: kc, dir: dir}, file: newPassphraseFile(dir),
		asking: make(chan struct{}, 1)}
}

func (p *router) Get(ctx context.Context, account string) (secret.Value, error) {
	if !inFile(account) {
		return p.enveloped.Get(ctx, account)
	}
	if err := p.opened(ctx); err != nil {
		return secret.Value{}, err
	}
	return p.file.Get(ctx, account)
}

func (p *router) Set(ctx context.Context, account string, v secret.Value) error {
	if !inFile(account) {
		return p.enveloped.Set(ctx, account, v)
	}
	if err := p.opened(ctx); err != nil {
		return err
	}
	return p.file.Set(ctx, account, v)
}

// Delete asks for no passphrase: it need not read what it deletes.
func (p *router) Delete(ctx context.Context, account string) error {
	if !inFile(account) {
		return p.enveloped.Delete(ctx, account)
	}
	return p.file.Delete(ctx, account)
}

// tries is how often a person may mistype the passphrase before the work fails.
const tries = 5

// opened makes sure that the file is open. It asks the person if the context allows it.
func (p *router) opened(ctx context.Context) error {
	const op = "open the file with your secrets"
	needed := &fault.Error{Kind: fault.PassphraseNeeded, Op: op, Subject: p.file.path}
	if !p.file.locked() {
		return nil
	}
	if p.ask == nil || !mayPrompt(ctx) {
		return needed
	}
	select {
	case p.asking <- struct{}{}:
		defer func() { <-p.asking }()
	case <-ctx.Done():
		return ended(op, ctx)
	}
	for try := range tries {
		if !p.file.locked() {
			return nil // somebody else was asked meanwhile
		}
		passphrase, err := p.ask(ctx, try > 0)
		if ctx.Err() != nil {
			return ended(op, ctx)
		}
		if err != nil || passphrase.IsEmpty() {
			return needed // the person declined
		}
		if err := p.file.unlock(passphrase); !fault.Is(err, fault.WrongPassphrase) {
			return err
		}
	}
	return fault.New(fault.WrongPassphrase, op, nil)
}
