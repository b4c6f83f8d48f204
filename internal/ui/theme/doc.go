// Package theme is how Entrada looks: its colours in a light and a dark
// variant, its sizes, and its icons.
//
// Colours have names; a part asks for a name and never holds a value, so that
// a change of variant reaches everything on the screen. Every pair of text and
// ground that the parts use stands in [Pairs], and a test holds each of them
// against WCAG AA.
//
// The package must not know any part, page or text of the program.
package theme
