package checks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/words"
)

// Header is what a report says beside its checks.
type Header struct {
	explain.Context           // VendorName, TenantID, ClientID; Cloud for the links
	Name            string    // of the connection; "" for values that are not saved
	ID              string    // likewise
	When            time.Time //
	SignedInAs      string    // the address; "" where nobody or the app itself signed in
	PersonName      string    // of who signed in
	Mailbox         string    // the mailbox that was tested, if another than that
	ByItself        bool      // the app signed in by itself
}

// Report is a finished test, for a ticket or for a script: as text, as JSON or
// as a page to print. It holds no secret and no token. It names the owner of the
// mailbox unless [Report.WithoutPeople] removed that.
//
// The JSON is what "entrada-cli test --json" prints for one connection. Its
// members never change their meaning.
type Report struct {
	Name     string          `json:"name"`
	ID       string          `json:"id"`
	OK       bool            `json:"ok"`
	Headline string          `json:"headline"`
	Culprit  explain.Culprit `json:"culprit"` // "" when all is well
	Checks   []Line          `json:"checks"`

	Tested     string `json:"tested"` // RFC 3339, UTC
	Vendor     string `json:"vendor"`
	TenantID   string `json:"tenant_id"`
	ClientID   string `json:"client_id"`
	SignedInAs string `json:"signed_in_as,omitempty"`
	Mailbox    string `json:"mailbox,omitempty"`
	Cause      *Cause `json:"cause,omitempty"` // of the failure to begin with

	byItself bool
	names    []string // of people, to find them in sentences
}

