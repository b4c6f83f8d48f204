package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/checks"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/ui/parts"
)

// quickLook finds out what can be told of a saved connection at once, before
// anybody signs in: this computer, Microsoft, the app and its secret.
func (p *testPage) quickLook() fyne.CanvasObject {
	list := append(checks.Reach{Cloud: p.subject.Cloud, HTTP: p.world.HTTP}.Checks(),
		checks.Probe{Cloud: p.subject.Cloud, TenantID: p.subject.TenantID, ClientID: p.subject.ClientID, Secret: p.subject.Secret, HTTP: p.world.HTTP}.Checks()...)
	position := map[checks.ID]int{}
	rows := make([]parts.Check, len(list))
	for i, c := range list {
		position[c.ID], rows[i] = i, parts.Check{Title: c.Title}
	}
	shown, problem := parts.NewChecklist(rows...), parts.NewSlot()
	ctx := p.ctx
	parts.Run(ctx, func(ctx context.Context) ([]checks.Result, error) {
		return checks.Run(ctx, list, func(r checks.Result) {
			parts.PostWhile(ctx, func() { shown.Set(position[r.ID], checkRow(r)) })
		}), nil
	}, func(results []checks.Result, _ error) {
		for i, r := range results {
			shown.Set(i, checkRow(r))
		}
		verdict := checks.Judge(results, p.subject.Context(""))
		if verdict.First == nil {
			return
		}
		problem.Fill(parts.NewFaultBox(p.view(verdict.Explanation, map[explain.Action]func(){
			explain.TryAgain: p.intro, explain.Wait: p.intro,
		})))
		// What the network or Microsoft's service did says nothing of the connection.
		if fault.Is(verdict.First.Err, fault.Refused, fault.TenantNotFound) {
			p.failed(verdict.Headline)
		}
	})
	return parts.Column(12, parts.SubHeading("At once, without a sign-in"), parts.Surface(shown), problem, parts.SubHeading("With a sign-in"))
}
