package pages

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"entrada/internal/fault"
	"entrada/internal/journey"
	"entrada/internal/registration"
	"entrada/internal/ui/parts"
)

// verify holds what is wanted against what is there.
func (p *doItPage) verify(clientID string) {
	ctx, cancel := context.WithCancel(p.ctx)
	stop := func() { cancel(); p.intro() }
	p.show(p.frame(parts.Page{Title: "Looking at the registration", Lead: "Nothing is changed by this.",
		Body: []fyne.CanvasObject{parts.NewBusy("Comparing …", stop)}, Cancel: stop}))
	engine, wanted := p.engine, p.reg.Wanted
	parts.Run(ctx, func(ctx context.Context) ([]registration.Requirement, error) {
		return engine.Verify(ctx, wanted, clientID, false), nil
	}, func(list []registration.Requirement, _ error) { cancel(); p.showRequirements(list, nil) })
}

// showRequirements shows each requirement in one of three states: a look-up
// that failed never reads as well. What needs somebody's attention comes first.
func (p *doItPage) showRequirements(list []registration.Requirement, notes []string) {
	var note string
	var err error
	if p.journey != nil && !p.onRequest {
		note, err = p.journey.SetChecked(list)
	} else if p.saved != nil {
		*p.saved, note, err = p.app.CorrectExpiry(*p.saved, list)
	}
	body := []fyne.CanvasObject{}
	if note != "" {
		body = append(body, parts.NewCallout(parts.ToneWarning, "About the date:", note))
	}
	if err != nil {
		body = append(body, parts.NewFaultBox(p.explained(err, nil)))
	}
	for _, n := range notes {
		body = append(body, parts.NewCallout(parts.ToneInfo, "", n))
	}
	if len(p.others.Changes) > 0 {
		body = append(body, p.restForOthers())
	}
	var differs, unknown, well []registration.Requirement
	var mendable []registration.RequirementID
	for _, r := range list {
		switch r.State {
		case registration.Differs:
			differs = append(differs, r)
			if p.canMend(r) {
				mendable = append(mendable, r.ID)
			}
		case registration.OK:
			well = append(well, r)
		default:
			unknown = append(unknown, r)
		}
	}
	for _, group := range []struct {
		title string
		list  []registration.Requirement
	}{{"What differs", differs}, {"What could not be checked", unknown}, {"What is as it should be", well}} {
		if len(group.list) == 0 {
			continue
		}
		if len(well) < len(list) {
			body = append(body, parts.SubHeading(group.title))
		}
		body = append(body, p.requirements(group.list))
	}
	page := parts.Page{Body: body, Primary: p.leave}
	if p.runID != "" {
		page.Links = append(page.Links, parts.Action{Label: "Take it back", Do: p.askToUndo})
	}
	leave := parts.Action{Label: "Leave it and go on", Do: p.leave.Do}
	verdict := registration.Verdict(list)
	switch {
	case verdict == registration.OK && len(differs) == 0 && len(unknown) == 0:
		page.Title, page.Lead = "Everything is as it should be", "The registration is what "+p.reg.Wanted.Vendor+" needs."
	case verdict == registration.OK:
		page.Title, page.Lead = "Everything needed is there", "The connection works with it. What stands first is worth a look."
	case verdict == registration.Differs:
		page.Title, page.Lead = "Something is different", "Nothing is changed before you have seen a plan."
	default:
		page.Title, page.Lead = "Not everything could be checked", "What could not be looked up may be well or not."
		page.Primary, page.Links = parts.Action{Label: "Look again", Do: p.lookAgain}, append(page.Links, leave)
	}
	if verdict == registration.Differs && len(mendable) > 0 {
		page.Primary, page.Links = parts.Action{Label: "Fix it for me", Do: func() { p.mend(mendable[0]) }}, append(page.Links, leave)
		if len(mendable) > 1 {
			page.Primary = parts.Action{Label: "Fix all of it for me", Do: func() { p.prepare(p.wantedApp()) }}
		}
	}
	if !p.checkOnly && p.journey.Missing(journey.PageDoIt) != nil {
		// The app is there and its secret is not: only a new one can be handed over.
		page.Primary = parts.Action{Label: "Make a new secret", Do: func() { p.prepare(p.wantedApp()) }}
	}
	p.show(p.frame(page))
}

// requirements is a list with what can be done about each line below it.
func (p *doItPage) requirements(list []registration.Requirement) fyne.CanvasObject {
	rows := make([]parts.Check, len(list))
	for i, r := range list {
		rows[i] = requirementRow(r)
	}
	results := parts.NewResultList(rows...)
	for i, r := range list {
		results.SetActions(i, p.about(r)...)
	}
	return parts.Surface(results)
}

