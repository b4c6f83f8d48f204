package pages

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/ui/parts"
)

// showSettings says what Entrada keeps on this computer and where, and removes
// it. There is nothing to set that Entrada could not find out by itself.
func showSettings(w *nav) {
	ctx := w.enter()
	w.journey = nil
	keychain := parts.NewSlot()
	stored := w.app.Stored()
	var rows []fyne.CanvasObject
	for _, s := range stored {
		rows = append(rows, storedRow(s, parts.CheckDone))
	}
	rows = append(rows,
		parts.NewListRow(
			parts.ListItem{State: parts.CheckSkipped, Title: "Sign-ins and their tokens",
				Caption: "In memory only, until the test or the work is over."}))
	page := parts.Page{
		Title: "What is kept, and where",
		Lead:  "Everything stays on this computer. Nothing goes to the makers of Entrada.", Wide: true, Gap: 20,
		Body: []fyne.CanvasObject{
			parts.List(rows...),
			parts.SubHeading("Keychain"), keychain,
			parts.Muted(
				"A keychain keeps secrets from other users of this computer, and from whoever gets hold of its " +
					"disk. Programs that run under your own account can read them as well. An item that is too " +
					"large is encrypted into a file, and the keychain holds the key."),
			parts.SubHeading("Clipboard"),
			parts.Muted(clipboardWords),
		},
		Back: w.ShowHome, Cancel: w.ShowHome,
		Others: []parts.Action{{Label: "Remove everything …", Do: func() { showRemoveEverything(w) },
			Disabled: len(stored) == 0}},
		Primary: parts.Action{Label: "Done", Do: w.ShowHome},
	}
	w.show(page)
	keychain.Fill(parts.NewBusy("Looking at the keychain …", nil))
	store := w.app.Connections
	parts.Run(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, store.Probe(ctx) },
		func(_ struct{}, err error) {
			keychain.Fill(keychainState(w, store, err))
		})
}

// keychainState says in words whether secrets can be kept.
func keychainState(w *nav, store *connections.Store, err error) fyne.CanvasObject {
	switch {
	case err == nil:
		return parts.NewCallout(parts.ToneGood, "The keychain answers.", "Secrets can be saved in it.")
	case fault.Is(err, fault.KeychainLocked):
		return parts.NewCallout(parts.ToneInfo, "The keychain is locked.",
			"Your computer asks you to unlock it when a secret is needed.")
	case fault.Is(err, fault.KeychainUnavailable):
		text := "A secret can stay in memory until Entrada closes, or go into a file behind a passphrase."
		if _, exists, locked := store.PassphraseFile(); exists && locked {
			text += " There is such a file, and it is locked."
		} else if exists {
			text += " There is such a file, and it is open until Entrada closes."
		}
		return parts.NewCallout(parts.ToneWarning, "This computer, or this session, has no keychain.", text)
	}
	return parts.NewFaultBox(w.explained(err, canRetry(func() { showSettings(w) })))
}

const clipboardWords = "A secret is copied only when you ask for it. It leaves the clipboard after 45 seconds and " +
	"when Entrada closes, unless you copied something else meanwhile. " +
	"Windows, macOS and the clipboard programs of Linux are told that it is a secret, so that they keep it out of " +
	"their history. One that does not listen may still hold it: clear it there."

func storedRow(s app.Stored, state parts.CheckState) fyne.CanvasObject {
	names := strings.Join(s.Names, ", ")
	if len(s.Names) > 3 {
		names = fmt.Sprintf("%s and %d more", strings.Join(s.Names[:2], ", "), len(s.Names)-2)
	}
	return parts.NewListRow(parts.ListItem{State: state, Title: s.What, Caption: s.Where + ": " + names})
}

// showRemoveEverything shows what would go, before anything does.
func showRemoveEverything(w *nav) {
	w.enter()
	stored := w.app.Stored()
	var rows []fyne.CanvasObject
	for _, s := range stored {
		rows = append(rows, storedRow(s, parts.CheckWaiting))
	}
	text := "The connections of your vendors go on working. But nobody reminds you before their secrets expire, " +
		"and a secret that is only kept here is lost."
	if w.app.Cloud.IsPractice() {
		text = "Only what was practised goes; your real connections stay. The pretend organisation works until you " +
			"close Entrada, and then it is gone, too."
	}
	w.show(parts.Page{
		Title: "Remove everything from this computer", Lead: "This is all that Entrada keeps here.", Wide: true,
		Body: []fyne.CanvasObject{
			parts.List(rows...),
			parts.NewCallout(parts.ToneWarning, "In Microsoft Entra nothing changes.", text),
		},
		Back: func() { showSettings(w) }, Cancel: func() { showSettings(w) }, Danger: true,
		Primary: parts.Action{Label: "Remove everything", Do: func() { askToRemoveEverything(w, stored) }},
	})
}

func askToRemoveEverything(w *nav, stored []app.Stored) {
	parts.NewDialog(parts.DialogOptions{
		Title: "Remove all of it?", Body: parts.Body("This cannot be undone."), Danger: true, Cancel: "Keep it",
		Primary: parts.Action{Label: "Remove everything", Do: func() { removeEverything(w, stored) }},
	}).Open(w.window.Canvas())
}

func removeEverything(w *nav, stored []app.Stored) {
	ctx := w.enter()
	parts.TakeBackCopied()
	w.show(parts.Page{Title: "Removing everything", Body: []fyne.CanvasObject{parts.NewBusy("One moment …", nil)},
		Wide: true, Cancel: func() {}})
	app := w.app
	parts.Run(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, app.RemoveEverything(ctx) },
		func(_ struct{}, err error) {
			if err != nil {
				again := func() { removeEverything(w, stored) }
				w.show(parts.Page{
					Title: "Not everything could be removed",
					Lead:  "What could not be removed is still listed, so that nothing is forgotten.", Wide: true,
					Body: []fyne.CanvasObject{parts.NewFaultBox(w.explained(err, canRetry(again)))},
					Back: func() { showSettings(w) }, Cancel: w.ShowHome,
					Primary: parts.Action{Label: "Try again", Do: again},
				})
				return
			}
			var rows []fyne.CanvasObject
			for _, s := range stored {
				rows = append(rows,
					parts.NewListRow(
						parts.ListItem{State: parts.CheckDone, Title: s.What,
							Caption: "Gone. Looked for afterwards, and not found."}))
			}
			lead := "Nothing of Entrada is left on this computer but the program."
			if app.Cloud.IsPractice() {
				lead = "Nothing that was practised is left. The pretend organisation works until you close " +
					"Entrada; your real connections stay."
			}
			w.show(parts.Page{
				Title: "Everything is removed", Lead: lead, Wide: true,
				Body: []fyne.CanvasObject{parts.List(rows...)}, Cancel: w.ShowHome,
				Primary: parts.Action{Label: "Done", Do: w.ShowHome},
			})
		})
}
