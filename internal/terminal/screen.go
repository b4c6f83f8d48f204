package terminal

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"entrada/internal/fault"
	"entrada/internal/markup"
	"entrada/internal/words"
)

// screen is where lines go. Whatever it is given, names from a file or words
// from a server, it writes without control characters: the escape sequences
// that reach a terminal are its own (CVE-2026-45803 and its kind).
type screen struct {
	w        io.Writer
	terminal bool
	colour   bool
	width    int   // 0: lines are not wrapped
	lost     error // the first write that failed
}

// maxWidth is what reads well.
const maxWidth = 88

func newScreen(w io.Writer) *screen {
	s := &screen{w: w}
	f, ok := w.(*os.File)
	if !ok || !isTerminal(f) {
		return s
	}
	s.terminal = true
	s.colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && canColour(f)
	if columns := columnsOf(f); columns >= 40 {
		s.width = min(columns, maxWidth)
	}
	return s
}

// visible is text without what a terminal would obey or a person cannot see.
func visible(text string) string {
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

// oneLine is visible text that cannot begin a line of its own.
func oneLine(text string) string { return words.OneLine(visible(text)) }

func (s *screen) raw(text string) { _, _ = s.Write([]byte(text)) }

// Write hands bytes on as they are, and remembers if they were lost: a script
// that gets half of what it asked for must not read that as success.
func (s *screen) Write(data []byte) (int, error) {
	n, err := s.w.Write(data)
	if err != nil && s.lost == nil {
		s.lost = err
	}
	return n, err
}

// line writes one line, or several, as they are.
func (s *screen) line(text string) { s.raw(visible(text) + "\n") }

func (s *screen) blank() { s.raw("\n") }

// block writes lines that end themselves.
func (s *screen) block(text string) { s.line(strings.TrimRight(text, "\n")) }

// report writes lines as they are where lines are not wrapped, and wrapped where
// they are, further ones below the first.
func (s *screen) report(text string) {
	for _, line := range strings.Split(strings.TrimRight(visible(text), "\n"), "\n") {
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))] + "  "
		for i, part := range s.wrap(line, len(indent)) {
			if i > 0 {
				part = indent + part
			}
			s.raw(part + "\n")
		}
	}
}

// value writes something to copy on a line of its own, with nothing around it
// that would be copied too.
func (s *screen) value(text string) { s.raw("\n" + oneLine(text) + "\n\n") }

// heading writes a title.
func (s *screen) heading(text string) { s.raw("\n" + s.styled("1", oneLine(text)) + "\n") }

// say writes a paragraph in which **words** may be bold, wrapped to the width;
// further lines are indented by indent.
func (s *screen) say(indent, text string) {
	paragraph := ""
	for _, span := range markup.Spans(visible(text)) {
		switch {
		case !span.Bold:
			paragraph += span.Text
		case s.colour:
			paragraph += boldOn + span.Text + boldOff
		default:
			paragraph += "“" + span.Text + "”"
		}
	}
	first := true
	for _, line := range s.wrap(paragraph, len(indent)) {
		if !first {
			line = indent + line
		}
		first = false
		line = strings.NewReplacer(boldOn, "\x1b[1m", boldOff, "\x1b[0m").Replace(line)
		s.raw(line + "\n")
	}
}

// Marks of bold words while lines are made: characters that visible text never
// holds and that take no room.
const (
	boldOn  = "\x01"
	boldOff = "\x02"
)

// wrap breaks a paragraph at spaces. Words are never broken, so that addresses
// can be copied.
func (s *screen) wrap(text string, indent int) []string {
	if s.width == 0 {
		return []string{text}
	}
	var lines []string
	rest := strings.TrimLeft(text, " ")
	line, used := text[:len(text)-len(rest)], 0
	margin := len(line)
	for _, word := range strings.Split(rest, " ") {
		n := utf8.RuneCountInString(strings.NewReplacer(boldOn, "", boldOff, "").Replace(word))
		room := s.width - margin
		if len(lines) > 0 {
			room = s.width - indent
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

// mark is a state in words, coloured where that is possible.
func (s *screen) mark(style, text string, width int) string {
	return s.styled(style, fmt.Sprintf("%-*s", width, text))
}

func (s *screen) styled(style, text string) string {
	if !s.colour || style == "" {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

// The colours of states; the words say the same.
const (
	green  = "32"
	yellow = "33"
	red    = "31"
	faint  = "2"
)

// json writes a value for scripts.
func (s *screen) json(v any) error {
	text, err := plainJSON(v, "")
	if err != nil {
		return err
	}
	s.raw(text + "\n")
	return nil
}

// plainJSON is v as JSON that a terminal may show. Control characters are
// escaped by the encoder, but not those above ASCII.
func plainJSON(v any, prefix string) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, "  ")
	if err := e.Encode(v); err != nil {
		return "", fault.New(fault.Misuse, "write JSON", err)
	}
	return visible(strings.TrimSuffix(b.String(), "\n")), nil
}
