package explain

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"entrada/internal/entra"
)

//go:embed codes.toml kinds.toml shared.toml
var files embed.FS

// Where a code comes from.
const (
	familyEntra    = "entra"    // AADSTS numbers
	familyOAuth    = "oauth"    // the short words beside them: invalid_client
	familyGraph    = "graph"    // Microsoft Graph's error codes
	familyExchange = "exchange" // mail servers: 5.7.30
	familyHTTP     = "http"     // bare status numbers
	familyFault    = "fault"    // kinds of package fault
	familyPhrase   = "phrase"   // causes without a code, known by their wording
	familyNone     = "none"     // words for when nothing is known
)

const defaultWeight = 5

// entry is one cause in words.
type entry struct {
	Codes      []string `toml:"codes"`
	Aliases    []string `toml:"aliases"` // other spellings, such as numbers that lost a digit
	Kind       string   `toml:"kind"`
	Culprit    Culprit  `toml:"culprit"`
	What       string   `toml:"what"`
	Why        string   `toml:"why"`
	Who        string   `toml:"who"`    // a sentence, or "@name" of shared.toml
	Next       string   `toml:"next"`   // a name of shared.toml
	Match      []string `toml:"match"`  // phrases of Microsoft's text, lower case
	Quote      string   `toml:"quote"`  // pattern whose group becomes {subject}
	Weight     int      `toml:"weight"` // 1 says little, 9 is surely the root
	Source     []string `toml:"source"`
	Confidence string   `toml:"confidence"` // documented, seen

	// Administrator has other words for the sign-in of an administrator; see
	// [Context]. What is left out is taken from the entry.
	Administrator *entry `toml:"administrator"`

	quote *regexp.Regexp
}

type nextEntry struct {
	Label  string           `toml:"label"`
	Typed  string           `toml:"typed"` // the same where there are no buttons; "" for the label
	Action Action           `toml:"action"`
	Page   entra.PortalPage `toml:"page"`
	URL    string           `toml:"url"` // with {portal}, {login}, {m365}, {exchange}, {outlook}
}

// table is all the words there are.
type table struct {
	entries []*entry
	who     map[string]string
	next    map[string]nextEntry
	sources map[string]string

	// By family, then by code in lower case.
	codes   map[string]map[string]*entry
	aliases map[string]string // Entra alone: alias to code
}

// loaded loads the table when the first error needs it, not when the program
// starts. The data is embedded: a fault in it is a bug that the tests find.
var loaded = sync.OnceValue(func() *table {
	t, err := load(files)
	if err != nil {
		panic("explain: " + err.Error())
	}
	return t
})

