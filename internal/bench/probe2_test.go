//go:build bench && linux

package bench

import "testing"

func measureConnection(*testing.T, *table)   {}
func measureRegistration(*testing.T, *table) {}
func measureBatch(*testing.T, *table)        {}
