// Package assets holds the files that are built into the programs: the vendor
// guides, the icons, the list of changes and the licences of others. It must not
// hold code that does anything with them.
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

// Licences are those of what is inside the programs besides their own code. A test in
// internal holds that none is missing.
//
//go:embed LICENCES.txt
var Licences string
