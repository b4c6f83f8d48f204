package explain

import (
	"regexp"
	"strings"
)

// How sure a finding is, whatever it says. The value is added to ten times the entry's
// weight.
const (
	surePhrase   = 14 // and up to 16 more for a long one
	sureLoose    = 8  // a number in the open that is also a code
	sureLost     = 34 // a code that lost a digit
	sureExplicit = 40
)

// hit is one finding in a text.
type hit struct {
	entry    *entry // nil: an error code that the table lacks
	code     string // as shown: "AADSTS7000215"
	pos      int
	strength int
}

func (h hit) score() int {
	if h.entry == nil {
		return (defaultWeight-1)*10 + h.strength
	}
	return h.entry.Weight*10 + h.strength
}

var (
	aadsts = regexp.MustCompile(
		`(?i)a\s?a\s?d\s?[s5]\s?t\s?[s5]\s{0,3}(?:error\s{0,2})?(?:code\s{0,2})?` +
			`[:#=_-]{0,2}\s{0,3}([0-9OoQlI|SBZ]{3,10})`)
	// A code that a line break split.
	cutCode    = regexp.MustCompile(`(?i)aadsts([0-9]{2,7})-?\n\s{0,8}([0-9]{1,5})\b`)
	codeList   = regexp.MustCompile(`(?i)error_codes["'\s:=]{0,6}\[([\d,\s]{1,200})\]`)
	errorQuery = regexp.MustCompile(`(?i)\berror\?code=([0-9]{4,8})`)
	saidNumber = regexp.MustCompile(
		`(?i)\b(?:error|failure|status|result|sts)?[\s_-]?(?:error|code|number)["'\s:=#]{0,4}\(?([0-9]{4,8})\b`)
	onlyNumber = regexp.MustCompile(`(?i)^\W*(?:(?:error|code|aadsts|sts|no|nr|number)\W*)*([0-9OoQlI|SBZ]{3,9})\W*$`)
	looseCode  = regexp.MustCompile(`\b[1-9][0-9]{5,7}\b`)
	smtpCode   = regexp.MustCompile(`\b[45]\.\d{1,3}\.\d{1,4}\b`)
	statusCode = regexp.MustCompile(
		`(?i)\b(?:http(?:/\d(?:\.\d)?)?|status|statuscode|response)(?:[\s_-]?code)?["'\s:=(]{0,4}([1-5]\d\d)\b`)
	wordToken = regexp.MustCompile(`[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*`)
	graphBody = regexp.MustCompile(`["']?code["']?\s{0,3}[:=]\s{0,3}["']([A-Za-z][A-Za-z_]{3,59})["']`)

	likeDigits = strings.NewReplacer(
		"O", "0", "o", "0", "Q", "0", "l", "1", "I", "1", "|", "1", "S", "5", "B", "8", "Z", "2")
)

// scan finds everything in a readable text that points to a cause.
func (t *table) scan(text string) []hit {
	var hits []hit
	add := func(e *entry, code string, pos, strength int) {
		hits = append(hits, hit{e, code, pos, strength})
	}
	// number adds a number that may be an AADSTS code.
	number := func(raw string, pos int) {
		digits, e, exact := t.resolve(raw)
		switch {
		case e != nil && exact:
			add(e, "AADSTS"+digits, pos, sureExplicit)
		case e != nil:
			add(e, "AADSTS"+digits, pos, sureLost)
		case digits != "":
			add(nil, "AADSTS"+digits, pos, sureExplicit)
		}
	}
	if m := onlyNumber.FindStringSubmatch(text); m != nil {
		number(m[1], 0)
		return hits
	}
	text = cutCode.ReplaceAllStringFunc(text, func(m string) string {
		part := cutCode.FindStringSubmatch(m)
		if entra := t.codes[familyEntra]; entra[part[1]] == nil && entra[part[1]+part[2]] != nil {
			return "AADSTS" + part[1] + part[2]
		}
		return m
	})
	for _, re := range []*regexp.Regexp{aadsts, errorQuery} {
		for _, m := range re.FindAllStringSubmatchIndex(text, 256) {
			number(text[m[2]:m[3]], m[0])
		}
	}
	for _, m := range codeList.FindAllStringSubmatchIndex(text, 64) {
		for _, digits := range strings.FieldsFunc(text[m[2]:m[3]], func(r rune) bool { return r < '0' || r > '9' }) {
			number(digits, m[0])
		}
	}
	for _, m := range saidNumber.FindAllStringSubmatchIndex(text, 256) {
		if e := t.codes[familyEntra][text[m[2]:m[3]]]; e != nil {
			add(e, "AADSTS"+text[m[2]:m[3]], m[0], sureExplicit-2)
		}
	}
	if len(hits) == 0 {
		for _, m := range looseCode.FindAllStringIndex(text, 256) {
			if e := t.codes[familyEntra][text[m[0]:m[1]]]; e != nil {
				add(e, "AADSTS"+text[m[0]:m[1]], m[0], sureLoose)
			}
		}
	}
	hits = append(hits, t.scanWords(text)...)
	return append(hits, t.scanPhrases(text)...)
}

