package pages

import (
	"fyne.io/fyne/v2"

	"entrada/internal/journey"
	"entrada/internal/registration"
	"entrada/internal/ui/parts"
)

// askWhichApp: apps of this name exist already. Only one that was made here is
// proposed: everybody may register an app and give it any name.
func (p *doItPage) askWhichApp(plan registration.Plan) {
	same := plan.Choice.Same
	choices := make([]parts.Choice, 0, len(same)+1)
	for _, s := range same {
		words := registration.StrangerWords
		if s.Ours {
			words = registration.OursWords
		}
		choices = append(choices, parts.Choice{Title: "Use this app", Text: "Made on " + s.Created.Local().Format(journey.DateLayout) + ", client ID " + s.ClientID + ". " + words})
	}
	choices = append(choices, parts.Choice{Title: "Make another one", Text: "Both then have the same name. That is allowed, and easily mistaken."})
	chosen := plan.Choice.First()
	if chosen < 0 {
		chosen = len(same)
	}
	p.show(p.frame(parts.Page{
		Title: "An app of this name exists", Lead: "“" + plan.Wanted.AppName + "” is in your organisation already.",
		Body: []fyne.CanvasObject{parts.NewChoiceCards("Which app?", choices, chosen, func(i int) { chosen = i })},
		Primary: parts.Action{Label: "Go on", Do: func() {
			if chosen < len(same) {
				p.chosen = same[chosen].ClientID
				p.prepare(registration.App{ClientID: p.chosen, NewSecret: true})
				return
			}
			p.prepare(registration.App{AnotherOne: true})
		}},
	}))
}

// subject says which app a plan is about, by what it is really called, and who
// else could use it.
func subject(plan registration.Plan) (list []fyne.CanvasObject) {
	s := plan.Subject
	if s == nil {
		return nil
	}
	list = append(list, facts("App: "+s.Name, s.Facts()))
	if len(s.Others) > 0 {
		column := parts.Column(6)
		for _, o := range s.Others {
			column.Objects = append(column.Objects, parts.Body("· **"+o.Name+"**. "+o.Note))
		}
		list = append(list, parts.NewCallout(parts.ToneWarning, "Who else can use this app.", registration.OthersWords, column))
	}
	return list
}

func facts(heading string, list []string) fyne.CanvasObject {
	column := parts.Column(2, parts.Strong(heading))
	for _, f := range list {
		column.Objects = append(column.Objects, parts.Body(f))
	}
	return parts.Surface(column)
}

// unknownHosts warns of sign-in addresses in a request that nobody has looked
// at yet.
func unknownHosts(w registration.Wanted) (list []fyne.CanvasObject) {
	for _, host := range w.UnknownHosts() {
		list = append(list, parts.NewCallout(parts.ToneWarning, "Is this the vendor's address?", registration.HostWarning(host)))
	}
	return list
}

// guard keeps a plan from being carried out by a habitual Enter, where it may
// be about another app than the person thinks, or help somebody else along.
func (p *doItPage) guard(page *parts.Page, plan registration.Plan) {
	var callout *parts.Callout
	instead, anyway := parts.Action{Label: "Leave it as it is", Do: p.leave.Do}, ""
	switch {
	case plan.Subject == nil:
		return
	case p.onRequest && plan.Misnamed():
		callout, anyway = parts.NewCallout(parts.ToneBad, "This may be another app than the request speaks of.", plan.MisnamedWords()), "Change “"+short(plan.Subject.Name)+"” all the same"
	case p.chosen == plan.ClientID && plan.Subject.Stranger() && len(plan.Subject.Others) > 0:
		callout, anyway = parts.NewCallout(parts.ToneBad, "Somebody else can use this app as well.", plan.Subject.AdoptWords()), "Use this app all the same"
		instead = parts.Action{Label: "Make another one", Do: func() { p.prepare(registration.App{AnotherOne: true}) }}
	default:
		return
	}
	page.Body = append([]fyne.CanvasObject{callout}, page.Body...)
	if act := page.Primary; act.Label == doIt || act.Label == doMyPart {
		page.Primary = instead
		page.Links = append([]parts.Action{{Label: anyway, Do: func() { p.chosen = ""; act.Do() }}}, page.Links...)
	}
}

// short is a name that fits a button.
func short(name string) string {
	const most = 32
	if r := []rune(name); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return name
}
