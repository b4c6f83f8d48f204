package main

import (
	"flag"

	"entrada/internal/ui/pages"
)

// flags are what the program can be started with.
type flags struct {
	practice            bool
	vendor, guide, test string
	version             bool
}

func parseFlags() flags {
	var f flags
	flag.BoolVar(&f.practice, "practice", false, "use the practice organisation; nothing touches Microsoft")
	flag.StringVar(&f.vendor, "vendor", "", "begin with this vendor's `ID`")
	flag.StringVar(&f.guide, "guide", "", "show what this guide `FILE` asks for")
	flag.StringVar(&f.test, "test", "", "test the saved connection with this `NAME`")
	flag.BoolVar(&f.version, "version", false, "print the version and exit")
	flag.Parse()
	return f
}

// begin opens the page that was asked for.
func (f flags) begin(w *pages.Window) {
	switch {
	case f.vendor != "":
		w.StartWith(f.vendor)
	case f.guide != "":
		w.StartWithFile(f.guide)
	case f.test != "":
		w.StartWithTest(f.test)
	}
}
