package pages

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow/deliver"
	"entrada/internal/handover"
	"entrada/internal/safefile"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// suggest fills in a file name, unless the person typed one.
func (p *exportPage) suggest() {
	suffix := p.format().Suffix
	if text := p.path.Text(); text != "" && text != p.suggested {
		p.path.SetText(stem(text) + "." + suffix)
		return
	}
	pkg := deliver.Package(p.app, p.record, p.guide, deliver.Secrets{})
	p.suggested = filepath.Join(safefile.Documents(), handover.FileName(pkg, suffix))
	p.path.SetText(p.suggested)
}

func (p *exportPage) pathChanged(text string) {
	p.risk.Clear()
	p.path.SetStatus(parts.StatusNeutral, "")
	if p.way == thePair {
		p.path.SetStatus(parts.StatusNeutral, "The sheet goes beside it: "+filepath.Base(p.outputs(strings.TrimSpace(text))[1].Path))
	}
	if words := deliver.FolderWarning(text, p.format().Sealed); words != "" {
		p.risk.Fill(parts.NewCallout(parts.ToneWarning, "", words))
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
	app, record, guide, outputs := p.app, p.record, p.guide, p.outputs(path)
	parts.Run(p.ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, deliver.Export(ctx, app, record, guide, lock, password, overwrite, outputs)
	}, func(_ struct{}, err error) {
		p.shell.SetPrimary(parts.Action{Label: p.saveLabel(), Do: p.save})
		switch {
		case fault.Is(err, fault.FileExists):
			parts.NewDialog(parts.DialogOptions{
				Title: "Replace what is there?", Body: parts.Body(existing(outputs, p.outdates(outputs, lock))), Danger: true,
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

// lock is what the encrypted file opens with; ok is false if that is not good
// enough, which its field says.
func (p *exportPage) lock() (lock handover.Lock, ok bool) {
	if !p.format().Sealed {
		return handover.Lock{}, true
	}
	if key := strings.TrimSpace(p.publicKey.Text()); key != "" {
		if err := handover.CheckPublicKey(key); err != nil {
			p.publicKey.SetStatus(parts.StatusBad, explain.Sentence(err))
			return handover.Lock{}, false
		}
		return handover.Lock{PublicKey: key}, true
	}
	if p.typed.Text() == "" {
		return handover.Lock{Passphrase: p.passphrase}, true
	}
	own := secret.New(p.typed.Text())
	if err := handover.CheckPassphrase(own); err != nil {
		p.typed.SetStatus(parts.StatusBad, explain.Sentence(err))
		return handover.Lock{}, false
	}
	return handover.Lock{Passphrase: own}, true
}

// outdates reports whether a passphrase that may have been told does not open
// what takes the place of its file.
func (p *exportPage) outdates(outputs []deliver.Output, lock handover.Lock) bool {
	made, known := p.parcelOf(p.record)
	if _, err := os.Lstat(outputs[0].Path); err != nil || !outputs[0].Format.Sealed {
		return false
	}
	return !known || made.File != outputs[0].Path || !made.ForKey && !made.lock.Passphrase.Equal(lock.Passphrase)
}

func existing(outputs []deliver.Output, outdated bool) string {
	var there []string
	for _, o := range outputs {
		if _, err := os.Lstat(o.Path); err == nil {
			there = append(there, o.Path)
		}
	}
	text := "There is a file of this name already: " + strings.Join(there, " and ") + "."
	if outdated {
		text += " The passphrase that you told them does not open the new file."
	}
	return text
}

func (p *exportPage) saved(outputs []deliver.Output, lock handover.Lock, withPassword bool) {
	paths := make([]string, len(outputs))
	for i, o := range outputs {
		paths[i] = o.Path
	}
	text := where(paths...)
	switch {
	case outputs[0].Format.Sealed:
		made := connections.Exported{File: outputs[0].Path, ForKey: lock.PublicKey != "", MailboxPassword: withPassword}
		if len(outputs) > 1 {
			made.Sheet = outputs[1].Path
		}
		p.remember(p.record.ID, parcel{Exported: made, lock: lock, typed: !lock.Passphrase.Equal(p.passphrase), of: p.record.SecretFingerprint})
		noted, err := deliver.NoteExport(p.app, p.record, made)
		if p.record = noted; err != nil {
			p.tell("Where the files lie could not be noted", err)
		}
		text += " The next page says how to send each of them."
	case outputs[0].Format.ID == handover.FormatCalendar:
		text += " Open it with your calendar."
	default:
		text += " The secret is not in it."
	}
	p.outcome.Fill(parts.NewCallout(parts.ToneGood, "Saved.", text))
	p.goOn(p.after)
}

// where names files that stand beside each other.
func where(paths ...string) string {
	names := make([]string, len(paths))
	for i, path := range paths {
		names[i] = "**" + filepath.Base(path) + "**"
	}
	return "In " + filepath.Dir(paths[0]) + ": " + strings.Join(names, " and ") + "."
}
