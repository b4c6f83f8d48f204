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
