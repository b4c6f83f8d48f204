package pages

import (
	"context"

	"entrada/internal/flow/deliver"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// askPassphrase asks in front of whatever page is shown. It is called from any
// goroutine, by work that needs a secret from a file that is locked.
func askPassphrase(ctx context.Context, w *nav, again bool) (secret.Value, error) {
	answer := make(chan secret.Value, 1)
	var dialog *parts.Dialog
	parts.PostWhile(ctx, func() {
		field := parts.NewField(
			parts.FieldOptions{Label: deliver.SecretsPassphrase, Secret: true,
				Hint:   "Asked once, until you close Entrada.",
				Submit: func() { dialog.Primary().Press() }})
		if again {
			field.SetStatus(parts.StatusBad, deliver.NotThisPassphrase)
		}
		dialog = parts.NewDialog(parts.DialogOptions{
			Title: "Open your secrets",
			Body:  parts.Column(12, parts.Body("You chose to keep them in a file behind a passphrase."), field),
			First: field.Entry(), Closed: func() { answer <- secret.Value{} },
			Primary: parts.Action{Label: "Open", Do: func() {
				answer <- secret.New(field.Text())
				field.Wipe()
			}},
		})
		dialog.Open(w.window.Canvas())
	})
	select {
	case v := <-answer:
		return v, nil
	case <-ctx.Done():
		// The page that wanted it is gone, and so must be the question.
		parts.Post(func() {
			if dialog != nil {
				dialog.Close()
			}
		})
		return secret.Value{}, ctx.Err()
	}
}
