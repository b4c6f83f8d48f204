package console

import (
	"bytes"
	"testing"
)

func TestMarkdownIsDrawnAsLines(t *testing.T) {
	var b bytes.Buffer
	s := &Output{w: &b, Width: 20}
	s.Markdown("# One\n\nSome words\nof a paragraph.\n- an entry that goes\n  on\n- `code`\n## Two\n\nEnd.")
	want := "\nOne\nSome words of a\nparagraph.\n- an entry that goes\n  on\n- “code”\n\nTwo\nEnd.\n"
	if b.String() != want {
		t.Errorf("%q, not\n%q", b.String(), want)
	}
}
