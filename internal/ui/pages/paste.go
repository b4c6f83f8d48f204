package pages

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/prepare"
	"entrada/internal/flow/prove"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

type pastePage struct {
	*nav
	ctx      context.Context
	client   *parts.Field
	secret   *parts.Field
	secretID *parts.Field
	expires  *parts.Field
	asking   *parts.Checklist
	fault    *parts.Slot

	stopAsking func() // the question under way, or the pause before it
}

func showPaste(w *nav) {
	p := &pastePage{nav: w, ctx: w.enter(), stopAsking: func() {}}
	a := w.journey.Answers()
	p.fault = parts.NewSlot()
	p.client = parts.NewField(parts.FieldOptions{
		Label: prepare.ClientIDLabel, Mono: true, Paste: true, Changed: p.clientChanged,
	})
	tenant := parts.NewField(
		parts.FieldOptions{Label: "Directory (tenant) ID", Mono: true, Change: "Change",
			OnChange: func() { w.goTo(journey.PageOrganisation) }})
	tenant.SetText(a.TenantID)
	tenant.SetStatus(parts.StatusGood, "Found from "+a.TenantDomain+". You did not need to copy it.")
	p.secret = parts.NewField(parts.FieldOptions{Label: "Client secret value", Secret: true, Changed: p.secretChanged})
	p.expires = parts.NewField(
		parts.FieldOptions{Label: "Secret expires", Hint: "We remind you before that day.", Changed: p.expiresChanged})
	p.secretID = parts.NewField(parts.FieldOptions{
		Label: prepare.SecretIDLabel(w.journey.Guide()), Mono: true, Paste: true, Changed: p.secretIDChanged,
	})

	p.asking = parts.NewChecklist(p.idle()...)
	aside := parts.Column(8, parts.Caption("Asking Microsoft"), parts.Surface(p.asking))

	page := w.journey.Page()
	first := p.client.Entry()
	if a.ClientID != "" {
		first = p.secret.Entry()
	}
	w.show(parts.Page{
		Title: page.Title, Lead: prepare.ValuesWhy,
		Body:  []fyne.CanvasObject{p.client, tenant, p.secret, p.expires, p.secretID, p.fault},
		Aside: aside, Narrow: parts.AsideBelow, First: first,
		Back: w.back, Others: []parts.Action{w.closeAction()},
		Links: []parts.Action{{Label: "Make a new secret", External: true,
			Do: func() { openPortal(w, entra.PageSecrets) }},
			{Label: "Check the registration", Do: p.check}},
		Primary: parts.Action{Label: "Next", Do: w.next, Disabled: true, Missing: p.demand},
	})
	p.fill(a)
}

// fill shows what is known already.
func (p *pastePage) fill(a journey.Answers) {
	showVerdict(p.client, entra.CheckClientID("", entra.Known{}), "")
	showVerdict(p.secretID, entra.CheckSecretID("", entra.Known{}), "")
	if a.ClientID != "" {
		p.client.SetText(a.ClientID)
	}
	switch {
	case p.journey.HasSecret():
		p.secret.SetText(p.journey.Secret().Reveal()) // masked
	case a.ConnectionID != "":
		p.secret.SetStatus(parts.StatusGood, "It is saved on this computer. Paste another one only to replace it.")
	default:
		text := "On **Certificates & secrets**, the column **Value**. It is shown only once."
		if p.journey.Status(journey.PageID(guides.StepSecret)) == journey.Done && a.ClientID != "" {
			text = "The column **Value**. We never keep it on disk before you save the connection; if it is gone, " +
				"make a new one."
		}
		p.secret.SetStatus(parts.StatusNeutral, text)
	}
	if a.SecretID != "" {
		p.secretID.SetText(a.SecretID)
	}
	expires := a.SecretExpires
	if expires.IsZero() {
		expires = p.journey.ProposedExpiry()
	}
	p.expires.SetText(expires.Format(journey.DateLayout))
	if a.SecretExpires.IsZero() {
		p.expires.SetStatus(parts.StatusNeutral,
			"This is the date if you chose what our page said. If you chose another time, change it: we remind you "+
				"before that day.")
	}
	p.ready()
}

// check holds the whole registration against what the vendor needs.
func (p *pastePage) check() {
	if p.journey.Answers().ClientID == "" {
		p.client.SetStatus(parts.StatusBad, "Paste the client ID first, so that we know which app to look at.")
		p.window.Canvas().Focus(p.client.Entry())
		return
	}
	showCheck(p.nav, "Go on", p.showCurrent)
}

func (p *pastePage) clientChanged(text string) {
	v := p.journey.PasteClientID(text)
	showVerdict(p.client, v, "It has the right form.")
	p.askSoon()
}

