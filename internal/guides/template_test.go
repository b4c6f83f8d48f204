package guides

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"entrada/internal/entra"
)

// everythingOn is the template with all that is switched off in it switched on.
func everythingOn() string {
	return regexp.MustCompile(`(?m)^(\s*)#(\S)`).ReplaceAllString(Template, "$1$2")
}

// keysOf are the names of all keys that a guide file may have, tables included.
func keysOf(kind reflect.Type, within string) (keys []string) {
	for kind.Kind() == reflect.Slice {
		kind = kind.Elem()
	}
	if kind.Kind() != reflect.Struct {
		return nil
	}
	for i := range kind.NumField() {
		name := kind.Field(i).Tag.Get("toml")
		if name == "-" {
			continue
		}
		keys = append(keys, within+name)
		keys = append(keys, keysOf(kind.Field(i).Type, within+name+".")...)
	}
	return keys
}

// TestTheTemplateIsAGuide: who changes nothing has a guide that goes all the way.
func TestTheTemplateIsAGuide(t *testing.T) {
	g, err := Load("template", []byte(Template))
	if err != nil {
		t.Fatal(err)
	}
	if err := CheckForeign(g); err != nil {
		t.Error(err)
	}
	if len(g.PortalSteps(Choices{Inputs: map[string]string{"callback": "https://fabrikam.example/cb"}})) != 5 {
		t.Error("the template does not give the five portal steps")
	}
}

// TestTheTemplateFollowedIsAGuide: what its comments say can be switched on, all
// of it at once, and nothing that a guide may hold is missing then.
func TestTheTemplateFollowedIsAGuide(t *testing.T) {
	text := everythingOn()
	g, err := Load("template", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var read Guide
	meta, err := toml.Decode(text, &read)
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, key := range meta.Keys() {
		there = append(there, key.String())
	}
	keys := keysOf(reflect.TypeFor[Guide](), "")
	if len(keys) < 60 {
		t.Fatalf("a guide file has %d keys", len(keys))
	}
	for _, key := range keys {
		if !slices.Contains(there, key) {
			t.Errorf("the template does not show the key %s", key)
		}
	}
	if len(g.PortalSteps(Choices{})) != 6 || !g.Switches.Any() || !g.NeedsMailboxPassword() || len(g.Audiences) != 3 {
		t.Errorf("not everything is on: %+v", g)
	}
	if steps := g.NextSteps(Choices{}); len(steps) != 2 || len(steps[1].Values) == 0 {
		t.Errorf("no list of permissions: %+v", steps)
	}
	plain, err := Load("template", []byte(Template))
	if err != nil || len(plain.Differences(g)) == 0 {
		t.Error("the comments switch nothing on", err)
	}
}

// TestTheTemplateNamesEveryWord: where a key takes one of some words, all of them
// stand in the template, quoted or at the beginning of a comment's line.
func TestTheTemplateNamesEveryWord(t *testing.T) {
	var words []string
	for _, list := range []any{audiences, kinds, inputKinds, fieldValues, portalSteps, otherPages, tones} {
		for v, i := reflect.ValueOf(list), 0; i < v.Len(); i++ {
			words = append(words, v.Index(i).String())
		}
	}
	for _, word := range words {
		listed := regexp.MustCompile(`(?m)^#   ([a-z-]+  )*` + word + `(  |$)`)
		if !strings.Contains(Template, `"`+word+`"`) && !listed.MatchString(Template) {
			t.Errorf("the template does not name %s", word)
		}
	}
}

// TestTheTemplateNamesEveryPermission that a guide may ask for, under its kind.
func TestTheTemplateNamesEveryPermission(t *testing.T) {
	named := func(kind Kind) (names []string) {
		_, after, found := strings.Cut(Template, `# kind = "`+string(kind)+`"`)
		if !found {
			t.Fatalf("no list of %s permissions", kind)
		}
		_, after, _ = strings.Cut(after, "\n")
		for line := range strings.Lines(after) {
			if !strings.HasPrefix(line, "#   ") {
				break
			}
			names = append(names, strings.Fields(line)[1:]...)
		}
		return names
	}
	var delegated, application []string
	for _, p := range entra.Permissions() {
		if p.DelegatedID != "" {
			delegated = append(delegated, p.Name)
		}
		if p.RoleID != "" {
			application = append(application, p.Name)
		}
	}
	for kind, want := range map[Kind][]string{Delegated: delegated, Application: application} {
		got := named(kind)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the template names %v, and there are %v", kind, got, want)
		}
	}
}

// TestTheTemplateSaysTheLimits that the loader holds a guide to.
func TestTheTemplateSaysTheLimits(t *testing.T) {
	words := strings.Join(strings.Fields(strings.ReplaceAll(Template, "\n# ", " ")), " ")
	for _, limit := range []string{
		"256 KiB", "1,200 characters", "1 to 40 lower-case letters", "at most 40 characters", "1 to 90 characters",
		"1 to 24:", "60 characters", "120 letters", "1 to 65535", "256 characters", "200 characters",
	} {
		if !strings.Contains(words, limit) {
			t.Errorf("the template does not say: %s", limit)
		}
	}
	if MaxFileSize != 256<<10 || maxCharacters != 1200 {
		t.Error("a limit is another one than the template says")
	}
}
