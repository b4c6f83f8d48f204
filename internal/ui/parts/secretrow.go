package parts

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"entrada/internal/clipboard"
	"entrada/internal/secret"
	"entrada/internal/ui/theme"
)

// lender is the one that puts secrets on the clipboard and takes them back.
// Only the user-interface goroutine touches it.
var lender = &clipboard.Lender{Board: board{}, Now: time.Now, After: After}

// board is the clipboard of the running application.
type board struct{}

func (board) Content() string        { return fyne.CurrentApp().Clipboard().Content() }
func (board) SetContent(text string) { fyne.CurrentApp().Clipboard().SetContent(text) }

// ConcealCopied has secrets copied in the given way, which keeps them out of the
// histories of the system's clipboard. Call it before the first window.
func ConcealCopied(conceal func(text string) bool) { lender.Conceal = conceal }

// TakeBackCopied clears the clipboard of a secret that was copied here and is
// still on it. Call it before the program ends, while its window is there.
func TakeBackCopied() { lender.Return() }

// SecretRow is a secret to copy. What is copied leaves the clipboard after a
// while, and the row counts down to it.
type SecretRow struct {
	composed
	value  secret.Value
	text   *Text
	below  *Text
	apart  bool // the buttons stand below: the secret has all of the width
	button *Button
	hold   *Button // shows it; nil where the secret is shown all the time
}

// masked stands for a secret of any length.
var masked = strings.Repeat("•", 24)

// afterCopying is what the row says while nothing of it is on the clipboard.
const afterCopying = "Once copied, it leaves the clipboard after 45 seconds."

// NewSecretRow returns a row that shows the secret only while its button is
// held down.
func NewSecretRow(label string, v secret.Value) *SecretRow {
	r := &SecretRow{value: v, text: Mono(masked)}
	r.hold = holding(Small("Hold to show", nil).SetSpoken("Show "+label+" while held"), r.reveal)
	return r.assemble(label, r.hold)
}

// NewPassphraseRow returns a row for a passphrase that was just made up and has
// to be read: it is shown all the time.
func NewPassphraseRow(label string, v secret.Value) *SecretRow {
	r := &SecretRow{value: v, text: Mono(v.Reveal())}
	return r.assemble(label)
}

// NewSpokenRow returns a row for a passphrase that is read out on the phone: it
// stays in sight until it is hidden again, or the keyboard goes elsewhere.
func NewSpokenRow(label string, v secret.Value) *SecretRow {
	r := &SecretRow{value: v, text: Mono(masked), apart: true}
	shown := false
	show := func(on bool) {
		shown = on
		words := "Show"
		if on {
			words = "Hide"
		}
		r.hold.SetLabel(words)
		r.hold.SetSpoken(words + " " + label)
		r.reveal(on)
		r.relayout()
	}
	r.hold = Small("Show", func() { show(!shown) }).SetSpoken("Show " + label)
	r.hold.onBlur = func() { show(false) }
	return r.assemble(label, Sized(copyLabelWidth(), r.hold.MinSize().Height, r.hold))
}

func (r *SecretRow) assemble(label string, others ...fyne.CanvasObject) *SecretRow {
	r.below = Caption(afterCopying)
	r.button = Small("Copy", nil).SetSpoken("Copy " + label)
	copied := func() {}
	r.button.SetAction(func() {
		lender.Lend(r.value, r.count)
		copied()
		r.button.SetLabel("Copied")
		copied = After(copiedFor, func() { r.button.SetLabel("Copy") })
	})
	// As wide as both its labels need.
	button := Sized(copyLabelWidth(), r.button.MinSize().Height, r.button)
	row := Row(2*theme.Step, 0, append(append([]fyne.CanvasObject{r.text}, others...), button)...)
	if r.apart {
		row = Column(2*theme.Step, r.text, Wrap(2*theme.Step, append(others, button)...))
	}
	r.build(r, Column(theme.Step, NewPanel(theme.ColorNameSurface, theme.ColorNameBorder, 2*theme.Step, row), r.below))
	return r
}

// count shows the countdown; without words it is over.
func (r *SecretRow) count(words string) {
	if words == "" {
		words = afterCopying
	}
	r.below.SetText(words)
}

func (r *SecretRow) reveal(on bool) {
	text := masked
	if on {
		text = r.value.Reveal()
	}
	r.text.SetPieces(Piece{Text: text})
}

// Button is what copies: it gets the focus.
func (r *SecretRow) Button() *Button { return r.button }
