package pages

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/journey"
	"entrada/internal/registration"
	"entrada/internal/ui/parts"
)

// verify holds what is wanted against what is there.
func (p *doItPage) verify(clientID string) {
	p.show(p.frame(parts.Page{Title: "Looking at the registration", Lead: "Nothing is changed by this.",
		Body: []fyne.CanvasObject{parts.NewBusy("Comparing …", nil)}}))
	engine, wanted := p.engine, p.reg.Wanted
	parts.Run(p.ctx, func(ctx context.Context) ([]registration.Requirement, error) {
		return engine.Verify(ctx, wanted, clientID, false), nil
	}, func(list []registration.Requirement, _ error) { p.showRequirements(list, nil) })
}

// showRequirements shows each requirement in one of three states: a look-up
// that failed never reads as well.
func (p *doItPage) showRequirements(list []registration.Requirement, notes []string) {
	rows := make([]parts.Check, 0, len(list))
	for _, r := range list {
		rows = append(rows, requirementRow(r))
	}
	body := []fyne.CanvasObject{}
	for _, n := range notes {
		body = append(body, parts.NewCallout(parts.ToneInfo, "", n))
	}
	body = append(body, parts.Surface(parts.NewResultList(rows...)))
	body = append(body, p.differences(list)...)
	if len(p.others.Changes) > 0 {
		body = append(body, p.restForOthers())
	}
	page := parts.Page{Body: body, Primary: p.leave}
	if p.runID != "" {
		page.Links = append(page.Links, parts.Action{Label: "Take it back", Do: p.askToUndo})
	}
	switch registration.Verdict(list) {
	case registration.OK:
		page.Title, page.Lead = "Everything is as it should be", "The registration is what "+p.reg.Wanted.Vendor+" needs."
	case registration.Differs:
		page.Title, page.Lead = "Something is different", "Look at the lines with a cross."
		for _, r := range list {
			if r.State == registration.Differs && r.CanFix {
				page.Primary = parts.Action{Label: "Make a plan to mend it", Do: func() { p.prepare(p.app()) }}
				page.Links = append(page.Links, parts.Action{Label: "Leave it and go on", Do: p.leave.Do})
				break
			}
		}
	default:
		page.Title, page.Lead = "Not everything could be checked", "What could not be looked up may be well or not."
	}
	if !p.checkOnly && p.journey.Missing(journey.PageDoIt) != nil {
		// The app is there and its secret is not: only a new one can be handed over.
		page.Primary = parts.Action{Label: "Make a new secret", Do: func() { p.prepare(p.app()) }}
	}
	p.show(p.frame(page))
}

// restForOthers is what takes somebody else, as a request to save.
func (p *doItPage) restForOthers() fyne.CanvasObject {
	rest, outcome := p.others, parts.NewSlot()
	rest.ClientID = p.clientID()
	return parts.Column(12,
		parts.NewCallout(parts.ToneWarning, "Your part is done.", "What is still different takes somebody with another role. Save a request for that person.",
			parts.Wrap(0, parts.Small("Save the request", func() { p.saveRequest(rest, outcome) }))),
		outcome)
}

func requirementRow(r registration.Requirement) parts.Check {
	row := parts.Check{Title: r.Title, State: parts.CheckUnknown, Detail: "could not be checked"}
	switch r.State {
	case registration.OK:
		row.State, row.Detail = parts.CheckDone, r.Have
	case registration.Differs:
		row.State = parts.CheckFailed
		if r.Advice {
			row.State = parts.CheckWarned
		}
		var detail []string
		if r.Have != "" {
			detail = append(detail, "It is: "+r.Have+".")
		}
		if r.Want != "" {
			detail = append(detail, "It should be: "+r.Want+".")
		}
		if r.Why != "" {
			detail = append(detail, r.Why)
		}
		row.Detail = strings.Join(detail, " ")
	}
	return row
}

// askToUndo lists what would be taken back before anything is.
func (p *doItPage) askToUndo() {
	engine := p.engine
	runID := p.runID
	type preview struct {
		journal *registration.Journal
		items   []registration.UndoItem
	}
	parts.Run(p.ctx, func(ctx context.Context) (preview, error) {
		list, err := registration.Journals(engine.Folder)
		for _, j := range list {
			if j.Plan.RunID == runID {
				return preview{j, engine.Preview(ctx, j)}, nil
			}
		}
		return preview{}, err
	}, func(v preview, err error) {
		if v.journal == nil {
			p.tell("There is nothing to take back", err)
			return
		}
		column := parts.Column(8)
		for _, item := range v.items {
			words := item.Words
			if item.Perhaps {
				words += " (if it was made at all)"
			}
			column.Objects = append(column.Objects, parts.Body("· "+words))
			if item.Warning != "" {
				column.Objects = append(column.Objects, parts.NewCallout(parts.ToneWarning, "", item.Warning))
			}
		}
		parts.NewDialog(parts.DialogOptions{Title: "Take it back?", Body: column, Danger: true,
			Primary: parts.Action{Label: "Take it back", Do: func() { p.undo(v.journal) }}}).Open(p.window.Canvas())
	})
}

func (p *doItPage) undo(j *registration.Journal) {
	p.show(p.frame(parts.Page{Title: "Taking it back", Body: []fyne.CanvasObject{parts.NewBusy("This takes a few seconds …", nil)}}))
	engine := p.engine
	parts.Run(p.ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, engine.Undo(ctx, j, nil)
	}, func(_ struct{}, err error) {
		if err != nil {
			p.failed("It could not all be taken back", "You can try again; what is gone already stays gone.", err, parts.Action{Label: "Try again", Do: func() { p.undo(j) }})
			return
		}
		p.runID = ""
		if !p.checkOnly {
			p.journey.Unregistered()
		}
		p.intro()
	})
}
