package terminal

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"entrada/internal/app"
	"entrada/internal/console"
	"entrada/internal/entra"
	"entrada/internal/entra/entratest"
	"entrada/internal/flow/deliver"
	"entrada/internal/guides"
	"entrada/internal/journey"
)

// patient answers every question with Enter, and leaves after many.
type patient struct{ left int }

func (p *patient) Read(b []byte) (int, error) {
	if p.left--; p.left < 0 {
		return 0, io.EOF
	}
	return copy(b, "\n"), nil
}

// Two pages that send the reader to each other would never end: whatever is refused,
// a question stands between a page and the same page. From every page, by both routes,
// with every guide and with one that nothing can register, where nothing can be reached.
func TestNoPageComesAgainBeforeAQuestion(t *testing.T) {
	t.Parallel()
	hopeless := *guides.ByID("oxfordiq")
	hopeless.AppName += " "
	const questions = 25
	for _, g := range append(guides.BuiltIn(), &hopeless) {
		for _, route := range []journey.Route{journey.ShowMe, journey.DoForMe} {
			for _, at := range pagesOf(t, g, route) {
				d := newDesk(t.TempDir())
				a, release, err := d.open(d.cloud)
				if err != nil {
					t.Fatal(err)
				}
				var out bytes.Buffer
				to := console.NewOutput(&out)
				p := &program{app: a, in: console.NewInput(&patient{questions}), out: to, err: to}
				w := &wizard{out: to, j: atPage(a, g, route, at), parcels: deliver.Parcels{}, p: p}
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				_ = w.walk(ctx)
				if ctx.Err() != nil {
					t.Fatalf("%s, %s, at %s: it goes round by itself\n%.3000s", g.ID, route, at, out.String())
				}
				if pages := strings.Count(out.String(), "\nStep "); pages > 3*questions {
					t.Errorf("%s, %s, at %s: %d pages for %d questions\n%.3000s", g.ID, route, at, pages, questions,
						out.String())
				}
				cancel()
				release()
			}
		}
	}
}

func pagesOf(t *testing.T, g *guides.Guide, route journey.Route) (ids []journey.PageID) {
	a, release, err := newDesk(t.TempDir()).open(entra.Global())
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	j := atPage(a, g, route, "")
	for _, p := range j.Pages() {
		ids = append(ids, p.ID)
	}
	return ids
}

// atPage is a journey that stands on a page, with everything before it done.
func atPage(a app.App, g *guides.Guide, route journey.Route, at journey.PageID) *journey.Journey {
	j := journey.New(a)
	j.ChooseVendor(g)
	j.ChooseRoute(route)
	j.UseTenant(entra.Tenant{ID: entratest.TenantID, Domain: "contoso.example"})
	for _, in := range g.Inputs {
		value := map[guides.InputKind]string{
			guides.InputRedirectURL: "https://acme.example/cb", guides.InputHost: "mail.acme.example",
			guides.InputMailbox: "alex@contoso.example", guides.InputText: "text",
		}[in.Kind]
		j.SetInput(in.ID, value)
	}
	j.PasteClientID(entratest.ClientID)
	j.PasteSecret(entratest.Secret)
	j.SetProbed(true)
	j.TestPassed("")
	j.Kept("gone") // as if it was removed meanwhile
	for range j.Pages() {
		if j.Page().ID == at {
			break
		}
		_ = j.Next()
	}
	return j
}
