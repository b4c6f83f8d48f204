// Package assets holds the files that are built into the programs: the vendor
// guides and the icons. It must not hold code that does anything with them.
package assets

import "embed"

// Guides are the built-in vendor guides, one TOML file each.
//
//go:embed guides/*.toml
var Guides embed.FS

// Icon is the program's icon, 256 pixels square.
//
//go:embed icon.png
var Icon []byte
