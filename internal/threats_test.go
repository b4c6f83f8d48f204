package internal

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// threats is how many there are of each kind; see threats.txt.
var threats = map[string]int{"L": 35, "T": 17, "N": 9, "K": 16, "E": 15, "I": 15, "G": 13, "P": 8}

// Every threat has a test that is there, or a reason to have none.
func TestEveryThreatHasATest(t *testing.T) {
	data, err := os.ReadFile("threats.txt")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		id, rest, _ := strings.Cut(line, " | ")
		what, held, found := strings.Cut(rest, " | ")
		if _, twice := rows[id]; twice || !found || len(what) < 8 {
			t.Errorf("%q is no row, or stands there twice", line)
		}
		rows[id] = held
	}
	for kind, n := range threats {
		for i := 1; i <= n; i++ {
			id := fmt.Sprintf("%s%02d", kind, i)
			held, listed := rows[id]
			delete(rows, id)
			if reason, none := strings.CutPrefix(held, "- "); !listed || none && len(reason) < 20 {
				t.Errorf("%s has neither a test nor a reason", id)
			} else if !none {
				for name := range strings.FieldsSeq(held) {
					if !hasTest(t, name) {
						t.Errorf("%s: there is no %s", id, name)
					}
				}
			}
		}
	}
	for id := range rows {
		t.Errorf("%s is no threat", id)
	}
}

// hasTest looks for a test, such as signin.TestWaitEnds, in the files of its package.
func hasTest(t *testing.T, name string) bool {
	t.Helper()
	dir, function, _ := strings.Cut(name, ".")
	if dir == "internal" {
		dir = "."
	}
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	is := regexp.MustCompile(`(?m)^func ` + regexp.QuoteMeta(function) + `\(`)
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if is.Match(source) {
			return true
		}
	}
	return false
}
