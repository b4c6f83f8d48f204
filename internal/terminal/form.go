package terminal

import (
	"context"
	"strings"

	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/words"
)

// fill asks for what a form wants to know.
func (w *wizard) fill(ctx context.Context, form flow.Form) error {
	for _, f := range form.Fields {
		if f.Hint != "" {
			w.out.Say("", f.Hint)
		}
		if f.Wrong != "" {
			w.out.Say("", f.Wrong)
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
		w.out.Blank()
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
		w.out.Say("", f.Try.Do(ctx, f.Value))
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
		w.out.Line(fault.Sentence(err))
	}
}

func (w *wizard) fillHidden(ctx context.Context, f *flow.Field) error {
	for {
		v, err := w.askHidden(ctx, f.Label+" (it is not shown)")
		if err != nil {
			return err
		}
		if err := f.Judge(v.Reveal()); err != nil {
			w.out.Say("", explain.Sentence(err))
			continue
		}
		f.Type(v.Reveal())
		return nil
	}
}
