package pages

import (
	"context"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	_ "entrada/internal/agefile/agefiletest" // what a passphrase costs is no matter here
	"entrada/internal/app"
	"entrada/internal/app/apptest"
	"entrada/internal/entra"
	"entrada/internal/entra/entratest"
	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/practice/practicetest"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
	"entrada/internal/ui/theme"
)

const (
	clientID = entratest.ClientID
	tenantID = entratest.TenantID
	value    = entratest.Secret
)

// rig is a window on Fyne's test driver. What work hands to the window waits
// in a queue until the test asks for it.
type rig struct {
	*Window
	t      *testing.T
	queue  chan func()
	opened []string
}

func newRig(t *testing.T, size fyne.Size, variant fyne.ThemeVariant) *rig {
	t.Helper()
	r := &rig{t: t, queue: make(chan func(), 1000)}
	t.Cleanup(parts.DeliverWith(func(f func()) { r.queue <- f }))
	test.NewTempApp(t).Settings().SetTheme(theme.Forced(variant))
	a := apptest.New(t, practicetest.Nowhere())
	a.Browser = func(_ context.Context, url string) error { r.opened = append(r.opened, url); return nil }
	window := test.NewTempWindow(t, nil)
	window.SetPadded(false) // as the program has it
	window.Resize(size)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() { cancel(); parts.Settle(5 * time.Second) })
	r.Window = OpenWindow(ctx, window, a, nil)
	return r
}

// until does what comes out of work until done says so. Its limit only ends what
// is stuck: to open a passphrase's file takes seconds by intention, and many of
// them with the race detector on a busy computer.
func (r *rig) until(what string, done func() bool) {
	r.t.Helper()
	limit := time.After(time.Minute)
	for !done() {
		select {
		case f := <-r.queue:
			f()
		case <-limit:
			r.t.Fatalf("%s did not happen; the page is %q:\n%s", what, r.window.Title(), texts(r))
		}
	}
}

// objects lists what can be seen in o. Fyne's own test.LaidOutObjects makes new
// renderers, and what they show is not what the window shows.
func objects(o fyne.CanvasObject) []fyne.CanvasObject {
	if !o.Visible() {
		return nil
	}
	all := []fyne.CanvasObject{o}
	inside := []fyne.CanvasObject(nil)
	switch o := o.(type) {
	case *fyne.Container:
		inside = o.Objects
	case fyne.Widget:
		inside = test.WidgetRenderer(o).Objects()
	}
	for _, child := range inside {
		all = append(all, objects(child)...)
	}
	return all
}

var pictures = flag.Bool("pictures", false, "leave pictures of each page under build/pages")

// snap leaves pictures under build/pages for people to look at: as the test has
// the window, and in a folder for each size, light and dark.
func (r *rig) snap(name string) {
	r.t.Helper()
	if !*pictures {
		return
	}
	r.picture("", name)
	size, settings := r.window.Canvas().Size(), fyne.CurrentApp().Settings()
	variant := settings.Theme()
	for width, height := range map[float32]float32{900: 620, 1080: 720, 1920: 1080} {
		r.window.Resize(fyne.NewSize(width, height))
		for _, v := range []fyne.ThemeVariant{fynetheme.VariantLight, fynetheme.VariantDark} {
			settings.SetTheme(theme.Forced(v))
			r.picture(fmt.Sprintf("%.0fx%.0f-%s", width, height, variantNames[v]), name)
		}
	}
	settings.SetTheme(variant)
	r.window.Resize(size)
}

var variantNames = map[fyne.ThemeVariant]string{fynetheme.VariantLight: "light", fynetheme.VariantDark: "dark"}

func (r *rig) picture(folder, name string) {
	r.t.Helper()
	dir := filepath.Join("..", "..", "..", "build", "pages", folder)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		r.t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := png.Encode(f, r.window.Canvas().Capture()); err != nil {
		r.t.Fatal(err)
	}
}

// fillTo answers everything up to a page, as a person would have.
func (r *rig) fillTo(vendor string, page journey.PageID) {
	r.t.Helper()
	j := journey.New(r.app)
	r.journey = j
	j.ChooseVendor(r.app.GuideByID(vendor))
	j.TypeOrganisation("alex@contoso.example")
	j.UseTenant(entra.Tenant{ID: tenantID, Domain: "contoso.example", Cloud: r.app.Cloud})
	for _, in := range j.Guide().Inputs {
		if j.Answers().Inputs[in.ID] == "" {
			j.SetInput(in.ID, map[guides.InputKind]string{
				guides.InputRedirectURL: "https://vendor.example/callback", guides.InputHost: "machine.vendor.example",
				guides.InputMailbox: "megan@contoso.example",
			}[in.Kind])
		}
	}
	for j.Page().ID != page {
		switch j.Page().ID {
		case journey.PagePaste:
			j.PasteClientID(clientID)
			j.PasteSecret(value)
			j.PasteSecretID(entratest.SecretID)
			j.SetSecretExpiry(j.ProposedExpiry())
			j.SetProbed(true)
		case journey.PageTest:
			j.TestPassed("alex@contoso.example")
		case journey.PageSave:
			saved, err := r.app.Connections.Save(r.t.Context(), j.Record(), j.Secret())
			if err != nil {
				r.t.Fatal(err)
			}
			j.Kept(saved.ID)
		}
		if err := j.Next(); err != nil {
			r.t.Fatal(err)
		}
	}
	r.showCurrent()
}

