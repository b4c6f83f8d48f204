package connections

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"entrada/internal/fault"
	"entrada/internal/safefile"
)

const (
	fileName    = "connections.json"
	lockName    = "connections.lock" // held while the file is changed
	busyName    = "connections.busy" // held while the keychain is changed
	asideMark   = fileName + ".damaged-"
	fileFormat  = "entrada-connections"
	fileVersion = 1
	maxFile     = 32 << 20
)

// content is what the file holds.
type content struct {
	Records []Record `json:"records"`
	// Unfinished is what was begun with the keychain and not ended: written
	// before the keychain is touched, so that a killed program leaves no secret
	// that nobody knows of.
	Unfinished []intent `json:"unfinished,omitempty"`
}

// intent is one change to the keychain that was begun.
type intent struct {
	Account string  `json:"account"`
	Save    *Record `json:"save,omitempty"` // nil: the item is to be deleted
}

type envelope struct {
	Format   string          `json:"format"`
	Version  int             `json:"version"`
	Checksum string          `json:"checksum"` // of data, without white space
	Data     json.RawMessage `json:"data"`
}

// readFile returns an empty content if there is no file yet.
func readFile(dir string) (content, error) {
	var c content
	err := readEnvelope(filepath.Join(dir, fileName), fileFormat, "read the saved connections", &c)
	if fault.Is(err, fault.FileNotFound) {
		return content{}, nil
	}
	if err != nil {
		return content{}, err
	}
	return c, nil
}

// readEnvelope reads what writeEnvelope wrote. The error is one of safefile's,
// FileCorrupt or FileNewer.
func readEnvelope(path, format, op string, into any) error {
	corrupt := func(detail string, err error) error {
		return &fault.Error{Kind: fault.FileCorrupt, Op: op, Subject: path, Detail: detail, Err: err}
	}
	raw, err := safefile.Read(path, maxFile)
	if err != nil {
		return err
	}
	// The version first: a newer file may have any shape beyond it.
	var head struct {
		Format  string          `json:"format"`
		Version json.RawMessage `json:"version"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return corrupt("It is not complete, or not written by Entrada.", err)
	}
	if head.Format != format {
		return corrupt("It was not written by Entrada.", nil)
	}
	switch v := string(head.Version); {
	case v == fmt.Sprint(fileVersion):
	case isNewer(v):
		return &fault.Error{Kind: fault.FileNewer, Op: op, Subject: path}
	default:
		return corrupt("Its version cannot be read.", nil)
	}
	var e envelope
	if err := decodeStrictly(raw, &e); err != nil {
		return corrupt("", err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, e.Data); err != nil {
		return corrupt("", err)
	}
	if checksum(compact.Bytes()) != e.Checksum {
		return corrupt("Its checksum does not match: it was changed or damaged.", nil)
	}
	if err := decodeStrictly(e.Data, into); err != nil {
		return corrupt("", err)
	}
	return nil
}

func writeFile(dir string, c content) error {
	return writeEnvelope(filepath.Join(dir, fileName), fileFormat, "save the connections", c)
}

func writeEnvelope(path, format, op string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fault.New(fault.Misuse, op, err)
	}
	raw, err := json.MarshalIndent(envelope{format, fileVersion, checksum(data), data}, "", "  ")
	if err != nil {
		return fault.New(fault.Misuse, op, err)
	}
	return safefile.Write(path, append(raw, '\n'), safefile.Options{Overwrite: true})
}

// setAside keeps an unreadable file under another name, for a person to look
// at, and returns that name.
func setAside(dir string, now time.Time) (string, error) {
	from := filepath.Join(dir, fileName)
	stamp := now.UTC().Format("20060102-150405")
	for i := 0; ; i++ {
		to := filepath.Join(dir, asideMark+stamp)
		if i > 0 {
			to += fmt.Sprintf("-%d", i)
		}
		if _, err := os.Lstat(to); err == nil {
			continue
		}
		if err := os.Rename(from, to); err != nil {
			f := fault.New(fault.FileReadOnly, "keep the damaged file aside", err)
			f.Subject = from
			return "", f
		}
		return to, nil
	}
}

// SetAside names the lists of connections that could not be read and lie beside
// the list: as long as one does, connections may be missing from it.
func (s *Store) SetAside() []string {
	entries, _ := os.ReadDir(s.dir)
	var paths []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), asideMark) {
			paths = append(paths, filepath.Join(s.dir, e.Name()))
		}
	}
	return paths
}

// removeFiles deletes all that this package ever wrote into dir.
func removeFiles(dir string) error {
	const op = "delete the saved connections"
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fault.New(fault.FileReadOnly, op, err)
	}
	var first error
	for _, e := range entries {
		if !isOurs(e.Name()) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) && first == nil {
			f := fault.New(fault.FileReadOnly, op, err)
			f.Subject = path
			first = f
		}
	}
	return first
}

// isOurs: this package writes files of this name.
func isOurs(name string) bool {
	return slices.Contains([]string{fileName, historyName, lockName, busyName, passphraseFileName}, name) ||
		sealedName.MatchString(name) || strings.HasPrefix(name, asideMark)
}

func checksum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// isNewer: a whole number above ours, of any length.
func isNewer(v string) bool {
	if v == "" || strings.Trim(v, "0123456789") != "" || v[0] == '0' {
		return false
	}
	return len(v) > 1 || v > fmt.Sprint(fileVersion)
}

func decodeStrictly(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the end")
	}
	return nil
}
