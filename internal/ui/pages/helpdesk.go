package pages

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/prove"
	"entrada/internal/ui/parts"
)

// helpdesk is the page “Test a connection”: at the left what can be tested, at
// the right what is chosen, how it goes, and what came out.
type helpdesk struct {
	*nav
	ctx  context.Context
	list *savedList

	record connections.Record // the chosen one; zero for values that are not saved
	values *unsaved           // nil for a saved one
	note   fyne.CanvasObject  // said once, above what is chosen; may be nil

	testWishes
	run    *run // under way, or the last one; nil before
	report reportWishes
}

// showHelpdesk opens the page with one connection chosen; the first one, which
// is the one in most trouble, if id is empty.
func showHelpdesk(w *nav, id string) *helpdesk {
	p := &helpdesk{nav: w, ctx: w.enter()}
	w.journey = nil
	p.list = newSavedList(w.app, p.choose, p.found,
		parts.NewLink("Values that I type in", func() { p.chooseValues(&unsaved{}) }),
		parts.NewLink("From an exported file …", p.chooseFile))
	if all := p.list.all; len(all) == 0 {
		p.list.look("")
		p.chooseValues(&unsaved{})
	} else {
		at := max(0, slices.IndexFunc(all, func(r connections.Record) bool { return r.ID == id }))
		p.list.chosen = all[at].ID
		p.list.look("")
		p.choose(all[at])
	}
	p.list.refreshSoon(p.ctx)
	return p
}

// choose shows a saved connection, before anything is asked.
func (p *helpdesk) choose(r connections.Record) {
	p.forgetValues()
	if now, ok := p.app.Connections.Get(r.ID); ok {
		r = now
	} else {
		p.gone(r)
		return
	}
	if r.ID != p.record.ID || p.run != nil {
		p.mailbox, p.shared = "", ""
	}
	p.record, p.run, p.list.chosen = r, nil, r.ID
	p.idle()
}

// found chooses what somebody looked for, unless values are being typed in.
func (p *helpdesk) found(r connections.Record) bool {
	if p.values != nil {
		return false
	}
	p.choose(r)
	return true
}

// gone says that a connection was removed meanwhile, and shows what is left.
func (p *helpdesk) gone(r connections.Record) {
	p.chooseNone()
	p.list.relist()
	p.note = parts.NewCallout(parts.ToneWarning, "“"+r.Name+"” is no longer saved.",
		"It was removed meanwhile, here or by another program.")
	if len(p.list.all) == 0 {
		p.chooseValues(&unsaved{})
		return
	}
	p.record = p.list.all[0]
	p.list.chosen = p.record.ID
	p.list.relist()
	p.idle()
}

// notFound says that no connection has the name that was asked for.
func (p *helpdesk) notFound(name string) {
	way := "Choose one at the left."
	if len(p.list.all) == 0 {
		way = "None is saved yet. You can type the values in."
	}
	p.note = parts.NewCallout(parts.ToneWarning,
		"No saved connection is called “"+strings.ReplaceAll(name, "**", "")+"”.", way)
	p.idle()
}

// chooseNone is for what is not saved.
func (p *helpdesk) chooseNone() {
	p.forgetValues()
	p.record, p.run = connections.Record{}, nil
	p.list.mark("")
}

// forgetValues wipes what was typed.
func (p *helpdesk) forgetValues() {
	if p.values == nil {
		return
	}
	p.values.wipe()
	p.values, p.run = nil, nil
}

func (p *helpdesk) chooseValues(v *unsaved) {
	p.chooseNone()
	p.values, p.mailbox, p.shared = v, "", ""
	p.showValues()
}

// chooseFile asks for an exported file.
func (p *helpdesk) chooseFile() {
	p.chooseNone()
	f := &exportedFile{nav: p.nav, ctx: p.ctx, opened: p.chooseValues}
	p.show(p.frame(f.asPage()))
}

// frame is what all stages of the page share.
func (p *helpdesk) frame(f parts.Page) parts.Page {
	f.Side, f.Back = p.list.side, p.ShowHome
	if f.Cancel == nil {
		f.Cancel = p.ShowHome
	}
	return f
}

// idle shows what is chosen and what a test will do.
func (p *helpdesk) idle() {
	if p.values != nil {
		p.showValues()
		return
	}
	p.list.setBusy(false)
	body := p.takeNote()
	body = append(body, chosenPart(p.app, p.record, &p.testWishes)...)
	p.show(p.frame(parts.Page{
		Title: "Test a connection", Lead: "Which link is broken, who can mend it, and what to send them.", Body: body,
		Gap: 16, First: p.list.first(p.window.Canvas().Focused()),
		Primary: parts.Action{Label: "Test", Do: p.start},
	}))
}

