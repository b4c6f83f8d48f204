//go:build unix && !linux

package app

// closeMemory cannot be done here.
func closeMemory() {}
