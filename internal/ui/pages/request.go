package pages

import (
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/flow/administer"
	"entrada/internal/registration"
	"entrada/internal/safefile"
	"entrada/internal/ui/parts"
)

// saveRequest writes what somebody with the role has to do, as words to read
// and as a file to open in Entrada.
func (p *doItPage) saveRequest(plan registration.Plan, outcome *parts.Slot) {
	words, file, err := administer.SaveRequest(p.reg, plan, p.admin.Username, safefile.Documents())
	if err != nil {
		outcome.Fill(parts.NewFaultBox(p.explained(err, nil)))
		return
	}
	outcome.Fill(parts.NewCallout(parts.ToneGood, "Saved.", words+" is to read, "+file+" is to open in Entrada. Neither holds a secret. Send both to the person who has the role."))
}

// showOpenRequest opens a request that a colleague without the role has sent.
func (w *Window) showOpenRequest() {
	w.enter()
	problem := parts.NewSlot()
	var field *parts.Field
	open := func() {
		problem.Clear()
		plan, err := administer.ReadRequest(strings.TrimSpace(field.Text()))
		if err != nil {
			field.SetStatus(parts.StatusBad, "This file cannot be used.")
			problem.Fill(parts.NewFaultBox(w.explained(err, nil)))
			return
		}
		w.showRequest(plan)
	}
	field = parts.NewField(parts.FieldOptions{Label: "Request file", Paste: true, Hint: "A file that ends in .json, from a colleague who uses Entrada.", Submit: open})
	w.journey = nil
	w.show(parts.Page{
		Title: "Open a request", Lead: "You see what it asks for before anything happens.", Wide: true,
		Body: []fyne.CanvasObject{field, problem}, Back: w.ShowHome, Cancel: w.ShowHome,
		Primary: parts.Action{Label: "Open", Do: open},
	})
}

// showRequest says what a request asks for; carrying it out begins with a
// sign-in and a plan made anew, from what is really there.
func (w *Window) showRequest(plan registration.Plan) {
	reg, err := w.app.RequestedRegistration(plan)
	if err != nil {
		w.tell("This request cannot be carried out here", err)
		return
	}
	p := &doItPage{Window: w, ctx: w.enter(), reg: reg, checkOnly: true, onRequest: true, leave: parts.Action{Label: "Done", Do: w.ShowHome}}
	p.frame = func(f parts.Page) parts.Page {
		f.Back, f.Wide = w.ShowHome, true
		if f.Cancel == nil {
			f.Cancel = w.ShowHome
		}
		return f
	}
	p.asAdministrator()
	p.by.start = func() { p.showRequest(plan) }
	p.showRequest(plan)
}

func (p *doItPage) showRequest(plan registration.Plan) {
	body := []fyne.CanvasObject{
		parts.NewCallout(parts.ToneWarning, "Is this what you expect?", "A file can come from anybody. Carry it out only if you know who sent it, and why."),
	}
	lead := "A new app, “" + plan.Wanted.AppName + "”, tenant ID " + plan.TenantID + "."
	if plan.ClientID != "" {
		lead = "It is about an app that exists, in the organisation with the tenant ID " + plan.TenantID + "."
		body = append(body, facts("App: “"+plan.Wanted.AppName+"”, as the request calls it", []string{"Client ID: " + plan.ClientID,
			"After you have signed in, you see what the app with this client ID is really called, before anything happens."}))
	}
	body = append(body, unknownHosts(plan.Wanted)...)
	for _, r := range plan.Wanted.Reach(0) {
		list := parts.Column(4, parts.Strong(r.Heading+":"))
		for _, does := range r.Does {
			list.Objects = append(list.Objects, parts.Body("· "+does))
		}
		body = append(body, parts.Surface(list))
	}
	for i, c := range plan.Changes {
		details := parts.Column(1)
		for _, d := range c.Details {
			details.Objects = append(details.Objects, parts.Caption(d))
		}
		body = append(body, parts.NewNumberedStep(i+1, parts.Body(c.Words), details))
	}
	p.show(p.frame(parts.Page{
		Title: "A request for " + plan.Wanted.Vendor, Lead: lead, Body: append(body, p.by.note()), Gap: 16,
		Links:   []parts.Action{p.by.another()},
		Primary: parts.Action{Label: "Sign in and look at the plan", External: true, Do: p.by.signIn},
	}))
}

func (p *doItPage) clientID() string {
	if p.journey != nil && p.reg.ClientID == "" {
		return p.journey.Answers().ClientID
	}
	return p.reg.ClientID
}
