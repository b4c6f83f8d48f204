package pages

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow/deliver"
	"entrada/internal/flow/prepare"
	"entrada/internal/flow/prove"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// unsaved are values to test of which nothing is kept: typed, or from a file.
// They are gone when something else is chosen or the page is left.
type unsaved struct {
	prove.Values
	file string // where they come from; "" for typed

	fromFile  *guides.Guide // what the file says that the vendor may do
	kind      int           // what was chosen, in the order of kinds
	abilities []bool
	byItself  bool
	fields    []*parts.Field // to be wiped
}

// forgetValues wipes what was typed.
func (p *helpdesk) forgetValues() {
	if p.values == nil {
		return
	}
	for _, f := range p.values.fields {
		f.Wipe()
	}
	*p.values = unsaved{}
	p.values, p.run = nil, nil
}

func (p *helpdesk) chooseValues(v *unsaved) {
	p.forgetValues()
	p.values, p.run, p.mailbox, p.shared = v, nil, "", ""
	p.record = connections.Record{}
	p.picker.Select(-1)
	p.showValues()
}

func (v *unsaved) name() string {
	if v.file != "" {
		return filepath.Base(v.file)
	}
	return "Values that are not saved"
}

// kinds are what can be tested: as a file says, as a guide says, or what the
// reader ticks.
func (v *unsaved) kinds(w app.App) (labels []string, list []*guides.Guide) {
	if v.fromFile != nil {
		labels, list = append(labels, "What the file says ("+v.fromFile.Vendor+")"), append(list, v.fromFile)
	}
	labels, list = append(labels, "Only organisation, app and secret"), append(list, prove.Nothing())
	for _, g := range w.EveryGuide() {
		labels, list = append(labels, g.Label()), append(list, g)
	}
	return append(labels, "Another vendor: I choose"), list
}

// showValues is the form.
func (p *helpdesk) showValues() {
	p.busy(false)
	v := p.values
	v.fields = nil
	title := "Test values that you type in"
	body := p.takeNote()
	if v.file != "" {
		title = "Test an exported file"
		body = append(body, parts.NewCallout(parts.ToneInfo, filepath.Base(v.file)+":", "these values stand in it."))
	}
	field := func(o parts.FieldOptions) *parts.Field {
		f := parts.NewField(o)
		v.fields = append(v.fields, f)
		return f
	}
	ready := func() { p.shell.EnablePrimary(v.Complete()) }
	var organisation, client, key *parts.Field
	organisation = field(
		parts.FieldOptions{Label: "Organisation", Placeholder: "you@yourcompany.com",
			Hint: "An e-mail address of it, its domain, or its tenant ID.", Changed: func(text string) {
				v.Organisation = ""
				if _, err := entra.ParseOrganisation(text); text == "" {
					organisation.SetStatus(parts.StatusNeutral, "")
				} else if err != nil {
					organisation.SetStatus(parts.StatusBad, explain.Sentence(err))
				} else {
					v.Organisation = strings.TrimSpace(text)
					organisation.SetStatus(parts.StatusNeutral, "It has the right form.")
				}
				ready()
			}})
	client = field(
		parts.FieldOptions{Label: prepare.ClientIDLabel, Mono: true, Paste: true, Changed: func(text string) {
			verdict := entra.CheckClientID(text, entra.Known{})
			showVerdict(client, verdict, "It has the right form.")
			v.ClientID = ""
			if verdict.State == entra.Good {
				v.ClientID = verdict.Clean
			}
			ready()
		}})
	key = field(parts.FieldOptions{Label: "Client secret value", Secret: true, Changed: func(text string) {
		verdict := entra.CheckSecretValue(text, entra.Known{ClientID: v.ClientID})
		showVerdict(key, verdict, "It has the right form.")
		v.Secret = secret.Value{}
		if verdict.State == entra.Good || verdict.State == entra.Doubtful {
			v.Secret = secret.New(verdict.Clean)
		}
		ready()
	}})
	choice := parts.NewSlot()
	labels, list := v.kinds(p.app)
	choose := func(i int) {
		v.kind = i
		v.choose(list)
		choice.Clear()
		if o := p.kindPart(i == len(list), ready); o != nil {
			choice.Fill(o)
		}
		ready()
	}
	body = append(body, organisation, client, key,
		parts.Column(6, parts.Strong("What to test"), parts.NewSelect("What to test", labels, v.kind, choose)), choice,
		parts.NewCheckBox("Only look: send no mail, create no event", p.lookOnly, func(on bool) { p.lookOnly = on }))
	p.show(p.frame(parts.Page{
		Title: title, Lead: "Nothing of this is stored. It is forgotten when you leave the page.", Body: body, Gap: 16,
		First:   organisation.Entry(),
		Primary: parts.Action{Label: "Test", Do: p.start, Disabled: true},
	}))
	org, id, value := v.Organisation, v.ClientID, v.Secret
	showVerdict(client, entra.CheckClientID("", entra.Known{}), "")
	key.SetStatus(parts.StatusNeutral, "The column **Value** on Certificates & secrets.")
	if v.file != "" && value.IsEmpty() {
		key.SetStatus(parts.StatusWarn, "The file does not hold the secret. Paste it here.")
	}
	for f, text := range map[*parts.Field]string{organisation: org, client: id, key: value.Reveal()} {
		if text != "" {
			f.SetText(text)
		}
	}
	choose(v.kind)
	if v.file != "" && value.IsEmpty() && org != "" && id != "" {
		p.window.Canvas().Focus(key.Entry())
	}
}

