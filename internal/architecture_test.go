package internal

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "entrada"

// below lists the packages of this module that each package may import; what
// stands under a name counts for the folders below it too. Arrows run downward:
// nothing here names a package that names it.
var below = map[string][]string{
	"assets":             {},
	"internal/secret":    {},
	"internal/fault":     {},
	"internal/words":     {},
	"internal/markup":    {},
	"internal/agefile":   {"internal/secret"},
	"internal/clipboard": {"internal/secret"},
	"internal/console":   {"internal/fault", "internal/markup", "internal/secret", "internal/words"},
	"internal/netclient": {"internal/fault", "internal/words"},
	"internal/safefile":  {"internal/fault", "internal/secret"},
	"internal/entra":     {"internal/fault", "internal/netclient", "internal/secret"},
	"internal/explain":   {"internal/entra", "internal/fault", "internal/markup", "internal/secret", "internal/words"},
	"internal/guides":    {"assets", "internal/entra", "internal/fault", "internal/markup", "internal/words"},
	"internal/signin": {"internal/entra", "internal/fault", "internal/netclient", "internal/secret",
		"internal/words"},
	"internal/graph": {"internal/entra", "internal/fault", "internal/netclient", "internal/secret", "internal/words"},
	"internal/connections": {"internal/agefile", "internal/entra", "internal/fault", "internal/safefile",
		"internal/secret", "internal/words"},
	"internal/handover": {"internal/agefile", "internal/entra", "internal/fault", "internal/guides",
		"internal/safefile",
		"internal/secret", "internal/words"},
	"internal/checks": {"internal/entra", "internal/explain", "internal/fault", "internal/graph", "internal/guides",
		"internal/netclient", "internal/safefile", "internal/secret", "internal/signin", "internal/words"},
	"internal/registration": {"internal/entra", "internal/explain", "internal/fault", "internal/graph",
		"internal/guides", "internal/netclient", "internal/safefile", "internal/secret", "internal/signin",
		"internal/words"},
	"internal/app": {"internal/checks", "internal/connections", "internal/entra", "internal/explain", "internal/fault",
		"internal/graph", "internal/guides", "internal/netclient", "internal/registration", "internal/safefile",
		"internal/signin", "internal/words"},
	"internal/journey": {"internal/app", "internal/checks", "internal/connections", "internal/entra",
		"internal/explain", "internal/fault", "internal/guides", "internal/registration", "internal/safefile",
		"internal/secret", "internal/words"},
	"internal/flow": {"internal/app", "internal/checks", "internal/connections", "internal/entra", "internal/explain",
		"internal/fault", "internal/graph", "internal/guides", "internal/handover", "internal/journey",
		"internal/markup", "internal/registration", "internal/safefile", "internal/secret", "internal/signin",
		"internal/words"},
	// The pages draw: what is asked of Microsoft and kept in files, flows ask and keep.
	"internal/ui/pages": {"internal/app", "internal/connections", "internal/entra", "internal/explain",
		"internal/fault", "internal/flow", "internal/guides", "internal/handover", "internal/journey",
		"internal/secret", "internal/ui", "internal/ui/parts", "internal/ui/theme", "internal/words"},
	"internal/ui": {"assets", "internal/guides", "internal/ui/parts", "internal/ui/theme", "internal/words"},
	// The toolkit of the pages knows no vendor, no sign-in and no journey.
	"internal/ui/parts": {"internal/clipboard", "internal/markup", "internal/secret", "internal/ui/theme"},
	"internal/ui/theme": {},
	"internal/terminal": {"assets", "internal/app", "internal/checks", "internal/connections", "internal/console",
		"internal/entra",
		"internal/explain", "internal/fault", "internal/flow", "internal/guides", "internal/handover",
		"internal/journey", "internal/markup", "internal/registration", "internal/safefile", "internal/secret",
		"internal/signin", "internal/words"},
	"internal/practice": {"internal/entra", "internal/practice", "internal/words"},
	// What only tests import.
	"internal/entra/entratest":       {},
	"internal/practice/practicetest": {"internal/entra", "internal/practice"},
	"internal/app/apptest":           {"internal/app", "internal/connections", "internal/entra", "internal/netclient"},
	"internal/tour":                  {},
	"internal/bench":                 {},
	// Behind the tags of the tests that use it.
	"internal/testdesktop": {},
	"cmd":                  {"*"},
}

