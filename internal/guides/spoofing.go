package guides

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"entrada/internal/fault"
)

// CheckForeign refuses, with [fault.InvalidInput], a guide that imitates a built-in one:
// by its ID, or by a vendor or app name that looks the same.
//
// Two names look the same if they differ only in case, accents, spaces, punctuation and
// forms that Unicode calls compatible (full width, mathematical letters, …), in the
// letters of confusables, and in 0 for O, 1 and I for l, 5 for S, rn for m and vv for w.
// It refuses a word that mixes Latin with another alphabet, and alphabets in no everyday
// use.
//
// It does not catch names with an addition ("OxfordIQ Limited"), misspelt names, and
// confusables that are not in the table. Therefore [Guide.Label] marks every guide that
// is not built in.
func CheckForeign(g *Guide) error {
	if known := ByID(g.ID); known != nil {
		return fault.Invalid(
			"vendor", "There is a built-in guide for "+known.Vendor+". Use that one, or choose another name.")
	}
	for _, name := range []string{g.Vendor, g.AppName} {
		if s := alphabetProblem(name); s != "" {
			return fault.Invalid("vendor", "The name “"+asName(name)+"” "+s+" Choose another name.")
		}
	}
	for _, name := range []string{g.Vendor, g.AppName, g.ID} {
		for _, known := range BuiltIn() {
			if slices.Contains(
				[]string{skeleton(known.Vendor), skeleton(known.AppName), skeleton(known.ID)}, skeleton(name)) {
				return fault.Invalid(
					"vendor", "The name “"+asName(name)+"” reads like that of "+known.Vendor+
						", whose guide is built in. Use the built-in guide, or choose another name.")
			}
		}
	}
	return nil
}

// everyday are the scripts in general modern use
// (unicode.org/reports/tr31, table "Recommended Scripts").
var everyday = []*unicode.RangeTable{unicode.Common, unicode.Inherited, unicode.Latin, unicode.Cyrillic, unicode.Greek,
	unicode.Armenian, unicode.Georgian,
	unicode.Arabic, unicode.Hebrew, unicode.Thaana, unicode.Ethiopic, unicode.Han, unicode.Hiragana, unicode.Katakana,
	unicode.Bopomofo, unicode.Hangul,
	unicode.Bengali, unicode.Devanagari, unicode.Gujarati, unicode.Gurmukhi, unicode.Kannada, unicode.Malayalam,
	unicode.Oriya, unicode.Sinhala, unicode.Tamil, unicode.Telugu,
	unicode.Khmer, unicode.Lao, unicode.Myanmar, unicode.Thai, unicode.Tibetan}

// besideLatin are the scripts that real names combine with Latin letters in one word. Their
// letters do not look like Latin ones.
var besideLatin = []*unicode.RangeTable{unicode.Common, unicode.Inherited, unicode.Latin, unicode.Han,
	unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul}

func alphabetProblem(name string) string {
	for word := range strings.FieldsSeq(name) {
		latin, other := false, false
		for _, r := range word {
			if !unicode.In(r, everyday...) {
				return "holds letters that are in no everyday use."
			}
			latin = latin || unicode.Is(unicode.Latin, r)
			other = other || !unicode.In(r, besideLatin...)
		}
		if latin && other {
			return "mixes letters of two alphabets in one word, which may look like another name."
		}
	}
	return ""
}

// confusables are letters that look like a Latin one, in one case at least. The
// list is short on purpose; see [CheckForeign].
var confusables = map[rune]string{
	'a': "АаΑαɑᴀ", 'b': "ВвЬьΒβʙ", 'c': "СсϹϲᴄ", 'd': "ԁđĐᴅ", 'e': "ЕеΕεᴇ", 'f': "Ϝϝꜰ", 'g': "ɡɢ", 'h': "НнҺһΗħĦʜ",
	'i': "ІіӀӏΙιıɩɪ",
	'j': "Јјϳᴊ", 'k': "КкΚκĸᴋ", 'l': "łŁʟ", 'm': "МмΜᴍ", 'n': "ПпΝηɴ", 'o': "ОоΟοσøØᴏ", 'p': "РрΡρᴘ", 'q': "Ԛԛ",
	'r': "гʀ", 's': "Ѕѕꜱ",
	't': "ТтΤτŧŦᴛ", 'u': "υᴜ", 'v': "Ѵѵνᴠ", 'w': "Ԝԝωᴡ", 'x': "ХхΧχ", 'y': "УуҮүΥγʏ", 'z': "Ζᴢ",
}

// latinOf is the inverse of confusables.
var latinOf = func() map[rune]rune {
	m := map[rune]rune{}
	for to, list := range confusables {
		for _, from := range list {
			m[from] = to
		}
	}
	return m
}()

// asciiConfusables replaces plain characters that look like another Latin letter.
var asciiConfusables = strings.NewReplacer("0", "o", "1", "l", "i", "l", "5", "s", "rn", "m", "vv", "w")

// skeleton reduces a name to what a reader notices. Names with equal skeletons look the
// same (unicode.org/reports/tr39, section 4).
func skeleton(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(name) {
		if to, ok := latinOf[r]; ok {
			r = to
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return asciiConfusables.Replace(strings.ToLower(b.String()))
}
