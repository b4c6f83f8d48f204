package terminal

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
)

// conversation answers questions as they come: by a part of the question, in
// turn, and with Enter where nothing is prepared.
type conversation struct {
	t       *testing.T
	out     *bytes.Buffer
	answers map[string][]string
	asked   []string
}

func (c *conversation) Read(to []byte) (int, error) {
	said := c.out.String()
	question := said[strings.LastIndex(said, "\n")+1:]
	c.asked = append(c.asked, question)
	if len(c.asked) > 100 {
		return 0, io.EOF
	}
	answer := ""
	for part, list := range c.answers {
		if strings.Contains(question, part) && len(list) > 0 {
			answer, c.answers[part] = list[0], list[1:]
			break
		}
	}
	return copy(to, answer+"\n"), nil
}

func (d *desk) talk(t *testing.T, ctx context.Context, answers map[string][]string, args ...string) (code int, out,
	errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	options := d.options("", &o, &e)
	options.In = &conversation{t: t, out: &o, answers: answers}
	code = Run(ctx, args, options)
	d.keepsSecrets(func(f string, a ...any) { t.Helper(); t.Errorf(f, a...) }, o.String()+e.String())
	return code, o.String(), e.String()
}

func has(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in\n%s", part, text)
		}
	}
}