// TestArrowsRunDownward reads the import graph of what is shipped (test files
// may import what they test with).
func TestArrowsRunDownward(t *testing.T) {
	for _, file := range sources(t, false) {
		pkg := path.Dir(file.name)
		key, ok := rule(pkg)
		if !ok {
			t.Errorf("%s: the package %s is in no rule of this test", file.name, pkg)
			continue
		}
		for _, imported := range file.imports {
			inner, ours := strings.CutPrefix(imported, module+"/")
			if !ours {
				continue
			}
			target, _ := rule(inner)
			if target == key && strings.HasPrefix(key, "internal") {
				continue // rooms of one house
			}
			if !slices.Contains(below[key], "*") && !slices.Contains(below[key], target) {
				t.Errorf("%s imports %s; %s may not", file.name, inner, key)
			}
		}
	}
}

// TestNoCycleInTheRules: the table itself must run downward.
func TestNoCycleInTheRules(t *testing.T) {
	var visit func(name string, trail []string)
	visit = func(name string, trail []string) {
		if slices.Contains(trail, name) {
			t.Fatalf("the rules go in a circle: %v", append(trail, name))
		}
		for _, next := range below[name] {
			if next != name && next != "*" {
				visit(next, append(slices.Clone(trail), name))
			}
		}
	}
	for name := range below {
		visit(name, nil)
	}
}

// TestToolkitStaysUpstairs: only ui and the window's command know Fyne, only
// the command starts it, and only commands and tests know the practice tenant.
func TestToolkitStaysUpstairs(t *testing.T) {
	for _, file := range sources(t, true) {
		test := strings.HasSuffix(file.name, "_test.go")
		for _, imported := range file.imports {
			if strings.HasPrefix(imported, "fyne.io/") && !strings.HasPrefix(file.name, "internal/ui/") &&
				!strings.HasPrefix(file.name, "cmd/entrada/") && !strings.HasPrefix(file.name, "internal/bench/") {
				t.Errorf("%s imports Fyne", file.name)
			}
			if (imported == "fyne.io/fyne/v2/app" || strings.HasPrefix(imported, "github.com/go-gl/")) &&
				!strings.HasPrefix(file.name, "cmd/entrada/") && !strings.HasPrefix(file.name, "internal/bench/") {
				t.Errorf("%s imports %s, which needs cgo", file.name, imported)
			}
			if imported == module+"/internal/testdesktop" && !test {
				t.Errorf("%s imports the desktop for tests", file.name)
			}
			if imported == module+"/internal/agefile/agefiletest" && !test {
				t.Errorf("%s makes passphrases cheap", file.name)
			}
			if strings.HasPrefix(imported, module+"/internal/practice") && !test &&
				!strings.HasPrefix(file.name, "cmd/") && !strings.HasPrefix(file.name, "internal/practice/") {
				t.Errorf("%s imports the practice tenant", file.name)
			}
		}
	}
}

// TestHarnessesStayInTests: a package whose name ends in test is imported by test
// files alone.
func TestHarnessesStayInTests(t *testing.T) {
	seen := 0
	for _, file := range sources(t, true) {
		for _, imported := range file.imports {
			if inner, ours := strings.CutPrefix(imported, module+"/"); !ours || !strings.HasSuffix(inner, "test") {
				continue
			}
			seen++
			if !strings.HasSuffix(file.name, "_test.go") {
				t.Errorf("%s imports %s, which is for tests", file.name, imported)
			}
		}
	}
	if seen == 0 {
		t.Error("nothing imports a harness; the test looks in the wrong place")
	}
}