// about is what can be done about a requirement that is not met, or of which
// nobody knows.
func (p *doItPage) about(r registration.Requirement) []parts.Action {
	var actions []parts.Action
	where := parts.Action{Label: "Show me where", External: true, Do: func() { p.openLink(r.Link(p.reg.Cloud, p.reg.TenantID, p.clientID())) }}
	switch {
	case r.State == registration.OK:
	case r.State == registration.Differs:
		if p.canMend(r) {
			actions = append(actions, parts.Action{Label: "Fix it for me", Do: func() { p.mend(r.ID) }})
		}
		actions = append(actions, where)
	case isForbidden(r.Err):
		actions = append(actions, parts.Action{Label: "Sign in with another account", External: true, Do: p.by.signIn}, where)
	case r.Err != nil:
		actions = append(actions, parts.Action{Label: "Look again", Do: p.lookAgain}, where)
	}
	return actions
}

func isForbidden(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && (f.Status == http.StatusForbidden || f.Status == http.StatusUnauthorized)
}

func (p *doItPage) lookAgain() { p.verify(p.clientID()) }

// canMend reports whether a plan can mend a requirement. A colleague's request
// brings no secret: it would be lost here.
func (p *doItPage) canMend(r registration.Requirement) bool {
	return r.CanFix && !(p.onRequest && r.ID == registration.SecretLives)
}

// mend makes a plan for one requirement. The secret of a saved connection is
// renewed, for that is where the new one is kept.
func (p *doItPage) mend(id registration.RequirementID) {
	if id == registration.SecretLives && p.saved != nil {
		p.renew(*p.saved)
		return
	}
	p.prepare(registration.App{ClientID: p.clientID(), Only: id, NewSecret: id == registration.SecretLives})
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
	switch r.State {
	case registration.OK:
		return parts.Check{State: parts.CheckDone, Title: r.Title, Detail: r.Have}
	case registration.Differs:
		row := parts.Check{State: parts.CheckFailed, Title: r.Title}
		if r.Advice {
			row.State = parts.CheckWarned
		}
		var lines []string
		if r.Have != "" {
			lines = append(lines, "It is: "+strings.TrimSuffix(r.Have, ".")+".")
		}
		if r.Want != "" {
			lines = append(lines, "It should be: "+r.Want+".")
		}
		for _, i := range r.Items {
			if i.State == registration.Differs && i.Note != "" {
				lines = append(lines, i.Name+": "+i.Note)
			}
		}
		if r.Why != "" {
			lines = append(lines, r.Why)
		}
		row.Detail = strings.Join(lines, "\n")
		return row
	}
	return parts.Check{State: parts.CheckUnknown, Title: r.Title, Detail: "Could not be checked. " + r.Have}
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
		if err != nil && v.journal == nil {
			p.tell("It cannot be found any more", err)
			return
		}
		if v.journal != nil && len(v.journal.Entries) == 0 {
			p.undo(v.journal) // nothing was done: it only ends there
			return
		}
		if len(v.items) == 0 {
			p.say("There is nothing to take back", "Nothing was made that is not there anyway.")
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
		if v.items[0].Kind == registration.CreateApp {
			column.Objects = append(column.Objects, parts.Muted("What was handed to "+p.reg.Wanted.Vendor+" already stops working."))
		}
		parts.NewDialog(parts.DialogOptions{Title: "Take it back?", Body: column, Danger: true,
			Primary: parts.Action{Label: "Take it back", Do: func() { p.undo(v.journal) }}}).Open(p.window.Canvas())
	})
}

func (p *doItPage) undo(j *registration.Journal) {
	ctx, cancel := context.WithCancel(p.ctx)
	busy := parts.NewBusy("This takes a few seconds …", nil)
	stop := func() {
		cancel()
		p.shell.EnablePrimary(false)
		busy.SetText("Stopping …")
	}
	p.show(p.frame(parts.Page{Title: "Taking it back", Body: []fyne.CanvasObject{busy}, Cancel: stop, Primary: parts.Action{Label: "Stop here", Do: stop}}))
	engine := p.engine
	parts.Run(p.ctx, func(context.Context) (struct{}, error) {
		return struct{}{}, engine.Undo(ctx, j, func(item registration.UndoItem) {
			if item.Wait > 0 {
				parts.PostWhile(ctx, func() {
					busy.SetText(fmt.Sprintf("The app is not to be found. Microsoft's servers may not all know of it yet, so we look again in %d s.", int(item.Wait.Round(time.Second).Seconds())))
				})
			}
		})
	}, func(_ struct{}, err error) {
		cancel()
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
