package pages

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/flow/deliver"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// handOverPage says how the files get to the vendor, each a way of its own.
type handOverPage struct {
	*nav
	ctx     context.Context
	record  connections.Record
	guide   *guides.Guide
	parcel  deliver.Parcel
	known   bool // it was exported in this run
	to      *parts.Field
	outcome *parts.Slot
	frame   func(parts.Page) parts.Page
	after   parts.Action
}

func showJourneyHandOver(w *nav) {
	ctx := w.enter()
	r, ok := w.app.Connections.Get(w.journey.Answers().ConnectionID)
	if !ok {
		w.goTo(journey.PageSave)
		return
	}
	p := &handOverPage{nav: w, ctx: ctx, record: r, guide: w.journey.Guide(),
		after: parts.Action{Label: "Next", Do: w.next}}
	p.frame = func(f parts.Page) parts.Page {
		f.Back, f.Others = w.back, []parts.Action{w.closeAction()}
		return f
	}
	p.present()
}

// showSavedHandOver is the same for a connection of the first page. back leads to
// its export.
func showSavedHandOver(w *nav, r connections.Record, g *guides.Guide, back func(connections.Record)) {
	w.journey = nil
	p := &handOverPage{nav: w, ctx: w.enter(), record: r, guide: g, after: parts.Action{Label: "Done", Do: w.ShowHome}}
	p.frame = func(f parts.Page) parts.Page {
		f.Back, f.Cancel, f.Wide = func() { back(p.record) }, w.ShowHome, true
		return f
	}
	p.present()
}

func (p *handOverPage) present() {
	p.parcel, p.known = p.parcels.Of(p.record)
	page := parts.Page{Title: "Send it to " + p.guide.Vendor, Gap: 20}
	send, err := deliver.Send(p.app, p.record, p.guide, p.parcel)
	if err != nil {
		page.Body, page.Primary = []fyne.CanvasObject{parts.NewFaultBox(p.explained(err, nil))}, p.after
		p.show(p.frame(page))
		return
	}
	page.Lead = send.Lead
	if !p.record.SecretDeleted.IsZero() {
		page.Body = append(page.Body,
			parts.NewCallout(parts.ToneInfo, "The secret is not on this computer any more.",
				"It was deleted on "+p.record.SecretDeleted.Local().Format(journey.DateLayout)+
					". To send one again, renew it first."))
	}
	p.outcome = parts.NewSlot()
	if p.record.HandedOver != nil {
		page.Body = append(page.Body, p.handedOver(p.record.HandedOver))
	}
	page.Body = append(page.Body,
		parts.NewNumberedStep(1, parts.Body(send.ByMail), p.letter("mail", send.Subject, send.Mail, p.parcel.Sheet)),
		parts.NewNumberedStep(2, parts.Body(send.Apart), p.letter("message", "", send.File, p.parcel.File)),
		parts.NewNumberedStep(3, parts.Body(send.ByPhone), p.phone(send.Phone)))
	if p.record.HandedOver != nil {
		page.Body, page.Primary = append(page.Body, p.outcome), p.after
	} else {
		p.to = parts.NewField(
			parts.FieldOptions{Label: "Who has it now?", Placeholder: "Sam at " + p.guide.Vendor,
				Hint: "A name or an address. It is noted on this computer, with today's date.", Submit: p.mark})
		page.Body = append(page.Body, parts.SubHeading("When they have it"), p.to, p.outcome)
		page.Links = []parts.Action{{Label: "Not yet", Do: p.after.Do}}
		page.Primary = parts.Action{Label: "Mark as handed over", Do: p.mark}
	}
	p.show(p.frame(page))
}

// letter is a text to send: its copy button, what goes with it, and the words
// to read.
func (p *handOverPage) letter(kind, subject, text, file string) fyne.CanvasObject {
	column := parts.Column(6)
	if file != "" {
		column.Objects = append(column.Objects, parts.Caption("Goes with it: "+file))
	}
	whole := text
	buttons := []fyne.CanvasObject{}
	if subject != "" {
		buttons = append(buttons, parts.NewCopyButton("Copy the subject", func() string { return subject }))
		whole = subject + "\n\n" + text
	}
	buttons = append(buttons, parts.NewCopyButton("Copy the "+kind, func() string { return text }))
	column.Objects = append(column.Objects, parts.Wrap(8, buttons...),
		parts.NewFold("Read the "+kind, parts.Selectable(strings.TrimRight(whole, "\n"))))
	return column
}