// showValues asks for values that are not saved.
func (p *helpdesk) showValues() {
	p.list.setBusy(false)
	form := newValuesForm(p.app, p.values, &p.testWishes, func() { p.shell.EnablePrimary(p.values.Complete()) })
	p.show(p.frame(parts.Page{
		Title: form.title(), Lead: "Nothing of this is stored. It is forgotten when you leave the page.",
		Body: append(p.takeNote(), form.body()...), Gap: 16, First: form.organisation.Entry(),
		Primary: parts.Action{Label: "Test", Do: p.start, Disabled: true, Missing: form.demand},
	}))
	if next := form.restore(); next != nil {
		p.window.Canvas().Focus(next)
	}
}

func (p *helpdesk) takeNote() []fyne.CanvasObject {
	if p.note == nil {
		return nil
	}
	body := []fyne.CanvasObject{p.note}
	p.note = nil
	return body
}

// converse draws what goes on within the page.
func (p *helpdesk) converse(s *flow.Screen) {
	p.list.setBusy(true)
	newConversation(p.nav, p.ctx, p.frame, func(flow.Exit) {}).show(s)
}

// start begins the test of what is chosen: first what needs nobody.
func (p *helpdesk) start() {
	from := prove.Saved(p.app, p.record, p.mailbox)
	if p.values != nil {
		from = p.values.Source(p.app)
	}
	p.converse(prove.Preflight(p.app, from, p.name(), p.quickIsOver))
}

// name is what is tested, for people.
func (p *helpdesk) name() string {
	switch {
	case p.values != nil:
		return p.values.name()
	case p.mailbox != "":
		return p.record.Name + ", mailbox " + p.mailbox
	}
	return p.record.Name
}

// quickIsOver goes on where nobody has to sign in, and else says how far it is.
func (p *helpdesk) quickIsOver(o prove.Outcome, err error) *flow.Screen {
	switch {
	case fault.Is(err, fault.InvalidInput) && p.values == nil:
		p.gone(p.record)
		return flow.End(flow.Moved)
	case err != nil:
		p.note = parts.NewFaultBox(p.explained(err, canRetry(p.start)))
		p.idle()
		return flow.End(flow.Moved)
	}
	p.run = &run{Outcome: o}
	if now, ok := p.app.Connections.Get(p.record.ID); ok {
		p.record = now
	}
	if !o.OK || !o.Subject.Tries() {
		return p.finish(o)
	}
	p.run.try = &prove.Try{
		App: p.app, Subject: o.Subject, Shared: p.shared, LookOnly: p.lookOnly, Before: o.Results, Took: o.Took,
		Start: func() *flow.Screen {
			p.showResults()
			return flow.End(flow.Moved)
		},
		Done: p.finish,
	}
	if o.Subject.Guide.AppOnly() {
		return p.run.try.Begin()
	}
	return p.finish(o)
}

// signIn goes on with the mailbox.
func (p *helpdesk) signIn() {
	if p.run == nil || p.run.try == nil {
		p.start()
		return
	}
	p.converse(p.run.try.Begin())
}

// finish remembers what is known, and shows it.
func (p *helpdesk) finish(o prove.Outcome) *flow.Screen {
	p.run.Outcome = o
	p.remember()
	p.showResults()
	return flow.End(flow.Moved)
}

// remember notes how a test of a saved connection went. What was tried in
// another mailbox than usual says nothing of the connection.
func (p *helpdesk) remember() {
	if p.values != nil || p.mailbox != "" {
		return
	}
	said, ok := p.run.Tested(p.record, p.app.Now())
	if !ok {
		return
	}
	said.Continues, p.run.noted = p.run.noted, true
	store := p.app.Connections
	// The program's life, not the page's: what is known stays known.
	parts.Run(p.program, func(context.Context) (struct{}, error) { return struct{}{}, store.Remember(said) },
		func(_ struct{}, err error) {
			if p.ctx.Err() != nil {
				return
			}
			p.list.relist()
			if err != nil {
				p.tell("The result could not be remembered", err)
			}
		})
}

// showResults says what came out, who can mend it, and offers the next click.
func (p *helpdesk) showResults() {
	p.list.setBusy(false)
	r := &results{
		nav: p.nav, run: p.run, name: p.name(), again: p.start, signIn: p.signIn,
		report: newReport(p.nav, p.ctx, p.run.Outcome, p.name(), &p.report),
	}
	if p.values == nil {
		r.record = &p.record
	}
	if p.values != nil || p.run.Subject.Guide.AppOnly() {
		r.edit = func() { p.run = nil; p.idle() }
	}
	p.show(p.frame(r.asPage()))
}