func sizes() map[string]fyne.Size {
	return map[string]fyne.Size{"large": fyne.NewSize(1080, 720), "small": fyne.NewSize(900, 620)}
}

// TestEveryPageOfEveryVendor walks all pages in both sizes and both variants:
// the primary button is in reach, the focus is inside the page, no secret is in
// the title, and the picture is there to look at.
func TestEveryPageOfEveryVendor(t *testing.T) {
	for name, size := range sizes() {
		for variantName, variant := range map[string]fyne.ThemeVariant{
			"light": fynetheme.VariantLight, "dark": fynetheme.VariantDark} {
			if (name == "large") != (variantName == "light") {
				continue // two of the four pictures show all that differs
			}
			r := newRig(t, size, variant)
			r.snap(name + "-00-home-empty")
			for _, g := range guides.BuiltIn() {
				j := journey.New(r.app)
				j.ChooseVendor(g)
				for _, p := range j.Pages() {
					r.fillTo(g.ID, p.ID)
					r.snap(name + "-" + g.ID + "-" + string(p.ID))
					if title := r.window.Title(); !strings.Contains(title, "Entrada") ||
						strings.Contains(title, value) {
						t.Errorf("title %q", title)
					}
					button := r.shell.Primary()
					if button == nil {
						t.Fatalf("%s, %s: no primary button", g.ID, p.ID)
					}
					at := fyne.CurrentApp().Driver().AbsolutePositionForObject(button)
					if at.X < 0 || at.Y < 0 || at.X+button.Size().Width > size.Width ||
						at.Y+button.Size().Height > size.Height {
						t.Errorf("%s, %s: the primary button is at %v in a window of %v", g.ID, p.ID, at, size)
					}
					if r.window.Canvas().Focused() == nil {
						t.Errorf("%s, %s: nothing has the keyboard", g.ID, p.ID)
					}
				}
			}
			r.ShowHome()
			r.snap(name + "-99-home")
		}
	}
}

func TestAnOrganisationThatCannotBeAskedKeepsWhatWasTyped(t *testing.T) {
	r := newRig(t, fyne.NewSize(1080, 720), fynetheme.VariantLight)
	r.OnLaunch(app.Launch{Vendor: "oxfordiq"})
	test.Type(r.window.Canvas().Focused(), "alex@contoso.example")
	r.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	r.until("the look-up", func() bool { return strings.Contains(markup(r), "could not ask Microsoft") })
	r.snap("fault-offline")
	if r.journey.Answers().Organisation != "alex@contoso.example" {
		t.Error("what was typed is lost")
	}
	if !r.shell.Primary().Disabled() {
		t.Error("the page can be left without an organisation")
	}
}

func TestTheSecretIsMaskedAndWhatIsWrongIsSaidAtTheField(t *testing.T) {
	r := newRig(t, fyne.NewSize(1080, 720), fynetheme.VariantLight)
	r.fillTo("oxfordiq", journey.PagePaste)
	p := r.window.Canvas()
	test.Type(p.Focused(), entratest.SecretID)
	p.FocusNext()
	if strings.Contains(markup(r), value) {
		t.Error("the secret can be read on the page")
	}
	r.snap("paste-wrong")
}

// TestASecretIDIsMovedToItsField: most people copy the wrong column once.
func TestASecretIDIsMovedToItsField(t *testing.T) {
	r := newRig(t, fyne.NewSize(900, 620), fynetheme.VariantDark)
	r.fillTo("gathr", journey.PagePaste)
	r.journey.PasteClientID(clientID)
	r.showCurrent() // the secret is what is missing
	test.Type(r.window.Canvas().Focused(), entratest.SecretID)
	r.snap("paste-secret-id")
	r.press("Move it to Secret ID")
	if a := r.journey.Answers(); a.SecretID != entratest.SecretID {
		t.Errorf("the Secret ID is %q", a.SecretID)
	}
	test.Type(r.window.Canvas().Focused(), value)
	if !r.journey.Secret().Equal(secret.New(value)) {
		t.Error("the field of the secret is not empty, or has not the keyboard")
	}
	r.snap("paste-secret-id-moved")
}

type brokenKeychain struct{ kind fault.Kind }

func (b brokenKeychain) fail() error { return fault.New(b.kind, "save in the keychain", nil) }
func (b brokenKeychain) Get(context.Context, string) (secret.Value, error) {
	return secret.Value{}, b.fail()
}
func (b brokenKeychain) Set(context.Context, string, secret.Value) error { return b.fail() }
func (b brokenKeychain) Delete(context.Context, string) error            { return b.fail() }
func (b brokenKeychain) Probe(context.Context) error                     { return b.fail() }

// markup is the page as text, for looking something up in it.
func markup(r *rig) string {
	text := test.RenderObjectToMarkup(r.shell)
	return strings.Join(strings.Fields(strings.NewReplacer("\n", " ", "&#39;", "'").Replace(text)), " ")
}

var textTag = regexp.MustCompile(`<text[^>]*>([^<]*)</text>`)

// texts is what a person reads on the page.
func texts(r *rig) string {
	var all []string
	for _, m := range textTag.FindAllStringSubmatch(test.RenderObjectToMarkup(r.shell), -1) {
		all = append(all, m[1])
	}
	return strings.Join(all, " ")
}
