package guides

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/fault"
)

// repeated is a guide in which the same words stand on many lines.
const repeated = `# Mail.Send, endpoint, client-id, x, callback, consent
format = 1
id = "x"
vendor = "X"
summary = "Mail.Send and callback, on page consent"
app_name = "client-id"
audiences = [ # single-tenant
  "single-tenant",
  "multitenant",
]

[[input]]
id = "callback"
label = "callback"
kind = "redirect-url"
default = "https://x.example/a"

[[input]]
id = "host"
label = "callback"
kind = "host"

[[redirect]]
url = "https://x.example/a"
why = """\
several lines with Mail.Send \
[[permission]] \
name = "Mail.Send" \
"""

[[redirect]]
input = "callback"

[[permission]]
name = "Mail.Read"
kind = "delegated"

[[permission]]
kind = "delegated"
name = "Mail.Send"

[[permission]]
name = "Calendars.Read"
kind = "delegated"

[[feature]]
id = "x"
label = "Mail.Send"
grants = ["Mail.Send", # and
  "Contacts.Read"]

[secret]
description = "months = 12"
months = 12

[[field]]
label = "client-id"
from = "client-id"

[[field]]
label = "callback"
from = "input"
input = "callback"

[[note]]
step = "consent"
tone = "info"
title = "consent"
text = "info"

[[note]]
step = "consent"
tone = "info"
title = "info"
text = "consent"
`

// TestTheLineOfAMistake: it is that of the mistake, not the first one with the same
// words.
func TestTheLineOfAMistake(t *testing.T) {
	if _, err := Load("good", []byte(repeated)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		nth      int // which one of several is changed, from 1
		old, new string
		says     string
		below    int // lines between the start of what is changed and the mistake
	}{
		{"a second permission", 2, `name = "Mail.Send"`, `name = "Mail.Read"`, "listed twice", 0},
		{"not the last permission", 1, "kind = \"delegated\"\n\n", "kind = \"root\"\n\n", "delegated or application",
			0},
		{"a permission without a name", 1, "\"delegated\"\nname", "\"delegated\"\n# name", "not a permission", -1},
		{"an element on its own line", 1, `  "multitenant"`, `  "single"`, "not an audience", 0},
		{"an element on the line of the key", 1, `["Mail.Send"`, `["Mail.Sent"`, "not a delegated permission", 0},
		{"the last element", 1, `  "Contacts.Read"]`, `  "callback"]`, "not a delegated permission", 0},
		{"a label that stands earlier", 1, "label = \"callback\"\nfrom", "label = \"client-id\"\nfrom", "stand once",
			0},
		{"a source that stands earlier", 1, `from = "input"`, `from = "consent"`, "no known source", 0},
		{"an input that is not there", 2, `input = "callback"`, `input = "info"`, "does not exist", 0},
		{"a redirect of no input", 1, `input = "callback"`, `input = "host"`, "no redirect-url input", 0},
		{"a redirect with neither", 1, `input = "callback"`, `why = "callback"`, "either a url or an input", -1},
		{"the default of an input", 1, `default = "https:`, `default = "http:`, "the default of input", 0},
		{"the same address elsewhere", 1, `url = "https://x.example/a"`, `url = "http://x.example"`, "https", 0},
		{"the second note", 2, `tone = "info"`, `tone = "consent"`, "not a tone", 0},
		{"the step of the second note", 2, `step = "consent"`, `step = "info"`, "not a step", 0},
		{"months in another text", 1, "\nmonths = 12", "\nmonths = 99", "between 1 and 24", 1},
		{"an unknown key in a later table", 1, "title = \"info\"", "titel = \"info\"", `no key "note.titel"`, 0},
		{"an unknown key with a known name", 1, `label = "client-id"`, `vendor = "client-id"`, `no key "field.vendor"`,
			0},
		{"a script in a later text", 1, `text = "consent"`, `text = "javascript:x"`, "script", 0},
		{"an invisible character", 1, "title = \"info\"", "title = \"in\u200bfo\"", "U+200B", 0},
		{"a number in the middle table", 2, `name = "Mail.Send"`, `name = 7`, "incompatible types", 0},
		{"a text in place of a number", 1, "\nmonths = 12", "\nmonths = \"12\"", "incompatible types", 1},
		{"a text in place of a list", 1, "[\"Mail.Send\", # and\n  \"Contacts.Read\"]", `"Mail.Send"`,
			"incompatible types", 0},
		{"a number in a list", 1, `["Mail.Send"`, `["Mail.Send", 1`, "incompatible types", 0},
		{"syntax", 2, `tone = "info"`, `tone = `, "", 0},
		{"a key twice", 2, `tone = "info"`, "tone = \"info\"\ntone = \"info\"", "already", 1},
	} {
		text, line := replaceNth(t, repeated, c.old, c.new, c.nth)
		line += c.below
		for ending, text := range map[string]string{"LF": text, "CRLF": withCRLF(text)} {
			_, err := Load("x", []byte(text))
			var f *fault.Error
			if !errors.As(err, &f) || !strings.Contains(f.Detail, c.says) {
				t.Errorf("%s, %s: %v", c.name, ending, err)
				continue
			}
			if !strings.HasPrefix(f.Detail, fmt.Sprintf("line %d: ", line)) || strings.Count(f.Detail, "line ") != 1 {
				t.Errorf("%s, %s: %q, want line %d", c.name, ending, f.Detail, line)
			}
		}
	}
}

