package terminal

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/words"
)

// usualQuestion is asked where a screen has none of its own.
const usualQuestion = "How do you want to go on"

// converse draws the screens of a command's conversation beside what was asked
// for.
func (p *program) converse(ctx context.Context, s *flow.Screen) (flow.Exit, error) {
	w := &wizard{p: p, out: p.err}
	exit, err := w.converse(ctx, s)
	if err != nil {
		err = w.leave(ctx, err)
	}
	return exit, err
}

// converse draws the screens of a flow as lines and questions, until its end.
// Back leads to an earlier screen, and from the first one out of it.
func (w *wizard) converse(ctx context.Context, s *flow.Screen) (flow.Exit, error) {
	for s.Exit == flow.Stay {
		step, err := w.turn(ctx, s)
		switch {
		case err == errBack && s.Back != nil:
			step = s.Back
		case ctx.Err() == nil && err != nil:
			return flow.Forgone, err
		}
		if ctx.Err() != nil {
			if step != nil && waits(s) {
				step() // what was stopped still says how far it came
			}
			return flow.Forgone, fault.New(fault.Cancelled, "go on", ctx.Err())
		}
		s = step()
	}
	return s.Exit, nil
}

// waits reports whether stopping the work of a screen waits for what comes of it.
func waits(s *flow.Screen) bool {
	return slices.ContainsFunc(s.Choices, func(c flow.Choice) bool { return c.Next == nil && c.Copy == "" })
}

// turn shows one screen and waits for its work or for an answer.
func (w *wizard) turn(ctx context.Context, s *flow.Screen) (flow.Step, error) {
	if s.Preflight != nil {
		if step := s.Preflight(ctx); step != nil {
			return step, nil
		}
	}
	if s.Work != nil {
		w.out.line(s.Title + " …")
		if s.Lead != "" && s.Browser == nil {
			w.out.say("", s.Lead)
		}
		return s.Work(w.p.quietly(ctx), newProgress(w.out, s)), nil
	}
	if s.Title != w.page.Title {
		w.out.heading(s.Title)
	}
	if s.Lead != "" {
		w.out.say("", s.Lead)
	}
	choices := slices.Clone(s.Choices)
	for _, b := range s.Blocks {
		if shows(b) {
			w.out.blank()
			w.block(b)
		}
		choices = append(choices, choicesIn(b, choices)...)
	}
	w.out.blank()
	forms := 0
	for _, b := range s.Blocks {
		if form, ok := b.(flow.Form); ok {
			forms++
			if err := w.fill(ctx, form); err != nil {
				return nil, err
			}
		}
	}
	if forms > 0 && len(choices) == 1 {
		return choices[0].Next, nil // what was typed says it all
	}
	return w.decide(ctx, s.Ask, choices)
}

// shows reports whether a block is to be seen: a form is asked for below the
// others, and what was told stands above them.
func shows(b flow.Block) bool {
	_, form := b.(flow.Form)
	rows, _ := b.(flow.Rows)
	return !form && !rows.Told
}

// decide asks for one of the choices; Enter is the first, unless that is guarded.
func (w *wizard) decide(ctx context.Context, question string, choices []flow.Choice) (flow.Step, error) {
	if question == "" {
		question = usualQuestion
	}
	options := make([]option, len(choices))
	for i, c := range choices {
		options[i] = option{c.ID, c.Label, c.Text}
	}
	proposed := 0
	if choices[0].Guarded {
		proposed = -1
	}
	for {
		i, err := w.choose(ctx, question, options, proposed)
		if err != nil {
			return nil, err
		}
		if choices[i].Copy == "" {
			return choices[i].Next, nil
		}
		w.out.blank()
		w.out.report(choices[i].Copy)
		w.out.blank()
	}
}

// choicesIn are the ways on that stand within a block, but for those that the
// screen has already.
func choicesIn(b flow.Block, there []flow.Choice) (list []flow.Choice) {
	add := func(about string, choices []flow.Choice) {
		for _, c := range choices {
			same := func(o flow.Choice) bool { return o.ID == c.ID }
			if slices.ContainsFunc(there, same) || slices.ContainsFunc(list, same) {
				continue
			}
			if about != "" {
				c.Label += ": " + about
			}
			list = append(list, c)
		}
	}
	switch b := b.(type) {
	case flow.Group:
		for _, inner := range b.Blocks {
			list = append(list, choicesIn(inner, slices.Concat(there, list))...)
		}
	case flow.Callout:
		add("", b.Choices)
	case flow.Fault:
		if c, ok := b.Choice(); ok {
			add("", []flow.Choice{c})
		}
	case flow.Rows:
		for _, r := range b.List {
			add(r.Title, r.Choices)
		}
	}
	return list
}

