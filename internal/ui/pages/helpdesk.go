package pages

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/flow/prove"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// helpdesk is the page “Test a connection”: at the left what can be tested, at
// the right what is chosen, how it goes, and what came out.
type helpdesk struct {
	*nav
	ctx    context.Context
	side   fyne.CanvasObject
	picker *parts.Picker
	find   *parts.Field // nil where there is little to look through
	count  *parts.Text
	other  []*parts.Link // to what is not saved
	all    []connections.Record
	shown  []connections.Record // those that hold what is looked for
	wanted string

	record connections.Record // the chosen one; zero for values that are not saved
	values *unsaved           // nil for a saved one
	note   fyne.CanvasObject  // said once, above what is chosen; may be nil

	lookOnly bool
	mailbox  string // of an app that works by itself, in the place of the saved one
	shared   string // a shared mailbox to try as well

	run    *run // under way, or the last one; nil before
	report reportWishes
}

// filterFrom is how many connections are too many to look through.
const filterFrom = 8

// showHelpdesk opens the page with one connection chosen; the first one, which
// is the one in most trouble, if id is empty.
func showHelpdesk(w *nav, id string) *helpdesk {
	p := &helpdesk{nav: w, ctx: w.enter()}
	w.journey = nil
	p.all = w.app.Connections.List()
	p.picker = parts.NewPicker("Saved connections", func(i int) { p.choose(p.shown[i]) })
	p.count = parts.Caption("")
	above := parts.Column(8, parts.SubHeading("Your connections"), p.count)
	if len(p.all) > filterFrom {
		p.find = parts.NewField(parts.FieldOptions{Placeholder: "Find by name", Changed: p.lookFor})
		above.Objects = append(above.Objects, p.find)
	}
	p.other = []*parts.Link{
		parts.NewLink("Values that I type in", func() { p.chooseValues(&unsaved{}) }),
		parts.NewLink("From an exported file …", p.chooseFile),
	}
	p.side = parts.NewSide(above, p.picker,
		parts.Column(4, parts.Caption("Or something that is not saved:"), p.other[0], p.other[1]))
	at := max(0, slices.IndexFunc(p.all, func(r connections.Record) bool { return r.ID == id }))
	if len(p.all) == 0 {
		p.look("")
		p.chooseValues(&unsaved{})
	} else {
		p.record = p.all[at]
		p.look("")
		p.choose(p.record)
	}
	p.refreshSoon()
	return p
}

// refreshSoon reads the list again: another Entrada may have changed it.
func (p *helpdesk) refreshSoon() {
	store := p.app.Connections
	before := store.List()
	parts.Run(p.ctx, func(context.Context) ([]connections.Record, error) {
		err := store.Reload()
		return store.List(), err
	}, func(now []connections.Record, err error) {
		if err == nil && !slices.EqualFunc(before, now, sameLine) {
			p.relist()
		}
	})
}

// sameLine reports whether two records look the same in the list.
func sameLine(a, b connections.Record) bool {
	return a.ID == b.ID && a.Name == b.Name && a.LastResult == b.LastResult &&
		(a.Partly == nil) == (b.Partly == nil) && a.SecretGone == b.SecretGone && a.SecretExpires.Equal(b.SecretExpires)
}

// relist fills the list anew. The chosen connection stays chosen.
func (p *helpdesk) relist() {
	p.all = p.app.Connections.List()
	p.look(p.wanted)
}

// lookFor is look for somebody who types: what is tested next is in the list.
func (p *helpdesk) lookFor(text string) {
	p.look(text)
	if p.picker.Chosen() < 0 && len(p.shown) > 0 && p.values == nil && !p.picker.Disabled() {
		p.choose(p.shown[0])
		p.picker.Select(0)
	}
}

