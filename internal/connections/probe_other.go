//go:build !linux && !netbsd && !openbsd

package connections

import "context"

// probeSystem: on the other systems nothing can be asked without reading an item.
func probeSystem(context.Context) error { return nil }

// readMany: the other systems return one item at a time.
func readMany(context.Context, []string) (map[string]string, error) { return nil, nil }

func busErrorName(error) string { return "" }
