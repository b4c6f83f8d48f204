package explain

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"entrada/internal/fault"
)

// Error explains any error. The zero Explanation stands for nil.
func Error(err error, c Context) Explanation {
	if err == nil {
		return Explanation{}
	}
	var f *fault.Error
	if !errors.As(err, &f) {
		return foreign(err, c)
	}
	t := loaded()
	e := t.ofFault(f, c)
	if e.Code == "" {
		e.Code = cmp.Or(cleanCode(f.Code), string(f.Kind))
	}
	e.CorrelationID, e.RequestID, e.TraceID, e.When = name(f.CorrelationID), name(f.RequestID), name(f.TraceID), f.When
	if said := sentence(f.Detail); !strings.Contains(e.What+e.Why, said) {
		e.Message = said
	}
	return e
}

// ofFault chooses between the words for the kind and those for the code. If Microsoft
// refused, its code says more. Otherwise Entrada knows better what it was doing: a mail
// that "may have gone out" matters more than a 503.
func (t *table) ofFault(f *fault.Error, c Context) Explanation {
	values := map[string]string{"subject": f.Subject, "detail": f.Detail, "wait": wait(f.RetryAfter)}
	switch f.Kind {
	case fault.Refused, fault.GraphRefused, fault.Unknown:
	default:
		return t.ofKind(f.Kind, c, values)
	}
	code := cleanCode(f.Code)
	if e, shown := t.lookUp(code); e != nil {
		// The fault's subject is the host that answered. People mean something else.
		explanation := t.explain(e, c, e.subject(f.Detail))
		explanation.Code = shown
		return explanation
	}
	if strings.HasPrefix(code, "AADSTS") {
		return t.unknown(code, c)
	}
	// No number, or a word that says little: the wording may say more.
	if ranked := rank(t.scan(readable(Redact(f.Detail)))); len(ranked) > 0 && ranked[0].entry != nil {
		return t.explainHit(ranked[0], f.Detail, c)
	}
	if e := t.codes[familyHTTP][strconv.Itoa(f.Status)]; e != nil {
		explanation := t.explain(e, c, values)
		explanation.Code = cmp.Or(code, fmt.Sprintf("HTTP %d", f.Status))
		return explanation
	}
	if code != "" {
		return t.unknown(code, c)
	}
	return t.ofKind(f.Kind, c, values)
}

func (t *table) ofKind(kind fault.Kind, c Context, values map[string]string) Explanation {
	e := t.codes[familyFault][string(kind)]
	if e == nil {
		e = t.codes[familyFault][string(fault.Unknown)]
	}
	explanation := t.explain(e, c, values)
	explanation.Known = kind != fault.Unknown
	return explanation
}

// lookUp finds a code of any family.
func (t *table) lookUp(code string) (e *entry, shown string) {
	if digits, ok := strings.CutPrefix(code, "AADSTS"); ok {
		if digits == "" {
			return nil, ""
		}
		digits, e, _ := t.resolve(digits)
		return e, "AADSTS" + digits
	}
	key := strings.ToLower(code)
	for _, family := range []string{familyGraph, familyOAuth, familyExchange} {
		if e := t.codes[family][key]; e != nil {
			return e, t.spelling(e, key)
		}
	}
	return nil, ""
}

// cleanCode keeps a code only if it has the form of one: it came over the
// network.
func cleanCode(code string) string {
	code = strings.TrimSpace(code)
	if entraCode.MatchString(code) {
		return "AADSTS" + code
	}
	if strings.HasPrefix(strings.ToUpper(code), "AADSTS") {
		code = "AADSTS" + code[len("AADSTS"):]
	}
	if wordCode.MatchString(code) && Redact(code) == code || exchangeCode.MatchString(code) {
		return code
	}
	return ""
}

// foreign explains an error of another type. Its text may still name a known error. If
// it does not, nothing of it is shown: it may hold a secret.
func foreign(err error, c Context) Explanation {
	t := loaded()
	kind := fault.KindOf(err)
	if kind == fault.Unknown {
		text := Redact(readable(Redact(capped(err.Error()))))
		if ranked := rank(t.scan(text)); len(ranked) > 0 {
			e := t.explainHit(ranked[0], text, c)
			findTraces(text).fill(&e, ranked[0].pos)
			return e
		}
	}
	e := t.ofKind(kind, c, nil)
	e.Code = string(kind)
	return e
}

// wait puts a delay into words.
func wait(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d == time.Second:
		return "one second"
	case d < 2*time.Minute:
		return fmt.Sprintf("%d seconds", int(d.Round(time.Second).Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes", int(d.Round(time.Minute).Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Round(time.Hour).Hours()))
	default:
		return fmt.Sprintf("%d days", int((d+12*time.Hour)/(24*time.Hour)))
	}
}
