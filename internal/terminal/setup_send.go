package terminal

import (
	"context"
	"strings"

	"entrada/internal/flow/deliver"
	"entrada/internal/handover"
	"entrada/internal/journey"
)

// handOver says how the files get to the vendor: each by a way of its own.
func (w *wizard) handOver(ctx context.Context) error {
	r, ok := w.p.app.Connections.Get(w.j.Answers().ConnectionID)
	if !ok {
		w.j.Kept("")
		return w.j.GoTo(journey.PageSave)
	}
	letters, err := deliver.Letters(w.p.app, r, w.j.Guide(), deliver.Sent{})
	if err != nil {
		w.fault(err)
		return nil
	}
	w.out.say("", "Three things go three ways, so that nobody who sees one of them has everything. None of the texts below holds the secret.")
	part := func(title, text string) {
		w.out.heading(title)
		for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
			w.out.line(oneLine(line))
		}
	}
	part("1. By mail, with the sheet. Subject: "+letters.Subject, letters.Mail)
	part("2. Another way, with the encrypted file: a chat, an upload, a stick", letters.File)
	w.out.heading("3. By phone")
	for _, step := range letters.Phone {
		w.out.say("  ", "- "+step)
	}
	w.out.blank()
	for {
		to, err := w.ask(ctx, "Who has it now (Enter: nobody yet)", "")
		if err != nil || strings.TrimSpace(to) == "" {
			return err
		}
		marked, err := deliver.MarkHandedOver(w.p.app, r, to)
		if err != nil {
			w.fault(err)
			continue
		}
		w.out.line("Noted: handed over to " + oneLine(marked.HandedOver.To) + ". Fingerprint: " + handover.Spell(r.SecretFingerprint))
		return nil
	}
}
