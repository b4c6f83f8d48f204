//go:build !ci

package main

import (
	"time"

	"github.com/go-gl/glfw/v3.4/glfw"

	"entrada/internal/ui/parts"
)

// restWhenIdle goes past Fyne, which has no setting for it, to what is below.
func restWhenIdle() {
	parts.RestWith(func(atMost time.Duration) { glfw.WaitEventsTimeout(atMost.Seconds()) }, glfw.PostEmptyEvent)
}

// nameForDesktop tells the desktop which program the window belongs to, as
// StartupWMClass in entrada.desktop says it. Without it, the class would be the
// title that the window has when it is made, which is the first page's.
func nameForDesktop() {
	glfw.WindowHintString(glfw.X11ClassName, "Entrada")
	glfw.WindowHintString(glfw.X11InstanceName, "Entrada")
}
