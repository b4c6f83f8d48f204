package parts

import (
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/ui/theme"
)

// window shows a shell in a test window of a size.
func window(t testing.TB, v fyne.ThemeVariant, size fyne.Size) (fyne.Window, *Shell) {
	t.Helper()
	a := test.NewApp()
	t.Cleanup(func() { test.NewApp() })
	a.Settings().SetTheme(theme.Forced(v))
	w := a.NewWindow("Entrada")
	w.SetPadded(false)
	s := NewShell(w.Canvas(), NewRail("Entrada"), w.SetTitle)
	w.SetContent(s)
	w.Resize(size)
	return w, s
}

// shoot writes a picture of the window under build/, to be looked at.
func shoot(t *testing.T, w fyne.Window, name string) {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "build", "gallery")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, w.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

var looks = map[string]fyne.ThemeVariant{"light": fynetheme.VariantLight, "dark": fynetheme.VariantDark}

func sampleRail(r *Rail) {
	nothing := func() {}
	r.Set("for OxfordIQ · contoso.com",
		RailGroup{"Prepare", []RailStep{
			{"Vendor", StepDone, nothing}, {"Your organisation", StepDone, nothing}, {"What you need", StepAttention, nothing},
		}},
		RailGroup{"In Microsoft Entra", []RailStep{
			{"Register the app", StepDone, nothing}, {"Sign-in address", StepDone, nothing}, {"Permissions", StepCurrent, nil},
			{"Admin consent", StepTodo, nil}, {"Client secret", StepTodo, nil}, {"Paste the values", StepTodo, nil},
		}},
		RailGroup{"Prove it works", []RailStep{{"Sign in and test", StepTodo, nil}}},
		RailGroup{"Hand over", []RailStep{{"Save and export", StepTodo, nil}}},
	)
}

func portalPage() Page {
	nothing := func() {}
	return Page{
		Title: "Give the app its permissions",
		Lead:  "OxfordIQ sends mail and manages the calendar of each person who connects. It can never do more than that person can.",
		Body: []fyne.CanvasObject{
			NewNumberedStep(1, NewText(Style{Size: theme.TextSize, Color: theme.ColorNameText},
				append(Words("Open the app's page **API permissions**. "), Piece{Link: NewLink("Open it for me", nothing).External()})...)),
			NewNumberedStep(2, Body("Click **Add a permission** → **Microsoft Graph** → **Delegated permissions**.")),
			NewNumberedStep(3, Body("Search for each of these and tick it:"),
				NewCopyRow("Mail.Send", "send mail as the person"),
				NewCopyRow("Calendars.ReadWrite", "read and change their calendar"),
				NewCopyRow("offline_access", "stay connected"),
				Caption("**User.Read**, **openid** and **profile** too (the first is there already)")),
			NewNumberedStep(4, Body("Click **Add permissions** at the bottom.")),
			NewCallout(ToneDiffers, "OxfordIQ's guide calls the next step optional.",
				"Since November 2025 Microsoft stops people from allowing mail and calendar access by themselves, so we grant it once for everyone on the next page."),
		},
		Aside:   Column(8, Caption("What you will see in the portal"), Surface(Body("a sketch"))),
		Back:    nothing,
		Links:   []Action{{Label: "I don't see this page", Do: nothing}},
		Others:  []Action{{Label: "Save and close", Do: nothing}},
		Primary: Action{Label: "I've done this", Do: nothing},
	}
}

func valuesPage() Page {
	nothing := func() {}
	id := NewField(FieldOptions{Label: "Application (client) ID", Mono: true, Paste: true})
	id.SetText("3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10")
	id.SetStatus(StatusGood, "This app exists in contoso.com.")
	tenant := NewField(FieldOptions{Label: "Directory (tenant) ID", Mono: true, Paste: true})
	tenant.SetText("9a2d7e44-0c1b-4f55-8e63-1b7c5d9f2a30")
	tenant.SetStatus(StatusBusy, "Asking Microsoft…")
	secret := NewField(FieldOptions{Label: "Client secret value", Secret: true})
	secret.SetText("c81e728d-9d4c-4f63-af06-7f89cc14862c")
	secret.SetStatus(StatusBad, "This is the **Secret ID**. We need the column **Value**, to the left of it. It is shown only once: if it is hidden now, make a new secret.")
	expires := NewField(FieldOptions{Label: "Secret expires", Mono: true, Change: "Change", OnChange: nothing, Hint: "We will remind you 60, 30 and 7 days before."})
	expires.SetText("20 November 2027")
	return Page{
		Title: "Paste the values",
		Lead:  "We check each one as you paste it. Nothing leaves this computer but a question to Microsoft.",
		Body:  []fyne.CanvasObject{id, tenant, secret, expires},
		Aside: Column(8, Caption("Asking Microsoft"), Surface(NewChecklist(
			Check{CheckDone, "Your organisation exists", "contoso.com, Microsoft 365 worldwide", ""},
			Check{CheckRunning, "The app exists in it", "registered a minute ago", ""},
			Check{CheckWaiting, "The secret opens it", "waiting for the Value", ""},
			Check{CheckUnknown, "Consent was granted", "checked after the secret", ""}))),
		Narrow:  AsideBelow,
		Back:    nothing,
		Links:   []Action{{Label: "Make a new secret", Do: nothing, External: true}},
		Others:  []Action{{Label: "Save and close", Do: nothing}},
		Primary: Action{Label: "Next", Do: nothing, Disabled: true},
	}
}

func TestGallery(t *testing.T) {
	pages := map[string]func() Page{"portal": portalPage, "values": valuesPage}
	for look, v := range looks {
		for size, s := range map[string]fyne.Size{"1080": fyne.NewSize(1080, 720), "900": fyne.NewSize(900, 620)} {
			for name, page := range pages {
				w, shell := window(t, v, s)
				sampleRail(shell.Rail())
				shell.ShowPage(page())
				shoot(t, w, name+"-"+size+"-"+look)
			}
		}
	}
}
