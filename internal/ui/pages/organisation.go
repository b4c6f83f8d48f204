package pages

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/flow/prepare"
	"entrada/internal/ui/parts"
)

// typingPause is how long nobody typed before we look something up.
const typingPause = 700 * time.Millisecond

type organisationPage struct {
	*nav
	ctx   context.Context
	field *parts.Field
	fault *parts.Slot
	stop  func()
	asked string // what the running look-up is for
}

func showOrganisation(w *nav) {
	p := &organisationPage{nav: w, ctx: w.enter(), stop: func() {}}
	p.fault = parts.NewSlot()
	p.field = parts.NewField(parts.FieldOptions{
		Label: prepare.OrganisationLabel, Placeholder: "you@yourcompany.com", Hint: prepare.OrganisationHint(w.app),
		Changed: p.typed, Submit: p.submit,
	})
	a := w.journey.Answers()
	w.show(parts.Page{
		Title: w.journey.Page().Title,
		Lead:  prepare.OrganisationLead,
		Body:  []fyne.CanvasObject{p.field, p.fault},
		Back:  w.back, Others: []parts.Action{w.closeAction()},
		Primary: parts.Action{Label: "Next", Do: w.next, Disabled: a.TenantID == "", Missing: p.demand},
	})
	if a.Organisation != "" {
		p.field.SetText(a.Organisation)
	}
	if a.TenantID != "" {
		p.stop()
		p.found(entra.Tenant{ID: a.TenantID, Domain: a.TenantDomain, Cloud: w.journey.Cloud()})
	}
}

// typed looks the organisation up once the typing has paused.
func (p *organisationPage) typed(text string) {
	if text == p.journey.Answers().Organisation && p.journey.Answers().TenantID != "" {
		return
	}
	p.stop()
	p.journey.TypeOrganisation(text)
	p.fault.Clear()
	p.shell.EnablePrimary(false)
	p.field.SetStatus(parts.StatusNeutral, "")
	if text != "" {
		p.stop = parts.After(typingPause, p.lookUp)
	}
}

// submit is Enter: look up at once, or go on.
func (p *organisationPage) submit() {
	p.stop()
	if p.journey.Answers().TenantID != "" {
		p.next()
		return
	}
	p.lookUp()
}

// demand says what is missing, where it is typed.
func (p *organisationPage) demand() {
	p.submit()
	p.field.Replace()
}

func (p *organisationPage) lookUp() {
	if p.ctx.Err() != nil {
		return
	}
	text := p.field.Text()
	domain, err := entra.ParseOrganisation(text)
	if err != nil {
		p.field.SetStatus(parts.StatusBad, fault.Sentence(err))
		return
	}
	if p.asked == domain {
		return // that question is on its way
	}
	p.asked = domain
	p.field.SetStatus(parts.StatusBusy, "Looking for "+domain+" at Microsoft …")
	a := p.app
	parts.Run(p.ctx, func(ctx context.Context) (entra.Tenant, error) {
		return prepare.FindOrganisation(ctx, a, domain)
	}, func(t entra.Tenant, err error) {
		p.asked = ""
		if p.field.Text() != text {
			return // something else was typed meanwhile; that has its own look-up
		}
		if words := fault.Sentence(err); words != "" {
			p.field.SetStatus(parts.StatusBad, words)
			return
		}
		if err != nil {
			p.field.SetStatus(parts.StatusBad, "We could not ask Microsoft.")
			p.fault.Fill(parts.NewFaultBox(p.explained(err, canRetry(p.lookUp))))
			return
		}
		p.journey.UseTenant(t)
		p.found(t)
	})
}

func (p *organisationPage) found(t entra.Tenant) {
	p.field.SetStatus(parts.StatusGood, prepare.Found(t))
	p.shell.EnablePrimary(true)
	p.updateRail()
}
