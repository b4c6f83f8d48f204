package guides

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"entrada/internal/fault"
)

const (
	// MaxFileSize is the largest guide file that is read, in bytes.
	MaxFileSize = 256 << 10
)

// Load reads a guide file, strictly: unknown and duplicate keys, permissions
// outside the catalogue, bad addresses, and over-long, invisible or
// bidirectional text are refused. name stands in the error, which is of kind
// [fault.FileCorrupt], [fault.FileNewer] or [fault.FileTooLarge] and whose
// Detail says in one sentence what is wrong, with the line where it is known.
func Load(name string, data []byte) (*Guide, error) {
	fail := func(kind fault.Kind, line int, format string, args ...any) (*Guide, error) {
		f := fault.New(kind, "read the guide", nil)
		f.Subject = name
		f.Detail = fmt.Sprintf(format, args...)
		if line > 0 {
			f.Detail = fmt.Sprintf("line %d: %s", line, f.Detail)
		}
		return nil, f
	}
	if len(data) > MaxFileSize {
		return fail(fault.FileTooLarge, 0, "a guide file has at most %d KiB", MaxFileSize>>10)
	}
	if !utf8.Valid(data) {
		return fail(fault.FileCorrupt, 0, "the file is not UTF-8 text")
	}
	if line, deep := nestedTooDeeply(data); deep {
		return fail(fault.FileCorrupt, line, "there are too many brackets or dots within each other")
	}
	var g Guide
	meta, err := toml.Decode(string(data), &g)
	if err != nil {
		var syntax toml.ParseError
		if errors.As(err, &syntax) {
			return fail(fault.FileCorrupt, syntax.Position.Line, "%s", syntax.Message)
		}
		return fail(fault.FileCorrupt, lineOf(data, wrongType(data)), "%s", withoutPosition(err.Error()))
	}
	if g.Format > 1 {
		return fail(fault.FileNewer, 0, "this guide has format %d; this version of Entrada reads format 1", g.Format)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		key := unknown[0].String()
		return fail(fault.FileCorrupt, lineOfKey(data, key), "there is no key %q in a guide", key)
	}
	if problem, place := g.problem(); problem != "" {
		return fail(fault.FileCorrupt, lineOf(data, place), "%s", problem)
	}
	return &g, nil
}

// wrongType is the place of a value of a wrong type.
func wrongType(data []byte) string {
	var document map[string]any
	if _, err := toml.Decode(string(data), &document); err != nil {
		return ""
	}
	return mismatch(document, reflect.TypeFor[Guide](), "")
}

// withoutPosition drops the decoder's position, which is that of another table where
// tables repeat.
func withoutPosition(text string) string {
	if m := decodersPosition.FindStringSubmatch(text); m != nil {
		return m[1] + ": " + text[len(m[0]):]
	}
	return strings.TrimPrefix(text, "toml: ")
}

var decodersPosition = regexp.MustCompile(`^toml: (?:line \d+ )?\(last (key ".*?")\): `)
