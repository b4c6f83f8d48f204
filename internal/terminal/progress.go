package terminal

import (
	"regexp"
	"strconv"

	"entrada/internal/console"
	"entrada/internal/flow"
)

// progress writes a line for what work tells, once.
type progress struct {
	out    *console.Output
	status bool // one row alone, which says what happens now
	rows   bool
	said   map[string]bool
}

func newProgress(out *console.Output, s *flow.Screen) *progress {
	p := &progress{out: out, said: map[string]bool{}}
	for _, b := range s.Blocks {
		if rows, ok := b.(flow.Rows); ok {
			p.rows, p.status = true, rows.Quiet
		}
	}
	return p
}

func (p *progress) once(text string, write func()) {
	if !p.said[text] {
		p.said[text] = true
		write()
	}
}

func (p *progress) Row(i int, r flow.Row) {
	switch {
	case p.status && r.State == flow.Running:
		line := r.Title
		if r.Detail != "" {
			line += ", " + r.Detail
		}
		p.once(line, func() { p.out.Line(console.OneLine(line) + " …") })
	case p.status:
		p.once(r.Title, func() { p.out.Say("", r.Title+". "+r.Detail) })
	case r.State == flow.Running && r.Detail == "", r.State == flow.Waiting:
	default:
		p.once(strconv.Itoa(i)+rowWords[r.State][0], func() { writeRow(p.out, r) })
	}
}

var numbers = regexp.MustCompile(`\d+`)

// Now is of interest where nothing else is to be seen, and without its seconds.
func (p *progress) Now(words string) {
	if !p.rows {
		p.once(numbers.ReplaceAllString(words, ""), func() { p.out.Say("", words) })
	}
}

func (p *progress) Link(address string) {
	p.once(address, func() {
		sayLink(p.out, address)
		// Some refusals are shown by Microsoft alone and never reach us.
		p.out.Line("If the browser shows an error instead: entrada-cli explain")
	})
}

func (p *progress) Code(address, code string) {
	p.out.Say("", flow.CodeAddress)
	p.out.Value(address)
	p.out.Line(flow.CodeEntry)
	p.out.Value(code)
}

func (p *progress) Note(words string) { p.once(words, func() { p.out.Say("", words) }) }