// load reads and checks the three files.
func load(fsys fs.FS) (*table, error) {
	t := &table{codes: map[string]map[string]*entry{}, aliases: map[string]string{}}
	var shared struct {
		Who     map[string]string    `toml:"who"`
		Next    map[string]nextEntry `toml:"next"`
		Sources map[string]string    `toml:"sources"`
	}
	if err := strict(fsys, "shared.toml", &shared); err != nil {
		return nil, err
	}
	t.who, t.next, t.sources = shared.Who, shared.Next, shared.Sources
	for name, n := range t.next {
		if n.Label == "" || !slices.Contains(actions, n.Action) || (n.Action == OpenLink) != (n.URL != "") {
			return nil, fmt.Errorf("shared.toml: next %q: bad label, action or url", name)
		}
	}

	var codes struct {
		Entry []*entry `toml:"entry"`
	}
	if err := strict(fsys, "codes.toml", &codes); err != nil {
		return nil, err
	}
	var kinds struct {
		Kind map[string]*entry `toml:"kind"`
	}
	if err := strict(fsys, "kinds.toml", &kinds); err != nil {
		return nil, err
	}
	for i, e := range codes.Entry {
		if e.Kind == familyFault {
			return nil, fmt.Errorf("codes.toml: entry %d: kind %q belongs into kinds.toml", i+1, e.Kind)
		}
		if err := t.add(e); err != nil {
			return nil, fmt.Errorf("codes.toml: entry %d: %w", i+1, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(kinds.Kind)) {
		e := kinds.Kind[name]
		if e.Kind != "" || e.Codes != nil {
			return nil, fmt.Errorf("kinds.toml: %s: kind and codes are set by its name", name)
		}
		e.Kind, e.Codes = familyFault, []string{name}
		if err := t.add(e); err != nil {
			return nil, fmt.Errorf("kinds.toml: %s: %w", name, err)
		}
	}
	// Only now, because an alias may come before the entry with the same code.
	for alias := range t.aliases {
		if t.codes[familyEntra][alias] != nil {
			return nil, fmt.Errorf("codes.toml: %s is both a code and an alias", alias)
		}
	}
	return t, nil
}

// strict decodes one file and refuses unknown keys. Otherwise a misspelt key would drop a
// part of an explanation without a word.
func strict(fsys fs.FS, name string, into any) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	meta, err := toml.Decode(string(data), into)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if unread := meta.Undecoded(); len(unread) > 0 {
		return fmt.Errorf("%s: unknown key %q", name, unread[0].String())
	}
	return nil
}

var (
	entraCode    = regexp.MustCompile(`^[1-9]\d{3,7}$`)
	exchangeCode = regexp.MustCompile(`^[45]\.\d{1,3}\.\d{1,4}$`)
	wordCode     = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{2,79}$`)
	httpCode     = regexp.MustCompile(`^[1-5]\d\d$`)

	codePattern = map[string]*regexp.Regexp{
		familyEntra: entraCode, familyOAuth: wordCode, familyGraph: wordCode,
		familyExchange: exchangeCode, familyHTTP: httpCode, familyFault: wordCode, familyPhrase: wordCode,
		familyNone: wordCode,
	}
)

// add checks one entry and files it under its codes.
func (t *table) add(e *entry) error {
	pattern := codePattern[e.Kind]
	if pattern == nil {
		return fmt.Errorf("unknown kind %q", e.Kind)
	}
	if len(e.Codes) == 0 {
		return errors.New("no code")
	}
	first := e.Codes[0]
	if culpritNames[e.Culprit] == "" {
		return fmt.Errorf("%s: unknown culprit %q", first, e.Culprit)
	}
	if name, ok := strings.CutPrefix(e.Who, "@"); ok {
		if e.Who = t.who[name]; e.Who == "" {
			return fmt.Errorf("%s: unknown person %q", first, name)
		}
	}
	if e.What == "" || e.Why == "" || e.Who == "" {
		return fmt.Errorf("%s: a part is empty", first)
	}
	if _, ok := t.next[e.Next]; !ok {
		return fmt.Errorf("%s: unknown next %q", first, e.Next)
	}
	if e.Confidence != "documented" && e.Confidence != "seen" {
		return fmt.Errorf("%s: unknown confidence %q", first, e.Confidence)
	}
	for i, name := range e.Source {
		if e.Source[i] = t.sources[name]; e.Source[i] == "" {
			return fmt.Errorf("%s: unknown source %q", first, name)
		}
	}
	for _, phrase := range e.Match {
		if phrase != phraseView(phrase) || len(phrase) < 8 {
			return fmt.Errorf("%s: phrase %q is not in the form that is searched", first, phrase)
		}
	}
	if err := t.addAdministrator(e); err != nil {
		return fmt.Errorf("%s: administrator: %w", first, err)
	}
	if e.Weight == 0 {
		e.Weight = defaultWeight
	}
	if e.Weight < 1 || e.Weight > 9 {
		return fmt.Errorf("%s: weight %d", first, e.Weight)
	}
	if e.Quote != "" {
		re, err := regexp.Compile(`(?i)` + e.Quote)
		if err == nil && re.NumSubexp() != 1 {
			err = fmt.Errorf("%d groups in it", re.NumSubexp())
		}
		if err != nil {
			return fmt.Errorf("%s: bad quote: %w", first, err)
		}
		e.quote = re
	}
	return t.file(e, pattern)
}

// addAdministrator completes the other words of an entry.
func (t *table) addAdministrator(e *entry) error {
	a := e.Administrator
	if a == nil {
		return nil
	}
	if len(a.Codes)+len(a.Aliases)+len(a.Match)+len(a.Source) > 0 ||
		a.Kind+string(a.Culprit)+a.Quote+a.Confidence != "" || a.Weight != 0 || a.Administrator != nil {
		return errors.New("it has words alone")
	}
	full := *e
	full.Administrator = nil
	full.What, full.Why, full.Next = cmp.Or(a.What, e.What), cmp.Or(a.Why, e.Why), cmp.Or(a.Next, e.Next)
	if name, ok := strings.CutPrefix(a.Who, "@"); ok {
		if a.Who = t.who[name]; a.Who == "" {
			return fmt.Errorf("unknown person %q", name)
		}
	}
	full.Who = cmp.Or(a.Who, e.Who)
	if _, ok := t.next[full.Next]; !ok {
		return fmt.Errorf("unknown next %q", full.Next)
	}
	e.Administrator = &full
	return nil
}

func (t *table) file(e *entry, pattern *regexp.Regexp) error {
	family := t.codes[e.Kind]
	if family == nil {
		family = map[string]*entry{}
		t.codes[e.Kind] = family
	}
	for _, code := range e.Codes {
		key := strings.ToLower(code)
		if !pattern.MatchString(code) {
			return fmt.Errorf("bad code %q", code)
		}
		if family[key] != nil {
			return fmt.Errorf("code %s twice", code)
		}
		family[key] = e
	}
	for _, alias := range e.Aliases {
		if e.Kind != familyEntra || t.aliases[alias] != "" {
			return fmt.Errorf("alias %s twice, or of no number", alias)
		}
		t.aliases[alias] = e.Codes[0]
	}
	t.entries = append(t.entries, e)
	return nil
}
