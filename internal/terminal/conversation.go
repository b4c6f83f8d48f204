package terminal

import (
	"context"
	"slices"

	"entrada/internal/fault"
	"entrada/internal/flow"
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
		w.out.Line(s.Title + " …")
		if s.Lead != "" && s.Browser == nil {
			w.out.Say("", s.Lead)
		}
		return w.wait(ctx, s)
	}
	if s.Title != w.page.Title {
		w.out.Heading(s.Title)
	}
	if s.Lead != "" {
		w.out.Say("", s.Lead)
	}
	choices := slices.Clone(s.Choices)
	for _, b := range s.Blocks {
		if shows(b) {
			w.out.Blank()
			w.block(b)
		}
		choices = append(choices, choicesIn(b, choices)...)
	}
	w.out.Blank()
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
		w.out.Blank()
		w.out.Report(choices[i].Copy)
		w.out.Blank()
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
