package explain

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"entrada/internal/words"
)

// maxText limits how much is read: enough for a long log, and little enough that a huge
// text does not freeze the window.
const maxText = 64 << 10

// capped keeps both ends of an oversized text: an error page has its code at
// the beginning, a log has it at the end.
func capped(s string) string {
	if len(s) <= maxText {
		return s
	}
	return s[:maxText/2] + "\n" + s[len(s)-maxText/2+1:]
}

// plain removes what a person cannot see or a terminal would obey: control and
// zero-width characters, bidirectional marks, broken UTF-8. Look-alike digits,
// quotes and spaces become the plain ones.
func plain(s string) string {
	s = strings.ToValidUTF8(s, " ")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\r' || r == '\u2028' || r == '\u2029':
			return '\n'
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\ufffc' || r == '\ufffd':
			return -1
		case r >= '\uff01' && r <= '\uff5e': // full-width forms
			return r - 0xfee0
		}
		switch r {
		case '‘', '’', '‚', '`', '´':
			return '\''
		case '“', '”', '„', '«', '»':
			return '"'
		case '‐', '‑', '‒', '–', '—':
			return '-'
		}
		return r
	}, s)
}

var (
	htmlEntity  = regexp.MustCompile(`&(?:#[xX]?[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});`)
	htmlTag     = regexp.MustCompile(`<[a-zA-Z/!][^<>]*>`)
	percent     = regexp.MustCompile(`(?:%[0-9a-fA-F]{2})+`)
	description = regexp.MustCompile(`(?i)error_description=[^\s"'&<>]*`)
	jsonUnicode = regexp.MustCompile(`\\u00([0-7][0-9a-fA-F])`)
	softBreak   = regexp.MustCompile(`=\n`) // quoted-printable e-mail
	jsonEscapes = strings.NewReplacer(`\\`, `\`, `\r`, "\n", `\n`, "\n", `\t`, " ", `\"`, `"`, `\/`, `/`)
)

// readable decodes the forms in which error texts come: HTML, JSON strings, and
// addresses that are encoded once or several times. The result is for searching, not for
// showing.
func readable(s string) string {
	s = softBreak.ReplaceAllString(plain(s), "")
	for range 4 {
		next := htmlTag.ReplaceAllString(s, " ")
		next = htmlEntity.ReplaceAllStringFunc(next, html.UnescapeString)
		next = jsonUnicode.ReplaceAllStringFunc(next, func(m string) string {
			text, err := url.PathUnescape("%" + m[len(m)-2:])
			if err != nil {
				return " "
			}
			return text
		})
		next = jsonEscapes.Replace(next)
		next = description.ReplaceAllStringFunc(next, func(m string) string { return strings.ReplaceAll(m, "+", " ") })
		next = percent.ReplaceAllStringFunc(next, func(m string) string {
			text, err := url.PathUnescape(m)
			if err != nil {
				return " "
			}
			return text
		})
		if next = plain(next); next == s {
			break
		}
		s = next
	}
	return s
}

// phraseView is the form in which phrases are searched: lower case, single spaces, no
// quotation marks. A plus sign counts as a space, as in addresses.
func phraseView(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '+':
			return ' '
		case '"', '\'', '\\', '*':
			return -1
		}
		return unicode.ToLower(r)
	}, s)
	return words.OneLine(s)
}
