package pages

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/journey"
	"entrada/internal/safefile"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// The two ways to export.
const (
	thePair    = iota // the encrypted file, and the sheet beside it
	singleFile        // one of the formats
)

// exportPage writes what the vendor gets.
type exportPage struct {
	*Window
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
	kinds      *parts.Slot
	sealing    *parts.Slot
	preview    *parts.Slot
	previewing bool
	risk       *parts.Slot
	outcome    *parts.Slot
	suggested  string // the path that we filled in
	frame      func(parts.Page) parts.Page
	onSaved    func()
}

func (w *Window) showJourneyExport() {
	ctx := w.enter()
	r, ok := w.world.Connections.Get(w.journey.Answers().ConnectionID)
	if !ok {
		w.goTo("save")
		return
	}
	p := &exportPage{Window: w, ctx: ctx, record: r, guide: w.journey.Guide(), frame: func(p parts.Page) parts.Page {
		p.Back, p.Others = w.back, []parts.Action{w.closeAction()}
		p.Links = []parts.Action{{Label: "Not now", Do: w.next}}
		return p
	}}
	p.onSaved = func() { p.goOn(parts.Action{Label: "Next", Do: w.next}) }
	w.showExport(p)
}

// showSavedExport is Export on the home page.
func (w *Window) showSavedExport(r connections.Record, g *guides.Guide) {
	w.journey = nil
	send := func() { w.showSavedHandOver(r, g) }
	p := &exportPage{Window: w, ctx: w.enter(), record: r, guide: g, frame: func(p parts.Page) parts.Page {
		p.Back, p.Cancel, p.Wide = w.ShowHome, w.ShowHome, true
		p.Links = []parts.Action{{Label: "How to send it", Do: send}}
		return p
	}}
	p.onSaved = func() { p.goOn(parts.Action{Label: "How to send it", Do: send}) }
	w.showExport(p)
}

// goOn makes the next step the primary one.
func (p *exportPage) goOn(a parts.Action) {
	p.shell.SetPrimary(a)
	p.window.Canvas().Focus(p.shell.Primary())
}

func (w *Window) showExport(p *exportPage) {
	p.kinds, p.sealing, p.preview, p.risk, p.outcome = parts.NewSlot(), parts.NewSlot(), parts.NewSlot(), parts.NewSlot(), parts.NewSlot()
	p.passphrase = handover.GeneratePassphrase()
	p.single, _ = handover.FormatByID(handover.FormatCalendar)
	pkg := w.world.Package(p.record, p.guide, journey.Secrets{})

	body := []fyne.CanvasObject{parts.SubHeading("What " + p.guide.Vendor + " gets"), parts.Surface(fieldRows(pkg, p.guide))}
	for _, n := range p.guide.NotesFor("handover") {
		body = append(body, callout(n))
	}
	ways := parts.NewChoiceCards("What to save", []parts.Choice{
		{Title: "Two files, which we recommend", Text: "An encrypted file with everything in it, and a sheet about it without the secret."},
		{Title: "Another kind of file", Text: "A reminder for your calendar, or a file for developers."},
	}, p.way, p.chooseWay)
	p.path = parts.NewField(parts.FieldOptions{Label: "Save as", Changed: p.pathChanged, Submit: p.save})
	preview := parts.NewFold("See what will be written", parts.Column(0, p.preview))
	preview.Opened = func(open bool) {
		p.previewing = open
		p.showPreview()
	}
	body = append(body, parts.SubHeading("What to save"), ways, p.kinds, p.sealing, p.path, preview, p.risk, p.outcome)
	w.show(p.frame(parts.Page{
		Title:   "Export for " + p.guide.Vendor,
		Lead:    "The values carry " + p.guide.Vendor + "'s own labels. Look at them first; nothing leaves this computer by itself.",
		Body:    body,
		Primary: parts.Action{Label: p.saveLabel(), Do: p.save},
	}))
	p.chooseWay(p.way)
}

func (p *exportPage) saveLabel() string {
	if p.way == thePair {
		return "Save the two files"
	}
	return "Save the file"
}

// fieldRows shows the vendor's fields as they will stand in the file.
func fieldRows(pkg handover.Package, g *guides.Guide) fyne.CanvasObject {
	column := parts.Column(12)
	for i, f := range pkg.Fields {
		label := parts.Strong(f.Label)
		if g.Fields[i].From == guides.FromMailboxPassword {
			column.Objects = append(column.Objects, parts.Column(4, label, parts.Muted("Left empty. "+f.Note)))
			continue
		}
		if f.Secret {
			column.Objects = append(column.Objects, parts.Column(4, label, parts.Muted("In the encrypted file only. Fingerprint, to compare by phone: **"+pkg.Fingerprint+"**")))
			continue
		}
		row := parts.Column(4, label, parts.NewCopyRow(f.Value, ""))
		if f.Note != "" {
			row.Objects = append(row.Objects, parts.Caption(f.Note))
		}
		column.Objects = append(column.Objects, row)
	}
	return column
}