func (p *pastePage) secretChanged(text string) {
	v := p.journey.PasteSecret(text)
	showVerdict(p.secret, v, "It has the right form.")
	if known := p.journey.Known(); v.State == entra.Wrong && v.Clean != known.ClientID && v.Clean != known.TenantID &&
		entra.IsGUID(v.Clean) {
		p.secret.SetStatus(parts.StatusBad, v.Sentence, parts.Action{Label: "Move it to Secret ID", Do: func() {
			p.secretID.SetText(v.Clean)
			p.secret.Wipe()
			p.window.Canvas().Focus(p.secret.Entry())
		}})
	}
	p.askSoon()
}

func (p *pastePage) secretIDChanged(text string) {
	v := p.journey.PasteSecretID(text)
	showVerdict(p.secretID, v, "Noted.")
	p.ready()
	if text != "" && v.Clean == "" && v.State == entra.Wrong {
		p.secretID.Wipe() // the secret itself was pasted into an open field
		p.secretID.SetStatus(parts.StatusBad, v.Sentence)
	}
}

func (p *pastePage) expiresChanged(text string) {
	t, err := journey.ParseExpiry(text, p.app.Now())
	if err != nil {
		var f *fault.Error
		if errors.As(err, &f) {
			p.expires.SetStatus(parts.StatusBad, f.Detail)
		}
		t = time.Time{}
	} else {
		p.expires.SetStatus(parts.StatusGood,
			t.Format("Monday, "+journey.DateLayout)+". We remind you before that day.")
	}
	p.journey.SetSecretExpiry(t)
	p.ready()
}

// demand leads to what is missing.
func (p *pastePage) demand() {
	missing := fieldFault(p.journey.Missing(journey.PagePaste))
	if missing == nil {
		return
	}
	if field := map[string]*parts.Field{journey.FieldClientID: p.client, journey.FieldSecret: p.secret,
		journey.FieldSecretID: p.secretID, journey.FieldExpires: p.expires}[missing.Field]; field != nil {
		field.Demand(missing.Detail)
		return
	}
	p.fault.Fill(parts.NewCallout(parts.ToneBad, "", missing.Detail))
	p.ask()
}

func (p *pastePage) ready() {
	p.shell.EnablePrimary(p.journey.Missing(journey.PagePaste) == nil)
}

// askSoon asks Microsoft once the typing has paused.
func (p *pastePage) askSoon() {
	p.stopAsking()
	p.fault.Clear()
	p.asking.SetAll(p.idle()...)
	p.ready()
	if p.journey.Answers().ClientID == "" || p.journey.Probed() {
		return
	}
	p.stopAsking = parts.After(typingPause, p.ask)
}

// idle is what stands beside the fields before Microsoft is asked.
func (p *pastePage) idle() []parts.Check {
	organisation := parts.Check{Title: "Your organisation exists", Detail: "found before", State: parts.CheckDone}
	app := parts.Check{Title: "The app exists in it", Detail: "waiting for the client ID"}
	opens := parts.Check{Title: "The secret opens it", Detail: "waiting for the Value"}
	switch {
	case p.journey.Probed():
		app.State, app.Detail = parts.CheckDone, "found in your organisation"
		opens.State, opens.Detail = parts.CheckDone, "Microsoft accepted it"
	case p.journey.Answers().ClientID != "":
		app.Detail = "asking in a moment"
	}
	return []parts.Check{organisation, app, opens}
}

func (p *pastePage) ask() {
	if p.ctx.Err() != nil {
		return
	}
	p.stopAsking()
	ctx, cancel := context.WithCancel(p.ctx)
	p.stopAsking = cancel
	fresh := prove.Fresh{App: p.app, Subject: prove.FromJourney(p.journey)}
	fresh.Row = func(i int, r flow.Row) { parts.PostWhile(ctx, func() { p.asking.Set(i, rowOf(r)) }) }
	askFresh(ctx, fresh, func(a prove.Answer) {
		if a.Again == 0 {
			cancel()
		}
		p.answered(a)
	})
}

func (p *pastePage) answered(a prove.Answer) {
	for i, r := range a.Rows() {
		p.asking.Set(i, rowOf(r))
	}
	if a.App {
		p.client.SetStatus(parts.StatusGood, "This app exists in "+p.journey.Answers().TenantDomain+".")
	}
	if a.Accepted {
		p.secret.SetStatus(parts.StatusGood, "Microsoft accepts it.")
	}
	p.journey.SetProbed(a.Accepted)
	p.ready()
	if a.Err == nil {
		return
	}
	wrong := p.secret
	if a.ClientID {
		wrong = p.client
	}
	box := p.explained(a.Err, map[explain.Action]func(){
		explain.TryAgain: p.ask, explain.Wait: p.ask,
		explain.PasteAgain: wrong.Replace,
		explain.NewSecret:  func() { openPortal(p.nav, entra.PageSecrets) },
	})
	if a.TooNew {
		wrong.SetStatus(parts.StatusBad, "Microsoft does not accept this value.")
	}
	if a.Again > 0 {
		box.Why += " " + prove.AskedAgain
	}
	p.fault.Fill(parts.NewFaultBox(box))
}
