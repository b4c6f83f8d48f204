//go:build unix

package safefile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/fault"
)

type note struct {
	Text string   `json:"text"`
	List []string `json:"list,omitempty"`
}

func notes(t *testing.T) Document[note] {
	t.Helper()
	path := filepath.Join(t.TempDir(), "note.json")
	return Document[note]{Path: path, Format: "entrada-note", Version: 1, Max: 400, Op: "read the note"}
}

// What JSON would rather write as \u0026 stays readable, and its checksum right.
func TestDocumentReturnsWhatWasSaved(t *testing.T) {
	d := notes(t)
	_, err := d.Load()
	wantKind(t, err, fault.FileNotFound)
	for _, text := range []string{"", "Müller & Söhne <x>", "\u2028\u2029\t\"\\", `"},null]`, "null"} {
		if err := d.Save(note{Text: text}); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Load(); err != nil || got.Text != text {
			t.Errorf("%q came back as %q, %v", text, got.Text, err)
		}
	}
	if err := d.Save(note{Text: "a & b"}); err != nil {
		t.Fatal(err)
	}
	raw, _ := os.ReadFile(d.Path)
	if !strings.Contains(string(raw), "\n  \"body\": {\n    \"text\": \"a & b\"") {
		t.Errorf("nobody can read\n%s", raw)
	}
	// White space is no content: somebody's editor may have changed it.
	put(t, d.Path, []byte(strings.ReplaceAll(string(raw), "\n", "\r\n ")), 0o600)
	if _, err := d.Load(); err != nil {
		t.Error(err)
	}
}

// What could not be read again is not written.
func TestDocumentRefusesToSaveWhatLoadRefuses(t *testing.T) {
	d := notes(t)
	if err := d.Save(note{Text: "old"}); err != nil {
		t.Fatal(err)
	}
	wantKind(t, d.Save(note{Text: strings.Repeat("x", 400)}), fault.FileTooLarge)
	wantKind(t, Document[[]*note]{Path: d.Path, Max: 400}.Save([]*note{nil}), fault.Misuse)
	wantKind(t, Document[map[string]int]{Path: d.Path, Max: 400}.Save(nil), fault.Misuse)
	wantKind(t, Document[func()]{Path: d.Path, Max: 400}.Save(nil), fault.Misuse)
	if got, err := d.Load(); err != nil || got.Text != "old" {
		t.Errorf("the old file is gone: %+v, %v", got, err)
	}
}

func TestDocumentAsksWhetherItsBodyIsValid(t *testing.T) {
	d := notes(t)
	d.Valid = func(n note) bool { return n.Text != "bad" }
	d.Legacy = func(raw []byte) (note, error) {
		if !strings.HasPrefix(string(raw), "old:") {
			return note{}, errors.New("not an old one")
		}
		return note{Text: string(raw[4:])}, nil
	}
	for text, want := range map[string]fault.Kind{"old:good": "", "old:bad": fault.FileCorrupt,
		"new": fault.FileCorrupt} {
		put(t, d.Path, []byte(text), 0o600)
		got, err := d.Load()
		wantKind(t, err, want)
		if want == "" && got.Text != "good" || want != "" && got.Text != "" {
			t.Errorf("%s: %+v", text, got)
		}
	}
	if err := d.Save(note{Text: "bad"}); err != nil {
		t.Fatal(err)
	}
	_, err := d.Load()
	wantKind(t, err, fault.FileCorrupt)
}

// The version decides alone: a newer file may have any shape beyond it.
func TestDocumentKnowsANewerOneByItsVersion(t *testing.T) {
	d := notes(t)
	d.Version = 9
	for text, want := range map[string]fault.Kind{
		`{"format":"entrada-note","version":10}`:                                 fault.FileNewer,
		`{"format":"entrada-note","version":99999999999999999999,"body":[null]}`: fault.FileNewer,
		`{"format":"entrada-note","version":9}`:                                  fault.FileCorrupt,
		`{"format":"entrada-note","version":"10"}`:                               fault.FileCorrupt,
		`{"format":"entrada-note","version":1e9}`:                                fault.FileCorrupt,
		`{"format":"entrada-note","version":-10}`:                                fault.FileCorrupt,
		`{"format":"entrada-other","version":10}`:                                fault.FileCorrupt,
	} {
		put(t, d.Path, []byte(text), 0o600)
		_, err := d.Load()
		wantKind(t, err, want)
	}
}

func TestIsAside(t *testing.T) {
	for file, want := range map[string]bool{
		"a.json.damaged": true, "a.json.damaged-2": true, "a.json.damaged-20261120-090000": true,
		"a.json": false, "a.json.damagedx": false, "b.json.damaged": false, "xa.json.damaged": false,
	} {
		if got := IsAside(file, "a.json"); got != want {
			t.Errorf("%s: %v", file, got)
		}
	}
}