// kindPart asks for what the kind leaves open; nil if that is nothing.
func (p *helpdesk) kindPart(own bool, ready func()) fyne.CanvasObject {
	v := p.values
	column := parts.Column(12)
	mailbox := parts.NewSlot()
	ask := func() {
		mailbox.Clear()
		if v.Guide == nil || !v.Guide.AppOnly() {
			return
		}
		var f *parts.Field
		f = parts.NewField(
			parts.FieldOptions{Label: "Mailbox to test with", Placeholder: "name@yourcompany.com",
				Hint: "The test uses this mailbox alone.", Changed: func(text string) {
					text = strings.TrimSpace(text)
					v.Mailbox = ""
					if err := prove.CheckMailbox(text); err != nil {
						f.SetStatus(parts.StatusBad, explain.Sentence(err))
					} else {
						v.Mailbox = text
						f.SetStatus(parts.StatusNeutral, "")
					}
					ready()
				}})
		if v.Mailbox != "" {
			f.SetText(v.Mailbox)
		}
		mailbox.Fill(f)
	}
	if own {
		all := guides.Abilities()
		if len(v.abilities) != len(all) {
			v.abilities = make([]bool, len(all))
		}
		choices := make([]parts.Choice, len(all))
		for i, a := range all {
			choices[i] = parts.Choice{Title: a.Label}
		}
		by := 0
		if v.byItself {
			by = 1
		}
		changed := func() { v.choose(nil); ask(); ready() }
		column.Objects = append(column.Objects,
			parts.NewCheckList("What the vendor may do", choices, v.abilities,
				func(i int, on bool) { v.abilities[i] = on; changed() }),
			parts.NewRadioList("Who signs in?",
				[]parts.Choice{{Title: "Each person signs in"}, {Title: "The software works by itself"}}, by,
				func(i int) { v.byItself = i == 1; changed() }))
	}
	ask()
	if !own && !mailbox.Visible() {
		return nil
	}
	column.Objects = append(column.Objects, mailbox)
	return column
}

// choose takes the guide of the chosen kind.
func (v *unsaved) choose(list []*guides.Guide) {
	if v.kind < len(list) {
		v.Guide = list[v.kind]
		return
	}
	var ticked []guides.Ability
	for i, a := range guides.Abilities() {
		if i < len(v.abilities) && v.abilities[i] {
			ticked = append(ticked, a)
		}
	}
	v.Guide = prove.Allowed(ticked, v.byItself)
}

// chooseFile asks for an exported file.
func (p *helpdesk) chooseFile() {
	p.forgetValues()
	p.record, p.run = connections.Record{}, nil
	p.picker.Select(-1)
	problem := parts.NewSlot()
	var field *parts.Field
	open := func() { p.openExported(strings.TrimSpace(field.Text()), secret.Value{}, problem) }
	field = parts.NewField(parts.FieldOptions{Label: "Exported file", Paste: true, Submit: open,
		Hint: "A settings file (.json), a .env file, or the encrypted one (.age). It is only read."})
	browse := parts.Small("Browse …", func() {
		dialog.ShowFileOpen(func(r fyne.URIReadCloser, err error) {
			if err == nil && r != nil {
				field.SetText(r.URI().Path())
				_ = r.Close()
			}
		}, p.window)
	})
	p.show(p.frame(parts.Page{
		Title: "Test an exported file", Lead: "Nothing of it is stored.",
		Body: []fyne.CanvasObject{field, parts.Wrap(0, browse), problem}, First: field.Entry(),
		Primary: parts.Action{Label: "Open", Do: open},
	}))
}

// openExported reads the file, and asks for its passphrase where it needs one.
func (p *helpdesk) openExported(path string, passphrase secret.Value, problem *parts.Slot) {
	if path == "" {
		return
	}
	problem.Clear()
	type opened struct {
		pkg   handover.Package
		byKey bool
	}
	parts.Run(p.ctx, func(context.Context) (opened, error) {
		pkg, byKey, err := deliver.OpenExported(path, passphrase)
		return opened{pkg, byKey}, err
	}, func(o opened, err error) {
		switch {
		case o.byKey:
			problem.Fill(
				parts.NewCallout(parts.ToneInfo, "This file opens with a key.",
					"It was locked with your public key. Open it as a hand-over, with your key file: it can be "+
						"tested there as well.",
					parts.Wrap(0, parts.Small("Open it as a hand-over", func() { showReceive(p.nav, path) }))))
		case fault.Is(err, fault.WrongPassphrase):
			words := ""
			if !passphrase.IsEmpty() {
				words = "This passphrase does not open it. Check capitals and hyphens, and try again."
			}
			p.askPassphrase(words, func(v secret.Value) { p.openExported(path, v, problem) })
		case err != nil:
			problem.Fill(
				parts.NewFaultBox(p.explained(err, map[explain.Action]func(){explain.ChooseFile: p.chooseFile})))
		default:
			values := prove.FromPackage(p.app, o.pkg)
			p.chooseValues(&unsaved{Values: values, file: path, fromFile: values.Guide})
		}
	})
}

func (p *helpdesk) askPassphrase(words string, open func(secret.Value)) {
	var field *parts.Field
	var asking *parts.Dialog
	done := func() {
		v := field.Text()
		if v == "" {
			return
		}
		asking.Close()
		field.Wipe()
		open(secret.New(v))
	}
	field = parts.NewField(
		parts.FieldOptions{Label: "Passphrase", Secret: true,
			Hint: "Whoever made the file told it to you. It is not kept.", Submit: done})
	if words != "" {
		field.SetStatus(parts.StatusBad, words)
	}
	asking = parts.NewDialog(
		parts.DialogOptions{Title: "This file is encrypted", Body: field, First: field.Entry(),
			Primary: parts.Action{Label: "Open", Do: done}})
	asking.Open(p.window.Canvas())
}
