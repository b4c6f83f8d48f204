package connections

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"entrada/internal/fault"
	"entrada/internal/safefile"
)

const (
	fileName    = "connections.json"
	lockName    = "connections.lock" // held while the file is changed
	busyName    = "connections.busy" // held while the keychain is changed
	fileFormat  = "entrada-connections"
	fileVersion = 2
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

// recordsFile is the file with the records in dir.
func recordsFile(dir string) safefile.Document[content] {
	return safefile.Document[content]{
		Path: filepath.Join(dir, fileName), Format: fileFormat, Version: fileVersion, Max: maxFile,
		Op: "read the saved connections", Legacy: fromVersion1[content](fileFormat),
	}
}

// readFile returns an empty content if there is no file yet.
func readFile(dir string) (content, error) {
	c, err := recordsFile(dir).Load()
	if fault.Is(err, fault.FileNotFound) {
		return content{}, nil
	}
	return c, err
}

// fromVersion1 reads the first version of this package's files. Its envelope had
// other names.
func fromVersion1[T any](format string) func(raw []byte) (T, error) {
	return func(raw []byte) (T, error) {
		var v T
		var e struct {
			Format   string          `json:"format"`
			Version  int             `json:"version"`
			Checksum string          `json:"checksum"`
			Data     json.RawMessage `json:"data"`
		}
		if err := json.Unmarshal(raw, &e); err != nil {
			return v, err
		}
		if e.Format != format || e.Version != 1 || e.Checksum != safefile.SumJSON(e.Data) {
			return v, errors.New("not the first version, or changed")
		}
		err := json.Unmarshal(e.Data, &v)
		return v, err
	}
}

// SetAside names the lists of connections that could not be read and lie beside
// the list: as long as one does, connections may be missing from it.
func (s *Store) SetAside() []string { return recordsFile(s.dir).Aside() }

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
		sealedName.MatchString(name) || safefile.IsAside(name, fileName) || safefile.IsAside(name, historyName)
}
