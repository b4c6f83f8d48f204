package terminal

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"entrada/internal/console"
)

// TestTheReadmeIsTrue: what it tells people to type is there, what it points to
// as well, and it is still something that is read to the end.
func TestTheReadmeIsTrue(t *testing.T) {
	root := filepath.Join("..", "..")
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	readme, makefile := read("README.md"), read("Makefile")
	if n := strings.Count(readme, "\n"); n > 120 {
		t.Errorf("%d lines", n)
	}
	begin := regexp.MustCompile("(?s)```sh\n(.*?)```").FindStringSubmatch(readme)
	if begin == nil || !regexp.MustCompile(`^make run +#.*\nmake test +#.*\n$`).MatchString(begin[1]) {
		t.Errorf("it begins with %q", begin)
	}
	program := (&program{out: console.NewOutput(&bytes.Buffer{}), err: console.NewOutput(&bytes.Buffer{})}).root()
	for _, m := range regexp.MustCompile(`entrada-cli ([a-z]+)((?: --[a-z-]+)*)`).FindAllStringSubmatch(readme, -1) {
		c, _, err := program.Find([]string{m[1]})
		if err != nil || c == program {
			t.Errorf("there is no command %s", m[1])
			continue
		}
		for flag := range strings.FieldsSeq(m[2]) {
			if name := strings.TrimPrefix(flag, "--"); c.Flag(name) == nil {
				t.Errorf("%s has no %s", m[1], flag)
			}
		}
	}
	for _, m := range regexp.MustCompile("(?m)(?:^|`)make ([a-z-]+)").FindAllStringSubmatch(readme, -1) {
		if !regexp.MustCompile(`(?m)^` + m[1] + `:`).MatchString(makefile) {
			t.Errorf("there is no make %s", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(readme, -1) {
		if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
			t.Errorf("it points to %s, which is not there", m[1])
		}
	}
	for _, m := range regexp.MustCompile("`go doc (\\S+)`").FindAllStringSubmatch(readme, -1) {
		if files, _ := filepath.Glob(filepath.Join(root, m[1], "*.go")); len(files) == 0 {
			t.Errorf("there is no package %s", m[1])
		}
	}
	sections := regexp.MustCompile(`([A-Z]{4,}) and ([A-Z]{4,}) in the manual`)
	for _, m := range sections.FindAllStringSubmatch(readme, -1) {
		for _, heading := range m[1:] {
			if !strings.Contains(manualSurroundings+manualSecrets, ".SH "+heading+"\n") {
				t.Errorf("the manual has no section %s", heading)
			}
		}
	}
}
