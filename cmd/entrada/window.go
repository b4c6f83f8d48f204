package main

import (
	"os"
	"os/exec"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/assets"
	"entrada/internal/clipboard"
	"entrada/internal/explain"
	"entrada/internal/netclient"
	"entrada/internal/ui/parts"
	"entrada/internal/ui/theme"
)

// appID is the ID of FyneApp.toml; it never changes.
const appID = "app.entrada.desktop"

// newWindow makes the application and its window. The metadata is set here so
// that a file lying beside the program is never read for it.
func newWindow() (fyne.App, fyne.Window) {
	icon := fyne.NewStaticResource("icon.png", assets.Icon)
	app.SetMetadata(fyne.AppMetadata{ID: appID, Name: "Entrada", Version: netclient.Version, Icon: icon})
	a := app.NewWithID(appID)
	a.SetIcon(icon)
	a.Settings().SetTheme(chosenTheme())
	parts.ConcealCopied(clipboard.Concealed)
	loaded := loadFonts()
	w := a.NewWindow("Entrada")
	<-loaded
	restWhenIdle()
	nameForDesktop()
	w.SetPadded(false)
	w.Resize(fyne.NewSize(1080, 720))
	w.CenterOnScreen()
	return a, w
}

// loadFonts has Fyne read the fonts of every page, which takes as long as it
// takes to connect to the display and may be done meanwhile. Until loaded is
// closed nothing else may measure text: Fyne does it on one goroutine at a time.
func loadFonts() (loaded <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
			fyne.MeasureText("Entrada", fynetheme.TextSize(), style)
		}
	}()
	return done
}

// chosenTheme follows the desktop; FYNE_THEME, which Fyne itself knows, forces
// light or dark.
func chosenTheme() fyne.Theme {
	switch os.Getenv("FYNE_THEME") {
	case "light":
		return theme.Forced(fynetheme.VariantLight)
	case "dark":
		return theme.Forced(fynetheme.VariantDark)
	}
	return theme.New()
}

// showAlone tells in a window why the program cannot start: who started it with
// a click sees no terminal.
func showAlone(err error) error {
	e := explain.Error(err, explain.Context{})
	a, w := newWindow()
	box := parts.NewFaultBox(parts.FaultView{What: e.What, Why: e.Why, Who: e.Who, Details: e.Details(),
		Next: []parts.Action{{Label: "Close", Do: a.Quit}}})
	shell := parts.NewShell(w.Canvas(), nil, nil)
	w.SetContent(shell)
	shell.ShowPage(parts.Page{Title: "Entrada cannot start", Body: []fyne.CanvasObject{box}, Wide: true, Cancel: a.Quit,
		Primary: parts.Action{Label: "Close", Do: a.Quit}})
	w.Resize(fyne.NewSize(720, 420))
	w.ShowAndRun()
	return nil
}

// startPractice starts this program once more, on the practice organisation.
func startPractice() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return exec.Command(self, "--practice").Start()
}
