//go:build !linux && !darwin && !dragonfly && !freebsd && !netbsd && !openbsd && !windows

package console

import (
	"errors"
	"os"
)

func isTerminal(*os.File) bool { return false }

func columnsOf(*os.File) int { return 0 }

func canColour(*os.File) bool { return false }

func withoutEcho(*os.File) (func(), error) { return nil, errors.ErrUnsupported }

func lineThere(*os.File) bool { return true }