// chooseWay shows what belongs to one of the two ways.
func (p *exportPage) chooseWay(way int) {
	p.way = way
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
	if p.format().Sealed {
		p.sealing.Put(p.sealingPart())
	}
	p.suggest()
	p.showPreview()
	p.shell.SetPrimary(parts.Action{Label: p.saveLabel(), Do: p.save})
}

// format is that of the file whose name is asked for.
func (p *exportPage) format() handover.Format {
	if p.way == singleFile {
		return p.single
	}
	f, _ := handover.FormatByID(handover.FormatSealed)
	return f
}

// outputs lists the files, the one whose name was asked for first.
func (p *exportPage) outputs(path string) []journey.Output {
	list := []journey.Output{{Format: p.format(), Path: path}}
	if p.way == thePair {
		sheet, _ := handover.FormatByID(handover.FormatPDF)
		list = append(list, journey.Output{Format: sheet, Path: stem(path) + "." + sheet.Suffix})
	}
	return list
}

// stem is a path without the suffix of any of our formats.
func stem(path string) string {
	for _, f := range handover.Formats() {
		if s, ok := strings.CutSuffix(path, "."+f.Suffix); ok {
			return s
		}
	}
	return strings.TrimSuffix(path, filepath.Ext(path))
}

// showPreview fills the fold with what would be written now.
func (p *exportPage) showPreview() {
	if !p.previewing {
		p.preview.Clear()
		return
	}
	pkg := p.world.Package(p.record, p.guide, journey.Secrets{})
	column := parts.Column(12)
	for _, o := range p.outputs(p.path.Text()) {
		text, err := o.Format.Preview(pkg)
		if err != nil {
			column.Objects = append(column.Objects, parts.NewCallout(parts.ToneWarning, "There is nothing to write.", sentence(err)))
			continue
		}
		column.Objects = append(column.Objects, parts.Strong(o.Format.Title), parts.Selectable(strings.TrimRight(text, "\n")))
	}
	p.preview.Put(column)
}

// sealingPart offers a generated passphrase first.
func (p *exportPage) sealingPart() fyne.CanvasObject {
	p.typed = parts.NewField(parts.FieldOptions{Label: "Your own passphrase", Secret: true, Hint: "At least 12 characters. Empty: the one above is used.", Changed: func(text string) {
		if text == "" {
			p.typed.SetStatus(parts.StatusNeutral, "")
			return
		}
		if err := handover.CheckPassphrase(secret.New(text)); err != nil {
			p.typed.SetStatus(parts.StatusBad, sentence(err))
			return
		}
		p.typed.SetStatus(parts.StatusGood, "This one is used instead of the one above.")
	}})
	p.publicKey = parts.NewField(parts.FieldOptions{Label: p.guide.Vendor + "'s public key", Paste: true, Mono: true,
		Hint: "It begins with age1 and is no secret. Then no passphrase is needed: only " + p.guide.Vendor + " can open the file.", Changed: func(text string) {
			switch text = strings.TrimSpace(text); {
			case text == "":
				p.publicKey.SetStatus(parts.StatusNeutral, "")
			case handover.CheckPublicKey(text) != nil:
				p.publicKey.SetStatus(parts.StatusBad, sentence(handover.CheckPublicKey(text)))
			default:
				p.publicKey.SetStatus(parts.StatusGood, "This key is used instead of a passphrase.")
			}
		}})
	column := parts.Column(12,
		parts.Strong("Passphrase"),
		parts.NewPassphraseRow("the passphrase", p.passphrase),
		parts.Caption("Tell it by phone; never send it the same way as the file. Entrada does not keep it."),
		parts.NewFold("Choose your own", p.typed),
		parts.NewFold(p.guide.Vendor+" sent me a public key", p.publicKey))
	for _, f := range p.guide.Fields {
		if f.From == guides.FromMailboxPassword {
			column.Objects = append(column.Objects, p.passwordPart(f))
		}
	}
	return column
}

// passwordPart is for a vendor that asks for a mailbox's password: why not to
// give it, what to answer, and a field for who has to all the same.
func (p *exportPage) passwordPart(f guides.Field) fyne.CanvasObject {
	p.password = parts.NewField(parts.FieldOptions{Label: f.Label, Secret: true, Hint: "It goes into this encrypted file alone. Entrada does not keep it."})
	return parts.Column(12,
		parts.NewCallout(parts.ToneWarning, p.guide.Vendor+" asks for “"+f.Label+"”.", f.Why,
			parts.Body("What you can answer:"), parts.Muted(f.Reply),
			parts.Wrap(0, parts.NewCopyButton("Copy the answer", func() string { return f.Reply }))),
		parts.NewFold("Give it all the same", p.password))
}

// sentence is what a field says about an error.
func sentence(err error) string {
	if f := fieldFault(err); f != nil && f.Detail != "" {
		return f.Detail
	}
	return explain.Error(err, explain.Context{}).What
}

// suggest fills in a file name, unless the person typed one.
func (p *exportPage) suggest() {
	suffix := p.format().Suffix
	if text := p.path.Text(); text != "" && text != p.suggested {
		p.path.SetText(stem(text) + "." + suffix)
		return
	}
	pkg := p.world.Package(p.record, p.guide, journey.Secrets{})
	p.suggested = filepath.Join(documents(), handover.FileName(pkg, suffix))
	p.path.SetText(p.suggested)
}

