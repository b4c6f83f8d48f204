package terminal

import (
	"context"
	"strings"

	"entrada/internal/flow"
	"entrada/internal/secret"
)

// leaveWait is said where somebody may have to wait for minutes.
const leaveWait = "To leave this wait, type back or quit."

// wait does the work of a screen. Whoever sits at the terminal can leave it at once, or
// take one of its ways out. What is typed beside that is kept for the next question, but
// for what is typed while a browser is waited for: minutes later nobody means it.
func (w *wizard) wait(ctx context.Context, s *flow.Screen) (flow.Step, error) {
	report := newProgress(w.out, s)
	if !w.p.in.Terminal {
		return s.Work(w.p.quietly(ctx), report), nil
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	reading, over := context.WithCancel(working)
	heard := make(chan struct{})
	hush := func() { over(); <-heard }
	w.p.silence.Store(&hush)
	defer w.p.silence.Store(nil)
	if s.Browser != nil {
		w.out.Line(leaveWait)
	}
	done := make(chan flow.Step, 1)
	go func() {
		defer over()
		done <- s.Work(w.p.quietly(working), report)
	}()
	way, why := w.meanwhile(reading, s)
	close(heard)
	if way != nil || why != nil {
		stop()
	}
	step := <-done
	switch {
	case why != nil:
		if waits(s) {
			step() // what was stopped still says how far it came
		}
		return nil, why
	case way != nil && way.Next != nil:
		return way.Next, nil
	}
	return step, nil
}

// hidden asks for a secret, also out of work: then nobody else reads any more.
func (p *program) hidden(ctx context.Context, question string) (secret.Value, error) {
	if hush := p.silence.Load(); hush != nil {
		(*hush)()
	}
	return p.in.Hidden(ctx, func() { p.err.Raw(question + " (it is not shown): ") })
}

// meanwhile reads what is typed, until it is a way out or nobody is to read any more.
func (w *wizard) meanwhile(ctx context.Context, s *flow.Screen) (way *flow.Choice, why error) {
	var ahead []string
	defer func() { w.p.in.Unread(ahead...) }()
	for {
		text, err := w.p.in.Beside(ctx)
		if err != nil {
			return nil, nil
		}
		if way, why = leaves(text, s); way != nil || why != nil {
			return way, why
		}
		if s.Browser == nil {
			ahead = append(ahead, text)
		} else if text != "" {
			w.out.Line("Still waiting. " + leaveWait)
		}
	}
}

// leaves is which way out of a wait somebody means; none for any other text.
func leaves(text string, s *flow.Screen) (*flow.Choice, error) {
	for i, c := range s.Choices {
		if word(text) == strings.ToLower(c.ID) || word(text) == strings.ToLower(c.Label) {
			return &s.Choices[i], nil
		}
	}
	switch word(text) {
	case "quit", "exit":
		return nil, errQuit
	case "back", "skip", "cancel", "stop":
		if len(s.Choices) > 0 {
			return &s.Choices[0], nil
		}
		return nil, errBack
	}
	return nil, nil
}
