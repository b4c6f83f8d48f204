package pages

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow/deliver"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/journey"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// exportPage writes what the vendor gets.
type exportPage struct {
	*nav
	*exportChoice
	ctx   context.Context
	lock  *sealing
	frame func(parts.Page) parts.Page

	kinds      *parts.Slot
	sealing    *parts.Slot
	place      *parts.Slot // where its name is asked for
	fold       *parts.Slot // around whole, where there is a file
	whole      *parts.Fold // what will be written
	preview    *parts.Slot
	previewing bool
	outcome    *parts.Slot

	entered  func()         // goes on where no file is wanted
	after    parts.Action   // the way on, once something is saved
	made     deliver.Parcel // what was saved before, in this run
	already  bool           // it is there, and nothing new is wanted
	reminder bool           // nothing but the calendar's
}

func newExportPage(w *nav, r connections.Record, g *guides.Guide) *exportPage {
	p := &exportPage{nav: w, ctx: w.enter(), lock: newSealing(g)}
	p.exportChoice = newExportChoice(w.app, r, g, p.save)
	for _, slot := range []**parts.Slot{&p.kinds, &p.sealing, &p.place, &p.fold, &p.preview, &p.outcome} {
		*slot = parts.NewSlot()
	}
	return p
}

func showJourneyExport(w *nav) {
	r, ok := w.app.Connections.Get(w.journey.Answers().ConnectionID)
	if !ok {
		w.goTo(journey.PageSave)
		return
	}
	p := newExportPage(w, r, w.journey.Guide())
	p.entered, p.after = w.next, parts.Action{Label: "Next", Do: w.next}
	p.frame = func(f parts.Page) parts.Page {
		f.Back, f.Others = w.back, []parts.Action{w.closeAction()}
		f.Links = []parts.Action{{Label: "Not now", Do: w.next}}
		return f
	}
	p.present()
}

// showSavedExport is Export on the home page.
func showSavedExport(w *nav, r connections.Record, g *guides.Guide) {
	w.journey = nil
	p := newExportPage(w, r, g)
	back := func(r connections.Record) { showSavedExport(w, r, g) }
	p.entered = w.ShowHome
	p.after = parts.Action{Label: "How to send it", Do: func() { showSavedHandOver(w, p.record, g, back) }}
	p.frame = func(f parts.Page) parts.Page {
		f.Back, f.Cancel, f.Wide = w.ShowHome, w.ShowHome, true
		f.Links = []parts.Action{p.after}
		return f
	}
	p.present()
}

// showReminder saves the calendar's reminder, at the end of the wizard.
func showReminder(w *nav) {
	r, ok := w.app.Connections.Get(w.journey.Answers().ConnectionID)
	if !ok {
		w.enter()
		w.showCurrent() // it was removed meanwhile
		return
	}
	p := newExportPage(w, r, w.journey.Guide())
	p.way, p.reminder, p.after = singleFile, true, parts.Action{Label: "Go on", Do: w.showCurrent}
	p.frame = func(f parts.Page) parts.Page {
		f.Back, f.Others = w.showCurrent, []parts.Action{w.closeAction()}
		return f
	}
	p.present()
}

// goOn makes the next step the primary one.
func (p *exportPage) goOn(a parts.Action) {
	p.shell.SetPrimary(a)
	p.window.Canvas().Focus(p.shell.Primary())
}

func (p *exportPage) present() {
	p.recallMade()
	if p.guide.EnterYourself && !p.reminder && !p.already && (p.journey == nil || !p.journey.Sends()) {
		p.way = noFile
	}
	if p.way != noFile && p.format().Sealed {
		p.sealing = parts.NewSlot(p.sealingPart())
	}
	p.suggest()
	if p.already {
		p.path.SetText(p.made.File)
	} else if p.way != noFile {
		p.place = parts.NewSlot(p.path)
	}
	p.whole = parts.NewFold("See what will be written", parts.Column(0, p.preview))
	p.whole.Opened = func(open bool) {
		p.previewing = open
		p.showPreview()
	}
	if p.way != noFile {
		p.fold = parts.NewSlot(p.whole)
	}
	file := []fyne.CanvasObject{p.kinds, p.sealing, p.place, p.fold, p.risk, p.outcome}
	if p.reminder {
		p.show(p.frame(parts.Page{
			Title: "A reminder for your calendar",
			Lead:  "It tells you 60, 30 and 7 days before the secret expires. Open the file with your calendar.",
			Body:  file, Primary: parts.Action{Label: p.saveLabel(), Do: p.save},
		}))
		p.whole.Toggle()
		return
	}
	pkg := deliver.Package(p.app, p.record, p.guide, deliver.Secrets{})
	fields := &exportFields{p.nav, p.ctx, p.record, p.guide}
	body := []fyne.CanvasObject{
		parts.SubHeading("What " + p.guide.Vendor + " gets"), parts.Surface(fields.list(pkg)),
	}
	for _, n := range p.guide.NotesFor("handover") {
		body = append(body, callout(n))
	}
	p.show(p.frame(parts.Page{
		Title:   "Export for " + p.guide.Vendor,
		Lead:    deliver.ExportLead(p.guide),
		Body:    slices.Concat(body, p.ways(p.chooseWay), file),
		Primary: p.primary(),
	}))
}

