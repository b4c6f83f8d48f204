package handover

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

const (
	maxDepth  = 32
	maxValues = 10000
	maxEnv    = 512 << 10
)

// node is one JSON value: a string, json.Number, bool, nil, []node or branch.
type node struct{ value any }

// branch is a JSON object with its members in their order.
type branch struct {
	names  []string
	values map[string]node
}

// parseJSON reads one JSON value and nothing after it. Unlike encoding/json it
// takes no name twice, no text that is not UTF-8, and only so much of anything.
func parseJSON(data []byte) (node, error) {
	if !utf8.Valid(data) {
		return node{}, errors.New("it is no text in UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	s := &strictReader{decoder: d}
	n, err := s.value(0, maxText)
	if err != nil {
		return node{}, err
	}
	if _, err := d.Token(); err != io.EOF {
		return node{}, errors.New("something follows the end of the JSON")
	}
	return n, nil
}

type strictReader struct {
	decoder *json.Decoder
	count   int
}

func (s *strictReader) value(depth, maxString int) (node, error) {
	t, err := s.decoder.Token()
	if err != nil {
		return node{}, errors.New("it is cut off, or is no JSON") // its own text may quote the file
	}
	return s.from(t, depth, maxString)
}

func (s *strictReader) from(t json.Token, depth, maxString int) (node, error) {
	if s.count++; s.count > maxValues {
		return node{}, errors.New("it has too many values")
	}
	if depth > maxDepth {
		return node{}, errors.New("it is nested too deeply")
	}
	switch v := t.(type) {
	case json.Delim:
		if v == '{' {
			return s.object(depth)
		}
		return s.array(depth)
	case string:
		if len(v) > maxString {
			return node{}, errors.New("a text is too long")
		}
		return node{v}, nil
	default:
		return node{v}, nil
	}
}

func (s *strictReader) object(depth int) (node, error) {
	b := branch{values: map[string]node{}}
	for s.decoder.More() {
		t, err := s.decoder.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return node{}, errors.New("it is cut off, or is no JSON")
		}
		if len(name) > maxText {
			return node{}, errors.New("a name is too long")
		}
		if _, twice := b.values[name]; twice {
			return node{}, errors.New("a name stands there twice")
		}
		limit := maxText
		if depth == 0 && (name == "env" || name == "appsettings") {
			limit = maxEnv
		}
		v, err := s.value(depth+1, limit)
		if err != nil {
			return node{}, err
		}
		b.names = append(b.names, name)
		b.values[name] = v
	}
	if _, err := s.decoder.Token(); err != nil {
		return node{}, errors.New("it is cut off, or is no JSON")
	}
	return node{b}, nil
}

func (s *strictReader) array(depth int) (node, error) {
	list := []node{}
	for s.decoder.More() {
		v, err := s.value(depth+1, maxText)
		if err != nil {
			return node{}, err
		}
		list = append(list, v)
	}
	if _, err := s.decoder.Token(); err != nil {
		return node{}, errors.New("it is cut off, or is no JSON")
	}
	return node{list}, nil
}

// taker takes members out of a branch by their exact names. The first thing
// that is wrong stays in err, and what was not taken is unknown.
type taker struct {
	branch  branch
	where   string
	foreign bool // the names of its members come from the file
	err     *error
}

func (n node) taker(where string, err *error) taker {
	b, ok := n.value.(branch)
	if !ok && *err == nil {
		*err = fmt.Errorf("%s is no JSON object", where)
	}
	return taker{b, where, false, err}
}

func take[T any](t taker, name string, required bool) T {
	var zero T
	n, ok := t.branch.values[name]
	if !ok {
		if required {
			t.fail("%s is missing in %s", t.called(name), t.where)
		}
		return zero
	}
	delete(t.branch.values, name)
	v, ok := n.value.(T)
	if !ok {
		t.fail("%s in %s is of another type", t.called(name), t.where)
	}
	return v
}

// called is a member by its name, where the names are ours and not the file's.
func (t taker) called(name string) string {
	if t.foreign {
		return "a member"
	}
	return "“" + name + "”"
}

func (t taker) text(name string) string { return take[string](t, name, true) }

func (t taker) sub(name string) taker {
	b := take[branch](t, name, true)
	return taker{b, "“" + name + "”", slices.Contains([]string{"fields", "notes", "extra"}, name), t.err}
}

// texts takes a list of texts.
func (t taker) texts(name string) []string {
	var list []string
	for _, n := range take[[]node](t, name, true) {
		s, ok := n.value.(string)
		if !ok {
			t.fail("%s holds something that is no text", t.called(name))
			return nil
		}
		list = append(list, s)
	}
	return list
}

// done fails if anything was left: a name that we do not know, or one that we
// know in another spelling.
func (t taker) done() {
	if len(t.branch.values) > 0 {
		// Not the name itself: it comes from a file that may be hostile.
		t.fail("%s has a member that is not known", t.where)
	}
}

func (t taker) fail(format string, args ...any) {
	if *t.err == nil {
		*t.err = fmt.Errorf(format, args...)
	}
}
