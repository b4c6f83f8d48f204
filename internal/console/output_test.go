package console

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

// Escape sequences that have driven terminals before: OSC 52 writes the
// clipboard, OSC 8 hides where a link goes, CSI 2J clears what was said.
var hostile = map[string]string{
	"\x1b]52;c;ZXZpbA==\x07text":            "]52;c;ZXZpbA==text",
	"\x1b]8;;http://evil.example\x1b\\here": "]8;;http://evil.example\\here",
	"\x1b[2Jgone":                           "[2Jgone",
	"\u009b2Jgone":                          "2Jgone",
	string([]byte{0x9b}) + "2Jgone":         "2Jgone",
	"\u202egnp.exe":                         "gnp.exe",
	"zero\u200bwidth\ufeff":                 "zerowidth",
	"carriage\rreturn":                      "carriagereturn",
	"two\u2028lines":                        "two\nlines",
	"\x7f\x00\b":                            "",
	"Zürich · 東京\tand\nmore":                "Zürich · 東京\tand\nmore",
}

// I08: what comes from outside drives no terminal.
func TestNothingForeignReachesTheTerminal(t *testing.T) {
	for in, want := range hostile {
		if got := Visible(in); got != want {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
		var b bytes.Buffer
		s := &Output{w: &b, Terminal: true, colour: true, Width: 40}
		s.Line(in)
		s.Value(in)
		s.Say("  ", in)
		s.Heading(in)
		if err := s.JSON(map[string]string{in: in}); err != nil {
			t.Error(err)
		}
		clean := strings.NewReplacer("\x1b[1m", "", "\x1b[0m", "").Replace(b.String())
		if strings.ContainsAny(clean, "\x1b\x07\x00\b\x7f\r\u202e\u009b\u200b\ufeff") || !utf8.ValidString(clean) {
			t.Errorf("%q is written as %q", in, clean)
		}
	}
}

func FuzzVisible(f *testing.F) {
	for in := range hostile {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		var b bytes.Buffer
		s := &Output{w: &b, Width: 30}
		s.Say("   ", in)
		for _, r := range b.String() {
			if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == '\u202e' {
				t.Errorf("%q let %U through", in, r)
			}
		}
	})
}

func TestParagraphs(t *testing.T) {
	var b bytes.Buffer
	s := &Output{w: &b, Width: 30}
	s.Say("   ",
		"1. Click **Add a permission**, then look at https://a.very.long.example/address/that/stays/whole now.")
	want := "1. Click “Add a permission”,\n   then look at\n   " +
		"https://a.very.long.example/address/that/stays/whole\n   now.\n"
	if b.String() != want {
		t.Errorf("%q", b.String())
	}
	b.Reset()
	s.Say("   ", "   After the margin come some more words.")
	if want := "   After the margin come some\n   more words.\n"; b.String() != want {
		t.Errorf("%q", b.String())
	}
	b.Reset()
	(&Output{w: &b, colour: true}).Say("", "Click **here**.")
	if want := "Click \x1b[1mhere\x1b[0m.\n"; b.String() != want {
		t.Errorf("%q", b.String())
	}
}
