package pages

import (
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/journey"
	"entrada/internal/secret"
)

// saveSome puts connections on the computer whose secrets end after so many
// days.
func (r *rig) saveSome(days ...int) {
	r.t.Helper()
	vendors := []string{"OxfordIQ", "Xkit", "Gathr", "Aurinko", "CXT"}
	for i, d := range days {
		name := vendors[i]
		_, err := r.app.Connections.Save(r.t.Context(), connections.Record{
			Name: name + " · contoso.example", VendorID: strings.ToLower(name), VendorName: name,
			CloudID: r.app.Cloud.ID, TenantID: tenantID, TenantDomain: "contoso.example",
			ClientID: clientID[:35] + string(rune('0'+i)), SecretExpires: r.app.Now().AddDate(0, 0, d),
			LastResult: connections.ResultOK, LastTested: r.app.Now().AddDate(0, 0, -3),
		}, secret.New(value))
		if err != nil {
			r.t.Fatal(err)
		}
	}
}

// P08, K11 and K16: what is kept is listed by name and place, with who else can
// read it, and goes on request,
// after a look and a question, with proof.
func TestSettingsAndRemoveEverything(t *testing.T) {
	r := newRig(t, large(), fynetheme.VariantLight)
	r.saveSome(200, 12)
	r.fillTo("gathr", journey.PageNeeds)
	goHome(r.nav)
	if !strings.Contains(texts(r), "What is kept on this computer, and where") {
		t.Error("the first page does not lead here")
	}
	showSettings(r.nav)
	r.sees("The keychain answers.")
	r.snap("settings")
	text := texts(r)
	for _, want := range []string{"Client secrets", "v1/secret/", "connections.json", r.app.Home, "journey.json",
		"45 seconds", "your own account can read them"} {
		if !strings.Contains(text, want) {
			t.Errorf("no word of %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, value) || strings.Contains(text, clientID[:35]) {
		t.Error("it shows too much")
	}

	r.press("Remove everything …")
	r.untilTitle("Remove everything from this computer")
	r.snap("remove-everything")
	r.press("Remove everything")
	r.snap("remove-everything-question")
	if len(r.app.Connections.List()) != 2 {
		t.Fatal("removed before the question was answered")
	}
	r.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) // on the harmless one
	if r.window.Canvas().Overlays().Top() != nil || len(r.app.Connections.List()) != 2 {
		t.Fatal("Enter removes everything")
	}
	removeEverything(r.nav, r.app.Stored())
	r.untilTitle("Everything is removed")
	r.snap("remove-everything-done")
	if left, _ := os.ReadDir(r.app.Home); len(left) != 0 || len(r.app.Stored()) != 0 {
		t.Errorf("left: %v %+v", left, r.app.Stored())
	}
	r.press("Done")
	r.untilTitle("Connect an app to Outlook")
}

func TestRemoveEverythingThatFailsKeepsTheList(t *testing.T) {
	r := newRig(t, large(), fynetheme.VariantDark)
	r.saveSome(200)
	r.reopen(fault.KeychainLocked)
	removeEverything(r.nav, r.app.Stored())
	r.untilTitle("Not everything could be removed")
	r.snap("remove-everything-failed")
	if len(r.app.Connections.List()) != 1 {
		t.Error("the secret is still there, and nobody knows of it")
	}
}

func TestSettingsWithoutAKeychain(t *testing.T) {
	r := newRig(t, fyne.NewSize(900, 620), fynetheme.VariantDark)
	r.reopen(fault.KeychainUnavailable)
	showSettings(r.nav)
	r.sees("has no keychain")
	r.snap("settings-without-keychain")
}

// The first page says at once whose secret ends, the soonest trouble first, and
// offers the one click.
func TestRemindersOnTheFirstPage(t *testing.T) {
	for _, c := range []struct {
		name    string
		size    fyne.Size
		variant fyne.ThemeVariant
		days    []int
		want    []string // in this order
		not     string
	}{
		{"one", large(), fynetheme.VariantLight, []int{200, 12},
			[]string{"“Xkit · contoso.example” expires in 12 days.", "Renew it", "Your connections",
				"Xkit · contoso.example", "OxfordIQ · contoso.example"}, "more secrets"},
		{"expired", fyne.NewSize(900, 620), fynetheme.VariantDark, []int{1, -3, 31},
			[]string{"“Xkit · contoso.example” has expired.", "cannot connect until",
				"“OxfordIQ · contoso.example” expires tomorrow."}, "“Gathr"},
		{"many", large(), fynetheme.VariantDark, []int{5, 4, 3, 2, 0},
			[]string{"“CXT · contoso.example” expires today.", "“Aurinko · contoso.example” expires in 2 days.",
				"3 more secrets"}, "“Gathr"},
		{"none", large(), fynetheme.VariantLight, []int{31}, []string{"Your connections"}, "Renew it"},
	} {
		r := newRig(t, c.size, c.variant)
		r.saveSome(c.days...)
		r.ShowHome()
		r.snap("home-reminders-" + c.name)
		text := texts(r)
		at := 0
		for _, want := range c.want {
			i := strings.Index(text[at:], want)
			if i < 0 {
				t.Errorf("%s: no %q, or not in its place:\n%s", c.name, want, text)
				break
			}
			at += i + len(want)
		}
		if strings.Contains(text, c.not) {
			t.Errorf("%s: it says %q", c.name, c.not)
		}
	}
	r := newRig(t, large(), fynetheme.VariantLight)
	r.saveSome(12)
	r.ShowHome()
	r.press("Renew it")
	r.untilTitle("Renew the secret")
}
