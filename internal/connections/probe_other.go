//go:build !linux && !netbsd && !openbsd

package connections

import "context"

// probeSystem: the other systems have nothing to ask without touching an item.
func probeSystem(context.Context) error { return nil }

func busErrorName(error) string { return "" }