// look shows the connections whose name holds text.
func (p *helpdesk) look(text string) {
	p.wanted = text
	text = strings.ToLower(strings.TrimSpace(text))
	p.shown = p.shown[:0:0]
	var items []parts.PickItem
	now, chosen := p.app.Now(), -1
	for _, r := range p.all {
		if !strings.Contains(strings.ToLower(r.Name), text) {
			continue
		}
		if r.ID == p.record.ID && p.values == nil {
			chosen = len(items)
		}
		p.shown = append(p.shown, r)
		items = append(items, parts.PickItem{State: standing(r, now), Title: r.Name, Caption: standingWords(r, now)})
	}
	p.picker.SetItems(items, chosen)
	switch {
	case len(p.all) == 0:
		p.count.SetText("None is saved yet.")
	case len(items) == len(p.all) && len(items) == 1:
		p.count.SetText("One connection")
	case len(items) == len(p.all):
		p.count.SetText(fmt.Sprintf("%d connections, those in trouble first", len(items)))
	default:
		p.count.SetText(fmt.Sprintf("%d of %d connections", len(items), len(p.all)))
	}
}

// standing is how a connection stands, as an icon.
func standing(r connections.Record, now time.Time) parts.CheckState {
	switch r.Attention(now) {
	case connections.Expired, connections.TestFailed, connections.SecretMissing:
		return parts.CheckFailed
	case connections.ExpiresSoon:
		return parts.CheckWarned
	}
	if r.LastResult == "" && r.Partly == nil {
		return parts.CheckWaiting
	}
	return parts.CheckDone
}

// standingWords says the same in a few words.
func standingWords(r connections.Record, now time.Time) string {
	words := "Worked"
	switch r.Attention(now) {
	case connections.Expired:
		return "The secret has expired"
	case connections.SecretMissing:
		words = "The secret is gone"
	case connections.TestFailed:
		words = "Did not work"
	default:
		switch {
		case r.LastResult != "":
		case r.Partly == nil:
			words = "Not tested"
		case r.Partly.Result == connections.ResultLooked:
			words = "Sending not tried"
		default:
			words = "Nobody signed in"
		}
		if !r.SecretDeleted.IsZero() {
			words = "The secret was deleted here"
		}
	}
	if expiry := r.Expiry(now, ""); expiry != "" {
		words += " · " + expiry
	}
	return words
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
	p.record, p.run = r, nil
	p.idle()
}

// gone says that a connection was removed meanwhile, and shows what is left.
func (p *helpdesk) gone(r connections.Record) {
	p.record, p.run = connections.Record{}, nil
	p.relist()
	p.note = parts.NewCallout(parts.ToneWarning, "“"+r.Name+"” is no longer saved.",
		"It was removed meanwhile, here or by another program.")
	if len(p.all) == 0 {
		p.chooseValues(&unsaved{})
		return
	}
	p.record = p.all[0]
	p.relist()
	p.idle()
}

// notFound says that no connection has the name that was asked for.
func (p *helpdesk) notFound(name string) {
	way := "Choose one at the left."
	if len(p.all) == 0 {
		way = "None is saved yet. You can type the values in."
	}
	p.note = parts.NewCallout(parts.ToneWarning,
		"No saved connection is called “"+strings.ReplaceAll(name, "**", "")+"”.", way)
	p.idle()
}

// frame is what all stages of the page share.
func (p *helpdesk) frame(f parts.Page) parts.Page {
	f.Side, f.Back = p.side, p.ShowHome
	if f.Cancel == nil {
		f.Cancel = p.ShowHome
	}
	return f
}

// busy keeps the list from being changed while a test is under way.
func (p *helpdesk) busy(on bool) {
	for _, l := range p.other {
		if on {
			l.Disable()
		} else {
			l.Enable()
		}
	}
	if on {
		p.picker.Disable()
	} else {
		p.picker.Enable()
	}
}

// idle shows what is chosen and what a test will do.
func (p *helpdesk) idle() {
	if p.values != nil {
		p.showValues()
		return
	}
	p.busy(false)
	first := fyne.Focusable(p.picker)
	if p.find != nil && p.window.Canvas().Focused() == p.find.Entry() {
		first = p.find.Entry() // somebody types
	}
	body := p.takeNote()
	subject, known := prove.FromRecord(p.app, p.record, noSecret)
	body = append(body,
		parts.Column(4, parts.SubHeading(strings.ReplaceAll(p.record.Name, "**", "")),
			parts.Muted(p.app.Story(p.record))))
	if !known {
		body = append(body,
			parts.NewCallout(parts.ToneWarning, "What "+p.record.VendorName+" may do is not known here.",
				"Its guide is no longer on this computer. Organisation, app and secret can be tested all the same."))
	} else {
		body = append(body, p.whatComes(subject), p.options(subject))
	}
	if list := p.app.Connections.History(p.record.ID); len(list) > 0 {
		body = append(body, parts.NewFold(fmt.Sprintf("Earlier results (%d)", len(list)), outcomes(list)))
	}
	p.show(p.frame(parts.Page{
		Title: "Test a connection", Lead: "Which link is broken, who can mend it, and what to send them.", Body: body,
		Gap: 16, First: first,
		Primary: parts.Action{Label: "Test", Do: p.start},
	}))
}

