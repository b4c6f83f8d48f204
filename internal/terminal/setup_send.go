package terminal

import (
	"context"
	"strings"

	"entrada/internal/console"
	"entrada/internal/flow/deliver"
	"entrada/internal/handover"
	"entrada/internal/journey"
)

// handOver says how the files get to the vendor: each by a way of its own.
func (w *wizard) handOver(ctx context.Context) error {
	r, ok := w.p.app.Connections.Get(w.j.Answers().ConnectionID)
	if !ok {
		w.j.Kept("")
		return w.moveTo(journey.PageSave)
	}
	parcel, _ := w.parcels.Of(r)
	send, err := deliver.Send(w.p.app, r, w.j.Guide(), parcel)
	if err != nil {
		w.fault(err)
		return nil
	}
	w.out.Say("", send.Lead+" None of the texts below holds the secret.")
	part := func(way, text string) {
		w.out.Blank()
		w.out.Say("   ", way)
		w.out.Blank()
		w.out.Block(text) // to copy: as it is
	}
	part("1. "+send.ByMail, "Subject: "+send.Subject+"\n\n"+send.Mail)
	part("2. "+send.Apart, send.File)
	w.out.Blank()
	w.out.Say("   ", "3. "+send.ByPhone)
	for _, step := range send.Phone {
		w.out.Say("  ", "- "+step)
	}
	w.out.Blank()
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
		w.out.Line("Noted: handed over to " + console.OneLine(marked.HandedOver.To) + ". Fingerprint: " +
			handover.Spell(r.SecretFingerprint))
		return nil
	}
}
