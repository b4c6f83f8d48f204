package guides

import _ "embed"

// Template is a guide file to begin with: the guide of a made-up vendor, whose
// comments are the reference of the format. What is switched off in it begins
// with # and no space.
//
//go:embed template.toml
var Template string