// resolve reads a number, and corrects the mistakes of screenshots and bad copies. exact
// is false if it guessed a digit. digits is empty if it is no number.
func (t *table) resolve(raw string) (digits string, e *entry, exact bool) {
	known := t.codes[familyEntra]
	digits = likeDigits.Replace(raw)
	if strict := raw[:len(raw)-len(strings.TrimLeft(raw, "0123456789"))]; strict != raw {
		// "50011so": letters that are no digits end the number.
		if known[digits] == nil && len(strict) >= 4 {
			digits = strict
		}
		if len(strict) == 0 && known[digits] == nil {
			return "", nil, false
		}
	}
	if e := known[digits]; e != nil {
		return digits, e, true
	}
	if code := t.aliases[digits]; code != "" {
		return code, known[code], false
	}
	if digits[0] == '0' && len(digits) >= 4 {
		// No code begins with 0, so digits before it were lost.
		found := ""
		for code := range known {
			if !strings.HasSuffix(code, digits) && code != strings.TrimLeft(digits, "0") {
				continue
			}
			if found != "" {
				return digits, nil, false
			}
			found = code
		}
		if found != "" {
			return found, known[found], false
		}
	}
	if len(digits) < 4 || len(digits) > 8 {
		return "", nil, false
	}
	return digits, nil, true
}

// scanWords finds the codes that are words: Graph's, the short OAuth words,
// mail servers' numbers and bare HTTP statuses.
func (t *table) scanWords(text string) []hit {
	var hits []hit
	for _, m := range wordToken.FindAllStringIndex(text, -1) {
		token := text[m[0]:m[1]]
		key := strings.ToLower(token)
		for _, family := range []string{familyGraph, familyOAuth} {
			if e := t.codes[family][key]; e != nil {
				hits = append(hits, hit{e, t.spelling(e, key), m[0], sureExplicit})
			}
		}
	}
	for _, m := range graphBody.FindAllStringSubmatchIndex(text, 16) {
		code := text[m[2]:m[3]]
		if key := strings.ToLower(code); t.codes[familyGraph][key] == nil && t.codes[familyOAuth][key] == nil {
			hits = append(hits, hit{nil, code, m[0], sureExplicit})
		}
	}
	for _, m := range smtpCode.FindAllStringIndex(text, 64) {
		if e := t.codes[familyExchange][text[m[0]:m[1]]]; e != nil {
			hits = append(hits, hit{e, text[m[0]:m[1]], m[0], sureExplicit})
		}
	}
	for _, m := range statusCode.FindAllStringSubmatchIndex(text, 64) {
		if e := t.codes[familyHTTP][text[m[2]:m[3]]]; e != nil {
			hits = append(hits, hit{e, "HTTP " + text[m[2]:m[3]], m[0], sureExplicit})
		}
	}
	return hits
}

// spelling is the code as Microsoft writes it.
func (t *table) spelling(e *entry, key string) string {
	for _, code := range e.Codes {
		if strings.EqualFold(code, key) {
			return code
		}
	}
	return e.Codes[0]
}

// scanPhrases finds causes by the wording of messages, for texts that have
// lost their number. An entry's first code is the one that says it most often.
func (t *table) scanPhrases(text string) []hit {
	var hits []hit
	view := phraseView(text)
	for _, e := range t.entries {
		for _, phrase := range e.Match {
			pos := strings.Index(view, phrase)
			if pos < 0 {
				continue
			}
			hits = append(hits, hit{e, e.shown(e.Codes[0]), pos, surePhrase + min(len(phrase)/4, 16)})
		}
	}
	return hits
}

// shown is a code of the entry as people see it.
func (e *entry) shown(code string) string {
	switch e.Kind {
	case familyEntra:
		return "AADSTS" + code
	case familyHTTP:
		return "HTTP " + code
	case familyPhrase:
		return ""
	}
	return code
}
