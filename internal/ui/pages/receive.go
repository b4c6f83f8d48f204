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
	"entrada/internal/handover"
	"entrada/internal/journey"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// receivePage opens what somebody handed over. Nothing is kept until the person
// says so.
type receivePage struct {
	*Window
	ctx        context.Context
	file       *parts.Field
	passphrase *parts.Field
	asking     *parts.Slot // where the passphrase is asked for
	problem    *parts.Slot
	needs      handover.Key
	read       string // the path that needs belongs to
}

// showReceive asks for the file. path is filled in where it is known.
func (w *Window) showReceive(path string) {
	w.journey = nil
	p := &receivePage{Window: w, ctx: w.enter(), asking: parts.NewSlot(), problem: parts.NewSlot()}
	p.file = parts.NewField(parts.FieldOptions{Label: "File", Paste: true, Hint: "It usually ends in .settings.age, or in .settings.json.", Changed: p.look, Submit: p.open})
	p.passphrase = parts.NewField(parts.FieldOptions{Label: "Passphrase", Secret: true, Hint: "Whoever made the file tells it to you by phone.", Submit: p.open})
	browse := parts.Small("Browse …", func() {
		d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
			if err == nil && r != nil {
				p.file.SetText(r.URI().Path())
				_ = r.Close()
			}
		}, w.window)
		d.SetFilter(storage.NewExtensionFileFilter([]string{".age", ".json"}))
		d.Show()
	})
	w.show(p.frame(parts.Page{
		Title: "Open a hand-over", Lead: "For a file that somebody made with Entrada. Opening it asks nobody anything and keeps nothing.",
		Body:    []fyne.CanvasObject{p.file, parts.Wrap(0, browse), p.asking, p.problem},
		Primary: parts.Action{Label: "Open", Do: p.open},
	}))
	if path != "" {
		p.file.SetText(path)
	}
}

func (p *receivePage) frame(f parts.Page) parts.Page {
	f.Back, f.Wide = p.ShowHome, true
	if f.Cancel == nil {
		f.Cancel = p.ShowHome
	}
	return f
}

// look asks for the passphrase as soon as there is a file that wants one.
func (p *receivePage) look(text string) {
	p.problem.Clear()
	path := strings.TrimSpace(text)
	_, key, err := journey.ReadHandOver(path)
	p.read, p.needs = path, key
	if err != nil || key != handover.KeyPassphrase {
		p.asking.Clear()
		return
	}
	p.asking.Fill(p.passphrase)
}

func (p *receivePage) open() {
	path := strings.TrimSpace(p.file.Text())
	if path == "" {
		p.file.SetStatus(parts.StatusBad, "Choose the file that you were sent.")
		p.window.Canvas().Focus(p.file.Entry())
		return
	}
	if p.read != path {
		p.look(path)
	}
	if p.needs == handover.KeyPassphrase && p.passphrase.Text() == "" {
		p.passphrase.SetStatus(parts.StatusNeutral, "")
		p.window.Canvas().Focus(p.passphrase.Entry())
		return
	}
	if p.needs == handover.KeyIdentity {
		p.problem.Fill(parts.NewCallout(parts.ToneInfo, "This file opens with a key.", "It was locked with your public key, not with a passphrase. Open it in a terminal, with the file of your own key:",
			parts.NewCopyRow("entrada-cli open \""+path+"\" --identity key.txt --test --save", "")))
		return
	}
	p.problem.Clear()
	p.shell.SetPrimary(parts.Action{Label: "Opening …", Disabled: true})
	pass := secret.New(p.passphrase.Text())
	parts.Run(p.ctx, func(context.Context) (handover.Package, error) {
		data, key, err := journey.ReadHandOver(path)
		if err != nil {
			return handover.Package{}, err
		}
		return journey.OpenHandOver(data, key, pass)
	}, func(pkg handover.Package, err error) {
		if err == nil {
			p.passphrase.Wipe()
			(&receivedPage{Window: p.Window, ctx: p.ctx, received: p.world.Receive(pkg), name: filepath.Base(path)}).open()
			return
		}
		p.shell.SetPrimary(parts.Action{Label: "Open", Do: p.open})
		if fault.Is(err, fault.WrongPassphrase) {
			p.passphrase.SetStatus(parts.StatusBad, "The file does not open with this passphrase. Small letters, with a dash between the words.")
			p.window.Canvas().Focus(p.passphrase.Entry())
			return
		}
		choose := func() { p.window.Canvas().Focus(p.file.Entry()) }
		p.problem.Fill(parts.NewFaultBox(p.explained(err, map[explain.Action]func(){explain.ChooseFile: choose, explain.Edit: choose})))
	})
}