func (p *helpdesk) takeNote() []fyne.CanvasObject {
	if p.note == nil {
		return nil
	}
	body := []fyne.CanvasObject{p.note}
	p.note = nil
	return body
}

// whatComes says what a test will do.
func (p *helpdesk) whatComes(s prove.Subject) fyne.CanvasObject {
	if !s.Guide.AppOnly() {
		return parts.Body(
			"**At once:** this computer, the network, the organisation, the app and its secret. **After that,** " +
				"somebody may sign in, to try the mailbox as well.")
	}
	text := "**At once:** this computer, the network, the organisation, the app and its secret. **Then** the app " +
		"signs in by itself, as " + s.Guide.Vendor + " does"
	if s.Mailbox != "" {
		text += ", to " + s.WhatIsTried(false) + " in the mailbox **" + s.Mailbox + "**"
	}
	text += "."
	if stays := s.WhatStays(); stays != "" && s.Mailbox != "" {
		text += " What stays behind: " + stays
	}
	return parts.Body(text)
}

// options are how to test: without changing anything, and in which mailbox.
func (p *helpdesk) options(s prove.Subject) fyne.CanvasObject {
	column := parts.Column(8,
		parts.NewCheckBox("Only look: send no mail, create no event", p.lookOnly, func(on bool) { p.lookOnly = on }))
	if !s.Tries() {
		return column
	}
	fold := parts.NewFold("Test with another mailbox", p.otherMailbox(s))
	column.Objects = append(column.Objects, fold)
	if p.mailbox+p.shared != "" {
		fold.Toggle()
	}
	return column
}

func (p *helpdesk) otherMailbox(s prove.Subject) fyne.CanvasObject {
	field := func(label, hint, text string, keep func(string)) *parts.Field {
		var f *parts.Field
		f = parts.NewField(
			parts.FieldOptions{Label: label, Placeholder: "name@yourcompany.com", Hint: hint,
				Changed: func(text string) {
					text = strings.TrimSpace(text)
					if err := prove.CheckMailbox(text); err != nil {
						f.SetStatus(parts.StatusBad, explain.Sentence(err))
						text = ""
					} else {
						f.SetStatus(parts.StatusNeutral, "")
					}
					keep(text)
				}})
		if text != "" {
			f.SetText(text)
		}
		return f
	}
	if s.Guide.AppOnly() {
		return field("Another mailbox", "For this test alone. What is saved stays as it is.", p.mailbox,
			func(text string) { p.mailbox = text })
	}
	words := parts.Body(
		"Microsoft asks which account to use when you sign in. Choose another one there: its mailbox is the one " +
			"that is tried.")
	if !s.Shares() {
		return words
	}
	return parts.Column(12, words,
		field("A shared mailbox to try as well", s.Guide.Vendor+" asks for shared mailboxes, too.", p.shared,
			func(text string) { p.shared = text }))
}

// outcomes lists what earlier tests said.
func outcomes(list []connections.Outcome) fyne.CanvasObject {
	rows := make([]parts.Check, len(list))
	for i, o := range list {
		detail := o.Last.Local().Format(journey.DateLayout + ", 15:04")
		if o.Times > 1 {
			detail += fmt.Sprintf(", the last of %d times since %s", o.Times,
				o.First.Local().Format(journey.DateLayout))
		}
		rows[i] = parts.Check{State: parts.CheckDone, Title: o.Headline, Detail: detail}
		switch o.Result {
		case connections.ResultFailed:
			rows[i].State = parts.CheckFailed
		case connections.ResultReached:
			rows[i].Title += " (nobody signed in)"
		case connections.ResultLooked:
			rows[i].Title += " (sending and creating were not tried)"
		}
	}
	return parts.Surface(parts.NewChecklist(rows...))
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
			p.relist()
			if err != nil {
				p.tell("The result could not be remembered", err)
			}
		})
}
