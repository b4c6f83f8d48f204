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

// The kinds of file, in the order of the choices.
const (
	asSettings = iota
	asEnv
	asEncrypted
)

var exportSuffix = []string{"settings.json", "env", "settings.age"}

type exportPage struct {
	*Window
	ctx        context.Context
	record     connections.Record
	guide      *guides.Guide
	kind       int
	passphrase secret.Value
	typed      *parts.Field // the person's own passphrase
	password   *parts.Field // the mailbox's, where a vendor asks for it
	path       *parts.Field
	sealing    *parts.Slot
	risk       *parts.Slot
	outcome    *parts.Slot
	suggested  string // the path that we filled in
	frame      func(parts.Page) parts.Page
}

func (w *Window) showJourneyExport() {
	ctx := w.enter()
	r, ok := w.world.Connections.Get(w.journey.Answers().ConnectionID)
	if !ok {
		w.goTo("save")
		return
	}
	w.showExport(&exportPage{Window: w, ctx: ctx, record: r, guide: w.journey.Guide(), frame: func(p parts.Page) parts.Page {
		p.Back, p.Others = w.back, []parts.Action{w.closeAction()}
		p.Links = []parts.Action{{Label: "Not now", Do: w.next}}
		return p
	}})
}

// ShowSavedExport is Export on the home page.
func (w *Window) showSavedExport(r connections.Record, g *guides.Guide) {
	w.journey = nil
	w.showExport(&exportPage{Window: w, ctx: w.enter(), record: r, guide: g, frame: func(p parts.Page) parts.Page {
		p.Back, p.Cancel, p.Wide = w.ShowHome, w.ShowHome, true
		return p
	}})
}

func (w *Window) showExport(p *exportPage) {
	p.sealing, p.risk, p.outcome = parts.NewSlot(), parts.NewSlot(), parts.NewSlot()
	p.passphrase = handover.GeneratePassphrase()
	pkg := w.world.Package(p.record, p.guide, journey.Secrets{})

	var body []fyne.CanvasObject
	body = append(body, parts.SubHeading("What "+p.guide.Vendor+" gets"), parts.Surface(fieldRows(pkg, p.guide)))
	for _, n := range p.guide.NotesFor("handover") {
		body = append(body, callout(n))
	}
	choices := parts.NewChoiceCards("Kind of file", []parts.Choice{
		{Title: "Settings file", Text: "Everything but the secret, as JSON. It may go by e-mail."},
		{Title: ".env file", Text: "The same for developers, without the secret."},
		{Title: "Encrypted file with the secret", Text: "Everything in one file that only opens with a passphrase."},
	}, p.kind, p.choose)
	p.path = parts.NewField(parts.FieldOptions{Label: "Save as", Changed: p.pathChanged, Submit: p.save})
	body = append(body, parts.SubHeading("The file"), choices, p.sealing, p.path, p.risk, p.outcome)
	w.show(p.frame(parts.Page{
		Title:   "Export for " + p.guide.Vendor,
		Lead:    "The values carry " + p.guide.Vendor + "'s own labels. Look at them first; nothing leaves this computer by itself.",
		Body:    body,
		Primary: parts.Action{Label: "Save the file", Do: p.save},
	}))
	p.suggest()
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

func (p *exportPage) choose(kind int) {
	p.kind = kind
	p.outcome.Clear()
	p.sealing.Clear()
	if kind == asEncrypted {
		p.sealing.Fill(p.sealingPart())
	}
	p.suggest()
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
	column := parts.Column(12,
		parts.Strong("Passphrase"),
		parts.NewCopyRow(p.passphrase.Reveal(), ""),
		parts.Caption("Tell it by phone; never send it the same way as the file. Entrada does not keep it."),
		parts.NewFold("Choose your own", p.typed))
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
	if text := p.path.Text(); text != "" && text != p.suggested {
		if stem, ok := strings.CutSuffix(text, filepath.Ext(text)); ok {
			p.path.SetText(strings.TrimSuffix(stem, ".settings") + "." + exportSuffix[p.kind])
		}
		return
	}
	pkg := p.world.Package(p.record, p.guide, journey.Secrets{})
	p.suggested = filepath.Join(documents(), handover.FileName(pkg, exportSuffix[p.kind]))
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
	words := map[safefile.Risk]string{
		safefile.CloudSynced: "It is copied to an online storage. That is fine for a file without the secret.",
		safefile.Network:     "It is on another computer. Others may be able to read it.",
		safefile.Removable:   "It is on a memory stick or card. Take care who gets it.",
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
	pass := p.passphrase
	if p.kind == asEncrypted && p.typed.Text() != "" {
		pass = secret.New(p.typed.Text())
		if err := handover.CheckPassphrase(pass); err != nil {
			p.typed.SetStatus(parts.StatusBad, sentence(err))
			return
		}
	}
	p.outcome.Clear()
	p.shell.SetPrimary(parts.Action{Label: "Saving …", Disabled: true})
	var password secret.Value
	if p.kind == asEncrypted && p.password != nil {
		password = secret.New(p.password.Text())
	}
	world, record, guide, kind := p.world, p.record, p.guide, p.kind
	parts.Run(p.ctx, func(ctx context.Context) (struct{}, error) {
		var v secret.Value
		if kind == asEncrypted {
			var err error
			if v, err = world.Connections.Secret(ctx, record.ID); err != nil {
				return struct{}{}, err
			}
		}
		data, err := encode(kind, world.Package(record, guide, journey.Secrets{Client: v, MailboxPassword: password}), pass)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, safefile.Write(path, data, safefile.Options{Overwrite: overwrite, AnyFolder: true})
	}, func(_ struct{}, err error) {
		p.shell.SetPrimary(parts.Action{Label: "Save the file", Do: p.save})
		switch {
		case fault.Is(err, fault.FileExists):
			parts.NewDialog(parts.DialogOptions{
				Title: "Replace the file?", Body: parts.Body("There is a file of this name already: " + path), Danger: true,
				Primary: parts.Action{Label: "Replace it", Do: func() { p.write(true) }},
			}).Open(p.window.Canvas())
		case fault.Is(err, fault.FileNotFound):
			p.path.SetStatus(parts.StatusBad, "There is no folder "+filepath.Dir(path)+". Choose another place.")
			p.window.Canvas().Focus(p.path.Entry())
		case err != nil:
			can := canRetry(p.save)
			can[explain.SaveElsewhere] = func() { p.window.Canvas().Focus(p.path.Entry()) }
			can[explain.Unlock] = p.save
			p.outcome.Fill(parts.NewFaultBox(p.explained(err, can)))
		default:
			p.saved(path)
		}
	})
}

func encode(kind int, pkg handover.Package, pass secret.Value) ([]byte, error) {
	switch kind {
	case asEnv:
		return handover.Env(pkg)
	case asEncrypted:
		return handover.Encrypted(pkg, pass)
	default:
		return handover.JSON(pkg)
	}
}

func (p *exportPage) saved(path string) {
	text := path + " — only you can read it."
	if p.kind == asEncrypted {
		text += " Tell the passphrase by phone, and let " + p.guide.Vendor + " read you the fingerprint **" + p.record.SecretFingerprint + "**."
	} else {
		text += " The secret is not in it: make the encrypted file as well, or give the secret another safe way."
	}
	p.outcome.Fill(parts.NewCallout(parts.ToneGood, "Saved.", text))
	if p.journey != nil {
		p.shell.SetPrimary(parts.Action{Label: "Next", Do: p.next})
		p.window.Canvas().Focus(p.shell.Primary())
	}
}
