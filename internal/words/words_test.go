package words

import (
	"testing"
	"time"
)

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 days", 1: "1 day", 2: "2 days", 21: "21 days", -1: "-1 days"} {
		if got := Count(n, "day", "days"); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

func TestList(t *testing.T) {
	for want, items := range map[string][]string{
		"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"},
		"a, b, c and d": {"a", "b", "c", "d"},
	} {
		if got := List(items); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"", 3, ""}, {"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"äöüß", 3, "äö…"}, {"ab cd", 4, "ab…"},
		{"abc", 1, "…"}, {"abc", 0, "…"},
	} {
		if got := Shorten(c.text, c.most); got != c.want {
			t.Errorf("%q to %d: %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

func TestOnOneLine(t *testing.T) {
	for text, want := range map[string]string{"": "", " a\r\n\tb  c ": "a b c", "a\u2028b": "a b"} {
		if got := OneLine(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"a\x1b[31mb": "a [31mb", "a\u202eb\u200bc": "a b c", "a\xffb": "a?b", "a\u2028b\x00": "a b",
		"1234567890123": "123456789…",
	} {
		if got := Printable(text, 10); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestFirstLetter(t *testing.T) {
	for text, want := range map[string][2]string{
		"": {"", ""}, "The app": {"the app", "The app"}, "écran": {"écran", "Écran"}, "7": {"7", "7"},
	} {
		if got := [2]string{LowerFirst(text), UpperFirst(text)}; got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestDates(t *testing.T) {
	at := time.Date(2026, 3, 5, 9, 7, 0, 0, time.FixedZone("", 3600))
	for got, want := range map[string]string{
		at.Format(Date): "5 March 2026", at.Format(Moment): "5 March 2026, 09:07",
		Timestamp(at): "2026-03-05 08:07 UTC",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
