package pages

import (
	"context"

	"entrada/internal/entra"
	"entrada/internal/flow/prove"
	"entrada/internal/ui/parts"
)

// showVerdict says below a field what its value is.
func showVerdict(f *parts.Field, v entra.Verdict, good string) {
	switch v.State {
	case entra.Missing:
		f.SetStatus(parts.StatusNeutral, v.Sentence)
	case entra.Good:
		if v.Sentence != "" {
			good = v.Sentence
		}
		if f.Text() != v.Clean {
			f.SetText(v.Clean) // without the spaces that came along
		}
		f.SetStatus(parts.StatusGood, good)
	case entra.Doubtful:
		f.SetStatus(parts.StatusWarn, v.Sentence)
	case entra.Wrong:
		f.SetStatus(parts.StatusBad, v.Sentence)
	}
}

// askFresh asks Microsoft about values that may be new, and gives each answer to
// the page.
func askFresh(ctx context.Context, f prove.Fresh, answered func(prove.Answer)) {
	f.Between = func(ctx context.Context, a prove.Answer) error {
		parts.PostWhile(ctx, func() { answered(a) })
		return prove.Pause(ctx, a.Again)
	}
	parts.Run(ctx, func(ctx context.Context) (prove.Answer, error) { return f.Ask(ctx), nil },
		func(a prove.Answer, _ error) { answered(a) })
}