// documents is the person's folder for documents, or their home.
func documents() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return "."
	}
	folder := filepath.Join(home, "Documents")
	if info, err := os.Stat(folder); err == nil && info.IsDir() {
		return folder
	}
	return home
}

func (p *exportPage) pathChanged(text string) {
	p.risk.Clear()
	p.path.SetStatus(parts.StatusNeutral, "")
	if p.way == thePair {
		p.path.SetStatus(parts.StatusNeutral, "The sheet goes beside it: "+filepath.Base(p.outputs(strings.TrimSpace(text))[1].Path))
	}
	words := map[safefile.Risk]string{
		safefile.CloudSynced: "It is copied to an online storage. That is fine for a file without the secret.",
		safefile.Network:     "It is on another computer. Others may be able to read it.",
		safefile.Removable:   "It is on a memory stick or card. Take care who gets it.",
	}
	if p.format().Sealed {
		words = riskWords
	}
	if w, ok := words[safefile.FolderRisk(text)]; ok {
		p.risk.Fill(parts.NewCallout(parts.ToneWarning, "About this folder:", w))
	}
}

func (p *exportPage) save() { p.write(false) }

func (p *exportPage) write(overwrite bool) {
	path := strings.TrimSpace(p.path.Text())
	if path == "" || !filepath.IsAbs(path) {
		p.path.SetStatus(parts.StatusBad, "Type the whole path, such as "+p.suggested+".")
		return
	}
	lock, ok := p.lock()
	if !ok {
		return
	}
	var password secret.Value
	if p.password != nil {
		password = secret.New(p.password.Text())
	}
	p.outcome.Clear()
	p.shell.SetPrimary(parts.Action{Label: "Saving …", Disabled: true})
	world, record, guide, outputs := p.world, p.record, p.guide, p.outputs(path)
	parts.Run(p.ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, world.Export(ctx, record, guide, lock, password, overwrite, outputs)
	}, func(_ struct{}, err error) {
		p.shell.SetPrimary(parts.Action{Label: p.saveLabel(), Do: p.save})
		switch {
		case fault.Is(err, fault.FileExists):
			parts.NewDialog(parts.DialogOptions{
				Title: "Replace what is there?", Body: parts.Body(existing(outputs)), Danger: true,
				Primary: parts.Action{Label: "Replace it", Do: func() { p.write(true) }},
			}).Open(p.window.Canvas())
		case fault.Is(err, fault.FileNotFound):
			p.path.SetStatus(parts.StatusBad, "There is no folder "+filepath.Dir(path)+". Choose another place.")
			p.window.Canvas().Focus(p.path.Entry())
		case fieldFault(err) != nil:
			p.outcome.Fill(parts.NewCallout(parts.ToneWarning, "Nothing was saved.", sentence(err)))
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

// lock is what the encrypted file opens with; ok is false if that is not good
// enough, which its field says.
func (p *exportPage) lock() (lock handover.Lock, ok bool) {
	if !p.format().Sealed {
		return handover.Lock{}, true
	}
	if key := strings.TrimSpace(p.publicKey.Text()); key != "" {
		if err := handover.CheckPublicKey(key); err != nil {
			p.publicKey.SetStatus(parts.StatusBad, sentence(err))
			return handover.Lock{}, false
		}
		return handover.Lock{PublicKey: key}, true
	}
	if p.typed.Text() == "" {
		return handover.Lock{Passphrase: p.passphrase}, true
	}
	own := secret.New(p.typed.Text())
	if err := handover.CheckPassphrase(own); err != nil {
		p.typed.SetStatus(parts.StatusBad, sentence(err))
		return handover.Lock{}, false
	}
	return handover.Lock{Passphrase: own}, true
}

func existing(outputs []journey.Output) string {
	var there []string
	for _, o := range outputs {
		if _, err := os.Lstat(o.Path); err == nil {
			there = append(there, o.Path)
		}
	}
	return "There is a file of this name already: " + strings.Join(there, " and ")
}

func (p *exportPage) saved(outputs []journey.Output, lock handover.Lock, withPassword bool) {
	text := "Only you can read what is in " + filepath.Dir(outputs[0].Path) + ": "
	for i, o := range outputs {
		if i > 0 {
			text += " and "
		}
		text += "**" + filepath.Base(o.Path) + "**"
	}
	text += "."
	switch {
	case outputs[0].Format.Sealed:
		p.remember(p.record.ID, parcel{file: outputs[0].Path, lock: lock, withPassword: withPassword})
		if len(outputs) > 1 {
			p.remember(p.record.ID, parcel{file: outputs[0].Path, sheet: outputs[1].Path, lock: lock, withPassword: withPassword})
		}
		text += " The next page says how to send each of them."
	case outputs[0].Format.ID == handover.FormatCalendar:
		text += " Open it with your calendar."
	default:
		text += " The secret is not in it."
	}
	p.outcome.Fill(parts.NewCallout(parts.ToneGood, "Saved.", text))
	p.onSaved()
}