// TestPositionsInEveryForm: TOML has several ways to write the same document.
func TestPositionsInEveryForm(t *testing.T) {
	data := []byte(`a.b = 1
"c d" = 2
e = { f = 3, g = [
  4, { h = 5 },

  [6, 7],
] }
text = '''
[x]
y = 1'''
"quoted" . dotted = """ends in quotes"""""
Upper = 1
[ i . j ]
k = 8 # [no]
[[l]]
[[l.m]]
n = 9
[[l]]
[[l.m]]
[[l.m]]
n = 10
[l.o]
p = 11
last = 2026-11-20T09:00:00Z
q = ["""quoted"""",
  "b"]
end = 1`)
	for place, line := range map[string]int{
		"a": 1, "a.b": 1, "c d": 2, "e": 3, "e.f": 3, "e.g": 3, "e.g[0]": 4, "e.g[1]": 4, "e.g[1].h": 4, "e.g[2]": 6,
		"e.g[2][1]": 6, "text": 8, "quoted.dotted": 11, "upper": 12, "UPPER": 12, "i.j": 13, "i.j.k": 14,
		"l[0]": 15, "l[0].m[0]": 16, "l[0].m[0].n": 17,
		"l[1]": 18, "l[1].m[0]": 19, "l[1].m[1].n": 21, "l[1].o.p": 23, "l[1].o.last": 24,
		"l[1].o.q[1]": 26, "l[1].o.end": 27,
		"x": 0, "": 0, "l[1].m[1].missing": 20, "i.j.k.l[3]": 14, "zzz.y": 0,
	} {
		if got := lineOf(data, place); got != line {
			t.Errorf("%q is on line %d, want %d", place, got, line)
		}
	}
}

// TestPositionsOfEveryGuide: every text of a real guide has its line.
func TestPositionsOfEveryGuide(t *testing.T) {
	names, err := filepath.Glob("../../assets/guides/*.toml")
	if err != nil || len(names) < 5 {
		t.Fatal(names, err)
	}
	for _, name := range append(names, "template.toml") {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		g, err := Load(name, data)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(data), "\n")
		seen := map[int]bool{}
		walkPlaces(g, func(place, text string) {
			if text == "" {
				return
			}
			n := lineOf(data, place)
			if n == 0 {
				t.Errorf("%s: %s has no line", name, place)
				return
			}
			first, _, _ := strings.Cut(text, "\n")
			isLong := strings.Contains(lines[n-1], "'''") || strings.Contains(lines[n-1], `"""`)
			if !isLong && !strings.Contains(lines[n-1], first[:min(len(first), 8)]) {
				t.Errorf("%s: %s is not on line %d: %s", name, place, n, text)
			}
			seen[n] = true
		})
		if len(seen) < 20 {
			t.Errorf("%s: only %d lines", name, len(seen))
		}
	}
}

func FuzzPositions(f *testing.F) {
	f.Add([]byte(repeated))
	f.Add([]byte("[[a"))
	f.Add([]byte(`a = {b = [ "`))
	f.Fuzz(func(t *testing.T, data []byte) {
		last := 1
		for _, p := range positionsOf(data) {
			if p.line < last || p.line > 1+strings.Count(string(data), "\n") {
				t.Fatalf("%q is on line %d after line %d", p.place, p.line, last)
			}
			last = p.line
		}
	})
}

// withCRLF leaves long texts as they are: a line end in one is part of it.
func withCRLF(text string) string {
	parts := strings.Split(text, `"""`)
	for i := 0; i < len(parts); i += 2 {
		parts[i] = strings.ReplaceAll(parts[i], "\n", "\r\n")
	}
	return strings.Join(parts, `"""`)
}

// replaceNth returns the changed text, and the line on which the change begins.
func replaceNth(t *testing.T, text, old, with string, n int) (changed string, line int) {
	t.Helper()
	at := 0
	for range n {
		i := strings.Index(text[at:], old)
		if i < 0 {
			t.Fatalf("%q does not stand there %d times", old, n)
		}
		at += i + len(old)
	}
	return text[:at-len(old)] + with + text[at:], 1 + strings.Count(text[:at-len(old)], "\n")
}
