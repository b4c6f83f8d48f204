package pages

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/flow/deliver"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// The ways to export.
const (
	noFile     = iota - 1 // the admin enters the values
	thePair               // the encrypted file, and the sheet beside it
	singleFile            // one of the formats
)

// exportPage writes what the vendor gets.
type exportPage struct {
	*nav
	ctx        context.Context
	record     connections.Record
	guide      *guides.Guide
	way        int
	single     handover.Format
	passphrase secret.Value
	typed      *parts.Field // the person's own passphrase
	publicKey  *parts.Field // the vendor's
	password   *parts.Field // the mailbox's, where a vendor asks for it
	path       *parts.Field
	place      *parts.Slot // where its name is asked for
	kinds      *parts.Slot
	sealing    *parts.Slot
	preview    *parts.Slot
	previewing bool
	risk       *parts.Slot
	outcome    *parts.Slot
	suggested  string // the path that we filled in
	frame      func(parts.Page) parts.Page
	entered    func()         // goes on where no file is wanted
	fold       *parts.Slot    // around whole, where there is a file
	whole      *parts.Fold    // what will be written
	after      parts.Action   // the way on, once something is saved
	made       deliver.Parcel // what was saved before, in this run
	already    bool           // it is there, and nothing new is wanted
	reminder   bool           // nothing but the calendar's
}

func showJourneyExport(w *nav) {
	ctx := w.enter()
	r, ok := w.app.Connections.Get(w.journey.Answers().ConnectionID)
	if !ok {
		w.goTo("save")
		return
	}
	p := &exportPage{nav: w, ctx: ctx, record: r, guide: w.journey.Guide(), entered: w.next,
		after: parts.Action{Label: "Next", Do: w.next}, frame: func(p parts.Page) parts.Page {
			p.Back, p.Others = w.back, []parts.Action{w.closeAction()}
			p.Links = []parts.Action{{Label: "Not now", Do: w.next}}
			return p
		}}
	showExport(w, p)
}

// showSavedExport is Export on the home page.
func showSavedExport(w *nav, r connections.Record, g *guides.Guide) {
	w.journey = nil
	p := &exportPage{nav: w, ctx: w.enter(), record: r, guide: g, entered: w.ShowHome}
	p.after = parts.Action{Label: "How to send it", Do: func() { showSavedHandOver(w, p.record, g) }}
	p.frame = func(f parts.Page) parts.Page {
		f.Back, f.Cancel, f.Wide = w.ShowHome, w.ShowHome, true
		f.Links = []parts.Action{p.after}
		return f
	}
	showExport(w, p)
}

// showReminder saves the calendar's reminder, at the end of the wizard.
func showReminder(w *nav) {
	ctx := w.enter()
	r, ok := w.app.Connections.Get(w.journey.Answers().ConnectionID)
	if !ok {
		w.showCurrent() // it was removed meanwhile
		return
	}
	p := &exportPage{nav: w, ctx: ctx, record: r, guide: w.journey.Guide(), way: singleFile, reminder: true,
		after: parts.Action{Label: "Go on", Do: w.showCurrent}, frame: func(p parts.Page) parts.Page {
			p.Back, p.Others = w.showCurrent, []parts.Action{w.closeAction()}
			return p
		}}
	showExport(w, p)
}

// goOn makes the next step the primary one.
func (p *exportPage) goOn(a parts.Action) {
	p.shell.SetPrimary(a)
	p.window.Canvas().Focus(p.shell.Primary())
}

func showExport(w *nav, p *exportPage) {
	p.place = parts.NewSlot()
	p.kinds, p.sealing, p.preview, p.risk, p.outcome = parts.NewSlot(), parts.NewSlot(), parts.NewSlot(),
		parts.NewSlot(), parts.NewSlot()
	p.passphrase = handover.GeneratePassphrase()
	p.recallMade()
	if p.guide.EnterYourself && !p.reminder && !p.already && (w.journey == nil || !w.journey.Sends()) {
		p.way = noFile
	}
	p.single, _ = handover.FormatByID(handover.FormatCalendar)
	if p.way != noFile && p.format().Sealed {
		p.sealing = parts.NewSlot(p.sealingPart())
	}
	pkg := deliver.Package(w.app, p.record, p.guide, deliver.Secrets{})

	p.path = parts.NewField(parts.FieldOptions{Label: "Save as", Changed: p.pathChanged, Submit: p.save})
	p.suggest()
	if p.already {
		p.path.SetText(p.made.File)
	} else if p.way != noFile {
		p.place = parts.NewSlot(p.path)
	}
	preview := parts.NewFold("See what will be written", parts.Column(0, p.preview))
	preview.Opened = func(open bool) {
		p.previewing = open
		p.showPreview()
	}
	p.fold = parts.NewSlot()
	if p.way != noFile {
		p.fold = parts.NewSlot(preview)
	}
	p.whole = preview
	file := []fyne.CanvasObject{p.kinds, p.sealing, p.place, p.fold, p.risk, p.outcome}
	if p.reminder {
		w.show(p.frame(parts.Page{
			Title: "A reminder for your calendar",
			Lead:  "It tells you 60, 30 and 7 days before the secret expires. Open the file with your calendar.",
			Body:  file, Primary: parts.Action{Label: p.saveLabel(), Do: p.save},
		}))
		preview.Toggle()
		return
	}
	body := []fyne.CanvasObject{parts.SubHeading("What " + p.guide.Vendor + " gets"), parts.Surface(p.fieldRows(pkg))}
	for _, n := range p.guide.NotesFor("handover") {
		body = append(body, callout(n))
	}
	body = append(append(body, p.ways()...), file...)
	w.show(p.frame(parts.Page{
		Title:   "Export for " + p.guide.Vendor,
		Lead:    deliver.ExportLead(p.guide),
		Body:    body,
		Primary: p.primary(),
	}))
}

