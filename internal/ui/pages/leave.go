package pages

import (
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// stopLabel are the words of the button that leaves the wizard: nothing in them
// may sound as if it saved the secret.
const stopLabel = "Stop for now"

const unsavedTitle = "The secret is not saved yet"

// leaving is a way out of the wizard.
type leaving struct {
	label   string // of the button that takes it
	without string // the same, where a secret is lost by it
	do      func()
}

func (w *nav) stopping() leaving {
	return leaving{stopLabel, "Stop without saving", func() { goHome(w) }}
}

func (w *nav) closeAction() parts.Action {
	return parts.Action{Label: stopLabel, Do: func() {
		if !askBeforeLoss(w, w.stopping()) {
			goHome(w)
		}
	}}
}

// askToClose is for whoever closes the window, by its frame or by a key of the
// desktop. The place is remembered at each step.
func askToClose(w *nav) {
	if d, open := w.window.Canvas().Overlays().Top().(*parts.Dialog); open && d == w.asking {
		return // that is the question
	}
	if w.journey == nil || !askBeforeLoss(w, leaving{"Close Entrada", "Close without saving", w.toEnd}) {
		w.toEnd()
	}
}

// goHome remembers the place and goes home.
func goHome(w *nav) {
	if err := w.journey.Save(); err != nil {
		w.tell("Your place could not be remembered", err)
		return
	}
	w.ShowHome()
}

// askToLeave is Esc on a page of the journey.
func askToLeave(w *nav) {
	if w.journey == nil || askBeforeLoss(w, w.stopping()) {
		return
	}
	text := "You can go on at this page later."
	if !w.journey.IsRemembered() {
		text = journey.NotRemembered
	}
	if lost := w.journey.LostByStopping(); lost != "" {
		text = lost
	}
	parts.NewDialog(parts.DialogOptions{
		Title: "Stop here for now?", Body: parts.Body(text), Cancel: "Stay here",
		Primary: parts.Action{Label: stopLabel, Do: func() { goHome(w) }},
	}).Open(w.window.Canvas())
}

// askBeforeLoss asks where stopping loses what nobody can get again: a secret
// that is not saved, or the passphrase of a file for the vendor. It reports
// false where nothing of that kind is lost.
func askBeforeLoss(w *nav, out leaving) bool {
	lost := w.journey.LostByStopping()
	again := "" // of a secret that the person has seen
	if w.journey.Route() != journey.DoForMe {
		again = " The portal does not show it a second time."
	}
	switch {
	case lost != "" && w.journey.Missing(journey.PageTest) == nil:
		askToSave(w, lost+again, out)
	case lost != "" && again != "":
		askToStop(w, unsavedTitle, lost+again+" Keep it at hand.", out)
	case lost == "" && passphraseWanted(w):
		askToStop(w, "Write down the passphrase first",
			"Entrada forgets it when it closes, and without it nobody opens the encrypted file. Until then you "+
				"can find it here.", out)
	default:
		return false
	}
	return true
}

// askToStop asks with the harmless answer at hand.
func askToStop(w *nav, title, text string, out leaving) {
	w.ask(parts.DialogOptions{
		Title: title, Body: parts.Body(text), Cancel: "Stay here", Danger: true,
		Primary: parts.Action{Label: out.label, Do: out.do},
	})
}

func (w *nav) ask(opt parts.DialogOptions) {
	w.asking = parts.NewDialog(opt)
	w.asking.Open(w.window.Canvas())
}

// askToSave offers to save the secret instead of stopping without it.
func askToSave(w *nav, text string, out leaving) {
	w.ask(parts.DialogOptions{
		Title: unsavedTitle, Body: parts.Body(text), Cancel: "Stay here",
		Others:  []parts.Action{{Label: out.without, Do: out.do}},
		Primary: parts.Action{Label: "Save it now", Do: func() { saveFirst(w) }},
	})
}

// saveFirst goes to where the connection is saved, and saves it there.
func saveFirst(w *nav) {
	switch w.journey.Page().ID {
	case journey.PageSave:
		if b := w.shell.Primary(); !b.Disabled() {
			b.Press()
		}
	case journey.PageTest:
		w.next()
	default:
		w.goTo(journey.PageSave)
	}
}

// passphraseWanted: a file was made in this run, and nobody was told yet how it
// opens.
func passphraseWanted(w *nav) bool {
	id := w.journey.Answers().ConnectionID
	r, saved := w.app.Connections.Get(id)
	return saved && r.HandedOver == nil && !w.parcels[id].Lock.Passphrase.IsEmpty()
}
