// Package words is how Entrada writes numbers, dates, lists and foreign names into
// its sentences, so that all of them look alike. It must not know any sentence, nor
// any other package.
package words

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Date is the layout of a date. The month is a word: nobody takes it for the day.
const Date = "2 January 2006"

// Moment is Date with the time of day.
const Moment = Date + ", 15:04"

// Timestamp is a moment for tickets and logs, the same for every reader:
// "2026-11-20 09:12 UTC".
func Timestamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") + " UTC" }

// Plural chooses the word that stands with a number.
func Plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Count is a number with what it counts: "1 day", "30 days".
func Count(n int, one, many string) string { return strconv.Itoa(n) + " " + Plural(n, one, many) }

// List is "a, b and c"; "" for no items.
func List(items []string) string {
	last := len(items) - 1
	if last < 1 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:last], ", ") + " and " + items[last]
}

// OneLine puts a text on one line, with single spaces.
func OneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// Printable puts foreign text on one line of printable characters, at most so many.
func Printable(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(text, "?"))
	return Shorten(OneLine(text), most)
}

// Shorten cuts a text to at most so many characters. The last one of a text that
// was cut is "…".
func Shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:max(most-1, 0)])) + "…"
}

// UpperFirst begins a text with a capital letter.
func UpperFirst(text string) string { return first(text, unicode.ToUpper) }

// LowerFirst begins a text with a small letter, as within a sentence.
func LowerFirst(text string) string { return first(text, unicode.ToLower) }

func first(text string, to func(rune) rune) string {
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(to(r)) + text[size:]
}
