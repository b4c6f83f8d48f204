package terminal

import (
	"context"

	"entrada/internal/registration"
)

// saySubject says which app a plan is about, by what it is really called.
func (a *administration) saySubject(plan registration.Plan) {
	if plan.Subject == nil {
		return
	}
	a.out.blank()
	a.out.say("", "App: **"+oneLine(plan.Subject.Name)+"**")
	for _, fact := range plan.Subject.Facts() {
		a.out.say("  ", oneLine(fact))
	}
}

// sayUnknownHosts warns of sign-in addresses in a request that nobody has looked
// at yet.
func (a *administration) sayUnknownHosts(w registration.Wanted) {
	for _, host := range w.UnknownHosts() {
		a.out.blank()
		a.out.say("", "**Is this the vendor's address?** "+registration.HostWarning(host))
	}
}

// pickDoIt asks whether to carry a plan out. Enter does it, unless it may be
// about another app than the person thinks.
func (a *administration) pickDoIt(ctx context.Context, plan registration.Plan, others ...choice) (stage, error) {
	if !a.onRequest || !plan.Misnamed() {
		return a.pick(ctx, "Do it", append([]choice{to(a.apply(plan), "do it", "Do it", "")}, others...)...)
	}
	a.out.say("", "**This may be another app than the request speaks of.** "+plan.MisnamedWords())
	return a.pick(ctx, "How do you want to go on", append([]choice{
		to(a.over, "leave", "Leave it as it is", ""),
		to(a.apply(plan), "change", "Change “"+oneLine(plan.Subject.Name)+"” all the same", ""),
	}, others...)...)
}
