package main

import (
	"flag"
	"path/filepath"

	"entrada/internal/app"
)

// flags are what the program can be started with.
type flags struct {
	practice bool
	wish     app.Launch
	version  bool
	licences bool
}

func parseFlags() flags {
	var f flags
	flag.BoolVar(&f.practice, "practice", false, "use the practice organisation; nothing touches Microsoft")
	flag.StringVar(&f.wish.Vendor, "vendor", "", "begin with the vendor of this `NAME`")
	flag.StringVar(&f.wish.Guide, "guide", "", "show what this guide `FILE` asks for")
	flag.StringVar(&f.wish.Test, "test", "", "test the saved connection with this `NAME`")
	flag.BoolVar(&f.version, "version", false, "print the version and exit")
	flag.BoolVar(&f.licences, "licences", false, "print the licences of what is inside the program and exit")
	flag.Parse()
	if path, err := filepath.Abs(f.wish.Guide); err == nil && f.wish.Guide != "" {
		f.wish.Guide = path // another program may be the one that opens it
	}
	return f
}
