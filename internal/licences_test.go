package internal

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"entrada/assets"
)

var writeLicences = flag.Bool("write-licences", false, "write assets/LICENCES.txt anew")

// licenceFile are the names under which licences and what they ask to be passed on lie.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents|unlicen[cs]e)([._-].*)?$`)

// TestLicencesTravel: the licences of everything that is inside the programs are inside
// them as well. If a module has changed:
//
//	go test ./internal -run TestLicencesTravel -write-licences
func TestLicencesTravel(t *testing.T) {
	want := licences(t)
	path := filepath.Join("..", "assets", "LICENCES.txt")
	if *writeLicences {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != assets.Licences {
		t.Errorf("%s is not that of the modules in go.mod; -write-licences writes it anew", path)
	}
}

// licences is every licence once, below the names of what comes under it.
func licences(t *testing.T) string {
	t.Helper()
	under := map[string][]string{}
	add := func(name, file string) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		body := strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n"))
		under[body] = append(under[body], name)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	add("Go, its standard library and runtime", filepath.Join(strings.TrimSpace(string(root)), "LICENSE"))
	for name, dir := range modules(t) {
		found := false
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), "_")):
				return fs.SkipDir
			case d.Type().IsRegular() && licenceFile.MatchString(d.Name()) && filepath.Ext(path) != ".go":
				below, _ := filepath.Rel(dir, path)
				add(name+", "+filepath.ToSlash(below), path)
				found = true
			}
			return nil
		})
		if err != nil || !found {
			t.Errorf("%s has no licence: %v", name, err)
		}
	}
	var b strings.Builder
	b.WriteString("The licences of what is inside Entrada besides its own code.\n")
	heads := map[string]string{}
	for body, names := range under {
		slices.Sort(names)
		heads[strings.Join(names, "\n")] = body
	}
	line := strings.Repeat("=", 78)
	for _, head := range slices.Sorted(maps.Keys(heads)) {
		fmt.Fprintf(&b, "\n%s\n%s\n%s\n\n%s\n", line, head, line, heads[head])
	}
	return b.String()
}

// modules are those of which something is inside a program that people get.
func modules(t *testing.T) map[string]string {
	t.Helper()
	dirs := map[string]string{}
	for _, system := range []string{"linux", "windows"} {
		c := exec.Command("go", "list", "-deps", "-tags", "x11,no_emoji,no_animations,release,migrated_fynedo",
			"-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}",
			"./cmd/entrada", "./cmd/entrada-cli", "./cmd/practice-tenant")
		c.Dir, c.Stderr = "..", os.Stderr
		c.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=1")
		out, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(out)) {
			if name, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
				dirs[name] = dir
			}
		}
	}
	return dirs
}
