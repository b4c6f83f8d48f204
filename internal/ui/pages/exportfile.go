package pages

import (
	"context"
	"path/filepath"
	"strings"

	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow/deliver"
	"entrada/internal/handover"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// suggest fills in a file name, unless the person typed one.
func (p *exportPage) suggest() {
	if text := p.path.Text(); text != "" && text != p.suggested {
		p.path.SetText(deliver.Renamed(text, p.format()))
		return
	}
	p.suggested = deliver.Suggest(p.app, p.record, p.guide, p.format())
	p.path.SetText(p.suggested)
}

func (p *exportPage) pathChanged(text string) {
	p.risk.Clear()
	p.path.SetStatus(parts.StatusNeutral, "")
	if p.way == thePair {
		p.path.SetStatus(parts.StatusNeutral,
			"The sheet goes beside it: "+filepath.Base(p.outputs(strings.TrimSpace(text))[1].Path))
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

// lock is what the encrypted file opens with; ok is false if that is not good
// enough, which its field says.
func (p *exportPage) lock() (lock handover.Lock, ok bool) {
	if !p.format().Sealed {
		return handover.Lock{}, true
	}
	lock, err := deliver.LockFor(p.publicKey.Text(), secret.New(p.typed.Text()), p.passphrase)
	switch {
	case err == nil:
		return lock, true
	case lock.PublicKey != "":
		p.publicKey.SetStatus(parts.StatusBad, explain.Sentence(err))
	default:
		p.typed.SetStatus(parts.StatusBad, explain.Sentence(err))
	}
	return lock, false
}

func (p *exportPage) saved(outputs []deliver.Output, lock handover.Lock, withPassword bool) {
	paths := make([]string, len(outputs))
	for i, o := range outputs {
		paths[i] = o.Path
	}
	text := where(paths...) + " " + deliver.AboutFile(outputs[0].Format, p.record)
	if outputs[0].Format.Sealed {
		made := deliver.Parcel{Lock: lock, Own: !lock.Passphrase.Equal(p.passphrase)}
		made.MailboxPassword = withPassword
		noted, err := p.parcels.Add(p.app, p.record, outputs, made)
		if p.record = noted; err != nil {
			p.tell("Where the files lie could not be noted", err)
		}
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
