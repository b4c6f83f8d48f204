package explain

import (
	"regexp"
	"strings"
	"time"

	"entrada/internal/entra"
)

// mark is something found at a place in the text.
type mark struct {
	pos  int
	text string
}

// traces are the identifiers and times in a text that Microsoft's support asks
// for, each with its place: a log has several, and each error has its own.
type traces struct {
	correlation, request, trace []mark
	when                        []mark
}

var (
	labelledID = regexp.MustCompile(
		`(?i)(correlation|client[ _-]?request|request|trace|activity)` +
			`[ _-]{0,2}id["'\]]?\s{0,3}[:=]?\s{0,3}["'\[]?\s{0,3}` +
			`(` + entra.GUIDPattern + `)`)
	labelledTime = regexp.MustCompile(`(?i)(?:timestamp|date(?:time)?|time)["']?\s{0,3}[:=]?\s{0,3}["']?` +
		`(\d{4}-\d\d-\d\d)[T +](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?\s?(Z|UTC|[+-]\d\d:?\d\d)?`)
	zonedTime = regexp.MustCompile(`(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?\s?(Z|UTC|[+-]\d\d:\d\d)`)
)

// inSentence is before a time that a sentence speaks of, such as when a token was issued:
// that is not when the error came.
var inSentence = regexp.MustCompile(`(?i)\b(?:on|since|until|before|after|from|to|by) $`)

func findTraces(text string) traces {
	var t traces
	for _, m := range labelledID.FindAllStringSubmatchIndex(text, 64) {
		found := mark{m[0], strings.ToLower(text[m[4]:m[5]])}
		switch label := strings.ToLower(text[m[2]:m[3]]); {
		case label == "correlation":
			t.correlation = append(t.correlation, found)
		case label == "request":
			t.request = append(t.request, found)
		default:
			t.trace = append(t.trace, found)
		}
	}
	// The sign-in page says "Request Id" for what the token answer calls trace
	// ID; in Graph's answers it is the ID that support asks for.
	if len(t.correlation) > 0 && len(t.trace) == 0 {
		t.trace, t.request = t.request, nil
	}
	for _, re := range []*regexp.Regexp{labelledTime, zonedTime} {
		for _, m := range re.FindAllStringSubmatchIndex(text, 64) {
			zone := ""
			if m[6] >= 0 {
				zone = text[m[6]:m[7]]
			}
			if inSentence.MatchString(text[:m[0]]) {
				continue
			}
			if at := parseTime(text[m[2]:m[3]], text[m[4]:m[5]], zone); !at.IsZero() {
				t.when = append(t.when, mark{m[0], at.Format(time.RFC3339)})
			}
		}
		if len(t.when) > 0 {
			break
		}
	}
	return t
}

// parseTime reads a time; without a zone it is UTC, which is what Microsoft
// writes.
func parseTime(day, clock, zone string) time.Time {
	if len(clock) == 5 {
		clock += ":00"
	}
	switch zone = strings.ToUpper(zone); {
	case zone == "" || zone == "UTC":
		zone = "Z"
	case len(zone) == 5:
		zone = zone[:3] + ":" + zone[3:]
	}
	at, err := time.Parse(time.RFC3339, day+"T"+clock+zone)
	if err != nil || at.Year() < 2010 || at.Year() > 2100 {
		return time.Time{}
	}
	return at.UTC()
}

// near picks the mark that belongs to an error at pos. That is the first one after pos,
// where Microsoft writes it, or else the last one before.
func near(marks []mark, pos int) string {
	before := ""
	for _, m := range marks {
		if m.pos >= pos {
			return m.text
		}
		before = m.text
	}
	return before
}

func (t traces) fill(e *Explanation, pos int) {
	e.CorrelationID, e.RequestID, e.TraceID = near(t.correlation, pos), near(t.request, pos), near(t.trace, pos)
	if at := near(t.when, pos); at != "" {
		e.When, _ = time.Parse(time.RFC3339, at)
	}
}