// phone is what to say, with the passphrase out of sight until it is wanted.
func (p *handOverPage) phone(steps []string) fyne.CanvasObject {
	column := parts.Column(6)
	switch {
	case p.parcel.ForKey:
	case p.known:
		column.Objects = append(column.Objects, parts.NewSpokenRow("the passphrase", p.parcel.Lock.Passphrase))
	default:
		column.Objects = append(column.Objects,
			parts.Caption(
				"Entrada keeps no passphrase. If you do not have it any more, make the encrypted file again."))
	}
	say := parts.Column(6)
	for _, step := range steps {
		say.Objects = append(say.Objects, parts.Body("– "+step))
	}
	column.Objects = append(column.Objects, parts.NewFold("What to say on the phone", say))
	if p.record.SecretFingerprint != "" {
		column.Objects = append([]fyne.CanvasObject{parts.Body("Fingerprint: **" + p.record.SecretFingerprint + "**")},
			column.Objects...)
	}
	return column
}

// handedOver is the note of who has it, and what can go now.
func (p *handOverPage) handedOver(h *connections.HandedOver) fyne.CanvasObject {
	links := []fyne.CanvasObject{parts.NewLink("It was not handed over", p.unmark)}
	if p.record.SecretDeleted.IsZero() && !p.record.SessionOnly {
		links = append([]fyne.CanvasObject{parts.NewLink("Delete my local copy", p.askToDelete)}, links...)
	}
	return parts.NewCallout(parts.ToneGood, "Handed over.",
		h.To+" has it since "+h.When.Local().Format(journey.DateLayout)+".", parts.Wrap(16, links...))
}

func (p *handOverPage) mark() {
	marked, err := deliver.MarkHandedOver(p.app, p.record, p.to.Text())
	if f := fieldFault(err); f != nil {
		p.to.SetStatus(parts.StatusBad, f.Detail)
		p.window.Canvas().Focus(p.to.Entry())
		return
	}
	p.settled(marked, err)
}

func (p *handOverPage) unmark() {
	r := p.record
	r.HandedOver = nil
	p.settled(r, p.app.Connections.UpdateRecord(r))
}

// settled shows how it stands now, or why that could not be noted.
func (p *handOverPage) settled(r connections.Record, err error) {
	if err != nil {
		p.outcome.Fill(parts.NewFaultBox(p.explained(err, nil)))
		return
	}
	p.record = r
	p.present()
}

// askToDelete says what cannot be done afterwards.
func (p *handOverPage) askToDelete() {
	body := parts.Column(8,
		parts.Body("The secret is deleted from this computer. The connection stays in your list, and "+p.guide.Vendor+
			" goes on working with it."),
		parts.Body("Entrada can then **no longer test** this connection **or export it again**. It can still "+
			"remind you, check the registration and renew the secret."))
	if p.parcel.File != "" {
		body.Objects = append(body.Objects, parts.Body("The encrypted file is deleted, too:"),
			parts.Caption(p.parcel.File))
	}
	parts.NewDialog(parts.DialogOptions{
		Title: "Delete the secret here?", Body: body, Danger: true,
		Primary: parts.Action{Label: "Delete it", Do: p.deleteCopy},
	}).Open(p.window.Canvas())
}

func (p *handOverPage) deleteCopy() {
	app, record, file := p.app, p.record, p.parcel.File
	parts.Run(p.ctx, func(ctx context.Context) (connections.Record, error) {
		return deliver.DeleteLocalCopy(ctx, app, record, file)
	}, func(r connections.Record, err error) {
		if err != nil {
			can := canRetry(p.deleteCopy)
			can[explain.Unlock] = p.deleteCopy
			p.outcome.Fill(parts.NewFaultBox(p.explained(err, can)))
			return
		}
		delete(p.parcels, record.ID)
		p.settled(r, nil)
	})
}
