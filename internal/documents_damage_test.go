//go:build unix

package internal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"entrada/internal/safefile"
)

// damages are all the ways in which a document may have come to harm.
func damages(t *testing.T, current, old []byte) map[string][]byte {
	t.Helper()
	replaced := func(from, to string) []byte {
		if !bytes.Contains(current, []byte(from)) {
			t.Fatalf("there is no %s to replace", from)
		}
		return bytes.Replace(current, []byte(from), []byte(to), 1)
	}
	list := map[string][]byte{
		"empty": {}, "white space": []byte(" \n"), "zeros": make([]byte, 512),
		"null": []byte("null"), "a list of null": []byte("[null]"), "a number": []byte("7"), "a text": []byte(`"x"`),
		"an empty object":          []byte("{}"),
		"another format":           replaced(`"format": "`, `"format": "x`),
		"format of another type":   replaced(`"format": "`, `"format": 1, "x": "`),
		"unknown member":           replaced(`"format"`, `"more": 1, "format"`),
		"no version":               replaced(`"version": 2`, `"x": 2`),
		"version 0":                replaced(`"version": 2`, `"version": 0`),
		"negative version":         replaced(`"version": 2`, `"version": -3`),
		"version as text":          replaced(`"version": 2`, `"version": "3"`),
		"broken version":           replaced(`"version": 2`, `"version": 2.5`),
		"checksum of nothing":      replaced(`"sha256": "`, `"sha256": "", "x": "`),
		"wrong checksum":           replaced(`"sha256": "`, `"sha256": "0`),
		"a body that is null":      sealed(current, []byte("null")),
		"a body that is a number":  sealed(current, []byte("7")),
		"something behind the end": append(bytes.Clone(current), "{}"...),
	}
	more := bytes.Replace(bodyOf(t, current), []byte("{"), []byte(`{"more":1,`), 1)
	list["an unknown member in the body"] = sealed(current, more)
	for form, content := range map[string][]byte{"": current, "version 1 ": old} {
		end := len(bytes.TrimSpace(content))
		for cut := 1; cut < end; cut += 1 + end/20 {
			list[fmt.Sprint(form, "cut at ", cut)] = content[:cut]
		}
	}
	for at := 0; at < len(current); at += 1 + len(current)/300 {
		flipped := bytes.Clone(current)
		if flipped[at] ^= 1; len(bytes.TrimSpace(current[at:at+1])) == 0 ||
			bytes.Contains(flipped, []byte(`"version": 3`)) {
			continue // white space is no content; the version is another test's
		}
		list[fmt.Sprint("bit flipped at ", at)] = flipped
	}
	for name, change := range map[string]func(inList bool, value any) (any, bool){
		"null":         func(inList bool, value any) (any, bool) { return nil, inList },
		"another type": otherType,
	} {
		for place, body := range variants(t, bodyOf(t, current), change) {
			list[name+" as "+place] = sealed(current, body)
		}
		for place, file := range variants(t, old, change) {
			list[name+" as "+place+" in version 1"] = file
		}
	}
	return list
}

func otherType(_ bool, value any) (any, bool) {
	if _, isText := value.(string); isText {
		return 7, true
	}
	return "x", true
}

// variants are the JSON with one of its values changed, each by its place.
func variants(t *testing.T, data []byte, change func(inList bool, value any) (any, bool)) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	var root any
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	var walk func(place string, node any)
	try := func(place string, inList bool, was any, set func(any)) {
		if now, ok := change(inList, was); ok {
			set(now)
			all[place], _ = json.Marshal(root)
			set(was)
		}
		walk(place, was)
	}
	walk = func(place string, node any) {
		switch node := node.(type) {
		case map[string]any:
			for name, was := range node {
				try(place+"/"+name, false, was, func(v any) { node[name] = v })
			}
		case []any:
			for i, was := range node {
				try(fmt.Sprint(place, "/", i), true, was, func(v any) { node[i] = v })
			}
		}
	}
	walk("", root)
	return all
}

func bodyOf(t *testing.T, content []byte) []byte {
	t.Helper()
	var e struct{ Body json.RawMessage }
	if err := json.Unmarshal(content, &e); err != nil {
		t.Fatal(err)
	}
	return e.Body
}

// sealed is a document with another body and the checksum of that.
func sealed(like, body []byte) []byte {
	var e struct{ Format string }
	_ = json.Unmarshal(like, &e)
	const envelope = `{"format": %q, "version": 2, "sha256": %q, "body": %s}`
	return fmt.Appendf(nil, envelope, e.Format, safefile.SumJSON(body), body)
}
