package guides

import "bytes"

// maxNesting is deeper than any guide. The decoder's time grows with the square of the
// depth: without a limit, a file of 256 KiB keeps it busy for minutes.
const maxNesting = 16

// nestedTooDeeply looks for nested brackets and for keys with many dots, outside strings
// and comments. It need not know more of TOML: the decoder reads what it accepts.
func nestedTooDeeply(data []byte) (line int, deep bool) {
	depth, dots := 0, 0
	line = 1
	for i := 0; i < len(data); i++ {
		switch c := data[i]; c {
		case '#':
			if end := bytes.IndexByte(data[i:], '\n'); end >= 0 {
				i += end - 1
			} else {
				return 0, false
			}
		case '"', '\'':
			end := endOfText(data, i)
			line += bytes.Count(data[i:end], []byte("\n"))
			i = end - 1
		case '\n':
			line++
			dots = 0
		case '=', ',':
			dots = 0
		case '[', '{':
			depth++
			dots = 0
		case ']', '}':
			depth = max(0, depth-1)
		case '.':
			dots++
		}
		if depth > maxNesting || dots > maxNesting {
			return line, true
		}
	}
	return 0, false
}

// endOfText is the end of the string that begins at i, with its quotation marks.
func endOfText(data []byte, i int) int {
	quote := data[i]
	if three := bytes.Repeat([]byte{quote}, 3); bytes.HasPrefix(data[i:], three) {
		for j := i + 3; j < len(data); j++ {
			if quote == '"' && data[j] == '\\' {
				j++
			} else if bytes.HasPrefix(data[j:], three) {
				end := j + 3
				for end < len(data) && end < j+5 && data[end] == quote {
					end++ // the text itself may end in one or two of them
				}
				return end
			}
		}
		return len(data)
	}
	for j := i + 1; j < len(data); j++ {
		switch {
		case quote == '"' && data[j] == '\\':
			j++
		case data[j] == quote:
			return j + 1
		case data[j] == '\n':
			return j
		}
	}
	return len(data)
}
