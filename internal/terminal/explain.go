package terminal

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"entrada/internal/explain"
)

// maxMessage is how much of the standard input is read; the explainer looks at
// both ends of what is longer than it needs.
const maxMessage = 4 << 20

func (p *program) explainCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "explain [TEXT… | -]",
		Short: "Say what an error message means, who can fix it and how",
		Long: `Say what a message from Microsoft or from a vendor's software means. Any part of
it will do: a code such as AADSTS7000215, a whole page, a log. With -, or in a pipe,
it is read from the standard input. It stays on this computer.

Exits with 1 when nothing in it is known.`,
		Example: "  entrada-cli explain AADSTS65001\n  entrada-cli explain - < error.html",
		RunE:    p.run(func(ctx context.Context, args []string) error { return p.explainText(ctx, args, asJSON) }),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "for scripts")
	return c
}

// explained is an explanation in JSON.
type explained struct {
	What          string    `json:"what"`
	Why           string    `json:"why"`
	Who           string    `json:"who"`
	Next          string    `json:"next"`
	Action        string    `json:"action"`
	URL           string    `json:"url,omitempty"`
	Culprit       string    `json:"culprit"`
	Code          string    `json:"code,omitempty"`
	CorrelationID string    `json:"correlation_id,omitempty"`
	RequestID     string    `json:"request_id,omitempty"`
	TraceID       string    `json:"trace_id,omitempty"`
	When          time.Time `json:"when,omitzero"`
	Known         bool      `json:"known"`
	Documented    bool      `json:"documented"`
	Sources       []string  `json:"sources,omitempty"`
}

func (p *program) explainText(ctx context.Context, args []string, asJSON bool) error {
	text := strings.Join(args, " ")
	if len(args) == 0 && p.in.Terminal {
		return usage("Say which message, or pipe it in.")
	}
	if len(args) == 0 || len(args) == 1 && args[0] == standardStream {
		data, err := p.in.All(ctx, maxMessage)
		if err != nil {
			return err
		}
		text = data
	}
	found := explain.Text(text, explain.Context{Cloud: p.Cloud})
	if len(found) == 0 {
		return usage("There is no text to explain.")
	}
	if asJSON {
		list := make([]explained, len(found))
		for i, e := range found {
			e = e.Typed()
			list[i] = explained{e.What, e.Why, e.Who, e.Next.Label, string(e.Next.Action), e.Next.URL,
				string(e.Culprit), e.Code,
				e.CorrelationID, e.RequestID, e.TraceID, e.When, e.Known, e.Documented, e.Sources}
		}
		if err := p.out.JSON(list); err != nil {
			return err
		}
	} else {
		for i, e := range found {
			if i > 0 {
				p.out.Blank()
			}
			if i == 1 {
				p.out.Line(explain.Also)
				p.out.Blank()
			}
			p.out.Report(e.Typed().Report())
		}
	}
	if !found[0].Known {
		return status(exitFailed)
	}
	return nil
}
