// Package terminal is Entrada without a window: the commands of entrada-cli,
// for helpdesks, scripts, screen readers and machines without OpenGL. It holds
// words and layout only; the journey, the checks and the explanations are those
// that the window uses.
//
// Everything is plain lines from top to bottom: the cursor never jumps, colour
// is only used on a terminal, and nothing needs a mouse. A secret is read
// without echo, never taken from an argument and never shown unless somebody
// asks for it.
//
// It must not know windows, and it must not know whether the cloud it is given
// is a real one.
package terminal
