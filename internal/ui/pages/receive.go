package pages

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow/deliver"
	"entrada/internal/handover"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// receivePage opens what somebody handed over. Nothing is kept until the person
// says so.
type receivePage struct {
	*Window
	ctx        context.Context
	file       *parts.Field
	passphrase *parts.Field // of the file
	key        *parts.Field // the reader's own key file
	keyPass    *parts.Field // of the key file
	asking     *parts.Slot  // where one of them is asked for
	askingKey  *parts.Slot  // where the passphrase of the key file is asked for
	problem    *parts.Slot
	needs      handover.Key
	read       string // the path that needs belongs to
	keyLocked  bool   // the key file has a passphrase of its own
	readKey    string // the path that keyLocked belongs to
}

// showReceive asks for the file. path is filled in where it is known.
func (w *Window) showReceive(path string) {
	w.journey = nil
	p := &receivePage{Window: w, ctx: w.enter(), asking: parts.NewSlot(), askingKey: parts.NewSlot(), problem: parts.NewSlot()}
	p.file = parts.NewField(parts.FieldOptions{Label: "File", Paste: true, Hint: "It usually ends in .settings.age, or in .settings.json.", Changed: p.look, Submit: p.open})
	p.passphrase = parts.NewField(parts.FieldOptions{Label: "Passphrase", Secret: true, Hint: "Whoever made the file tells it to you by phone.", Submit: p.open})
	p.key = parts.NewField(parts.FieldOptions{Label: "Your key file", Paste: true, Hint: "The file with the private key that belongs to the public key you gave. It is only read.", Changed: p.lookAtKey, Submit: p.open})
	p.keyPass = parts.NewField(parts.FieldOptions{Label: "Passphrase of your key file", Secret: true, Hint: "Your own. It is not kept.", Submit: p.open})
	w.show(p.frame(parts.Page{
		Title: "Open a hand-over", Lead: "For a file that somebody made with Entrada. Opening it asks nobody anything and keeps nothing.",
		Body:    []fyne.CanvasObject{p.file, parts.Wrap(0, p.browse(p.file, ".age", ".json")), p.asking, p.problem},
		Primary: parts.Action{Label: "Open", Do: p.open},
	}))
	if path != "" {
		p.file.SetText(path)
	}
}

// browse is a button that has a file chosen for a field.
func (p *receivePage) browse(field *parts.Field, endings ...string) *parts.Button {
	return parts.Small("Browse …", func() {
		d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
			if err == nil && r != nil {
				field.SetText(r.URI().Path())
				_ = r.Close()
			}
		}, p.window)
		if len(endings) > 0 {
			d.SetFilter(storage.NewExtensionFileFilter(endings))
		}
		d.Show()
	}).SetSpoken("Browse for: " + field.Label())
}

func (p *receivePage) frame(f parts.Page) parts.Page {
	f.Back, f.Wide = p.ShowHome, true
	if f.Cancel == nil {
		f.Cancel = p.ShowHome
	}
	return f
}

// look asks for the passphrase, or for the key, as soon as there is a file that
// wants one.
func (p *receivePage) look(text string) {
	p.problem.Clear()
	path := strings.TrimSpace(text)
	_, key, err := deliver.ReadHandOver(path)
	p.read, p.needs = path, key
	p.asking.Clear()
	switch {
	case err != nil:
	case key == handover.KeyPassphrase:
		p.asking.Fill(p.passphrase)
	case key == handover.KeyIdentity:
		p.asking.Fill(parts.Column(12,
			parts.Body("**This file opens with a key.** It was locked with your public key, so nobody tells you a passphrase."),
			p.key, parts.Wrap(0, p.browse(p.key)), p.askingKey))
	}
}

