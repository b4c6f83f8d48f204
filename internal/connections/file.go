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
	// Unfinished lists changes to the keychain that were begun and not ended. It is
	// written before the keychain is changed, so that a killed program leaves no
	// unknown secret.
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
		Op: "read the saved connections", Legacy: contentOfVersion1,
	}
}

// contentOfVersion1 reads records that had a headline and no culprit.
func contentOfVersion1(raw []byte) (content, error) {
	c, err := fromVersion1[content](fileFormat)(raw)
	for i := range c.Records {
		c.Records[i].LastCulprit = CulpritOfVersion1(c.Records[i].LastHeadline)
	}
	for _, n := range c.Unfinished {
		if n.Save != nil {
			n.Save.LastCulprit = CulpritOfVersion1(n.Save.LastHeadline)
		}
	}
	return c, err
}

// headlinesOfVersion1 are the headlines by which version 1 knew what had been wrong.
// They stand in files and never change, whatever a test says today.
var headlinesOfVersion1 = map[string]string{
	"One thing is wrong: the organisation or tenant ID": "organisation",
	"One thing is wrong: a rule of the organisation":    "organisation-policy",
	"One thing is wrong: the app registration":          "app-registration",
	"One thing is wrong: the consent":                   "consent",
	"One thing is wrong: the client secret":             "secret",
	"One thing is wrong: the account":                   "account",
	"One thing is wrong: the mailbox":                   "mailbox",
	"One thing is wrong: the vendor's software":         "vendor",
}

// CulpritOfVersion1 is what the headline of a failed test in a file of version 1
// says was wrong; "" if it was no single thing.
func CulpritOfVersion1(headline string) string { return headlinesOfVersion1[headline] }

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

// SetAside names the damaged lists of connections that lie beside the list. While there
// is one, connections may be missing from the list.
func (s *Store) SetAside() []string { return recordsFile(s.dir).Aside() }

// removeFiles deletes all files of this package in dir.
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

// isOurs reports whether this package writes files of this name.
func isOurs(name string) bool {
	return slices.Contains([]string{fileName, historyName, lockName, busyName, passphraseFileName}, name) ||
		sealedName.MatchString(name) || safefile.IsAside(name, fileName) || safefile.IsAside(name, historyName)
}
