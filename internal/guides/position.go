package guides

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
)

// The decoder keeps the position of a key by its name: of a key in repeated tables, such
// as [[permission]], it knows the last one alone. Hence this index of all keys and list
// elements by their place, such as "permission[2].name".

// position is where one key, table or list element stands.
type position struct {
	place string // in lower case: the decoder matches keys in any case
	line  int    // from 1
}

// positionsOf lists the positions in a document in its order. It reads TOML that the
// decoder has accepted, and stops where anything else comes.
func positionsOf(data []byte) []position {
	s := &scanner{data: data, line: 1, tables: map[string]int{}}
	table := ""
	for s.skip(" \t\r\n"); s.at < len(data); s.skip(" \t\r\n") {
		before := s.at
		if data[s.at] == '[' {
			table = s.header()
		} else {
			s.keyValue(table)
		}
		if s.at == before {
			break
		}
	}
	return s.found
}

// lineOf is the line of a place, or of the nearest place around it that stands in the
// document; 0 if there is none.
func lineOf(data []byte, place string) int {
	all := positionsOf(data)
	for place = strings.ToLower(place); place != ""; {
		for _, p := range all {
			if p.place == place {
				return p.line
			}
		}
		place = place[:max(strings.LastIndexAny(place, ".["), 0)]
	}
	return 0
}

// lineOfKey is the first line of a key that has this name in any table of its kind, such
// as "permission.nme".
func lineOfKey(data []byte, key string) int {
	for _, p := range positionsOf(data) {
		if withoutNumbers(p.place) == strings.ToLower(key) {
			return p.line
		}
	}
	return 0
}

func withoutNumbers(place string) string {
	var b strings.Builder
	within := false
	for _, r := range place {
		switch r {
		case '[':
			within = true
		case ']':
			within = false
		default:
			if !within {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// element is the place of an element of a list.
func element(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

func join(table, key string) string {
	if table == "" {
		return key
	}
	return table + "." + key
}

type scanner struct {
	data   []byte
	at     int
	line   int
	found  []position
	tables map[string]int // how many [[…]] tables stand under a name so far
}

func (s *scanner) note(place string) { s.found = append(s.found, position{place, s.line}) }

// skip passes over white space and comments.
func (s *scanner) skip(space string) {
	for s.at < len(s.data) {
		switch c := s.data[s.at]; {
		case c == '#':
			if end := bytes.IndexByte(s.data[s.at:], '\n'); end >= 0 {
				s.at += end
			} else {
				s.at = len(s.data)
			}
			continue
		case strings.IndexByte(space, c) < 0:
			return
		case c == '\n':
			s.line++
		}
		s.at++
	}
}

// header reads [a.b] or [[a.b]] and returns the place of that table.
func (s *scanner) header() string {
	s.at++
	repeated := s.at < len(s.data) && s.data[s.at] == '['
	if repeated {
		s.at++
	}
	place, keys := "", s.key()
	for i, key := range keys {
		place = join(place, key)
		last := i == len(keys)-1
		if last && repeated {
			s.tables[place]++
		}
		if n := s.tables[place]; n > 0 {
			place = element(place, n-1)
		}
	}
	s.note(place)
	for s.at < len(s.data) && s.data[s.at] == ']' {
		s.at++
	}
	return place
}

// key reads a key with its dots, up to what follows it.
func (s *scanner) key() (keys []string) {
	for {
		s.skip(" \t")
		start := s.at
		if s.at < len(s.data) && (s.data[s.at] == '"' || s.data[s.at] == '\'') {
			s.text()
			keys = append(keys, strings.ToLower(strings.Trim(string(s.data[start:s.at]), `"'`)))
		} else {
			for s.at < len(s.data) && !bytes.ContainsRune([]byte(" \t\r\n.=]#"), rune(s.data[s.at])) {
				s.at++
			}
			keys = append(keys, strings.ToLower(string(s.data[start:s.at])))
		}
		s.skip(" \t")
		if s.at == len(s.data) || s.data[s.at] != '.' {
			return keys
		}
		s.at++
	}
}

func (s *scanner) keyValue(table string) {
	place := table
	for _, key := range s.key() {
		place = join(place, key)
		s.note(place)
	}
	if s.skip(" \t"); s.at < len(s.data) && s.data[s.at] == '=' {
		s.at++
		s.skip(" \t")
		s.value(place)
	}
}

// value passes over a value and notes what stands in it.
func (s *scanner) value(place string) {
	if s.at == len(s.data) {
		return
	}
	switch s.data[s.at] {
	case '"', '\'':
		s.text()
	case '[':
		s.each(']', func(i int) {
			s.note(element(place, i))
			s.value(element(place, i))
		})
	case '{':
		s.each('}', func(int) { s.keyValue(place) })
	default:
		for s.at < len(s.data) && !bytes.ContainsRune([]byte(",]}#\r\n"), rune(s.data[s.at])) {
			s.at++
		}
	}
}

// each calls visit for each element up to the closing bracket.
func (s *scanner) each(closing byte, visit func(i int)) {
	s.at++
	for i := 0; ; i++ {
		s.skip(" \t\r\n,")
		if s.at == len(s.data) {
			return
		}
		if s.data[s.at] == closing {
			s.at++
			return
		}
		before := s.at
		if visit(i); s.at == before {
			return
		}
	}
}

func (s *scanner) text() {
	end := endOfText(s.data, s.at)
	s.line += bytes.Count(s.data[s.at:end], []byte("\n"))
	s.at = end
}

// mismatch is the place of the first value that has another type than the guide wants,
// "" if there is none. t is the type, v what the document holds.
func mismatch(v any, t reflect.Type, place string) string {
	ok := true
	switch t.Kind() {
	case reflect.Struct:
		var table map[string]any
		if table, ok = v.(map[string]any); !ok {
			break
		}
		for i := range t.NumField() {
			name := t.Field(i).Tag.Get("toml")
			for key, value := range table {
				if strings.EqualFold(key, name) {
					if at := mismatch(value, t.Field(i).Type, join(place, name)); at != "" {
						return at
					}
				}
			}
		}
	case reflect.Slice:
		list := reflect.ValueOf(v)
		if ok = v != nil && list.Kind() == reflect.Slice; !ok {
			break
		}
		for i := range list.Len() {
			if at := mismatch(list.Index(i).Interface(), t.Elem(), element(place, i)); at != "" {
				return at
			}
		}
	case reflect.String:
		_, ok = v.(string)
	case reflect.Int:
		_, ok = v.(int64)
	case reflect.Bool:
		_, ok = v.(bool)
	}
	if !ok {
		return place
	}
	return ""
}