// recallMade looks for what was saved before in this run. Its passphrase may have
// been told by now, so the page shows that one and no other.
func (p *exportPage) recallMade() {
	made, known := p.parcels.Of(p.record)
	if !known || p.reminder || !made.IsThere() {
		return // moved away: it is made again
	}
	p.made, p.already = made, true
}

// isMade: the two files are there, and nothing new is wanted.
func (p *exportPage) isMade() bool { return p.already && p.way == thePair }

func (p *exportPage) sealingPart() fyne.CanvasObject {
	if !p.isMade() {
		return p.lock.part()
	}
	return madePart(p.guide.Vendor, p.made, func() {
		p.already, p.lock = false, newSealing(p.guide)
		p.changed()
	})
}

// primary saves, or goes on where that is done.
func (p *exportPage) primary() parts.Action {
	switch {
	case p.way == noFile:
		return parts.Action{Label: "I have pasted them", Do: p.pasted}
	case p.isMade():
		return p.after
	}
	return parts.Action{Label: p.saveLabel(), Do: p.save}
}

// pasted goes on. The vendor has the secret now, so that no later try may replace
// it.
func (p *exportPage) pasted() {
	err := p.app.KeepRegistration(p.record)
	p.entered()
	if err != nil {
		p.tell("The registration could not be marked as finished", err)
	}
}

// chooseWay shows what belongs to one of the ways.
func (p *exportPage) chooseWay(way int) {
	p.way = way
	if p.journey != nil {
		p.journey.ChooseSending(way != noFile)
		p.updateRail()
	}
	p.kinds.Clear()
	if way == singleFile {
		p.kinds.Put(p.exportChoice.kinds(p.changed))
	}
	p.changed()
}

// changed follows a choice: what is asked for, the name, the preview.
func (p *exportPage) changed() {
	for _, slot := range []*parts.Slot{p.outcome, p.sealing, p.place, p.fold} {
		slot.Clear()
	}
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
	if !p.isMade() {
		p.place.Put(p.path)
	}
	p.shell.SetPrimary(p.primary())
}

// showPreview fills the fold with what would be written now.
func (p *exportPage) showPreview() {
	p.preview.Clear()
	if p.previewing {
		p.preview.Put(p.exportChoice.preview())
	}
}

func (p *exportPage) save() { p.write(false) }

func (p *exportPage) write(overwrite bool) {
	path := strings.TrimSpace(p.path.Text())
	if path == "" || !filepath.IsAbs(path) {
		p.path.SetStatus(parts.StatusBad, "Type the whole path, such as "+p.suggested+".")
		return
	}
	var lock handover.Lock
	var password secret.Value
	if p.format().Sealed {
		ok := false
		if lock, ok = p.lock.made(); !ok {
			return
		}
		password = p.lock.mailboxPassword()
	}
	p.outcome.Clear()
	p.shell.SetPrimary(parts.Action{Label: "Saving …", Disabled: true})
	app, record, guide, outputs := p.app, p.record, p.guide, p.outputs(path)
	parts.Run(p.ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, deliver.Export(ctx, app, record, guide, lock, password, overwrite, outputs)
	}, func(_ struct{}, err error) {
		p.shell.SetPrimary(parts.Action{Label: p.saveLabel(), Do: p.save})
		switch {
		case fault.Is(err, fault.FileExists):
			parts.NewDialog(parts.DialogOptions{
				Title: "Replace what is there?", Body: parts.Body(p.parcels.InTheWay(record, outputs, lock)),
				Danger:  true,
				Primary: parts.Action{Label: "Replace it", Do: func() { p.write(true) }},
			}).Open(p.window.Canvas())
		case fault.Is(err, fault.FolderNotFound):
			p.path.SetStatus(parts.StatusBad, "There is no folder "+filepath.Dir(path)+". Choose another place.")
			p.window.Canvas().Focus(p.path.Entry())
		case fieldFault(err) != nil:
			p.outcome.Fill(parts.NewCallout(parts.ToneWarning, "Nothing was saved.", explain.Sentence(err)))
		case err != nil:
			can := canRetry(p.save)
			can[explain.SaveElsewhere] = func() { p.window.Canvas().Focus(p.path.Entry()) }
			can[explain.Unlock] = p.save
			p.outcome.Fill(parts.NewFaultBox(p.explained(err, can)))
		default:
			p.saved(outputs, lock, !password.IsEmpty())
		}
	})
}

func (p *exportPage) saved(outputs []deliver.Output, lock handover.Lock, withPassword bool) {
	paths := make([]string, len(outputs))
	for i, o := range outputs {
		paths[i] = o.Path
	}
	text := where(paths...) + " " + deliver.AboutFile(outputs[0].Format, p.record)
	if outputs[0].Format.Sealed {
		made := deliver.Parcel{Lock: lock, Own: !lock.Passphrase.Equal(p.lock.passphrase)}
		made.MailboxPassword = withPassword
		noted, err := p.parcels.Add(p.app, p.record, outputs, made)
		if p.record = noted; err != nil {
			p.tell("Where the files lie could not be noted", err)
		}
	}
	p.outcome.Fill(parts.NewCallout(parts.ToneGood, "Saved.", text))
	p.goOn(p.after)
}
