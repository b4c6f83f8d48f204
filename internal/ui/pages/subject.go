package pages

import (
	"fyne.io/fyne/v2"

	"entrada/internal/registration"
	"entrada/internal/ui/parts"
)

// subject says which app a plan is about, by what it is really called.
func subject(plan registration.Plan) []fyne.CanvasObject {
	if plan.Subject == nil {
		return nil
	}
	return []fyne.CanvasObject{facts("App: "+plan.Subject.Name, plan.Subject.Facts())}
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
// be about another app than the person thinks.
func (p *doItPage) guard(page *parts.Page, plan registration.Plan) {
	if !p.onRequest || !plan.Misnamed() {
		return
	}
	page.Body = append([]fyne.CanvasObject{parts.NewCallout(parts.ToneBad, "This may be another app than the request speaks of.", plan.MisnamedWords())}, page.Body...)
	if act := page.Primary; act.Label == doIt {
		page.Primary = parts.Action{Label: "Leave it as it is", Do: p.leave.Do}
		page.Links = append([]parts.Action{{Label: "Change “" + short(plan.Subject.Name) + "” all the same", Do: act.Do}}, page.Links...)
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
