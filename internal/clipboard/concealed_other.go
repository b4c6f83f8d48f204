//go:build !windows

package clipboard

// Concealed cannot be done here: macOS and KDE read the wish for it from a
// second format beside the text, which needs a clipboard of our own instead of
// the toolkit's.
func Concealed(string) bool { return false }

// Conceals says whether this system keeps what Concealed puts on the clipboard
// out of its history.
const Conceals = false
