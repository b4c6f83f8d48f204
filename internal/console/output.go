package console

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"entrada/internal/fault"
	"entrada/internal/markup"
	"entrada/internal/words"
)

// Output is where lines go. Whatever it is given, names from a file or words
// from a server, it writes without control characters: the escape sequences
// that reach a terminal are its own (CVE-2026-45803 and its kind).
type Output struct {
	Terminal bool  // somebody looks on
	Width    int   // in columns; 0: lines are not wrapped
	Lost     error // the first write that failed

	mu     sync.Mutex // work may tell how it goes on while somebody is answered
	w      io.Writer
	colour bool
}

// MaxWidth is what reads well, in columns.
const MaxWidth = 88

// NewOutput writes to w, and asks it for its width if it is a terminal. The variable
// NO_COLOR turns colours off (no-color.org).
func NewOutput(w io.Writer) *Output {
	o := &Output{w: w}
	f, ok := w.(*os.File)
	if !ok || !isTerminal(f) {
		return o
	}
	o.Terminal = true
	o.colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && canColour(f)
	if columns := columnsOf(f); columns >= 40 {
		o.Width = min(columns, MaxWidth)
	}
	return o
}

// Visible is text without what a terminal would obey or a person cannot see.
func Visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		case r == '\u2028' || r == '\u2029':
			return '\n'
		}
		return r
	}, text)
}

// OneLine is visible text that cannot begin a line of its own.
func OneLine(text string) string { return words.OneLine(Visible(text)) }

// unbroken is visible text without line breaks; tabs and spaces stay.
func unbroken(text string) string {
	return strings.ReplaceAll(strings.TrimRight(Visible(text), "\n"), "\n", " ")
}

// Raw writes text as it is: only for what this program made.
func (o *Output) Raw(text string) { _, _ = o.Write([]byte(text)) }

// Write hands bytes on as they are, and remembers if they were lost: a script
// that gets half of what it asked for must not read that as success.
func (o *Output) Write(data []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.w.Write(data)
	if err != nil && o.Lost == nil {
		o.Lost = err
	}
	return n, err
}

// Line writes a sentence or a row of a table, wrapped to the width if there is one. What
// is foreign in it cannot begin a line of its own.
func (o *Output) Line(text string) {
	text = unbroken(text)
	indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
	for i, line := range o.Wrap(text, len(indent)) {
		if i > 0 {
			line = indent + line
		}
		o.Raw(line + "\n")
	}
}

// Blank writes an empty line.
func (o *Output) Blank() { o.Raw("\n") }

// Block writes several lines as they are. Nothing foreign in it may hold a line break.
func (o *Output) Block(text string) { o.Raw(strings.TrimRight(Visible(text), "\n") + "\n") }

// Report writes lines as they are where lines are not wrapped, and wrapped where
// they are, further ones below the first.
func (o *Output) Report(text string) {
	for _, line := range strings.Split(strings.TrimRight(Visible(text), "\n"), "\n") {
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))] + "  "
		for i, part := range o.Wrap(line, len(indent)) {
			if i > 0 {
				part = indent + part
			}
			o.Raw(part + "\n")
		}
	}
}

// Value writes something to copy on a line of its own, with nothing around it
// that would be copied too.
func (o *Output) Value(text string) { o.Raw("\n" + OneLine(text) + "\n\n") }

// Heading writes a title.
func (o *Output) Heading(text string) { o.Raw("\n" + o.styled("1", OneLine(text)) + "\n") }

// Say writes one paragraph in which **words** may be bold, wrapped to the width;
// further lines are indented by indent. What is foreign in it cannot begin a line.
func (o *Output) Say(indent, text string) {
	paragraph := ""
	for _, span := range markup.Spans(unbroken(text)) {
		switch {
		case !span.Bold:
			paragraph += span.Text
		case o.colour:
			paragraph += boldOn + span.Text + boldOff
		default:
			paragraph += "“" + span.Text + "”"
		}
	}
	first := true
	for _, line := range o.Wrap(paragraph, len(indent)) {
		if !first {
			line = indent + line
		}
		first = false
		line = strings.NewReplacer(boldOn, "\x1b[1m", boldOff, "\x1b[0m").Replace(line)
		o.Raw(line + "\n")
	}
}

// Marks of bold words while lines are made: characters that visible text never
// holds and that take no room.
const (
	boldOn  = "\x01"
	boldOff = "\x02"
)

// Wrap breaks a paragraph at spaces. Words are never broken, so that addresses
// can be copied.
func (o *Output) Wrap(text string, indent int) []string {
	if o.Width == 0 {
		return []string{text}
	}
	var lines []string
	rest := strings.TrimLeft(text, " ")
	line, used := text[:len(text)-len(rest)], 0
	margin := len(line)
	for _, word := range strings.Split(rest, " ") {
		n := utf8.RuneCountInString(strings.NewReplacer(boldOn, "", boldOff, "").Replace(word))
		room := o.Width - margin
		if len(lines) > 0 {
			room = o.Width - indent
		}
		if used > 0 && used+1+n > room {
			lines = append(lines, line)
			line, used = "", 0
		} else if used > 0 {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+n
	}
	return append(lines, line)
}

// Marked writes a state in words, coloured where that is possible, in a column of some
// width, and a text beside it that stays there when it wraps.
func (o *Output) Marked(style, state string, width int, text string) {
	margin := strings.Repeat(" ", width)
	word := strings.TrimLeft(state, " ")
	lead := len(state) - len(word)
	for i, line := range o.Wrap(margin+unbroken(text), width) {
		if i == 0 {
			line = margin[:lead] + o.styled(style, fmt.Sprintf("%-*s", width-lead, word)) + line[width:]
		} else {
			line = margin + line
		}
		o.Raw(line + "\n")
	}
}

func (o *Output) styled(style, text string) string {
	if !o.colour || style == "" {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

// The colours of states; the words say the same.
const (
	Green  = "32"
	Yellow = "33"
	Red    = "31"
	Faint  = "2"
)

// JSON writes a value for scripts. Control characters are escaped by the encoder,
// but not those above ASCII.
func (o *Output) JSON(v any) error {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return fault.New(fault.Misuse, "write JSON", err)
	}
	o.Block(b.String())
	return nil
}
