// Package assets holds the files that are built into the programs: the vendor
// guides, the icons and the list of changes. It must not hold code that does anything with them.
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

// Changelog says for people what is new in each version, the newest first.
//
//go:embed CHANGELOG.md
var Changelog string
