//go:build bench && linux

package bench

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/app"
	"entrada/internal/app/apptest"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/entra/entratest"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/practice/practicetest"
	"entrada/internal/secret"
	"entrada/internal/ui/pages"
	"entrada/internal/ui/parts"
	"entrada/internal/ui/theme"
)

const (
	pageBudget = 8 * time.Millisecond
	pageTimes  = 7 // how often each page is built
	manySaved  = 500
)

// measurePages builds each page of each vendor, by both routes, as the link “Go
// on” of the home page does it, and keeps the slowest. Fyne's test driver lays
// out and measures text as the real one does; painting is not counted, for it is
// not ours.
func measurePages(t *testing.T, tb *table) {
	size := fyne.NewSize(1080, 720)
	// Results of what pages ask in the background are let go.
	t.Cleanup(parts.DeliverWith(func(func()) {}))
	test.NewTempApp(t).Settings().SetTheme(theme.Forced(fynetheme.VariantLight))
	a := deafApp(t)
	window := test.NewTempWindow(t, nil)
	window.Resize(size)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(func() { cancel(); parts.Settle(5 * time.Second) })
	w := pages.OpenWindow(ctx, window, a, nil)
	shell, ok := window.Content().(*parts.Shell)
	if !ok {
		t.Fatalf("the window holds a %T", window.Content())
	}

	slowest, where, count := time.Duration(0), "", 0
	note := func(name string, took time.Duration) {
		count++
		if took > slowest {
			slowest, where = took, name
		}
	}
	for _, g := range guides.BuiltIn() {
		for _, route := range []journey.Route{journey.ShowMe, journey.DoForMe} {
			j := answered(t, a, g, route)
			for _, p := range j.Pages() {
				if err := j.GoTo(p.ID); err != nil || j.Page().ID != p.ID {
					t.Fatalf("%s, %s: cannot be opened: %v", g.ID, p.ID, err)
				}
				took := repeated(pageTimes, w.ShowHome, func() func() {
					button := find(shell, func(b *parts.Button) bool { return b.Label() == "Go on" })
					if button == nil {
						t.Fatalf("%s, %s: the home page offers no way on", g.ID, p.ID)
					}
					return button.Press
				})
				if title := shell.Page().Title; title == "" || shell.Page().Body == nil {
					t.Fatalf("%s, %s: the page is %q", g.ID, p.ID, title)
				}
				note(g.Vendor+", "+string(p.ID), took)
			}
		}
	}
	blank := parts.Page{Title: "Empty"}
	note("the home page", repeated(pageTimes, func() { shell.ShowPage(blank) }, func() func() { return w.ShowHome }))
	for n := range manySaved {
		a.Connections.KeepForSession(connections.Record{
			Name: fmt.Sprintf("OxfordIQ · customer-%03d.onmicrosoft.example", n), VendorID: "oxfordiq",
			VendorName: "OxfordIQ",
			TenantID:   entratest.TenantID, ClientID: fmt.Sprint(n), SecretExpires: a.Now().AddDate(0, 0, n),
		}, secret.New(entratest.Secret))
	}
	note(fmt.Sprintf("the home page, %d connections", manySaved),
		repeated(pageTimes, func() { shell.ShowPage(blank) }, func() func() { return w.ShowHome }))
	note(fmt.Sprintf("Test a connection, %d connections", manySaved), repeated(pageTimes, w.ShowHome, func() func() {
		card := find(shell,
			func(c *parts.Card) bool { return strings.HasPrefix(c.AccessibilityLabel(), "Test a connection") })
		if card == nil {
			t.Fatal("the home page does not offer to test a connection")
		}
		return card.Press
	}))
	empty := repeated(pageTimes, w.ShowHome, func() func() { return func() { shell.ShowPage(blank) } })
	tb.add(row{"building and laying out the slowest page", "≤ " + ms(pageBudget), ms(slowest), slowest <= pageBudget,
		fmt.Sprintf("%s; %.1f × an empty page (%s); %d pages, median of %d each", where,
			float64(slowest)/float64(empty), ms(empty), count, pageTimes)})
}

// repeated is the median time that what ready returns keeps the processor, each
// time after before. What other programs do meanwhile is not counted.
func repeated(times int, before func(), ready func() func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var took []time.Duration
	for range times {
		before()
		do := ready()
		began := threadTime()
		do()
		took = append(took, threadTime()-began)
	}
	return median(took)
}

// find looks for a part of the window.
func find[T fyne.CanvasObject](o fyne.CanvasObject, is func(T) bool) (found T) {
	if part, ok := o.(T); ok && is(part) {
		return part
	}
	var inside []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		inside = o.Objects
	case fyne.Widget:
		inside = test.WidgetRenderer(o).Objects()
	}
	for _, child := range inside {
		if part := find(child, is); any(part) != any(found) {
			return part
		}
	}
	return found
}

// deafApp is an App with nobody to talk to.
func deafApp(t *testing.T) app.App {
	t.Helper()
	a := apptest.In(t, scratch(t), practicetest.Nowhere())
	a.Now = time.Now
	return a
}

// samples answer a guide's questions.
var samples = map[guides.InputKind]string{
	guides.InputRedirectURL: "https://vendor.example/oauth/callback", guides.InputHost: "host-1.vendor.example",
	guides.InputText: "text",
}

// answered is a journey with nothing left to answer: each of its pages can be
// opened, and has all on it that it can have.
func answered(t *testing.T, a app.App, g *guides.Guide, route journey.Route) *journey.Journey {
	t.Helper()
	j := journey.New(a)
	j.ChooseVendor(g)
	j.TypeOrganisation("alex@contoso.example")
	j.UseTenant(entra.Tenant{ID: entratest.TenantID, Domain: "contoso.example", Cloud: a.Cloud})
	for _, in := range g.Inputs {
		if in.Kind == guides.InputMailbox {
			j.SetInput(in.ID, "megan@contoso.example")
		} else if j.Answers().Inputs[in.ID] == "" {
			j.SetInput(in.ID, samples[in.Kind])
		}
	}
	j.ChooseRoute(route)
	j.PasteClientID(entratest.ClientID)
	j.PasteSecret(entratest.Secret)
	j.PasteSecretID(entratest.SecretID)
	j.SetSecretExpiry(j.ProposedExpiry())
	j.SetProbed(true)
	j.TestPassed("alex@contoso.example")
	saved, err := a.Connections.Save(t.Context(), j.Record(), secret.New(entratest.Secret))
	if err != nil {
		t.Fatal(err)
	}
	j.Kept(saved.ID)
	for page := journey.PageID(""); page != j.Page().ID; {
		page = j.Page().ID
		if err := j.Next(); err != nil {
			t.Fatalf("%s, %s: %v", g.ID, page, err)
		}
	}
	return j
}
