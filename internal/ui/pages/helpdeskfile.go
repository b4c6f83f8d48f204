package pages

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow/deliver"
	"entrada/internal/flow/prove"
	"entrada/internal/handover"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// exportedFile asks for a file that somebody exported, and reads it.
type exportedFile struct {
	*nav
	ctx    context.Context
	opened func(*unsaved)

	field   *parts.Field
	problem *parts.Slot
}

func (f *exportedFile) asPage() parts.Page {
	f.problem = parts.NewSlot()
	open := func() { f.read(strings.TrimSpace(f.field.Text()), secret.Value{}) }
	f.field = parts.NewField(parts.FieldOptions{Label: "Exported file", Paste: true, Submit: open,
		Hint: "A settings file (.json), a .env file, or the encrypted one (.age). It is only read."})
	return parts.Page{
		Title: "Test an exported file", Lead: "Nothing of it is stored.",
		Body: []fyne.CanvasObject{f.field, parts.Wrap(0, f.browse(f.field)), f.problem}, First: f.field.Entry(),
		Primary: parts.Action{Label: "Open", Do: open},
	}
}

// chooseAnother empties the field.
func (f *exportedFile) chooseAnother() {
	f.problem.Clear()
	f.field.SetText("")
	f.window.Canvas().Focus(f.field.Entry())
}

// read reads the file, and asks for its passphrase where it needs one.
func (f *exportedFile) read(path string, passphrase secret.Value) {
	if path == "" {
		return
	}
	f.problem.Clear()
	type opened struct {
		pkg   handover.Package
		byKey bool
	}
	parts.Run(f.ctx, func(context.Context) (opened, error) {
		pkg, byKey, err := deliver.OpenExported(path, passphrase)
		return opened{pkg, byKey}, err
	}, func(o opened, err error) {
		switch {
		case o.byKey:
			f.problem.Fill(
				parts.NewCallout(parts.ToneInfo, "This file opens with a key.",
					"It was locked with your public key. Open it as a hand-over, with your key file: it can be "+
						"tested there as well.",
					parts.Wrap(0, parts.Small("Open it as a hand-over", func() { showReceive(f.nav, path) }))))
		case fault.Is(err, fault.WrongPassphrase):
			words := ""
			if !passphrase.IsEmpty() {
				words = "This passphrase does not open it. Check capitals and hyphens, and try again."
			}
			f.unlock(words, func(v secret.Value) { f.read(path, v) })
		case err != nil:
			f.problem.Fill(
				parts.NewFaultBox(f.explained(err, map[explain.Action]func(){explain.ChooseFile: f.chooseAnother})))
		default:
			values := prove.FromPackage(f.app, o.pkg)
			f.opened(&unsaved{Values: values, file: path, fromFile: values.Guide})
		}
	})
}

func (f *exportedFile) unlock(words string, open func(secret.Value)) {
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
	asking.Open(f.window.Canvas())
}
