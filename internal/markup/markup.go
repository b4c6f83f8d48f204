// Package markup reads the one mark that Entrada's texts may have: **bold** words.
// It must not know where a text comes from, nor how bold is drawn.
package markup

import "strings"

const mark = "**"

// Span is a run of words, bold or not.
type Span struct {
	Text string
	Bold bool
}

// Spans takes **bold** words apart. An unclosed mark is plain text.
func Spans(text string) []Span {
	var spans []Span
	add := func(s string, bold bool) {
		if s != "" {
			spans = append(spans, Span{s, bold})
		}
	}
	for {
		before, bold, after, ok := cutBold(text)
		if !ok {
			add(text, false)
			return spans
		}
		add(before, false)
		add(bold, true)
		text = after
	}
}

// Plain takes the marks out. A foreign text without them cannot make words bold.
func Plain(text string) string { return strings.ReplaceAll(text, mark, "") }

func cutBold(text string) (before, bold, after string, ok bool) {
	before, rest, ok := strings.Cut(text, mark)
	if !ok {
		return "", "", "", false
	}
	bold, after, ok = strings.Cut(rest, mark)
	if !ok || bold == "" {
		return "", "", "", false
	}
	return before, bold, after, true
}