// lookAtKey says at once what is wrong with a key file, and asks for its
// passphrase if it has one.
func (p *receivePage) lookAtKey(text string) {
	path := strings.TrimSpace(text)
	k, err := deliver.ReadKeyFile(path)
	p.readKey, p.keyLocked = path, k.Locked()
	f := fieldFault(err)
	switch {
	case path == "" || fault.Is(err, fault.FileNotFound): // somebody types
		p.key.SetStatus(parts.StatusNeutral, "")
	case f != nil:
		p.key.SetStatus(parts.StatusBad, f.Detail)
	case err != nil:
		p.key.SetStatus(parts.StatusBad, "This file cannot be read.")
	case p.keyLocked:
		p.key.SetStatus(parts.StatusGood, "A key file with a passphrase of its own.")
	default:
		p.key.SetStatus(parts.StatusGood, "This is a key file.")
	}
	if p.keyLocked {
		p.askingKey.Fill(p.keyPass)
	} else {
		p.askingKey.Clear()
	}
}

// missing leads to what is not filled in yet; false if nothing is missing.
func (p *receivePage) missing(path string) bool {
	at := func(f *parts.Field, status parts.Status, words string) bool {
		f.SetStatus(status, words)
		p.window.Canvas().Focus(f.Entry())
		return true
	}
	if path == "" {
		return at(p.file, parts.StatusBad, "Choose the file that you were sent.")
	}
	if p.read != path {
		p.look(path)
	}
	switch {
	case p.needs == handover.KeyPassphrase && p.passphrase.Text() == "":
		return at(p.passphrase, parts.StatusNeutral, "")
	case p.needs != handover.KeyIdentity:
		return false
	}
	own := strings.TrimSpace(p.key.Text())
	if own == "" {
		return at(p.key, parts.StatusNeutral, "")
	}
	if p.readKey != own {
		p.lookAtKey(own)
	}
	if p.keyLocked && p.keyPass.Text() == "" {
		return at(p.keyPass, parts.StatusNeutral, "")
	}
	return false
}

func (p *receivePage) open() {
	path := strings.TrimSpace(p.file.Text())
	if p.missing(path) {
		return
	}
	typed, asked := p.passphrase, p.file
	key := deliver.HandOverKey{}
	switch p.needs {
	case handover.KeyPassphrase:
		key.Passphrase = secret.New(p.passphrase.Text())
	case handover.KeyIdentity:
		typed, asked = p.keyPass, p.key
		key.KeyFile = strings.TrimSpace(p.key.Text())
		if p.keyLocked {
			key.Passphrase = secret.New(p.keyPass.Text())
		}
	}
	p.problem.Clear()
	p.shell.SetPrimary(parts.Action{Label: "Opening …", Disabled: true})
	parts.Run(p.ctx, func(context.Context) (handover.Package, error) {
		data, _, err := deliver.ReadHandOver(path)
		if err != nil {
			return handover.Package{}, err
		}
		return deliver.OpenHandOver(data, key)
	}, func(pkg handover.Package, err error) {
		if err == nil {
			p.passphrase.Wipe()
			p.keyPass.Wipe()
			(&receivedPage{Window: p.Window, ctx: p.ctx, received: deliver.Receive(p.app, pkg), name: filepath.Base(path), byKey: key.KeyFile != ""}).open()
			return
		}
		p.shell.SetPrimary(parts.Action{Label: "Open", Do: p.open})
		if f := fieldFault(err); f != nil {
			asked.SetStatus(parts.StatusBad, f.Detail)
			p.window.Canvas().Focus(asked.Entry())
			return
		}
		if fault.Is(err, fault.WrongPassphrase) {
			words := "The file does not open with this passphrase. Small letters, with a dash between the words."
			if p.needs == handover.KeyIdentity {
				words = "Your key file does not open with this passphrase. Capital letters and spaces count."
			}
			typed.SetStatus(parts.StatusBad, words)
			p.window.Canvas().Focus(typed.Entry())
			return
		}
		choose := func() { p.window.Canvas().Focus(asked.Entry()) }
		p.problem.Fill(parts.NewFaultBox(p.explained(err, map[explain.Action]func(){explain.ChooseFile: choose, explain.Edit: choose})))
	})
}