// TestNamesExplainThemselves keeps out packages whose name says nothing, and
// mains that do more than wire things up.
func TestNamesExplainThemselves(t *testing.T) {
	for _, file := range sources(t, true) {
		for _, part := range strings.Split(path.Dir(file.name), "/") {
			if slices.Contains([]string{"util", "utils", "common", "helpers", "types", "misc"}, part) {
				t.Errorf("%s: a package called %s explains nothing", file.name, part)
			}
		}
		if path.Base(file.name) == "main.go" && strings.HasPrefix(file.name, "cmd/") && file.lines >= 80 {
			t.Errorf("%s has %d lines; a main stays under 80", file.name, file.lines)
		}
	}
}

// TestEveryPackageSaysWhatItIsFor wants a doc comment in each package.
func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	documented := map[string]bool{}
	for _, file := range sources(t, false) {
		pkg := path.Dir(file.name)
		documented[pkg] = documented[pkg] || file.documented
	}
	for pkg, ok := range documented {
		if !ok {
			t.Errorf("%s has no package comment", pkg)
		}
	}
}

// TestThePlanNamesEveryPackage of this folder, in its package comment.
func TestThePlanNamesEveryPackage(t *testing.T) {
	plan, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !strings.Contains(string(plan), "\n//\t"+e.Name()+" ") {
			t.Errorf("doc.go does not say what internal/%s is for", e.Name())
		}
	}
}

// TestTheGlossaryNamesTypes: each word of the glossary is one exported type, in
// the package that it names, and no two words are.
func TestTheGlossaryNamesTypes(t *testing.T) {
	plan, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, glossary, _ := strings.Cut(string(plan), "# Glossary")
	entry := regexp.MustCompile(`(?m)^//\t([a-z -]+?) {2,}([a-z]+)\.([A-Z]\w+) {2,}\S`)
	seen := map[string]bool{}
	for _, m := range entry.FindAllStringSubmatch(glossary, -1) {
		pkg, name := m[2], m[3]
		files, _ := filepath.Glob(filepath.Join(pkg, "*.go"))
		found := slices.ContainsFunc(files, func(file string) bool {
			data, err := os.ReadFile(file)
			return err == nil && regexp.MustCompile(`(?m)^type `+name+`\b`).Match(data)
		})
		if !found || seen[pkg+"."+name] {
			t.Errorf("%s: there is no type %s.%s, or two words are one", m[1], pkg, name)
		}
		seen[pkg+"."+name] = true
	}
	if len(seen) < 25 {
		t.Errorf("only %d words", len(seen))
	}
}

// TestEveryDependencyHasAReason: go.mod says at each module why it is there.
func TestEveryDependencyHasAReason(t *testing.T) {
	file, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	modules := 0
	for line := range strings.Lines(string(file)) {
		if !strings.HasPrefix(line, "\t") {
			continue
		}
		modules++
		if module, reason, _ := strings.Cut(strings.TrimSpace(line), "//"); strings.TrimSpace(reason) == "" {
			t.Errorf("go.mod gives no reason for %s", module)
		}
	}
	if modules < 20 {
		t.Errorf("%d modules; the test looks in the wrong place", modules)
	}
}

type source struct {
	name       string
	imports    []string
	lines      int
	documented bool
}

func rule(pkg string) (string, bool) {
	for p := pkg; p != "."; p = path.Dir(p) {
		if _, ok := below[p]; ok {
			return p, true
		}
	}
	return "", false
}

func sources(t *testing.T, withTests bool) []source {
	t.Helper()
	root := ".."
	var all []source
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, name)
		rel = filepath.ToSlash(rel)
		if d.IsDir() &&
			(strings.HasPrefix(d.Name(), ".") && rel != "." || rel == "build" || rel == "dist" || rel == "bin" ||
				d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(rel, ".go") || path.Dir(rel) == "internal" ||
			(!withTests && strings.HasSuffix(rel, "_test.go")) {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, data, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		s := source{name: rel, lines: strings.Count(string(data), "\n"), documented: parsed.Doc != nil}
		for _, i := range parsed.Imports {
			p, _ := strconv.Unquote(i.Path.Value)
			s.imports = append(s.imports, p)
		}
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 10 {
		t.Fatalf("only %d files found; the test looks in the wrong place", len(all))
	}
	return all
}
