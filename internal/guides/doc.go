// Package guides is what a vendor requires, as data: guide files in a strict
// TOML form, their validation, and the portal steps derived from them.
//
// A guide holds words, permission names, labels and facts; never a path, an
// endpoint or anything that runs. The package must not know windows, sign-ins
// or saved connections.
package guides
