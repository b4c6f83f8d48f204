//go:build ci

package main

// restWhenIdle has nothing to do: under this tag Fyne opens no windows.
func restWhenIdle() {}

func nameForDesktop() {}
