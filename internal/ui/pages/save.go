package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// savePage keeps the connection: the record in a file, the secret in the
// keychain, or where the person says if there is none.
type savePage struct {
	*Window
	ctx        context.Context
	usual      *parts.Slot // what goes where, with a keychain
	problem    *parts.Slot
	otherwise  *parts.Slot // where else the secret can go
	passphrase *passphraseInput
	inFile     bool // chosen; false is "for this session"
}

func (w *Window) showSave() {
	p := &savePage{Window: w, ctx: w.enter(), usual: parts.NewSlot(), problem: parts.NewSlot(), otherwise: parts.NewSlot()}
	page := w.journey.Page()
	if w.journey.Missing(journey.PageSave) == nil {
		w.showSaved(page)
		return
	}
	w.show(parts.Page{
		Title: page.Title,
		Lead:  "Then you find it on the first page, and we remind you before the secret expires.",
		Body:  []fyne.CanvasObject{p.usual, p.problem, p.otherwise},
		Back:  w.back, Others: []parts.Action{w.closeAction()},
		Primary: parts.Action{Label: "Save the connection", Do: p.save},
	})
	p.usual.Fill(parts.Column(16, parts.Surface(parts.NewChecklist(
		parts.Check{State: parts.CheckDone, Title: "The client secret", Detail: "goes into the keychain of this computer, under your own account"},
		parts.Check{State: parts.CheckDone, Title: "Client ID, tenant ID and expiry", Detail: "go into a file that only you can read; none of it is secret"},
		parts.Check{State: parts.CheckSkipped, Title: "Your sign-in", Detail: "is not kept"},
	)), parts.Muted("Your computer may ask you to unlock the keychain.")))
	// Who has no keychain is told before trying.
	store := w.world.Connections
	parts.Run(p.ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, store.Probe(ctx) }, func(_ struct{}, err error) {
		if fault.Is(err, fault.KeychainUnavailable) && !p.problem.Visible() {
			p.showOtherwise(err)
		}
	})
}

// save puts the secret into the keychain.
func (p *savePage) save() {
	world, record, value := p.world, p.journey.Record(), p.journey.Secret()
	p.keep(p.save, func(ctx context.Context) (connections.Record, error) { return world.Keep(ctx, record, value) })
}

func (p *savePage) keep(again func(), work func(context.Context) (connections.Record, error)) {
	p.problem.Clear()
	p.shell.SetPrimary(parts.Action{Label: "Saving …", Disabled: true})
	parts.Run(p.ctx, work, func(r connections.Record, err error) {
		switch {
		case p.otherwise.Visible() && p.passphrase.refused(err):
			p.choose(p.inFile)
		case fault.Is(err, fault.KeychainUnavailable, fault.KeychainDeclined, fault.KeychainTimedOut):
			// Never tried again by itself: who said no has said no.
			p.showOtherwise(err)
		case err != nil:
			p.shell.SetPrimary(parts.Action{Label: "Try again", Do: again})
			can := canRetry(again)
			can[explain.Unlock] = again
			view := p.explained(err, can)
			view.Next = append(view.Next, parts.Action{Label: "Keep it another way", Do: func() { p.showOtherwise(err) }})
			p.problem.Fill(parts.NewFaultBox(view))
		default:
			p.kept(r)
		}
	})
}

func (p *savePage) kept(r connections.Record) {
	p.journey.Kept(r.ID)
	kept := p.world.KeepRegistration(r)
	p.next()
	if kept != nil {
		p.tell("The registration could not be marked as finished", kept)
	}
}

// showOtherwise says why the keychain is no choice, and asks where the secret
// shall go instead.
func (p *savePage) showOtherwise(because error) {
	can := canRetry(p.save)
	can[explain.Unlock], can[explain.SessionOnly] = p.save, p.forSession
	view := p.explained(because, can)
	view.Next = []parts.Action{{Label: "Try the keychain again", Do: p.save}}
	p.usual.Clear()
	p.problem.Fill(parts.NewFaultBox(view))
	if p.passphrase == nil {
		p.passphrase = newPassphraseInput(p.world.Connections)
	}
	chosen := 0
	if p.inFile {
		chosen = 1
	}
	below := parts.NewSlot()
	fill := func(i int) {
		below.Clear()
		if p.choose(i == 1); p.inFile {
			below.Fill(p.passphrase.part())
		}
	}
	ways := parts.NewChoiceCards("Where the secret goes", []parts.Choice{
		{Title: "For this session only", Text: "It stays in memory. When you close Entrada it is gone: export it before that."},
		{Title: "Into a file behind a passphrase", Text: "Entrada asks for the passphrase once each time it runs. Without it nobody opens the file, you included."},
	}, chosen, fill)
	p.otherwise.Fill(parts.Column(12, parts.SubHeading("Where shall the secret go?"), ways, below))
	fill(chosen)
	p.window.Canvas().Focus(ways)
}

// choose makes the primary button do what was chosen.
func (p *savePage) choose(inFile bool) {
	p.inFile = inFile
	if inFile {
		p.shell.SetPrimary(parts.Action{Label: "Save behind the passphrase", Do: p.behindPassphrase})
	} else {
		p.shell.SetPrimary(parts.Action{Label: "Keep it for this session", Do: p.forSession})
	}
}

func (p *savePage) forSession() {
	p.journey.Kept(p.journey.KeepForSession().ID)
	p.next()
}

func (p *savePage) behindPassphrase() {
	world, record, value, passphrase := p.world, p.journey.Record(), p.journey.Secret(), p.passphrase.value()
	if p.passphrase.open() {
		record.SecretIn = connections.InFile
		p.keep(p.behindPassphrase, func(ctx context.Context) (connections.Record, error) { return world.Keep(ctx, record, value) })
		return
	}
	if !p.passphrase.ready() {
		return
	}
	p.keep(p.behindPassphrase, func(ctx context.Context) (connections.Record, error) {
		return world.KeepBehindPassphrase(ctx, record, value, passphrase)
	})
}

func (w *Window) showSaved(page journey.Page) {
	r, _ := w.world.Connections.Get(w.journey.Answers().ConnectionID)
	note := parts.NewCallout(parts.ToneGood, "Saved.", "“"+r.Name+"” is on the first page. Its secret is in the keychain.")
	switch {
	case r.SessionOnly:
		note = parts.NewCallout(parts.ToneWarning, "For this session only.", "“"+r.Name+"” is gone when you close Entrada, secret and all. Export it before that.")
	case r.SecretIn == connections.InFile:
		note = parts.NewCallout(parts.ToneGood, "Saved.", "“"+r.Name+"” is on the first page. Its secret is in the file behind your passphrase.")
	}
	w.show(parts.Page{
		Title: page.Title, Body: []fyne.CanvasObject{note},
		Back: w.back, Others: []parts.Action{w.closeAction()}, Primary: parts.Action{Label: "Next", Do: w.next},
	})
}
