package terminal

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"entrada/internal/connections"
	"entrada/internal/console"
	"entrada/internal/fault"
	"entrada/internal/flow/administer"
	"entrada/internal/flow/deliver"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/journey"
	"entrada/internal/secret"
)

// keep saves the connection, or keeps it for this session.
func (w *wizard) keep(ctx context.Context) error {
	already := w.j.Missing(journey.PageSave) == nil
	if _, err := w.converse(ctx, deliver.Save(w.p.app, w.j, w.out.Terminal)); err != nil || already {
		return err
	}
	r, _ := w.p.app.Connections.Get(w.j.Answers().ConnectionID)
	w.p.saidSaved(w.out, r)
	return nil
}

// export writes the files that the vendor is to get.
func (w *wizard) export(ctx context.Context) error {
	r, ok := w.p.app.Connections.Get(w.j.Answers().ConnectionID)
	if !ok {
		// It was removed meanwhile, elsewhere.
		w.j.Kept("")
		return w.moveTo(journey.PageSave)
	}
	g := w.j.Guide()
	w.out.Say("", deliver.ExportLead(g))
	w.showFields(deliver.Package(w.p.app, r, g, deliver.Secrets{}), g)
	w.notes(g.NotesFor("handover"))
	w.out.Blank()
	formats := handover.Formats()
	for {
		options := make([]option, 0, len(formats)+1)
		for _, f := range formats {
			options = append(options, option{id: f.ID, title: f.Title, text: f.For})
		}
		last := option{id: "not now", title: "Not now"}
		if w.exported {
			last = option{id: "go on", title: "Go on"}
		}
		i, err := w.choose(ctx, "What now", append(options, last), len(formats))
		if err != nil || i == len(formats) {
			return err
		}
		if err := w.writeFile(ctx, r, g, formats[i]); err != nil {
			return err
		}
	}
}

func (w *wizard) showFields(pkg handover.Package, g *guides.Guide) {
	for i, f := range pkg.Fields {
		w.out.Blank()
		if words := deliver.FieldWords(pkg, f, g.Fields[i].From); words != "" {
			w.out.Say("", f.Label+": "+words)
			continue
		}
		w.out.Line(console.OneLine(f.Label) + ":")
		w.out.Line(console.OneLine(f.Value))
		if f.Note != "" {
			w.out.Say("", f.Note)
		}
	}
}

func (w *wizard) writeFile(ctx context.Context, r connections.Record, g *guides.Guide, format handover.Format) error {
	if format.Sealed && !w.out.Terminal {
		w.out.Say("",
			"There is no terminal to show a passphrase on. Use: entrada-cli export --format age --passphrase-fd N")
		return nil
	}
	var passphrase, mailboxPassword secret.Value
	var files []deliver.Output
	ask := func() (err error) {
		path, err := w.ask(ctx, "Save as", deliver.Suggest(w.p.app, r, g, format))
		files = []deliver.Output{{Format: format, Path: strings.TrimSpace(path)}}
		return err
	}
	err := ask()
	if err != nil {
		return err
	}
	if format.Sealed {
		passphrase = handover.GeneratePassphrase()
		if mailboxPassword, err = w.askPassword(ctx, g); err != nil {
			return err
		}
	}
	lock := handover.Lock{Passphrase: passphrase}
	write := func(overwrite bool) error {
		return deliver.Export(w.p.quietly(ctx), w.p.app, r, g, lock, mailboxPassword, overwrite, files)
	}
	err = write(false)
	for fault.Is(err, fault.FolderNotFound) {
		w.out.Say("", "There is no folder "+console.OneLine(filepath.Dir(files[0].Path))+".")
		if err = ask(); err != nil {
			return err
		}
		err = write(false)
	}
	if fault.Is(err, fault.FileExists) {
		w.out.Say("", w.parcels.InTheWay(r, files, lock))
		i, askErr := w.choose(ctx, "What shall become of it",
			[]option{{id: "no", title: "Keep it"}, {id: "replace", title: "Replace it"}}, 0)
		if askErr != nil || i == 0 {
			return askErr
		}
		err = write(true)
	}
	if err != nil {
		w.fault(err)
		return nil
	}
	w.exported = true
	w.j.ChooseSending(true)
	w.p.saved(w.out, files[0].Path, format, r)
	if format.Sealed {
		parcel := deliver.Parcel{Lock: lock}
		parcel.MailboxPassword = !mailboxPassword.IsEmpty()
		_, err = w.parcels.Add(w.p.app, r, files, parcel)
		w.told(err)
		w.p.showPassphrase(w.out, passphrase)
	}
	w.out.Blank()
	return nil
}

// askPassword is for a vendor that asks for a mailbox's password: why not to
// give it, what to answer, and a question for who has to all the same.
func (w *wizard) askPassword(ctx context.Context, g *guides.Guide) (secret.Value, error) {
	f, asks, answer, ok := deliver.MailboxPassword(g)
	if !ok {
		return secret.Value{}, nil
	}
	w.out.Say("", asks+" "+f.Why)
	if f.Reply != "" {
		w.out.Say("", answer)
		w.out.Value(f.Reply)
	}
	return w.askHidden(ctx, f.Label+" (it is not shown; leave it empty unless you insist)")
}

// nextSteps is the last page: what to do in the vendor's own software.
func (w *wizard) nextSteps(ctx context.Context) error {
	next := deliver.WhatComesNext(w.j)
	w.callout(next.State)
	w.out.Say("", next.Lead)
	w.out.Blank()
	for i, step := range next.Steps {
		w.instruction(i+1, step)
	}
	w.instruction(len(next.Steps)+1, guides.Instruction{Text: next.Expiry +
		" “entrada-cli list” tells 30 days before. For your calendar: “entrada-cli export --format ics”."})
	if next.Recipe != nil {
		w.recipe(*next.Recipe)
	}
	removable := next.TestAddress != ""
	if removable {
		w.out.Say("", next.TestAddress)
	}
	if name, ok := w.sessionOnly(); ok && !w.exported {
		w.out.Say("",
			"“"+console.OneLine(name)+
				"” is kept for this session only and has not been exported: it is gone after this page. Type back "+
				"to export it.")
	}
	w.out.Blank()
	for removable {
		remove := false
		err := w.until(ctx, "Press Enter to finish, or type remove to have the test address removed", "",
			func(text string) string {
				remove = word(text) == "remove"
				if text != "" && !remove {
					return "Press Enter, or type remove, back, quit or help."
				}
				return ""
			})
		if err != nil || !remove {
			return err
		}
		if err := w.removeTestAddress(ctx); err != nil && !errors.Is(err, errBack) {
			return err
		}
	}
	return w.enter(ctx, "Press Enter to finish")
}

// removeTestAddress takes our own test address off the registration, with an
// administrator's sign-in.
func (w *wizard) removeTestAddress(ctx context.Context) error {
	s, err := administer.RemoveTestAddress(w.p.app, w.j)
	if err != nil {
		w.fault(err)
		return nil
	}
	_, err = w.converse(ctx, s)
	return err
}

// recipe is a piece of work outside the portal, with its commands to copy.
func (w *wizard) recipe(r guides.Recipe) {
	w.out.Heading(r.Title)
	w.out.Say("", r.Why)
	w.out.Say("", "Who can do it: "+r.Who)
	for _, line := range r.Before {
		w.out.Say("  ", "- "+line)
	}
	w.out.Blank()
	for _, line := range r.Lines {
		w.out.Line(console.OneLine(line))
	}
	w.out.Blank()
	for _, line := range r.After {
		w.out.Say("", line)
	}
	w.out.Blank()
}