func (w *wizard) block(b flow.Block) {
	switch b := b.(type) {
	case flow.Text:
		if b.Plain {
			w.out.block(b.Words)
			return
		}
		w.out.say("", b.Words)
	case flow.Group:
		w.subheading(b.Heading)
		for _, inner := range b.Blocks {
			w.block(inner)
		}
	case flow.Steps:
		w.subheading(b.Heading)
		for i, item := range b.Items {
			w.out.say("   ", strconv.Itoa(i+1)+". "+item.Words)
			for _, d := range item.Details {
				w.out.say("     ", "   - "+d)
			}
			if item.Warning != "" {
				w.out.say("   ", "   **"+item.Warning+"**")
			}
		}
	case flow.List:
		w.subheading(b.Heading)
		if b.Note != "" {
			w.out.say("  ", "  "+b.Note)
		}
		for _, words := range b.Items {
			if !b.Facts {
				words = "- " + words
			}
			w.out.say("    ", "  "+oneLine(words))
		}
	case flow.Callout:
		w.callout(b)
	case flow.Rows:
		w.subheading(b.Heading)
		for _, r := range b.List {
			writeRow(w.out, r)
		}
	case flow.Fault:
		w.out.report(b.Report())
	case flow.Value:
		w.value(b)
	}
}

// value writes something to copy. A secret is shown on a terminal alone.
func (w *wizard) value(v flow.Value) {
	w.out.line(oneLine(v.Label) + ":")
	switch {
	case v.Show && w.out.terminal:
		w.out.value(v.Secret.Reveal())
	case !v.Secret.IsEmpty():
		w.out.line("(hidden)")
	case v.Text != "":
		w.out.value(v.Text)
	}
	if v.Note != "" {
		w.out.say("", v.Note)
	}
}

// toneWords say what kind of a remark it is, where its own words may not.
var toneWords = map[flow.Tone]string{flow.Differs: "Differs from the document: ", flow.Warning: "Careful: "}

func (w *wizard) callout(b flow.Callout) {
	text := b.Words
	if b.Title != "" {
		text = "**" + b.Title + "** " + text
	}
	for i, paragraph := range strings.Split(text, "\n") {
		if i == 0 {
			paragraph = toneWords[b.Tone] + paragraph
		}
		w.out.say("  ", oneLine(paragraph))
	}
	for _, words := range b.Items {
		w.out.say("    ", "  - "+oneLine(words))
	}
}

func (w *wizard) subheading(text string) {
	if text != "" {
		w.out.line(strings.TrimSuffix(oneLine(text), ":") + ":")
	}
}

// rowWords are the states of a row; the colours say the same.
var rowWords = map[flow.State][2]string{
	flow.Waiting: {"to do", faint}, flow.Running: {"waiting", yellow}, flow.Well: {"ok", green},
	flow.Failed: {"not ok", red},
	flow.Warned: {"attention", yellow}, flow.Unknown: {"unknown", yellow},
	flow.Skipped: {"skipped", yellow}, flow.NotAsked: {"not asked", faint},
}

// inOneLine are the states that nobody has to do anything about.
var inOneLine = []flow.State{flow.Waiting, flow.Running, flow.Well, flow.Skipped, flow.NotAsked}

// writeRow writes a row with what there is to say of it below, or behind it.
func writeRow(to *screen, r flow.Row) {
	const margin = "             " // below the title
	title, details := oneLine(r.Title), strings.Split(r.Detail, "\n")
	if slices.Contains(inOneLine, r.State) && len(details) == 1 && r.Detail != "" {
		title, details = title+": "+oneLine(r.Detail), nil
	}
	for i, line := range to.wrap(margin+title, len(margin)) {
		word := rowWords[r.State]
		if i == 0 {
			line = "  " + to.mark(word[1], word[0], 11) + strings.TrimPrefix(line, margin)
		} else {
			line = margin + line
		}
		to.raw(line + "\n")
	}
	if r.Way != "" {
		details = append(details, "Where: "+r.Way+".")
	}
	for _, d := range details {
		if d != "" {
			to.say(margin, margin+oneLine(d))
		}
	}
	if r.Address != "" {
		to.line(margin + oneLine(r.Address))
	}
}

