package console

import "strings"

// Markdown draws the little of Markdown that the list of changes needs: headings,
// paragraphs, and lists of one level. A paragraph goes on until an empty line, a
// heading or the next entry; code is shown as bold words are.
func (o *Output) Markdown(text string) {
	paragraph := ""
	end := func() {
		indent := ""
		if strings.HasPrefix(paragraph, "- ") {
			indent = "  "
		}
		if paragraph != "" {
			o.Say(indent, strings.ReplaceAll(paragraph, "`", "**"))
		}
		paragraph = ""
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		title := strings.TrimLeft(line, "#")
		switch {
		case line == "":
			end()
		case title != line:
			end()
			o.Heading(title)
		case strings.HasPrefix(line, "- "):
			end()
			paragraph = line
		case paragraph == "":
			paragraph = line
		default:
			paragraph += " " + line
		}
	}
	end()
}
