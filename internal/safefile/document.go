package safefile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"entrada/internal/fault"
)

// Document is a file of versioned JSON. The JSON of a T is the body of an envelope:
//
//	{"format": "entrada-history", "version": 2, "sha256": "9f86…", "body": {…}}
//
// Every document answers damage in the same way. Load reports it and changes
// nothing; the package that owns the document decides what follows from it.
type Document[T any] struct {
	Path    string
	Format  string // "entrada-history"; never changes
	Version int    // what Save writes; whoever adds a member to T raises it
	Max     int64  // bytes of the whole file
	Op      string // what Load does, for its errors: "read the list of test entries"

	// AnyFolder is that of [Options].
	AnyFolder bool

	// Valid refuses a body that is well-formed and must not be used all the same.
	// Nil takes every body.
	Valid func(T) bool

	// Legacy reads a file from before the envelope. It must refuse everything else.
	Legacy func(raw []byte) (T, error)
}

type envelope struct {
	Format  string          `json:"format"`
	Version int             `json:"version"`
	Sum     string          `json:"sha256"` // of the body, without white space
	Body    json.RawMessage `json:"body"`
}

// Load reads the file. The error is one of [Read], or of kind FileCorrupt where
// the file is damaged, or FileNewer where a newer Entrada wrote it.
func (d Document[T]) Load() (T, error) {
	var none T
	raw, err := Read(d.Path, d.Max)
	if err != nil {
		return none, err
	}
	if d.isNewer(raw) {
		return none, &fault.Error{Kind: fault.FileNewer, Op: d.Op, Subject: d.Path}
	}
	v, damage := d.open(raw)
	if damage != nil && d.Legacy != nil && !holdsNull(raw) {
		if old, err := d.Legacy(raw); err == nil {
			v, damage = old, nil
		}
	}
	if damage == nil && d.Valid != nil && !d.Valid(v) {
		damage = &damaged{because: "Something in it is not what Entrada writes."}
	}
	if damage != nil {
		return none, &fault.Error{
			Kind: fault.FileCorrupt, Op: d.Op, Subject: d.Path, Detail: damage.because, Err: damage.cause,
		}
	}
	return v, nil
}

// damaged is why a file cannot be used.
type damaged struct {
	because string // one sentence
	cause   error
}

func (d Document[T]) open(raw []byte) (v T, damage *damaged) {
	var e envelope
	if err := DecodeStrictly(raw, &e); err != nil {
		return v, &damaged{"It is not complete, or not written by Entrada.", err}
	}
	if e.Format != d.Format {
		return v, &damaged{because: "It was not written by Entrada, or holds something else."}
	}
	if e.Version < 1 {
		return v, &damaged{because: "Its version cannot be read."}
	}
	if SumJSON(e.Body) != e.Sum {
		return v, &damaged{because: "Its checksum does not match: it was changed or damaged."}
	}
	if holdsNull(e.Body) {
		return v, &damaged{because: "Something in it is missing."}
	}
	if err := DecodeStrictly(e.Body, &v); err != nil {
		var none T // what was decoded so far is not to be used
		return none, &damaged{"Something in it is not what Entrada writes.", err}
	}
	return v, nil
}

// isNewer looks at the version alone: beyond it a newer file may have any shape.
func (d Document[T]) isNewer(raw []byte) bool {
	var head struct {
		Format  string          `json:"format"`
		Version json.RawMessage `json:"version"`
	}
	if json.Unmarshal(raw, &head) != nil || head.Format != d.Format {
		return false
	}
	// The number may have more digits than an int holds.
	digits, ours := string(head.Version), strconv.Itoa(d.Version)
	if digits == "" || strings.Trim(digits, "0123456789") != "" || digits[0] == '0' {
		return false
	}
	return len(digits) > len(ours) || len(digits) == len(ours) && digits > ours
}

// Save replaces the file by v in the envelope of today. It does not look at what it
// replaces: Load first where that may be of a newer Entrada.
func (d Document[T]) Save(v T) error {
	const op = "save the file"
	body, err := encode(v, "")
	if err == nil && holdsNull(body) {
		err = errors.New("null in a list") // Load would refuse it
	}
	if err != nil {
		return fault.New(fault.Misuse, op, err)
	}
	raw, err := encode(envelope{d.Format, d.Version, SumJSON(body), body}, "  ")
	if err != nil {
		return fault.New(fault.Misuse, op, err)
	}
	if int64(len(raw)) > d.Max {
		return &fault.Error{Kind: fault.FileTooLarge, Op: op, Subject: d.Path,
			Detail: "It would grow beyond what Entrada reads again, and was left as it is."}
	}
	return Write(d.Path, raw, Options{Overwrite: true, AnyFolder: d.AnyFolder})
}

// asideMark follows the name of a document that was set aside.
const asideMark = ".damaged"

// SetAside renames a damaged file, for a person to look at, and returns the new
// path: NAME.damaged, or NAME.damaged-2 and so on where that exists.
func (d Document[T]) SetAside() (string, error) {
	for n := 1; ; n++ {
		to := d.Path + asideMark
		if n > 1 {
			to += "-" + strconv.Itoa(n)
		}
		err := renameNew(d.Path, to)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", failure("keep the damaged file aside", d.Path, err)
		}
		return to, nil
	}
}

// Aside lists the files that SetAside has left, those of older versions included.
func (d Document[T]) Aside() []string {
	dir, name := filepath.Split(d.Path)
	entries, _ := os.ReadDir(filepath.Clean(dir))
	var paths []string
	for _, e := range entries {
		if IsAside(e.Name(), name) {
			paths = append(paths, dir+e.Name())
		}
	}
	return paths
}

// IsAside reports whether a file is what SetAside made of the document called name.
func IsAside(file, name string) bool {
	rest, ok := strings.CutPrefix(file, name+asideMark)
	return ok && (rest == "" || rest[0] == '-')
}

func encode(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // people read these files
	enc.SetIndent("", indent)
	err := enc.Encode(v)
	return b.Bytes(), err
}

// SumJSON is the checksum of JSON, whatever the white space in it.
func SumJSON(body []byte) string {
	var compact bytes.Buffer
	if json.Compact(&compact, body) != nil {
		return ""
	}
	sum := sha256.Sum256(compact.Bytes())
	return hex.EncodeToString(sum[:])
}

// DecodeStrictly reads one JSON value, without names that are not known and
// without anything behind it.
func DecodeStrictly(data []byte, into any) error {
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

// holdsNull reports whether the JSON is null, or has null as an element of a list:
// Go makes a nil of it where the program expects a value. A member that is null is
// like one that is absent.
func holdsNull(data []byte) bool {
	inString := false
	before := byte(0)
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString, before = !inString, c
		case inString || c == ' ' || c == '\t' || c == '\r' || c == '\n':
		case c == 'n' && before != ':':
			return true // no other word of JSON begins with n, and "null" repeats none
		case c == 'n':
			i, before = i+len("null")-1, 'l'
		default:
			before = c
		}
	}
	return false
}
