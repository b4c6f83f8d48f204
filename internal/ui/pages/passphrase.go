package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/handover"
	"entrada/internal/safefile"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// passphraseInput is where the passphrase of the file with secrets is chosen,
// or typed if there is such a file already.
type passphraseInput struct {
	made  secret.Value // offered for a new file
	typed *parts.Field
	store *connections.Store
}

func newPassphraseInput(store *connections.Store) *passphraseInput {
	p := &passphraseInput{store: store, made: handover.GeneratePassphrase()}
	_, exists, _ := store.PassphraseFile()
	if exists {
		p.typed = parts.NewField(parts.FieldOptions{Label: "Passphrase of your secrets", Secret: true,
			Hint: "There is a file with secrets already. This one goes into it.", Changed: func(string) { p.typed.SetStatus(parts.StatusNeutral, "") }})
		return p
	}
	p.typed = parts.NewField(parts.FieldOptions{Label: "Your own passphrase", Secret: true, Hint: "At least 12 characters. Empty: the one above is used.", Changed: func(text string) {
		if text == "" {
			p.typed.SetStatus(parts.StatusNeutral, "")
		} else if err := handover.CheckPassphrase(secret.New(text)); err != nil {
			p.typed.SetStatus(parts.StatusBad, explain.Sentence(err))
		} else {
			p.typed.SetStatus(parts.StatusGood, "This one is used instead of the one above.")
		}
	}})
	return p
}

// open: the file is there, and its passphrase was typed before.
func (p *passphraseInput) open() bool {
	_, exists, locked := p.store.PassphraseFile()
	return exists && !locked
}

// part is what stands on the page.
func (p *passphraseInput) part() fyne.CanvasObject {
	path, exists, _ := p.store.PassphraseFile()
	var column *fyne.Container
	switch {
	case p.open():
		return parts.Muted("It goes to your other secrets. Their file is open until you close Entrada.")
	case exists:
		column = parts.Column(12, p.typed)
	default:
		column = parts.Column(12,
			parts.Strong("Passphrase"),
			parts.NewPassphraseRow("the passphrase", p.made),
			parts.Caption("Put it into your password manager, or write it down. Entrada does not keep it, and there is no other way to open the file."),
			parts.NewFold("Choose your own", p.typed))
	}
	if words, ok := riskWords[safefile.FolderRisk(path)]; ok {
		column.Objects = append(column.Objects, parts.NewCallout(parts.ToneWarning, "About the folder of this file:", words))
	}
	return column
}

// riskWords warn of a folder for what is encrypted.
var riskWords = map[safefile.Risk]string{
	safefile.CloudSynced: "It is copied to an online storage. There, its encryption is all that protects the secret.",
	safefile.Network:     "It is on another computer. There, its encryption is all that protects the secret.",
	safefile.Removable:   "It is on a memory stick or card. Its encryption is all that protects the secret.",
}

// value is the passphrase to use.
func (p *passphraseInput) value() secret.Value {
	if text := p.typed.Text(); text != "" {
		return secret.New(text)
	}
	if _, exists, _ := p.store.PassphraseFile(); exists {
		return secret.Value{}
	}
	return p.made
}

// ready says at the field what is still missing.
func (p *passphraseInput) ready() bool {
	_, exists, _ := p.store.PassphraseFile()
	if exists && p.value().IsEmpty() {
		p.typed.SetStatus(parts.StatusBad, "Type the passphrase of the file.")
		return false
	}
	if err := handover.CheckPassphrase(p.value()); !exists && err != nil {
		p.typed.SetStatus(parts.StatusBad, explain.Sentence(err))
		return false
	}
	return true
}

// refused says at the field that the passphrase was not the right one.
func (p *passphraseInput) refused(err error) bool {
	if !fault.Is(err, fault.WrongPassphrase, fault.WeakPassphrase) {
		return false
	}
	p.typed.SetStatus(parts.StatusBad, explain.Sentence(err))
	return true
}

// askPassphrase asks in front of whatever page is shown. It is called from any
// goroutine, by work that needs a secret from a file that is locked.
func (w *Window) askPassphrase(ctx context.Context, again bool) (secret.Value, error) {
	answer := make(chan secret.Value, 1)
	var dialog *parts.Dialog
	parts.PostWhile(ctx, func() {
		field := parts.NewField(parts.FieldOptions{Label: "Passphrase of your secrets", Secret: true, Hint: "Asked once, until you close Entrada.",
			Submit: func() { dialog.Primary().Press() }})
		if again {
			field.SetStatus(parts.StatusBad, "The file did not open with this one. Capital letters and spaces count.")
		}
		dialog = parts.NewDialog(parts.DialogOptions{
			Title: "Open your secrets", Body: parts.Column(12, parts.Body("You chose to keep them in a file behind a passphrase."), field),
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