// Line is one check in a report.
type Line struct {
	ID     ID     `json:"id"`
	Title  string `json:"title"`
	State  State  `json:"state"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
	Took   int64  `json:"took_ms"`

	Cause    *Cause `json:"-"` // when it failed
	personal bool   // the detail says who somebody is
}

// Cause is an explanation as it stands in a report.
type Cause struct {
	What          string `json:"what"`
	Why           string `json:"why"`
	Who           string `json:"who"` // can fix it
	Next          string `json:"next"`
	NextURL       string `json:"next_url,omitempty"`
	Where         string `json:"where"`
	Code          string `json:"code,omitempty"`
	CorrelationID string `json:"correlation_id,omitempty"` // Entra's
	RequestID     string `json:"request_id,omitempty"`     // Graph's
	TraceID       string `json:"trace_id,omitempty"`
	When          string `json:"when,omitempty"` // RFC 3339, UTC
	Message       string `json:"message,omitempty"`
}

// NewReport puts results and their verdict into words.
func NewReport(results []Result, v Verdict, h Header) Report {
	r := Report{
		Name: explain.Redact(h.Name), ID: h.ID, OK: v.OK, Headline: v.Headline, Culprit: v.Culprit,
		Checks: make([]Line, 0, len(results)),
		Tested: h.When.UTC().Format(time.RFC3339), Vendor: explain.Redact(h.VendorName),
		TenantID: explain.Redact(h.TenantID), ClientID: explain.Redact(h.ClientID),
		SignedInAs: explain.Redact(h.SignedInAs), Mailbox: explain.Redact(h.Mailbox), byItself: h.ByItself,
	}
	if v.First != nil {
		r.Cause = causeOf(v.Explanation)
	}
	// A short name may be a word of any sentence.
	if name := strings.TrimSpace(h.PersonName); len(name) >= 4 {
		r.names = append(r.names, name)
	}
	for _, res := range results {
		line := Line{ID: res.ID, Title: explain.Redact(res.Title), State: res.State,
			Detail: explain.Redact(res.Detail), Took: res.Took.Milliseconds(), personal: res.Personal}
		if res.State == Failed {
			e := explain.Error(res.Err, h.Context)
			line.Detail, line.Code, line.Cause = e.What, e.Code, causeOf(e)
		}
		if res.Personal && res.State == Passed && len(line.Detail) >= 4 && !slices.Contains(r.names, line.Detail) {
			r.names = append(r.names, line.Detail)
		}
		r.Checks = append(r.Checks, line)
	}
	return r
}

func causeOf(e explain.Explanation) *Cause {
	c := &Cause{
		What: e.What, Why: e.Why, Who: e.Who, Next: e.Next.Label, NextURL: e.Next.URL, Where: e.Culprit.Name(),
		Code: e.Code, CorrelationID: e.CorrelationID, RequestID: e.RequestID, TraceID: e.TraceID, Message: e.Message,
	}
	if !e.When.IsZero() {
		c.When = e.When.UTC().Format(time.RFC3339)
	}
	return c
}

// address matches e-mail addresses and sign-in names. It is a wide pattern: it rather
// removes too much than leaves a name.
var address = regexp.MustCompile(`[^\s@<>()\[\]"'“”‘’,;:/]+@[^\s@<>()\[\]"'“”‘’,;:/]*[^\s@<>()\[\]"'“”‘’,;:/.?!]`)

// What stands in a report in the place of somebody.
const (
	anAddress = "[address]"
	aName     = "[name]"
)

// People lists the names and addresses that the report holds, each once.
func (r Report) People() []string {
	var found []string
	add := func(s string) {
		if s != "" && !slices.ContainsFunc(found, func(f string) bool { return strings.EqualFold(f, s) }) {
			found = append(found, s)
		}
	}
	_ = r.rewritten(func(text string) string {
		for _, m := range address.FindAllString(text, -1) {
			add(m)
		}
		for _, name := range r.names {
			if strings.Contains(text, name) {
				add(name)
			}
		}
		return text
	})
	return found
}

// WithoutPeople is the report without names and addresses of people. IDs stay: only
// administrators of the organisation can resolve them.
func (r Report) WithoutPeople() Report {
	r = r.rewritten(func(text string) string {
		text = address.ReplaceAllString(text, anAddress)
		for _, name := range r.names {
			text = strings.ReplaceAll(text, name, aName)
		}
		return text
	})
	for i, l := range r.Checks {
		if l.personal && l.Detail != "" && l.Detail != anAddress && l.State != Failed {
			r.Checks[i].Detail = aName
		}
	}
	r.names = nil
	return r
}

// rewritten is a copy with f done to all its texts.
func (r Report) rewritten(f func(string) string) Report {
	for _, text := range []*string{&r.Name, &r.Headline, &r.Vendor, &r.SignedInAs, &r.Mailbox} {
		*text = f(*text)
	}
	cause := func(c *Cause) *Cause {
		if c == nil {
			return nil
		}
		n := *c
		for _, text := range []*string{&n.What, &n.Why, &n.Who, &n.Next, &n.NextURL, &n.Message} {
			*text = f(*text)
		}
		return &n
	}
	r.Cause = cause(r.Cause)
	r.Checks = slices.Clone(r.Checks)
	for i := range r.Checks {
		l := &r.Checks[i]
		l.Title, l.Detail, l.Cause = f(l.Title), f(l.Detail), cause(l.Cause)
	}
	return r
}

// JSON is the report for scripts; prefix begins each line but the first.
func (r Report) JSON(prefix string) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // people read it, too
	e.SetIndent(prefix, "  ")
	if err := e.Encode(r); err != nil {
		return "", fault.New(fault.Misuse, "write the report", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// Text is the report as plain text, for a ticket.
func (r Report) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Entrada connection test, %s\n%s\n\n%s.\n\n", r.when(), r.subject(), r.Headline)
	for _, l := range r.Checks {
		fmt.Fprintf(&b, "%-9s %s", l.State, words.OneLine(l.Title))
		if l.Detail != "" && l.Cause == nil {
			fmt.Fprintf(&b, " (%s)", words.OneLine(l.Detail))
		}
		b.WriteString("\n")
		if l.Cause != nil {
			for _, part := range l.Cause.parts() {
				b.WriteString("          " + part[0] + ": " + words.OneLine(part[1]) + "\n")
			}
		}
	}
	return b.String()
}

// when is the time of the test, for people.
func (r Report) when() string {
	t, err := time.Parse(time.RFC3339, r.Tested)
	if err != nil {
		return r.Tested
	}
	return words.Timestamp(t)
}

// subject says what was tested, and as whom.
func (r Report) subject() string {
	var parts []string
	if r.Name != "" && !strings.HasPrefix(r.Name, r.Vendor) {
		parts = append(parts, r.Name)
	}
	if r.Vendor != "" {
		parts = append(parts, r.Vendor)
	}
	parts = append(parts, "tenant "+r.TenantID, "client ID "+r.ClientID)
	switch {
	case r.SignedInAs != "":
		parts = append(parts, "signed in as "+r.SignedInAs)
	case r.byItself:
		parts = append(parts, "signed in as the app")
	default:
		parts = append(parts, "nobody signed in")
	}
	if r.Mailbox != "" {
		parts = append(parts, "mailbox "+r.Mailbox)
	}
	return words.OneLine(strings.Join(parts, " · "))
}

// parts are the cause line by line, label and text.
func (c Cause) parts() [][2]string {
	next := c.Next
	if c.NextURL != "" {
		next += " (" + c.NextURL + ")"
	}
	var details []string
	for _, d := range []string{c.Code, labelled("correlation ID ", c.CorrelationID),
		labelled("request ID ", c.RequestID), labelled("trace ID ", c.TraceID), c.When} {
		if d != "" {
			details = append(details, d)
		}
	}
	var list [][2]string
	for _, p := range [][2]string{
		{"What happened", c.What}, {"Why", c.Why}, {"Who can fix it", c.Who}, {"Next", next},
		{"Where", c.Where}, {"Details", strings.Join(details, " · ")}, {"Message", c.Message},
	} {
		if p[1] != "" {
			list = append(list, p)
		}
	}
	return list
}

func labelled(label, text string) string {
	if text == "" {
		return ""
	}
	return label + text
}
