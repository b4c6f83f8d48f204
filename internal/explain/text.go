package explain

import (
	"cmp"
	"slices"
	"strings"
)

// Also stands before what a text may mean beside the best explanation.
const Also = "It may also be this:"

const (
	maxCauses  = 6
	maxUnknown = 3
)

// Text explains whatever somebody pasted, the most probable cause first. The result is
// empty only for empty input. An unknown code, or a text without one, gives one
// explanation that says so.
//
// An error page takes about a millisecond. The longest text that is read, 64 KiB, takes a
// tenth of a second, so a window calls this in the background.
func Text(pasted string, c Context) []Explanation {
	// Redacted before decoding and after: wrapped secrets and bare ones.
	text := Redact(readable(Redact(capped(pasted))))
	if strings.TrimSpace(text) == "" {
		return nil
	}
	t := loaded()
	ranked := rank(t.scan(text))
	found := findTraces(text)
	if len(ranked) == 0 {
		e := t.explain(t.codes[familyNone]["nothing-found"], c, nil)
		found.fill(&e, 0)
		return []Explanation{e}
	}
	explanations := make([]Explanation, 0, len(ranked))
	for _, h := range ranked {
		e := t.explainHit(h, text, c)
		found.fill(&e, h.pos)
		explanations = append(explanations, e)
	}
	return explanations
}

func (t *table) explainHit(h hit, text string, c Context) Explanation {
	if h.entry == nil {
		return t.unknown(h.code, c)
	}
	e := t.explain(h.entry, c, h.entry.subject(text))
	e.Code = h.code
	return e
}

// unknown says that Entrada has no words for a code, and links to Microsoft's page.
func (t *table) unknown(code string, c Context) Explanation {
	which := "unknown-graph"
	digits, isEntra := strings.CutPrefix(code, "AADSTS")
	if isEntra {
		which = "unknown-entra"
	}
	e := t.explain(t.codes[familyNone][which], c, nil)
	e.Code = code
	if isEntra {
		e.Next.URL += "?code=" + digits
	}
	return e
}

// subject is what the entry quotes from the text, such as the redirect URI that was
// refused. The pattern of the entry limits what may be quoted. So it never repeats a
// secret from the wrong field.
func (e *entry) subject(text string) map[string]string {
	if e.quote == nil {
		return nil
	}
	m := e.quote.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	return map[string]string{"subject": m[1]}
}

// rank orders the findings, and drops those that better ones make superfluous.
func rank(hits []hit) []hit {
	best := map[any]hit{}
	for _, h := range hits {
		var key any = h.entry
		if h.entry == nil {
			key = h.code
		}
		// The first of several equals: its place is nearest to its IDs.
		if old, ok := best[key]; !ok || h.score() > old.score() {
			best[key] = h
		}
	}
	ranked := make([]hit, 0, len(best))
	for _, h := range best {
		ranked = append(ranked, h)
	}
	slices.SortFunc(ranked, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.score(), a.score()), cmp.Compare(a.pos, b.pos), cmp.Compare(a.code, b.code))
	})

	// A number of Microsoft's decides between several meanings of the wording.
	settled, specific := 0, false
	for _, h := range ranked {
		if h.strength >= sureLost && h.weight() > 2 {
			settled, specific = max(settled, h.weight()), true
		}
	}
	unknown := 0
	ranked = slices.DeleteFunc(ranked, func(h hit) bool {
		if h.entry == nil {
			unknown++
			return unknown > maxUnknown
		}
		phrase := h.strength < sureLost
		general := h.weight() <= 1 || h.weight() == 2 && (h.entry.Kind == familyOAuth || h.entry.Kind == familyHTTP)
		return specific && (general || phrase && h.weight() <= settled) ||
			h.weight() <= 1 && ranked[0].weight() > 1 && ranked[0].entry != h.entry
	})
	return ranked[:min(len(ranked), maxCauses)]
}

func (h hit) weight() int {
	if h.entry == nil {
		return defaultWeight - 1
	}
	return h.entry.Weight
}
