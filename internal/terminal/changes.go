package terminal

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"entrada/assets"
)

func (p *program) changesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "changes",
		Short: "Show what is new in each version",
		Long:  "Show what is new in each version of Entrada, the newest first.",
		Args:  cobra.NoArgs,
		RunE: p.run(func(context.Context, []string) error {
			p.out.markdown(assets.Changelog)
			return nil
		}),
	}
}

// markdown draws the little of Markdown that the list of changes needs: headings,
// paragraphs, and lists of one level. A paragraph goes on until an empty line, a
// heading or the next entry; code is shown as bold words are.
func (s *screen) markdown(text string) {
	paragraph := ""
	end := func() {
		indent := ""
		if strings.HasPrefix(paragraph, "- ") {
			indent = "  "
		}
		if paragraph != "" {
			s.say(indent, strings.ReplaceAll(paragraph, "`", "**"))
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
			s.heading(title)
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
