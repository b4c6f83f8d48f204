// Command emptywindow is a Fyne window with nothing in it, of the size that the
// wizard has: what the wizard's start, size and memory are compared with.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
)

func main() {
	window := app.NewWithID("app.entrada.emptywindow").NewWindow("Empty window")
	window.Resize(fyne.NewSize(1080, 720))
	window.CenterOnScreen()
	window.ShowAndRun()
}