// fill asks for what a form wants to know.
func (w *wizard) fill(ctx context.Context, form flow.Form) error {
	for _, f := range form.Fields {
		if f.Hint != "" {
			w.out.say("", f.Hint)
		}
		if f.Wrong != "" {
			w.out.say("", f.Wrong)
			f.Wrong = ""
		}
		fill := w.fillText
		switch {
		case f.Hidden:
			fill = w.fillHidden
		case len(f.Options) > 0:
			fill = w.fillChoice
		}
		if err := fill(ctx, f); err != nil {
			return err
		}
		w.out.blank()
	}
	return nil
}

func (w *wizard) fillText(ctx context.Context, f *flow.Field) error {
	err := w.until(ctx, f.Question(), f.Value, func(text string) string {
		if err := f.Judge(text); err != nil {
			return fault.Sentence(err)
		}
		f.Type(text)
		return ""
	})
	if err != nil || f.Try == nil || f.Value == "" {
		return err
	}
	try := false
	err = w.until(ctx, "Press Enter to go on, or type try to "+words.LowerFirst(f.Try.Label), "",
		func(text string) string {
			if try = word(text) == "try"; try || text == "" {
				return ""
			}
			return "Press Enter, or type try."
		})
	if err == nil && try {
		w.out.say("", f.Try.Do(ctx, f.Value))
	}
	return err
}

func (w *wizard) fillChoice(ctx context.Context, f *flow.Field) error {
	options, on, chosen := make([]option, len(f.Options)), make([]bool, len(f.Options)), 0
	for i, o := range f.Options {
		options[i], on[i] = option{o.ID, o.Label, o.Text}, o.On
		if o.On {
			chosen = i
		}
	}
	for {
		if f.Many {
			ticked, err := w.chooseMany(ctx, f.Label, options, on)
			if err != nil {
				return err
			}
			f.Choose(ticked)
		} else {
			i, err := w.choose(ctx, strings.TrimSuffix(f.Label, "?"), options, chosen)
			if err != nil {
				return err
			}
			clear(on)
			on[i] = true
			f.Choose(on)
		}
		err := f.Judge("")
		if err == nil {
			return nil
		}
		w.out.line(fault.Sentence(err))
	}
}

func (w *wizard) fillHidden(ctx context.Context, f *flow.Field) error {
	for {
		v, err := w.askHidden(ctx, f.Label+" (it is not shown)")
		if err != nil {
			return err
		}
		if err := f.Judge(v.Reveal()); err != nil {
			w.out.say("", explain.Sentence(err))
			continue
		}
		f.Type(v.Reveal())
		return nil
	}
}

// progress writes a line for what work tells, once.
type progress struct {
	out    *screen
	status bool // one row alone, which says what happens now
	rows   bool
	said   map[string]bool
}

func newProgress(out *screen, s *flow.Screen) *progress {
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
		p.once(line, func() { p.out.line(oneLine(line) + " …") })
	case p.status:
		p.once(r.Title, func() { p.out.say("", r.Title+". "+r.Detail) })
	case r.State == flow.Running && r.Detail == "", r.State == flow.Waiting:
	default:
		p.once(strconv.Itoa(i)+rowWords[r.State][0], func() { writeRow(p.out, r) })
	}
}

var numbers = regexp.MustCompile(`\d+`)

// Now is of interest where nothing else is to be seen, and without its seconds.
func (p *progress) Now(words string) {
	if !p.rows {
		p.once(numbers.ReplaceAllString(words, ""), func() { p.out.say("", words) })
	}
}

func (p *progress) Link(address string) {
	p.once(address, func() {
		sayLink(p.out, address)
		// Some refusals are shown by Microsoft alone and never reach us.
		p.out.line("If the browser shows an error instead: entrada-cli explain")
	})
}

func (p *progress) Code(address, code string) {
	p.out.say("", flow.CodeAddress)
	p.out.value(address)
	p.out.line(flow.CodeEntry)
	p.out.value(code)
}

func (p *progress) Note(words string) { p.once(words, func() { p.out.say("", words) }) }