// primary saves, or goes on where that is done.
func (p *exportPage) primary() parts.Action {
	switch {
	case p.way == noFile:
		return parts.Action{Label: "I have pasted them", Do: p.pasted}
	case p.already && p.way == thePair:
		return p.after
	}
	return parts.Action{Label: p.saveLabel(), Do: p.save}
}

func (p *exportPage) saveLabel() string {
	if p.way == thePair {
		return "Save the two files"
	}
	return "Save the file"
}

// chooseWay shows what belongs to one of the two ways.
func (p *exportPage) chooseWay(way int) {
	p.way = way
	if p.journey != nil {
		p.journey.ChooseSending(way != noFile)
		p.updateRail()
	}
	p.kinds.Clear()
	if way == singleFile {
		formats := handover.Formats()
		choices, at := make([]parts.Choice, len(formats)), 0
		for i, f := range formats {
			choices[i] = parts.Choice{Title: f.Title, Text: f.For}
			if f.ID == p.single.ID {
				at = i
			}
		}
		p.kinds.Put(parts.NewRadioList("Kind of file", choices, at, func(i int) {
			p.single = formats[i]
			p.changed()
		}))
	}
	p.changed()
}

// changed follows a choice: what is asked for, the name, the preview.
func (p *exportPage) changed() {
	p.outcome.Clear()
	p.sealing.Clear()
	p.typed, p.publicKey, p.password = nil, nil, nil
	p.place.Clear()
	p.fold.Clear()
	if p.way == noFile {
		p.risk.Clear()
		p.shell.SetPrimary(p.primary())
		return
	}
	if p.format().Sealed {
		p.sealing.Put(p.sealingPart())
	}
	p.fold.Put(p.whole)
	p.suggest()
	p.showPreview()
	if !p.already || p.way != thePair {
		p.place.Put(p.path)
	}
	p.shell.SetPrimary(p.primary())
}

// format is that of the file whose name is asked for.
func (p *exportPage) format() handover.Format {
	if p.way == singleFile {
		return p.single
	}
	return deliver.Pair("")[0].Format
}

// outputs lists the files, the one whose name was asked for first.
func (p *exportPage) outputs(path string) []deliver.Output {
	if p.way == thePair {
		return deliver.Pair(path)
	}
	return []deliver.Output{{Format: p.format(), Path: path}}
}

// showPreview fills the fold with what would be written now.
func (p *exportPage) showPreview() {
	if !p.previewing {
		p.preview.Clear()
		return
	}
	pkg := deliver.Package(p.app, p.record, p.guide, deliver.Secrets{})
	column := parts.Column(12)
	for _, o := range p.outputs(p.path.Text()) {
		text, err := o.Format.Preview(pkg)
		if err != nil {
			column.Objects = append(column.Objects,
				parts.NewCallout(parts.ToneWarning, "There is nothing to write.", explain.Sentence(err)))
			continue
		}
		column.Objects = append(column.Objects, parts.Strong(o.Format.Title),
			parts.Selectable(strings.TrimRight(text, "\n")))
	}
	p.preview.Put(column)
}

// sealingPart offers a generated passphrase first.
func (p *exportPage) sealingPart() fyne.CanvasObject {
	if p.already && p.way == thePair {
		return p.madePart()
	}
	p.typed = parts.NewField(
		parts.FieldOptions{Label: deliver.OwnPassphrase, Secret: true, Hint: deliver.OwnHint,
			Changed: func(text string) {
				if text == "" {
					p.typed.SetStatus(parts.StatusNeutral, "")
					return
				}
				if err := handover.CheckPassphrase(secret.New(text)); err != nil {
					p.typed.SetStatus(parts.StatusBad, explain.Sentence(err))
					return
				}
				p.typed.SetStatus(parts.StatusGood, deliver.OwnGood)
			}})
	p.publicKey = parts.NewField(parts.FieldOptions{Label: p.guide.Vendor + "'s public key", Paste: true, Mono: true,
		Hint: "It begins with age1 and is no secret. Then no passphrase is needed: only " + p.guide.Vendor +
			" can open the file.", Changed: func(text string) {
			switch text = strings.TrimSpace(text); {
			case text == "":
				p.publicKey.SetStatus(parts.StatusNeutral, "")
			case handover.CheckPublicKey(text) != nil:
				p.publicKey.SetStatus(parts.StatusBad, explain.Sentence(handover.CheckPublicKey(text)))
			default:
				p.publicKey.SetStatus(parts.StatusGood, "This key is used instead of a passphrase.")
			}
		}})
	column := parts.Column(12,
		parts.Strong("Passphrase"),
		parts.NewPassphraseRow("the passphrase", p.passphrase),
		parts.Caption(deliver.TellIt),
		parts.NewFold("Choose your own", p.typed),
		parts.NewFold(p.guide.Vendor+" sent me a public key", p.publicKey))
	if f, asks, answer, ok := deliver.MailboxPassword(p.guide); ok {
		p.password = parts.NewField(
			parts.FieldOptions{Label: f.Label, Secret: true,
				Hint: "It goes into this encrypted file alone. Entrada does not keep it."})
		column.Objects = append(column.Objects,
			parts.NewCallout(parts.ToneWarning, asks, f.Why, parts.Body(answer), parts.Muted(f.Reply),
				parts.Wrap(0, parts.NewCopyButton("Copy the answer", func() string { return f.Reply }))),
			parts.NewFold("Give it all the same", p.password))
	}
	return column
}
